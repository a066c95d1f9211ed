/* SPDX-License-Identifier: GPL-2.0-only */
/* Within frames*.c: a ping's frames while they are made. */
#ifndef ICMPX_FRAMES_BUILD_H
#define ICMPX_FRAMES_BUILD_H

#include "call_path.h"
#include "frames.h"

/* Functions that were entered in one context, in the order of the way, and are not known
 * to have been left. */
struct level {
	__u32 node;
	int probe;
	enum {
		LEVEL_STACK, /* in the call path that came last */
		LEVEL_PAST,  /* between two of it: inferred, or fired and left again */
		LEVEL_FIRED, /* since the call path that came last: in the next one, or left by then
			      */
	} state;
	bool open; /* calls what comes behind it */
};

#define LEVELS_MAX (3 * ICMPX_STACK_MAX)

/* Where functions call each other: a system call of a task, a softirq on a CPU. */
struct context {
	bool softirq;
	__u32 number;  /* tid, or CPU */
	__u64 entered; /* of the system call; 0: unknown */
	__u32 cpu;
	bool requeued; /* softirq: put a packet on its own CPU's backlog */
	int probe;     /* of the last event */
	size_t count;
	struct level levels[LEVELS_MAX];
};

#define CONTEXTS_MAX 16

/* Frames are a list while they are made: some turn out to come before others later. */
struct node {
	struct frame frame;
	__u32 next, before;
};

struct builder {
	const struct ping *ping;
	const struct catalog *catalog;
	struct node *nodes; /* [0]: both ends of the list */
	__u32 count, size;
	__u32 hop;    /* where it is */
	bool returns; /* there are ICMPX_RETURN events */
	int error;
	size_t context_count;
	struct context contexts[CONTEXTS_MAX];
};

static inline const struct icmpx_event *builder_event(const struct builder *builder)
{
	return &builder->ping->hops[builder->hop].event;
}

/* Puts a frame before the node `at`; 0: at the end. Its node; 0: out of memory. */
__u32 builder_insert(struct builder *builder, __u32 at, const struct frame *frame);

/* Enters what the call path has and the context does not yet. `fires`: the last call is the
 * function whose probe fires. */
void builder_merge(struct builder *builder, struct context *context, const struct call *calls,
		   size_t count, bool fires);

/* The same when there is no call path. */
void builder_fire(struct builder *builder, struct context *context, const struct call *call);

void context_returns(struct context *context, int probe);
__u16 context_depth(const struct context *context);

/* The layer of what icmpx's list does not have is its caller's; how a sleeper is woken is
 * the scheduler's. */
enum icmpx_layer context_layer(const struct builder *builder, const struct context *context,
			       int probe);

#endif
