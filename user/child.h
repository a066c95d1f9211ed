/* SPDX-License-Identifier: GPL-2.0-only */
/* The command that is traced: held back until all probes are there. */
#ifndef ICMPX_CHILD_H
#define ICMPX_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "tail.h"

struct child {
	pid_t pid;
	int pidfd;  /* readable when it has ended; -1: not available */
	int go;     /* closed: run */
	int failed; /* what exec said */
	struct tail tail;
};

#define CHILD_NONE ((struct child){.go = -1, .failed = -1, .pidfd = -1, .tail = {-1, -1}})

enum child_output {
	CHILD_AS_ICMPX,
	CHILD_TO_STDERR, /* stdout is for data */
	CHILD_KEPT,      /* for child_print(); it reads nothing from the terminal then */
};

/* Forks. 0 or -errno. */
int child_prepare(char **argv, enum child_output output, struct child *child);

/* Takes what it has written (CHILD_KEPT), often enough for it not to wait; and the last of that. */
void child_read(struct child *child);
void child_print(struct child *child, FILE *out);

/* Lets it run. 0, or the negative errno of exec. */
int child_go(struct child *child);

/* Whether it has ended; then *status is as of wait(2). */
bool child_ended(struct child *child, int *status);

/* Ends it, if it still is: signal, then after a second SIGKILL. */
void child_end(struct child *child, int signal);

#endif
