/* SPDX-License-Identifier: GPL-2.0-only */
/* The last of what a command writes while its terminal is somebody else's screen. */
#ifndef ICMPX_TAIL_H
#define ICMPX_TAIL_H

#include <stddef.h>
#include <stdio.h>

#define TAIL_BYTES (16 << 10) /* that are kept */

struct tail {
	int in, out;           /* of a pipe: `in` is for the command; -1: closed */
	size_t count;          /* bytes ever */
	char kept[TAIL_BYTES]; /* a ring */
};

/* Neither end outlives an exec. 0 or a negative errno. */
int tail_open(struct tail *tail);
void tail_close(struct tail *tail);

/* The command has its end. */
void tail_started(struct tail *tail);

/* Takes what is there; does not wait. */
void tail_read(struct tail *tail);

/* What was kept; if that is not all, from the beginning of a line on, and says so. */
void tail_print(const struct tail *tail, FILE *out);

#endif
