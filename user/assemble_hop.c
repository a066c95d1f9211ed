// SPDX-License-Identifier: GPL-2.0-only
/* A hop is added to a ping: what it says about how far the ping has come. */
#include "assemble_open.h"

#include <errno.h>
#include <string.h>

#define FIRST_CAPACITY 32
#define ICMP_REDIRECT  5

bool is_on_way(const struct icmpx_event *event)
{
	if (event->flags & ICMPX_RETURN)
		return false;
	switch (event->probe) {
	case HOP_SYSCALL:
	case ICMPX_TP_SYS_EXIT:
	case ICMPX_TP_CONSUME:
	case ICMPX_FN_KFREE_SKB:
	case ICMPX_FN_CONSUME_SKB:
		return false;
	}
	return !is_function(event) || event->skb;
}

bool is_of_reader(const struct icmpx_event *event)
{
	switch (event->probe) {
	case ICMPX_TP_DATA_READY:
	case ICMPX_TP_QUEUE_FULL:
	case ICMPX_TP_WAKING:
	case ICMPX_TP_SWITCH_IN:
	case ICMPX_TP_COPY:
	case ICMPX_TP_SYS_EXIT:
	case ICMPX_TP_USER_RECEIVE:
	case ICMPX_TP_STAMP_RECEIVED:
		return true;
	}
	return false;
}

/* --- how far it has come --- */

/* An error that says that the packet is lost; after a redirect it goes on. */
static bool is_final_error(const struct icmpx_event *event)
{
	const struct icmpx_packet *packet = &event->packet;

	if (event->probe == ICMPX_TP_ICMP_SEND)
		return packet->family != 4 || event->detail[0] != ICMP_REDIRECT;
	if (event->probe == ICMPX_TP_ERROR_REPORT && event->detail[0])
		return true;
	return packet->kind == ICMPX_KIND_ERROR &&
	       (packet->family != 4 || packet->type != ICMP_REDIRECT);
}

static __u32 seen_out(const struct open_ping *open, const struct icmpx_event *event)
{
	if (!is_outward(&event->packet) || open->seen & SEEN_ARRIVED)
		return 0;
	/* The kernel itself sends none: one that leaves in softirq came from elsewhere, or had
	 * waited for a neighbour. */
	return event->flags & ICMPX_IN_SOFTIRQ && !is_in_syscall(event) ? 0 : SEEN_SENT;
}

/* A datagram in one piece is copied without a tracepoint. But the call that was woken for it
 * returns more than poll() does. */
static bool is_udp_read(const struct open_ping *open, const struct icmpx_event *event)
{
	return event->packet.kind == ICMPX_KIND_UDP && open->seen & SEEN_DELIVERED &&
	       (event->tid != open->start.tid || event->entered != open->start.entered) &&
	       (__s64)event->detail[0] > 1;
}

static __u32 seen_at_socket(const struct open_ping *open, const struct icmpx_event *event)
{
	bool inward =
		event->packet.kind == ICMPX_KIND_REPLY || event->packet.kind == ICMPX_KIND_UDP;

	switch (event->probe) {
	case ICMPX_TP_DATA_READY:
	case ICMPX_TP_WAKING:
	case ICMPX_TP_SWITCH_IN:
		return inward ? SEEN_DELIVERED : 0;
	case ICMPX_TP_QUEUE_FULL:
		return inward ? SEEN_FULL : 0;
	case ICMPX_TP_COPY:
	case ICMPX_TP_USER_RECEIVE:
		return inward ? SEEN_READ : 0;
	case ICMPX_TP_SYS_EXIT:
		return is_udp_read(open, event) ? SEEN_READ : 0;
	}
	return 0;
}

static __u32 seen_at(const struct open_ping *open, const struct icmpx_event *event)
{
	const struct icmpx_packet *packet = &event->packet;

	switch (event->probe) {
	case ICMPX_TP_NET_DEV_QUEUE:
	case ICMPX_TP_NET_DEV_START:
	case ICMPX_TP_NET_DEV_XMIT:
	case ICMPX_TP_NEIGH_WAIT:
		return seen_out(open, event);
	case ICMPX_TP_USER_SEND:
		return SEEN_SENT | SEEN_USER_SEND;
	case ICMPX_TP_STAMP_SCHED:
	case ICMPX_TP_STAMP_SENT:
		return SEEN_SENT;
	case ICMPX_TP_RECEIVE:
		if (is_outward(packet))
			return SEEN_ARRIVED;
		return packet->kind == ICMPX_KIND_REPLY ? SEEN_CAME_BACK : 0;
	case ICMPX_TP_XDP_REPLY:
		return SEEN_REQUEST | SEEN_ARRIVED | SEEN_REPLY;
	}
	return seen_at_socket(open, event);
}

static __u32 seen_of_error(const struct icmpx_event *event)
{
	if (!is_final_error(event))
		return 0;
	switch (event->probe) {
	case ICMPX_TP_RECEIVE:
	case ICMPX_TP_ERROR_REPORT:
	case ICMPX_TP_COPY:
		return SEEN_ERROR_TAKEN;
	}
	return SEEN_ERROR_MADE;
}

static __u32 seen_by(const struct open_ping *open, const struct icmpx_event *event)
{
	__u32 seen = seen_at(open, event) | seen_of_error(event);

	if (is_outward(&event->packet)) {
		seen |= SEEN_REQUEST;
		if (is_in_syscall(event) && is_send_function(event))
			seen |= SEEN_SENT;
		if (event->probe == ICMPX_TP_DROP && is_in_syscall(event) &&
		    !(open->seen & SEEN_ARRIVED))
			seen |= SEEN_SENT;
	} else if (event->packet.kind == ICMPX_KIND_REPLY) {
		seen |= SEEN_REPLY;
	}
	return seen;
}

static void move_leg(struct open_ping *open, const struct icmpx_event *event)
{
	struct leg *leg = &open->legs[event->packet.kind];

	switch (event->probe) {
	case ICMPX_TP_NET_DEV_QUEUE:
	case ICMPX_TP_NET_DEV_START:
		leg->away = true;
		break;
	case ICMPX_TP_NETIF_RX:
	case ICMPX_TP_RECEIVE:
		leg->away = false;
		break;
	case ICMPX_TP_NET_DEV_XMIT: /* the driver may have handed it to the other end before */
		if (!leg->place_count)
			leg->away = true;
		return;
	case ICMPX_TP_XDP_REPLY:
		open->legs[ICMPX_KIND_REQUEST].away = false;
		open->legs[ICMPX_KIND_REPLY].away = true;
		break;
	case ICMPX_TP_DROP:
		leg->dropped = true;
		leg->dropped_head = event->head;
		return;
	}
	if (is_on_way(event))
		leg->dropped = false;
}

/* --- copies --- */

static bool is_place(const struct icmpx_event *event)
{
	if (event->flags & ICMPX_FRAGMENT)
		return false;
	return event->probe == ICMPX_TP_NET_DEV_QUEUE || event->probe == ICMPX_TP_RECEIVE ||
	       event->probe == ICMPX_TP_XDP_REPLY || event->probe == ICMPX_TP_COPY ||
	       event->probe == ICMPX_TP_USER_RECEIVE;
}

static struct place *find_place(struct leg *leg, const struct icmpx_event *event)
{
	bool reads = event->probe == ICMPX_TP_COPY;
	struct place place = {
		.probe = event->probe,
		.netns = reads ? event->tid : event->netns,
		.ifindex = reads ? 0 : event->ifindex,
		.sk = reads ? event->sk : 0,
	};

	for (unsigned int i = 0; i < leg->place_count; i++) {
		struct place *old = &leg->places[i];

		if (old->probe == place.probe && old->netns == place.netns &&
		    old->ifindex == place.ifindex && old->sk == place.sk)
			return old;
	}
	if (leg->place_count == MAX_PLACES)
		return NULL;
	leg->places[leg->place_count] = place;
	return &leg->places[leg->place_count++];
}

/* The n-th packet that passes here, or a later one whose predecessors did not get so far. */
static __u16 pass_place(struct open_ping *open, struct place *place,
			const struct icmpx_event *event, const struct pointer *pointer)
{
	struct leg *leg = &open->legs[event->packet.kind];
	__u16 copy = place->passed++;

	if (pointer && pointer->copy > copy)
		copy = pointer->copy;
	if (copy > leg->copies)
		leg->copies = copy;
	if (copy && event->packet.kind == ICMPX_KIND_REPLY)
		open->seen |= SEEN_DUPLICATE;
	return copy;
}

/* Which packet of its leg it is: the first has number 0. */
static __u16 copy_of(const struct assembler *assembler, struct open_ping *open,
		     const struct icmpx_event *event, bool late)
{
	const struct pointer *pointer = late ? NULL : pointers_of(assembler, event);
	struct leg *leg = &open->legs[event->packet.kind];
	struct place *place;

	if (pointer && (pointer->ping != open || pointer->packet.kind != event->packet.kind))
		pointer = NULL;
	if (is_place(event)) {
		/* Read twice: MSG_PEEK. */
		bool again = pointer && pointer->value == event->skb &&
			     pointer->probe == ICMPX_TP_COPY && event->probe == ICMPX_TP_COPY;

		place = again ? NULL : find_place(leg, event);
		if (place)
			return pass_place(open, place, event, pointer);
	}
	return pointer ? pointer->copy : leg->copies;
}

/* --- adding --- */

static bool is_start(const struct icmpx_event *event)
{
	return event->probe == ICMPX_TP_NET_DEV_QUEUE || event->probe == ICMPX_TP_NEIGH_WAIT ||
	       event->probe == ICMPX_TP_RECEIVE || event->probe == ICMPX_TP_XDP_REPLY;
}

static void learn_start(struct open_ping *open, const struct icmpx_event *event)
{
	struct start *start = &open->start;

	if (!is_outward(&event->packet))
		return;
	if (!start->probe && is_start(event)) {
		start->probe = event->probe;
		start->netns = event->netns;
		start->ifindex = event->ifindex;
		start->time = event->time;
	}
	if (event->probe == ICMPX_TP_USER_SEND && !start->tid) {
		start->tgid = event->tgid;
		start->tid = event->tid;
	}
	if (!start->entered && is_in_syscall(event) &&
	    (event->probe == ICMPX_TP_NET_DEV_QUEUE || event->probe == ICMPX_TP_NEIGH_WAIT ||
	     event->probe == ICMPX_TP_DROP || is_send_function(event))) {
		start->tgid = event->tgid;
		start->tid = event->tid;
		start->entered = event->entered;
	}
}

static int insert_hop(struct open_ping *open, const struct hop *hop)
{
	struct ping *ping = &open->ping;
	__u32 at = ping->count;

	if (ping->count == open->capacity) {
		__u32 capacity = open->capacity ? 2 * open->capacity : FIRST_CAPACITY;
		struct hop *hops = reallocarray(ping->hops, capacity, sizeof(*hops));

		if (!hops)
			return -ENOMEM;
		ping->hops = hops;
		open->capacity = capacity;
	}
	while (at && ping->hops[at - 1].event.time > hop->event.time)
		at--;
	memmove(&ping->hops[at + 1], &ping->hops[at], (ping->count - at) * sizeof(*hop));
	ping->hops[at] = *hop;
	ping->count++;
	return 0;
}

int open_ping_add(struct assembler *assembler, struct open_ping *open,
		  const struct icmpx_event *event, bool late)
{
	struct hop hop = {.event = *event, .leg = event->packet.kind};
	__u16 copy;

	copy = copy_of(assembler, open, event, late);
	hop.copy = copy > 255 ? 255 : copy;
	if (open->ping.count >= assembler->options.max_hops) {
		open->ping.left_out++;
		assembler->counts.hops_left_out++;
	} else if (insert_hop(open, &hop)) {
		return -ENOMEM;
	}
	/* The request itself rather than what was made up from its reply, or what its headers
	 * were before they were complete. */
	if (is_outward(&event->packet) && (!(open->seen & SEEN_REQUEST) || !open->ping.packet.ttl))
		open->ping.packet = event->packet;
	open->seen |= seen_by(open, event);
	move_leg(open, event);
	learn_start(open, event);
	if (!late)
		pointers_learn(assembler, open, event, copy);
	open->wait = open_ping_wait(open);
	if (open->wait != WAIT_LINGER)
		open->ended = 0;
	else if (!open->ended)
		open->ended = event->time;
	return 0;
}

/* --- how long to wait --- */

static enum wait wait_of_reply_drop(const struct open_ping *open)
{
	/* One raw socket is full, another one has its clone. */
	if (open->seen & SEEN_FULL && open->seen & SEEN_DELIVERED)
		return WAIT_SECOND;
	if (open->seen & SEEN_FULL || !(open->seen & SEEN_SENT))
		return WAIT_LINGER;
	/* A raw socket may have a clone that its reader, being busy, has not read yet: where the
	 * kernel does not show when a socket gets one, nobody knows of it. */
	return open->seen & SEEN_DELIVERED ? WAIT_REPLY : WAIT_SECOND;
}

static enum wait wait_of_datagram(const struct open_ping *open)
{
	const struct leg *leg = &open->legs[ICMPX_KIND_UDP];

	if (leg->dropped && !(open->seen & SEEN_DELIVERED))
		return WAIT_LINGER;
	return leg->away ? WAIT_SECOND : WAIT_REPLY;
}

enum wait open_ping_wait(const struct open_ping *open)
{
	const struct leg *request = &open->legs[ICMPX_KIND_REQUEST];
	const struct leg *reply = &open->legs[ICMPX_KIND_REPLY];
	__u32 seen = open->seen;

	if (seen & (SEEN_READ | SEEN_ERROR_TAKEN))
		return WAIT_LINGER;
	if (seen & SEEN_ERROR_MADE)
		return seen & SEEN_SENT ? WAIT_MORE : WAIT_LINGER;
	if (open->ping.packet.kind == ICMPX_KIND_UDP)
		return wait_of_datagram(open);
	if (request->dropped && !(seen & SEEN_REPLY))
		return WAIT_LINGER;
	if (reply->dropped)
		return wait_of_reply_drop(open);
	if (!(seen & SEEN_REQUEST))
		return WAIT_SECOND;
	if (seen & SEEN_SENT)
		return WAIT_REPLY;
	if (seen & SEEN_REPLY && reply->away)
		return WAIT_LINGER;
	return seen & SEEN_REPLY || request->away ? WAIT_REPLY : WAIT_SECOND;
}
