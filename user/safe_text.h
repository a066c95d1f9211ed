/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ICMPX_SAFE_TEXT_H
#define ICMPX_SAFE_TEXT_H

#include <stdarg.h>
#include <stddef.h>

/* Bytes of the character that a text begins with; 0: none that is fit for a terminal, but a
 * control character or no UTF-8. */
size_t safe_length(const char *text);

/* Makes foreign text fit for a terminal and for JSON, in place: '?' for each byte of a
 * control character (C0, DEL, C1) and for each that is not of valid UTF-8. */
void safe_text(char *text);

struct safe_name {
	char text[4 * 15 + 1];
};

/* An interface's name, which may have any bytes but blanks, '/' and ':', fit for the same: what
 * may not stay as \xNN, and the backslash too, so that two names never look the same. */
const char *safe_name(const char *name, struct safe_name *safe);

/* "NAME: ..." on stderr, what it is made of being foreign; lines and tabs stay. */
void safe_report(const char *name, const char *format, va_list args);

#endif
