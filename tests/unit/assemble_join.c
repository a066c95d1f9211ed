// SPDX-License-Identifier: GPL-2.0-only
/* Which events make one ping: by headers, by pointers that may be reused, and not. */
#include "assemble_feed.h"

/* Up to 6.12 the request is freed in icmp_rcv(), and all that follows lies at its address. */
static void pointer_reuse_within_a_ping(void **state)
{
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	for (int seq = 1; seq <= 3; seq++)
		feed_round_trip(&feed, 100 * seq, request_of(7, seq), reply_of(7, seq), 0x1000,
				true);
	finish(&feed, 3);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(feed.pings[i].end, PING_COMPLETE);
		assert_int_equal(feed.pings[i].count, ROUND_TRIP_EVENTS + 2);
		assert_int_equal(feed.pings[i].packet.seq, htons(i + 1));
	}
	feed_end(&feed);
}

/* The record that the first one was freed is lost: still the headers count. */
static void pointer_reuse_after_a_lost_free(void **state)
{
	struct icmpx_packet one = packet_of(ICMPX_KIND_REQUEST, 7, 1, ALICE, 0x0a000009);
	struct icmpx_packet two = request_of(7, 1); /* the same sequence: fping */
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	feed_request(&feed, 100, one, 0x1000);
	feed_round_trip(&feed, 200, two, reply_of(7, 1), 0x1000, true);
	finish(&feed, 2);
	assert_int_equal(feed.pings[0].count, 6);
	assert_int_equal(feed.pings[0].end, PING_NO_REPLY);
	assert_int_equal(feed.pings[1].count, ROUND_TRIP_EVENTS + 2);
	feed_end(&feed);
}

/* Forwarded, in one namespace, one after the other at the same address, nothing freed. */
static void pointer_reuse_is_not_nat(void **state)
{
	struct icmpx_packet one = packet_of(ICMPX_KIND_REQUEST, 7, 1, ALICE, 0x0a000009);
	struct icmpx_packet two = request_of(8, 1);
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, RECEIVE, .packet = one, .skb = 1, .head = 2, AT_THERE, SOFTIRQ);
	FEED(&feed, 5, RECEIVE, .packet = two, .skb = 1, .head = 2, AT_THERE, SOFTIRQ);
	FEED(&feed, 6, NET_DEV_QUEUE, .packet = two, .skb = 1, .head = 2, AT_THERE, SOFTIRQ);
	/* Sent by a task: a packet's start. */
	one.seq = htons(2);
	two.seq = htons(2);
	FEED(&feed, 11, RECEIVE, .packet = one, .skb = 1, .head = 2, AT_THERE, SOFTIRQ);
	FEED(&feed, 12, NET_DEV_QUEUE, .packet = two, .skb = 1, .head = 2, AT_THERE,
	     IN_CALL(SENDTO, 9));
	/* Its RECEIVE is among the records that were lost on this CPU. */
	one.seq = htons(3);
	two.seq = htons(3);
	FEED(&feed, 21, RECEIVE, .packet = one, .skb = 1, .head = 2, AT_THERE, SOFTIRQ);
	FEED(&feed, 22, NET_DEV_QUEUE, .packet = two, .skb = 1, .head = 2, AT_THERE, SOFTIRQ,
	     .lost = 2);
	/* Sent by one task, then a forwarded one. */
	one.seq = htons(4);
	two.seq = htons(4);
	feed_event(&feed, (struct icmpx_event){.probe = ICMPX_FN_IP_OUTPUT,
					       .time = 31 * US,
					       .packet = one,
					       .skb = 1,
					       AT_THERE,
					       .lost = 2,
					       IN_CALL(SENDTO, 30)});
	FEED(&feed, 32, NET_DEV_QUEUE, .packet = two, .skb = 1, .head = 2, AT_THERE, SOFTIRQ,
	     .lost = 2);
	finish(&feed, 8);
	feed_end(&feed);
}

static void nat_is_an_alias(void **state)
{
	struct icmpx_packet inside = request_of(7, 1);
	struct icmpx_packet outside = packet_of(ICMPX_KIND_REQUEST, 7001, 1, 0xc0000001, BOB);
	struct icmpx_packet back = packet_of(ICMPX_KIND_REPLY, 7001, 1, BOB, 0xc0000001);
	struct icmpx_packet reply = reply_of(7, 1);
	struct feed feed;
	const struct ping *ping;

	(void)state;
	outside.ttl = 63;
	reply.ttl = 63;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, NET_DEV_QUEUE, .packet = inside, .skb = 1, AT_HERE, IN_CALL(SENDTO, 1));
	FEED(&feed, 2, RECEIVE, .packet = inside, .skb = 1, .netns = ROUTER, SOFTIRQ);
	FEED(&feed, 3, NET_DEV_QUEUE, .packet = outside, .skb = 1, .netns = ROUTER, SOFTIRQ);
	FEED(&feed, 4, RECEIVE, .packet = outside, .skb = 1, AT_THERE, SOFTIRQ);
	FEED(&feed, 5, NET_DEV_QUEUE, .packet = back, .skb = 2, AT_THERE, SOFTIRQ);
	FEED(&feed, 6, CONSUME, .packet = outside, .skb = 1, AT_THERE, SOFTIRQ);
	FEED(&feed, 7, RECEIVE, .packet = back, .skb = 2, .netns = ROUTER, SOFTIRQ);
	FEED(&feed, 8, NET_DEV_QUEUE, .packet = reply, .skb = 2, .netns = ROUTER, SOFTIRQ);
	FEED(&feed, 9, RECEIVE, .packet = reply, .skb = 2, AT_HERE, SOFTIRQ);
	FEED(&feed, 10, COPY, .packet = reply, .skb = 2, .netns = HERE, IN_CALL(RECVMSG, 9));
	finish(&feed, 1);
	ping = feed.pings;
	assert_int_equal(ping->end, PING_COMPLETE);
	assert_memory_equal(&ping->packet, &inside, sizeof(inside));
	assert_int_equal(ping->hops[3].side, SIDE_FORWARDER);
	assert_int_equal(ping->sender_netns, HERE);
	assert_int_equal(ping->responder_netns, THERE);
	feed_end(&feed);
}

static void same_id_and_seq_from_two_hosts(void **state)
{
	struct feed feed;
	struct icmpx_packet other = packet_of(ICMPX_KIND_REQUEST, 7, 1, 0x0a000009, BOB);
	struct icmpx_packet reply = packet_of(ICMPX_KIND_REPLY, 7, 1, BOB, 0x0a000009);

	(void)state;
	feed_begin(&feed, NULL);
	feed_round_trip(&feed, 100, request_of(7, 1), reply_of(7, 1), 0x1000, false);
	feed_round_trip(&feed, 103, other, reply, 0x2000, false); /* interleaved by the window */
	finish(&feed, 2);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(feed.pings[i].end, PING_COMPLETE);
		assert_int_equal(feed.pings[i].count, ROUND_TRIP_EVENTS + 2);
	}
	feed_end(&feed);
}

/* Two hosts ping each other: other packets, though the same pair of addresses. */
static void each_pings_the_other(void **state)
{
	struct icmpx_packet to = request_of(7, 1);
	struct icmpx_packet fro = packet_of(ICMPX_KIND_REQUEST, 7, 1, BOB, ALICE);
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, RECEIVE, .packet = to, .skb = 1, AT_THERE, SOFTIRQ);
	FEED(&feed, 2, RECEIVE, .packet = fro, .skb = 2, AT_HERE, SOFTIRQ);
	FEED(&feed, 3, NET_DEV_QUEUE, .packet = packet_of(ICMPX_KIND_REPLY, 7, 1, ALICE, BOB),
	     .skb = 3, AT_HERE, SOFTIRQ);
	FEED(&feed, 4, NET_DEV_QUEUE, .packet = reply_of(7, 1), .skb = 4, AT_THERE, SOFTIRQ);
	finish(&feed, 2);
	assert_int_equal(feed.pings[0].responder_netns, THERE);
	assert_int_equal(feed.pings[1].responder_netns, HERE);
	feed_end(&feed);
}

static void id_wraps(void **state)
{
	struct icmpx_packet request = request_of(7, 1), reply = reply_of(7, 1);
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	feed_round_trip(&feed, 100, request, reply, 0x1000, false);
	feed_round_trip(&feed, 200, request, reply, 0x1000, false);
	feed_request(&feed, 300, request, 0x1000); /* not answered */
	feed_round_trip(&feed, 400, request, reply, 0x1000, false);
	finish(&feed, 4);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(feed.pings[i].first, (i + 1) * 100 * US);
		assert_false(feed.pings[i].duplicate);
		assert_int_equal(feed.pings[i].end, i == 2 ? PING_NO_REPLY : PING_COMPLETE);
	}
	feed_end(&feed);
}

static void id_wraps_at_a_remote_sender(void **state)
{
	struct icmpx_packet request = request_of(7, 1), reply = reply_of(7, 1);
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	for (int i = 0; i < 3; i++) {
		__u64 at = 100 * i;

		FEED(&feed, at + 1, RECEIVE, .packet = request, .skb = 1, AT_THERE, SOFTIRQ);
		FEED(&feed, at + 2, NET_DEV_QUEUE, .packet = reply, .skb = 2, AT_THERE, SOFTIRQ);
		FEED(&feed, at + 3, NET_DEV_XMIT, .packet = reply, .skb = 2, AT_THERE, SOFTIRQ);
	}
	for (int i = 0; i < 3; i++)
		FEED(&feed, 500 + i, XDP_REPLY, .packet = request_of(8, 1), AT_THERE);
	finish(&feed, 6);
	assert_int_equal(assembler_counts(feed.assembler)->ends[PING_ANSWERED], 6);
	feed_end(&feed);
}

/* Through several devices of one host: one request. */
static void stacked_devices_are_one_send(void **state)
{
	struct icmpx_packet request = request_of(7, 1);
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, NET_DEV_QUEUE, .packet = request, .skb = 1, .netns = HERE, .ifindex = 5,
	     IN_CALL(SENDTO, 1));
	FEED(&feed, 2, NET_DEV_START, .packet = request, .skb = 1, .netns = HERE, .ifindex = 5);
	FEED(&feed, 3, NET_DEV_QUEUE, .packet = request, .skb = 1, AT_HERE, IN_CALL(SENDTO, 1));
	FEED(&feed, 4, DROP, .packet = request, .skb = 1, .head = 9, AT_HERE, IN_CALL(SENDTO, 1));
	FEED(&feed, 5, NET_DEV_QUEUE, .packet = request, .skb = 3, .head = 9, .netns = HERE,
	     .ifindex = 6, IN_CALL(SENDTO, 1));
	FEED(&feed, 6, NET_DEV_START, .packet = request, .skb = 3, .head = 9, .netns = HERE,
	     .ifindex = 6);
	finish(&feed, 1);
	assert_int_equal(feed.pings[0].end, PING_NO_REPLY);
	assert_true(find_hop(feed.pings, ICMPX_TP_DROP, ICMPX_KIND_REQUEST)->benign);
	assert_int_equal(feed.pings[0].hops[feed.pings[0].count - 1].copy, 0);
	feed_end(&feed);
}

/* No headers were read: by its sk_buff, then by its data; else it belongs to nobody. */
static void events_without_headers(void **state)
{
	struct icmpx_packet request = request_of(7, 1);
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, RECEIVE, .packet = request, .skb = 1, .head = 9, AT_THERE, SOFTIRQ);
	FEED(&feed, 2, RECEIVE, .packet = request_of(7, 2), .skb = 2, .head = 8, AT_THERE, SOFTIRQ);
	FEED(&feed, 3, DROP, .skb = 1, AT_THERE, SOFTIRQ);
	FEED(&feed, 4, DROP, .skb = 3, .head = 8, AT_THERE, SOFTIRQ);
	FEED(&feed, 5, DROP, .skb = 1, AT_THERE, SOFTIRQ); /* freed before */
	FEED(&feed, 6, SYS_EXIT, .packet = request, .skb = 1, .tid = 5);
	FEED(&feed, 7, DROP, .skb = 1, AT_THERE, SOFTIRQ); /* was there long ago */
	finish(&feed, 2);
	assert_int_equal(assembler_counts(feed.assembler)->orphans, 2);
	assert_int_equal(feed.pings[0].count, 3);
	assert_int_equal(feed.pings[1].count, 2);
	assert_memory_equal(&feed.pings[0].hops[1].event.packet, &request, sizeof(request));
	feed_end(&feed);
}

/* A driver frees what it has sent when it sends the next one. */
static void stragglers_open_nothing(void **state)
{
	struct icmpx_packet request = request_of(7, 1);
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, CONSUME, .packet = request, .skb = 1, AT_HERE);
	FEED(&feed, 2, SYS_EXIT, .packet = request, .skb = 1, IN_CALL(SENDTO, 1));
	FEED(&feed, 3, NET_DEV_XMIT, .packet = request, .skb = 1, AT_HERE);
	FEED(&feed, 4, DROP, .packet = reply_of(7, 1), .skb = 1, .netns = HERE); /* close() */
	finish(&feed, 0);
	assert_int_equal(assembler_counts(feed.assembler)->orphans, 4);
	feed_end(&feed);
}

static void ipv6(void **state)
{
	struct icmpx_packet request = request_of(7, 1), reply = reply_of(7, 1);
	struct icmpx_packet v4 = request_of(7, 1);
	struct feed feed;

	(void)state;
	request.family = reply.family = 6;
	request.protocol = reply.protocol = IPPROTO_ICMPV6;
	request.type = 128;
	reply.type = 129;
	feed_begin(&feed, NULL);
	feed_request(&feed, 50, v4, 0x4000);
	feed_round_trip(&feed, 100, request, reply, 0x1000, false);
	finish(&feed, 2);
	assert_int_equal(feed.pings[1].count, ROUND_TRIP_EVENTS + 2);
	assert_int_equal(feed.pings[1].end, PING_COMPLETE);
	feed_end(&feed);
}

static void bridge_goes_on_after_a_dropped_clone(void **state)
{
	struct icmpx_packet request = request_of(7, 1);
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, RECEIVE, .packet = request, .skb = 1, .head = 9, .netns = THERE,
	     .ifindex = 3, SOFTIRQ);
	FEED(&feed, 2, DROP, .packet = request, .skb = 2, .head = 9, .netns = THERE, .ifindex = 4,
	     SOFTIRQ);
	FEED(&feed, 3, RECEIVE, .packet = request, .skb = 1, .head = 9, .netns = THERE,
	     .ifindex = 5, SOFTIRQ);
	FEED(&feed, 4, DROP, .packet = request, .skb = 1, .head = 9, .netns = THERE, .ifindex = 5,
	     SOFTIRQ);
	/* This is another one. */
	FEED(&feed, 50, RECEIVE, .packet = request, .skb = 1, .head = 7, .netns = THERE,
	     .ifindex = 3, SOFTIRQ);
	finish(&feed, 2);
	assert_int_equal(feed.pings[0].count, 4);
	assert_int_equal(feed.pings[0].end, PING_DROPPED);
	assert_int_equal(feed.pings[0].last, 4 * US); /* the clone's was none */
	feed_end(&feed);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(pointer_reuse_within_a_ping),
	cmocka_unit_test(pointer_reuse_after_a_lost_free),
	cmocka_unit_test(pointer_reuse_is_not_nat),
	cmocka_unit_test(nat_is_an_alias),
	cmocka_unit_test(same_id_and_seq_from_two_hosts),
	cmocka_unit_test(each_pings_the_other),
	cmocka_unit_test(id_wraps),
	cmocka_unit_test(id_wraps_at_a_remote_sender),
	cmocka_unit_test(stacked_devices_are_one_send),
	cmocka_unit_test(events_without_headers),
	cmocka_unit_test(stragglers_open_nothing),
	cmocka_unit_test(ipv6),
	cmocka_unit_test(bridge_goes_on_after_a_dropped_clone),
};

UNIT_MAIN(tests)
