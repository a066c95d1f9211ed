// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "json_text.h"
#include "ndjson.h"
#include "safe_text.h"

int ndjson_init(struct ndjson *json, FILE *out)
{
	json->out = out;
	json->gen = yajl_gen_alloc(NULL);
	return json->gen ? 0 : -ENOMEM;
}

void ndjson_destroy(struct ndjson *json)
{
	if (json->gen)
		yajl_gen_free(json->gen);
}

static void put_key(struct ndjson *json, const char *key)
{
	if (key)
		yajl_gen_string(json->gen, (const unsigned char *)key, strlen(key));
}

void ndjson_begin(struct ndjson *json, const char *type)
{
	ndjson_open_object(json, NULL);
	ndjson_text(json, "type", type);
}

void ndjson_end(struct ndjson *json)
{
	const unsigned char *line;
	size_t length;

	ndjson_close_object(json);
	yajl_gen_reset(json->gen, "\n");
	yajl_gen_get_buf(json->gen, &line, &length);
	fwrite(line, 1, length, json->out);
	yajl_gen_clear(json->gen);
}

void ndjson_text(struct ndjson *json, const char *key, const char *text)
{
	if (!text) {
		ndjson_null(json, key);
		return;
	}
	put_key(json, key);
	yajl_gen_string(json->gen, (const unsigned char *)text, strlen(text));
}

void ndjson_safe(struct ndjson *json, const char *key, const char *text)
{
	char safe[1024];

	snprintf(safe, sizeof(safe), "%s", text);
	safe_text(safe);
	ndjson_text(json, key, safe);
}

void ndjson_foreign(struct ndjson *json, const char *key, const char *text)
{
	if (*text)
		ndjson_safe(json, key, text);
	else
		ndjson_null(json, key);
}

/* yajl's own integers are signed, and go through printf(). */
void ndjson_number(struct ndjson *json, const char *key, __u64 number)
{
	char digits[JSON_DIGITS_MAX], *end = digits + sizeof(digits);
	const char *begin = json_digits(end, number);

	ndjson_verbatim(json, key, begin, end - begin);
}

void ndjson_signed(struct ndjson *json, const char *key, __s64 number)
{
	put_key(json, key);
	yajl_gen_integer(json->gen, number);
}

void ndjson_bool(struct ndjson *json, const char *key, bool value)
{
	put_key(json, key);
	yajl_gen_bool(json->gen, value);
}

void ndjson_null(struct ndjson *json, const char *key)
{
	put_key(json, key);
	yajl_gen_null(json->gen);
}

void ndjson_optional(struct ndjson *json, const char *key, __u64 number)
{
	if (number)
		ndjson_number(json, key, number);
	else
		ndjson_null(json, key);
}

/* yajl copies a number as it is. */
void ndjson_verbatim(struct ndjson *json, const char *key, const char *text, size_t length)
{
	put_key(json, key);
	yajl_gen_number(json->gen, text, length);
}

void ndjson_open_object(struct ndjson *json, const char *key)
{
	put_key(json, key);
	yajl_gen_map_open(json->gen);
}

void ndjson_close_object(struct ndjson *json)
{
	yajl_gen_map_close(json->gen);
}

void ndjson_open_array(struct ndjson *json, const char *key)
{
	put_key(json, key);
	yajl_gen_array_open(json->gen);
}

void ndjson_close_array(struct ndjson *json)
{
	yajl_gen_array_close(json->gen);
}
