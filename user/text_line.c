// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <string.h>

#include "safe_text.h"
#include "text_line.h"

#define CONTINUES(c) (((c)&0xc0) == 0x80) /* a byte of a UTF-8 character, not its first */

unsigned int text_columns(const char *text)
{
	unsigned int columns = 0;

	for (; *text; text++)
		columns += !CONTINUES(*text);
	return columns;
}

static const char *const colours[STYLE_MAX] = {
	[STYLE_BOLD] = "\033[1m",
	[STYLE_DIM] = "\033[2m",
	[STYLE_RED] = "\033[31m",
	[STYLE_GREEN] = "\033[32m",
};

static void put_character(const struct text_line *line, const char *text, size_t length)
{
	if (line->ascii && length > 1)
		fputc('?', line->out);
	else
		fwrite(text, 1, length, line->out);
}

static void put_text(struct text_line *line, enum text_style style, const char *text)
{
	bool coloured = line->colour && colours[style];

	if (!*text || line->column >= line->width)
		return;
	fprintf(line->out, "%*s", line->owed, "");
	line->owed = 0;
	if (coloured)
		fputs(colours[style], line->out);
	while (*text && line->column < line->width) {
		size_t length = 1;

		while (CONTINUES(text[length]))
			length++;
		put_character(line, text, length);
		text += length;
		line->column++;
	}
	if (coloured)
		fputs("\033[0m", line->out);
}

void line_put(struct text_line *line, enum text_style style, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	safe_text(text);
	put_text(line, style, text);
}

void line_pad(struct text_line *line, unsigned int column)
{
	if (line->column >= column)
		return;
	line->owed += column - line->column;
	line->column = column;
}

void line_right(struct text_line *line, enum text_style style, unsigned int column,
		const char *text)
{
	unsigned int columns = text_columns(text);

	line_pad(line, column > columns ? column - columns : 0);
	put_text(line, style, text);
}

void line_words(struct text_line *line, enum text_style style, unsigned int indent,
		const char *text)
{
	bool first = true;

	while (*text) {
		int length = (int)strcspn(text, " ");
		char word[256];

		snprintf(word, sizeof(word), "%.*s", length, text);
		safe_text(word);
		if (line->column > indent &&
		    line->column + !first + text_columns(word) > line->width) {
			line_end(line);
			line_pad(line, indent);
		} else if (!first) {
			line_pad(line, line->column + 1);
		}
		put_text(line, style, word);
		first = false;
		text += length + strspn(text + length, " ");
	}
}

void line_end(struct text_line *line)
{
	fputc('\n', line->out);
	line->column = 0;
	line->owed = 0;
}
