/* SPDX-License-Identifier: GPL-2.0-only */
/* Within terminal.c: what is known of the terminal, and how it is restored in a crash. Apart, since
 * <term.h> takes words like "lines" for itself. */
#ifndef ICMPX_TERMINAL_INFO_H
#define ICMPX_TERMINAL_INFO_H

/* When standard output is a screen, and how it was before; and when it is one no more. */
void terminal_catch_crashes(void);
void terminal_release_crashes(void);

/* Before it becomes one. */
void terminal_keep_modes(void);

#endif
