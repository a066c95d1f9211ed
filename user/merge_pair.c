// SPDX-License-Identifier: GPL-2.0-only
/* Which pings of the two machines are one. First those that can be no other, which give the
 * offset of the clocks; by that the rest, whose identifiers and sequence numbers come again. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "merge.h"

#define SECOND    1000000000ll
#define ON_WIRE   (10 * SECOND) /* a packet is not longer on its way */
#define GROUP_MAX 1000          /* pings of one key and machine; of more nobody can tell */
#define ROUNDS    8

struct key {
	struct merge_identity identity; /* of the cookie's: only the sequence and the family */
	__u64 cookie;
};

_Static_assert(sizeof(struct key) == 48, "no padding: it is compared");

struct entry {
	struct key key;
	__u32 machine, index;
};

struct pairing {
	struct merge *merge;
	struct entry *entries;
	size_t count;
	bool by_cookie;
	bool mark; /* those that may be several */
	size_t joined;
};

static struct merge_ping *ping_of(const struct pairing *pairing, const struct entry *entry)
{
	return &pairing->merge->sides[entry->machine].pings[entry->index];
}

/* Random, as icmpx's own are; not the time, counted bytes, letters, as others have there. */
static bool is_distinct(__u64 cookie)
{
	unsigned char bytes[sizeof(cookie)];
	bool counted = true;

	memcpy(bytes, &cookie, sizeof(cookie));
	for (size_t i = 2; i < sizeof(bytes); i++)
		counted &= (unsigned char)(bytes[i] - bytes[i - 1]) ==
			   (unsigned char)(bytes[1] - bytes[0]);
	return !counted && memcmp(bytes, "\0\0\0", 4) && memcmp(bytes + 4, "\0\0\0", 4);
}

/* --- keys -------------------------------------------------------------------- */

static int by_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = memcmp(&x->key, &y->key, sizeof(x->key));

	if (order)
		return order;
	if (x->machine != y->machine)
		return x->machine < y->machine ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

static bool is_open(const struct merge_ping *ping)
{
	return ping->state == MERGE_ALONE || ping->state == MERGE_AMBIGUOUS;
}

static void add_entries(struct pairing *pairing, __u32 machine, __u32 index)
{
	const struct merge_ping *ping = &pairing->merge->sides[machine].pings[index];

	if (!is_open(ping) || (pairing->by_cookie && !is_distinct(ping->cookie)))
		return;
	for (__u32 i = 0; i < ping->identity_count; i++) {
		struct entry *entry = &pairing->entries[pairing->count++];

		*entry = (struct entry){.machine = machine, .index = index};
		entry->key.identity = ping->identities[i];
		if (!pairing->by_cookie)
			continue;
		entry->key = (struct key){
			.identity.seq = ping->identities[i].seq,
			.identity.family = ping->identities[i].family,
			.cookie = ping->cookie,
		};
		return;
	}
}

static int make_entries(struct pairing *pairing)
{
	const struct merge *merge = pairing->merge;
	size_t most = merge->sides[MACHINE_A].count + merge->sides[MACHINE_B].count;

	pairing->count = 0;
	if (!pairing->entries)
		pairing->entries = calloc(IDENTITIES * most + 1, sizeof(*pairing->entries));
	if (!pairing->entries)
		return -ENOMEM;
	for (__u32 machine = 0; machine < MACHINE_MAX; machine++)
		for (size_t i = 0; i < merge->sides[machine].count; i++)
			add_entries(pairing, machine, (__u32)i);
	qsort(pairing->entries, pairing->count, sizeof(*pairing->entries), by_key);
	return 0;
}

/* --- two of them -------------------------------------------------------------- */

static bool bound_fits(const struct clock_fit *clock, const struct clock_bound *bound)
{
	struct clock_span span;

	clock_fit_at(clock, bound->time, &span);
	if (bound->upper)
		return (!span.has_min || bound->ns >= span.min) &&
		       (!span.has_max || bound->ns <= span.max + ON_WIRE);
	return (!span.has_max || bound->ns <= span.max) &&
	       (!span.has_min || bound->ns >= span.min - ON_WIRE);
}

static bool may_be_one(const struct merge *merge, const struct merge_ping *a,
		       const struct merge_ping *b)
{
	struct clock_bound bounds[2];
	enum machine sender;
	size_t count;

	if (!is_open(a) || !is_open(b) || (a->cookie && b->cookie && a->cookie != b->cookie) ||
	    !merge_sender(a, b, &sender))
		return false;
	count = merge_bounds(a, b, sender, bounds);
	for (size_t i = 0; merge->clock && i < count; i++)
		if (!bound_fits(merge->clock, &bounds[i]))
			return false;
	return true;
}

/* How many of `others` it may be; *only: the last one of those. */
static size_t partners(const struct pairing *pairing, const struct entry *entry,
		       const struct entry *others, size_t count, const struct entry **only)
{
	const struct merge_ping *ping = ping_of(pairing, entry);
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		const struct merge_ping *other = ping_of(pairing, &others[i]);
		bool first = entry->machine == MACHINE_A;

		if (!may_be_one(pairing->merge, first ? ping : other, first ? other : ping))
			continue;
		found++;
		*only = &others[i];
	}
	return found;
}

static void join(struct pairing *pairing, const struct entry *a, const struct entry *b)
{
	struct merge_ping *one = ping_of(pairing, a), *other = ping_of(pairing, b);

	one->state = other->state = MERGE_JOINED;
	one->partner = b->index;
	other->partner = a->index;
	pairing->joined++;
}

static void mark(struct pairing *pairing, const struct entry *entries, size_t count)
{
	for (size_t i = 0; pairing->mark && i < count; i++)
		if (is_open(ping_of(pairing, &entries[i])))
			ping_of(pairing, &entries[i])->state = MERGE_AMBIGUOUS;
}

/* Of one key: first A's, then B's. */
static void pair_group(struct pairing *pairing, const struct entry *a, size_t count_a,
		       const struct entry *b, size_t count_b)
{
	if (!count_a || !count_b)
		return;
	if (count_a > GROUP_MAX || count_b > GROUP_MAX) {
		mark(pairing, a, count_a + count_b);
		return;
	}
	for (size_t i = 0; i < count_a; i++) {
		const struct entry *one = NULL, *back = NULL;
		size_t found = partners(pairing, &a[i], b, count_b, &one);

		if (found == 1 && partners(pairing, one, a, count_a, &back) == 1)
			join(pairing, &a[i], one);
		else if (found)
			mark(pairing, &a[i], 1);
	}
	for (size_t i = 0; i < count_b && pairing->mark; i++) {
		const struct entry *one = NULL;

		if (partners(pairing, &b[i], a, count_a, &one))
			mark(pairing, &b[i], 1);
	}
}

static int pair_round(struct pairing *pairing, bool by_cookie)
{
	size_t begin = 0;

	pairing->by_cookie = by_cookie;
	if (make_entries(pairing))
		return -ENOMEM;
	while (begin < pairing->count) {
		const struct entry *first = &pairing->entries[begin];
		size_t end = begin, from_b = 0;

		for (; end < pairing->count &&
		       !memcmp(&pairing->entries[end].key, &first->key, sizeof(first->key));
		     end++)
			from_b += pairing->entries[end].machine == MACHINE_B;
		pair_group(pairing, first, end - begin - from_b, &pairing->entries[end - from_b],
			   from_b);
		begin = end;
	}
	return 0;
}

/* Each that is found may make another one certain. */
static int pair_rounds(struct pairing *pairing)
{
	for (int i = 0; i < ROUNDS; i++) {
		pairing->joined = 0;
		if (pair_round(pairing, false) || pair_round(pairing, true))
			return -ENOMEM;
		if (!pairing->joined)
			return 0;
	}
	return 0;
}

/* --- ---------------------------------------------------------------------------- */

static bool is_same_machine(const struct merge *merge)
{
	const char *a = merge->sides[MACHINE_A].boot, *b = merge->sides[MACHINE_B].boot;

	return *a && !strcmp(a, b);
}

static void leave_out_datagrams(struct merge *merge)
{
	for (int machine = 0; machine < MACHINE_MAX; machine++)
		for (size_t i = 0; i < merge->sides[machine].count; i++)
			if (merge->sides[machine].pings[i].ping.packet.kind == ICMPX_KIND_UDP ||
			    merge->sides[machine].pings[i].ping.packet.protocol == 17)
				merge->sides[machine].pings[i].state = MERGE_DATAGRAM;
}

static int pair_all(struct pairing *pairing)
{
	struct merge *merge = pairing->merge;

	if (is_same_machine(merge)) {
		merge->clock = clock_fit_same();
	} else {
		if (pair_round(pairing, false) || pair_round(pairing, true) ||
		    merge_drop_odd(merge) || merge_fit_clock(merge))
			return -ENOMEM;
	}
	if (!merge->clock || pair_rounds(pairing))
		return -ENOMEM;
	if (clock_fit_model(merge->clock) != CLOCK_SAME && merge_fit_clock(merge))
		return -ENOMEM;
	pairing->mark = true;
	return pair_round(pairing, false) || pair_round(pairing, true) ? -ENOMEM : 0;
}

int merge_pair(struct merge *merge)
{
	struct pairing pairing = {.merge = merge};
	int err;

	leave_out_datagrams(merge);
	err = pair_all(&pairing);
	free(pairing.entries);
	return err;
}
