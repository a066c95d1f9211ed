/* SPDX-License-Identifier: GPL-2.0-only */
/* Token buckets: --limit per source, --limit-new for all. */
#ifndef ICMPX_LIMIT_H
#define ICMPX_LIMIT_H

#include "maps.h"

ICMPX_LRU(sources, struct icmpx_source, struct icmpx_bucket, ICMPX_MAX_SOURCES);

struct icmpx_bucket new_flows, known_flows;

/* The generic cell rate algorithm. CPUs that race admit at most one packet
 * each too many, and the clock that they share moves on for every one of
 * them, so the rate holds over any longer time. */
static __always_inline bool bucket_take(struct icmpx_bucket *bucket,
					const volatile struct icmpx_rate *rate)
{
	__u64 now = bpf_ktime_get_ns();
	__u64 arrival = bucket->arrival;

	if (arrival < now)
		bucket->arrival = arrival = now;
	if (arrival - now > rate->tolerance)
		return false;
	__sync_fetch_and_add(&bucket->arrival, rate->interval);
	return true;
}

static __always_inline bool admit_source(__be32 a, __be32 b, __be32 c, __be32 d)
{
	struct icmpx_source source = {.addr = {a, b, c, d}};
	struct icmpx_bucket *bucket, fresh = {};

	if (!config.limit.interval)
		return true;
	bucket = bpf_map_lookup_elem(&sources, &source);
	if (!bucket) {
		bpf_map_update_elem(&sources, &source, &fresh, BPF_NOEXIST);
		bucket = bpf_map_lookup_elem(&sources, &source);
	}
	return !bucket || bucket_take(bucket, &config.limit);
}

/* Flows that have or had a lease are under the same limit, but not in line with those of a flood.
 */
static __always_inline bool admit_new(bool known)
{
	return !config.limit_new.interval ||
	       bucket_take(known ? &known_flows : &new_flows, &config.limit_new);
}

#endif
