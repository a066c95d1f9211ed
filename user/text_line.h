/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines of text that keep within a width, with colours or without. */
#ifndef ICMPX_TEXT_LINE_H
#define ICMPX_TEXT_LINE_H

#include <stdbool.h>
#include <stdio.h>

enum text_style { STYLE_PLAIN, STYLE_BOLD, STYLE_DIM, STYLE_RED, STYLE_GREEN, STYLE_MAX };

struct text_line {
	FILE *out;
	unsigned int width;
	bool colour;
	bool ascii; /* '?' for what is not */
	unsigned int column;
	unsigned int owed; /* blanks, until a text follows them */
};

/* Characters that do not fit are left out. Control characters become '?'. */
void line_put(struct text_line *line, enum text_style style, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same right-aligned: it ends before `column`. */
void line_right(struct text_line *line, enum text_style style, unsigned int column,
		const char *text);

/* On to that column, if it is not there yet. */
void line_pad(struct text_line *line, unsigned int column);

/* Word by word; those that do not fit go on in new lines behind `indent` blanks. */
void line_words(struct text_line *line, enum text_style style, unsigned int indent,
		const char *text);

void line_end(struct text_line *line);

/* Columns of UTF-8 text, each character being one wide. */
unsigned int text_columns(const char *text);

#endif
