// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "screen_text.h"

/* ESC[1;31m: the styles after it. NULL: it is something else. */
static const char *take_style(const char *at, unsigned char *style)
{
	unsigned char next = *style;

	at += 2;
	for (;;) {
		char *end;
		unsigned long code = strtoul(at, &end, 10);

		if (!code)
			next = 0;
		else if (code == 1)
			next |= SCREEN_BOLD;
		else if (code == 2)
			next |= SCREEN_DIM;
		else if (code > 30 && code < 38)
			next = next % SCREEN_COLOUR + (code - 30) * SCREEN_COLOUR;
		else
			return NULL;
		if (*end != ';' && *end != 'm')
			return NULL;
		at = end + 1;
		if (*end == 'm')
			break;
	}
	*style = next;
	return at;
}

/* The next character; returns its length. */
static size_t take_character(const char *at, mbstate_t *state, struct screen_cell *cell)
{
	size_t length = mbrtowc(&cell->character, at, MB_CUR_MAX, state);
	int columns;

	if (length == (size_t)-1 || length == (size_t)-2 || !length) {
		memset(state, 0, sizeof(*state));
		length = 1;
		cell->character = L'?';
	}
	columns = wcwidth(cell->character);
	if (columns < 1) { /* control characters, and those that would join the one before */
		cell->character = L'?';
		columns = 1;
	}
	cell->columns = columns;
	return length;
}

size_t screen_text_cells(const char *line, struct screen_cell *cells, unsigned int columns)
{
	unsigned char style = 0;
	mbstate_t state = {};
	size_t count = 0;

	while (*line && *line != '\n') {
		const char *behind =
			line[0] == '\033' && line[1] == '[' ? take_style(line, &style) : NULL;

		if (behind) {
			line = behind;
			continue;
		}
		line += take_character(line, &state, &cells[count]);
		if (cells[count].columns > columns)
			break;
		columns -= cells[count].columns;
		cells[count++].style = style;
		if (!columns)
			break;
	}
	return count;
}

size_t screen_text_lines(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

const char *screen_text_line(const char *text, size_t number)
{
	while (number-- && *text) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return text;
}

size_t screen_text_scroll(size_t top, size_t lines, size_t rows, enum screen_move move)
{
	size_t last = lines > rows ? lines - rows : 0;

	switch (move) {
	case MOVE_UP:
		top -= top > 0;
		break;
	case MOVE_DOWN:
		top++;
		break;
	case MOVE_PAGE_UP:
		top -= top < rows ? top : rows;
		break;
	case MOVE_PAGE_DOWN:
		top += rows;
		break;
	case MOVE_FIRST:
		top = 0;
		break;
	case MOVE_LAST:
		top = last;
		break;
	case MOVE_NONE:
		break;
	}
	return top < last ? top : last;
}
