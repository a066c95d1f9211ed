/* SPDX-License-Identifier: GPL-2.0-only */
/* How far the clock of machine B is ahead of that of machine A, told by packets alone: what
 * arrives was sent before. So each packet from A to B is a bound from above, each one back a
 * bound from below (RFC 5905 takes the middle of the two). Pure. */
#ifndef ICMPX_CLOCK_FIT_H
#define ICMPX_CLOCK_FIT_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#include "util.h"

/* B's clock was ahead by so many ns, or less (upper), or more, when A's showed `time`. */
struct clock_bound {
	__u64 time;
	__s64 ns;
	bool upper;
};

enum clock_model {
	CLOCK_UNKNOWN, /* no bounds, or such as contradict each other */
	CLOCK_SAME,    /* it is one clock */
	CLOCK_LINE,    /* each runs at one rate; the rates differ by CLOCK_RATE_PPM or less */
	CLOCK_FREE,    /* that contradicts the bounds: only near ones are of use. Or one side has
			* none */
};

#define CLOCK_RATE_PPM 1000   /* NTP corrects each by 500 at most */
#define CLOCK_FREE_PPM 100000 /* as far as adjtimex(2) goes */

/* The offset is in it, bounds included. */
struct clock_span {
	__s64 min, max;
	bool has_min, has_max;
};

struct clock_fit;

/* NULL: out of memory. Bounds in any order; they are sorted. */
struct clock_fit *clock_fit_new(struct clock_bound *bounds, size_t count);
struct clock_fit *clock_fit_same(void);
void clock_fit_free(struct clock_fit *fit);

enum clock_model clock_fit_model(const struct clock_fit *fit);

/* When A's clock shows `time`. */
void clock_fit_at(const struct clock_fit *fit, __u64 time, struct clock_span *span);

/* Of CLOCK_LINE: by how much B's clock is faster, 1e-9. */
void clock_fit_rate(const struct clock_fit *fit, double *min, double *max);

/* Both sides have a bound. */
static inline bool clock_span_is_known(const struct clock_span *span)
{
	return span->has_min && span->has_max;
}

static inline __s64 clock_span_middle(const struct clock_span *span)
{
	return span->min + (span->max - span->min) / 2;
}

DEFINE_CLEANUP(clock_fit, struct clock_fit *, clock_fit_free)

#endif
