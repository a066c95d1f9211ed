// SPDX-License-Identifier: GPL-2.0-only
/* What follows from who is above whom; pure, but for stack_busy(). */
#include <stdio.h>
#include <string.h>

#include "stack.h"
#include "util.h"

const struct link *stack_find(const struct stack *stack, __u32 ifindex)
{
	for (size_t i = 0; i < stack->count; i++)
		if (stack->links[i].ifindex == ifindex)
			return &stack->links[i];
	return NULL;
}

static bool is_above(const struct link *link, const struct link *other)
{
	return other->master == link->ifindex || link->on == other->ifindex;
}

static void mark_beside(struct stack *stack, const struct link *from, int level)
{
	for (size_t i = 0; i < stack->count; i++) {
		struct link *link = &stack->links[i];

		if (link->level == STACK_NONE &&
		    (level > 0 ? is_above(link, from) : is_above(from, link)))
			link->level = level;
	}
}

/* One level after the other; upwards and downwards apart, since the ports beside one are neither
 * above nor below it. */
void stack_look(struct stack *stack, __u32 ifindex)
{
	for (size_t i = 0; i < stack->count; i++)
		stack->links[i].level = stack->links[i].ifindex == ifindex ? 0 : STACK_NONE;
	for (int step = -1; step <= 1; step += 2)
		for (int level = 0; level != step * STACK_DEPTH; level += step)
			for (size_t i = 0; i < stack->count; i++)
				if (stack->links[i].level == level)
					mark_beside(stack, &stack->links[i], level + step);
}

unsigned int stack_height(struct stack *stack, __u32 ifindex)
{
	int lowest = 0;

	stack_look(stack, ifindex);
	for (size_t i = 0; i < stack->count; i++)
		if (stack->links[i].level != STACK_NONE && stack->links[i].level < lowest)
			lowest = stack->links[i].level;
	return -lowest;
}

static bool is_below(const struct link *link)
{
	return link->level < 0 && link->level != STACK_NONE;
}

const char *stack_native_loses(const struct stack *stack)
{
	for (size_t i = 0; i < stack->count; i++) {
		const struct link *link = &stack->links[i];

		if (strcmp(link->kind, "veth"))
			continue;
		if (!link->level)
			return "a native veth loses every reply unless its peer runs an XDP "
			       "program too";
		if (is_below(link))
			return "a port of it is a veth, which natively loses every reply unless "
			       "its peer runs an XDP program too";
	}
	return NULL;
}

const char *stack_native_doubles(const struct stack *stack)
{
	for (size_t i = 0; i < stack->count; i++) {
		const struct link *link = &stack->links[i];

		if ((!link->level || is_below(link)) && link->ports_rest)
			return "a native bond also answers what comes in by a port that is not "
			       "active, which the kernel drops";
	}
	return NULL;
}

/* Bonds and teams; and those that a driver made: net_failover, a VF with its hv_netvsc. */
static bool chooses_port(const struct link *master)
{
	return !strcmp(master->kind, "bond") || !strcmp(master->kind, "team") || !*master->kind;
}

const struct link *stack_instead(const struct stack *stack, const struct link *port)
{
	const struct link *master = stack_find(stack, port->master);

	return master && chooses_port(master) ? master : NULL;
}

/* The highest first: it is what has to go first. */
static const struct link *highest_with_program(const struct stack *stack)
{
	const struct link *highest = NULL;

	for (size_t i = 0; i < stack->count; i++) {
		const struct link *link = &stack->links[i];

		if (link->xdp && link->level > (highest ? highest->level : 0))
			highest = link;
	}
	return highest;
}

bool stack_busy(__u32 ifindex, char *why, size_t size)
{
	const struct link *above = NULL;
	struct stack stack;

	if (!stack_read(&stack)) {
		stack_look(&stack, ifindex);
		above = highest_with_program(&stack);
	}
	if (above)
		snprintf(why, size,
			 "%s above it has an XDP program, and until that is gone the kernel "
			 "lets none below be changed: detach %s first",
			 above->name, above->name);
	stack_free(&stack);
	return above;
}
