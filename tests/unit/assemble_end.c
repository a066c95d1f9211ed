// SPDX-License-Identifier: GPL-2.0-only
/* How a ping ends: answered, dropped, in error, or not at all; and which drops are none. */
#include "assemble_feed.h"

static void benign_drop(void **state)
{
	struct feed feed;
	const struct hop *drop;

	(void)state;
	feed_begin(&feed, NULL);
	feed_round_trip(&feed, 100, request_of(7, 1), reply_of(7, 1), 0x1000, false);
	drop = find_hop(only_ping(&feed), ICMPX_TP_DROP, ICMPX_KIND_REPLY);
	assert_non_null(drop);
	assert_true(drop->benign);
	feed_end(&feed);
}

static void reply_dropped_at_full_socket(void **state)
{
	struct icmpx_packet request = request_of(7, 1), reply = reply_of(7, 1);
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	feed_request(&feed, 100, request, 0x1000);
	feed_answer(&feed, 100, request, 0x1000, reply, 0x1100);
	FEED(&feed, 114, QUEUE_FULL, .packet = reply, .skb = 0x1200, AT_HERE, SOFTIRQ);
	FEED(&feed, 115, DROP, .packet = reply, .skb = 0x1200, AT_HERE, SOFTIRQ);
	FEED(&feed, 116, DROP, .packet = reply, .skb = 0x1100, AT_HERE, SOFTIRQ);
	assembler_tick(feed.assembler, 116 * US + 13 * MS);
	assert_int_equal(feed.count, 1);
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_DROPPED);
	assert_int_equal(ping->last, 114 * US);
	assert_false(find_hop(ping, ICMPX_TP_DROP, ICMPX_KIND_REPLY)->benign);
	feed_end(&feed);
}

/* netfilter: in the sender's own system call, before any device. */
static void request_dropped_at_output(void **state)
{
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 103, DROP, .packet = request_of(7, 1), .skb = 0x1000, .netns = HERE,
	     IN_CALL(SENDTO, 100));
	FEED(&feed, 104, SYS_EXIT, .packet = request_of(7, 1), .skb = 0x1000, IN_CALL(SENDTO, 100));
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_DROPPED);
	assert_int_equal(ping->first, 100 * US);
	assert_int_equal(ping->last, 103 * US);
	assert_int_equal(ping->sender_netns, HERE);
	assert_int_equal(ping->tid, PING_TID);
	feed_end(&feed);
}

static void request_dropped_by_responder(void **state)
{
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	feed_request(&feed, 100, request_of(7, 1), 0x1000);
	FEED(&feed, 106, DROP, .packet = request_of(7, 1), .skb = 0x1000, AT_THERE, SOFTIRQ);
	FEED(&feed, 107, SYS_EXIT, .packet = request_of(7, 1), .skb = 0x1000, IN_CALL(SENDTO, 100));
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_DROPPED);
	assert_int_equal(ping->last, 106 * US);
	assert_int_equal(ping->responder_netns, THERE);
	assert_int_equal(find_hop(ping, ICMPX_TP_DROP, ICMPX_KIND_REQUEST)->side, SIDE_RESPONDER);
	assert_int_equal(find_hop(ping, ICMPX_TP_SYS_EXIT, ICMPX_KIND_REQUEST)->side, SIDE_SENDER);
	feed_end(&feed);
}

/* A clone of the request that found no socket, on the responder: it was answered. */
static void answered_request_drop_is_benign(void **state)
{
	struct icmpx_packet request = request_of(7, 1);
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 5, RECEIVE, .packet = request, .skb = 0x10, AT_THERE, SOFTIRQ);
	FEED(&feed, 6, DROP, .packet = request, .skb = 0x20, AT_THERE, SOFTIRQ);
	FEED(&feed, 7, NET_DEV_QUEUE, .packet = reply_of(7, 1), .skb = 0x30, AT_THERE, SOFTIRQ);
	FEED(&feed, 8, NET_DEV_START, .packet = reply_of(7, 1), .skb = 0x30, AT_THERE, SOFTIRQ);
	FEED(&feed, 9, NET_DEV_XMIT, .packet = reply_of(7, 1), .skb = 0x30, AT_THERE, SOFTIRQ);
	FEED(&feed, 10, DROP, .packet = request, .skb = 0x10, AT_THERE, SOFTIRQ);
	FEED(&feed, 30, CONSUME, .packet = reply_of(7, 1), .skb = 0x30, AT_THERE, SOFTIRQ);
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_ANSWERED);
	assert_int_equal(ping->first, 5 * US);
	assert_int_equal(ping->last, 9 * US); /* not until the memory is freed */
	assert_int_equal(ping->sender_netns, 0);
	assert_int_equal(ping->responder_netns, THERE);
	for (__u32 i = 0; i < ping->count; i++) {
		assert_int_equal(ping->hops[i].side, SIDE_RESPONDER);
		assert_true(ping->hops[i].benign == (ping->hops[i].event.probe == ICMPX_TP_DROP));
	}
	feed_end(&feed);
}

static void answered_at_driver(void **state)
{
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 5, XDP_REPLY, .packet = request_of(7, 1), AT_THERE);
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_ANSWERED);
	assert_true(ping->at_driver);
	assert_int_equal(ping->responder_netns, THERE);
	assert_int_equal(ping->last, 5 * US);
	feed_end(&feed);
}

static void answered_at_driver_for_here(void **state)
{
	struct icmpx_packet request = request_of(7, 1), reply = reply_of(7, 1);
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, NET_DEV_QUEUE, .packet = request, .skb = 0x10, AT_HERE, IN_CALL(SENDTO, 1));
	FEED(&feed, 2, NET_DEV_START, .packet = request, .skb = 0x10, AT_HERE);
	FEED(&feed, 3, NET_DEV_XMIT, .packet = request, .skb = 0x10, AT_HERE);
	FEED(&feed, 4, XDP_REPLY, .packet = request, AT_THERE);
	assembler_tick(feed.assembler, 100 * MS);
	assert_int_equal(feed.count, 0);
	feed_end(&feed);

	feed_begin(&feed, NULL);
	feed_request(&feed, 100, request, 0x10);
	FEED(&feed, 106, XDP_REPLY, .packet = request, AT_THERE);
	FEED(&feed, 107, RECEIVE, .packet = reply, .skb = 0x30, AT_HERE, SOFTIRQ);
	FEED(&feed, 108, COPY, .packet = reply, .skb = 0x30, .netns = HERE, IN_CALL(RECVMSG, 102));
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_COMPLETE);
	assert_true(ping->at_driver);
	assert_int_equal(ping->last, 108 * US);
	feed_end(&feed);
}

static void no_reply_after_timeout(void **state)
{
	struct icmpx_packet request = request_of(7, 1);
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, NET_DEV_QUEUE, .packet = request, .skb = 0x10, AT_HERE, IN_CALL(SENDTO, 1));
	FEED(&feed, 2, NET_DEV_START, .packet = request, .skb = 0x10, AT_HERE);
	FEED(&feed, 3, NET_DEV_XMIT, .packet = request, .skb = 0x10, AT_HERE);
	FEED(&feed, 4, SYS_EXIT, .packet = request, .skb = 0x10, IN_CALL(SENDTO, 1));
	FEED(&feed, 9, CONSUME, .packet = request, .skb = 0x10, AT_HERE);
	assembler_tick(feed.assembler, 9000 * MS);
	assert_int_equal(feed.count, 0);
	assembler_tick(feed.assembler, 10003 * MS);
	assert_int_equal(feed.count, 1);
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_NO_REPLY);
	assert_int_equal(ping->last, 3 * US);
	feed_end(&feed);
}

static void received_only_waits_a_second(void **state)
{
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 5, RECEIVE, .packet = request_of(7, 1), .skb = 0x10, AT_THERE, SOFTIRQ);
	FEED(&feed, 6, CONSUME, .packet = request_of(7, 1), .skb = 0x10, AT_THERE, SOFTIRQ);
	assembler_tick(feed.assembler, 900 * MS);
	assert_int_equal(feed.count, 0);
	assembler_tick(feed.assembler, 1003 * MS);
	assert_int_equal(feed.count, 1);
	assert_int_equal(only_ping(&feed)->end, PING_NO_REPLY);
	feed_end(&feed);
}

static void lost_records_make_it_incomplete(void **state)
{
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, NET_DEV_QUEUE, .packet = request_of(7, 1), .skb = 0x10, AT_HERE, .lost = 5);
	FEED(&feed, 2, NET_DEV_START, .packet = request_of(7, 1), .skb = 0x10, AT_HERE, .lost = 5);
	FEED(&feed, 9, NET_DEV_XMIT, .packet = request_of(7, 1), .skb = 0x10, AT_HERE, .cpu = 1,
	     .lost = 2);
	FEED(&feed, 10, CONSUME, .packet = request_of(7, 1), .skb = 0x10, AT_HERE, .lost = 8);
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_INCOMPLETE);
	assert_int_equal(ping->lost, 10); /* 5 right before it was first seen, then 2 and 3 */
	assert_int_equal(assembler_counts(feed.assembler)->lost, 10);
	feed_end(&feed);
}

static void begun_before_the_trace(void **state)
{
	struct icmpx_packet reply = reply_of(7, 1);
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, RECEIVE, .packet = reply, .skb = 0x10, AT_HERE, SOFTIRQ);
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_INCOMPLETE);
	assert_int_equal(ping->packet.kind, ICMPX_KIND_REQUEST);
	assert_int_equal(ping->packet.type, 8);
	assert_memory_equal(ping->packet.source, reply.destination, 16);
	assert_memory_equal(ping->packet.destination, reply.source, 16);
	feed_end(&feed);

	feed_begin(&feed, NULL);
	feed_read(&feed, 0, reply, 0x10, 0x20);
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_RECEIVED);
	assert_int_equal(ping->sender_netns, HERE);
	assert_int_equal(ping->tid, PING_TID);
	feed_end(&feed);
}

static void error_made_and_taken(void **state)
{
	struct icmpx_packet request = request_of(7, 1), error = request;
	struct feed feed;
	const struct ping *ping;

	(void)state;
	error.kind = ICMPX_KIND_ERROR;
	error.type = 3;
	feed_begin(&feed, NULL);
	feed_request(&feed, 100, request, 0x1000);
	FEED(&feed, 106, ICMP_SEND, .packet = request, .skb = 0x1000, AT_THERE, SOFTIRQ,
	     .detail = {3, 1});
	FEED(&feed, 107, NET_DEV_QUEUE, .packet = error, .skb = 0x1100, AT_THERE, SOFTIRQ);
	FEED(&feed, 108, DROP, .packet = request, .skb = 0x1000, AT_THERE, SOFTIRQ);
	assembler_tick(feed.assembler, 50 * MS);
	assert_int_equal(feed.count, 0); /* it has not come back yet */
	FEED(&feed, 51000, RECEIVE, .packet = error, .skb = 0x1100, AT_HERE, SOFTIRQ);
	FEED(&feed, 51001, ERROR_REPORT, .packet = error, .skb = 0x1100, AT_HERE, CARRIED,
	     .detail = {113, RAW_SOCKET});
	FEED(&feed, 51002, WAKING, .packet = error, .skb = 0x1100, AT_HERE, CARRIED,
	     .tid = PING_TID);
	FEED(&feed, 51003, CONSUME, .packet = error, .skb = 0x1100, AT_HERE, SOFTIRQ);
	assembler_tick(feed.assembler, 51003 * US + 13 * MS);
	assert_int_equal(feed.count, 1);
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_ERROR);
	assert_int_equal(ping->last, 51002 * US);
	assert_int_equal(find_hop(ping, ICMPX_TP_ERROR_REPORT, ICMPX_KIND_ERROR)->side,
			 SIDE_SENDER);
	assert_int_equal(find_hop(ping, ICMPX_TP_NET_DEV_QUEUE, ICMPX_KIND_ERROR)->side,
			 SIDE_RESPONDER);
	feed_end(&feed);
}

/* The sender's own socket says so: no route. */
static void error_of_the_send(void **state)
{
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, USER_SEND, .packet = request_of(7, 1), .netns = HERE, .tid = PING_TID);
	FEED(&feed, 4, ERROR_REPORT, .packet = request_of(7, 1), .netns = HERE, .detail = {101});
	assert_int_equal(only_ping(&feed)->end, PING_ERROR);
	feed_end(&feed);
}

/* After a redirect the packet goes on, and is answered. */
static void redirect_ends_nothing(void **state)
{
	struct icmpx_packet request = request_of(7, 1), redirect = request;
	struct feed feed;

	(void)state;
	redirect.kind = ICMPX_KIND_ERROR;
	redirect.type = 5;
	feed_begin(&feed, NULL);
	feed_request(&feed, 100, request, 0x1000);
	FEED(&feed, 106, RECEIVE, .packet = redirect, .skb = 0x2000, AT_HERE, SOFTIRQ);
	assembler_tick(feed.assembler, 300 * MS);
	assert_int_equal(feed.count, 0);
	FEED(&feed, 400000, COPY, .packet = reply_of(7, 1), .skb = 0x3000, .netns = HERE,
	     IN_CALL(RECVMSG, 112));
	assert_int_equal(only_ping(&feed)->end, PING_COMPLETE);
	feed_end(&feed);
}

/* Its reader, being busy, has a clone in its queue: what ping_rcv() drops is none of it. */
static void slow_reader_is_waited_for(void **state)
{
	struct icmpx_packet request = request_of(7, 1), reply = reply_of(7, 1);
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	feed_request(&feed, 100, request, 0x1000);
	feed_answer(&feed, 100, request, 0x1000, reply, 0x1100);
	FEED(&feed, 114, DATA_READY, .packet = reply, .skb = 0x1100, AT_HERE, CARRIED);
	FEED(&feed, 115, DROP, .packet = reply, .skb = 0x1100, AT_HERE, SOFTIRQ);
	assembler_tick(feed.assembler, 5000 * MS);
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_INCOMPLETE);
	assert_int_equal(ping->last, 114 * US);
	feed_end(&feed);

	/* Until 6.11 it is not seen that a socket has it: a second. */
	feed_begin(&feed, NULL);
	feed_request(&feed, 100, request, 0x1000);
	feed_answer(&feed, 100, request, 0x1000, reply, 0x1100);
	FEED(&feed, 115, DROP, .packet = reply, .skb = 0x1100, AT_HERE, SOFTIRQ);
	assembler_tick(feed.assembler, 990 * MS);
	assert_int_equal(feed.count, 0);
	assembler_tick(feed.assembler, 1003 * MS);
	assert_int_equal(feed.count, 1);
	assert_int_equal(only_ping(&feed)->end, PING_DROPPED);
	feed_end(&feed);
}

static void full_socket_without_a_drop(void **state)
{
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	feed_request(&feed, 100, request_of(7, 1), 0x1000);
	FEED(&feed, 114, QUEUE_FULL, .packet = reply_of(7, 1), .skb = 2, AT_HERE, SOFTIRQ);
	FEED(&feed, 115, CONSUME, .packet = reply_of(7, 1), .skb = 2, AT_HERE, SOFTIRQ);
	assert_int_equal(only_ping(&feed)->end, PING_DROPPED);
	feed_end(&feed);
}

/* The first of two replies is dropped; that the second is read does not change that. */
static void drop_of_another_copy(void **state)
{
	struct icmpx_packet reply = reply_of(7, 1);
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	feed_request(&feed, 100, request_of(7, 1), 0x1000);
	FEED(&feed, 113, RECEIVE, .packet = reply, .skb = 2, .head = 3, AT_HERE, SOFTIRQ);
	FEED(&feed, 114, DROP, .packet = reply, .skb = 2, .head = 3, AT_HERE, SOFTIRQ);
	FEED(&feed, 115, RECEIVE, .packet = reply, .skb = 4, .head = 5, AT_HERE, SOFTIRQ);
	FEED(&feed, 116, COPY, .packet = reply, .skb = 4, .head = 5, .netns = HERE,
	     IN_CALL(RECVMSG, 112));
	ping = only_ping(&feed);
	assert_int_equal(ping->end, PING_COMPLETE);
	assert_false(find_hop(ping, ICMPX_TP_DROP, ICMPX_KIND_REPLY)->benign);
	feed_end(&feed);
}

/* The request's start was not seen, and the reply has come in but was not read yet. */
static void reply_that_came_in_has_not_left(void **state)
{
	struct icmpx_packet reply = reply_of(7, 1);
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, RECEIVE, .packet = request_of(7, 1), .skb = 1, AT_THERE, SOFTIRQ);
	FEED(&feed, 2, NET_DEV_QUEUE, .packet = reply, .skb = 2, AT_THERE, SOFTIRQ);
	FEED(&feed, 3, RECEIVE, .packet = reply, .skb = 2, AT_HERE, SOFTIRQ);
	assert_int_equal(only_ping(&feed)->end, PING_INCOMPLETE);
	feed_end(&feed);
}

/* What leaves in softirq was not sent by a task here. */
static void forwarded_is_not_sent(void **state)
{
	struct feed feed;
	const struct ping *ping;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, NET_DEV_QUEUE, .packet = request_of(7, 1), .skb = 1, .netns = ROUTER,
	     SOFTIRQ);
	ping = only_ping(&feed);
	assert_int_equal(ping->sender_netns, 0);
	assert_int_equal(ping->hops[0].side, SIDE_FORWARDER);
	feed_end(&feed);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(benign_drop),
	cmocka_unit_test(reply_dropped_at_full_socket),
	cmocka_unit_test(request_dropped_at_output),
	cmocka_unit_test(request_dropped_by_responder),
	cmocka_unit_test(answered_request_drop_is_benign),
	cmocka_unit_test(answered_at_driver),
	cmocka_unit_test(answered_at_driver_for_here),
	cmocka_unit_test(no_reply_after_timeout),
	cmocka_unit_test(received_only_waits_a_second),
	cmocka_unit_test(lost_records_make_it_incomplete),
	cmocka_unit_test(begun_before_the_trace),
	cmocka_unit_test(error_made_and_taken),
	cmocka_unit_test(error_of_the_send),
	cmocka_unit_test(redirect_ends_nothing),
	cmocka_unit_test(slow_reader_is_waited_for),
	cmocka_unit_test(full_socket_without_a_drop),
	cmocka_unit_test(drop_of_another_copy),
	cmocka_unit_test(reply_that_came_in_has_not_left),
	cmocka_unit_test(forwarded_is_not_sent),
};

UNIT_MAIN(tests)
