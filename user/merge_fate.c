// SPDX-License-Identifier: GPL-2.0-only
/* What became of each ping between the two machines. That a packet was lost is said only where
 * the machine that did not see it was recording, and lost no records. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "merge.h"

#define MARGIN 1000000000ll /* ns that it may have been on its way */

struct address {
	__u8 bytes[16];
	__u32 family;
};

struct addresses {
	struct address *list;
	size_t count;
};

struct listing {
	struct merge *merge;
	struct addresses addresses[MACHINE_MAX]; /* that the machine sends from or answers at */
	struct clock_span joined[MACHINE_MAX];   /* from the first one that is joined to the last */
};

/* --- when ----------------------------------------------------------------------- */

/* The offset when the machine's clock showed `time`. */
static void offset_at(const struct merge *merge, enum machine machine, __u64 time,
		      struct clock_span *span)
{
	if (machine == MACHINE_B) {
		clock_fit_at(merge->clock, merge->first, span);
		time -= span->has_min && span->has_max ? clock_span_middle(span)
			: span->has_max                ? span->max
						       : span->min;
	}
	clock_fit_at(merge->clock, time, span);
}

/* The other machine's clock when this one's showed `time`. */
static void other_time(const struct merge *merge, enum machine machine, __u64 time,
		       struct clock_span *other)
{
	struct clock_span span;

	offset_at(merge, machine, time, &span);
	*other = span;
	other->min = (__s64)time + span.min;
	other->max = (__s64)time + span.max;
	if (machine == MACHINE_A)
		return;
	other->has_min = span.has_max;
	other->has_max = span.has_min;
	other->min = (__s64)time - span.max;
	other->max = (__s64)time - span.min;
}

/* Whether what one machine sent at `time` would have been recorded by the other. Without a bound
 * on that side: others that were sent earlier, or later, have been. */
static bool would_be_seen(const struct listing *listing, enum machine from, __u64 time)
{
	const struct merge_side *to = &listing->merge->sides[machine_other(from)];
	const struct clock_span *joined = &listing->joined[from];
	struct clock_span there;
	bool begun, going_on;

	other_time(listing->merge, from, time, &there);
	begun = there.has_min ? there.min >= (__s64)to->started
			      : joined->has_min && (__s64)time >= joined->min;
	going_on = there.has_max ? there.max + MARGIN <= (__s64)to->ended
				 : joined->has_max && (__s64)time <= joined->max;
	return begun && going_on && !to->lost;
}

/* --- whose ------------------------------------------------------------------------ */

static int by_address(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct address));
}

static void add_addresses(struct addresses *addresses, const struct merge_ping *ping)
{
	bool sends = ping->request.left;

	if (ping->request.left == ping->request.arrived)
		return;
	for (__u32 i = 0; i < ping->identity_count; i++) {
		struct address *address = &addresses->list[addresses->count++];

		*address = (struct address){.family = ping->identities[i].family};
		memcpy(address->bytes,
		       sends ? ping->identities[i].source : ping->identities[i].destination, 16);
	}
}

static int find_addresses(struct listing *listing, enum machine machine)
{
	const struct merge_side *side = &listing->merge->sides[machine];
	struct addresses *addresses = &listing->addresses[machine];

	addresses->list = calloc(IDENTITIES * side->count + 1, sizeof(*addresses->list));
	if (!addresses->list)
		return -ENOMEM;
	for (size_t i = 0; i < side->count; i++)
		add_addresses(addresses, &side->pings[i]);
	qsort(addresses->list, addresses->count, sizeof(*addresses->list), by_address);
	return 0;
}

static bool is_for(const struct addresses *addresses, const struct merge_ping *ping)
{
	for (__u32 i = 0; i < ping->identity_count; i++) {
		struct address address = {.family = ping->identities[i].family};

		memcpy(address.bytes, ping->identities[i].destination, 16);
		if (bsearch(&address, addresses->list, addresses->count, sizeof(address),
			    by_address))
			return true;
	}
	return false;
}

/* --- what -------------------------------------------------------------------------- */

static bool was_read(const struct merge_ping *sender)
{
	/* A router hands it on. */
	if (sender->request.arrived)
		return sender->reply.left;
	return sender->ping.end == PING_COMPLETE || sender->ping.end == PING_RECEIVED;
}

static enum merge_fate fate_of(const struct listing *listing, const struct merged *merged)
{
	const struct merge_ping *sender = merged->seen[merged->sender];
	enum machine other = machine_other(merged->sender);
	const struct merge_ping *responder = merged->seen[other];

	if (sender->ping.end == PING_ERROR || responder->ping.end == PING_ERROR)
		return FATE_ERROR;
	if (sender->reply.arrived && responder->reply.left)
		return was_read(sender)    ? FATE_COMPLETE
		       : sender->ping.lost ? FATE_UNKNOWN
					   : FATE_NOT_READ;
	if (responder->reply.left && responder->ping.end != PING_DROPPED)
		return !sender->ping.lost && would_be_seen(listing, other, responder->reply.out)
			       ? FATE_REPLY_LOST
			       : FATE_UNKNOWN;
	if (sender->reply.arrived || responder->ping.lost ||
	    (__s64)responder->request.in + MARGIN > (__s64)listing->merge->sides[other].ended)
		return FATE_UNKNOWN;
	return FATE_NOT_ANSWERED;
}

/* A request that left, for the other machine, which has not seen it. */
static bool is_lost_request(const struct listing *listing, enum machine machine,
			    const struct merge_ping *ping)
{
	const struct crossing *request = &ping->request;

	if (ping->state != MERGE_ALONE || !request->left || ping->ping.end == PING_DROPPED ||
	    ping->ping.end == PING_ERROR || (request->arrived && request->in > request->out) ||
	    ping->reply.arrived)
		return false;
	return is_for(&listing->addresses[machine_other(machine)], ping) &&
	       would_be_seen(listing, machine, request->out);
}

/* --- the list ----------------------------------------------------------------------- */

static void join_times(struct listing *listing, enum machine machine)
{
	const struct merge_side *side = &listing->merge->sides[machine];
	struct clock_span *span = &listing->joined[machine];

	for (size_t i = 0; i < side->count; i++) {
		__s64 time = (__s64)side->pings[i].ping.first;

		if (side->pings[i].state != MERGE_JOINED)
			continue;
		if (!span->has_min || time < span->min)
			span->min = time;
		if (!span->has_max || time > span->max)
			span->max = time;
		span->has_min = span->has_max = true;
	}
}

bool merged_is_rewritten(const struct merged *merged)
{
	const struct merge_ping *a = merged->seen[MACHINE_A], *b = merged->seen[MACHINE_B];

	for (__u32 i = 0; i < a->identity_count; i++)
		for (__u32 j = 0; j < b->identity_count; j++)
			if (!memcmp(&a->identities[i], &b->identities[j], sizeof(a->identities[i])))
				return false;
	return true;
}

static void list_joined(struct listing *listing, const struct merge_ping *a)
{
	struct merge *merge = listing->merge;
	const struct merge_ping *b = &merge->sides[MACHINE_B].pings[a->partner];
	struct merged *merged = &merge->list[merge->count++];

	*merged = (struct merged){.seen = {a, b}};
	merge_sender(a, b, &merged->sender);
	merged->fate = fate_of(listing, merged);
	merge->counts.by_cookie += merged_is_rewritten(merged);
	offset_at(merge, merged->sender, merged->seen[merged->sender]->request.out,
		  &merged->offset);
}

static void list_lost(struct listing *listing, enum machine machine, const struct merge_ping *ping)
{
	struct merge *merge = listing->merge;
	struct merged *merged = &merge->list[merge->count++];

	*merged = (struct merged){.sender = machine, .fate = FATE_REQUEST_LOST};
	merged->seen[machine] = ping;
	offset_at(merge, machine, ping->request.out, &merged->offset);
	merge->counts.alone[machine]--;
}

static void list_side(struct listing *listing, enum machine machine)
{
	const struct merge_side *side = &listing->merge->sides[machine];

	for (size_t i = 0; i < side->count; i++) {
		const struct merge_ping *ping = &side->pings[i];

		if (ping->state == MERGE_JOINED && machine == MACHINE_A)
			list_joined(listing, ping);
		else if (is_lost_request(listing, machine, ping))
			list_lost(listing, machine, ping);
	}
}

static __u64 time_of(const struct merged *merged)
{
	const struct clock_span *span = &merged->offset;

	if (merged->seen[MACHINE_A])
		return merged->seen[MACHINE_A]->ping.first;
	return merged->seen[MACHINE_B]->ping.first - (clock_span_is_known(span)
							      ? clock_span_middle(span)
						      : span->has_max ? span->max
								      : span->min);
}

static int by_time(const void *a, const void *b)
{
	__u64 x = time_of(a), y = time_of(b);

	return (x > y) - (x < y);
}

static int make_list(struct listing *listing)
{
	struct merge *merge = listing->merge;

	merge->list = calloc(merge->sides[MACHINE_A].count + merge->sides[MACHINE_B].count + 1,
			     sizeof(*merge->list));
	if (!merge->list || find_addresses(listing, MACHINE_A) ||
	    find_addresses(listing, MACHINE_B))
		return -ENOMEM;
	join_times(listing, MACHINE_A);
	join_times(listing, MACHINE_B);
	merge->first = (__u64)listing->joined[MACHINE_A].min;
	merge->last = (__u64)listing->joined[MACHINE_A].max;
	if (!merge->counts.joined)
		return 0;
	list_side(listing, MACHINE_A);
	list_side(listing, MACHINE_B);
	qsort(merge->list, merge->count, sizeof(*merge->list), by_time);
	for (size_t i = 0; i < merge->count; i++)
		merge->counts.fates[merge->list[i].fate]++;
	return 0;
}

int merge_list(struct merge *merge)
{
	struct listing listing = {.merge = merge};
	int err = make_list(&listing);

	free(listing.addresses[MACHINE_A].list);
	free(listing.addresses[MACHINE_B].list);
	return err;
}
