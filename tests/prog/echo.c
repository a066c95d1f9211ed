// SPDX-License-Identifier: GPL-2.0-only
/* The fast path, a frame at a time: XDP action, counters, every byte that
 * comes out, and what it leaves in the maps. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "run_lib.h"
#include "oracle_lib.h"
#include "echo_cases.h"

#define LEASE    (1U << 30) /* jiffies: weeks, which a word of 32 bits holds, */
#define EARLY    (1U << 28) /* and those in which it is renewed */
#define A_MINUTE 60000      /* jiffies, at least six seconds */

#define YEAR (365ULL * 86400 * 1000000000)

static const int action_of[] = {
#define X(id, action, name, help) [ICMPX_##id] = XDP_##action,
	ICMPX_VERDICTS(X)
#undef X
};

static const char *const name_of[] = {
#define X(id, action, name, help) [ICMPX_##id] = name,
	ICMPX_VERDICTS(X)
#undef X
};

/* A note gives way to a later one after a quarter of so many jiffies. */

/* Each set of options is loaded when a case first needs it. */
static struct echo_bpf *loaded(enum variant variant)
{
	static struct echo_bpf *skels[VARIANTS];
	struct icmpx_config config = config_default();
	struct icmpx_rate rate = {.interval = YEAR / 2, .tolerance = YEAR};

	if (skels[variant]) {
		state_clear(skels[variant]);
		return skels[variant];
	}
	config.plain = variant == FLOW;
	if (variant == ADDRESS)
		config.trust = ICMPX_TRUST_ADDRESS;
	config.observe = variant == OBSERVE || variant == OBSERVE_LIMIT || variant == OBSERVE_NEW;
	if (variant == LIMIT || variant == OBSERVE_LIMIT)
		config.limit = rate;
	if (variant == LIMIT_NEW || variant == OBSERVE_NEW)
		config.limit_new = rate;
	if (variant == IPV4_ONLY || variant == IPV6_ONLY)
		config.families = variant == IPV4_ONLY ? ICMPX_IPV4 : ICMPX_IPV6;
	if (variant == LIMIT_SECOND)
		config.limit.interval = 1000000000;
	if (variant == RENEW || variant == RENEW_NEW) {
		config.plain = variant == RENEW;
		config.lease = LEASE;
		config.early = EARLY;
	}
	if (variant == RENEW_NEW)
		config.limit_new = rate;
	if (variant == NOT_LEASED)
		config.leased = ICMPX_IPV6;
	return skels[variant] = echo_load(&config);
}

static bool asks(enum icmpx_verdict verdict)
{
	return verdict == ICMPX_PASS_NO_LEASE || verdict == ICMPX_PASS_EXPIRED ||
	       verdict == ICMPX_PASS_DST_MAC || verdict == ICMPX_PASS_LENGTH ||
	       verdict == ICMPX_PASS_LABEL || verdict == ICMPX_PASS_SRC_MAC;
}

static void build(const struct test *test, struct frame *frame)
{
	frame_build(frame, &test->spec);
	frame_poke(frame, test->poke);
	if (test->mend)
		frame_mend(frame);
	if (test->cut)
		frame_resize(frame, test->cut);
}

/* The lease of the frame as it was before the pokes. */
static void grant(const struct test *test, const struct echo_bpf *skel, union flow *flow,
		  struct icmpx_lease *lease)
{
	bool any_peer = test->variant == ADDRESS;
	struct icmpx_lease other;
	union flow own;

	flow_of(flow, &test->spec, any_peer);
	lease_for(lease, &test->spec, any_peer);
	if (test->lease)
		test->lease(lease);
	if (!test->no_lease)
		lease_put(skel, test->spec.family, flow, lease);
	if (!test->own)
		return;
	flow_of(&own, &test->spec, false);
	if (test->spec.family == 4) {
		own.v4.local = own.v4.peer;
		own.v4.peer = 0;
	} else {
		memcpy(own.v6.local, own.v6.peer, 16);
		memset(own.v6.peer, 0, 16);
	}
	other = *lease;
	lease_put(skel, test->spec.family, &own, &other);
}

static void check_counters(const struct echo_bpf *skel, const struct icmpx_counter *before,
			   enum icmpx_verdict want, __u32 bytes)
{
	struct icmpx_counter after[ICMPX_VERDICT_MAX];

	counters_read(bpf_map__fd(skel->maps.verdicts), after, ICMPX_VERDICT_MAX);
	for (__u32 i = 0; i < ICMPX_VERDICT_MAX; i++) {
		__u64 packets = after[i].packets - before[i].packets;
		__u64 sum = after[i].bytes - before[i].bytes;

		if (packets != (i == want) || sum != (i == want ? bytes : 0))
			fail_msg("%s: counted %llu packets, %llu bytes (expected: %s, %u bytes)",
				 name_of[i], packets, sum, name_of[want], bytes);
	}
}

static void check_bytes(const struct test *test, const struct frame *in, const struct frame *out,
			const struct icmpx_lease *lease)
{
	struct frame want;
	struct echo echo;

	if (action_of[test->want] != XDP_TX) {
		assert_frame_equal(out, in, "a frame that was not answered");
		return;
	}
	assert_true(oracle_request(in, &echo));
	oracle_reply(in, &echo, lease, test->variant == ADDRESS, get16(out->data + echo.ip + 4),
		     &want);
	assert_frame_equal(out, &want, "reply");
}

static void check_lease(const struct test *test, const struct echo_bpf *skel,
			const union flow *flow, struct icmpx_lease *want)
{
	struct icmpx_lease lease;

	if (test->no_lease) {
		assert_int_equal(lease_count(skel, test->spec.family), 0);
		return;
	}
	assert_true(lease_get(skel, test->spec.family, flow, &lease));
	if (action_of[test->want] == XDP_TX)
		want->served += test->before + 1;
	else
		lease.served = want->served; /* those before may have been answered */
	assert_memory_equal(&lease, want, sizeof(lease));
}

/* The key of the note of a frame that was poked. */
static const union asked *asked_by(const struct frame *in, const struct echo *echo,
				   union asked *asked)
{
	__u8 *bytes = (__u8 *)asked;
	int len = echo->family == 4 ? 4 : 16;

	memset(asked, 0, sizeof(*asked));
	memcpy(bytes, in->data + echo->icmp - 2 * len, 2 * len);
	memcpy(bytes + 2 * len, in->data + echo->icmp + 4, 4);
	return asked;
}

static void check_note(const struct test *test, const struct echo_bpf *skel, const struct frame *in)
{
	int map = requests_of(skel, test->spec.family);
	struct icmpx_request note, want = {};
	union asked asked;
	struct echo echo;

	if (test->before)
		return; /* theirs */
	if (!asks(test->want)) {
		assert_int_equal(map_count(map), 0);
		return;
	}
	assert_true(oracle_request(in, &echo));
	assert_int_equal(map_count(map), 1);
	assert_int_equal(bpf_map_lookup_elem(map, asked_by(in, &echo, &asked), &note), 0);
	assert_true(note.asked);
	want.asked = note.asked;
	want.vlan = test->spec.family == 4 ? echo.flow.v4.vlan : echo.flow.v6.vlan;
	memcpy(&want.check, in->data + echo.icmp + 2, 2);
	want.label = htonl(echo.label);
	want.len = echo.end - echo.ip;
	want.tos = test->spec.tos;
	want.code = in->data[echo.icmp + 1];
	memcpy(want.local_mac, in->data, 6);
	if (test->variant != ADDRESS)
		memcpy(want.from_mac, in->data + 6, 6);
	assert_memory_equal(&note, &want, sizeof(note));
}

static void run_with(const struct test *test, enum variant variant)
{
	struct echo_bpf *skel = loaded(variant);
	int prog = bpf_program__fd(skel->progs.icmpx_echo);
	struct icmpx_counter before[ICMPX_VERDICT_MAX];
	struct icmpx_lease lease;
	struct frame in, out;
	union flow flow;

	build(test, &in);
	grant(test, skel, &flow, &lease);
	for (int i = 0; i < test->before; i++)
		frame_run(prog, &in, NULL);
	counters_read(bpf_map__fd(skel->maps.verdicts), before, ICMPX_VERDICT_MAX);
	assert_int_equal(frame_run(prog, &in, &out), action_of[test->want]);
	check_counters(skel, before, test->want, in.len);
	check_bytes(test, &in, &out, &lease);
	check_lease(test, skel, &flow, &lease);
	check_note(test, skel, &in);
}

static void run_case(void **state)
{
	const struct test *test = *state;

	run_with(test, test->variant);
}

static void run_general(void **state)
{
	run_with(*state, GENERAL);
}

/* A verdict that is added to the list needs a frame here. */
static void table_is_complete(void **state)
{
	bool seen[ICMPX_VERDICT_MAX] = {
		[ICMPX_PASS_RENEW] = true,   /* renews() */
		[ICMPX_PASS_TOO_BIG] = true, /* too_big() */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++)
		seen[tests[i].want] = true;
	for (int i = 0; i < ICMPX_VERDICT_MAX; i++)
		if (!seen[i])
			fail_msg("no frame for the verdict %s", name_of[i]);
}

#include "echo_more.h"
#include "echo_ends.h"

int main(void)
{
	static const struct CMUnitTest more[] = {
		cmocka_unit_test(table_is_complete),
		cmocka_unit_test(zero_checksum),
		cmocka_unit_test(identification),
		cmocka_unit_test(expiry_is_exact),
		cmocka_unit_test(notes_are_apart),
		cmocka_unit_test(note_moves_on),
		cmocka_unit_test(bucket_refills),
		cmocka_unit_test(bucket_is_per_source),
		cmocka_unit_test(torn_lease),
		cmocka_unit_test(idle_saves_nothing),
		cmocka_unit_test(set_mates),
		cmocka_unit_test(not_leased),
		cmocka_unit_test(renews),
		cmocka_unit_test(known_are_admitted),
		cmocka_unit_test(two_routers),
		cmocka_unit_test(neighbours_v4),
		cmocka_unit_test(neighbours_v6),
		cmocka_unit_test(too_big),
	};
	static struct CMUnitTest all[2 * ARRAY_SIZE(tests) + ARRAY_SIZE(more)];
	static char names[ARRAY_SIZE(tests)][80];
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(tests); i++) {
		struct CMUnitTest *test = &all[count++];

		*test = (struct CMUnitTest){tests[i].name, run_case,
					    .initial_state = (void *)&tests[i]};
		if (tests[i].variant != FLOW)
			continue;
		all[count] = *test;
		all[count].test_func = run_general;
		all[count++].name = names[i];
		snprintf(names[i], sizeof(names[i]), "general: %s", tests[i].name);
	}
	memcpy(all + count, more, sizeof(more));
	count += ARRAY_SIZE(more);
	return skip_without_bpf() ? 0 : tap_run("echo", all, count);
}
