// SPDX-License-Identifier: GPL-2.0-only
/* How a ping ended, once nothing more is expected of it. */
#include "assemble_open.h"

#include <sys/socket.h>

static bool same_netns(const struct icmpx_event *a, const struct icmpx_event *b)
{
	return !a->netns || !b->netns || a->netns == b->netns;
}

/* After `hop` the packet, or another clone of it, goes on. */
static bool goes_on_after(const struct hop *drop, const struct hop *hop)
{
	if (hop->leg != drop->leg || !is_on_way(&hop->event) || is_function(&hop->event) ||
	    !same_netns(&drop->event, &hop->event) || hop->copy != drop->copy)
		return false;
	switch (hop->event.probe) {
	case ICMPX_TP_DROP:
	case ICMPX_TP_NET_DEV_XMIT: /* the driver returns, whatever it did */
	case ICMPX_TP_QUEUE_FULL:
		return false;
	}
	return true;
}

static bool is_delivered_by(const struct hop *drop, const struct hop *hop)
{
	if (hop->leg != drop->leg || hop->copy != drop->copy ||
	    !same_netns(&drop->event, &hop->event))
		return false;
	switch (hop->event.probe) {
	case ICMPX_TP_COPY:
	case ICMPX_TP_DATA_READY:
	case ICMPX_TP_WAKING:
	case ICMPX_TP_ERROR_REPORT:
		return true;
	}
	return false;
}

static bool is_benign(const struct open_ping *open, __u32 index)
{
	const struct hop *hops = open->ping.hops, *drop = &hops[index];

	if (drop->leg == ICMPX_KIND_REQUEST && open->seen & SEEN_REPLY)
		return true;
	for (__u32 i = 0; i < open->ping.count; i++)
		if (is_delivered_by(drop, &hops[i]) || (i > index && goes_on_after(drop, &hops[i])))
			return true;
	return false;
}

/* True: it died somewhere. */
static bool mark_drops(struct open_ping *open)
{
	bool dropped = false;

	for (__u32 i = 0; i < open->ping.count; i++) {
		struct hop *hop = &open->ping.hops[i];

		if (hop->event.probe != ICMPX_TP_DROP)
			continue;
		hop->benign = is_benign(open, i);
		if (!hop->benign)
			dropped = true;
	}
	return dropped || open->seen & SEEN_FULL;
}

static enum ping_end find_end(const struct open_ping *open, bool dropped)
{
	bool echo = open->ping.packet.kind != ICMPX_KIND_UDP;
	__u32 seen = open->seen;

	if (seen & SEEN_READ)
		return echo && seen & SEEN_REQUEST ? PING_COMPLETE : PING_RECEIVED;
	if (seen & (SEEN_ERROR_MADE | SEEN_ERROR_TAKEN))
		return PING_ERROR;
	if (dropped)
		return PING_DROPPED;
	if (seen & SEEN_ARRIVED && !(seen & SEEN_SENT) && seen & SEEN_REPLY &&
	    open->legs[ICMPX_KIND_REPLY].away)
		return PING_ANSWERED;
	if (!(seen & SEEN_REQUEST) || seen & (SEEN_REPLY | SEEN_DELIVERED) || open->ping.lost)
		return PING_INCOMPLETE;
	return PING_NO_REPLY;
}

/* The reader's hop if there is one, else that of the socket which got it. */
static void find_socket(struct ping *ping)
{
	const struct icmpx_event *socket = NULL;
	__u32 protocol;

	for (__u32 i = 0; i < ping->count; i++) {
		const struct hop *hop = &ping->hops[i];

		if (hop->leg != ICMPX_KIND_REPLY || !hop->event.detail[1])
			continue;
		if (hop->event.probe != ICMPX_TP_COPY && hop->event.probe != ICMPX_TP_DATA_READY)
			continue;
		if (!socket || (hop->event.probe == ICMPX_TP_COPY && hop->event.tid == ping->tid))
			socket = &hop->event;
	}
	if (!socket)
		return;
	protocol = socket->detail[1] & 0xffff;
	ping->raw_socket = socket->detail[1] >> 16 == SOCK_RAW;
	ping->ping_socket = socket->detail[1] >> 16 == SOCK_DGRAM &&
			    (protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6);
}

static void find_process(struct open_ping *open)
{
	struct ping *ping = &open->ping;

	ping->tgid = open->start.tgid;
	ping->tid = open->start.tid;
	for (__u32 i = 0; i < ping->count && !ping->tid; i++) {
		const struct hop *hop = &ping->hops[i];

		if ((hop->leg == ICMPX_KIND_REPLY || hop->leg == ICMPX_KIND_UDP) &&
		    (hop->event.probe == ICMPX_TP_COPY ||
		     hop->event.probe == ICMPX_TP_USER_RECEIVE)) {
			ping->tgid = hop->event.tgid;
			ping->tid = hop->event.tid;
		}
	}
}

void open_ping_finish(struct open_ping *open, bool pushed_out, __u32 max_hops)
{
	struct ping *ping = &open->ping;
	bool dropped = mark_drops(open);

	ping->end = pushed_out ? PING_INCOMPLETE : find_end(open, dropped);
	ping->duplicate = open->seen & SEEN_DUPLICATE;
	for (__u32 i = 0; i < ping->count; i++)
		ping->at_driver |= ping->hops[i].event.probe == ICMPX_TP_XDP_REPLY;
	find_process(open);
	find_socket(ping);
	ping_set_sides(open);
	ping_set_span(open);
	ping_add_syscalls(open, max_hops);
}
