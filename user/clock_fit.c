// SPDX-License-Identifier: GPL-2.0-only
#include <limits.h>
#include <stdlib.h>

#include "clock_fit.h"

#define VERTICES 256
#define SLACK    1.0 /* ns: stamps are whole ones */

/* An offset at the first bound's time and a rate, less the base. All lines that no bound
 * contradicts lie in a convex polygon of such points. */
struct vertex {
	double offset, rate;
};

struct polygon {
	struct vertex at[VERTICES];
	size_t count;
};

/* The tightest bounds of one side at their times, for clocks of any rate. */
struct side {
	struct clock_bound *bounds; /* by time */
	size_t count;
};

struct clock_fit {
	enum clock_model model;
	__u64 start;
	__s64 base;
	struct polygon polygon;
	struct side sides[2]; /* lower, upper */
};

static int by_time(const void *a, const void *b)
{
	const struct clock_bound *x = a, *y = b;

	return (x->time > y->time) - (x->time < y->time);
}

/* --- clocks of steady rates ------------------------------------------------- */

/* How far the line is beyond the bound. */
static double beyond(const struct vertex *vertex, double time, double limit, bool upper)
{
	double by = vertex->offset + vertex->rate * time - limit;

	return upper ? by : -by;
}

static struct vertex between(const struct vertex *in, const struct vertex *out, double inside,
			     double outside)
{
	double part = inside / (inside - outside);

	return (struct vertex){
		.offset = in->offset + part * (out->offset - in->offset),
		.rate = in->rate + part * (out->rate - in->rate),
	};
}

/* Cuts off what is beyond. Without room for another vertex nothing is, which is no error, but
 * less is known. */
static void cut(struct polygon *polygon, double time, double limit, bool upper)
{
	struct polygon rest = {.count = 0};

	if (polygon->count > VERTICES - 2)
		return;
	for (size_t i = 0; i < polygon->count; i++) {
		const struct vertex *one = &polygon->at[i];
		const struct vertex *next = &polygon->at[(i + 1) % polygon->count];
		double by = beyond(one, time, limit, upper);
		double next_by = beyond(next, time, limit, upper);

		if (by <= 0)
			rest.at[rest.count++] = *one;
		if ((by < 0 && next_by > 0) || (by > 0 && next_by < 0))
			rest.at[rest.count++] = between(one, next, by, next_by);
	}
	*polygon = rest;
}

/* All that any two bounds allow. */
static void begin_polygon(struct clock_fit *fit, const struct clock_bound *bounds, size_t count)
{
	double rate = CLOCK_RATE_PPM / 1e6, low = 0, high = 0, room;

	for (size_t i = 0; i < count; i++) {
		double ns = (double)(bounds[i].ns - fit->base);

		low = ns < low ? ns : low;
		high = ns > high ? ns : high;
	}
	room = rate * (double)(bounds[count - 1].time - fit->start) + 1000;
	low -= room;
	high += room;
	fit->polygon = (struct polygon){
		.at = {{low, -rate}, {low, rate}, {high, rate}, {high, -rate}},
		.count = 4,
	};
}

static bool fit_line(struct clock_fit *fit, const struct clock_bound *bounds, size_t count)
{
	begin_polygon(fit, bounds, count);
	for (size_t i = 0; i < count && fit->polygon.count; i++)
		cut(&fit->polygon, (double)(bounds[i].time - fit->start),
		    (double)(bounds[i].ns - fit->base) + (bounds[i].upper ? SLACK : -SLACK),
		    bounds[i].upper);
	return fit->polygon.count;
}

static void line_at(const struct clock_fit *fit, __u64 time, struct clock_span *span)
{
	double after =
		time >= fit->start ? (double)(time - fit->start) : -(double)(fit->start - time);
	double min = 0, max = 0;

	for (size_t i = 0; i < fit->polygon.count; i++) {
		double ns = fit->polygon.at[i].offset + fit->polygon.at[i].rate * after;

		if (!i || ns < min)
			min = ns;
		if (!i || ns > max)
			max = ns;
	}
	/* Rounded outwards. */
	span->min = fit->base + (__s64)min - (min < (double)(__s64)min);
	span->max = fit->base + (__s64)max + (max > (double)(__s64)max);
	span->has_min = span->has_max = true;
}

/* --- clocks of any rate ------------------------------------------------------ */

static __s64 drift(__u64 time)
{
	return time ? (__s64)(time / (1000000 / CLOCK_FREE_PPM)) + 1 : 0;
}

static __s64 tighter(bool upper, __s64 a, __s64 b)
{
	if (upper)
		return a < b ? a : b;
	return a > b ? a : b;
}

/* What a bound says about another time. */
static __s64 away(const struct clock_bound *bound, __u64 time)
{
	__s64 by = drift(time > bound->time ? time - bound->time : bound->time - time);

	return bound->upper ? bound->ns + by : bound->ns - by;
}

/* Each is as tight as its neighbours allow. */
static int make_side(struct side *side, const struct clock_bound *bounds, size_t count, bool upper)
{
	side->bounds = calloc(count ?: 1, sizeof(*side->bounds));
	if (!side->bounds)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (bounds[i].upper == upper)
			side->bounds[side->count++] = bounds[i];
	for (size_t i = 1; i < side->count; i++) {
		struct clock_bound *one = &side->bounds[i];

		one->ns = tighter(upper, one->ns, away(one - 1, one->time));
	}
	for (size_t i = side->count; i-- > 1;) {
		struct clock_bound *one = &side->bounds[i - 1];

		one->ns = tighter(upper, one->ns, away(one + 1, one->time));
	}
	return 0;
}

/* False: there is none. */
static bool side_at(const struct side *side, __u64 time, __s64 *ns)
{
	size_t low = 0, high = side->count;
	const struct clock_bound *next;

	if (!side->count)
		return false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (side->bounds[middle].time < time)
			low = middle + 1;
		else
			high = middle;
	}
	next = &side->bounds[low < side->count ? low : side->count - 1];
	*ns = away(next, time);
	if (low && low < side->count)
		*ns = tighter(next->upper, *ns, away(next - 1, time));
	return true;
}

static void free_at(const struct clock_fit *fit, __u64 time, struct clock_span *span)
{
	span->has_min = side_at(&fit->sides[0], time, &span->min);
	span->has_max = side_at(&fit->sides[1], time, &span->max);
}

static bool is_free(const struct clock_fit *fit, const struct clock_bound *bounds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct clock_span span;

		free_at(fit, bounds[i].time, &span);
		if (clock_span_is_known(&span) && span.min > span.max)
			return false;
	}
	return true;
}

/* --- ------------------------------------------------------------------------- */

struct clock_fit *clock_fit_new(struct clock_bound *bounds, size_t count)
{
	_cleanup_(clock_fit) struct clock_fit *fit = calloc(1, sizeof(*fit));
	struct clock_fit *made = fit;

	if (!fit)
		return NULL;
	if (count)
		qsort(bounds, count, sizeof(*bounds), by_time);
	if (make_side(&fit->sides[0], bounds, count, false) ||
	    make_side(&fit->sides[1], bounds, count, true))
		return NULL;
	if (count) {
		fit->start = bounds[0].time;
		fit->base = bounds[0].ns;
	}
	if (fit->sides[0].count && fit->sides[1].count && fit_line(fit, bounds, count))
		fit->model = CLOCK_LINE;
	else if (count && is_free(fit, bounds, count))
		fit->model = CLOCK_FREE;
	fit = NULL;
	return made;
}

struct clock_fit *clock_fit_same(void)
{
	struct clock_fit *fit = calloc(1, sizeof(*fit));

	if (fit)
		fit->model = CLOCK_SAME;
	return fit;
}

void clock_fit_free(struct clock_fit *fit)
{
	if (!fit)
		return;
	free(fit->sides[0].bounds);
	free(fit->sides[1].bounds);
	free(fit);
}

enum clock_model clock_fit_model(const struct clock_fit *fit)
{
	return fit->model;
}

void clock_fit_at(const struct clock_fit *fit, __u64 time, struct clock_span *span)
{
	*span = (struct clock_span){};
	switch (fit->model) {
	case CLOCK_UNKNOWN:
		return;
	case CLOCK_SAME:
		span->has_min = span->has_max = true;
		return;
	case CLOCK_LINE:
		line_at(fit, time, span);
		return;
	case CLOCK_FREE:
		free_at(fit, time, span);
		return;
	}
}

void clock_fit_rate(const struct clock_fit *fit, double *min, double *max)
{
	*min = *max = 0;
	for (size_t i = 0; i < fit->polygon.count; i++) {
		double rate = fit->polygon.at[i].rate * 1e9;

		if (!i || rate < *min)
			*min = rate;
		if (!i || rate > *max)
			*max = rate;
	}
}
