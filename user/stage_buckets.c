// SPDX-License-Identifier: GPL-2.0-only
#include "stage_buckets.h"

static void histogram_add(struct stage_histogram *histogram, __u64 ns)
{
	int bucket = 0;

	while (bucket < STAGE_BUCKETS && ns > stage_bucket_bound(bucket))
		bucket++;
	histogram->counts[bucket]++;
	histogram->sum += ns;
}

/* Whether the budget has had an earlier span of the same stage, leg and side. */
static bool is_again(const struct budget *budget, size_t index)
{
	const struct span *span = &budget->spans[index];

	for (size_t i = 0; i < index; i++)
		if (budget->spans[i].stage == span->stage && budget->spans[i].leg == span->leg &&
		    budget->spans[i].side == span->side)
			return true;
	return false;
}

static __u64 sum_from(const struct budget *budget, size_t index)
{
	const struct span *span = &budget->spans[index];
	__u64 sum = 0;

	for (size_t i = index; i < budget->count; i++)
		if (budget->spans[i].stage == span->stage && budget->spans[i].leg == span->leg &&
		    budget->spans[i].side == span->side)
			sum += budget->spans[i].ns;
	return sum;
}

void stage_buckets_add(struct stage_buckets *buckets, const struct ping *ping,
		       const struct budget *budget)
{
	for (size_t i = 0; i < budget->count; i++) {
		const struct span *span = &budget->spans[i];

		if (is_again(budget, i))
			continue;
		histogram_add(&buckets->stages[span->stage][span->leg][span->side],
			      sum_from(budget, i));
		buckets->seen[span->stage][span->leg][span->side] = true;
	}
	if (ping_is_whole(ping))
		histogram_add(&buckets->whole, budget->total);
}
