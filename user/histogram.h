/* SPDX-License-Identifier: GPL-2.0-only */
/* Many values in little room, as HDR histograms have them: each is known to 1/16, whatever its
 * size, and below 16 exactly. */
#ifndef ICMPX_HISTOGRAM_H
#define ICMPX_HISTOGRAM_H

#include <linux/types.h>

/* Each power of two in 16 parts of one width. */
#define HISTOGRAM_PART_BITS 4
#define HISTOGRAM_PARTS     (1 << HISTOGRAM_PART_BITS)
#define HISTOGRAM_BUCKETS   (HISTOGRAM_PARTS + (64 - HISTOGRAM_PART_BITS) * HISTOGRAM_PARTS)
#define HISTOGRAM_LOG2      64

/* All zero: empty. */
struct histogram {
	__u64 count, min, max, sum;
	__u64 buckets[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *histogram, __u64 value);

/* The least value that `percent` of all are not above; of an empty one 0. */
__u64 histogram_percentile(const struct histogram *histogram, unsigned int percent);

/* counts[i]: from 1 << i to 2 << i, exclusive; counts[0] with 0. */
void histogram_log2(const struct histogram *histogram, __u64 counts[HISTOGRAM_LOG2]);

#endif
