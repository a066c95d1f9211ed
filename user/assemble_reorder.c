// SPDX-License-Identifier: GPL-2.0-only
#include "assemble_reorder.h"

#include <errno.h>
#include <stdlib.h>

#define FIRST_CAPACITY 256

static bool is_before(const struct reorder_entry *a, const struct reorder_entry *b)
{
	return a->time != b->time ? a->time < b->time : a->order < b->order;
}

static int resize(void **array, size_t count, size_t size)
{
	void *bigger = reallocarray(*array, count, size);

	if (!bigger)
		return -ENOMEM;
	*array = bigger;
	return 0;
}

static int grow(struct reorder *reorder)
{
	size_t capacity = reorder->capacity ? 2 * reorder->capacity : FIRST_CAPACITY;

	if (resize((void **)&reorder->heap, capacity, sizeof(*reorder->heap)) ||
	    resize((void **)&reorder->events, capacity, sizeof(*reorder->events)) ||
	    resize((void **)&reorder->free, capacity, sizeof(*reorder->free)))
		return -ENOMEM;
	for (size_t i = 0; i < capacity - reorder->capacity; i++)
		reorder->free[i] = reorder->capacity + i;
	reorder->capacity = capacity;
	return 0;
}

int reorder_push(struct reorder *reorder, const struct icmpx_event *event)
{
	struct reorder_entry entry = {event->time, reorder->arrived, 0};
	size_t at = reorder->count;

	if (at == reorder->capacity && grow(reorder))
		return -ENOMEM;
	entry.slot = reorder->free[reorder->capacity - at - 1];
	reorder->events[entry.slot] = *event;
	while (at && is_before(&entry, &reorder->heap[(at - 1) / 2])) {
		reorder->heap[at] = reorder->heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	reorder->heap[at] = entry;
	reorder->count++;
	reorder->arrived++;
	return 0;
}

/* Puts `entry` where the root was. */
static void sift_down(struct reorder *reorder, struct reorder_entry entry)
{
	struct reorder_entry *heap = reorder->heap;
	size_t at = 0, child;

	while ((child = 2 * at + 1) < reorder->count) {
		if (child + 1 < reorder->count && is_before(&heap[child + 1], &heap[child]))
			child++;
		if (!is_before(&heap[child], &entry))
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = entry;
}

bool reorder_pop(struct reorder *reorder, __u64 until, struct icmpx_event *event)
{
	__u32 slot;

	if (!reorder->count || reorder->heap[0].time > until)
		return false;
	slot = reorder->heap[0].slot;
	*event = reorder->events[slot];
	reorder->count--;
	reorder->free[reorder->capacity - reorder->count - 1] = slot;
	if (reorder->count)
		sift_down(reorder, reorder->heap[reorder->count]);
	return true;
}

void reorder_free(struct reorder *reorder)
{
	free(reorder->heap);
	free(reorder->events);
	free(reorder->free);
	*reorder = (struct reorder){};
}
