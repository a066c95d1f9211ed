/* SPDX-License-Identifier: GPL-2.0-only */
/* Which entry of a set a new lease takes. */
#ifndef LEARN_TABLE_H
#define LEARN_TABLE_H

/* Four flows that meet plain4 in its set; the second expires when it is told. */
static void fill_set(const struct pair *pair, __u64 expires)
{
	struct table table = leases_of(pair->echo, 4);
	struct icmpx_lease lease;
	union flow flow, other;
	int found = 0;

	flow_of(&flow, &plain4, false);
	lease_for(&lease, &plain4, false);
	flow_of(&other, &plain4, false);
	for (__u32 peer = 1; found < ICMPX_WAYS; peer++) {
		other.v4.peer = htonl(peer);
		if (table_set_of(&table, &other) != table_set_of(&table, &flow))
			continue;
		lease.served = found == 2 ? 10 : 20 + found; /* the third is worth least */
		lease.expires = found == 1 ? expires : FOREVER / 2;
		lease_put(pair->echo, 4, &other, &lease);
		found++;
	}
}

/* Served counts of those that are left, for telling them apart. */
static __u64 served_left(const struct pair *pair)
{
	struct table table = leases_of(pair->echo, 4);
	struct icmpx_set4 set;
	union flow flow;
	__u64 sum = 0;
	__u32 index;

	flow_of(&flow, &plain4, false);
	index = table_set_of(&table, &flow);
	assert_int_equal(bpf_map_lookup_elem(table.map, &index, &set), 0);
	for (int i = 0; i < ICMPX_WAYS; i++)
		sum += set.way[i].lease.served;
	return sum;
}

static void learn_plain4(const struct pair *pair, enum icmpx_lesson want)
{
	struct frame request, reply, out;

	frame_build(&request, &plain4);
	reply_build(&reply, &plain4);
	assert_int_equal(ask(pair, &request, NULL), XDP_PASS);
	teach(pair, &reply, false, 0, want);
	assert_int_equal(ask(pair, &request, &out), XDP_TX);
	assert_frame_equal(&out, &reply, "reply");
}

/* The one that served least goes: a flood of new flows spares those in use. */
static void evicted(void **state)
{
	struct pair *pair = loaded(false);

	(void)state;
	fill_set(pair, FOREVER / 2);
	learn_plain4(pair, ICMPX_EVICTED);
	assert_int_equal(served_left(pair), 20 + 21 + 23 + 1);
}

/* ... and before it, one that is no longer valid, however much it served. */
static void expired_gives_way(void **state)
{
	struct pair *pair = loaded(false);

	(void)state;
	fill_set(pair, 1);
	learn_plain4(pair, ICMPX_LEARNED);
	assert_int_equal(served_left(pair), 20 + 10 + 23 + 1);
	pair = loaded(false);
	fill_set(pair, ~0ULL); /* made with a longer --lease */
	learn_plain4(pair, ICMPX_LEARNED);
	assert_int_equal(served_left(pair), 20 + 10 + 23 + 1);
}

/* An entry of its flow that does not seal is none, and is written anew in its place. */
static void torn_is_replaced(void **state)
{
	struct pair *pair = loaded(false);
	struct table table = leases_of(pair->echo, 4);
	struct icmpx_lease lease;
	union flow flow;

	(void)state;
	flow_of(&flow, &plain4, false);
	lease_for(&lease, &plain4, false);
	lease.seal = table_seal(&table, &flow, &lease) ^ 2;
	assert_int_equal(table_put_torn(&table, &flow, &lease), 0);
	learn_plain4(pair, ICMPX_LEARNED);
	assert_int_equal(lease_count(pair->echo, 4), 1);
}

#endif
