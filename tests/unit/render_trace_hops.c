// SPDX-License-Identifier: GPL-2.0-only
#include "trace_json.h"

#include "render_trace_hops.h"

/* What follows "leg" and "side" in the only hop of a ping. */
static void assert_hop(const struct hop *hop, const char *want)
{
	struct hop copy = *hop;
	struct ping ping = ping_of(&copy, 1);
	char *text = render_ping(&ping);

	assert_has(text, want);
	free(text);
}

/* A process may rename itself between two pings. */
static void names_are_asked_again(void **state)
{
	struct hop hop = plain_hop(ICMPX_TP_RECEIVE);
	struct ping ping = ping_of(&hop, 1);
	struct stream stream;
	char *text;

	(void)state;
	hop.event.tid = 31;
	stream_begin(&stream);
	render_trace_json_ping(stream.json, &ping);
	catalog_set_name(stream.catalog, NAME_TASK, 31, "renamed");
	render_trace_json_ping(stream.json, &ping);
	text = stream_end(&stream);
	assert_has(text, "\"task\":\"ping\"");
	assert_has(text, "\"task\":\"renamed\"");
	free(text);
}

/* Within one ping too, where tasks and namespaces change. */
static void names_by_key(void **state)
{
	struct hop hops[4];
	struct ping ping;
	char *text;

	(void)state;
	for (int i = 0; i < 4; i++) {
		hops[i] = plain_hop(ICMPX_TP_NET_DEV_QUEUE);
		hops[i].event.tid = 31 + i % 2;
		hops[i].event.ifindex = 2;
		hops[i].event.netns = i < 2 ? SENDER : ANSWERER;
	}
	hops[3].event.tid = 34;
	ping = ping_of(hops, 4);
	ping.sender_netns = SENDER;
	text = render_ping(&ping);
	assert_has(text, "\"ifindex\":2,\"device\":\"eth0\",\"tid\":31,\"task\":\"ping\"}");
	assert_has(text, "\"device\":\"eth0\",\"tid\":32,\"task\":\"a\\\"b\\\\c \303\251\"}");
	assert_has(text, "\"cpu\":0,\"netns\":4026532002,\"ifindex\":2,\"device\":\"peer0\","
			 "\"tid\":31,\"task\":\"ping\"}");
	assert_has(text, "\"device\":\"peer0\",\"tid\":34}");
	free(text);
}

/* Each probe's own members, as ICMPX_TRACEPOINTS says what detail[] holds. */
static void details(void **state)
{
	static const struct {
		unsigned int probe;
		__u64 detail[2];
		const char *want;
	} cases[] = {
		{ICMPX_TP_SYS_EXIT, {64, 44}, "\"tid\":33,\"result\":64}"},
		{ICMPX_TP_SYS_EXIT, {-11ULL, 44}, "\"result\":-11,\"errno\":\"EAGAIN\"}"},
		/* ERESTARTSYS is the kernel's own and has no name outside */
		{ICMPX_TP_SYS_EXIT, {-512ULL, 44}, "\"result\":-512,\"errno\":\"512\"}"},
		{ICMPX_TP_NET_DEV_XMIT, {16, 0}, "\"tid\":33,\"result\":16}"},
		{ICMPX_TP_CONSUME, {SYMBOL, 0}, "\"tid\":33,\"location\":\"icmp_rcv+0x1a3\"}"},
		{ICMPX_TP_DROP,
		 {SYMBOL, 7},
		 "\"location\":\"icmp_rcv+0x1a3\",\"reason\":\"NO_SOCKET\"}"},
		{ICMPX_TP_DROP, {SYMBOL, 9}, "\"location\":\"icmp_rcv+0x1a3\",\"reason\":\"9\"}"},
		{ICMPX_TP_DROP, {1, 0}, "\"tid\":33}"},
		{ICMPX_TP_COPY, {64, 0}, "\"tid\":33,\"copied_bytes\":64}"},
		{ICMPX_TP_QUEUE_FULL,
		 {212992, 212000},
		 "\"queue_bytes\":212992,\"queue_limit\":212000}"},
		{ICMPX_TP_ICMP_SEND, {3, 3}, "\"tid\":33,\"icmp_type\":3,\"icmp_code\":3}"},
		{ICMPX_TP_ERROR_REPORT, {111, 0}, "\"tid\":33,\"errno\":\"ECONNREFUSED\"}"},
		{ICMPX_TP_ERROR_REPORT, {0, 0}, "\"tid\":33}"},
		{ICMPX_TP_RECEIVE, {77, 88}, "\"tid\":33}"},
		{ICMPX_FN_ICMP_RCV, {77, 88}, "\"layer\":\"transport\",\"leg\":\"request\","},
	};
	struct hop hop;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		hop = plain_hop(cases[i].probe);
		memcpy(hop.event.detail, cases[i].detail, sizeof(hop.event.detail));
		assert_hop(&hop, cases[i].want);
	}
}

/* The kernel's int, in a register whose upper half is anything. */
static void function_returned(void **state)
{
	struct hop hop = plain_hop(ICMPX_FN_ICMP_RCV);

	(void)state;
	hop.event.flags = ICMPX_RETURN;
	hop.event.detail[0] = 0x1fffffff3;
	hop.event.detail[1] = 1500;
	assert_hop(&hop, "\"tid\":33,\"result\":-13,\"errno\":\"EACCES\",\"took_ns\":1500}");
}

static void flags(void **state)
{
	struct hop hop = plain_hop(ICMPX_TP_CONSUME);

	(void)state;
	hop.event.flags = ICMPX_CARRIED | ICMPX_FRAGMENT;
	hop.benign = 1;
	hop.copy = 2;
	assert_hop(&hop,
		   "\"tid\":33,\"carried\":true,\"fragment\":true,\"benign\":true,\"copy\":2}");
	hop = plain_hop(ICMPX_TP_CONSUME);
	hop.event.syscall = 999;
	assert_hop(&hop, "\"tid\":33,\"syscall\":\"999\"}");
}

/* Whom a softirq interrupts has nothing to do with it; whom it wakes has. */
static void tasks_in_softirq(void **state)
{
	struct hop hop = plain_hop(ICMPX_TP_RECEIVE);

	(void)state;
	hop.event.flags = ICMPX_IN_SOFTIRQ;
	hop.event.tid = 31;
	hop.event.syscall = 44;
	assert_hop(&hop, "\"cpu\":0,\"softirq\":true}");
	hop.event.probe = ICMPX_TP_WAKING;
	assert_hop(&hop, "\"softirq\":true,\"tid\":31,\"task\":\"ping\",\"syscall\":\"sendto\"}");
	hop = plain_hop(ICMPX_TP_XDP_REPLY);
	hop.event.tid = 0; /* before there is a task to ask for */
	assert_hop(&hop, "\"cpu\":0}");
}

static void stages_list(void **state)
{
	const struct budget budget = {
		.spans = {{STAGE_SEND, ICMPX_KIND_REQUEST, SIDE_SENDER, 0, 1, 4000},
			  {STAGE_ICMP, ICMPX_KIND_REPLY, SIDE_RESPONDER, 1, 2, 0}},
		.count = 2,
	};
	struct json_text text = {};

	(void)state;
	render_stages_json(&text, &budget);
	json_put_text(&text, "");
	json_put(&text, "", 1);
	assert_false(text.failed);
	assert_string_equal(text.data, "[{\"stage\":\"send\",\"leg\":\"request\","
				       "\"side\":\"sender\",\"ns\":4000},"
				       "{\"stage\":\"icmp\",\"leg\":\"reply\","
				       "\"side\":\"responder\",\"ns\":0}]");
	json_text_free(&text);
}

static void digits(void **state)
{
	struct json_text text = {};

	(void)state;
	json_put_digits(&text, 0);
	json_put_text(&text, " ");
	json_put_digits(&text, 18446744073709551615u);
	json_put_text(&text, " ");
	json_put_signed_digits(&text, INT64_MIN);
	json_put(&text, "", 1);
	assert_string_equal(text.data, "0 18446744073709551615 -9223372036854775808");
	json_text_free(&text);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(names_are_asked_again),
	cmocka_unit_test(names_by_key),
	cmocka_unit_test(details),
	cmocka_unit_test(function_returned),
	cmocka_unit_test(flags),
	cmocka_unit_test(tasks_in_softirq),
	cmocka_unit_test(stages_list),
	cmocka_unit_test(digits),
};

UNIT_MAIN(tests)
