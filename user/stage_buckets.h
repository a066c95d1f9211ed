/* SPDX-License-Identifier: GPL-2.0-only */
/* The stages of many pings as histograms whose buckets never change, so that those of two
 * times and of many machines can be subtracted and added. */
#ifndef ICMPX_STAGE_BUCKETS_H
#define ICMPX_STAGE_BUCKETS_H

#include "stages.h"

/* Up to and with each power of two from 512 ns to 8.6 s, and what is above. */
#define STAGE_BUCKETS_FIRST 9
#define STAGE_BUCKETS       25

struct stage_histogram {
	__u64 counts[STAGE_BUCKETS + 1]; /* of each bucket alone */
	__u64 sum;                       /* ns */
};

struct stage_buckets {
	struct stage_histogram whole; /* first hop to last, of pings that ended well */
	/* Summed up over each ping's way. */
	struct stage_histogram stages[STAGE_MAX][ICMPX_KIND_MAX][SIDE_MAX];
	bool seen[STAGE_MAX][ICMPX_KIND_MAX][SIDE_MAX];
};

void stage_buckets_add(struct stage_buckets *buckets, const struct ping *ping,
		       const struct budget *budget);

/* The upper bound of a bucket but the last, ns. */
static inline __u64 stage_bucket_bound(int bucket)
{
	return 1ull << (STAGE_BUCKETS_FIRST + bucket);
}

#endif
