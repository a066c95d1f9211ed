/* SPDX-License-Identifier: GPL-2.0-only */
/* What takes more than one frame to see. */
#ifndef ECHO_MORE_H
#define ECHO_MORE_H

static const struct spec plain4 = {V4};

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
		for (size_t bit = 8 * offsetof(struct icmpx_lease, peer_mac);
		     bit < 8 * offsetof(struct icmpx_lease, served); bit++) {
			__u8 *byte = (__u8 *)&lease + bit / 8;

			/* IPv4 has no use for a label, so it does not look. */
			if (family == 4 && bit >= 8 * offsetof(struct icmpx_lease, label) &&
			    bit < 8 * offsetof(struct icmpx_lease, seal))
				continue;
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

/* What the kernel's clock says now: the time of a note. */
static __u64 jiffies_now(struct echo_bpf *skel)
{
	struct spec spec = {V4, .peer = 99};
	struct icmpx_request note;
	struct frame in;
	union flow flow;

	frame_build(&in, &spec);
	flow_of(&flow, &spec, false);
	bpf_map_delete_elem(requests_of(skel, 4), &flow);
	frame_run(bpf_program__fd(skel->progs.icmpx_echo), &in, NULL);
	assert_int_equal(bpf_map_lookup_elem(requests_of(skel, 4), &flow, &note), 0);
	return note.asked;
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
}

/* In a flood, the reply comes after later requests have come. */
static void note_stays(void **state)
{
	struct echo_bpf *skel = loaded(FLOW);
	int prog = bpf_program__fd(skel->progs.icmpx_echo);
	struct icmpx_request first, second;
	struct spec spec = plain4;
	struct frame in;
	union flow flow;

	(void)state;
	flow_of(&flow, &spec, false);
	frame_build(&in, &spec);
	frame_run(prog, &in, NULL);
	assert_int_equal(bpf_map_lookup_elem(requests_of(skel, 4), &flow, &first), 0);
	spec.seq++;
	frame_build(&in, &spec);
	frame_run(prog, &in, NULL);
	assert_int_equal(bpf_map_lookup_elem(requests_of(skel, 4), &flow, &second), 0);
	assert_memory_equal(&first, &second, sizeof(first));
}

/* ... but not for ever: older than a quarter of a second, it gives way. */
static void note_moves_on(void **state)
{
	struct echo_bpf *skel = loaded(FLOW);
	int prog = bpf_program__fd(skel->progs.icmpx_echo);
	struct icmpx_request note;
	struct spec spec = plain4;
	struct frame in;
	union flow flow;

	(void)state;
	flow_of(&flow, &spec, false);
	frame_build(&in, &spec);
	frame_run(prog, &in, NULL);
	assert_int_equal(bpf_map_lookup_elem(requests_of(skel, 4), &flow, &note), 0);
	note.asked -= HZ_NEVER / 4;
	assert_int_equal(bpf_map_update_elem(requests_of(skel, 4), &flow, &note, BPF_ANY), 0);
	spec.seq++;
	frame_build(&in, &spec);
	frame_run(prog, &in, NULL);
	assert_int_equal(bpf_map_lookup_elem(requests_of(skel, 4), &flow, &note), 0);
	assert_memory_equal(&note.id_seq, in.data + in.icmp + 4, 4);
}

static __u64 monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
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
