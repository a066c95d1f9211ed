/* SPDX-License-Identifier: GPL-2.0-only */
/* The screen of `trace --stats`: the last minutes, and the slowest ping. Pure. */
#ifndef ICMPX_TRACE_LIVE_H
#define ICMPX_TRACE_LIVE_H

#include "histogram.h"
#include "render_trace.h"
#include "spark.h"
#include "stages.h"

#define TRACE_LIVE_SECONDS 1 /* between samples */

/* All zero: nothing seen yet. */
struct trace_live {
	struct histogram now; /* of whole ways, since the last sample */
	__u64 pings;          /* likewise, of all */
	struct spark p50, p99, rate;
	/* Of whole ways. */
	struct {
		bool known;
		struct icmpx_packet packet;
		__u64 ns, when;      /* CLOCK_MONOTONIC, ns */
		struct span longest; /* its longest stage */
	} slowest;
};

void trace_live_ping(struct trace_live *live, const struct ping *ping, const struct budget *budget);

/* A second is over, or some: `seconds`. */
void trace_live_sample(struct trace_live *live, double seconds);

/* epoch: as in the trace's header. */
void render_trace_live_text(FILE *out, const struct trace_live *live, __s64 epoch,
			    const struct trace_view *view);

#endif
