/* SPDX-License-Identifier: GPL-2.0-only */
/* `icmpx trace --json` beside a benchmark, into a file. What does not work ends the process. */
#ifndef TRACED_LIB_H
#define TRACED_LIB_H

#include <sys/types.h>

#define TRACED_OPTIONS 4

struct traced {
	pid_t pid;
	const char *path; /* of its output, which is removed in the end */
};

/* What it says at its end. */
struct traced_end {
	long pings, complete, lost;
};

/* On this core; returns when its probes are there. */
void traced_start(struct traced *traced, const char *icmpx, const char *const *options, int cpu);
double traced_cpu_ns(const struct traced *traced); /* user and system time so far */
void traced_stop(const struct traced *traced, struct traced_end *end);

#endif
