/* SPDX-License-Identifier: GPL-2.0-only */
/* Two machines that ping each other, whose clocks, wire and losses are known. */
#ifndef ICMPX_MERGE_SCENE_H
#define ICMPX_MERGE_SCENE_H

#include <arpa/inet.h>
#include <string.h>

#include "merge_stages.h"

#define US     1000ull
#define MS     1000000ull
#define SECOND 1000000000ull

#define COOKIE 0x9df3a1c46be20587ull

/* What is not said is so: A (10.0.0.1) pings B (10.0.0.2), which answers. Times are A's. */
struct exchange {
	enum machine sender;
	__u64 at;    /* when the request leaves; 0: the next one */
	__u64 there; /* ns on the wire; 0: 30 us */
	__u64 back;
	__u16 id, seq; /* 0: 7; the next one */
	__u64 cookie;
	bool request_lost, reply_lost;
	bool unseen[MACHINE_MAX]; /* by that machine's trace */
	bool nat;                 /* 10.0.0.9, id 99, where it arrives */
	bool dropped;             /* by the responder */
	bool unread;              /* by the sender */
};

struct scene {
	struct merge merge;
	__s64 offset; /* B's clock less A's */
	double rate;  /* and so much more with time */
	__u64 now;    /* A's clock */
	__u16 seq;
};

static inline __u64 clock_of(const struct scene *scene, enum machine machine, __u64 time)
{
	return machine == MACHINE_A
		       ? time
		       : time + (__u64)(scene->offset + (__s64)(scene->rate * (double)time));
}

static inline void add_hop(struct ping *ping, __u8 leg, __u16 probe, __u64 time, __u64 cookie,
			   const struct icmpx_packet *packet)
{
	struct hop *hop = &ping->hops[ping->count++];

	*hop = (struct hop){.leg = leg, .event = {.probe = probe, .time = time, .cookie = cookie}};
	hop->event.packet = *packet;
	hop->event.packet.kind = leg;
	if (leg != ICMPX_KIND_REPLY)
		return;
	memcpy(hop->event.packet.source, packet->destination, 16);
	memcpy(hop->event.packet.destination, packet->source, 16);
}

static inline struct icmpx_packet packet_of(const struct exchange *exchange, bool rewritten)
{
	struct icmpx_packet packet = {
		.family = 4,
		.kind = ICMPX_KIND_REQUEST,
		.type = 8,
		.protocol = 1,
		.ttl = 64,
		.id = htons(rewritten ? 99 : exchange->id),
		.seq = htons(exchange->seq),
		.source = {10, 0, 0, exchange->sender == MACHINE_A ? 1 : 2},
		.destination = {10, 0, 0, exchange->sender == MACHINE_A ? 2 : 1},
	};

	if (rewritten)
		packet.source[3] = 9;
	return packet;
}

static inline void see(struct scene *scene, enum machine machine, struct ping *ping)
{
	struct merge_side *side = &scene->merge.sides[machine];

	if (!ping->count)
		return;
	ping->first = ping->hops[0].event.time;
	ping->last = ping->hops[ping->count - 1].event.time;
	if (!side->started || ping->first < side->started)
		side->started = ping->first;
	if (ping->last > side->ended)
		side->ended = ping->last;
	assert_int_equal(merge_side_add(side, ping), 0);
}

/* Of both machines' recordings. Returns when the request left, by A's clock. */
static inline __u64 add_exchange(struct scene *scene, struct exchange exchange)
{
	enum machine from = exchange.sender, to = machine_other(from);
	struct hop hops[MACHINE_MAX][4];
	struct icmpx_packet sent, arrived;
	struct ping ping[MACHINE_MAX] = {};
	__u64 out, there, turned, back;

	exchange.id = exchange.id ?: 7;
	exchange.seq = exchange.seq ?: ++scene->seq;
	out = exchange.at ?: scene->now + 100 * MS;
	there = out + (exchange.there ?: 30 * US);
	turned = there + 20 * US;
	back = turned + (exchange.back ?: 30 * US);
	scene->now = back;
	sent = packet_of(&exchange, false);
	arrived = packet_of(&exchange, exchange.nat);
	ping[from] = (struct ping){.packet = sent, .hops = hops[0], .end = PING_COMPLETE};
	ping[to] = (struct ping){.packet = arrived, .hops = hops[1], .end = PING_ANSWERED};

	add_hop(&ping[from], ICMPX_KIND_REQUEST, ICMPX_TP_NET_DEV_QUEUE,
		clock_of(scene, from, out - 5 * US), exchange.cookie, &sent);
	add_hop(&ping[from], ICMPX_KIND_REQUEST, ICMPX_TP_NET_DEV_START, clock_of(scene, from, out),
		exchange.cookie, &sent);
	if (!exchange.request_lost)
		add_hop(&ping[to], ICMPX_KIND_REQUEST, ICMPX_TP_RECEIVE, clock_of(scene, to, there),
			exchange.cookie, &arrived);
	if (exchange.dropped)
		ping[to].end = PING_DROPPED;
	else if (!exchange.request_lost)
		add_hop(&ping[to], ICMPX_KIND_REPLY, ICMPX_TP_NET_DEV_START,
			clock_of(scene, to, turned), exchange.cookie, &arrived);
	if (exchange.request_lost || exchange.reply_lost || exchange.dropped) {
		ping[from].end = PING_NO_REPLY;
	} else {
		add_hop(&ping[from], ICMPX_KIND_REPLY, ICMPX_TP_RECEIVE,
			clock_of(scene, from, back), exchange.cookie, &sent);
		if (exchange.unread)
			ping[from].end = PING_DROPPED;
		else
			add_hop(&ping[from], ICMPX_KIND_REPLY, ICMPX_TP_COPY,
				clock_of(scene, from, back + 40 * US), exchange.cookie, &sent);
	}
	for (int i = 0; i < MACHINE_MAX; i++)
		if (!exchange.unseen[i])
			see(scene, i, &ping[i]);
	return out;
}

/* Both go on recording. */
static inline void record_on(struct scene *scene, __u64 ns)
{
	scene->now += ns;
	for (int i = 0; i < MACHINE_MAX; i++)
		scene->merge.sides[i].ended = clock_of(scene, i, scene->now);
}

/* Four that are well, both ways. */
static inline struct scene some_pings(__s64 offset)
{
	struct scene scene = {.offset = offset, .now = 50 * SECOND};

	for (int i = 0; i < 4; i++)
		add_exchange(&scene, (struct exchange){.sender = i % 2});
	return scene;
}

static inline void join(struct scene *scene)
{
	assert_int_equal(merge_join(&scene->merge), 0);
}

static inline void scene_end(struct scene *scene)
{
	merge_destroy(&scene->merge);
}

#define assert_fates(scene, fate, want)                                                            \
	assert_int_equal((scene)->merge.counts.fates[FATE_##fate], want)

#endif
