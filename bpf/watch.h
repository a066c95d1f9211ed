/* SPDX-License-Identifier: GPL-2.0-only */
/* Replies as events, for a trace that is running. */
#ifndef ICMPX_WATCH_H
#define ICMPX_WATCH_H

#include "maps.h"
#include "event.h"
#include "parse.h"
#include "probes.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, ICMPX_EVENT_BYTES);
} events SEC(".maps");

/* In a map of its own, which is pinned and which tracers write to. */
volatile struct icmpx_watch watch SEC(".data.watch") = {};

/* An event about a request that is about to be answered, but for its IP header. */
static __always_inline struct icmpx_event *watch_event(const struct echohdr *echo)
{
	struct icmpx_event *event;

	if (bpf_jiffies64() >= watch.until)
		return NULL;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		__sync_fetch_and_add(&watch.lost, 1);
		return NULL;
	}
	*event = (struct icmpx_event){
		.record = ICMPX_RECORD_EVENT,
		.probe = ICMPX_TP_XDP_REPLY,
		.cpu = bpf_get_smp_processor_id(),
		.time = bpf_ktime_get_ns(),
		.netns = config.netns,
		.ifindex = config.ifindex,
		.syscall = -1,
		.packet.kind = ICMPX_KIND_REQUEST,
		.packet.type = echo->type,
		.packet.code = echo->code,
		.packet.id = FIRST_HALF(echo->id_seq),
		.packet.seq = SECOND_HALF(echo->id_seq),
	};
	return event;
}

/* Out of line, since hardly anybody watches. A tracer looks by itself: to wake
 * it would cost more than the event. */
static __noinline void watch_reply_v4(const struct iphdr *ip, const struct echohdr *echo)
{
	struct icmpx_event *event = watch_event(echo);

	if (!event)
		return;
	event->packet.family = 4;
	event->packet.protocol = IPPROTO_ICMP;
	event->packet.ttl = ip->ttl;
	event->packet.bytes = bpf_ntohs(ip->tot_len);
	event->packet.ip_id = ip->id;
	__builtin_memcpy(event->packet.source, &ip->saddr, sizeof(ip->saddr));
	__builtin_memcpy(event->packet.destination, &ip->daddr, sizeof(ip->daddr));
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
}

static __noinline void watch_reply_v6(const struct ipv6hdr *ip, const struct echohdr *echo)
{
	struct icmpx_event *event = watch_event(echo);

	if (!event)
		return;
	event->packet.family = 6;
	event->packet.protocol = IPPROTO_ICMPV6;
	event->packet.ttl = ip->hop_limit;
	event->packet.bytes = sizeof(*ip) + bpf_ntohs(ip->payload_len);
	__builtin_memcpy(event->packet.source, &ip->saddr, sizeof(ip->saddr));
	__builtin_memcpy(event->packet.destination, &ip->daddr, sizeof(ip->daddr));
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
}

#endif
