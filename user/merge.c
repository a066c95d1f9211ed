// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "merge.h"

const char *merge_fate_name(enum merge_fate fate)
{
	static const char *const names[] = {
#define X(id, name, title) name,
		MERGE_FATES(X)
#undef X
	};

	return names[fate < FATE_MAX ? fate : FATE_UNKNOWN];
}

static bool has_room(struct merge_side *side)
{
	size_t capacity = side->capacity ? 2 * side->capacity : 256;
	struct merge_ping *pings;

	if (side->count < side->capacity)
		return true;
	pings = reallocarray(side->pings, capacity, sizeof(*pings));
	if (!pings)
		return false;
	side->pings = pings;
	side->capacity = capacity;
	return true;
}

int merge_side_add(struct merge_side *side, const struct ping *ping)
{
	struct merge_ping *added;
	struct hop *hops;

	if (side->count == UINT32_MAX || !has_room(side))
		return -ENOMEM;
	hops = calloc(ping->count ?: 1, sizeof(*hops));
	if (!hops)
		return -ENOMEM;
	if (ping->count)
		memcpy(hops, ping->hops, ping->count * sizeof(*hops));
	added = &side->pings[side->count++];
	*added = (struct merge_ping){.ping = *ping};
	added->ping.hops = hops;
	merge_cross(added);
	return 0;
}

void merge_side_destroy(struct merge_side *side)
{
	for (size_t i = 0; i < side->count; i++)
		free(side->pings[i].ping.hops);
	free(side->pings);
}

static void count(struct merge *merge, int machine)
{
	const struct merge_side *side = &merge->sides[machine];
	struct merge_counts *counts = &merge->counts;

	for (size_t i = 0; i < side->count; i++) {
		switch (side->pings[i].state) {
		case MERGE_ALONE:
			counts->alone[machine]++;
			break;
		case MERGE_JOINED:
			counts->joined += machine == MACHINE_A;
			break;
		case MERGE_AMBIGUOUS:
			counts->ambiguous[machine]++;
			break;
		case MERGE_ODD:
			counts->odd[machine]++;
			break;
		case MERGE_DATAGRAM:
			counts->datagrams[machine]++;
			break;
		}
	}
}

int merge_join(struct merge *merge)
{
	int err = merge_pair(merge);

	if (err)
		return err;
	count(merge, MACHINE_A);
	count(merge, MACHINE_B);
	return merge_list(merge);
}

void merge_destroy(struct merge *merge)
{
	for (int machine = 0; machine < MACHINE_MAX; machine++)
		merge_side_destroy(&merge->sides[machine]);
	clock_fit_free(merge->clock);
	free(merge->list);
}
