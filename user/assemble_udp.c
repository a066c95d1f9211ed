// SPDX-License-Identifier: GPL-2.0-only
/* All datagrams of a flow have the same identity. What tells them apart is where they lie,
 * the IP identification if there is one, the system call, and the order of events. */
#include "assemble_open.h"

#include <string.h>

#define MAX_STEPS 8 /* back through the open datagrams of a flow: it may have thousands */

static bool has_identity(const struct open_ping *open, const struct identity *identity)
{
	for (const struct alias *alias = open->aliases; alias; alias = alias->next)
		if (!memcmp(&alias->identity, identity, sizeof(*identity)))
			return true;
	return false;
}

/* At the place where the pointer was first seen another packet lies there now. */
static bool is_reused(const struct pointer *pointer, const struct icmpx_event *event)
{
	if (pointer->ping->seen & SEEN_READ &&
	    (event->probe == ICMPX_TP_NET_DEV_QUEUE || event->probe == ICMPX_TP_NETIF_RX ||
	     event->probe == ICMPX_TP_RECEIVE))
		return true;
	if (pointer->packet.ip_id && event->packet.ip_id &&
	    pointer->packet.ip_id != event->packet.ip_id &&
	    pointer->packet.kind == event->packet.kind)
		return true;
	return pointer->first_probe == event->probe && pointer->first_netns == event->netns &&
	       pointer->first_ifindex == event->ifindex && event->probe != ICMPX_TP_COPY &&
	       !(event->flags & (ICMPX_CARRIED | ICMPX_RETURN | ICMPX_FRAGMENT));
}

static struct open_ping *by_pointer(const struct pointer_table *table, __u64 value,
				    const struct icmpx_event *event,
				    const struct identity *identity)
{
	const struct pointer *pointer = value ? pointer_find(table, value) : NULL;

	if (!pointer || !has_identity(pointer->ping, identity) || is_reused(pointer, event))
		return NULL;
	return pointer->ping;
}

static bool has_passed(const struct open_ping *open, const struct icmpx_event *event)
{
	const struct leg *leg = &open->legs[ICMPX_KIND_UDP];

	for (unsigned int i = 0; i < leg->place_count; i++)
		if (leg->places[i].probe == event->probe && leg->places[i].netns == event->netns &&
		    leg->places[i].ifindex == event->ifindex)
			return true;
	return false;
}

/* Without a packet at hand: the datagram that this system call sent, or reads. */
static bool is_of_call(const struct open_ping *open, const struct icmpx_event *event)
{
	for (__u32 i = open->ping.count; i-- > 0;) {
		const struct icmpx_event *hop = &open->ping.hops[i].event;

		if (hop->tid == event->tid && hop->entered == event->entered && names_syscall(hop))
			return true;
	}
	return false;
}

static struct open_ping *step_back(const struct alias *newest, const struct icmpx_event *event,
				   bool (*is_it)(const struct open_ping *open,
						 const struct icmpx_event *event))
{
	int steps = 0;

	for (const struct alias *alias = newest; alias && steps < MAX_STEPS; alias = alias->older) {
		if (is_it(alias->ping, event))
			return alias->ping;
		steps++;
	}
	return NULL;
}

static bool has_ip_id(const struct open_ping *open, const struct icmpx_event *event)
{
	return event->packet.ip_id && open->ping.packet.ip_id == event->packet.ip_id &&
	       !has_passed(open, event);
}

/* Sent from here, and has not come in yet. */
static bool is_under_way(const struct open_ping *open, const struct icmpx_event *event)
{
	(void)event;
	return open->seen & SEEN_SENT && !(open->seen & (SEEN_ARRIVED | SEEN_READ));
}

static bool is_unread(const struct open_ping *open, const struct icmpx_event *event)
{
	(void)event;
	return !(open->seen & SEEN_READ);
}

/* An event of a packet that lies where none of this flow was. */
static struct open_ping *by_order(const struct alias *newest, const struct icmpx_event *event)
{
	const struct start *start = &newest->ping->start;
	struct open_ping *open = step_back(newest, event, has_ip_id);

	if (open)
		return open;
	switch (event->probe) {
	case ICMPX_TP_NETIF_RX:
	case ICMPX_TP_RECEIVE:
		return step_back(newest, event, is_under_way);
	case ICMPX_TP_NET_DEV_QUEUE:
	case ICMPX_TP_NEIGH_WAIT:
		if (!is_in_syscall(event))
			return NULL;
		break;
	default:
		if (!is_in_syscall(event) || !is_send_function(event))
			return step_back(newest, event, is_unread);
	}
	/* One call, several devices above each other; or several datagrams in one call. */
	if (event->tid == start->tid && event->entered == start->entered &&
	    !has_passed(newest->ping, event))
		return newest->ping;
	return NULL;
}

/* Whose packet this CPU had last, if it is of this flow. */
static struct open_ping *by_cpu(const struct assembler *assembler, const struct icmpx_event *event,
				const struct identity *identity)
{
	const struct cpu *cpu = &assembler->cpus[event->cpu];

	if (!cpu->current || cpu->current->serial != cpu->serial)
		return NULL;
	return has_identity(cpu->current, identity) ? cpu->current : NULL;
}

static struct open_ping *by_call(const struct alias *newest, const struct icmpx_event *event)
{
	struct open_ping *open = step_back(newest, event, is_of_call);

	if (!open && is_send_function(event) && event->time > newest->ping->start.time)
		return NULL;
	return open ? open : newest->ping;
}

static struct open_ping *by_packet(struct assembler *assembler, const struct icmpx_event *event,
				   const struct identity *identity)
{
	struct open_ping *open = by_pointer(&assembler->skbs, event->skb, event, identity);

	if (!open)
		open = by_pointer(&assembler->heads, event->head, event, identity);
	if (!open)
		open = join_rewritten(assembler, event);
	return open;
}

/* The socket was made, and nothing sent yet: what comes is its first datagram. */
static bool is_only_set_up(const struct open_ping *open)
{
	return open->ping.count && is_setup_function(&open->ping.hops[open->ping.count - 1].event);
}

struct open_ping *join_datagram(struct assembler *assembler, const struct icmpx_event *event,
				bool late)
{
	struct identity identity = identity_of(&event->packet);
	struct alias *newest = identity_find(&assembler->identities, &identity);
	bool by_task = event->probe == ICMPX_TP_SYS_EXIT || event->probe == ICMPX_TP_SWITCH_IN;
	struct open_ping *open = NULL;

	if (newest && is_only_set_up(newest->ping))
		return newest->ping;
	if (!late && !by_task)
		open = by_packet(assembler, event, &identity);
	if (open || !newest)
		return open;
	/* Of an error not even the order says which datagram it is about. */
	if (event->packet.kind == ICMPX_KIND_ERROR)
		return newest->ping;
	if (event->skb && !is_afterwards(event))
		return by_order(newest, event);
	if (!by_task)
		open = by_cpu(assembler, event, &identity);
	return open ? open : by_call(newest, event);
}
