/* SPDX-License-Identifier: GPL-2.0-only */
/* A ping's hops and their call paths -> the functions it passed, each once, in the order
 * they were called, and how each is known. Pure. */
#ifndef ICMPX_FRAMES_H
#define ICMPX_FRAMES_H

#include "assemble.h"
#include "call_path.h"
#include "catalog.h"

enum frame_mark {
	MARK_FIRED,    /* a probe fired there */
	MARK_SEEN,     /* in a stack */
	MARK_INFERRED, /* must lie between two of a stack: a tail call, or inlined */
	MARK_MAX,
};

struct frame {
	const char *name; /* the kernel's; of a tracepoint its name; the catalog's or static */
	enum frame_mark mark;
	enum icmpx_layer layer;
	int probe;     /* enum icmpx_probe that explains it, or -1 */
	bool function; /* of the kernel; else a tracepoint, a time stamp, a system call */
	__u32 hop;     /* index in ping->hops of the event that shows it */
	__u16 depth;   /* callers above it in its context, as far as known */
};

struct frames {
	struct frame *list;
	size_t count;
};

/* 0 or -ENOMEM. */
int frames_make(const struct ping *ping, const struct catalog *catalog, struct frames *frames);
void frames_free(struct frames *frames);

/* Whether it is beside the packet's way: how one is freed that has come to its end. */
bool frames_beside(const struct ping *ping, const struct frame *frame);

/* Whether the answer is made only behind it, though its hop is one of the answer's: what makes an
 * answer is the first function on the answer's way, and the callers above it had the packet that is
 * answered. */
bool frames_before_answer(const struct frames *frames, size_t at);

const char *frame_mark_name(enum frame_mark mark); /* "inferred" */

/* The calls that one hop shows by its call path, outermost first; how many. `calls` has place for
 * ICMPX_STACK_MAX + 1. */
size_t frames_calls(const struct ping *ping, const struct catalog *catalog, __u32 hop,
		    struct call *calls);

/* The hop in which the function returns that hop `entry` enters (ICMPX_RETURN); NULL: none. */
const struct hop *frames_return(const struct ping *ping, __u32 entry);

#endif
