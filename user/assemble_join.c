// SPDX-License-Identifier: GPL-2.0-only
#include "assemble_open.h"

#include <errno.h>
#include <string.h>

/* Whether it may be the first that is seen of a ping: not what comes after the packet's own
 * way, and may well come after the ping was handed on. */
static bool can_open(const struct icmpx_event *event)
{
	if (event->packet.kind == ICMPX_KIND_NONE || event->packet.kind >= ICMPX_KIND_MAX)
		return false;
	switch (event->probe) {
	case ICMPX_TP_NET_DEV_QUEUE:
	case ICMPX_TP_NET_DEV_START:
	case ICMPX_TP_NETIF_RX:
	case ICMPX_TP_RECEIVE:
	case ICMPX_TP_COPY:
	case ICMPX_TP_DATA_READY:
	case ICMPX_TP_QUEUE_FULL:
	case ICMPX_TP_ICMP_SEND:
	case ICMPX_TP_ERROR_REPORT:
	case ICMPX_TP_NEIGH_WAIT:
	case ICMPX_TP_XDP_REPLY:
	case ICMPX_TP_USER_SEND:
	case ICMPX_TP_USER_RECEIVE:
		return true;
	case ICMPX_TP_DROP:
		/* Else it is what was left in a socket when it was closed. */
		return event->flags & ICMPX_IN_SOFTIRQ || event->syscall >= 0;
	}
	if (!is_function(event) || event->flags & ICMPX_RETURN)
		return false;
	return is_setup_function(event) || is_send_function(event) ||
	       (event->skb && event->probe != ICMPX_FN_KFREE_SKB &&
		event->probe != ICMPX_FN_CONSUME_SKB);
}

/* The headers of errors, and of what is not from the kernel, do not say which way round. */
static bool is_either_way(const struct icmpx_event *event)
{
	switch (event->probe) {
	case ICMPX_TP_XDP_REPLY:
	case ICMPX_TP_USER_SEND:
	case ICMPX_TP_USER_RECEIVE:
	case ICMPX_TP_STAMP_SCHED:
	case ICMPX_TP_STAMP_SENT:
	case ICMPX_TP_STAMP_RECEIVED:
		return true;
	}
	return event->packet.kind != ICMPX_KIND_REQUEST && event->packet.kind != ICMPX_KIND_REPLY;
}

static struct open_ping *find_ping(struct assembler *assembler, const struct icmpx_event *event)
{
	struct identity identity = identity_of(&event->packet), turned;
	struct alias *alias = identity_find(&assembler->identities, &identity);

	if (!alias && is_either_way(event)) {
		turned = identity_turned(&identity);
		alias = identity_find(&assembler->identities, &turned);
	}
	return alias ? alias->ping : NULL;
}

static bool is_send_start(const struct icmpx_event *event)
{
	return event->probe == ICMPX_TP_NET_DEV_QUEUE || event->probe == ICMPX_TP_NEIGH_WAIT;
}

/* The same identifier and sequence once more: another request, not a copy of the first. */
static bool is_sent_again(const struct open_ping *open, const struct icmpx_event *event)
{
	const struct start *start = &open->start;
	const struct leg *leg = &open->legs[ICMPX_KIND_REQUEST];

	if (event->packet.kind != ICMPX_KIND_REQUEST)
		return false;
	if (event->probe == ICMPX_TP_USER_SEND)
		return open->seen & SEEN_USER_SEND || open->ended;
	if (event->time <= start->time)
		return false;
	if (is_in_syscall(event) && start->entered &&
	    (is_send_start(event) || is_send_function(event))) {
		return event->entered > start->entered &&
		       (open->ended || (is_send_start(event) && event->netns == start->netns));
	}
	if (!open->ended || event->time <= open->ended)
		return false;
	if (!start->probe)
		return is_send_start(event) || event->probe == ICMPX_TP_RECEIVE ||
		       event->probe == ICMPX_TP_XDP_REPLY;
	if (event->probe != start->probe || event->netns != start->netns)
		return false;
	/* A bridge drops one clone and goes on with the next. */
	return !leg->dropped || leg->dropped_head != event->head;
}

static void add_alias(struct assembler *assembler, struct open_ping *open,
		      const struct icmpx_packet *packet)
{
	struct alias *alias;

	if (open->alias_count >= MAX_ALIASES)
		return;
	alias = calloc(1, sizeof(*alias));
	if (!alias)
		return;
	alias->identity = identity_of(packet);
	alias->ping = open;
	alias->next = open->aliases;
	open->aliases = alias;
	open->alias_count++;
	identity_add(&assembler->identities, alias);
}

struct open_ping *join_rewritten(struct assembler *assembler, const struct icmpx_event *event)
{
	struct pointer *pointer = pointers_of(assembler, event);

	if (!pointer || !pointer_is_rewritten(assembler, pointer, event))
		return NULL;
	add_alias(assembler, pointer->ping, &event->packet);
	return pointer->ping;
}

static struct open_ping *find_by_pointer(struct assembler *assembler, struct icmpx_event *event)
{
	struct pointer *pointer = pointers_of(assembler, event);

	if (!pointer)
		return NULL;
	event->packet = pointer->packet;
	return pointer->ping;
}

bool is_beginning(const struct icmpx_event *event)
{
	if (event->probe == ICMPX_TP_USER_SEND || is_setup_function(event))
		return true;
	if (!is_outward(&event->packet))
		return false;
	return is_send_start(event) || is_send_function(event) ||
	       event->probe == ICMPX_TP_RECEIVE || event->probe == ICMPX_TP_XDP_REPLY;
}

/* What comes of a ping that was handed on lately begins no other. */
static bool is_left_over(const struct assembler *assembler, const struct icmpx_event *event)
{
	struct identity identity = identity_of(&event->packet);
	const struct recent *recent = recent_find(assembler, &identity);

	enum wait wait = WAIT_SECOND;

	if (is_beginning(event))
		return false;
	if (event->probe == ICMPX_TP_COPY || event->probe == ICMPX_TP_DATA_READY)
		wait = WAIT_REPLY;
	return recent->time && !memcmp(&recent->identity, &identity, sizeof(identity)) &&
	       event->time - recent->time < assembler->wait[wait];
}

static int open_new(struct assembler *assembler, const struct icmpx_event *event,
		    struct open_ping **open)
{
	if (!can_open(event) || is_left_over(assembler, event))
		return 0;
	*open = open_ping_new(assembler, event);
	return *open ? 0 : -ENOMEM;
}

static int join_echo(struct assembler *assembler, const struct icmpx_event *event, bool late,
		     struct open_ping **open)
{
	*open = find_ping(assembler, event);
	if (*open && !late && is_sent_again(*open, event)) {
		open_ping_close(assembler, *open, false);
		*open = NULL;
		return open_new(assembler, event, open);
	}
	if (!*open && !late)
		*open = join_rewritten(assembler, event);
	return *open ? 0 : open_new(assembler, event, open);
}

int join_event(struct assembler *assembler, struct icmpx_event *event, bool late,
	       struct open_ping **open)
{
	*open = NULL;
	if (!event->packet.family) {
		if (!late)
			*open = find_by_pointer(assembler, event);
		return 0;
	}
	if (event->packet.protocol != IPPROTO_UDP)
		return join_echo(assembler, event, late, open);
	*open = join_datagram(assembler, event, late);
	return *open ? 0 : open_new(assembler, event, open);
}
