/* SPDX-License-Identifier: GPL-2.0-only */
/* What a text looks like on a screen: its lines, their styles, which of them are seen. Pure. */
#ifndef ICMPX_SCREEN_TEXT_H
#define ICMPX_SCREEN_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

enum {
	SCREEN_BOLD = 1,
	SCREEN_DIM = 2,
	SCREEN_COLOUR = 4, /* times 1 to 7, as after ESC[30m: 1 red, 2 green, 6 cyan */
};

struct screen_cell {
	wchar_t character; /* never a control character */
	unsigned char columns;
	unsigned char style;
};

/* One line (its end is \n or \0) as characters, in the locale's encoding, up to so many
 * columns: ESC[...m set styles, '?' stands for whatever cannot be shown. Returns how many. */
size_t screen_text_cells(const char *line, struct screen_cell *cells, unsigned int columns);

size_t screen_text_lines(const char *text);

/* The line behind that many others; the text's end where there are not as many. */
const char *screen_text_line(const char *text, size_t number);

enum screen_move {
	MOVE_NONE, /* only back into the text, should it have become shorter */
	MOVE_UP,
	MOVE_DOWN,
	MOVE_PAGE_UP,
	MOVE_PAGE_DOWN,
	MOVE_FIRST,
	MOVE_LAST,
};

/* The first line seen, of `lines` of which `rows` fit, after that move from `top`. */
size_t screen_text_scroll(size_t top, size_t lines, size_t rows, enum screen_move move);

#endif
