// SPDX-License-Identifier: GPL-2.0-only
/* Which text is too long for which terminal; tests/unit/help.t has the pager itself. */
#include "unit.h"

#include "pager.h"

static void lengths(void **state)
{
	static const struct {
		const char *text;
		unsigned int rows, columns;
		bool is_long;
	} cases[] = {
		{"", 1, 80, false},
		{"one\n", 2, 80, false}, /* a line, and the prompt's */
		{"one\n", 1, 80, true},
		{"one\ntwo\n", 3, 80, false},
		{"one\ntwo\n", 2, 80, true},
		{"one\n\n\n", 4, 80, false},
		{"one\n\n\n", 3, 80, true},
		{"no end of line", 2, 80, false},
		{"ten letter\n", 2, 10, false},
		{"ten letters\n", 2, 10, true}, /* broken into two */
		{"one\ntwo\n", 0, 80, false},
		{"one\ntwo\n", 1, 0, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(pager_is_long(cases[i].text, cases[i].rows, cases[i].columns),
				 cases[i].is_long);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(lengths),
};

UNIT_MAIN(tests)
