// SPDX-License-Identifier: GPL-2.0-only
/* One ping at a time: its hops, its span, its sides. */
#include "assemble_feed.h"

static void round_trip(void **state)
{
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	feed_round_trip(&feed, 100, request_of(7, 1), reply_of(7, 1), 0x1000, false);
	assert_int_equal(feed.count, 0);
	assembler_tick(feed.assembler, 120 * US + 13 * MS);
	assert_int_equal(feed.count, 1); /* 10 ms silent, 2 ms for reordering */
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_COMPLETE);
	assert_int_equal(ping->count, ROUND_TRIP_EVENTS + 2);
	assert_int_equal(ping->first, 100 * US);
	assert_int_equal(ping->last, 119 * US); /* the system call that read it returns */
	assert_int_equal(ping->sender_netns, HERE);
	assert_int_equal(ping->responder_netns, THERE);
	assert_int_equal(ping->tgid, PING_TID);
	assert_int_equal(ping->tid, PING_TID);
	assert_true(ping->raw_socket);
	assert_false(ping->ping_socket);
	assert_false(ping->duplicate);
	assert_false(ping->at_driver);
	assert_int_equal(ping->packet.kind, ICMPX_KIND_REQUEST);
	feed_end(&feed);
}

static void system_calls_become_hops(void **state)
{
	struct feed feed;
	const struct ping *ping;
	const struct hop *hop;

	(void)state;
	feed_begin(&feed, NULL);
	feed_round_trip(&feed, 100, request_of(7, 1), reply_of(7, 1), 0x1000, false);
	ping = only_ping(&feed);
	hop = &ping->hops[0];
	assert_int_equal(hop->event.probe, HOP_SYSCALL);
	assert_int_equal(hop->event.syscall, SENDTO);
	assert_int_equal(hop->event.time, 100 * US);
	assert_int_equal(hop->event.stack, 0);
	assert_true(hop->synthetic);
	hop = &ping->hops[12];
	assert_int_equal(hop->event.probe, HOP_SYSCALL);
	assert_int_equal(hop->event.syscall, RECVMSG);
	assert_int_equal(hop->event.time, 112 * US);
	assert_int_equal(hop->side, SIDE_SENDER);
	feed_end(&feed);
}

static void sides_by_namespace(void **state)
{
	static const char want[] = "SSSRSRRRSRRSSSSSSSSSS";
	static const char letters[] = {'S', 'R', 'F'};
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	feed_round_trip(&feed, 100, request_of(7, 1), reply_of(7, 1), 0x1000, false);
	ping = only_ping(&feed);
	assert_int_equal(ping->count, strlen(want));
	for (__u32 i = 0; i < ping->count; i++)
		if (letters[ping->hops[i].side] != want[i])
			fail_msg("hop %u is %c, not %c", i, letters[ping->hops[i].side], want[i]);
	feed_end(&feed);
}

/* A receiver that slept since long before is not part of it. */
static void old_system_call_is_left_out(void **state)
{
	struct icmpx_packet reply = reply_of(7, 1);
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	feed_request(&feed, 100, request_of(7, 1), 0x1000);
	FEED(&feed, 110, COPY, .packet = reply, .skb = 0x1100, .netns = HERE, IN_CALL(RECVMSG, 20));
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_COMPLETE);
	assert_int_equal(ping->first, 100 * US);
	assert_int_equal(ping->last, 110 * US);
	assert_int_equal(ping->count, 7);
	feed_end(&feed);
}

static void time_stamps_alone(void **state)
{
	struct icmpx_packet request = request_of(7, 1), reply = reply_of(7, 1);
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, USER_SEND, .packet = request, .netns = HERE, .tgid = 9, .tid = 9);
	FEED(&feed, 2, STAMP_SCHED, .packet = request, .netns = HERE, .tgid = 9, .tid = 9);
	FEED(&feed, 3, STAMP_SENT, .packet = request, .netns = HERE, .tgid = 9, .tid = 9);
	FEED(&feed, 8, STAMP_RECEIVED, .packet = reply, .netns = HERE, .tgid = 9, .tid = 9);
	FEED(&feed, 9, USER_RECEIVE, .packet = reply, .netns = HERE, .tgid = 9, .tid = 9);
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_COMPLETE);
	assert_int_equal(ping->first, 1 * US);
	assert_int_equal(ping->last, 9 * US);
	assert_int_equal(ping->tid, 9);
	for (__u32 i = 0; i < ping->count; i++)
		assert_int_equal(ping->hops[i].side, SIDE_SENDER);
	feed_end(&feed);
}

/* One namespace has both ends; the raw socket reads the request too. */
static void loopback_raw_socket(void **state)
{
	static const struct {
		int probe, leg, side;
	} want[] = {
		{HOP_SYSCALL, ICMPX_KIND_REQUEST, SIDE_SENDER},
		{ICMPX_TP_NET_DEV_QUEUE, ICMPX_KIND_REQUEST, SIDE_SENDER},
		{ICMPX_TP_NETIF_RX, ICMPX_KIND_REQUEST, SIDE_SENDER},
		{ICMPX_TP_NET_DEV_XMIT, ICMPX_KIND_REQUEST, SIDE_SENDER},
		{ICMPX_TP_RECEIVE, ICMPX_KIND_REQUEST, SIDE_RESPONDER},
		{ICMPX_TP_DATA_READY, ICMPX_KIND_REQUEST, SIDE_RESPONDER},
		{ICMPX_TP_NET_DEV_QUEUE, ICMPX_KIND_REPLY, SIDE_RESPONDER},
		{ICMPX_TP_NETIF_RX, ICMPX_KIND_REPLY, SIDE_RESPONDER},
		{ICMPX_TP_NET_DEV_XMIT, ICMPX_KIND_REPLY, SIDE_RESPONDER},
		{ICMPX_TP_CONSUME, ICMPX_KIND_REQUEST, SIDE_RESPONDER},
		{ICMPX_TP_RECEIVE, ICMPX_KIND_REPLY, SIDE_SENDER},
		{ICMPX_TP_DATA_READY, ICMPX_KIND_REPLY, SIDE_SENDER},
		{ICMPX_TP_DROP, ICMPX_KIND_REPLY, SIDE_SENDER},
		{ICMPX_TP_SYS_EXIT, ICMPX_KIND_REQUEST, SIDE_SENDER},
		{HOP_SYSCALL, ICMPX_KIND_REQUEST, SIDE_SENDER},
		{ICMPX_TP_COPY, ICMPX_KIND_REQUEST, SIDE_SENDER},
		{ICMPX_TP_SYS_EXIT, ICMPX_KIND_REQUEST, SIDE_SENDER},
		{HOP_SYSCALL, ICMPX_KIND_REPLY, SIDE_SENDER},
		{ICMPX_TP_COPY, ICMPX_KIND_REPLY, SIDE_SENDER},
		{ICMPX_TP_SYS_EXIT, ICMPX_KIND_REPLY, SIDE_SENDER},
	};
	struct icmpx_packet request = packet_of(ICMPX_KIND_REQUEST, 7, 1, 0x7f000001, 0x7f000001);
	struct icmpx_packet reply = packet_of(ICMPX_KIND_REPLY, 7, 1, 0x7f000001, 0x7f000001);
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
#define LO .netns = HERE, .ifindex = 1
	FEED(&feed, 11, NET_DEV_QUEUE, .packet = request, .skb = 1, LO, IN_CALL(SENDTO, 10));
	FEED(&feed, 13, NETIF_RX, .packet = request, .skb = 1, LO, .tid = PING_TID);
	FEED(&feed, 14, NET_DEV_XMIT, .packet = request, .skb = 1, LO, .tid = PING_TID);
	FEED(&feed, 15, RECEIVE, .packet = request, .skb = 1, LO, SOFTIRQ, .tid = PING_TID);
	FEED(&feed, 16, DATA_READY, .packet = request, .skb = 1, LO, CARRIED, .tid = PING_TID);
	FEED(&feed, 17, NET_DEV_QUEUE, .packet = reply, .skb = 2, LO, SOFTIRQ, .tid = PING_TID);
	FEED(&feed, 18, NETIF_RX, .packet = reply, .skb = 2, LO, SOFTIRQ, .tid = PING_TID);
	FEED(&feed, 19, NET_DEV_XMIT, .packet = reply, .skb = 2, LO, SOFTIRQ, .tid = PING_TID);
	FEED(&feed, 20, CONSUME, .packet = request, .skb = 1, LO, SOFTIRQ, .tid = PING_TID);
	FEED(&feed, 21, RECEIVE, .packet = reply, .skb = 2, LO, SOFTIRQ, .tid = PING_TID);
	FEED(&feed, 22, DATA_READY, .packet = reply, .skb = 2, LO, CARRIED, .tid = PING_TID);
	FEED(&feed, 23, DROP, .packet = reply, .skb = 2, LO, SOFTIRQ, .tid = PING_TID);
	FEED(&feed, 24, SYS_EXIT, .packet = request, .skb = 1, IN_CALL(SENDTO, 10));
	FEED(&feed, 26, COPY, .packet = request, .skb = 3, .netns = HERE, IN_CALL(RECVMSG, 25));
	FEED(&feed, 27, SYS_EXIT, .packet = request, .skb = 3, IN_CALL(RECVMSG, 25));
	FEED(&feed, 29, COPY, .packet = reply, .skb = 4, .netns = HERE, IN_CALL(RECVMSG, 28));
	FEED(&feed, 30, SYS_EXIT, .packet = reply, .skb = 4, IN_CALL(RECVMSG, 28));
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_COMPLETE);
	assert_int_equal(ping->last, 30 * US);
	assert_int_equal(ping->count, ARRAY_SIZE(want));
	for (__u32 i = 0; i < ping->count; i++)
		if (ping->hops[i].event.probe != want[i].probe ||
		    ping->hops[i].leg != want[i].leg || ping->hops[i].side != want[i].side)
			fail_msg("hop %u: probe %u, leg %u, side %u", i, ping->hops[i].event.probe,
				 ping->hops[i].leg, ping->hops[i].side);
	assert_false(ping->duplicate);
	feed_end(&feed);
}

/* Between two others: what comes in goes out again. */
static void forwarder(void **state)
{
	struct icmpx_packet request = request_of(7, 1), reply = reply_of(7, 1);
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, RECEIVE, .packet = request, .skb = 1, .netns = ROUTER, .ifindex = 2,
	     SOFTIRQ);
	FEED(&feed, 2, NET_DEV_QUEUE, .packet = request, .skb = 1, .netns = ROUTER, .ifindex = 3,
	     SOFTIRQ);
	FEED(&feed, 3, NET_DEV_XMIT, .packet = request, .skb = 1, .netns = ROUTER, .ifindex = 3,
	     SOFTIRQ);
	assembler_tick(feed.assembler, 3000 * MS); /* the other end may be far away */
	assert_int_equal(feed.count, 0);
	FEED(&feed, 4000001, RECEIVE, .packet = reply, .skb = 2, .netns = ROUTER, .ifindex = 3,
	     SOFTIRQ);
	FEED(&feed, 4000002, NET_DEV_QUEUE, .packet = reply, .skb = 2, .netns = ROUTER,
	     .ifindex = 2, SOFTIRQ);
	FEED(&feed, 4000003, NET_DEV_XMIT, .packet = reply, .skb = 2, .netns = ROUTER, .ifindex = 2,
	     SOFTIRQ);
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_ANSWERED);
	assert_int_equal(ping->last, 4000003 * US);
	for (__u32 i = 0; i < ping->count; i++)
		assert_int_equal(ping->hops[i].side, SIDE_FORWARDER);
	feed_end(&feed);
}

static void duplicate_reply(void **state)
{
	struct icmpx_packet reply = reply_of(7, 1);
	struct feed feed;
	const struct ping *ping;
	__u32 copies = 0;

	(void)state;
	feed_begin(&feed, NULL);
	feed_round_trip(&feed, 100, request_of(7, 1), reply, 0x1000, false);
	FEED(&feed, 1000, RECEIVE, .packet = reply, .skb = 0x2000, .head = 0x2001, AT_HERE,
	     SOFTIRQ);
	feed_read(&feed, 1000, reply, 0x2000, 0x2200);
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_COMPLETE);
	assert_true(ping->duplicate);
	assert_int_equal(ping->last, 119 * US); /* the first one is the round trip */
	for (__u32 i = 0; i < ping->count; i++) {
		const struct hop *hop = &ping->hops[i];

		assert_int_equal(hop->copy, hop->event.time >= 1000 * US ? 1 : 0);
		copies += hop->copy;
	}
	assert_int_equal(copies, 8 + 1); /* with its own recvmsg() */
	feed_end(&feed);
}

/* Two processes with raw sockets: each gets a clone of the one reply. */
static void second_reader_is_no_duplicate(void **state)
{
	struct icmpx_packet reply = reply_of(7, 1);
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	feed_round_trip(&feed, 100, request_of(7, 1), reply, 0x1000, false);
	FEED(&feed, 117, COPY, .packet = reply, .skb = 0x1300, .head = 0x1101, .netns = HERE,
	     .sk = 78, .tid = 2000, .syscall = RECVMSG, .entered = 112 * US);
	FEED(&feed, 118, SYS_EXIT, .packet = reply, .skb = 0x1300, .tid = 2000, .syscall = RECVMSG,
	     .entered = 112 * US);
	ping = only_ping(&feed);
	assert_false(ping->duplicate);
	assert_int_equal(ping->tid, PING_TID);
	assert_int_equal(ping->last, 119 * US);
	feed_end(&feed);
}

/* The same, long after the ping was handed on. */
static void second_reader_comes_late(void **state)
{
	struct icmpx_packet reply = reply_of(7, 1);
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	feed_round_trip(&feed, 100, request_of(7, 1), reply, 0x1000, false);
	assembler_tick(feed.assembler, 100000 * US);
	assert_int_equal(feed.count, 1);
	FEED(&feed, 200000, COPY, .packet = reply, .skb = 0x1300, .head = 0x1101, .netns = HERE,
	     .sk = 78, .tid = 2000, .syscall = RECVMSG, .entered = 112 * US);
	finish(&feed, 1);
	assert_int_equal(assembler_counts(feed.assembler)->orphans, 1);
	feed_end(&feed);
}

/* How the socket was made is told with its first ping: before the call that sends it. */
static void set_up_comes_first(void **state)
{
	struct icmpx_packet request = request_of(7, 1);
	struct icmpx_event event = {
		.probe = ICMPX_FN_RAW_SK_INIT,
		.time = 10 * US,
		.tgid = PING_TID,
		.tid = PING_TID,
		.packet = request,
	};
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	assembler_tick(feed.assembler, 4000 * US);
	feed_event(&feed, event);
	feed_round_trip(&feed, 5000, request, reply_of(7, 1), 0x1000, false);
	ping = only_ping(&feed);
	assert_int_equal(ping->hops[0].event.probe, ICMPX_FN_RAW_SK_INIT);
	assert_int_equal(ping->first, 5000 * US);
	assert_int_equal(ping->end, PING_COMPLETE);
	feed_end(&feed);
}

static void ping_socket(void **state)
{
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	feed_request(&feed, 100, request_of(7, 1), 0x1000);
	FEED(&feed, 118, COPY, .packet = reply_of(7, 1), .skb = 0x1100, .netns = HERE,
	     .detail = {64, PING_SOCKET}, IN_CALL(RECVMSG, 112));
	ping = only_ping(&feed);
	assert_true(ping->ping_socket);
	assert_false(ping->raw_socket);
	feed_end(&feed);
}

/* What waits for its neighbour leaves in the softirq that brings the answer. */
static void waits_for_neighbour(void **state)
{
	struct icmpx_packet request = request_of(7, 1);
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 2, NEIGH_WAIT, .packet = request, .skb = 1, AT_HERE, IN_CALL(SENDTO, 1));
	FEED(&feed, 3, SYS_EXIT, .packet = request, .skb = 1, IN_CALL(SENDTO, 1));
	FEED(&feed, 900, NET_DEV_QUEUE, .packet = request, .skb = 1, AT_HERE, SOFTIRQ);
	FEED(&feed, 901, NET_DEV_START, .packet = request, .skb = 1, AT_HERE, SOFTIRQ);
	FEED(&feed, 905, RECEIVE, .packet = request, .skb = 1, AT_THERE, SOFTIRQ);
	feed_answer(&feed, 900, request, 1, reply_of(7, 1), 2);
	feed_read(&feed, 900, reply_of(7, 1), 2, 3);
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_COMPLETE);
	assert_int_equal(ping->first, 1 * US);
	assert_int_equal(ping->sender_netns, HERE);
	feed_end(&feed);
}

/* Functions are told when the packet is known: of what happened before. */
static void function_events_of_the_past(void **state)
{
	struct icmpx_packet request = request_of(7, 1);
	struct icmpx_event event = {
		.record = ICMPX_RECORD_EVENT,
		.probe = ICMPX_FN_INET_CREATE,
		.time = 1000 * US,
		.tid = PING_TID,
		.packet = request,
	};
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	feed_round_trip(&feed, 5000, request, reply_of(7, 1), 0x1000, false);
	assembler_tick(feed.assembler, 8000 * US);
	feed_event(&feed, event);
	ping = only_ping(&feed);
	assert_int_equal(assembler_counts(feed.assembler)->late, 0); /* it could not come earlier */
	assert_int_equal(ping->hops[0].event.probe, ICMPX_FN_INET_CREATE);
	assert_int_equal(ping->first, 5000 * US);
	assert_int_equal(ping->last, 5019 * US);
	assert_int_equal(ping->count, ROUND_TRIP_EVENTS + 3);
	feed_end(&feed);
}

/* Of one task, two sockets; and one that looks at it before it takes it. */
static void read_twice_is_no_duplicate(void **state)
{
	struct icmpx_packet reply = reply_of(7, 1);
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	feed_request(&feed, 100, request_of(7, 1), 0x1000);
	FEED(&feed, 113, RECEIVE, .packet = reply, .skb = 2, .head = 3, AT_HERE, SOFTIRQ);
	FEED(&feed, 114, COPY, .packet = reply, .skb = 4, .head = 3, .netns = HERE, .sk = 77,
	     IN_CALL(RECVMSG, 112));
	FEED(&feed, 116, COPY, .packet = reply, .skb = 4, .head = 3, .netns = HERE, .sk = 77,
	     IN_CALL(RECVMSG, 115));
	FEED(&feed, 118, COPY, .packet = reply, .skb = 5, .head = 3, .netns = HERE, .sk = 78,
	     IN_CALL(RECVMSG, 117));
	assert_false(only_ping(&feed)->duplicate);
	feed_end(&feed);
}

static void duplicate_of_time_stamps(void **state)
{
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, USER_SEND, .packet = request_of(7, 1), .netns = HERE, .tid = 9);
	FEED(&feed, 5, USER_RECEIVE, .packet = reply_of(7, 1), .netns = HERE, .tid = 9);
	FEED(&feed, 9, USER_RECEIVE, .packet = reply_of(7, 1), .netns = HERE, .tid = 9);
	ping = only_ping(&feed);
	assert_true(ping->duplicate);
	assert_int_equal(ping->last, 5 * US);
	feed_end(&feed);
}

static void equal_times_stay_in_order(void **state)
{
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	for (int i = 0; i < 20; i++)
		FEED(&feed, 5, RECEIVE, .packet = request_of(7, 1), .skb = 1, .netns = THERE,
		     .ifindex = i, SOFTIRQ);
	ping = only_ping(&feed);
	for (int i = 0; i < 20; i++)
		assert_int_equal(ping->hops[i].event.ifindex, i);
	feed_end(&feed);
}

/* What was silent long enough is handed on though more events wait to be sorted. */
static void silence_within_the_window(void **state)
{
	const struct assemble_options options = {.reorder = 50 * MS, .linger = 1 * MS};
	struct feed feed;

	(void)state;
	feed_begin(&feed, &options);
	feed_round_trip(&feed, 100, request_of(7, 1), reply_of(7, 1), 0x1000, false);
	FEED(&feed, 9000, RECEIVE, .packet = reply_of(7, 1), .skb = 1, AT_HERE, SOFTIRQ);
	assembler_tick(feed.assembler, 100 * MS);
	finish(&feed, 1); /* what comes after it was handed on begins no other */
	assert_false(feed.pings[0].duplicate);
	assert_int_equal(assembler_counts(feed.assembler)->orphans, 1);
	feed_end(&feed);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(round_trip),
	cmocka_unit_test(system_calls_become_hops),
	cmocka_unit_test(sides_by_namespace),
	cmocka_unit_test(old_system_call_is_left_out),
	cmocka_unit_test(time_stamps_alone),
	cmocka_unit_test(loopback_raw_socket),
	cmocka_unit_test(forwarder),
	cmocka_unit_test(duplicate_reply),
	cmocka_unit_test(second_reader_is_no_duplicate),
	cmocka_unit_test(ping_socket),
	cmocka_unit_test(waits_for_neighbour),
	cmocka_unit_test(function_events_of_the_past),
	cmocka_unit_test(second_reader_comes_late),
	cmocka_unit_test(set_up_comes_first),
	cmocka_unit_test(read_twice_is_no_duplicate),
	cmocka_unit_test(duplicate_of_time_stamps),
	cmocka_unit_test(equal_times_stay_in_order),
	cmocka_unit_test(silence_within_the_window),
};

UNIT_MAIN(tests)
