/* SPDX-License-Identifier: GPL-2.0-only */
/* The command that is traced: held back until all probes are there. */
#ifndef ICMPX_CHILD_H
#define ICMPX_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct child {
	pid_t pid;
	int pidfd;  /* readable when it has ended; -1: not available */
	int go;     /* closed: run */
	int failed; /* what exec said */
};

/* Forks; its output goes to stderr if `quiet` (stdout is then for data). 0 or -errno. */
int child_prepare(char **argv, bool quiet, struct child *child);

/* Lets it run. 0, or the negative errno of exec. */
int child_go(struct child *child);

/* Whether it has ended; then *status is as of wait(2). */
bool child_ended(struct child *child, int *status);

/* Ends it, if it still is: signal, then after a second SIGKILL. */
void child_end(struct child *child, int signal);

#endif
