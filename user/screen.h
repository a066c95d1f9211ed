/* SPDX-License-Identifier: GPL-2.0-only */
/* A text that is shown again and again: redrawn in place on a terminal, and
 * everywhere else written one after the other. */
#ifndef ICMPX_SCREEN_H
#define ICMPX_SCREEN_H

#include <stdbool.h>
#include <poll.h>
#include <stddef.h>

/* Whether standard output is a terminal that can be drawn on. */
bool screen_is_live(void);

/* From here on SIGINT, SIGTERM and SIGHUP end screen_wait() instead of the
 * process; if live, until screen_close() the terminal shows the text alone. */
void screen_open(bool live);
void screen_close(void);

/* Shows `text` instead of the one before, clipped to the terminal. Not live: writes
 * and flushes it. False when that failed. */
bool screen_show(const char *text);

/* Waits until the next full interval (seconds) since the first call, redraws
 * when the terminal's size changes. False: to end. */
bool screen_wait(unsigned int interval);

/* As poll(2) with `ms`, during which signals arrive. False: to end. */
bool screen_poll(struct pollfd *fds, nfds_t count, int ms);

/* Columns of the terminal that standard output is, 0 if it is none. */
unsigned int screen_columns(void);

#endif
