/* SPDX-License-Identifier: GPL-2.0-only */
/* The state that the fast path and the learner share, and their options. */
#ifndef ICMPX_MAPS_H
#define ICMPX_MAPS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "config.h"
#include "lease.h"
#include "verdicts.h"

/* Set before load, frozen then: the verifier removes what is switched off. */
const volatile struct icmpx_config config = {
	.layout = ICMPX_LAYOUT,
	.families = ICMPX_IPV4 | ICMPX_IPV6,
	.leased = ICMPX_IPV4 | ICMPX_IPV6,
};

#define ICMPX_LRU(name, key_type, value_type, entries)                                             \
	struct {                                                                                   \
		__uint(type, BPF_MAP_TYPE_LRU_HASH);                                               \
		__uint(max_entries, entries);                                                      \
		__type(key, key_type);                                                             \
		__type(value, value_type);                                                         \
	} name SEC(".maps")

#define ICMPX_TABLE(name, set_type)                                                                \
	struct {                                                                                   \
		__uint(type, BPF_MAP_TYPE_ARRAY);                                                  \
		__uint(max_entries, ICMPX_SETS);                                                   \
		__type(key, __u32);                                                                \
		__type(value, set_type);                                                           \
	} name SEC(".maps")

ICMPX_TABLE(leases_v4, struct icmpx_set4);
ICMPX_TABLE(leases_v6, struct icmpx_set6);
ICMPX_LRU(requests_v4, struct icmpx_asked4, struct icmpx_request, ICMPX_MAX_REQUESTS);
ICMPX_LRU(requests_v6, struct icmpx_asked6, struct icmpx_request, ICMPX_MAX_REQUESTS);

/* In a map of its own, which is pinned. */
volatile struct icmpx_epoch epoch SEC(".data.epoch") = {};

/* One counter for each entry of a list in verdicts.h. */
#define ICMPX_COUNTERS(name, entries)                                                              \
	struct {                                                                                   \
		__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);                                           \
		__uint(max_entries, entries);                                                      \
		__type(key, __u32);                                                                \
		__type(value, struct icmpx_counter);                                               \
	} name SEC(".maps")

static __always_inline void count(void *counters, __u32 key, __u64 bytes)
{
	struct icmpx_counter *counter = bpf_map_lookup_elem(counters, &key);

	if (!counter)
		return;
	counter->packets++;
	counter->bytes += bytes;
}

#endif
