// SPDX-License-Identifier: GPL-2.0-only
/* What may reach a terminal and JSON. Cases from RFC 3629 and ECMA-48. */
#include "unit.h"

#include <string.h>

#include "safe_text.h"
#include "util.h"

static void texts(void **state)
{
	static const struct {
		const char *text;
		const char *safe;
	} cases[] = {
		{"", ""},
		{"ping -c 1 ~", "ping -c 1 ~"},
		{"\33[2Jping\7", "?[2Jping?"},
		{"a\tb\nc\rd\x01\x1f", "a?b?c?d??"},
		{"\x7f", "?"},
		{"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
		{"\xe2\x82\xac \xf0\x9f\x8f\x93", "\xe2\x82\xac \xf0\x9f\x8f\x93"},
		{"\x9b"
		 "2J",
		 "?2J"}, /* CSI as one byte */
		{"\xc2\x9b"
		 "2J",
		 "??2J"}, /* CSI as U+009B */
		{"\xc2\xa0", "\xc2\xa0"},
		{"\xc0\x80", "??"},                       /* overlong */
		{"\xc1\xbf", "??"},                       /* overlong */
		{"\xe0\x9f\xbf", "???"},                  /* overlong */
		{"\xe0\xa0\x80", "\xe0\xa0\x80"},         /* U+0800 */
		{"\xed\xa0\x80", "???"},                  /* surrogate */
		{"\xed\x9f\xbf", "\xed\x9f\xbf"},         /* U+D7FF */
		{"\xf0\x8f\xbf\xbf", "????"},             /* overlong */
		{"\xf0\x90\x80\x80", "\xf0\x90\x80\x80"}, /* U+10000 */
		{"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"}, /* U+10FFFF */
		{"\xf4\x90\x80\x80", "????"},             /* above it */
		{"\xf5\x80\x80\x80", "????"},
		{"\xff\xfe", "??"},
		{"cut\xc3", "cut?"}, /* as in a task's name of 15 bytes */
		{"cut\xe2\x82", "cut??"},
		{"\xe2\x82z", "??z"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char text[64];

		memcpy(text, cases[i].text, strlen(cases[i].text) + 1);
		safe_text(text);
		assert_string_equal(text, cases[i].safe);
	}
}

/* No two names of interfaces may look the same. */
static void names(void **state)
{
	static const struct {
		const char *name, *safe;
	} cases[] = {
		{"eth0.100", "eth0.100"},
		{"", ""},
		{"\xc3\xa9th0", "\xc3\xa9th0"},
		{"e\033[31m", "e\\x1b[31m"},
		{"e\\x1b[31m", "e\\x5cx1b[31m"},
		{"\"\x7f'", "\"\\x7f'"},
		{"a\xff\xc2\x9b", "a\\xff\\xc2\\x9b"},
		{"\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1",
		 "\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct safe_name safe;

		assert_string_equal(safe_name(cases[i].name, &safe), cases[i].safe);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(texts),
	cmocka_unit_test(names),
};

UNIT_MAIN(tests)
