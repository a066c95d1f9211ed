/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ICMPX_CLOCK_H
#define ICMPX_CLOCK_H

#include <time.h>
#include <linux/types.h>

static inline __u64 clock_read(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

/* The events' clock, ns. */
static inline __u64 clock_now(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

#endif
