// SPDX-License-Identifier: GPL-2.0-only
/* The offset that most of the pings agree on, as NTP finds the clocks that are right (Marzullo):
 * each says "from here to there". Those that contradict it are joined wrongly. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "merge.h"

struct edge {
	__s64 at;
	int step; /* 1: an interval begins, -1: it ends */
};

struct bound_list {
	struct clock_bound *bounds;
	size_t count;
};

static const struct merge_ping *partner_of(const struct merge *merge, const struct merge_ping *a)
{
	return &merge->sides[MACHINE_B].pings[a->partner];
}

static size_t bounds_of(const struct merge *merge, const struct merge_ping *a,
			struct clock_bound bounds[2])
{
	enum machine sender;

	if (a->state != MERGE_JOINED || !merge_sender(a, partner_of(merge, a), &sender))
		return 0;
	return merge_bounds(a, partner_of(merge, a), sender, bounds);
}

static int collect(const struct merge *merge, struct bound_list *list)
{
	const struct merge_side *side = &merge->sides[MACHINE_A];

	list->count = 0;
	list->bounds = calloc(2 * side->count + 2, sizeof(*list->bounds));
	if (!list->bounds)
		return -ENOMEM;
	for (size_t i = 0; i < side->count; i++)
		list->count += bounds_of(merge, &side->pings[i], &list->bounds[list->count]);
	return 0;
}

int merge_fit_clock(struct merge *merge)
{
	struct bound_list list;

	if (collect(merge, &list))
		return -ENOMEM;
	clock_fit_free(merge->clock);
	merge->clock = clock_fit_new(list.bounds, list.count);
	free(list.bounds);
	return merge->clock ? 0 : -ENOMEM;
}

/* What the clocks may have drifted apart from the first bound to the last. */
static __s64 drift_of(const struct bound_list *list)
{
	__u64 first = UINT64_MAX, last = 0;

	for (size_t i = 0; i < list->count; i++) {
		first = list->bounds[i].time < first ? list->bounds[i].time : first;
		last = list->bounds[i].time > last ? list->bounds[i].time : last;
	}
	return list->count ? (__s64)((last - first) / (1000000 / CLOCK_RATE_PPM)) + 1 : 0;
}

static int by_place(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return y->step - x->step; /* they include their ends */
}

/* The interval that a ping allows; false: not on both sides. */
static bool interval_of(const struct merge *merge, const struct merge_ping *a, __s64 drift,
			struct clock_span *span)
{
	struct clock_bound bounds[2];
	size_t count = bounds_of(merge, a, bounds);

	*span = (struct clock_span){};
	for (size_t i = 0; i < count; i++) {
		if (bounds[i].upper) {
			span->has_max = true;
			span->max = bounds[i].ns + drift;
		} else {
			span->has_min = true;
			span->min = bounds[i].ns - drift;
		}
	}
	return clock_span_is_known(span);
}

/* Where most of the intervals overlap; the number of these. */
static size_t most_overlap(struct edge *edges, size_t count, struct clock_span *best)
{
	size_t depth = 0, most = 0;

	qsort(edges, count, sizeof(*edges), by_place);
	for (size_t i = 0; i < count; i++) {
		if (edges[i].step < 0) {
			depth--;
			continue;
		}
		if (++depth <= most)
			continue;
		most = depth;
		*best = (struct clock_span){edges[i].at, edges[i + 1].at, true, true};
	}
	return most;
}

static void drop(struct merge *merge, struct merge_ping *a)
{
	merge->sides[MACHINE_B].pings[a->partner].state = MERGE_ODD;
	a->state = MERGE_ODD;
}

static void drop_beside(struct merge *merge, __s64 drift, const struct clock_span *best)
{
	struct merge_side *side = &merge->sides[MACHINE_A];

	for (size_t i = 0; i < side->count; i++) {
		struct clock_span span;

		if (side->pings[i].state != MERGE_JOINED)
			continue;
		interval_of(merge, &side->pings[i], drift, &span);
		if ((clock_span_is_known(&span) && span.min > span.max) ||
		    (span.has_min && span.min > best->max) ||
		    (span.has_max && span.max < best->min))
			drop(merge, &side->pings[i]);
	}
}

/* No half of them agrees: none is to be believed. */
static void drop_all(struct merge *merge)
{
	struct merge_side *side = &merge->sides[MACHINE_A];

	for (size_t i = 0; i < side->count; i++)
		if (side->pings[i].state == MERGE_JOINED)
			drop(merge, &side->pings[i]);
}

int merge_drop_odd(struct merge *merge)
{
	const struct merge_side *side = &merge->sides[MACHINE_A];
	_cleanup_(free) struct edge *edges = calloc(2 * side->count + 1, sizeof(*edges));
	struct clock_span span, best = {};
	struct bound_list list;
	size_t count = 0;
	__s64 drift;

	if (!edges || collect(merge, &list))
		return -ENOMEM;
	drift = drift_of(&list);
	free(list.bounds);
	for (size_t i = 0; i < side->count; i++) {
		if (!interval_of(merge, &side->pings[i], drift, &span) || span.min > span.max)
			continue;
		edges[count++] = (struct edge){span.min, 1};
		edges[count++] = (struct edge){span.max, -1};
	}
	if (!count)
		return 0;
	if (most_overlap(edges, count, &best) * 4 <= count)
		drop_all(merge);
	else
		drop_beside(merge, drift, &best);
	return 0;
}
