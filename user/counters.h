/* SPDX-License-Identifier: GPL-2.0-only */
/* Snapshots of the counters of one interface's fast path and learner. */
#ifndef ICMPX_COUNTERS_H
#define ICMPX_COUNTERS_H

#include <stdbool.h>
#include <linux/types.h>

#include "pins.h"
#include "util.h"
#include "verdicts.h"

/* Verdicts and lessons in one array, the lessons behind. */
enum {
	COUNTER_LESSONS = ICMPX_VERDICT_MAX,
	COUNTER_MAX = COUNTER_LESSONS + ICMPX_LESSON_MAX,
};

struct counters {
	__u64 taken;      /* CLOCK_MONOTONIC, ns */
	__u32 map_ids[2]; /* verdicts, lessons: other ids count anew */
	int cpus;         /* possible ones */
	struct icmpx_counter sum[COUNTER_MAX];
	struct icmpx_counter cpu[]; /* COUNTER_MAX for each */
};

/* Reads the pinned maps. *counters is the caller's to free(). 0 or a negative
 * errno; -ENOENT: there are none. */
int counters_read(const struct pin_dir *dir, struct counters **counters);

/* For a test: all zero, for so many CPUs; and sum from cpu. */
struct counters *counters_new(int cpus);
void counters_add_up(struct counters *counters);

struct rate {
	double frames; /* a second */
	double bytes;
};

/* Of one counter between two snapshots. False when they do not count the same
 * thing (icmpx was detached between them), or when no time has passed. */
bool counters_rate(const struct counters *before, const struct counters *now, int counter,
		   struct rate *rate);

#endif
