// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <string.h>

#include "edges-5.10.h"
#include "edges-6.1.h"
#include "edges-6.12.h"
#include "edges-6.18.h"
#include "edges-7.h"
#include "path_edges.h"
#include "trace.h"
#include "util.h"

static struct call call(const char *name)
{
	return (struct call){.name = name, .probe = trace_probe_lookup(name)};
}

/* "-returned called", in order. */
static char *between(const struct edges *edges, unsigned int family, const char *caller,
		     const char *callee)
{
	const struct call from = call(caller), to = call(callee), *list;
	size_t count = edges_between(edges, family, &from, &to, &list);
	struct capture capture;
	FILE *out = capture_begin(&capture);

	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s%s%s", i ? " " : "", list[i].returned ? "-" : "", list[i].name);
	return capture_end(&capture);
}

static void expect(const char *release, unsigned int family, const char *caller, const char *callee,
		   const char *expected)
{
	char *text = between(edges_of(release), family, caller, callee);

	assert_string_equal(text, expected);
	free(text);
}

static void series(void **state)
{
	static const struct {
		const char *release, *kernel;
		bool fits;
	} cases[] = {
		{"4.19.0-27-amd64", ICMPX_EDGES_5_10_KERNEL, false},
		{"5.10.0-46-cloud-amd64", ICMPX_EDGES_5_10_KERNEL, true},
		{"5.15.0", ICMPX_EDGES_5_10_KERNEL, false},
		{"6.0.19", ICMPX_EDGES_5_10_KERNEL, false},
		{"6.1.0-56-rt-amd64", ICMPX_EDGES_6_1_KERNEL, true},
		{"6.11.2", ICMPX_EDGES_6_1_KERNEL, false},
		{"6.12", ICMPX_EDGES_6_12_KERNEL, true},
		{"6.14.0-rc3+", ICMPX_EDGES_6_12_KERNEL, false},
		{"6.18.15", ICMPX_EDGES_6_18_KERNEL, true},
		{"6.120.1", ICMPX_EDGES_6_18_KERNEL, false},
		{"7.0.1", ICMPX_EDGES_7_KERNEL, true},
		{"7.12.0", ICMPX_EDGES_7_KERNEL, true},
		{"12.5", ICMPX_EDGES_7_KERNEL, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct edges *edges = edges_of(cases[i].release);

		assert_string_equal(edges_kernel(edges), cases[i].kernel);
		assert_string_equal(edges_machine(edges), "x86_64");
		assert_int_equal(edges_fit(edges, cases[i].release), cases[i].fits);
	}
	assert_null(edges_of(""));
	assert_null(edges_of("next"));
	assert_null(edges_kernel(NULL));
	assert_false(edges_fit(NULL, "6.12.1"));
}

/* Nothing was measured: edges.h. */
static void sources(void **state)
{
	(void)state;
	expect("", 4, "sock_recvmsg", "ping_recvmsg", "inet_recvmsg");
	expect("", 6, "sock_recvmsg", "ping_recvmsg", "sock_common_recvmsg");
	expect("", 4, "ip_push_pending_frames", "ip_output", "ip_send_skb ip_local_out");
	/* Under other names that the functions have. */
	expect("", 4, "sys_sendto", "raw_sendmsg", "__sock_sendmsg inet_sendmsg");
	/* Against the way, and from what is left again. */
	expect("", 4, "ping_recvmsg", "sock_recvmsg", "");
	expect("", 4, "ip_route_output_flow", "ip_push_pending_frames", "");
	expect("", 4, "no_function", "ip_output", "");
}

/* ip_output() ends with a jump to ip_finish_output(), and veth_xmit() calls two functions, however
 * old the kernel. */
static void measured(void **state)
{
	static const char *const releases[] = {"5.10", "6.1", "6.12", "6.18", "7.0"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(releases); i++) {
		expect(releases[i], 4, "ip_output", "ip_finish_output2", "ip_finish_output");
		expect(releases[i], 6, "ip_output", "ip_finish_output2", "");
		expect(releases[i], 6, "veth_xmit", "netif_rx", "-__dev_forward_skb");
		expect(releases[i], 4, "raw_recvmsg", "skb_copy_datagram_iter",
		       "-skb_recv_datagram");
	}
}

/* There is an ip_send_skb() of its own, which is inlined here: the trace would show it. */
static void what_can_be_seen_is_not_read(void **state)
{
	(void)state;
	expect("6.12", 4, "ip_push_pending_frames", "ip_output", "-__ip_local_out");
}

/* __sock_sendmsg() is nowhere a function of its own on 6.12: between two that were seen. */
static void what_cannot_be_seen_is_read(void **state)
{
	(void)state;
	expect("6.12", 4, "__sys_sendto", "raw_sendmsg", "__sock_sendmsg inet_sendmsg");
	expect("6.12", 4, "__sys_sendto", "inet_sendmsg", "__sock_sendmsg");
	expect("6.12", 6, "ip6_forward", "ip6_output", "ip6_forward_finish");
	expect("6.12", 6, "ipv6_rcv", "ip6_output", "-ip6_rcv_core ip6_forward ip6_forward_finish");
}

struct chain {
	unsigned int family;
	const char *names[24];
};

#define X(family, ...) {family, {__VA_ARGS__}},
static const struct {
	const char *release;
	const struct chain *chains;
} tables[] = {
	{"5.10", (const struct chain[]){ICMPX_EDGES_5_10(X){}}},
	{"6.1", (const struct chain[]){ICMPX_EDGES_6_1(X){}}},
	{"6.12", (const struct chain[]){ICMPX_EDGES_6_12(X){}}},
	{"6.18", (const struct chain[]){ICMPX_EDGES_6_18(X){}}},
	{"7.0", (const struct chain[]){ICMPX_EDGES_7(X){}}},
};
#undef X

/* All that was measured between the ends of a chain is said of them. */
static void check_chain(const char *release, const struct chain *chain)
{
	size_t count = 0, next = 1, found;
	const struct call *list;
	struct call from, to;

	while (chain->names[count])
		count++;
	assert_uint_in_range(count, 3, 20);
	from = call(chain->names[0]);
	to = call(chain->names[count - 1]);
	found = edges_between(edges_of(release), chain->family ?: 4, &from, &to, &list);
	for (size_t i = 0; i < found && next < count - 1; i++) {
		const char *name = chain->names[next];

		if (list[i].returned == (*name == '-') &&
		    !strcmp(list[i].name, name + (*name == '-')))
			next++;
	}
	assert_int_equal(next, count - 1);
}

static void whole_tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		size_t count = 0;

		for (; tables[i].chains[count].names[0]; count++)
			check_chain(tables[i].release, &tables[i].chains[count]);
		assert_true(count > 20);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(series),
	cmocka_unit_test(sources),
	cmocka_unit_test(measured),
	cmocka_unit_test(what_can_be_seen_is_not_read),
	cmocka_unit_test(what_cannot_be_seen_is_read),
	cmocka_unit_test(whole_tables),
};

UNIT_MAIN(tests)
