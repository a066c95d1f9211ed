// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <locale.h>
#include <stdbool.h>
#include <string.h>

#include "screen_text.h"

#define MANY 1000

static size_t cells_of(const char *line, struct screen_cell *cells, unsigned int columns)
{
	memset(cells, 0, MANY * sizeof(*cells));
	return screen_text_cells(line, cells, columns);
}

static void assert_shown(const char *line, unsigned int columns, const wchar_t *want)
{
	struct screen_cell cells[MANY];
	size_t count = cells_of(line, cells, columns);
	wchar_t got[MANY + 1] = {};

	for (size_t i = 0; i < count; i++)
		got[i] = cells[i].character;
	if (wcscmp(got, want) != 0)
		fail_msg("%s: '%ls', not '%ls'", line, got, want);
}

static bool has_utf8; /* small guests have no locale but C */

static void plain_lines(void **state)
{
	(void)state;
	assert_shown("abc\ndef", 80, L"abc");
	assert_shown("abcdef", 3, L"abc");
	assert_shown("", 80, L"");
	assert_shown("\n", 80, L"");
	assert_shown("abc", 0, L"");
}

static void wide_characters(void **state)
{
	(void)state;
	if (!has_utf8)
		skip();
	assert_shown("▁█x", 80, L"▁█x");
	assert_shown("語語x", 4, L"語語");
	assert_shown("語語x", 3, L"語"); /* the second one has no room */
	assert_shown("e\xcc\x81", 80, L"e?");
}

/* Names that somebody else chose. */
static void hostile_text(void **state)
{
	struct screen_cell cells[MANY];
	size_t count;

	(void)state;
	if (!has_utf8)
		skip();
	assert_shown("a\033[2Jb", 80, L"a?[2Jb");
	assert_shown("\033]0;title\007", 80, L"?]0;title?");
	assert_shown("\033[31;99mx", 80, L"?[31;99mx");
	assert_shown("\033[", 80, L"?[");
	assert_shown("\033", 80, L"?");
	assert_shown("a\tb\x7f", 80, L"a?b?");
	assert_shown("\xff\xc3", 80, L"??");
	assert_shown("\xc2\x9b"
		     "2J",
		     80, L"?2J"); /* C1 */
	count = cells_of("\033[38;5;1mx", cells, 80);
	assert_int_equal(cells[count - 1].style, 0);
}

static void styles(void **state)
{
	struct screen_cell cells[MANY];

	(void)state;
	assert_int_equal(cells_of("a\033[1mb\033[31mc\033[0md\033[2;36me\033[mf", cells, 80), 6);
	assert_int_equal(cells[0].style, 0);
	assert_int_equal(cells[1].style, SCREEN_BOLD);
	assert_int_equal(cells[2].style, SCREEN_BOLD + 1 * SCREEN_COLOUR);
	assert_int_equal(cells[3].style, 0);
	assert_int_equal(cells[4].style, SCREEN_DIM + 6 * SCREEN_COLOUR);
	assert_int_equal(cells[5].style, 0);
}

static void other_locales(void **state)
{
	(void)state;
	setlocale(LC_CTYPE, "C");
	assert_shown("▁x", 80, L"???x");
	setlocale(LC_CTYPE, "C.UTF-8");
}

static void lines(void **state)
{
	static const char text[] = "a\n\nbc\n";

	(void)state;
	assert_int_equal(screen_text_lines(text), 3);
	assert_int_equal(screen_text_lines(""), 0);
	assert_ptr_equal(screen_text_line(text, 0), text);
	assert_ptr_equal(screen_text_line(text, 1), text + 2);
	assert_ptr_equal(screen_text_line(text, 2), text + 3);
	assert_string_equal(screen_text_line(text, 3), "");
	assert_string_equal(screen_text_line(text, 99), "");
}

static void scrolling(void **state)
{
	(void)state;
	assert_int_equal(screen_text_scroll(0, 100, 20, MOVE_UP), 0);
	assert_int_equal(screen_text_scroll(5, 100, 20, MOVE_UP), 4);
	assert_int_equal(screen_text_scroll(0, 100, 20, MOVE_DOWN), 1);
	assert_int_equal(screen_text_scroll(80, 100, 20, MOVE_DOWN), 80);
	assert_int_equal(screen_text_scroll(0, 100, 20, MOVE_PAGE_DOWN), 20);
	assert_int_equal(screen_text_scroll(70, 100, 20, MOVE_PAGE_DOWN), 80);
	assert_int_equal(screen_text_scroll(70, 100, 20, MOVE_PAGE_UP), 50);
	assert_int_equal(screen_text_scroll(7, 100, 20, MOVE_PAGE_UP), 0);
	assert_int_equal(screen_text_scroll(0, 100, 20, MOVE_LAST), 80);
	assert_int_equal(screen_text_scroll(80, 100, 20, MOVE_FIRST), 0);
	/* It became shorter, or the window higher. */
	assert_int_equal(screen_text_scroll(80, 30, 20, MOVE_NONE), 10);
	assert_int_equal(screen_text_scroll(80, 100, 200, MOVE_NONE), 0);
	assert_int_equal(screen_text_scroll(0, 5, 20, MOVE_DOWN), 0);
	assert_int_equal(screen_text_scroll(3, 10, 0, MOVE_DOWN), 4);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(plain_lines),   cmocka_unit_test(wide_characters),
	cmocka_unit_test(hostile_text),  cmocka_unit_test(styles),
	cmocka_unit_test(other_locales), cmocka_unit_test(lines),
	cmocka_unit_test(scrolling),
};

int main(void)
{
	has_utf8 = setlocale(LC_CTYPE, "C.UTF-8");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
