// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "frames_build.h"

bool frames_beside(const struct ping *ping, const struct frame *frame)
{
	const struct hop *hop = &ping->hops[frame->hop];

	switch (frame->probe) {
	case ICMPX_TP_DROP:
		return hop->benign;
	case ICMPX_FN_KFREE_SKB:
		return hop->event.probe != ICMPX_TP_DROP || hop->benign;
	case ICMPX_TP_CONSUME:
	case ICMPX_FN_CONSUME_SKB:
		return true;
	}
	return false;
}

static bool makes_answer(const struct frame *frame)
{
	switch (frame->probe) {
	case ICMPX_FN_ICMP_REPLY:
	case ICMPX_FN_ICMPV6_ECHO_REPLY:
	case ICMPX_FN_ICMP_SEND_FN:
	case ICMPX_FN_ICMP6_SEND_FN:
		return true;
	}
	return false;
}

bool frames_before_answer(const struct frames *frames, size_t at)
{
	for (size_t i = at + 1; i < frames->count && frames->list[i].hop == frames->list[at].hop;
	     i++)
		if (makes_answer(&frames->list[i]))
			return true;
	return false;
}

const char *frame_mark_name(enum frame_mark mark)
{
	static const char *const names[MARK_MAX] = {
		[MARK_FIRED] = "fired",
		[MARK_SEEN] = "seen",
		[MARK_INFERRED] = "inferred",
	};

	return names[mark];
}

const struct hop *frames_return(const struct ping *ping, __u32 entry)
{
	const struct icmpx_event *of = &ping->hops[entry].event;
	__u64 next = UINT64_MAX; /* when it is called again */

	for (__u32 i = entry + 1; i < ping->count; i++) {
		const struct icmpx_event *event = &ping->hops[i].event;
		__u64 begun = event->time - event->detail[1];

		if (event->probe != of->probe || event->cpu != of->cpu || event->tid != of->tid)
			continue;
		if (!(event->flags & ICMPX_RETURN))
			next = event->time < next ? event->time : next;
		else if (begun >= of->time && begun < next)
			return &ping->hops[i];
	}
	return NULL;
}

static struct context *context_add(struct builder *builder)
{
	struct context *context;

	if (builder->context_count == CONTEXTS_MAX) {
		builder->context_count--;
		memmove(builder->contexts, builder->contexts + 1,
			builder->context_count * sizeof(*context));
	}
	context = &builder->contexts[builder->context_count++];
	memset(context, 0, offsetof(struct context, levels));
	return context;
}

/* A task on a CPU: a softirq there has ended before. */
static void softirq_ended(struct builder *builder, __u32 cpu)
{
	for (size_t i = 0; i < builder->context_count; i++)
		if (builder->contexts[i].softirq && builder->contexts[i].number == cpu)
			builder->contexts[i].count = 0;
}

/* A waking event names the task that is woken, not the one that wakes it. */
static bool is_same(const struct context *context, const struct icmpx_event *event, bool softirq)
{
	if (context->softirq != softirq)
		return false;
	if (softirq)
		return context->number == event->cpu;
	if (event->probe == ICMPX_TP_WAKING)
		return context->cpu == event->cpu;
	return context->number == event->tid &&
	       (!event->entered || !context->entered || context->entered == event->entered);
}

static struct context *context_of(struct builder *builder, bool softirq)
{
	const struct icmpx_event *event = builder_event(builder);
	struct context *context = NULL;

	if (!softirq && event->probe != HOP_SYSCALL)
		softirq_ended(builder, event->cpu);
	for (size_t i = builder->context_count; i > 0 && !context; i--)
		if (is_same(&builder->contexts[i - 1], event, softirq))
			context = &builder->contexts[i - 1];
	if (!context) {
		context = context_add(builder);
		context->softirq = softirq;
		context->number = softirq ? event->cpu : event->tid;
	}
	if (event->entered && event->probe != ICMPX_TP_WAKING)
		context->entered = event->entered;
	context->cpu = event->cpu;
	return context;
}

/* The packet is received: what the context did with what it received before is over. If that
 * put the packet on this CPU's backlog, the softirq that takes it off is the same. */
static void receive_begins(struct context *context)
{
	size_t i = 0;

	while (context->requeued && i < context->count && context->levels[i].state == LEVEL_STACK &&
	       (context->levels[i].probe == ICMPX_FN_HANDLE_SOFTIRQS ||
		context->levels[i].probe == ICMPX_FN_NET_RX_ACTION ||
		context->levels[i].probe == ICMPX_FN_NAPI_POLL ||
		context->levels[i].probe == ICMPX_FN_PROCESS_BACKLOG))
		i++;
	/* With functions' probes those of this receive have fired already. */
	while (i < context->count && context->levels[i].state != LEVEL_FIRED) {
		memmove(&context->levels[i], &context->levels[i + 1],
			(context->count - i - 1) * sizeof(context->levels[0]));
		context->count--;
	}
	context->requeued = false;
}

/* Of a function, what the traced kernel calls it. */
static const char *name_of(const struct catalog *catalog, unsigned int probe)
{
	return catalog_name(catalog, NAME_FUNCTION, probe) ?: trace_probe_name(probe);
}

static void add_tracepoint(struct builder *builder, const struct context *context)
{
	const struct icmpx_event *event = builder_event(builder);
	struct frame frame = {
		.name = trace_probe_name(event->probe),
		.mark = MARK_FIRED,
		.layer = context_layer(builder, context, event->probe),
		.probe = event->probe,
		.depth = context_depth(context),
	};

	if (event->probe == HOP_SYSCALL) {
		frame.name = catalog_name(builder->catalog, NAME_SYSCALL, event->syscall);
		frame.layer = ICMPX_LAYER_SYSCALL;
		frame.probe = -1;
	}
	if (!frame.name)
		frame.name = event->probe == HOP_SYSCALL ? "system call" : "unknown";
	builder_insert(builder, 0, &frame);
}

static size_t hop_calls(const struct icmpx_event *event, const struct path *path, const char *name,
			struct call *calls)
{
	size_t count = path ? call_path_clean(path, calls) : 0;

	/* Its own stack may begin with it, or with its caller. */
	if (event->probe >= ICMPX_FN_FIRST && (!count || calls[count - 1].probe != event->probe))
		calls[count++] = (struct call){.name = name ?: "unknown", .probe = event->probe};
	return count;
}

static void add_calls(struct builder *builder, struct context *context, const struct path *path)
{
	const struct icmpx_event *event = builder_event(builder);
	bool fires = event->probe >= ICMPX_FN_FIRST;
	struct call calls[ICMPX_STACK_MAX + 1];
	size_t count = hop_calls(event, path, name_of(builder->catalog, event->probe), calls);

	if (path && count)
		builder_merge(builder, context, calls, count, fires);
	else if (fires)
		builder_fire(builder, context, &calls[0]);
	if (!fires)
		add_tracepoint(builder, context);
}

/* A request that waited for its neighbour's address leaves in the softirq that brings it. If
 * that came on top of the very system call that sends, the call path has that one's too. */
static void add_sender(struct builder *builder, const struct path *path)
{
	struct call calls[ICMPX_STACK_MAX];
	size_t count = call_path_clean_below(path, calls);

	if (count)
		builder_merge(builder, context_of(builder, false), calls, count, false);
}

/* Of a switch it would be the path of who ran before. */
static const struct path *path_of(const struct catalog *catalog, const struct icmpx_event *event)
{
	return event->stack && event->probe != ICMPX_TP_SWITCH_IN
		       ? catalog_path(catalog, event->stack)
		       : NULL;
}

size_t frames_calls(const struct ping *ping, const struct catalog *catalog, __u32 hop,
		    struct call *calls)
{
	const struct icmpx_event *event = &ping->hops[hop].event;
	const struct path *path = path_of(catalog, event);

	if (!path || event->flags & ICMPX_RETURN)
		return 0;
	return hop_calls(event, path, name_of(catalog, event->probe), calls);
}

static void add_event(struct builder *builder)
{
	const struct icmpx_event *event = builder_event(builder);
	const struct path *path;
	struct context *context;
	bool softirq;

	path = path_of(builder->catalog, event);
	softirq = event->flags & ICMPX_IN_SOFTIRQ || (path && call_path_in_softirq(path));
	if (softirq && path && event->entered && event->probe == ICMPX_TP_NET_DEV_QUEUE)
		add_sender(builder, path);
	context = context_of(builder, softirq);
	if (event->flags & ICMPX_RETURN) {
		context_returns(context, event->probe);
		return;
	}
	if (event->probe == ICMPX_TP_RECEIVE)
		receive_begins(context);
	if (event->probe == HOP_SYSCALL)
		context->count = 0;
	add_calls(builder, context, path);
	if (event->probe == ICMPX_TP_NETIF_RX)
		context->requeued = softirq;
	if (event->probe == ICMPX_TP_SYS_EXIT)
		context->count = 0;
	context->probe = event->probe;
}

static int flatten(const struct builder *builder, struct frames *frames)
{
	frames->list = calloc(builder->count, sizeof(*frames->list));
	if (!frames->list)
		return -ENOMEM;
	for (__u32 i = builder->nodes[0].next; i; i = builder->nodes[i].next)
		frames->list[frames->count++] = builder->nodes[i].frame;
	return 0;
}

static int build(struct builder *builder, struct frames *frames)
{
	const struct ping *ping = builder->ping;

	for (__u32 i = 0; i < ping->count; i++)
		builder->returns |= ping->hops[i].event.flags & ICMPX_RETURN;
	for (builder->hop = 0; builder->hop < ping->count; builder->hop++)
		add_event(builder);
	return builder->error ?: flatten(builder, frames);
}

int frames_make(const struct ping *ping, const struct catalog *catalog, struct frames *frames)
{
	struct builder *builder = calloc(1, sizeof(*builder));
	int err = -ENOMEM;

	*frames = (struct frames){};
	if (!builder)
		return err;
	builder->ping = ping;
	builder->catalog = catalog;
	builder->count = 1;
	builder->size = 4 * ping->count + 64;
	builder->nodes = calloc(builder->size, sizeof(*builder->nodes));
	if (builder->nodes)
		err = build(builder, frames);
	free(builder->nodes);
	free(builder);
	return err;
}

void frames_free(struct frames *frames)
{
	free(frames->list);
	*frames = (struct frames){};
}
