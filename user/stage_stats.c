// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "stage_stats.h"

/* Buckets as of HDR histograms: each power of two in 16 parts of one width, so that a value is
 * known to 1/16 whatever its size; below 16 exactly. */
#define PART_BITS 4
#define PARTS     (1 << PART_BITS)
#define BUCKETS   (PARTS + (64 - PART_BITS) * PARTS)

struct histogram {
	__u64 count, min, max, sum;
	__u64 buckets[BUCKETS];
};

struct stage_stats {
	__u64 pings;
	struct histogram *whole; /* NULL: none yet, as the others */
	struct histogram *stages[STAGE_MAX][ICMPX_KIND_MAX];
};

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

static void histogram_add(struct histogram **histogram, __u64 value)
{
	struct histogram *h = *histogram;

	if (!h) {
		h = *histogram = calloc(1, sizeof(*h));
		if (!h)
			return;
		h->min = value;
	}
	if (value < h->min)
		h->min = value;
	if (value > h->max)
		h->max = value;
	h->count++;
	h->sum += value;
	h->buckets[bucket_of(value)]++;
}

/* The least value that `percent` of all are not above. */
static __u64 histogram_percentile(const struct histogram *h, unsigned int percent)
{
	/* By whole hundreds first: count * percent may not fit. */
	__u64 rank = h->count / 100 * percent + (h->count % 100 * percent + 99) / 100;
	__u64 seen = 0, value;

	for (size_t i = 0; i < BUCKETS; i++) {
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

struct stage_stats *stage_stats_new(void)
{
	return calloc(1, sizeof(struct stage_stats));
}

void stage_stats_free(struct stage_stats *stats)
{
	if (!stats)
		return;
	free(stats->whole);
	for (size_t i = 0; i < STAGE_MAX; i++)
		for (size_t leg = 0; leg < ICMPX_KIND_MAX; leg++)
			free(stats->stages[i][leg]);
	free(stats);
}

void stage_stats_add(struct stage_stats *stats, const struct ping *ping,
		     const struct budget *budget)
{
	__u64 sums[STAGE_MAX][ICMPX_KIND_MAX] = {};
	bool seen[STAGE_MAX][ICMPX_KIND_MAX] = {};

	stats->pings++;
	for (size_t i = 0; i < budget->count; i++) {
		const struct span *span = &budget->spans[i];

		sums[span->stage][span->leg] += span->ns;
		seen[span->stage][span->leg] = true;
	}
	for (size_t i = 0; i < STAGE_MAX; i++)
		for (size_t leg = 0; leg < ICMPX_KIND_MAX; leg++)
			if (seen[i][leg])
				histogram_add(&stats->stages[i][leg], sums[i][leg]);
	if (ping_is_whole(ping))
		histogram_add(&stats->whole, budget->total);
}

static const struct histogram *histogram_of(const struct stage_stats *stats, enum stage stage,
					    enum icmpx_kind leg)
{
	return stage == STAGE_MAX ? stats->whole : stats->stages[stage][leg];
}

__u64 stage_stats_pings(const struct stage_stats *stats)
{
	return stats->pings;
}

bool stage_stats_get(const struct stage_stats *stats, enum stage stage, enum icmpx_kind leg,
		     struct stage_summary *summary)
{
	const struct histogram *h = histogram_of(stats, stage, leg);

	if (!h)
		return false;
	*summary = (struct stage_summary){
		.count = h->count,
		.min = h->min,
		.p50 = histogram_percentile(h, 50),
		.p90 = histogram_percentile(h, 90),
		.p99 = histogram_percentile(h, 99),
		.max = h->max,
		.sum = h->sum,
	};
	return true;
}

bool stage_stats_log2(const struct stage_stats *stats, enum stage stage, enum icmpx_kind leg,
		      __u64 counts[STAGE_STATS_LOG2])
{
	const struct histogram *h = histogram_of(stats, stage, leg);

	if (!h)
		return false;
	memset(counts, 0, STAGE_STATS_LOG2 * sizeof(*counts));
	for (size_t i = 0; i < BUCKETS; i++)
		counts[i ? log2_of(bucket_begin(i)) : 0] += h->buckets[i];
	return true;
}
