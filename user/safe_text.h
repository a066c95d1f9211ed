/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ICMPX_SAFE_TEXT_H
#define ICMPX_SAFE_TEXT_H

/* Makes foreign text fit for a terminal and for JSON, in place: '?' for each byte of a
 * control character (C0, DEL, C1) and for each that is not of valid UTF-8. */
void safe_text(char *text);

#endif
