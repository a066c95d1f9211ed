// SPDX-License-Identifier: GPL-2.0-only
/* Datagrams of one flow are told apart, though their headers are the same. */
#include "assemble_feed.h"

static struct icmpx_packet datagram(void)
{
	return packet_of(ICMPX_KIND_UDP, 4000, 53, ALICE, BOB);
}

/* From sendto() to the reader in the other namespace: 10 events. */
static void feed_datagram(struct feed *feed, __u64 at, __u64 skb)
{
#define DATAGRAM .packet = datagram(), .skb = skb, .head = skb + 1
	FEED(feed, at + 1, NET_DEV_QUEUE, DATAGRAM, AT_HERE, IN_CALL(SENDTO, at));
	FEED(feed, at + 2, NET_DEV_START, DATAGRAM, AT_HERE, .tid = PING_TID);
	FEED(feed, at + 3, NETIF_RX, DATAGRAM, AT_THERE, .tid = PING_TID);
	FEED(feed, at + 4, NET_DEV_XMIT, DATAGRAM, AT_HERE, .tid = PING_TID);
	FEED(feed, at + 5, RECEIVE, DATAGRAM, AT_THERE, SOFTIRQ);
	FEED(feed, at + 6, DATA_READY, DATAGRAM, AT_THERE, CARRIED);
	FEED(feed, at + 7, SYS_EXIT, .packet = datagram(), .skb = skb, IN_CALL(SENDTO, at));
}

static void feed_datagram_read(struct feed *feed, __u64 at, __u64 skb)
{
	FEED(feed, at + 8, COPY, DATAGRAM, AT_THERE, .tid = 2000, .syscall = RECVMSG,
	     .entered = 10 * US);
	FEED(feed, at + 9, CONSUME, DATAGRAM, AT_THERE, .tid = 2000);
	FEED(feed, at + 10, SYS_EXIT, .packet = datagram(), .skb = skb, .tid = 2000,
	     .syscall = RECVMSG, .entered = 10 * US);
}

static void assert_datagram(const struct ping *ping, __u64 at)
{
	assert_int_equal(ping->end, PING_RECEIVED);
	assert_int_equal(ping->count, 11); /* the reader slept before it was sent */
	assert_int_equal(ping->first, at * US);
	assert_int_equal(ping->last, (at + 10) * US);
	assert_int_equal(ping->sender_netns, HERE);
	assert_int_equal(ping->responder_netns, THERE);
	assert_int_equal(ping->tid, PING_TID);
	assert_int_equal(find_hop(ping, ICMPX_TP_COPY, ICMPX_KIND_UDP)->side, SIDE_RESPONDER);
	assert_int_equal(find_hop(ping, ICMPX_TP_SYS_EXIT, ICMPX_KIND_UDP)->side, SIDE_SENDER);
}

/* How the socket was made comes before the first datagram, which it does not make another. */
static void set_up_is_of_the_first(void **state)
{
	struct icmpx_event event = {
		.probe = ICMPX_FN_INET_CREATE,
		.time = 10 * US,
		.tgid = PING_TID,
		.tid = PING_TID,
		.packet = datagram(),
	};
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	feed_event(&feed, event);
	for (int i = 1; i <= 2; i++) {
		feed_datagram(&feed, 100 * i, 0x1000);
		feed_datagram_read(&feed, 100 * i, 0x1000);
	}
	finish(&feed, 2);
	assert_int_equal(feed.pings[0].hops[0].event.probe, ICMPX_FN_INET_CREATE);
	assert_int_equal(feed.pings[0].count, 12);
	assert_datagram(&feed.pings[1], 200);
	feed_end(&feed);
}

static void datagrams_in_a_row(void **state)
{
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	for (int i = 1; i <= 5; i++) {
		feed_datagram(&feed, 100 * i, 0x1000); /* all at the same address */
		feed_datagram_read(&feed, 100 * i, 0x1000);
	}
	finish(&feed, 5);
	for (int i = 1; i <= 5; i++)
		assert_datagram(&feed.pings[i - 1], 100 * i);
	feed_end(&feed);
}

/* All are sent before the first one is read. */
static void datagrams_queue_up(void **state)
{
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	for (int i = 1; i <= 4; i++)
		feed_datagram(&feed, 100 * i, 0x1000 * i);
	for (int i = 1; i <= 4; i++) {
		__u64 skb = 0x1000 * i;

		FEED(&feed, 600 + 10 * i, COPY, DATAGRAM, AT_THERE, .tid = 2000, .syscall = RECVMSG,
		     .entered = (595 + 10 * i) * US);
		FEED(&feed, 601 + 10 * i, SYS_EXIT, DATAGRAM, .tid = 2000, .syscall = RECVMSG,
		     .entered = (595 + 10 * i) * US);
		FEED(&feed, 602 + 10 * i, CONSUME, DATAGRAM, AT_THERE, .tid = 2000);
	}
	finish(&feed, 4);
	for (int i = 1; i <= 4; i++) {
		assert_int_equal(feed.pings[i - 1].end, PING_RECEIVED);
		assert_int_equal(feed.pings[i - 1].first, 100 * i * US);
		assert_int_equal(feed.pings[i - 1].last, (601 + 10 * i) * US);
		assert_int_equal(feed.pings[i - 1].count, 12);
	}
	feed_end(&feed);
}

/* From another machine, at one address again and again, the record of its freeing lost. */
static void datagrams_come_in(void **state)
{
	struct feed feed;
	__u64 skb = 0x1000;

	(void)state;
	feed_begin(&feed, NULL);
	for (int i = 1; i <= 3; i++) {
		FEED(&feed, 10 * i, RECEIVE, DATAGRAM, AT_THERE, SOFTIRQ);
		FEED(&feed, 10 * i + 1, DATA_READY, .packet = datagram(), AT_THERE, CARRIED);
	}
	finish(&feed, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(feed.pings[i].count, 2);
	feed_end(&feed);
}

static void datagrams_by_ip_id(void **state)
{
	struct icmpx_packet one = datagram(), two = datagram();
	struct feed feed;

	(void)state;
	one.ip_id = 11;
	two.ip_id = 12;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, NET_DEV_QUEUE, .packet = one, .skb = 1, AT_HERE, IN_CALL(SENDTO, 1));
	FEED(&feed, 3, NET_DEV_QUEUE, .packet = two, .skb = 2, AT_HERE, IN_CALL(SENDTO, 2));
	/* Copied by a driver on its way. */
	FEED(&feed, 5, RECEIVE, .packet = one, .skb = 3, AT_THERE, SOFTIRQ);
	FEED(&feed, 6, RECEIVE, .packet = two, .skb = 4, AT_THERE, SOFTIRQ);
	finish(&feed, 2);
	for (int i = 0; i < 2; i++)
		for (__u32 k = 0; k < feed.pings[i].count; k++)
			assert_int_equal(feed.pings[i].hops[k].event.packet.ip_id, 11 + i);
	feed_end(&feed);
}

/* To a closed port: the error names the ports. */
static void datagram_to_a_closed_port(void **state)
{
	struct icmpx_packet error = datagram();
	struct feed feed;
	__u64 skb = 0x1000;
	const struct ping *ping;

	(void)state;
	error.kind = ICMPX_KIND_ERROR;
	error.type = 3;
	error.code = 3;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, NET_DEV_QUEUE, DATAGRAM, AT_HERE, IN_CALL(SENDTO, 1));
	FEED(&feed, 2, RECEIVE, DATAGRAM, AT_THERE, SOFTIRQ);
	FEED(&feed, 3, ICMP_SEND, DATAGRAM, AT_THERE, SOFTIRQ, .detail = {3, 3});
	FEED(&feed, 4, NET_DEV_QUEUE, .packet = error, .skb = 0x2000, AT_THERE, SOFTIRQ);
	FEED(&feed, 5, DROP, DATAGRAM, AT_THERE, SOFTIRQ);
	FEED(&feed, 6, RECEIVE, .packet = error, .skb = 0x2000, AT_HERE, SOFTIRQ);
	FEED(&feed, 7, ERROR_REPORT, .packet = error, .skb = 0x2000, AT_HERE, CARRIED,
	     .detail = {111});
	FEED(&feed, 100, RECEIVE, .packet = packet_of(ICMPX_KIND_UDP, 53, 4000, BOB, ALICE),
	     .skb = 5, AT_HERE, SOFTIRQ); /* the other direction is another datagram */
	finish(&feed, 2);
	ping = feed.pings;
	assert_int_equal(ping->end, PING_ERROR);
	assert_int_equal(ping->last, 7 * US);
	assert_int_equal(ping->count, 8);
	assert_false(find_hop(ping, ICMPX_TP_DROP, ICMPX_KIND_UDP)->benign);
	feed_end(&feed);
}

static void error_about_an_unknown_datagram(void **state)
{
	struct icmpx_packet error = datagram();
	struct feed feed;

	(void)state;
	error.kind = ICMPX_KIND_ERROR;
	feed_begin(&feed, NULL);
	FEED(&feed, 6, RECEIVE, .packet = error, .skb = 0x2000, AT_HERE, SOFTIRQ);
	finish(&feed, 1);
	assert_int_equal(feed.pings[0].end, PING_ERROR);
	assert_int_equal(feed.pings[0].packet.kind, ICMPX_KIND_UDP);
	feed_end(&feed);
}

/* Received on two CPUs at once: a socket is given what its CPU received. */
static void datagrams_on_two_cpus(void **state)
{
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	for (int i = 0; i < 2; i++)
		FEED(&feed, i + 1, RECEIVE, .packet = datagram(), .skb = i + 1, .head = i + 8,
		     AT_THERE, SOFTIRQ, .cpu = i);
	for (int i = 0; i < 2; i++)
		FEED(&feed, i + 3, DATA_READY, .packet = datagram(), AT_THERE, CARRIED, .cpu = i);
	finish(&feed, 2);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(feed.pings[i].count, 2);
		assert_int_equal(feed.pings[i].hops[1].event.cpu, i);
	}
	feed_end(&feed);
}

/* The records of the first one's freeing and of the second one's start are lost. */
static void datagram_where_one_was_read(void **state)
{
	struct feed feed;
	__u64 skb = 0x1000;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 1, NET_DEV_QUEUE, DATAGRAM, AT_HERE, IN_CALL(SENDTO, 1));
	FEED(&feed, 2, RECEIVE, DATAGRAM, AT_THERE, SOFTIRQ);
	FEED(&feed, 3, COPY, DATAGRAM, AT_THERE, .tid = 2000);
	FEED(&feed, 9, RECEIVE, DATAGRAM, AT_THERE, SOFTIRQ);
	finish(&feed, 2);
	feed_end(&feed);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(set_up_is_of_the_first),
	cmocka_unit_test(datagrams_in_a_row),
	cmocka_unit_test(datagrams_queue_up),
	cmocka_unit_test(datagrams_come_in),
	cmocka_unit_test(datagrams_by_ip_id),
	cmocka_unit_test(datagram_to_a_closed_port),
	cmocka_unit_test(error_about_an_unknown_datagram),
	cmocka_unit_test(datagrams_on_two_cpus),
	cmocka_unit_test(datagram_where_one_was_read),
};

UNIT_MAIN(tests)
