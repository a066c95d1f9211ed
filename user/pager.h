/* SPDX-License-Identifier: GPL-2.0-only */
/* Long texts on a terminal go through the pager of the one who reads them. */
#ifndef ICMPX_PAGER_H
#define ICMPX_PAGER_H

#include <stdbool.h>

/* Whether a terminal of that size has no room for the text and a prompt; 0 rows: unknown, no. */
bool pager_is_long(const char *text, unsigned int rows, unsigned int columns);

/* Writes the text to standard output: by $PAGER, else by less, where that is a terminal with no
 * room for it, and by itself else. PAGER= and PAGER=cat turn it off. As git and man do, this runs
 * what PAGER says, with the privileges of the one who set it: not where they are not the
 * program's own (AT_SECURE); sudo takes PAGER away. */
void pager_show(const char *text);

#endif
