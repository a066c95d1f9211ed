/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ICMPX_SAFE_TEXT_H
#define ICMPX_SAFE_TEXT_H

#include <stdarg.h>

/* Makes foreign text fit for a terminal and for JSON, in place: '?' for each byte of a
 * control character (C0, DEL, C1) and for each that is not of valid UTF-8. */
void safe_text(char *text);

/* "NAME: ..." on stderr, what it is made of being foreign; lines and tabs stay. */
void safe_report(const char *name, const char *format, va_list args);

#endif
