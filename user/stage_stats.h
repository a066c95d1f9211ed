/* SPDX-License-Identifier: GPL-2.0-only */
/* --stats: the stages of many pings. */
#ifndef ICMPX_STAGE_STATS_H
#define ICMPX_STAGE_STATS_H

#include <stdio.h>

#include "histogram.h"
#include "stages.h"
#include "util.h"

struct stage_stats;

/* What one row says. Percentiles are within 1/16 of the truth. ns. */
struct stage_summary {
	__u64 count, min, p50, p90, p99, max, sum;
};

/* NULL: out of memory. */
struct stage_stats *stage_stats_new(void);
void stage_stats_free(struct stage_stats *stats);

void stage_stats_add(struct stage_stats *stats, const struct ping *ping,
		     const struct budget *budget);

__u64 stage_stats_pings(const struct stage_stats *stats);

/* Of a stage on a leg, summed up over each ping's way; STAGE_MAX: of whole
 * ways, of pings that ended well (leg is then ignored). False: none. */
bool stage_stats_get(const struct stage_stats *stats, enum stage stage, enum icmpx_kind leg,
		     struct stage_summary *summary);

/* How many were how long: counts[i] from 1 << i to 2 << i, exclusive; counts[0] with 0 ns.
 * The rest as above. */
#define STAGE_STATS_LOG2 HISTOGRAM_LOG2
bool stage_stats_log2(const struct stage_stats *stats, enum stage stage, enum icmpx_kind leg,
		      __u64 counts[STAGE_STATS_LOG2]);

/* A table, a row for each stage and leg that was seen, in the order of the way, and the log2
 * histogram of each (width columns in all; 0: 80). */
void render_stage_stats_text(FILE *out, const struct stage_stats *stats, unsigned int width,
			     bool colour);
/* One NDJSON object, "type": "stats". */
void render_stage_stats_json(FILE *out, const struct stage_stats *stats);

DEFINE_CLEANUP(stage_stats, struct stage_stats *, stage_stats_free)

#endif
