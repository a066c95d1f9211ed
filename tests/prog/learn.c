// SPDX-License-Identifier: GPL-2.0-only
/* The learner: which replies become leases, what these say, and that the fast
 * path then answers as the kernel did. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <arpa/inet.h>
#include <linux/pkt_cls.h>

#include "run_lib.h"
#include "oracle_lib.h"
#include "push.skel.h"
#include "learn_cases.h"

#define IDENT    0x0102 /* below some sequence numbers */
#define TTL      63
#define A_MINUTE 60000 /* jiffies, at least six seconds */
#define LEASE    (1U << 30)
#define EARLY    (1U << 28)

static const char *const name_of[] = {
#define X(id, name, help) [ICMPX_##id] = name,
	ICMPX_LESSONS(X)
#undef X
};

/* What is loaded: the fast path, and the learner behind the tag pusher. */
struct pair {
	struct echo_bpf *echo;
	struct learn_bpf *learn;
	struct push_bpf *push;
};

static struct push_bpf *push_load(const struct learn_bpf *learn)
{
	struct push_bpf *push = push_bpf__open_and_load();
	int prog = bpf_program__fd(learn->progs.icmpx_learn);
	__u32 first = 0;

	if (!push) {
		load_failed("push.bpf.o", errno);
		return NULL;
	}
	assert_int_equal(bpf_map_update_elem(bpf_map__fd(push->maps.next), &first, &prog, BPF_ANY),
			 0);
	return push;
}

static struct pair *loaded(bool any_peer)
{
	static struct pair pairs[2];
	struct pair *pair = &pairs[any_peer];
	struct icmpx_config config = config_default();

	if (!pair->echo) {
		config.trust = any_peer ? ICMPX_TRUST_ADDRESS : ICMPX_TRUST_FLOW;
		pair->echo = echo_load(&config);
		pair->learn = learn_load(&config, pair->echo);
		pair->push = push_load(pair->learn);
	}
	state_clear(pair->echo);
	return pair;
}

/* Leases of LEASE jiffies, of which the last EARLY are for renewing. */
static struct pair *loaded_early(void)
{
	static struct pair pair;
	struct icmpx_config config = config_default();

	if (!pair.echo) {
		config.lease = LEASE;
		config.early = EARLY;
		pair.echo = echo_load(&config);
		pair.learn = learn_load(&config, pair.echo);
	}
	state_clear(pair.echo);
	return &pair;
}

static __u32 ask(const struct pair *pair, const struct frame *request, struct frame *out)
{
	return frame_run(bpf_program__fd(pair->echo->progs.icmpx_echo), request, out);
}

/* The kernel's reply to a request: other MAC, priority, TTL and label. */
static void reply_build(struct frame *reply, const struct spec *request)
{
	struct spec spec = *request;

	spec.reply = true;
	spec.ttl = TTL;
	spec.ident = IDENT;
	spec.frag = 0;
	spec.padding = 0;
	spec.label = request->family == 6 ? LEASE_LABEL : 0;
	for (int i = 0; i < TAGS_MAX; i++)
		spec.tag[i].tci = LEASE_PCP << 13 | (spec.tag[i].tci & 0xfff);
	frame_build(reply, &spec);
}

/* Runs a reply past the learner, the outer tag beside it or not. The learner
 * changes nothing and lets the next filter decide. */
static void leave(const struct pair *pair, struct frame *reply, bool beside, __u32 ifindex)
{
	struct __sk_buff skb = {.ingress_ifindex = ifindex};
	struct frame out = {.len = 0};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_out = out.data,
		    .data_size_out = sizeof(out.data), .ctx_in = &skb, .ctx_size_in = sizeof(skb),
		    .repeat = 1);
	int prog = bpf_program__fd(pair->learn->progs.icmpx_learn);

	if (beside) {
		prog = bpf_program__fd(pair->push->progs.icmpx_push);
		pair->push->bss->proto = htons(get16(reply->data + 12));
		pair->push->bss->tci = get16(reply->data + 14);
		memmove(reply->data + 12, reply->data + 16, reply->len - 16);
		reply->len -= 4;
	}
	opts.data_in = reply->data;
	opts.data_size_in = reply->len;
	if (bpf_prog_test_run_opts(prog, &opts))
		fail_msg("BPF_PROG_TEST_RUN of %u bytes: %s", reply->len, strerror(errno));
	out.len = opts.data_size_out;
	assert_int_equal((int)opts.retval, TC_ACT_UNSPEC);
	assert_frame_equal(&out, reply, "a frame that leaves");
}

static void check_lessons(const struct pair *pair, const struct icmpx_counter *before,
			  enum icmpx_lesson want, __u32 bytes)
{
	struct icmpx_counter after[ICMPX_LESSON_MAX];

	counters_read(bpf_map__fd(pair->learn->maps.lessons), after, ICMPX_LESSON_MAX);
	for (__u32 i = 0; i < ICMPX_LESSON_MAX; i++) {
		__u64 packets = after[i].packets - before[i].packets;
		__u64 sum = after[i].bytes - before[i].bytes;

		if (packets != (i == want) || sum != (i == want ? bytes : 0))
			fail_msg("%s: counted %llu packets, %llu bytes (expected: %s, %u bytes)",
				 name_of[i], packets, sum,
				 want < ICMPX_LESSON_MAX ? name_of[want] : "nothing", bytes);
	}
}

/* Runs the reply past the learner, for which this must be the lesson. */
static void teach(const struct pair *pair, const struct frame *reply, bool beside, __u32 ifindex,
		  enum icmpx_lesson want)
{
	struct icmpx_counter before[ICMPX_LESSON_MAX];
	struct frame frame = *reply;

	counters_read(bpf_map__fd(pair->learn->maps.lessons), before, ICMPX_LESSON_MAX);
	leave(pair, &frame, beside, ifindex);
	check_lessons(pair, before, want, frame.len);
}

static __u32 seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static struct icmpx_lease lease_read(const struct pair *pair, const struct spec *spec,
				     bool any_peer)
{
	struct icmpx_lease lease;
	union flow flow;

	flow_of(&flow, spec, any_peer);
	if (!lease_get(pair->echo, spec->family, &flow, &lease))
		fail_msg("no lease for the flow");
	return lease;
}

/* The seal that such a lease of the flow must have. */
static __u32 seal(const struct pair *pair, const struct spec *spec, bool any_peer,
		  const struct icmpx_lease *lease)
{
	struct table table = leases_of(pair->echo, spec->family);
	union flow flow;

	flow_of(&flow, spec, any_peer);
	return table_seal(&table, &flow, lease);
}

/* The lease of one reply, field by field. */
static void check_lease(const struct pair *pair, const struct test *test, const struct frame *reply,
			__u32 since)
{
	struct icmpx_lease lease = lease_read(pair, &test->spec, test->any_peer),
			   want = {
				   .max_len = reply->end - reply->ip,
				   .ident = test->spec.family == 4 ? IDENT - test->spec.seq : 0,
				   .ttl = TTL,
			   };

	assert_int_equal(lease_count(pair->echo, test->spec.family), 1);
	assert_uint_in_range(lease.expires, FOREVER, FOREVER + (1ULL << 63));
	assert_uint_in_range(lease.learned, since, seconds());
	assert_int_equal(lease.renewed, lease.learned);
	want.expires = lease.expires;
	want.learned = want.renewed = lease.learned;
	memcpy(want.local_mac, mac_local, 6);
	if (!test->any_peer) {
		memcpy(want.peer_mac, mac_gateway, 6);
		memcpy(want.from_mac, mac_peer, 6);
	}
	for (int i = 0; i < ICMPX_VLAN_TAGS && test->spec.tag[i].proto; i++)
		want.tci[i] = htons(LEASE_PCP << 13 | (test->spec.tag[i].tci & 0xfff));
	if (test->spec.family == 6 && !test->any_peer) {
		memcpy(&want.label, reply->data + reply->ip, sizeof(want.label));
		want.label &= htonl(0xfffff);
	}
	if (test->spec.family == 6)
		want.label_want = !test->any_peer && (test->same_label || !test->spec.label)
					  ? htonl(test->spec.label)
					  : ICMPX_LABEL_ANY;
	want.seal = seal(pair, &test->spec, test->any_peer, &want);
	assert_memory_equal(&lease, &want, sizeof(lease));
}

static void run_case(void **state)
{
	const struct test *test = *state;
	struct pair *pair = loaded(test->any_peer);
	struct frame request, reply;
	__u32 since = seconds();

	frame_build(&request, &test->spec);
	if (!test->unasked)
		assert_int_equal(ask(pair, &request, NULL), XDP_PASS);
	reply_build(&reply, &test->spec);
	if (test->same_label)
		put32(reply.data + reply.ip, 6U << 28 | test->spec.tos << 20 | test->spec.label);
	frame_poke(&reply, test->poke);
	if (test->mend)
		frame_mend(&reply);
	if (test->cut)
		frame_resize(&reply, test->cut);
	teach(pair, &reply, test->beside, test->forwarded, test->want);
	if (test->want == ICMPX_LEARNED)
		check_lease(pair, test, &reply, since);
	else
		assert_int_equal(lease_count(pair->echo, test->spec.family), 0);
}

/* A frame that came in by an interface, which 5.10 does not run: EINVAL. */
static int ingress_error(void)
{
	struct bpf_insn exit[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = TC_ACT_OK},
		{.code = BPF_JMP | BPF_EXIT},
	};
	struct __sk_buff skb = {.ingress_ifindex = 1};
	struct frame in;
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = in.data, .ctx_in = &skb,
		    .ctx_size_in = sizeof(skb), .repeat = 1);
	int err, prog = bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "nothing", "GPL", exit,
				      ARRAY_SIZE(exit), NULL);

	frame_build(&in, &(struct spec){.family = 4});
	opts.data_size_in = in.len;
	err = prog < 0 || bpf_prog_test_run_opts(prog, &opts) ? errno : 0;
	close(prog);
	return err == EINVAL ? err : 0; /* others are for the tests to tell */
}

static void nothing(void **state)
{
	(void)state;
}

/* cmocka has no word for it that prove knows. */
static void skip_forwarded(struct CMUnitTest *test)
{
	static char names[ARRAY_SIZE(tests)][128];
	char *name = names[((const struct test *)test->initial_state) - tests];

	snprintf(name, sizeof(names[0]), "%s # SKIP ingress_ifindex in a test run (5.17): EINVAL",
		 test->name);
	test->name = name;
	test->test_func = nothing;
}

#include "learn_more.h"
#include "learn_table.h"
#include "learn_clash.h"

int main(void)
{
	static const struct CMUnitTest more[] = {
		cmocka_unit_test(table_is_complete),
		cmocka_unit_test(kept),
		cmocka_unit_test(kept_when_shorter),
		cmocka_unit_test(renewed_when_longer),
		cmocka_unit_test(renewed_ttl),
		cmocka_unit_test(renewed_gateway),
		cmocka_unit_test(renewed_priority),
		cmocka_unit_test(renewed_label),
		cmocka_unit_test(renewed_expired),
		cmocka_unit_test(renewed_too_far),
		cmocka_unit_test(renewed_early),
		cmocka_unit_test(renewed_ended),
		cmocka_unit_test(learned_beside),
		cmocka_unit_test(one_reply),
		cmocka_unit_test(origin),
		cmocka_unit_test(not_tied),
		cmocka_unit_test(old_request),
		cmocka_unit_test(expiry_counts_from_now),
		cmocka_unit_test(evicted),
		cmocka_unit_test(expired_gives_way),
		cmocka_unit_test(torn_is_replaced),
		cmocka_unit_test(clash_v4),
		cmocka_unit_test(clash_v6),
		cmocka_unit_test(no_clash),
		cmocka_unit_test(clash_is_forgotten),
		cmocka_unit_test(round_trip_flow),
		cmocka_unit_test(round_trip_address),
	};
	struct CMUnitTest all[ARRAY_SIZE(tests) + ARRAY_SIZE(more)] = {};
	bool ingress;

	if (skip_without_bpf())
		return 0;
	ingress = !ingress_error();
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++) {
		all[i].name = tests[i].name;
		all[i].test_func = run_case;
		all[i].initial_state = (void *)&tests[i];
		if (tests[i].forwarded && !ingress)
			skip_forwarded(&all[i]);
	}
	memcpy(all + ARRAY_SIZE(tests), more, sizeof(more));
	return tap_run("learn", all, ARRAY_SIZE(all));
}
