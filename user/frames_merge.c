// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "frames_build.h"
#include "path_edges.h"

__u32 builder_insert(struct builder *builder, __u32 at, const struct frame *frame)
{
	struct node *node;

	if (builder->count == builder->size) {
		__u32 size = 2 * builder->size;
		struct node *grown = reallocarray(builder->nodes, size, sizeof(*grown));

		if (!grown) {
			builder->error = -ENOMEM;
			return 0;
		}
		builder->nodes = grown;
		builder->size = size;
	}
	node = &builder->nodes[builder->count];
	node->frame = *frame;
	node->frame.hop = builder->hop;
	node->next = at;
	node->before = builder->nodes[at].before;
	builder->nodes[node->before].next = builder->count;
	builder->nodes[at].before = builder->count;
	return builder->count++;
}

__u16 context_depth(const struct context *context)
{
	__u16 depth = 0;

	for (size_t i = 0; i < context->count; i++)
		depth += context->levels[i].open;
	return depth;
}

static void push(struct context *context, const struct level *level)
{
	if (context->count < LEVELS_MAX)
		context->levels[context->count++] = *level;
}

enum icmpx_layer context_layer(const struct builder *builder, const struct context *context,
			       int probe)
{
	enum icmpx_layer layer = probe >= 0 ? trace_probe_layer(probe) : ICMPX_LAYER_OTHER;

	if (layer != ICMPX_LAYER_OTHER || !context->count)
		return layer;
	if (builder_event(builder)->probe == ICMPX_TP_WAKING)
		return ICMPX_LAYER_SCHED;
	return builder->nodes[context->levels[context->count - 1].node].frame.layer;
}

static __u32 add_call(struct builder *builder, struct context *context, const struct call *call,
		      enum frame_mark mark, __u32 at)
{
	struct frame frame = {
		.name = call->name,
		.mark = mark,
		.layer = context_layer(builder, context, call->probe),
		.probe = call->probe,
		.function = true,
		.depth = context_depth(context),
	};

	return builder_insert(builder, at, &frame);
}

struct merge {
	struct builder *builder;
	struct context *context;
	struct level fired[LEVELS_MAX]; /* since the last call path, not yet placed */
	size_t fired_count, placed;
	__u16 deeper; /* than it was thought to be is the last of them that is placed */
	struct level cut[LEVELS_MAX]; /* were under the last common call */
	size_t cut_count;
};

/* How many of the calls were entered before; the context is cut after the last of them.
 * What has fired since is set aside. */
static size_t common_calls(struct merge *merge, const struct call *calls, size_t count)
{
	struct context *context = merge->context;
	size_t same = 0, keep = 0, i;

	for (i = 0; i < context->count && context->levels[i].state != LEVEL_FIRED; i++) {
		const struct level *level = &context->levels[i];

		if (level->state != LEVEL_STACK)
			continue;
		if (same == count ||
		    strcmp(merge->builder->nodes[level->node].frame.name, calls[same].name))
			break;
		same++;
		keep = i + 1;
	}
	while (i < context->count && context->levels[i].state != LEVEL_FIRED)
		i++;
	merge->cut_count = i - keep;
	memcpy(merge->cut, &context->levels[keep], merge->cut_count * sizeof(merge->cut[0]));
	merge->fired_count = context->count - i;
	memcpy(merge->fired, &context->levels[i], merge->fired_count * sizeof(merge->fired[0]));
	context->count = keep;
	return same;
}

/* Its callers were those of when it fired, where returns are seen, and what has been found since
 * to have called them or it. */
static void deepen(struct merge *merge, const struct level *level)
{
	struct frame *frame = &merge->builder->nodes[level->node].frame;
	__u16 depth = context_depth(merge->context), before = frame->depth;

	frame->depth += merge->deeper;
	if (depth > frame->depth)
		frame->depth = depth;
	merge->deeper = frame->depth - before;
}

/* Up to that one they are placed: what is not in the call path has been left again. Where returns
 * are seen, only what has returned has: from the others it came here by a jump. */
static void place_fired(struct merge *merge, size_t end)
{
	while (merge->placed < end) {
		struct level *level = &merge->fired[merge->placed++];

		level->state = LEVEL_PAST;
		if (merge->builder->returns)
			deepen(merge, level);
		else
			level->open = false;
		push(merge->context, level);
	}
}

/* Before which node what fits now has to come. */
static __u32 place_here(const struct merge *merge)
{
	return merge->placed < merge->fired_count ? merge->fired[merge->placed].node : 0;
}

/* The first that has fired of that function before `limit`; `limit`: none. */
static size_t find_fired(const struct merge *merge, const struct call *call, size_t limit)
{
	for (size_t i = merge->placed; i < limit; i++)
		if (merge->fired[i].probe == call->probe)
			return i;
	return limit;
}

static struct level take_fired(struct merge *merge, size_t which)
{
	const struct level *level = &merge->fired[which];

	place_fired(merge, which);
	if (merge->builder->returns)
		deepen(merge, level);
	else
		merge->builder->nodes[level->node].frame.depth = context_depth(merge->context);
	return merge->fired[merge->placed++];
}

/* What the last common call has called before, it has not called once more. */
static bool take_cut(struct merge *merge, const struct call *call, struct level *level)
{
	for (size_t i = 0; i < merge->cut_count; i++) {
		if (call->probe < 0 || merge->cut[i].probe != call->probe)
			continue;
		*level = merge->cut[i];
		level->state = LEVEL_PAST;
		return true;
	}
	return false;
}

static void infer(struct merge *merge, const struct call *caller, const struct call *callee,
		  size_t limit)
{
	struct builder *builder = merge->builder;
	const struct call *between;
	size_t count = edges_between(catalog_edges(builder->catalog), builder->ping->packet.family,
				     caller, callee, &between);

	for (size_t i = 0; i < count; i++) {
		size_t found = find_fired(merge, &between[i], limit);
		struct level level = {.probe = between[i].probe, .state = LEVEL_PAST};
		bool returned = between[i].returned;

		if (found < limit) {
			level = take_fired(merge, found);
			level.state = LEVEL_PAST;
			returned |= builder->returns && !level.open;
		} else if (!take_cut(merge, &between[i], &level)) {
			level.node = add_call(builder, merge->context, &between[i], MARK_INFERRED,
					      place_here(merge));
		}
		level.open = !returned;
		push(merge->context, &level);
	}
}

/* Which of those that fired is which call: the last ones, since the path is that of now.
 * fired_count: it has not fired. */
static void match_fired(const struct merge *merge, const struct call *calls, size_t count,
			size_t *matches)
{
	size_t end = merge->fired_count;

	for (size_t i = count; i > 0; i--) {
		size_t at = end;

		while (at > 0 &&
		       (calls[i - 1].probe < 0 || merge->fired[at - 1].probe != calls[i - 1].probe))
			at--;
		matches[i - 1] = at ? at - 1 : merge->fired_count;
		if (at)
			end = at - 1;
	}
}

static void enter(struct merge *merge, const struct call *call, size_t match, bool fires)
{
	struct level level = {.probe = call->probe};

	if (fires) {
		place_fired(merge, merge->fired_count);
		level.node = add_call(merge->builder, merge->context, call, MARK_FIRED, 0);
	} else if (match < merge->fired_count) {
		level = take_fired(merge, match);
		merge->builder->nodes[level.node].frame.name = call->name;
	} else {
		level.node = add_call(merge->builder, merge->context, call, MARK_SEEN,
				      place_here(merge));
	}
	level.state = LEVEL_STACK;
	level.open = true;
	push(merge->context, &level);
}

void builder_merge(struct builder *builder, struct context *context, const struct call *calls,
		   size_t count, bool fires)
{
	struct merge merge = {.builder = builder, .context = context};
	size_t matches[ICMPX_STACK_MAX + 1] = {};
	/* The same probe again in the same function: it was entered once more. */
	bool again = fires || context->probe == builder_event(builder)->probe;
	size_t same = common_calls(&merge, calls, count - again);

	match_fired(&merge, calls + same, count - fires - same, matches + same);
	if (fires)
		matches[count - 1] = merge.fired_count;
	for (size_t i = same; i < count; i++) {
		size_t limit = merge.fired_count;

		for (size_t next = count; next > i; next--)
			if (matches[next - 1] < limit)
				limit = matches[next - 1];
		/* Only what is right under the last common call. */
		if (i > same || again)
			merge.cut_count = 0;
		if (i)
			infer(&merge, &calls[i - 1], &calls[i], limit);
		enter(&merge, &calls[i], matches[i], fires && i == count - 1);
	}
}

void builder_fire(struct builder *builder, struct context *context, const struct call *call)
{
	struct level level = {
		.node = add_call(builder, context, call, MARK_FIRED, 0),
		.probe = call->probe,
		.state = LEVEL_FIRED,
		.open = builder->returns && frames_return(builder->ping, builder->hop),
	};

	push(context, &level);
}

/* It stays known as one that has fired, with what it called: no call path implies it once more, but
 * the next one may show where all that belongs. */
void context_returns(struct context *context, int probe)
{
	for (size_t i = context->count; i > 0; i--) {
		struct level *level = &context->levels[i - 1];

		if (level->probe != probe || !level->open)
			continue;
		if (level->state != LEVEL_FIRED)
			context->count = i - 1;
		for (size_t inner = i - 1; inner < context->count; inner++)
			context->levels[inner].open = false;
		return;
	}
}
