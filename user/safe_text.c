// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "safe_text.h"

/* The second byte of these is restricted: overlong forms, surrogates, above U+10FFFF, C1. */
static bool is_second(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xc2:
	case 0xe0:
		return second >= 0xa0;
	case 0xed:
		return second < 0xa0;
	case 0xf0:
		return second >= 0x90;
	case 0xf4:
		return second < 0x90;
	}
	return true;
}

size_t safe_length(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t length;

	if (at[0] < 0x80)
		return at[0] >= 0x20 && at[0] != 0x7f;
	if (at[0] < 0xc2 || at[0] > 0xf4)
		return 0;
	length = at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
	for (size_t i = 1; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	return is_second(at[0], at[1]) ? length : 0;
}

void safe_text(char *text)
{
	while (*text) {
		size_t length = safe_length(text);

		if (!length) {
			*text = '?';
			length = 1;
		}
		text += length;
	}
}

const char *safe_name(const char *name, struct safe_name *safe)
{
	size_t used = 0;

	while (*name && used + 4 <= sizeof(safe->text) - 1) {
		const unsigned char *at = (const unsigned char *)name;
		size_t length = *at == '\\' ? 0 : safe_length(name);

		if (length) {
			memcpy(safe->text + used, name, length);
			used += length;
		} else {
			used += snprintf(safe->text + used, 5, "\\x%02x", *at);
		}
		name += length ?: 1;
	}
	safe->text[used] = '\0';
	return safe->text;
}

/* Lines and tabs stay. */
static void safe_lines(char *text)
{
	while (*text) {
		char *end = text + strcspn(text, "\n\t"), kept = *end;

		*end = '\0';
		safe_text(text);
		*end = kept;
		text = end + !!kept;
	}
}

void safe_report(const char *name, const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0) {
		fprintf(stderr, "%s: out of memory\n", name);
		return;
	}
	safe_lines(text);
	fprintf(stderr, "%s: %s\n", name, text);
	free(text);
}
