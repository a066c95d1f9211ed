/* SPDX-License-Identifier: GPL-2.0-only */
/* What takes more than one reply to see, and the round trip. */
#ifndef LEARN_MORE_H
#define LEARN_MORE_H

static const struct spec plain4 = {V4}, plain6 = {V6}, tagged = {V4, .tag = {Q(0x64)}};

static void lease_set(const struct pair *pair, const struct spec *spec, struct icmpx_lease *lease)
{
	union flow flow;

	flow_of(&flow, spec, false);
	lease_put(pair->echo, spec->family, &flow, lease);
}

/* A note of this request, although there is a lease for it. */
static void note(const struct pair *pair, const struct spec *spec)
{
	struct frame request;

	leases_clear(pair->echo, spec->family);
	map_clear(requests_of(pair->echo, spec->family));
	frame_build(&request, spec);
	assert_int_equal(ask(pair, &request, NULL), XDP_PASS);
}

/* The request passes, and the learner makes that of the kernel's reply to it. */
static void pass_and_teach(const struct pair *pair, const struct spec *spec, struct frame *request,
			   struct frame *reply, enum icmpx_lesson want)
{
	frame_build(request, spec);
	reply_build(reply, spec);
	assert_int_equal(ask(pair, request, NULL), XDP_PASS);
	teach(pair, reply, false, 0, want);
}

/* A lease as learned from spec's reply, and then used; the kernel is asked once more. */
static struct pair *learned(const struct spec *spec, struct frame *reply, struct icmpx_lease *lease)
{
	struct pair *pair = loaded(false);
	struct frame request;

	pass_and_teach(pair, spec, &request, reply, ICMPX_LEARNED);
	*lease = lease_read(pair, spec, false);
	lease->served = 1000;
	lease->learned = lease->renewed = 1; /* second of uptime */
	lease->expires -= A_MINUTE;
	note(pair, spec);
	lease_set(pair, spec, lease);
	return pair;
}

/* The lease was renewed; but for its times, it must be `want` now. */
static void check_renewed(const struct pair *pair, const struct spec *spec,
			  struct icmpx_lease *want)
{
	struct icmpx_lease lease = lease_read(pair, spec, false);
	__u32 now = seconds(), since = now > 62 ? now - 60 : 2; /* 1 is when it was learned */

	assert_uint_in_range(lease.expires, want->expires + A_MINUTE, want->expires + 2 * A_MINUTE);
	assert_uint_in_range(lease.renewed, since, now);
	want->expires = lease.expires;
	want->renewed = lease.renewed;
	want->seal = seal(pair, spec, false, want);
	assert_memory_equal(&lease, want, sizeof(lease));
}

static void check_same(const struct pair *pair, const struct spec *spec,
		       const struct icmpx_lease *want)
{
	struct icmpx_lease lease = lease_read(pair, spec, false);

	assert_memory_equal(&lease, want, sizeof(lease));
}

/* Its own time runs out, whatever it is told again; the identification too. */
static void kept(void **state)
{
	struct icmpx_lease lease;
	struct frame reply;
	struct pair *pair = learned(&plain4, &reply, &lease);

	(void)state;
	teach(pair, &reply, false, 0, ICMPX_KEPT);
	check_same(pair, &plain4, &lease);
	pair = learned(&plain4, &reply, &lease);
	put16(reply.data + reply.ip + 4, IDENT + 1);
	frame_mend(&reply);
	teach(pair, &reply, false, 0, ICMPX_KEPT);
	check_same(pair, &plain4, &lease);
	pair = learned(&plain6, &reply, &lease);
	teach(pair, &reply, false, 0, ICMPX_KEPT);
	check_same(pair, &plain6, &lease);
}

static void kept_when_shorter(void **state)
{
	struct spec shorter = plain4;
	struct icmpx_lease lease;
	struct frame reply;
	struct pair *pair = learned(&plain4, &reply, &lease);

	(void)state;
	shorter.payload--;
	note(pair, &shorter);
	lease_set(pair, &plain4, &lease);
	reply_build(&reply, &shorter);
	teach(pair, &reply, false, 0, ICMPX_KEPT);
	check_same(pair, &plain4, &lease);
}

/* What is longer than the lease knows, the fast path passes on by itself. */
static void renewed_when_longer(void **state)
{
	struct spec longer = plain4;
	struct frame request, reply;
	struct icmpx_lease lease;
	struct pair *pair = learned(&plain4, &reply, &lease);

	(void)state;
	longer.payload++;
	frame_build(&request, &longer);
	map_clear(requests_of(pair->echo, 4));
	assert_int_equal(ask(pair, &request, NULL), XDP_PASS);
	reply_build(&reply, &longer);
	teach(pair, &reply, false, 0, ICMPX_RENEWED);
	lease.max_len++;
	check_renewed(pair, &plain4, &lease);
	assert_int_equal(ask(pair, &request, NULL), XDP_TX);
}

static void renewed_ttl(void **state)
{
	struct icmpx_lease lease;
	struct frame reply;
	struct pair *pair = learned(&plain4, &reply, &lease);

	(void)state;
	reply.data[reply.ip + 8] = lease.ttl = 255;
	frame_mend(&reply);
	teach(pair, &reply, false, 0, ICMPX_RENEWED);
	check_renewed(pair, &plain4, &lease);
	pair = learned(&plain6, &reply, &lease);
	reply.data[reply.ip + 7] = lease.ttl = 255;
	teach(pair, &reply, false, 0, ICMPX_RENEWED);
	check_renewed(pair, &plain6, &lease);
}

/* Each byte of the MAC that the reply went to. */
static void renewed_gateway(void **state)
{
	(void)state;
	for (int i = 0; i < 6; i++) {
		struct icmpx_lease lease;
		struct frame reply;
		struct pair *pair = learned(&plain4, &reply, &lease);

		reply.data[i] ^= 2;
		lease.peer_mac[i] ^= 2;
		teach(pair, &reply, false, 0, ICMPX_RENEWED);
		check_renewed(pair, &plain4, &lease);
	}
}

static void renewed_priority(void **state)
{
	struct icmpx_lease lease;
	struct frame reply;
	struct pair *pair = learned(&tagged, &reply, &lease);

	(void)state;
	reply.data[14] ^= 0x20;
	lease.tci[0] ^= htons(0x2000);
	teach(pair, &reply, true, 0, ICMPX_RENEWED);
	check_renewed(pair, &tagged, &lease);
}

/* From a label of its own to the request's: then it holds for that alone. */
static void renewed_label(void **state)
{
	struct icmpx_lease lease;
	struct frame reply;
	struct pair *pair = learned(&plain6, &reply, &lease);

	(void)state;
	put32(reply.data + reply.ip, 6U << 28 | 0x12345);
	lease.label = htonl(0x12345);
	teach(pair, &reply, false, 0, ICMPX_RENEWED);
	check_renewed(pair, &plain6, &lease);
	lease.expires -= A_MINUTE;
	note(pair, &plain6);
	lease_set(pair, &plain6, &lease);
	put32(reply.data + reply.ip, 6U << 28 | plain6.label);
	lease.label = lease.label_want = htonl(plain6.label);
	teach(pair, &reply, false, 0, ICMPX_RENEWED);
	check_renewed(pair, &plain6, &lease);
}

/* Then the length counts anew, also when it is less; what was served stays. */
static void renewed_expired(void **state)
{
	struct spec shorter = plain4;
	struct icmpx_lease lease, expired;
	struct frame reply;
	struct pair *pair = learned(&plain4, &reply, &lease);

	(void)state;
	expired = lease;
	expired.expires = 1;
	lease_set(pair, &plain4, &expired);
	teach(pair, &reply, false, 0, ICMPX_RENEWED);
	check_renewed(pair, &plain4, &lease);
	shorter.payload--;
	note(pair, &shorter);
	lease_set(pair, &plain4, &expired);
	reply_build(&reply, &shorter);
	teach(pair, &reply, false, 0, ICMPX_RENEWED);
	lease.max_len--;
	lease.expires -= A_MINUTE;
	check_renewed(pair, &plain4, &lease);
}

/* One that ends later than any that is made now was made with a longer --lease. */
static void renewed_too_far(void **state)
{
	struct icmpx_lease lease, far;
	struct frame reply;
	struct pair *pair = learned(&plain4, &reply, &lease);

	(void)state;
	far = lease;
	far.expires = ~0ULL;
	lease_set(pair, &plain4, &far);
	teach(pair, &reply, false, 0, ICMPX_RENEWED);
	check_renewed(pair, &plain4, &lease);
}

/* When it is about to end, what confirms its whole length renews it; what is shorter does not. */
static void renewed_early(void **state)
{
	struct pair *pair = loaded_early();
	struct spec shorter = plain4;
	struct icmpx_lease lease, old;
	struct frame request, reply;

	(void)state;
	pass_and_teach(pair, &plain4, &request, &reply, ICMPX_LEARNED);
	old = lease_read(pair, &plain4, false);
	old.expires -= LEASE - EARLY / 2;
	shorter.payload--;
	note(pair, &shorter);
	lease_set(pair, &plain4, &old);
	reply_build(&reply, &shorter);
	teach(pair, &reply, false, 0, ICMPX_KEPT);
	lease = lease_read(pair, &plain4, false);
	assert_memory_equal(&lease, &old, sizeof(lease));
	note(pair, &plain4);
	lease_set(pair, &plain4, &old);
	reply_build(&reply, &plain4);
	teach(pair, &reply, false, 0, ICMPX_RENEWED);
	lease = lease_read(pair, &plain4, false);
	assert_uint_in_range(lease.expires - old.expires, LEASE - EARLY / 2, LEASE);
	assert_int_equal(ask(pair, &request, NULL), XDP_TX);
}

/* All leases were ended: then it is none, however long it had to go. */
static void renewed_ended(void **state)
{
	struct icmpx_lease lease;
	struct frame reply;
	struct pair *pair = learned(&plain4, &reply, &lease);

	(void)state;
	((struct icmpx_epoch *)pair->echo->data_epoch)->floor = lease.expires;
	teach(pair, &reply, false, 0, ICMPX_RENEWED);
	check_renewed(pair, &plain4, &lease);
}

/* The reply to requests by another router is another lease, beside the first. */
static void learned_beside(void **state)
{
	struct icmpx_lease lease;
	struct frame request, reply;
	struct pair *pair = learned(&plain4, &reply, &lease);

	(void)state;
	frame_build(&request, &plain4);
	request.data[11]++;
	reply.data[5]++;
	assert_int_equal(ask(pair, &request, NULL), XDP_PASS); /* the same again: unfit */
	teach(pair, &reply, false, 0, ICMPX_UNASKED);
	map_clear(requests_of(pair->echo, 4));
	assert_int_equal(ask(pair, &request, NULL), XDP_PASS);
	teach(pair, &reply, false, 0, ICMPX_LEARNED);
	assert_int_equal(lease_count(pair->echo, 4), 2);
	assert_int_equal(ask(pair, &request, NULL), XDP_TX);
	request.data[11]--;
	assert_int_equal(ask(pair, &request, NULL), XDP_TX);
}

/* What leaves twice is taken for the reply once. */
static void one_reply(void **state)
{
	struct pair *pair = loaded(false);
	struct frame request, reply;

	(void)state;
	pass_and_teach(pair, &plain4, &request, &reply, ICMPX_LEARNED);
	reply.data[reply.ip + 8]++;
	frame_mend(&reply);
	teach(pair, &reply, false, 0, ICMPX_UNASKED);
}

/* The socket of a test run is neither raw nor of ICMP. */
static void origin(void **state)
{
	struct pair pair;
	struct icmpx_config config = config_default();
	struct frame request, reply;

	(void)state;
	config.origin.check = ICMPX_ORIGIN_SOCKET;
	pair.echo = echo_load(&config);
	pair.learn = learn_load(&config, pair.echo);
	pass_and_teach(&pair, &plain4, &request, &reply, ICMPX_ORIGIN);
	assert_int_equal(lease_count(pair.echo, 4), 0);
	learn_bpf__destroy(pair.learn);
	echo_bpf__destroy(pair.echo);
}

static void not_tied(void **state)
{
	struct pair pair;
	struct icmpx_config config = config_default();
	struct frame request, reply;

	(void)state;
	config.leased = ICMPX_IPV4;
	pair.echo = echo_load(&config);
	pair.learn = learn_load(&config, pair.echo);
	pass_and_teach(&pair, &plain6, &request, &reply, ICMPX_ANY_IIF);
	pass_and_teach(&pair, &plain4, &request, &reply, ICMPX_LEARNED);
	learn_bpf__destroy(pair.learn);
	echo_bpf__destroy(pair.echo);
}

/* A reply is for a request of the last second, no older. */
static void old_request(void **state)
{
	struct pair *pair = loaded(false);
	int map = requests_of(pair->echo, 4);
	struct frame request, reply;
	struct icmpx_request noted;
	union asked asked;

	(void)state;
	frame_build(&request, &plain4);
	reply_build(&reply, &plain4);
	asked_of(&asked, &plain4);
	assert_int_equal(ask(pair, &request, NULL), XDP_PASS);
	assert_int_equal(bpf_map_lookup_elem(map, &asked, &noted), 0);
	noted.asked -= HZ_NEVER;
	assert_int_equal(bpf_map_update_elem(map, &asked, &noted, BPF_ANY), 0);
	teach(pair, &reply, false, 0, ICMPX_UNASKED);
	noted.asked += A_MINUTE;
	assert_int_equal(bpf_map_update_elem(map, &asked, &noted, BPF_ANY), 0);
	teach(pair, &reply, false, 0, ICMPX_LEARNED);
}

/* From the reply on, not from the request. */
static void expiry_counts_from_now(void **state)
{
	struct pair *pair = loaded(false);
	int map = requests_of(pair->echo, 4);
	struct frame request, reply;
	struct icmpx_request noted;
	struct icmpx_lease lease;
	union asked asked;
	__u64 now;

	(void)state;
	frame_build(&request, &plain4);
	reply_build(&reply, &plain4);
	asked_of(&asked, &plain4);
	assert_int_equal(ask(pair, &request, NULL), XDP_PASS);
	assert_int_equal(bpf_map_lookup_elem(map, &asked, &noted), 0);
	now = noted.asked;
	noted.asked -= 10 * A_MINUTE;
	assert_int_equal(bpf_map_update_elem(map, &asked, &noted, BPF_ANY), 0);
	teach(pair, &reply, false, 0, ICMPX_LEARNED);
	lease = lease_read(pair, &plain4, false);
	assert_uint_in_range(lease.expires - FOREVER, now, now + A_MINUTE);
}

/* A lesson that is added to the list needs a reply here, or above. */
static void table_is_complete(void **state)
{
	bool seen[ICMPX_LESSON_MAX + 1] = {
		[ICMPX_KEPT] = true,    /* kept() */
		[ICMPX_RENEWED] = true, /* renewed_ttl() */
		[ICMPX_EVICTED] = true, /* evicted() */
		[ICMPX_ORIGIN] = true,  /* origin() */
		[ICMPX_ANY_IIF] = true, /* not_tied() */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++)
		seen[tests[i].want] = true;
	for (int i = 0; i < ICMPX_LESSON_MAX; i++)
		if (!seen[i])
			fail_msg("no reply for the lesson %s", name_of[i]);
}

/* Passed on, answered by the kernel, learned; then answered in the same bytes
 * by the fast path, trailing bytes aside. With --trust address the reply goes
 * to whom the request came from, and has no flow label. */
static void round_trip(const struct test *test, bool any_peer)
{
	struct pair *pair = loaded(any_peer);
	struct frame request, reply, out;

	frame_build(&request, &test->spec);
	reply_build(&reply, &test->spec);
	if (any_peer) {
		memcpy(reply.data, mac_peer, 6);
		if (test->spec.family == 6)
			put32(reply.data + reply.ip, 6U << 28 | test->spec.tos << 20);
	}
	assert_int_equal(ask(pair, &request, &out), XDP_PASS);
	assert_frame_equal(&out, &request, "passed");
	teach(pair, &reply, test->beside, 0, ICMPX_LEARNED);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(ask(pair, &request, &out), XDP_TX);
		assert_memory_equal(out.data + request.end, request.data + request.end,
				    request.len - request.end);
		out.len = request.end;
		assert_frame_equal(&out, &reply, test->name);
	}
}

static void round_trips(bool any_peer)
{
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++)
		if (tests[i].want == ICMPX_LEARNED && !tests[i].poke[0].len)
			round_trip(&tests[i], any_peer);
}

static void round_trip_flow(void **state)
{
	(void)state;
	round_trips(false);
}

static void round_trip_address(void **state)
{
	(void)state;
	round_trips(true);
}

#endif
