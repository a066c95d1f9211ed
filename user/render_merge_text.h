/* SPDX-License-Identifier: GPL-2.0-only */
/* Within render_merge*.c: words and signs of the text. */
#ifndef ICMPX_RENDER_MERGE_TEXT_H
#define ICMPX_RENDER_MERGE_TEXT_H

#include "render_merge.h"
#include "render_trace_text.h"

const char *merge_letter(unsigned int machine); /* "A" */

const char *merge_plus_minus(const struct merge_text *text);

/* A line, or more if they do not fit. */
void merge_words(const struct merge_text *text, enum text_style style, unsigned int indent,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
