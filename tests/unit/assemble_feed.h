/* SPDX-License-Identifier: GPL-2.0-only */
/* Streams of events made by hand, and the pings that come of them. Times in us. */
#ifndef ASSEMBLE_FEED_H
#define ASSEMBLE_FEED_H

#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#include "assemble.h"

#define US 1000ULL
#define MS (1000 * US)

#define HERE   100 /* network namespaces: the sender's and the responder's */
#define THERE  200
#define ROUTER 300

#define PING_TID 1000
#define SENDTO   44
#define RECVMSG  47

#define RAW_SOCKET  (3ULL << 16 | IPPROTO_ICMP)
#define PING_SOCKET (2ULL << 16 | IPPROTO_ICMP)

#define ALICE 0x0a000001
#define BOB   0x0a000002

struct feed {
	struct assembler *assembler;
	struct ping *pings;
	size_t count;
};

static inline void feed_take(void *data, const struct ping *ping)
{
	struct feed *feed = data;
	struct ping *copy;

	feed->pings = reallocarray(feed->pings, feed->count + 1, sizeof(*feed->pings));
	assert_non_null(feed->pings);
	copy = &feed->pings[feed->count++];
	*copy = *ping;
	copy->hops = calloc(ping->count ? ping->count : 1, sizeof(*copy->hops));
	assert_non_null(copy->hops);
	memcpy(copy->hops, ping->hops, ping->count * sizeof(*copy->hops));
	assert_int_equal(ping->number, feed->count);
}

static inline void feed_begin(struct feed *feed, const struct assemble_options *options)
{
	*feed = (struct feed){};
	feed->assembler = assembler_new(options, feed_take, feed);
	assert_non_null(feed->assembler);
}

static inline void feed_end(struct feed *feed)
{
	for (size_t i = 0; i < feed->count; i++)
		free(feed->pings[i].hops);
	free(feed->pings);
	assembler_free(feed->assembler);
}

static inline struct icmpx_packet packet_of(__u8 kind, __u16 id, __u16 seq, __u32 from, __u32 to)
{
	static const __u8 types[] = {
		[ICMPX_KIND_REQUEST] = 8, [ICMPX_KIND_REPLY] = 0, [ICMPX_KIND_ERROR] = 3};
	struct icmpx_packet packet = {
		.family = 4,
		.kind = kind,
		.protocol = kind == ICMPX_KIND_UDP ? IPPROTO_UDP : IPPROTO_ICMP,
		.ttl = 64,
		.bytes = 84,
		.id = htons(id),
		.seq = htons(seq),
	};

	if (kind != ICMPX_KIND_UDP)
		packet.type = types[kind];
	from = htonl(from);
	to = htonl(to);
	memcpy(packet.source, &from, 4);
	memcpy(packet.destination, &to, 4);
	return packet;
}

static inline struct icmpx_packet request_of(__u16 id, __u16 seq)
{
	return packet_of(ICMPX_KIND_REQUEST, id, seq, ALICE, BOB);
}

static inline struct icmpx_packet reply_of(__u16 id, __u16 seq)
{
	return packet_of(ICMPX_KIND_REPLY, id, seq, BOB, ALICE);
}

/* Takes designated initialisers of struct icmpx_event. */
#define FEED(feed, at, what, ...)                                                                  \
	feed_event(feed,                                                                           \
		   (struct icmpx_event){.probe = ICMPX_TP_##what, .time = (at)*US, __VA_ARGS__})

static inline void feed_event(struct feed *feed, struct icmpx_event event)
{
	event.record = ICMPX_RECORD_EVENT;
	if (!event.entered)
		event.syscall = -1;
	assert_int_equal(assembler_event(feed->assembler, &event), 0);
}

/* A task's own doing in a system call, which it entered at that us. */
#define IN_CALL(number, at)                                                                        \
	.tgid = PING_TID, .tid = PING_TID, .syscall = (number), .entered = (at)*US
#define SOFTIRQ  .flags = ICMPX_IN_SOFTIRQ
#define CARRIED  .flags = ICMPX_IN_SOFTIRQ | ICMPX_CARRIED
#define AT_HERE  .netns = HERE, .ifindex = 2
#define AT_THERE .netns = THERE, .ifindex = 3

/* A request's way from one namespace to the other, with its sk_buff; 11 us. */
static inline void feed_request(struct feed *feed, __u64 at, struct icmpx_packet request, __u64 skb)
{
#define REQUEST .packet = request, .skb = skb, .head = skb + 1
	FEED(feed, at + 1, NET_DEV_QUEUE, REQUEST, AT_HERE, IN_CALL(SENDTO, at));
	FEED(feed, at + 2, NET_DEV_START, REQUEST, AT_HERE, .tid = PING_TID);
	FEED(feed, at + 3, NETIF_RX, REQUEST, AT_THERE, .tid = PING_TID);
	FEED(feed, at + 4, NET_DEV_XMIT, REQUEST, AT_HERE, .tid = PING_TID);
	FEED(feed, at + 5, RECEIVE, REQUEST, AT_THERE, SOFTIRQ);
#undef REQUEST
}

/* The responder's part: as kernels before 6.12 the request is freed when it was answered. */
static inline void feed_answer(struct feed *feed, __u64 at, struct icmpx_packet request, __u64 skb,
			       struct icmpx_packet reply, __u64 reply_skb)
{
#define REPLY .packet = reply, .skb = reply_skb, .head = reply_skb + 1, SOFTIRQ
	FEED(feed, at + 6, NET_DEV_QUEUE, REPLY, AT_THERE);
	FEED(feed, at + 7, NET_DEV_START, REPLY, AT_THERE);
	FEED(feed, at + 8, NETIF_RX, REPLY, AT_HERE);
	FEED(feed, at + 9, NET_DEV_XMIT, REPLY, AT_THERE);
	FEED(feed, at + 10, CONSUME, .packet = request, .skb = skb, .head = skb + 1, AT_THERE,
	     SOFTIRQ);
	FEED(feed, at + 11, SYS_EXIT, .packet = request, .skb = skb, IN_CALL(SENDTO, at));
	FEED(feed, at + 13, RECEIVE, REPLY, AT_HERE);
}

/* The sender gets it: its raw socket a clone, which it reads. */
static inline void feed_read(struct feed *feed, __u64 at, struct icmpx_packet reply,
			     __u64 reply_skb, __u64 clone)
{
	FEED(feed, at + 14, DATA_READY, .packet = reply, .skb = reply_skb, .head = reply_skb + 1,
	     AT_HERE, CARRIED, .sk = 77, .detail = {0, RAW_SOCKET});
	FEED(feed, at + 15, WAKING, .packet = reply, .skb = reply_skb, .head = reply_skb + 1,
	     AT_HERE, CARRIED, .tgid = PING_TID, .tid = PING_TID, .syscall = RECVMSG,
	     .entered = (at + 12) * US);
	FEED(feed, at + 16, DROP, REPLY, AT_HERE, .detail = {0, 3});
	FEED(feed, at + 17, SWITCH_IN, .packet = reply, .skb = reply_skb,
	     IN_CALL(RECVMSG, at + 12));
	FEED(feed, at + 18, COPY, .packet = reply, .skb = clone, .head = reply_skb + 1,
	     .netns = HERE, .sk = 77, .detail = {84, RAW_SOCKET}, IN_CALL(RECVMSG, at + 12));
	FEED(feed, at + 19, SYS_EXIT, .packet = reply, .skb = clone, IN_CALL(RECVMSG, at + 12));
	FEED(feed, at + 20, CONSUME, .packet = reply, .skb = clone, .head = reply_skb + 1,
	     .netns = HERE, .tid = PING_TID);
#undef REPLY
}

#define ROUND_TRIP_EVENTS 19

/* All of it, with sk_buffs from `skb` on: 3 of them, or one address for all. */
static inline void feed_round_trip(struct feed *feed, __u64 at, struct icmpx_packet request,
				   struct icmpx_packet reply, __u64 skb, bool reuse)
{
	__u64 reply_skb = reuse ? skb : skb + 0x100, clone = reuse ? skb : skb + 0x200;

	feed_request(feed, at, request, skb);
	feed_answer(feed, at, request, skb, reply, reply_skb);
	feed_read(feed, at, reply, reply_skb, clone);
}

static inline const struct hop *find_hop(const struct ping *ping, int probe, int leg)
{
	for (__u32 i = 0; i < ping->count; i++)
		if (ping->hops[i].event.probe == probe && ping->hops[i].leg == leg)
			return &ping->hops[i];
	return NULL;
}

static inline size_t count_hops(const struct ping *ping, int probe, int leg)
{
	size_t count = 0;

	for (__u32 i = 0; i < ping->count; i++)
		count += ping->hops[i].event.probe == probe && ping->hops[i].leg == leg;
	return count;
}

/* Of each event it is known where it went. */
static inline void assert_all_accounted(const struct feed *feed)
{
	const struct assemble_counts *counts = assembler_counts(feed->assembler);
	__u64 hops = 0, ends = 0;

	for (size_t i = 0; i < feed->count; i++) {
		hops += feed->pings[i].left_out;
		for (__u32 k = 0; k < feed->pings[i].count; k++) {
			const struct hop *hop = &feed->pings[i].hops[k];

			hops += !hop->synthetic;
			assert_true(hop->event.packet.family);
			assert_true(k == 0 || hop[-1].event.time <= hop->event.time);
		}
		assert_true(feed->pings[i].first <= feed->pings[i].last);
	}
	for (int i = 0; i < PING_END_MAX; i++)
		ends += counts->ends[i];
	assert_int_equal(hops + counts->orphans, counts->events);
	assert_int_equal(ends, counts->pings);
	assert_int_equal(counts->pings, feed->count);
}

static inline void finish(struct feed *feed, size_t pings)
{
	assembler_flush(feed->assembler);
	assert_all_accounted(feed);
	assert_int_equal(feed->count, pings);
}

/* That all came to. */
static inline const struct ping *only_ping(struct feed *feed)
{
	finish(feed, 1);
	return feed->pings;
}

#endif
