// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <bpf/bpf.h>

#include "table_lib.h"

union set {
	struct icmpx_set4 v4;
	struct icmpx_set6 v6;
};

void table_multipliers(struct icmpx_config *config)
{
	static const __u64 odd[ICMPX_MULTIPLIERS] = {
		0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb,
		0xd6e8feb86659fd93, 0xc2b2ae3d27d4eb4f, 0xff51afd7ed558ccd,
	};

	memcpy(config->multipliers, odd, sizeof(odd));
}

static __u64 hash_of(const struct table *table, const union flow *flow)
{
	__u64 addrs[4];

	if (table->family == 6) {
		memcpy(addrs, &flow->v6, sizeof(addrs));
		return icmpx_hash6(table->multipliers, addrs, flow->v6.vlan);
	}
	memcpy(addrs, &flow->v4, sizeof(addrs[0]));
	return icmpx_hash4(table->multipliers, addrs[0], flow->v4.vlan);
}

__u32 table_set_of(const struct table *table, const union flow *flow)
{
	return icmpx_set_of(hash_of(table, flow));
}

__u32 table_seal(const struct table *table, const union flow *flow, const struct icmpx_lease *lease)
{
	return icmpx_seal_of(hash_of(table, flow), lease);
}

static struct icmpx_lease *lease_at(const struct table *table, union set *set, int way)
{
	return table->family == 6 ? &set->v6.way[way].lease : &set->v4.way[way].lease;
}

static void *flow_at(const struct table *table, union set *set, int way)
{
	return table->family == 6 ? (void *)&set->v6.way[way].flow : &set->v4.way[way].flow;
}

static size_t flow_size(const struct table *table)
{
	return table->family == 6 ? sizeof(struct icmpx_flow6) : sizeof(struct icmpx_flow4);
}

static size_t set_size(const struct table *table)
{
	return table->family == 6 ? sizeof(struct icmpx_set6) : sizeof(struct icmpx_set4);
}

/* The way of the flow (from: for that source MAC, NULL: for any), else a free one, else -1. */
static int way_of(const struct table *table, union set *set, const union flow *flow,
		  const __u8 *from, bool *found)
{
	int vacant = -1;

	*found = true;
	for (int i = ICMPX_WAYS - 1; i >= 0; i--) {
		if (!lease_at(table, set, i)->seal)
			vacant = i;
		else if (!memcmp(flow_at(table, set, i), flow, flow_size(table)) &&
			 (!from || !memcmp(lease_at(table, set, i)->from_mac, from, 6)))
			return i;
	}
	*found = false;
	return vacant;
}

static int put(const struct table *table, const union flow *flow, const struct icmpx_lease *lease,
	       const __u8 *from)
{
	__u32 index = table_set_of(table, flow);
	union set set;
	bool found;
	int way;

	if (bpf_map_lookup_elem(table->map, &index, &set))
		return -errno;
	way = way_of(table, &set, flow, from, &found);
	if (way < 0)
		return -ENOSPC;
	*lease_at(table, &set, way) = *lease;
	memcpy(flow_at(table, &set, way), flow, flow_size(table));
	return bpf_map_update_elem(table->map, &index, &set, BPF_ANY) ? -errno : 0;
}

int table_put_torn(const struct table *table, const union flow *flow,
		   const struct icmpx_lease *lease)
{
	return put(table, flow, lease, NULL);
}

int table_put(const struct table *table, const union flow *flow, struct icmpx_lease *lease)
{
	lease->seal = table_seal(table, flow, lease);
	return put(table, flow, lease, lease->from_mac);
}

/* The set of the flow, and the way of its first lease there; false: it has none, or *err. */
static bool find(const struct table *table, const union flow *flow, union set *set, __u32 *index,
		 int *way, int *err)
{
	bool found;

	*index = table_set_of(table, flow);
	*err = bpf_map_lookup_elem(table->map, index, set) ? -errno : 0;
	if (*err)
		return false;
	*way = way_of(table, set, flow, NULL, &found);
	return found;
}

int table_set_asked(const struct table *table, const union flow *flow, __u32 asked)
{
	union set set;
	__u32 index;
	int way, err;

	if (!find(table, flow, &set, &index, &way, &err))
		return err ?: -ENOENT;
	if (table->family == 4)
		set.v4.way[way].asked = asked;
	else
		set.v6.way[way].asked = asked;
	return bpf_map_update_elem(table->map, &index, &set, BPF_ANY) ? -errno : 0;
}

bool table_get(const struct table *table, const union flow *flow, struct icmpx_lease *lease)
{
	union set set;
	__u32 index;
	int way, err;
	bool found = find(table, flow, &set, &index, &way, &err);

	if (found)
		*lease = *lease_at(table, &set, way);
	return found;
}

static union {
	struct icmpx_set4 v4[ICMPX_SETS];
	struct icmpx_set6 v6[ICMPX_SETS];
} all;

/* The whole table, in one call; the number of sets or -1. */
static int read_all(const struct table *table)
{
	static __u32 keys[ICMPX_SETS];
	__u32 count = ICMPX_SETS, batch;

	/* The end of the table is reported as an error. */
	if (bpf_map_lookup_batch(table->map, NULL, &batch, keys, &all, &count, NULL) &&
	    errno != ENOENT)
		return -1;
	return count;
}

static int visit(const struct table *table, bool clear)
{
	static const union set none;
	int sets = read_all(table), entries = 0;

	for (__u32 i = 0; (int)i < sets; i++) {
		union set *set = (void *)((char *)&all + i * set_size(table));
		int used = 0;

		for (int way = 0; way < ICMPX_WAYS; way++)
			used += !!lease_at(table, set, way)->seal;
		if (used && clear && bpf_map_update_elem(table->map, &i, &none, BPF_ANY))
			return -1;
		entries += used;
	}
	return sets == ICMPX_SETS ? entries : -1;
}

int table_count(const struct table *table)
{
	return visit(table, false);
}

int table_clear(const struct table *table)
{
	return visit(table, true);
}
