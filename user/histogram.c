// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "histogram.h"

#define PARTS     HISTOGRAM_PARTS
#define PART_BITS HISTOGRAM_PART_BITS

static unsigned int log2_of(__u64 value)
{
	return 63 - __builtin_clzll(value);
}

static size_t bucket_of(__u64 value)
{
	unsigned int power;

	if (value < PARTS)
		return value;
	power = log2_of(value) - PART_BITS;
	return PARTS + power * PARTS + ((value >> power) & (PARTS - 1));
}

/* The least value of a bucket. */
static __u64 bucket_begin(size_t bucket)
{
	unsigned int power;

	if (bucket < PARTS)
		return bucket;
	power = (bucket - PARTS) / PARTS;
	return (__u64)(PARTS + bucket % PARTS) << power;
}

static __u64 bucket_middle(size_t bucket)
{
	__u64 width = bucket < PARTS ? 1 : 1ULL << ((bucket - PARTS) / PARTS);

	return bucket_begin(bucket) + width / 2;
}

void histogram_add(struct histogram *h, __u64 value)
{
	if (!h->count || value < h->min)
		h->min = value;
	if (value > h->max)
		h->max = value;
	h->count++;
	h->sum += value;
	h->buckets[bucket_of(value)]++;
}

__u64 histogram_percentile(const struct histogram *h, unsigned int percent)
{
	/* By whole hundreds first: count * percent may not fit. */
	__u64 rank = h->count / 100 * percent + (h->count % 100 * percent + 99) / 100;
	__u64 seen = 0, value;

	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += h->buckets[i];
		if (seen < rank || !h->buckets[i])
			continue;
		value = bucket_middle(i);
		if (value < h->min)
			return h->min;
		return value < h->max ? value : h->max;
	}
	return h->max;
}

void histogram_log2(const struct histogram *h, __u64 counts[HISTOGRAM_LOG2])
{
	memset(counts, 0, HISTOGRAM_LOG2 * sizeof(*counts));
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		counts[i ? log2_of(bucket_begin(i)) : 0] += h->buckets[i];
}
