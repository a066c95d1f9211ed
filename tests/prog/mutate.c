// SPDX-License-Identifier: GPL-2.0-only
/* Random frames near to valid requests. What the fast path answers, a second
 * reader of the frame must find to be a request whose flow has a lease, and
 * the reply must be right in every byte; what it passes on, it must not have
 * touched, and that reader must agree that it was not to be answered.
 * ICMPX_SEED repeats a run, ICMPX_MUTANTS sets how many. */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "run_lib.h"
#include "oracle_lib.h"

#define PEERS  3
#define LEASES (2 * 3 * PEERS)

struct known {
	int family;
	union flow flow;
	struct icmpx_lease lease;
};

static __u64 seed, state_now;
static __u32 mutants = 600000, mutants_vm = 30000; /* there, a run takes its time */

/* xorshift64*: the same everywhere for a seed, unlike rand(). */
static __u32 draw(__u32 below)
{
	state_now ^= state_now >> 12;
	state_now ^= state_now << 25;
	state_now ^= state_now >> 27;
	return (__u32)((state_now * 0x2545f4914f6cdd1dULL) >> 32) % below;
}

static __u8 odd_byte(void)
{
	static const __u8 values[] = {0, 1, 4, 5, 6, 8, 0x45, 0x46, 58, 0x7f, 0x80, 0x81, 0xff};
	__u32 i = draw(2 * ARRAY_SIZE(values));

	return i < ARRAY_SIZE(values) ? values[i] : draw(256);
}

static __u16 odd_proto(void)
{
	static const __u16 values[] = {0x0800, 0x86dd, TAG_8021Q, TAG_8021AD, 0x0806, 0x9100};

	return values[draw(ARRAY_SIZE(values))];
}

/* ---- leases and requests that they cover ---- */

static void choose_tags(struct spec *spec, int tags)
{
	for (int i = 0; i < tags; i++) {
		spec->tag[i].proto = i ? TAG_8021Q : TAG_8021AD;
		spec->tag[i].tci = 0x0123 + i;
	}
}

/* Two of three IPv6 peers have a lease for one label alone. */
static const __u32 labels[PEERS] = {0, 0x00000, 0x9abcd};

static void choose_label(struct icmpx_lease *lease, const struct spec *spec)
{
	if (spec->family == 4 || !spec->peer)
		return;
	lease->label_want = __builtin_bswap32(labels[spec->peer]);
}

static int grant_all(const struct echo_bpf *skel, struct known *known, bool any_peer)
{
	int count = 0;

	for (int i = 0; i < LEASES; i++) {
		struct spec spec = {.family = i & 1 ? 6 : 4, .peer = i / 2 % PEERS};
		struct known *new = &known[count];

		choose_tags(&spec, i / 2 / PEERS);
		if (any_peer && spec.peer)
			continue;
		new->family = spec.family;
		flow_of(&new->flow, &spec, any_peer);
		lease_for(&new->lease, &spec, any_peer);
		new->lease.ttl = 1 + i;
		new->lease.max_len = 28 + draw(400);
		choose_label(&new->lease, &spec);
		lease_put(skel, new->family, &new->flow, &new->lease);
		count++;
	}
	return count;
}

static void build(struct frame *frame)
{
	static const __u32 payloads[] = {0, 1, 3, 18, 56, 57, 200, 300};
	struct spec spec = {
		.family = draw(2) ? 6 : 4,
		.silent = !draw(4),
		.peer = draw(PEERS),
		.tos = draw(256),
		.ttl = draw(256),
		.code = draw(4) ? 0 : draw(256),
		.id = draw(4) ? draw(0x10000) : 0,
		.seq = draw(4) ? draw(0x10000) : 0,
		.ident = draw(0x10000),
		.frag = draw(4) << 14,
		.payload = payloads[draw(ARRAY_SIZE(payloads))],
		.padding = draw(2) * draw(20),
	};

	spec.label = draw(2) ? labels[spec.peer] : draw(0x100000);
	choose_tags(&spec, draw(3));
	frame_build(frame, &spec);
}

/* ---- mutations ---- */

static void insert_tag(struct frame *frame)
{
	if (frame->len + 4 > FRAME_MAX)
		return;
	memmove(frame->data + 16, frame->data + 12, frame->len - 12);
	put16(frame->data + 12, draw(2) ? TAG_8021AD : odd_proto());
	put16(frame->data + 14, draw(2) ? 0x0123 + draw(2) : draw(0x10000));
	frame->len += 4;
	frame->ip += 4;
	frame->icmp += 4;
	frame->end += 4;
}

static void remove_tag(struct frame *frame)
{
	if (frame->ip < 18 || frame->len < 18)
		return;
	memmove(frame->data + 12, frame->data + 16, frame->len - 16);
	frame->len -= 4;
	frame->ip -= 4;
	frame->icmp -= 4;
	frame->end -= 4;
}

/* Also where it then ends, so that mending makes it a whole message again. */
static void change_length(struct frame *frame)
{
	static const __s32 by[] = {-1, 1, -2, 2, -8, 8, -20, 20, 0x100, 0x8000};
	__u8 *field = frame->data + frame->ip + (frame->family == 4 ? 2 : 4);
	__u16 len = get16(field) + by[draw(ARRAY_SIZE(by))];
	__u32 end = (frame->family == 4 ? frame->ip : frame->icmp) + len;

	put16(field, len);
	if (end >= frame->icmp + 4 && end <= frame->len)
		frame->end = end;
}

static void swap_bytes(__u8 *a, __u8 *b, __u32 len)
{
	while (len--) {
		__u8 byte = a[len];

		a[len] = b[len];
		b[len] = byte;
	}
}

static void swap_ends(struct frame *frame)
{
	__u8 *ip = frame->data + frame->ip;

	if (draw(2))
		swap_bytes(frame->data, frame->data + 6, 6);
	else if (frame->family == 4)
		swap_bytes(ip + 12, ip + 16, 4);
	else
		swap_bytes(ip + 8, ip + 24, 16);
}

/* An address or MAC becomes one of the special ones. */
static void special_address(struct frame *frame)
{
	__u8 *ip = frame->data + frame->ip;
	__u32 at = frame->family == 4 ? 12 : 8, len = frame->family == 4 ? 4 : 16;
	__u8 *addr = ip + at + (draw(4) ? 0 : len);

	switch (draw(5)) {
	case 0:
		addr[0] = odd_byte();
		break;
	case 1:
		memset(addr, draw(2) ? 0 : 0xff, len);
		break;
	case 2: /* ::1, ::ffff:0:0/96, 0.0.0.1 */
		memset(addr, 0, len);
		addr[len - 1] = draw(3);
		if (len == 16 && draw(2))
			addr[10] = addr[11] = 0xff;
		break;
	case 3:
		memcpy(ip + at, ip + at + len, len);
		break;
	case 4:
		frame->data[draw(2) * 6] ^= 1 << draw(8);
		break;
	}
}

static void mutate_bytes(struct frame *frame)
{
	__u32 headers = frame->icmp + 8 < frame->len ? frame->icmp + 8 : frame->len;
	__u32 at = draw(4) ? draw(headers) : draw(frame->len);

	switch (draw(4)) {
	case 0:
		frame->data[at] ^= 1 << draw(8);
		break;
	case 1:
		frame->data[at] = odd_byte();
		break;
	case 2:
		if (at + 2 <= frame->len)
			put16(frame->data + at, get16(frame->data + at) + draw(3) - 1);
		break;
	case 3:
		frame->data[at] = frame->data[draw(frame->len)];
		break;
	}
}

static void mutate(struct frame *frame)
{
	switch (draw(12)) {
	case 0:
		frame_resize(frame, FRAME_MIN + draw(frame->len - FRAME_MIN + 1));
		break;
	case 1:
		frame_resize(frame, frame->len + draw(64));
		break;
	case 2:
		insert_tag(frame);
		break;
	case 3:
		remove_tag(frame);
		break;
	case 4:
		change_length(frame);
		break;
	case 5:
		swap_ends(frame);
		break;
	case 6:
		special_address(frame);
		break;
	case 7:
		put16(frame->data + (frame->ip - 2), odd_proto());
		break;
	default:
		mutate_bytes(frame);
	}
}

/* ---- the judge of the judge ---- */

/* The lease that covers the frame, or NULL. */
static const struct icmpx_lease *covering(const struct frame *in, struct echo *echo,
					  const struct known *known, int count, bool any_peer)
{
	union flow flow;

	if (!oracle_request(in, echo))
		return NULL;
	if (any_peer && (oracle_martian(in, echo) || in->data[6] & 1))
		return NULL;
	flow = echo->flow;
	if (any_peer)
		memset(&flow, 0, echo->family == 4 ? sizeof(flow.v4.peer) : sizeof(flow.v6.peer));
	for (int i = 0; i < count; i++)
		if (known[i].family == echo->family &&
		    !memcmp(&known[i].flow, &flow,
			    echo->family == 4 ? sizeof(flow.v4) : sizeof(flow.v6)))
			return oracle_covered(in, echo, &known[i].lease) ? &known[i].lease : NULL;
	return NULL;
}

static void check(const struct frame *in, const struct frame *out, __u32 action,
		  const struct echo *echo, const struct icmpx_lease *lease, bool any_peer)
{
	struct frame want = *in;

	if (action != (lease ? XDP_TX : XDP_PASS)) {
		frame_dump("in", in);
		fail_msg("%s, action %u", lease ? "not answered" : "not passed on", action);
	}
	if (lease)
		oracle_reply(in, echo, lease, any_peer, get16(out->data + echo->ip + 4), &want);
	assert_frame_equal(out, &want, lease ? "reply" : "passed");
}

static void check_counters(const struct echo_bpf *skel, __u32 runs, __u32 answered)
{
	struct icmpx_counter counters[ICMPX_VERDICT_MAX];
	__u64 sum = 0;

	counters_read(bpf_map__fd(skel->maps.verdicts), counters, ICMPX_VERDICT_MAX);
	for (int i = 0; i < ICMPX_VERDICT_MAX; i++)
		sum += counters[i].packets;
	assert_int_equal(sum, runs);
	assert_int_equal(counters[ICMPX_REPLIED_V4].packets + counters[ICMPX_REPLIED_V6].packets,
			 answered);
}

static void run(enum icmpx_trust trust, bool plain)
{
	struct icmpx_config config = config_default();
	bool any_peer = trust == ICMPX_TRUST_ADDRESS;
	struct echo_bpf *skel;
	struct known known[LEASES];
	__u32 answered = 0;
	int count;

	config.trust = trust;
	config.plain = plain;
	skel = echo_load(&config);
	count = grant_all(skel, known, any_peer);
	for (__u32 i = 0; i < mutants / 3; i++) {
		const struct icmpx_lease *lease;
		struct frame in, out;
		struct echo echo;
		__u32 action;

		build(&in);
		for (int n = draw(4); n > 0; n--)
			mutate(&in);
		if (in.end <= in.len && draw(2))
			frame_mend(&in); /* or only the checksums would be tried */
		lease = covering(&in, &echo, known, count, any_peer);
		action = frame_run(bpf_program__fd(skel->progs.icmpx_echo), &in, &out);
		check(&in, &out, action, &echo, lease, any_peer);
		answered += action == XDP_TX;
	}
	print_message("# ICMPX_SEED=%llu: %u frames, %u answered\n", seed, mutants / 3, answered);
	check_counters(skel, mutants / 3, answered);
	assert_uint_in_range(answered, mutants / 30, mutants / 3 - mutants / 30);
	echo_bpf__destroy(skel);
}

static void trust_flow(void **state)
{
	(void)state;
	run(ICMPX_TRUST_FLOW, true);
}

static void trust_flow_general(void **state)
{
	(void)state;
	run(ICMPX_TRUST_FLOW, false);
}

static void trust_address(void **state)
{
	(void)state;
	run(ICMPX_TRUST_ADDRESS, false);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(trust_flow),
		cmocka_unit_test(trust_flow_general),
		cmocka_unit_test(trust_address),
	};
	const char *given = getenv("ICMPX_SEED"), *many = getenv("ICMPX_MUTANTS");

	if (given)
		seed = strtoull(given, NULL, 0);
	else if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		seed = 1;
	if (many)
		mutants = strtoul(many, NULL, 0);
	else if (getenv("ICMPX_VM"))
		mutants = mutants_vm;
	state_now = seed ?: 1;
	if (skip_without_bpf())
		return 0;
	printf("# ICMPX_SEED=%llu ICMPX_MUTANTS=%u\n", seed, mutants);
	return tap_run("mutate", tests, ARRAY_SIZE(tests));
}
