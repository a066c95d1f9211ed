// SPDX-License-Identifier: GPL-2.0-only
/* What was probably meant by a word. */
#include "unit.h"

#include <string.h>

#include "suggest.h"

static void distances(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned int edits;
	} cases[] = {
		{"", "", 0},
		{"trace", "trace", 0},
		{"", "abc", 3},
		{"trac", "trace", 1},
		{"tracer", "trace", 1},
		{"trade", "trace", 1},
		{"tarce", "trace", 1}, /* neighbours swapped */
		{"kitten", "sitting", 3},
		{"abcd", "dcba", 3},
		/* no more than 32 letters are looked at */
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabbbb", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(suggest_distance(cases[i].a, cases[i].b), cases[i].edits);
		assert_int_equal(suggest_distance(cases[i].b, cases[i].a), cases[i].edits);
	}
}

static void suggestions(void **state)
{
	static const char *const names[] = {"attach", "detach",      "status", "stats",
					    "trace",  "trace merge", "help",   NULL};
	static const struct {
		const char *word, *text;
	} cases[] = {
		{"stat", "; did you mean 'status' or 'stats'?"},
		{"statz", "; did you mean 'stats'?"},
		{"atach", "; did you mean 'attach'?"},
		{"merge", "; did you mean 'trace merge'?"},
		{"mrege", "; did you mean 'trace merge'?"},
		{"trace mereg", "; did you mean 'trace merge'?"},
		{"TRACE", ""},
		{"ping", ""},
		{"x", ""},
		{"", ""},
		{"a-word-that-is-much-longer-than-all-those-that-there-are", ""},
	};
	struct suggestion near;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(suggest(cases[i].word, "", names, &near), cases[i].text);
	assert_string_equal(suggest("hlep", "--", names, &near), "; did you mean '--help'?");
}

/* Three at most, and none that does not fit is written half beyond the end. */
static void many(void **state)
{
	static const char *const names[] = {
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa3",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa4", NULL};
	static const char *const four[] = {"id1", "id2", "id3", "id4", NULL};
	struct suggestion near;

	(void)state;
	assert_int_equal(strlen(suggest("aaa", "", names, &near)), sizeof(near.text) - 1);
	assert_string_equal(suggest("id", "", four, &near),
			    "; did you mean 'id1', 'id2' or 'id3'?");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(distances),
	cmocka_unit_test(suggestions),
	cmocka_unit_test(many),
};

UNIT_MAIN(tests)
