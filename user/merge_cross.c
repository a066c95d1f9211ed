// SPDX-License-Identifier: GPL-2.0-only
/* Where a ping leaves a machine and comes to one, and what that says about the two clocks. */
#include <string.h>

#include "merge.h"

/* The driver has it: what was queued may be dropped before. */
static bool is_departure(const struct icmpx_event *event)
{
	return event->probe == ICMPX_TP_NET_DEV_START;
}

static bool is_arrival(const struct icmpx_event *event)
{
	return event->probe == ICMPX_TP_NETIF_RX || event->probe == ICMPX_TP_RECEIVE;
}

static void leave(struct crossing *crossing, __u64 time)
{
	if (!crossing->left || time > crossing->out)
		crossing->out = time;
	crossing->left = true;
}

static void arrive(struct crossing *crossing, const struct icmpx_event *event)
{
	if (crossing->arrived && event->time >= crossing->in)
		return;
	crossing->arrived = true;
	crossing->in = event->time;
	crossing->ttl_in = event->packet.ttl;
}

/* Of fragments nobody knows which one is where: the first that left was there first or not,
 * but it did not arrive before it left. */
static void leave_first(struct merge_ping *ping, struct crossing *crossing, __u8 leg)
{
	for (__u32 i = 0; i < ping->ping.count; i++) {
		const struct hop *hop = &ping->ping.hops[i];

		if (hop->leg == leg && !hop->copy && is_departure(&hop->event) &&
		    hop->event.time < crossing->out)
			crossing->out = hop->event.time;
	}
}

static void take_identity(struct merge_ping *ping, const struct icmpx_packet *packet)
{
	bool reply = packet->kind == ICMPX_KIND_REPLY;
	struct merge_identity *identity = &ping->identities[ping->identity_count];

	if (ping->identity_count == IDENTITIES)
		return;
	*identity = (struct merge_identity){
		.id = packet->id,
		.seq = packet->seq,
		.family = packet->family,
	};
	memcpy(identity->source, reply ? packet->destination : packet->source, 16);
	memcpy(identity->destination, reply ? packet->source : packet->destination, 16);
	for (__u32 i = 0; i < ping->identity_count; i++)
		if (!memcmp(&ping->identities[i], identity, sizeof(*identity)))
			return;
	ping->identity_count++;
}

static void take_hop(struct merge_ping *ping, const struct hop *hop)
{
	const struct icmpx_event *event = &hop->event;
	struct crossing *crossing = hop->leg == ICMPX_KIND_REQUEST ? &ping->request : &ping->reply;

	if (hop->leg != ICMPX_KIND_REQUEST && hop->leg != ICMPX_KIND_REPLY)
		return;
	if (event->packet.kind == hop->leg) {
		take_identity(ping, &event->packet);
		if (!ping->cookie)
			ping->cookie = event->cookie;
	}
	if (hop->copy || event->flags & (ICMPX_RETURN | ICMPX_CARRIED))
		return;
	if (event->flags & ICMPX_FRAGMENT)
		crossing->fragmented = true;
	if (event->probe == ICMPX_TP_XDP_REPLY) {
		arrive(&ping->request, event);
		leave(&ping->reply, event->time);
	} else if (is_departure(event)) {
		leave(crossing, event->time);
	} else if (is_arrival(event)) {
		arrive(crossing, event);
	}
}

/* Without tracepoints there is what --ping knows by itself. Its time stamps are of another clock,
 * converted: they bound nothing. */
static void cross_in_user_space(struct merge_ping *ping)
{
	for (__u32 i = 0; i < ping->ping.count; i++) {
		const struct icmpx_event *event = &ping->ping.hops[i].event;

		if (ping->ping.hops[i].copy)
			continue;
		if (event->probe == ICMPX_TP_USER_SEND)
			leave(&ping->request, event->time);
		else if (event->probe == ICMPX_TP_USER_RECEIVE)
			arrive(&ping->reply, event);
	}
}

static bool has_tracepoints(const struct ping *ping)
{
	for (__u32 i = 0; i < ping->count; i++)
		if (ping->hops[i].event.probe < ICMPX_TP_USER_SEND ||
		    ping->hops[i].event.probe > ICMPX_TP_STAMP_RECEIVED)
			return true;
	return false;
}

void merge_cross(struct merge_ping *ping)
{
	ping->request = ping->reply = (struct crossing){};
	ping->identity_count = 0;
	ping->cookie = 0;
	for (__u32 i = 0; i < ping->ping.count; i++)
		take_hop(ping, &ping->ping.hops[i]);
	if (!has_tracepoints(&ping->ping))
		cross_in_user_space(ping);
	if (ping->request.fragmented)
		leave_first(ping, &ping->request, ICMPX_KIND_REQUEST);
	if (ping->reply.fragmented)
		leave_first(ping, &ping->reply, ICMPX_KIND_REPLY);
	if (!ping->identity_count)
		take_identity(ping, &ping->ping.packet);
}

/* The request left here, and came to the other. */
static bool may_send(const struct merge_ping *sender, const struct merge_ping *other)
{
	return sender->request.left && other->request.arrived;
}

bool merge_sender(const struct merge_ping *a, const struct merge_ping *b, enum machine *sender)
{
	bool from_a = may_send(a, b), from_b = may_send(b, a);

	/* Routers, both of them. */
	if (from_a && from_b) {
		from_a = a->request.ttl_in > b->request.ttl_in;
		from_b = a->request.ttl_in < b->request.ttl_in;
	}
	*sender = from_a ? MACHINE_A : MACHINE_B;
	return from_a != from_b;
}

/* From where it left at `out` to where it arrived at `in`. */
static struct clock_bound bound_of(__u64 out, __u64 in, bool from_a)
{
	return (struct clock_bound){
		.time = from_a ? out : in,
		.ns = from_a ? (__s64)(in - out) : (__s64)(out - in),
		.upper = from_a,
	};
}

size_t merge_bounds(const struct merge_ping *a, const struct merge_ping *b, enum machine sender,
		    struct clock_bound bounds[2])
{
	bool from_a = sender == MACHINE_A;
	const struct merge_ping *from = from_a ? a : b, *to = from_a ? b : a;
	size_t count = 0;

	if (from->request.left && to->request.arrived)
		bounds[count++] = bound_of(from->request.out, to->request.in, from_a);
	if (to->reply.left && from->reply.arrived)
		bounds[count++] = bound_of(to->reply.out, from->reply.in, !from_a);
	return count;
}
