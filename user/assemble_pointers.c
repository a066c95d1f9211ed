// SPDX-License-Identifier: GPL-2.0-only
/* Pointers as identity: with care, since the next packet may get the same address, and the
 * record that said that the last one was freed may be lost. */
#include "assemble_open.h"

void pointer_drop(struct assembler *assembler, struct pointer *pointer)
{
	LIST_REMOVE(pointer, bucket);
	LIST_REMOVE(pointer, of_ping);
	pointer->ping->pointer_count--;
	LIST_INSERT_HEAD(&assembler->spare_pointers, pointer, of_ping);
}

static struct pointer *oldest_pointer(struct open_ping *open)
{
	struct pointer *pointer = LIST_FIRST(&open->pointers);

	while (LIST_NEXT(pointer, of_ping))
		pointer = LIST_NEXT(pointer, of_ping);
	return pointer;
}

static struct pointer *new_pointer(struct assembler *assembler, struct open_ping *open)
{
	struct pointer *pointer;

	if (open->pointer_count >= MAX_POINTERS)
		pointer_drop(assembler, oldest_pointer(open));
	pointer = LIST_FIRST(&assembler->spare_pointers);
	if (pointer)
		LIST_REMOVE(pointer, of_ping);
	else
		pointer = malloc(sizeof(*pointer));
	return pointer;
}

/* Without memory it is not learned; the headers are what counts. */
static void learn(struct assembler *assembler, struct pointer_table *table, __u64 value,
		  struct open_ping *open, const struct icmpx_event *event, __u16 copy)
{
	struct pointer *pointer = pointer_find(table, value);

	if (pointer && (pointer->ping != open || pointer->packet.kind != event->packet.kind)) {
		pointer_drop(assembler, pointer);
		pointer = NULL;
	}
	if (!pointer) {
		pointer = new_pointer(assembler, open);
		if (!pointer)
			return;
		pointer->ping = open;
		pointer->value = value;
		pointer->first_probe = event->probe;
		pointer->first_netns = event->netns;
		pointer->first_ifindex = event->ifindex;
		pointer_add(table, pointer);
		LIST_INSERT_HEAD(&open->pointers, pointer, of_ping);
		open->pointer_count++;
	}
	pointer->lost = assembler->counts.lost;
	pointer->entered = is_in_syscall(event) ? event->entered : 0;
	pointer->tid = event->tid;
	pointer->netns = event->netns;
	pointer->probe = event->probe;
	pointer->flags = event->flags;
	pointer->copy = copy;
	pointer->packet = event->packet;
}

void pointers_learn(struct assembler *assembler, struct open_ping *open,
		    const struct icmpx_event *event, __u16 copy)
{
	if (is_afterwards(event))
		return;
	if (event->skb)
		learn(assembler, &assembler->skbs, event->skb, open, event, copy);
	if (event->head)
		learn(assembler, &assembler->heads, event->head, open, event, copy);
}

void pointers_forget(struct assembler *assembler, const struct icmpx_event *event)
{
	struct pointer *pointer;

	if ((event->probe != ICMPX_TP_CONSUME && event->probe != ICMPX_TP_DROP) || !event->skb)
		return;
	pointer = pointer_find(&assembler->skbs, event->skb);
	/* The data may have other owners: it stays until somebody else shows up there. */
	if (pointer)
		pointer_drop(assembler, pointer);
}

struct pointer *pointers_of(const struct assembler *assembler, const struct icmpx_event *event)
{
	struct pointer *pointer = NULL;

	if (event->skb)
		pointer = pointer_find(&assembler->skbs, event->skb);
	if (!pointer && event->head)
		pointer = pointer_find(&assembler->heads, event->head);
	return pointer;
}

/* NAT changes addresses, ports, the identifier, the TTL by one hop: nothing else. */
static bool is_same_but_for_nat(const struct icmpx_packet *before, const struct icmpx_packet *now)
{
	return before->family == now->family && before->kind == now->kind &&
	       before->protocol == now->protocol && before->type == now->type &&
	       before->code == now->code && before->bytes == now->bytes &&
	       before->ip_id == now->ip_id &&
	       (now->kind == ICMPX_KIND_UDP || before->seq == now->seq) &&
	       (before->ttl == now->ttl || before->ttl == now->ttl + 1);
}

/* Between these two points a hook of netfilter is passed, and no driver. */
static bool can_be_rewritten_between(const struct pointer *pointer, const struct icmpx_event *event)
{
	bool by_function = pointer->probe >= ICMPX_FN_FIRST;

	if (pointer->probe != ICMPX_TP_RECEIVE && !by_function)
		return false;
	switch (event->probe) {
	case ICMPX_TP_NETIF_RX:
	case ICMPX_TP_RECEIVE:
	case ICMPX_TP_XDP_REPLY:
	case ICMPX_TP_NET_DEV_START:
	case ICMPX_TP_NET_DEV_XMIT:
		return false;
	case ICMPX_TP_COPY:
	case ICMPX_TP_ERROR_REPORT:
		return true;
	}
	if (event->flags & ICMPX_IN_SOFTIRQ)
		return pointer->flags & ICMPX_IN_SOFTIRQ;
	return by_function && is_in_syscall(event) && event->entered == pointer->entered &&
	       event->tid == pointer->tid;
}

bool pointer_is_rewritten(const struct assembler *assembler, const struct pointer *pointer,
			  const struct icmpx_event *event)
{
	return pointer->lost == assembler->counts.lost &&
	       (!pointer->netns || !event->netns || pointer->netns == event->netns) &&
	       !is_afterwards(event) && is_same_but_for_nat(&pointer->packet, &event->packet) &&
	       can_be_rewritten_between(pointer, event);
}
