/* SPDX-License-Identifier: GPL-2.0-only */
/* What ends or renews a lease before its time, and whose lease it is. */
#ifndef ECHO_ENDS_H
#define ECHO_ENDS_H

static const struct spec plain6 = {V6};

/* A lease of spec's flow, of the variant that has EARLY, with so many jiffies to go. */
static void grant_for(const struct echo_bpf *skel, const struct spec *spec, __u64 left,
		      struct icmpx_lease *lease)
{
	struct table table = leases_of(skel, spec->family);
	__u64 now = jiffies_now(skel);
	union flow flow;

	flow_of(&flow, spec, false);
	lease_for(lease, spec, false);
	lease->max_len = spec->family == 4 ? 84 : 104;
	lease->expires = now + left;
	lease_put(skel, spec->family, &flow, lease);
	assert_int_equal(table_set_asked(&table, &flow, now - LEASE), 0);
}

static enum icmpx_verdict verdict_of(const struct echo_bpf *skel, const struct frame *in,
				     struct frame *out)
{
	struct icmpx_counter before[ICMPX_VERDICT_MAX], after[ICMPX_VERDICT_MAX];
	int map = bpf_map__fd(skel->maps.verdicts);
	enum icmpx_verdict verdict = ICMPX_VERDICT_MAX;

	counters_read(map, before, ICMPX_VERDICT_MAX);
	frame_run(bpf_program__fd(skel->progs.icmpx_echo), in, out);
	counters_read(map, after, ICMPX_VERDICT_MAX);
	for (int i = 0; i < ICMPX_VERDICT_MAX; i++)
		if (after[i].packets != before[i].packets)
			verdict = i;
	return verdict;
}

#define assert_verdict(skel, in, want)                                                             \
	assert_string_equal(name_of[verdict_of(skel, in, NULL)], name_of[want])

/* In its last part a lease sends one request on, and goes on answering the others. */
static void renewed_once(enum variant variant, const struct spec *spec)
{
	enum icmpx_verdict reply = spec->family == 4 ? ICMPX_REPLIED_V4 : ICMPX_REPLIED_V6;
	struct echo_bpf *skel = loaded(variant);
	struct icmpx_lease lease;
	struct spec shorter = *spec;
	struct frame in, small;

	shorter.payload--;
	frame_build(&in, spec);
	frame_build(&small, &shorter);
	grant_for(skel, spec, EARLY + A_MINUTE, &lease);
	assert_verdict(skel, &in, reply);
	grant_for(skel, spec, EARLY - 1, &lease);
	assert_verdict(skel, &small, reply); /* its answer would not tell of the whole length */
	assert_verdict(skel, &in, ICMPX_PASS_RENEW);
	assert_false(note_of(skel, spec).dead);
	for (int i = 0; i < 5; i++)
		assert_verdict(skel, &in, reply);
}

static void renews(void **state)
{
	(void)state;
	renewed_once(RENEW, &plain4);
	renewed_once(RENEW, &plain6);
	renewed_once(RENEW_NEW, &plain4);
	renewed_once(RENEW_NEW, &plain6);
}

/* A flood of new flows has used up what --limit-new admits; a flow that is known asks all the
 * same, once; one that never was does not. */
static void known_are_admitted(void **state)
{
	struct echo_bpf *skel = loaded(RENEW_NEW);
	struct spec spec = plain4;
	struct icmpx_lease lease;
	struct frame in, other;

	(void)state;
	frame_build(&in, &plain4);
	grant_for(skel, &plain4, 0, &lease);
	for (spec.peer = 1; spec.peer < 9; spec.peer++) {
		frame_build(&other, &spec);
		frame_run(bpf_program__fd(skel->progs.icmpx_echo), &other, NULL);
	}
	assert_verdict(skel, &other, ICMPX_DROP_NEW);
	assert_verdict(skel, &in, ICMPX_PASS_EXPIRED);
	/* Beyond that it has a share of its own, as large. */
	for (int i = 0; i < 3; i++)
		assert_verdict(skel, &in, ICMPX_PASS_EXPIRED);
	assert_verdict(skel, &in, ICMPX_DROP_NEW);
	in.data[11]++; /* by another router */
	assert_verdict(skel, &in, ICMPX_DROP_NEW);
	((struct icmpx_bucket *)&skel->bss->known_flows)->arrival = 0;
	assert_verdict(skel, &in, ICMPX_PASS_SRC_MAC);
}

/* Requests that come by two routers in turns have a lease each; the third's asks. */
static void two_routers(void **state)
{
	struct echo_bpf *skel = loaded(FLOW);
	union flow flow;

	(void)state;
	flow_of(&flow, &plain4, false);
	for (int i = 0; i < 2; i++) {
		struct icmpx_lease lease;

		lease_for(&lease, &plain4, false);
		lease.from_mac[5] += i;
		lease.peer_mac[5] += i;
		lease_put(skel, 4, &flow, &lease);
	}
	for (int i = 0; i < 6; i++) {
		struct frame in, out;

		frame_build(&in, &plain4);
		in.data[11] += i % 3;
		assert_int_equal(verdict_of(skel, &in, &out),
				 i % 3 < 2 ? ICMPX_REPLIED_V4 : ICMPX_PASS_SRC_MAC);
		if (i % 3 < 2)
			assert_int_equal(out.data[5], mac_gateway[5] + i % 3);
	}
}

/* --- neighbours ------------------------------------------------------------- */

#define TO_ALL "\xff\xff\xff\xff\xff\xff"

/* From 192.0.2.9, which is at this MAC, about `target`. */
static void arp_build(struct frame *frame, bool to_all, int operation, __u8 mac, const char *target)
{
	static const __u8 start[] = {0x08, 0x06, 0, 1, 0x08, 0, 6, 4, 0};

	frame_build(frame, &plain4);
	frame_resize(frame, 60);
	memset(frame->data + 12, 0, 48);
	if (to_all)
		memcpy(frame->data, TO_ALL, 6);
	memcpy(frame->data + 12, start, sizeof(start));
	frame->data[21] = operation;
	frame->data[22] = 2;
	frame->data[27] = mac;
	memcpy(frame->data + 28, "\xc0\0\2\x09", 4);
	memcpy(frame->data + 38, target, 4);
}

/* An advertisement or a solicitation by fe80::9, which is at this MAC. */
static void ndisc_build(struct frame *frame, bool advert, __u8 mac)
{
	struct spec spec = {.family = 6, .payload = 24, .silent = true, .ttl = 255};
	__u8 *icmp;

	frame_build(frame, &spec);
	icmp = frame->data + frame->icmp;
	memset(icmp, 0, 32);
	icmp[0] = advert ? 136 : 135;
	memcpy(frame->data + frame->ip + 8, "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\x09", 16);
	memcpy(icmp + 8, frame->data + frame->ip + (advert ? 8 : 24), 16);
	icmp[24] = advert ? 2 : 1;
	icmp[25] = 1;
	icmp[26] = 2;
	icmp[31] = mac;
	frame_mend(frame);
}

/* As if all that moved had done so longer ago than the kernel may take to see it. */
static void neighbours_age(const struct echo_bpf *skel)
{
	int map = bpf_map__fd(skel->maps.neighbours);
	struct icmpx_neighbour key, next;
	struct icmpx_mac mac;

	for (int more = bpf_map_get_next_key(map, NULL, &key); !more; key = next) {
		assert_int_equal(bpf_map_lookup_elem(map, &key, &mac), 0);
		mac.moved -= mac.moved ? (ICMPX_MOVE_SECONDS + 1ULL) * HZ_NEVER : 0;
		assert_int_equal(bpf_map_update_elem(map, &key, &mac, BPF_ANY), 0);
		more = bpf_map_get_next_key(map, &key, &next);
	}
}

/* Whether the frame ends the leases of both families. */
static bool ends_all(struct echo_bpf *skel, const struct frame *frame)
{
	struct icmpx_lease lease;
	struct frame in4, in6, out;
	enum icmpx_verdict v4, v6;

	frame_build(&in4, &plain4);
	frame_build(&in6, &plain6);
	grant_for(skel, &plain4, EARLY + A_MINUTE, &lease);
	grant_for(skel, &plain6, EARLY + A_MINUTE, &lease);
	assert_verdict(skel, &in4, ICMPX_REPLIED_V4);
	assert_verdict(skel, &in6, ICMPX_REPLIED_V6);
	assert_int_equal(frame_run(bpf_program__fd(skel->progs.icmpx_echo), frame, &out), XDP_PASS);
	assert_frame_equal(&out, frame, "passed");
	v4 = verdict_of(skel, &in4, NULL);
	v6 = verdict_of(skel, &in6, NULL);
	assert_int_equal(v4 == ICMPX_PASS_EXPIRED, v6 == ICMPX_PASS_EXPIRED);
	*(struct icmpx_epoch *)skel->data_epoch = (struct icmpx_epoch){};
	return v4 == ICMPX_PASS_EXPIRED;
}

static void neighbours_v4(void **state)
{
	struct echo_bpf *skel = loaded(RENEW);
	struct frame frame;

	(void)state;
	/* Announced to all, and not known: since when it is there, nobody knows. */
	arp_build(&frame, true, 2, 1, "\xc0\0\2\x09");
	assert_true(ends_all(skel, &frame));
	assert_true(ends_all(skel, &frame)); /* the kernel may see it now */
	neighbours_age(skel);
	assert_false(ends_all(skel, &frame));
	map_clear(bpf_map__fd(skel->maps.neighbours));
	arp_build(&frame, true, 1, 1, "\xc0\0\2\x09");
	assert_true(ends_all(skel, &frame));
	map_clear(bpf_map__fd(skel->maps.neighbours));
	/* A question, or an answer to one of the kernel's. */
	arp_build(&frame, true, 1, 1, "\xc0\0\2\7");
	assert_false(ends_all(skel, &frame));
	map_clear(bpf_map__fd(skel->maps.neighbours));
	arp_build(&frame, false, 2, 1, "\xc0\0\2\2");
	assert_false(ends_all(skel, &frame));
	arp_build(&frame, true, 1, 1, "\xc0\0\2\7");
	assert_false(ends_all(skel, &frame));
	arp_build(&frame, true, 1, 2, "\xc0\0\2\7");
	assert_true(ends_all(skel, &frame)); /* known, and moved */
	arp_build(&frame, true, 1, 3, "\xc0\0\2\x09");
	assert_true(ends_all(skel, &frame)); /* gratuitous */
	arp_build(&frame, true, 2, 4, "\xc0\0\2\x09");
	assert_true(ends_all(skel, &frame));
	arp_build(&frame, false, 1, 5, "\xc0\0\2\2");
	assert_true(ends_all(skel, &frame));
	frame.data[27]++;
	frame.data[19] = 16; /* no IPv4 address */
	assert_false(ends_all(skel, &frame));
	frame.data[19] = 4;
	memset(frame.data + 28, 0, 4); /* a probe: of nobody's address */
	assert_false(ends_all(skel, &frame));
	arp_build(&frame, false, 2, 9, "\xc0\0\2\2");
	frame_resize(&frame, 41);
	assert_false(ends_all(skel, &frame));
}

static void neighbours_v6(void **state)
{
	struct echo_bpf *skel = loaded(RENEW);
	struct frame frame;

	(void)state;
	ndisc_build(&frame, true, 1);
	memcpy(frame.data, "\x33\x33\0\0\0\1", 6);
	assert_true(ends_all(skel, &frame));
	neighbours_age(skel);
	assert_false(ends_all(skel, &frame));
	map_clear(bpf_map__fd(skel->maps.neighbours));
	ndisc_build(&frame, true, 1);
	assert_false(ends_all(skel, &frame));
	ndisc_build(&frame, false, 1);
	assert_false(ends_all(skel, &frame));
	ndisc_build(&frame, false, 2);
	assert_true(ends_all(skel, &frame));
	ndisc_build(&frame, true, 3);
	assert_true(ends_all(skel, &frame));
	ndisc_build(&frame, true, 4);
	frame.data[frame.ip + 7] = 254; /* from beyond the link */
	assert_false(ends_all(skel, &frame));
	ndisc_build(&frame, true, 4);
	frame.data[frame.icmp + 24] = 1; /* an option that an advertisement does not have */
	assert_false(ends_all(skel, &frame));
	ndisc_build(&frame, true, 4);
	frame_resize(&frame, frame.icmp + 31);
	assert_false(ends_all(skel, &frame));
	/* Router advertisement and redirect, by the frame's MAC. */
	ndisc_build(&frame, true, 3);
	frame.data[frame.icmp] = 134;
	assert_true(ends_all(skel, &frame)); /* fe80::9 is at another MAC now */
	neighbours_age(skel);
	assert_false(ends_all(skel, &frame));
	frame.data[frame.icmp] = 137;
	assert_true(ends_all(skel, &frame));
	frame.data[frame.ip + 7] = 254;
	assert_false(ends_all(skel, &frame));
}

/* --- the path's MTU --------------------------------------------------------- */

/* "Too big" for this MTU, with the start of the reply that it is about. */
static void too_big_build(struct frame *frame, const struct spec *about, __u32 mtu)
{
	struct spec spec = {.family = about->family, .payload = 68, .silent = true, .ttl = 60};
	struct spec reply = *about;
	struct frame quoted;
	__u8 *icmp;

	reply.reply = true;
	frame_build(&quoted, &reply);
	frame_build(frame, &spec);
	icmp = frame->data + frame->icmp;
	icmp[0] = about->family == 4 ? 3 : 2;
	icmp[1] = about->family == 4 ? 4 : 0;
	put32(icmp + 4, mtu);
	memcpy(icmp + 8, quoted.data + quoted.ip, 68);
	frame_mend(frame);
}

static bool ends_one(const struct echo_bpf *skel, const struct spec *spec,
		     const struct frame *frame)
{
	struct icmpx_lease lease;
	struct frame in;
	bool ended;

	frame_build(&in, spec);
	grant_for(skel, spec, EARLY + A_MINUTE, &lease);
	ended = verdict_of(skel, frame, NULL) == ICMPX_PASS_TOO_BIG;
	assert_int_equal(verdict_of(skel, &in, NULL) == ICMPX_PASS_EXPIRED, ended);
	return ended;
}

static void too_big(void **state)
{
	struct echo_bpf *skel = loaded(RENEW);
	const struct spec *specs[] = {&plain4, &plain6};

	(void)state;
	for (int i = 0; i < 2; i++) {
		const struct spec *spec = specs[i];
		__u32 len = i ? 104 : 84;
		struct spec other = *spec;
		struct frame frame;

		too_big_build(&frame, spec, len - 1);
		assert_true(ends_one(skel, spec, &frame));
		too_big_build(&frame, spec, 0); /* before RFC 1191 */
		assert_true(ends_one(skel, spec, &frame));
		too_big_build(&frame, spec, len); /* which does fit */
		assert_false(ends_one(skel, spec, &frame));
		other.peer++;
		too_big_build(&frame, &other, 60);
		assert_false(ends_one(skel, spec, &frame));
		too_big_build(&frame, spec, 60);
		frame.data[frame.icmp + 8 + (i ? 6 : 9)] =
			17; /* about UDP: the MTU is the peer's */
		assert_true(ends_one(skel, spec, &frame));
		too_big_build(&frame, spec, 60);
		frame.data[frame.icmp + (i ? 0 : 1)]--; /* unreachable, for another reason */
		assert_false(ends_one(skel, spec, &frame));
		too_big_build(&frame, spec, 60);
		frame_resize(&frame, frame.icmp + 8 + (i ? 39 : 19));
		assert_false(ends_one(skel, spec, &frame));
	}
}

#endif
