/* SPDX-License-Identifier: GPL-2.0-only */
/* A text that is shown again and again: on a terminal a screen of its own with keys, and
 * everywhere else written one after the other. */
#ifndef ICMPX_SCREEN_H
#define ICMPX_SCREEN_H

#include <stdbool.h>
#include <stdio.h>
#include <poll.h>

#define SCREEN_POLL_MAX 4

/* The text of now, for screen_columns(). */
struct screen_source {
	void (*render)(FILE *out, void *data);
	void *data;
};

/* From here on SIGINT, SIGTERM and SIGHUP end screen_wait() and screen_poll() instead of the
 * process. They wait until then: what is under way is not interrupted. */
void screen_catch(void);

/* The same, and if live (wants terminal_missing() to be NULL), until screen_close() the terminal
 * shows the text alone. *source is copied. */
void screen_open(bool live, const struct screen_source *source);
void screen_close(void);
bool screen_is_open(void); /* on a terminal of its own */

/* Shows the text of now instead of the one before; while the user holds it still, nothing.
 * Not live: writes and flushes it. False when that failed. */
bool screen_draw(void);

/* Waits until the next full interval (seconds) since the screen was opened; does what the user's
 * keys and the terminal's size want. False: to end. */
bool screen_wait(unsigned int interval);

/* As poll(2) with `ms`, of at most SCREEN_POLL_MAX, likewise. False: to end. */
bool screen_poll(struct pollfd *fds, nfds_t count, int ms);

/* Columns of the terminal that standard output is, 0 if it is none. */
unsigned int screen_columns(void);

#endif
