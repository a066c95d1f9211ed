/* SPDX-License-Identifier: GPL-2.0-only */
/* JSON text put together by hand, for what is too hot for a generator: the hops of a flood's
 * pings. It becomes a part of a line with ndjson_verbatim(). */
#ifndef ICMPX_JSON_TEXT_H
#define ICMPX_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <linux/types.h>

struct json_text {
	char *data;
	size_t used, size;
	bool failed; /* out of memory: parts are missing, it is of no use */
};

static inline void json_text_free(struct json_text *text)
{
	free(text->data);
}

static inline void json_text_clear(struct json_text *text)
{
	text->used = 0;
	text->failed = false;
}

static inline bool json_text_grow(struct json_text *text, size_t length)
{
	size_t size = 2 * text->size + length + 4096;
	char *data = realloc(text->data, size);

	if (!data) {
		text->failed = true;
		return false;
	}
	text->data = data;
	text->size = size;
	return true;
}

static inline void json_put(struct json_text *text, const char *bytes, size_t length)
{
	if (text->size - text->used <= length && !json_text_grow(text, length))
		return;
	memcpy(text->data + text->used, bytes, length);
	text->used += length;
}

/* Always inlined, so that the compiler knows a literal's length: no calls. */
static inline __attribute__((always_inline)) void json_put_text(struct json_text *text,
								const char *string)
{
	json_put(text, string, strlen(string));
}

#define JSON_DIGITS_MAX 20

/* Writes backwards from the buffer's end; returns where the digits begin. */
static inline char *json_digits(char *end, __u64 number)
{
	do {
		*--end = '0' + number % 10;
		number /= 10;
	} while (number);
	return end;
}

static inline void json_put_digits(struct json_text *text, __u64 number)
{
	char digits[JSON_DIGITS_MAX], *end = digits + sizeof(digits);
	const char *begin = json_digits(end, number);

	json_put(text, begin, end - begin);
}

static inline void json_put_signed_digits(struct json_text *text, __s64 number)
{
	if (number < 0)
		json_put_text(text, "-");
	json_put_digits(text, number < 0 ? -(__u64)number : (__u64)number);
}

#endif
