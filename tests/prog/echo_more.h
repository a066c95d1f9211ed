/* SPDX-License-Identifier: GPL-2.0-only */
/* What takes more than one frame to see. */
#ifndef ECHO_MORE_H
#define ECHO_MORE_H

static const struct spec plain4 = {V4};

static __u64 monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

/* The two forms of zero, by number: the reply's sum is 0, or a multiple of 0xffff. */
static void zero_checksum(void **state)
{
	struct echo_bpf *skel = loaded(FLOW);
	struct spec spec = {.family = 4, .payload = 56, .silent = true};
	int prog = bpf_program__fd(skel->progs.icmpx_echo);
	struct icmpx_lease lease;
	struct frame in, out;
	union flow flow;

	(void)state;
	flow_of(&flow, &spec, false);
	lease_for(&lease, &spec, false);
	lease_put(skel, 4, &flow, &lease);
	for (int id = 0; id <= 0xffff; id += 0xffff) {
		spec.id = id;
		frame_build(&in, &spec);
		assert_int_equal(frame_run(prog, &in, &out), XDP_TX);
		assert_int_equal(get16(out.data + out.icmp + 2), id ? 0x0000 : 0xffff);
	}
}

/* Half of one lease and half of another is no lease: one bit is enough to say so. */
static void torn_lease(void **state)
{
	struct echo_bpf *skel = loaded(FLOW);
	int prog = bpf_program__fd(skel->progs.icmpx_echo);

	(void)state;
	for (int family = 4; family <= 6; family += 2) {
		struct spec spec = {.family = family, ECHO};
		struct table table = leases_of(skel, family);
		struct icmpx_lease lease;
		struct frame in, out;
		union flow flow;

		frame_build(&in, &spec);
		flow_of(&flow, &spec, false);
		lease_for(&lease, &spec, false);
		lease_put(skel, family, &flow, &lease);
		assert_int_equal(frame_run(prog, &in, NULL), XDP_TX);
		for (size_t bit = 0; bit < 8 * offsetof(struct icmpx_lease, served); bit++) {
			__u8 *byte = (__u8 *)&lease + bit / 8;

			*byte ^= 1 << bit % 8;
			assert_int_equal(table_put_torn(&table, &flow, &lease), 0);
			if (frame_run(prog, &in, &out) != XDP_PASS)
				fail_msg("v%d: answered, bit %zu of the lease is wrong", family,
					 bit);
			assert_frame_equal(&out, &in, "passed");
			*byte ^= 1 << bit % 8;
		}
	}
}

/* A frame of spec's, from another peer where that is not 0. */
static void mate_build(struct frame *frame, union flow *flow, const struct spec *spec, __u32 peer)
{
	frame_build(frame, spec);
	flow_of(flow, spec, false);
	if (!peer)
		return;
	put32(frame->data + frame->ip + (spec->family == 4 ? 12 : 20), peer);
	memcpy(spec->family == 4 ? &flow->v4.peer : &flow->v6.peer[3],
	       frame->data + frame->ip + (spec->family == 4 ? 12 : 20), 4);
	frame_mend(frame);
}

/* As many flows as a set takes, that meet in one, each with a lease of its
 * own: told apart by the VLAN alone, or by the peer alone. */
static void mates(int family, bool by_peer)
{
	struct echo_bpf *skel = loaded(FLOW);
	struct table table = leases_of(skel, family);
	struct spec spec = {.family = family, ECHO, .tag = {Q(1), Q(1)}};
	struct frame in[ICMPX_WAYS], out, want;
	struct icmpx_lease lease[ICMPX_WAYS];
	union flow flow;
	struct echo echo;
	__u32 set = 0;

	for (int found = 0, n = 1; found < ICMPX_WAYS; n++) {
		if (!by_peer) {
			spec.tag[0].tci = n & 0xfff;
			spec.tag[1].tci = n >> 12;
		}
		mate_build(&in[found], &flow, &spec, by_peer ? 0x0a000000 + n : 0);
		if (found && table_set_of(&table, &flow) != set)
			continue;
		set = table_set_of(&table, &flow);
		lease_for(&lease[found], &spec, false);
		lease[found].ttl = 1 + found;
		lease_put(skel, family, &flow, &lease[found]);
		found++;
	}
	for (int i = 0; i < ICMPX_WAYS; i++) {
		assert_int_equal(frame_run(bpf_program__fd(skel->progs.icmpx_echo), &in[i], &out),
				 XDP_TX);
		assert_true(oracle_request(&in[i], &echo));
		oracle_reply(&in[i], &echo, &lease[i], false, get16(out.data + echo.ip + 4), &want);
		assert_frame_equal(&out, &want, "reply");
	}
}

static void set_mates(void **state)
{
	(void)state;
	mates(4, false);
	mates(4, true);
	mates(6, false);
	mates(6, true);
}

/* It goes on from the kernel's, so that replies made at once differ. */
static void identification(void **state)
{
	struct echo_bpf *skel = loaded(FLOW);
	int prog = bpf_program__fd(skel->progs.icmpx_echo);
	struct spec spec = plain4;
	struct icmpx_lease lease;
	struct frame in, out;
	union flow flow;

	(void)state;
	flow_of(&flow, &spec, false);
	lease_for(&lease, &spec, false);
	lease_put(skel, 4, &flow, &lease);
	for (int seq = 0xfffe; seq < 0x10002; seq++) {
		spec.seq = seq;
		frame_build(&in, &spec);
		assert_int_equal(frame_run(prog, &in, &out), XDP_TX);
		assert_int_equal(get16(out.data + out.ip + 4), (LEASE_IDENT + seq) & 0xffff);
	}
}

static void expiry_is_exact(void **state)
{
	struct echo_bpf *skel = loaded(FLOW);
	int prog = bpf_program__fd(skel->progs.icmpx_echo);
	struct icmpx_lease lease;
	struct frame in;
	union flow flow;

	(void)state;
	frame_build(&in, &plain4);
	flow_of(&flow, &plain4, false);
	lease_for(&lease, &plain4, false);
	lease.expires = jiffies_now(skel) + 3600 * 1000;
	lease_put(skel, 4, &flow, &lease);
	assert_int_equal(frame_run(prog, &in, NULL), XDP_TX);
	lease.expires = jiffies_now(skel); /* not valid from then on */
	lease_put(skel, 4, &flow, &lease);
	assert_int_equal(frame_run(prog, &in, NULL), XDP_PASS);
	/* Made with a longer --lease, which was replaced since. */
	lease.expires = jiffies_now(skel) + skel->rodata->config.lease + 1000;
	lease_put(skel, 4, &flow, &lease);
	assert_int_equal(frame_run(prog, &in, NULL), XDP_PASS);
}

static struct icmpx_request note_of(const struct echo_bpf *skel, const struct spec *spec)
{
	struct icmpx_request note;
	union asked asked;

	asked_of(&asked, spec);
	if (bpf_map_lookup_elem(requests_of(skel, spec->family), &asked, &note))
		fail_msg("no note of the request");
	return note;
}

/* In a flood, the reply comes after later requests have come; what is forged to look like one
 * of the flow's, for another MAC, too. */
static void notes_are_apart(void **state)
{
	struct echo_bpf *skel = loaded(FLOW);
	int prog = bpf_program__fd(skel->progs.icmpx_echo);
	struct icmpx_request first, again;
	struct spec spec = plain4;
	struct frame in;

	(void)state;
	frame_build(&in, &spec);
	frame_run(prog, &in, NULL);
	first = note_of(skel, &plain4);
	for (spec.seq++; spec.seq < plain4.seq + 20; spec.seq++) {
		frame_build(&in, &spec);
		in.data[5] ^= spec.seq & 1;
		frame_run(prog, &in, NULL);
		assert_false(note_of(skel, &spec).dead);
	}
	again = note_of(skel, &plain4);
	assert_memory_equal(&first, &again, sizeof(first));
}

/* The same request again makes a note unfit, until it is a second old or its reply has left. */
static void note_moves_on(void **state)
{
	struct echo_bpf *skel = loaded(FLOW);
	int prog = bpf_program__fd(skel->progs.icmpx_echo), map = requests_of(skel, 4);
	struct icmpx_request note;
	union asked asked;
	struct frame in;

	(void)state;
	asked_of(&asked, &plain4);
	frame_build(&in, &plain4);
	frame_run(prog, &in, NULL);
	assert_false(note_of(skel, &plain4).dead);
	frame_run(prog, &in, NULL);
	note = note_of(skel, &plain4);
	assert_true(note.dead);
	note.asked -= HZ_NEVER;
	assert_int_equal(bpf_map_update_elem(map, &asked, &note, BPF_ANY), 0);
	frame_run(prog, &in, NULL);
	note = note_of(skel, &plain4);
	assert_false(note.dead);
	note.done = true;
	assert_int_equal(bpf_map_update_elem(map, &asked, &note, BPF_ANY), 0);
	frame_run(prog, &in, NULL);
	assert_false(note_of(skel, &plain4).dead);
	assert_false(note_of(skel, &plain4).done);
}

/* Where no lease is made of a family, none of its requests is noted. */
static void not_leased(void **state)
{
	struct echo_bpf *skel = loaded(NOT_LEASED);
	int prog = bpf_program__fd(skel->progs.icmpx_echo);

	(void)state;
	for (int family = 4; family <= 6; family += 2) {
		struct spec spec = {.family = family, ECHO};
		struct frame in;

		frame_build(&in, &spec);
		assert_int_equal(frame_run(prog, &in, NULL), XDP_PASS);
		assert_int_equal(map_count(requests_of(skel, family)), family == 6);
	}
}

/* A packet is admitted while the bucket runs ahead by no more than a year. */
static void bucket_refills(void **state)
{
	struct echo_bpf *skel = loaded(LIMIT);
	int prog = bpf_program__fd(skel->progs.icmpx_echo), map = bpf_map__fd(skel->maps.sources);
	struct icmpx_source source = {.addr = {0, 0, htonl(0xffff)}};
	struct icmpx_bucket bucket = {};
	struct icmpx_lease lease;
	struct frame in;
	union flow flow;

	(void)state;
	frame_build(&in, &plain4);
	flow_of(&flow, &plain4, false);
	lease_for(&lease, &plain4, false);
	lease_put(skel, 4, &flow, &lease);
	memcpy(&source.addr[3], in.data + in.ip + 12, 4);
	bucket.arrival = monotonic_ns() + YEAR; /* a little less ahead when it is looked at */
	assert_int_equal(bpf_map_update_elem(map, &source, &bucket, BPF_ANY), 0);
	assert_int_equal(frame_run(prog, &in, NULL), XDP_TX);
	assert_int_equal(frame_run(prog, &in, NULL), XDP_DROP);
	bucket.arrival = monotonic_ns() + YEAR + 3600 * 1000000000ULL;
	assert_int_equal(bpf_map_update_elem(map, &source, &bucket, BPF_ANY), 0);
	assert_int_equal(frame_run(prog, &in, NULL), XDP_DROP);
}

/* However long nothing came, no more than the burst comes at once. */
static void idle_saves_nothing(void **state)
{
	struct echo_bpf *skel = loaded(LIMIT_SECOND);
	int prog = bpf_program__fd(skel->progs.icmpx_echo);
	struct frame in;
	__u64 start;

	(void)state;
	frame_build(&in, &plain4);
	for (int tries = 0; tries < 10; tries++) {
		__u32 first, second;

		state_clear(skel);
		start = monotonic_ns();
		first = frame_run(prog, &in, NULL);
		second = frame_run(prog, &in, NULL);
		assert_int_equal(first, XDP_PASS);
		if (monotonic_ns() - start > 900000000)
			continue; /* held up: the next one was due */
		assert_int_equal(second, XDP_DROP);
		return;
	}
	fail_msg("two packets took a second, ten times");
}

static void bucket_is_per_source(void **state)
{
	struct echo_bpf *skel = loaded(LIMIT);
	int prog = bpf_program__fd(skel->progs.icmpx_echo);
	struct spec spec = plain4;
	struct frame in;

	(void)state;
	for (spec.peer = 0; spec.peer < 3; spec.peer++) {
		frame_build(&in, &spec);
		for (int i = 0; i < 3; i++)
			assert_int_equal(frame_run(prog, &in, NULL), XDP_PASS);
		assert_int_equal(frame_run(prog, &in, NULL), XDP_DROP);
	}
}

#endif
