/* SPDX-License-Identifier: GPL-2.0-only */
/* The terminal behind standard output as a screen of cells, by ncurses, which writes what has
 * changed and nothing else. Whatever ends the process leaves the terminal as it was. */
#ifndef ICMPX_TERMINAL_H
#define ICMPX_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* Why standard output cannot be one; NULL: it can. "": nobody would expect it to (no terminal;
 * TERM not set, or dumb). Static. */
const char *terminal_missing(void);

/* The alternate screen, without cursor and echo; false: out of memory. Signals that are to end
 * the process in order are the caller's; this one takes care of those of a crash. */
bool terminal_open(void);
void terminal_close(void);

/* For as long as the process is stopped; and the screen again, all of it. */
void terminal_leave(void);
void terminal_return(void);

/* Takes over a new size. */
void terminal_resize(void);
unsigned int terminal_rows(void);
unsigned int terminal_columns(void);

/* Writes one row: a line as for screen_text_cells(), "" for a blank one. */
void terminal_put(unsigned int row, const char *line, bool inverse);
/* Shows what was put. */
void terminal_show(void);
/* The same for all rows: something else has written to the terminal. */
void terminal_show_all(void);

enum terminal_key {
	KEY_IS_NONE, /* no more; those without meaning are left out */
	KEY_IS_QUIT,
	KEY_IS_PAUSE,
	KEY_IS_HELP,
	KEY_IS_REDRAW,
	KEY_IS_UP,
	KEY_IS_DOWN,
	KEY_IS_PAGE_UP,
	KEY_IS_PAGE_DOWN,
	KEY_IS_FIRST,
	KEY_IS_LAST,
};

/* To be polled, for POLLIN and the terminal's end. */
int terminal_fd(void);
/* Does not wait. */
enum terminal_key terminal_key(void);

#endif
