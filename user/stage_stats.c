// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "stage_stats.h"

struct stage_stats {
	__u64 pings;
	struct histogram *whole; /* NULL: none yet, as the others */
	struct histogram *stages[STAGE_MAX][ICMPX_KIND_MAX];
};

/* Made when there is something to add. */
static void add(struct histogram **histogram, __u64 value)
{
	if (!*histogram)
		*histogram = calloc(1, sizeof(**histogram));
	if (*histogram)
		histogram_add(*histogram, value);
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
				add(&stats->stages[i][leg], sums[i][leg]);
	if (ping_is_whole(ping))
		add(&stats->whole, budget->total);
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
	histogram_log2(h, counts);
	return true;
}
