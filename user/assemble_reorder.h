/* SPDX-License-Identifier: GPL-2.0-only */
/* Events that wait until all that happened before them must have come. */
#ifndef ICMPX_ASSEMBLE_REORDER_H
#define ICMPX_ASSEMBLE_REORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "event.h"

#define REORDER_MAX 65536 /* events held at most, whatever their times say */

struct reorder_entry {
	__u64 time;
	__u64 order; /* of equal times, who came first */
	__u32 slot;
};

/* A heap of small entries; the events stay where they are. All zero: empty. */
struct reorder {
	struct reorder_entry *heap;
	struct icmpx_event *events;
	__u32 *free; /* slots without event: capacity - count of them */
	size_t count, capacity;
	__u64 arrived;
};

/* 0 or -ENOMEM. */
int reorder_push(struct reorder *reorder, const struct icmpx_event *event);

/* Takes the oldest event if it is not later than `until`. */
bool reorder_pop(struct reorder *reorder, __u64 until, struct icmpx_event *event);

void reorder_free(struct reorder *reorder);

#endif
