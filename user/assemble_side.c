// SPDX-License-Identifier: GPL-2.0-only
/* Who had the packet at each hop: told by network namespaces, and where sender and responder
 * are in the same one, by how far the packet had come. */
#include "assemble_open.h"

static bool is_link_out(const struct icmpx_event *event)
{
	return event->probe == ICMPX_TP_NET_DEV_QUEUE || event->probe == ICMPX_TP_NET_DEV_START;
}

static bool is_sending(const struct hop *hop)
{
	const struct icmpx_event *event = &hop->event;

	return is_link_out(event) || event->probe == ICMPX_TP_NEIGH_WAIT ||
	       event->probe == ICMPX_TP_NET_DEV_XMIT || is_send_function(event) ||
	       (event->probe == ICMPX_TP_DROP && !(event->flags & ICMPX_IN_SOFTIRQ));
}

static __u32 find_sender(const struct open_ping *open)
{
	const struct ping *ping = &open->ping;

	for (__u32 i = 0; i < ping->count && open->seen & SEEN_SENT; i++) {
		const struct hop *hop = &ping->hops[i];

		if (is_outward(&hop->event.packet) && hop->event.netns && is_sending(hop))
			return hop->event.netns;
	}
	for (__u32 i = 0; i < ping->count; i++)
		if (ping->hops[i].leg == ICMPX_KIND_REPLY &&
		    ping->hops[i].event.probe == ICMPX_TP_COPY && ping->hops[i].event.netns)
			return ping->hops[i].event.netns;
	return 0;
}

struct search {
	__u32 netns; /* where the request is; 0: on the way */
	bool replied, came_back;
};

/* True: this hop shows the responder. */
static bool is_responders(struct search *search, const struct hop *hop)
{
	const struct icmpx_event *event = &hop->event;

	if (event->probe == ICMPX_TP_XDP_REPLY ||
	    (event->probe == ICMPX_TP_COPY && hop->leg == ICMPX_KIND_UDP)) {
		if (event->netns) /* in a UDP socket's queue it is not known any more */
			search->netns = event->netns;
		return true;
	}
	if (hop->leg == ICMPX_KIND_REPLY) {
		if (event->probe == ICMPX_TP_RECEIVE)
			search->came_back = true;
		if (event->probe != ICMPX_TP_NET_DEV_QUEUE || search->came_back)
			return false;
		search->netns = event->netns;
		return true;
	}
	if (!is_outward(&event->packet))
		return false;
	if (event->probe == ICMPX_TP_RECEIVE)
		search->netns = event->netns;
	else if (is_link_out(event) && event->netns == search->netns)
		search->netns = 0;
	return false;
}

static __u32 find_responder(const struct ping *ping)
{
	struct search search = {};

	for (__u32 i = 0; i < ping->count; i++)
		if (!(ping->hops[i].event.flags & ICMPX_RETURN) &&
		    is_responders(&search, &ping->hops[i]))
			break;
	return search.netns;
}

/* How far the packet of each leg has come, for one namespace that has both ends. */
struct progress {
	bool received[ICMPX_KIND_MAX];
	__u8 last[ICMPX_KIND_MAX]; /* enum hop_side of the leg's last hop */
};

static enum hop_side side_in_one_netns(const struct progress *progress, const struct hop *hop)
{
	const struct icmpx_event *event = &hop->event;
	bool softirq = event->flags & ICMPX_IN_SOFTIRQ;

	if (is_outward(&event->packet))
		return softirq && progress->received[hop->leg] ? SIDE_RESPONDER : SIDE_SENDER;
	if (event->probe == ICMPX_TP_NET_DEV_XMIT || event->probe == ICMPX_TP_NETIF_RX ||
	    is_link_out(event))
		return SIDE_RESPONDER;
	return progress->received[hop->leg] || !softirq ? SIDE_SENDER : SIDE_RESPONDER;
}

static enum hop_side side_of(const struct open_ping *open, const struct progress *progress,
			     const struct hop *hop)
{
	const struct ping *ping = &open->ping;
	const struct icmpx_event *event = &hop->event;
	bool reader = is_of_reader(event);

	if (event->probe >= ICMPX_TP_USER_SEND && event->probe <= ICMPX_TP_STAMP_RECEIVED)
		return SIDE_SENDER;
	if (hop->leg == ICMPX_KIND_REPLY && reader)
		return SIDE_SENDER;
	if (hop->leg == ICMPX_KIND_UDP && reader)
		return event->probe == ICMPX_TP_SYS_EXIT && open->start.entered &&
				       event->entered == open->start.entered
			       ? SIDE_SENDER
			       : SIDE_RESPONDER;
	if (!event->netns && event->tid == ping->tid && !(event->flags & ICMPX_IN_SOFTIRQ))
		return SIDE_SENDER;
	if (!event->netns)
		return progress->last[hop->leg];
	if (ping->sender_netns == ping->responder_netns && event->netns == ping->sender_netns)
		return side_in_one_netns(progress, hop);
	if (event->netns == ping->sender_netns)
		return SIDE_SENDER;
	return event->netns == ping->responder_netns ? SIDE_RESPONDER : SIDE_FORWARDER;
}

/* The receive softirq's functions come before the tracepoint that says where it is. */
static bool begins_receive(const struct icmpx_event *event)
{
	return event->probe == ICMPX_TP_RECEIVE ||
	       (is_function(event) && trace_probe_layer(event->probe) == ICMPX_LAYER_SOFTIRQ);
}

static __u32 netns_of_receive(const struct ping *ping, __u32 at)
{
	for (__u32 i = at; i < ping->count; i++)
		if (ping->hops[i].leg == ping->hops[at].leg &&
		    ping->hops[i].event.probe == ICMPX_TP_RECEIVE)
			return ping->hops[i].event.netns;
	return 0;
}

void ping_set_sides(struct open_ping *open)
{
	struct ping *ping = &open->ping;
	struct progress progress = {
		.last = {[ICMPX_KIND_REPLY] = SIDE_RESPONDER, [ICMPX_KIND_ERROR] = SIDE_RESPONDER},
	};

	ping->sender_netns = find_sender(open);
	ping->responder_netns = find_responder(ping);
	if (!(open->seen & SEEN_SENT))
		progress.last[ICMPX_KIND_REQUEST] = SIDE_RESPONDER;
	for (__u32 i = 0; i < ping->count; i++) {
		struct hop *hop = &ping->hops[i];

		if (begins_receive(&hop->event)) {
			progress.received[hop->leg] = true;
			if (!hop->event.netns)
				hop->event.netns = netns_of_receive(ping, i);
		}
		hop->side = side_of(open, &progress, hop);
		progress.last[hop->leg] = hop->side;
	}
}
