/* SPDX-License-Identifier: GPL-2.0-only */
/* The pinned counters, read without the product's own reader. */
#ifndef NET_COUNTERS_H
#define NET_COUNTERS_H

#include "verdicts.h"

struct counters {
	__u64 verdict[ICMPX_VERDICT_MAX];
	__u64 lesson[ICMPX_LESSON_MAX];
};

extern const char *const verdict_names[ICMPX_VERDICT_MAX];
extern const char *const lesson_names[ICMPX_LESSON_MAX];

/* Packets, summed over CPUs, from an interface's pin directory. 0 or -errno. */
int counters_read(const char *pin_dir, struct counters *counters);

#endif
