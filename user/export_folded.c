// SPDX-License-Identifier: GPL-2.0-only
/* Folded stacks for flame graphs: "reply sender;wait;...;icmp_rcv 1234". The root is whose part of
 * the way it is, then the stage, then the call path at the hop up to which the time is counted. All
 * nanoseconds of a ping's span are in one of them. */
#include <errno.h>
#include <search.h>
#include <string.h>

#include "call_path.h"
#include "export.h"
#include "export_text.h"
#include "stages.h"
#include "trace.h"

/* When there are so many stacks, they are written; that a stack has more lines than one does no
 * harm, and memory is bounded. */
#define STACKS_MAX 4096

#define STACK_BYTES 4096

struct stack {
	FILE *out; /* twalk() hands on nothing but the stack */
	__u64 ns;
	char text[];
};

struct folded {
	FILE *out;
	const struct catalog *catalog;
	void *stacks; /* a tree of struct stack, by text */
	size_t count;
	char text[STACK_BYTES];
	size_t used;
};

static void add_frame(struct folded *file, const char *name)
{
	char *at = file->text + file->used;
	int room = sizeof(file->text) - file->used, length;

	length = snprintf(at, room, "%s%s", file->used ? ";" : "", name);
	if (length >= room) {
		*at = '\0'; /* all of a name, or nothing of it */
		return;
	}
	/* What separates frames is not in names. */
	for (char *end = at + length, *c = at + (file->used > 0); c < end; c++)
		if (*c == ';')
			*c = ':';
	file->used += length;
}

static void begin_stack(struct folded *file, const struct span *span)
{
	char root[32];

	snprintf(root, sizeof(root), "%s %s", trace_kind_name(span->leg),
		 hop_side_name(span->side));
	file->used = 0;
	add_frame(file, root);
	add_frame(file, stages_name(span->stage));
}

static void add_path(struct folded *file, const struct hop *hop)
{
	const struct icmpx_event *event = &hop->event;
	/* Of a switch it would be the path of who ran before. */
	const struct path *path = event->stack && event->probe != ICMPX_TP_SWITCH_IN
					  ? catalog_path(file->catalog, event->stack)
					  : NULL;
	const char *name = export_hop_name(file->catalog, hop);
	struct call calls[ICMPX_STACK_MAX];
	size_t count = path ? call_path_clean(path, calls) : 0;

	for (size_t i = 0; i < count; i++)
		add_frame(file, calls[i].name);
	/* Its own stack may begin with it, or with its caller. */
	if (!count || strcmp(calls[count - 1].name, name))
		add_frame(file, name);
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct stack *)a)->text, ((const struct stack *)b)->text);
}

static void write_stack(const void *node, VISIT visit, int depth)
{
	const struct stack *stack = *(const struct stack *const *)node;

	(void)depth;
	if (visit == postorder || visit == leaf)
		fprintf(stack->out, "%s %llu\n", stack->text, (unsigned long long)stack->ns);
}

static void write_stacks(struct folded *file)
{
	twalk(file->stacks, write_stack);
	tdestroy(file->stacks, free);
	file->stacks = NULL;
	file->count = 0;
}

static int add_time(struct folded *file, __u64 ns)
{
	struct stack *stack, **found;

	if (!ns)
		return 0;
	stack = malloc(sizeof(*stack) + file->used + 1);
	if (!stack)
		return -ENOMEM;
	stack->out = file->out;
	stack->ns = 0;
	memcpy(stack->text, file->text, file->used + 1);
	found = tsearch(stack, &file->stacks, compare);
	if (!found) {
		free(stack);
		return -ENOMEM;
	}
	(*found)->ns += ns;
	if (*found != stack)
		free(stack);
	else if (++file->count == STACKS_MAX)
		write_stacks(file);
	return 0;
}

/* The hops between the two that bound a stage are of it if they are of its packet, there. */
static bool is_of_span(const struct span *span, const struct hop *hop)
{
	return hop->leg == span->leg && hop->side == span->side && !hop->copy;
}

/* From hop to hop; the last one's share is whatever is left, so that it is all of the span. */
static int add_span(struct folded *file, const struct ping *ping, const struct span *span,
		    __u64 begin)
{
	__u64 time = begin, end = begin + span->ns;
	int err = 0;

	for (__u32 i = span->from + 1; i < span->to && !err; i++) {
		const struct hop *hop = &ping->hops[i];

		if (!is_of_span(span, hop) || hop->event.time <= time || hop->event.time >= end)
			continue;
		begin_stack(file, span);
		add_path(file, hop);
		err = add_time(file, hop->event.time - time);
		time = hop->event.time;
	}
	if (err)
		return err;
	begin_stack(file, span);
	if (span->to < ping->count)
		add_path(file, &ping->hops[span->to]);
	return add_time(file, end - time);
}

static int put_ping(void *state, const struct ping *ping)
{
	__u64 time = ping->first;
	struct budget budget;
	int err = 0;

	stages_budget(ping, &budget);
	for (size_t i = 0; i < budget.count && !err; i++) {
		err = add_span(state, ping, &budget.spans[i], time);
		time += budget.spans[i].ns;
	}
	return err;
}

static void *open_file(FILE *out, const struct catalog *catalog)
{
	struct folded *file = calloc(1, sizeof(*file));

	if (!file)
		return NULL;
	file->out = out;
	file->catalog = catalog;
	return file;
}

static int put_end(void *state, const struct assemble_counts *counts)
{
	(void)counts;
	write_stacks(state);
	return 0;
}

static void close_file(void *state)
{
	struct folded *file = state;

	tdestroy(file->stacks, free);
	free(file);
}

const struct export_format export_folded = {
	.name = "folded",
	.open = open_file,
	.ping = put_ping,
	.end = put_end,
	.close = close_file,
};
