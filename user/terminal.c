// SPDX-License-Identifier: GPL-2.0-only
#include <curses.h>
#include <locale.h>
#include <string.h>
#include <sys/ioctl.h>

#include "screen_text.h"
#include "terminal.h"
#include "terminal_info.h"
#include "util.h"

#define COLOURS 7

static struct {
	SCREEN *screen;
	FILE *keys; /* NULL: none */
	struct screen_cell *cells;
	unsigned int room; /* cells */
} terminal;

static void set_modes(void)
{
	cbreak();
	noecho();
	nonl();
	curs_set(0);
	nodelay(stdscr, TRUE);
	keypad(stdscr, TRUE);
	set_escdelay(25);
	leaveok(stdscr, TRUE);
	if (!has_colors())
		return;
	start_color();
	use_default_colors();
	for (int i = 1; i <= COLOURS; i++)
		init_pair(i, i, -1);
}

bool terminal_open(void)
{
	setlocale(LC_CTYPE, "");
	fflush(stdout);
	terminal_keep_modes();
	/* A command that reads its data from elsewhere still has its keys. */
	terminal.keys = isatty(STDIN_FILENO) ? stdin : fopen("/dev/tty", "re");
	use_env(FALSE); /* the terminal itself knows its size */
	terminal.screen = newterm(NULL, stdout, terminal.keys ?: stdin);
	if (!terminal.screen)
		return false;
	set_modes();
	terminal_catch_crashes();
	terminal_resize();
	return true;
}

void terminal_close(void)
{
	endwin();
	terminal_release_crashes();
	delscreen(terminal.screen);
	if (terminal.keys && terminal.keys != stdin)
		fclose(terminal.keys);
	free(terminal.cells);
	memset(&terminal, 0, sizeof(terminal));
}

void terminal_leave(void)
{
	endwin();
}

/* Somebody may have changed the modes meanwhile, and not by endwin(). */
void terminal_return(void)
{
	reset_prog_mode();
	clearok(curscr, TRUE);
	refresh();
	curs_set(0);
}

void terminal_resize(void)
{
	struct winsize size;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col &&
	    is_term_resized(size.ws_row, size.ws_col))
		resizeterm(size.ws_row, size.ws_col);
}

unsigned int terminal_rows(void)
{
	return getmaxy(stdscr);
}

unsigned int terminal_columns(void)
{
	return getmaxx(stdscr);
}

static struct screen_cell *need_cells(unsigned int columns)
{
	struct screen_cell *cells;

	/* One more: a wide character that has no room any more is looked at, too. */
	if (columns + 1 > terminal.room) {
		cells = reallocarray(terminal.cells, columns + 1, sizeof(*cells));
		if (!cells)
			return NULL;
		terminal.cells = cells;
		terminal.room = columns + 1;
	}
	return terminal.cells;
}

static void set_style(unsigned int style, bool inverse)
{
	attr_t attributes = inverse ? A_REVERSE : A_NORMAL;

	if (style & SCREEN_BOLD)
		attributes |= A_BOLD;
	if (style & SCREEN_DIM)
		attributes |= A_DIM;
	attr_set(attributes, has_colors() ? style / SCREEN_COLOUR : 0, NULL);
}

void terminal_put(unsigned int row, const char *line, bool inverse)
{
	unsigned int columns = terminal_columns(), used = 0;
	struct screen_cell *cells = need_cells(columns);
	size_t count = cells ? screen_text_cells(line, cells, columns) : 0;

	if (row >= terminal_rows())
		return;
	move(row, 0);
	for (size_t i = 0; i < count; i++) {
		set_style(cells[i].style, inverse);
		addnwstr(&cells[i].character, 1);
		used += cells[i].columns;
	}
	set_style(0, inverse);
	for (; used < columns; used++)
		addch(' ');
}

void terminal_show(void)
{
	refresh();
}

void terminal_show_all(void)
{
	clearok(curscr, TRUE);
	refresh();
}

int terminal_fd(void)
{
	return terminal.keys ? fileno(terminal.keys) : STDOUT_FILENO;
}

static enum terminal_key meaning(int key)
{
	switch (key) {
	case 'q':
	case 'Q':
		return KEY_IS_QUIT;
	case 'p':
	case 'P':
		return KEY_IS_PAUSE;
	case '?':
	case 'h':
		return KEY_IS_HELP;
	case 'L' - '@':
		return KEY_IS_REDRAW;
	case KEY_UP:
		return KEY_IS_UP;
	case KEY_DOWN:
		return KEY_IS_DOWN;
	case KEY_PPAGE:
		return KEY_IS_PAGE_UP;
	case KEY_NPAGE:
	case ' ':
		return KEY_IS_PAGE_DOWN;
	case KEY_HOME:
		return KEY_IS_FIRST;
	case KEY_END:
		return KEY_IS_LAST;
	}
	return KEY_IS_NONE;
}

enum terminal_key terminal_key(void)
{
	enum terminal_key found = KEY_IS_NONE;
	int key = 0;

	while (terminal.keys && !found && key != ERR) {
		key = getch();
		found = meaning(key);
	}
	return found;
}
