/* SPDX-License-Identifier: GPL-2.0-only */
/* What the terminal, the environment and the user want the output to be. */
#ifndef ICMPX_CMD_SCREEN_H
#define ICMPX_CMD_SCREEN_H

#include <stdbool.h>

/* Whether to take the whole terminal. Where that would be expected, but its type is not known,
 * reports why not. */
bool cmd_screen_wanted(void);

/* Colours and other styles: standard output is a terminal with them, and NO_COLOR is not set. */
bool cmd_has_colour(void);

/* The locale's characters are not UTF-8. Sets the locale's. */
bool cmd_is_ascii(void);

#endif
