/* SPDX-License-Identifier: GPL-2.0-only */
/* Pings answered, by icmpx on all interfaces and by the kernel. Pure. */
#ifndef ICMPX_ANSWERED_H
#define ICMPX_ANSWERED_H

#include "render.h"

struct answered {
	__u64 v4, v6;
	double rate; /* both, a second */
	bool has_rate;
	bool counts_anew; /* no part of the rate is known: attached just now */
};

struct answered answered_by_icmpx(const struct stats *stats);
struct answered answered_by_kernel(const struct stats *stats);

#endif
