// SPDX-License-Identifier: GPL-2.0-only
/* witness_check names: all names of the functions that icmpx knows.
 * witness_check FILTER TRACE RECORDING: of each ping, in the order of their beginning, what icmpx
 * says of it and ftrace does not; "pings N", then lines "PING WHAT FUNCTION...":
 *  wrong      shown as called, but not called so
 *  inferred   said to lie between two of a call path, but not called there
 *  missing    called, but not shown
 *  during     what was seen while that call went on
 *  returned   the same as missing, but it had returned before anything was noticed
 * witness.h says what the files are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"
#include "path_edges.h"
#include "trace.h"
#include "witness.h"

static struct witness_pings pings;

struct ping_check {
	const struct ping *ping;
	size_t number;
};

static void complain(const struct ping_check *check, const char *what, const char *function)
{
	printf("%zu %s %s", check->number, what, function);
}

static bool is_watched_name(const char *name)
{
	int at = witness_name(name, strlen(name));

	return at >= 0 && witness.names[at].watched;
}

static bool is_watched_probe(unsigned int probe)
{
	const struct call call = {.name = trace_probe_name(probe), .probe = probe};

	return witness_is_watched(&call);
}

static int first_call(const struct ping *ping)
{
	int at = 0;

	while (at < witness.call_count &&
	       witness.calls[at].enter + WITNESS_NEAR < ping->hops[0].event.time)
		at++;
	return at;
}

/* Probes that fired at a function's beginning: the same calls, in the same order, on each CPU. */
static void check_fired(const struct ping_check *check)
{
	int last[1024], first = first_call(check->ping);

	for (size_t i = 0; i < ARRAY_SIZE(last); i++)
		last[i] = first;
	for (__u32 i = 0; i < check->ping->count; i++) {
		const struct icmpx_event *event = &check->ping->hops[i].event;
		int at;

		if (event->probe < ICMPX_FN_FIRST || event->flags & ICMPX_RETURN ||
		    event->cpu >= ARRAY_SIZE(last) || !is_watched_probe(event->probe))
			continue;
		for (at = last[event->cpu]; at < witness.call_count; at++)
			if (witness.calls[at].cpu == event->cpu &&
			    witness.calls[at].probe == event->probe)
				break;
		if (at < witness.call_count) {
			last[event->cpu] = at + 1;
			continue;
		}
		complain(check, "wrong", trace_probe_name(event->probe));
		puts(" fired, but is not among ftrace's calls, or not in this order");
	}
}

/* The functions of one call path: calls of that time, one in the other. */
static void check_path(const struct ping_check *check, const struct icmpx_event *event,
		       const struct call *calls, size_t count)
{
	complain(check, "wrong", trace_probe_name(event->probe));
	printf(" ftrace has no such calls then, one in the other:");
	for (size_t i = 0; i < count; i++)
		if (is_watched_name(calls[i].name))
			printf(" %s", calls[i].name);
	puts("");
}

/* Where in the steps, from `from` on; count: nowhere. */
static size_t find_step(const struct witness_step *steps, size_t from, size_t count,
			const struct call *call)
{
	for (; from < count; from++) {
		struct call step = witness_step_call(&steps[from]);

		if (call_same(&step, call) && step.returned == call->returned)
			break;
	}
	return from;
}

/* What is inferred of two calls that follow each other: it was called in this place. */
static void check_two(const struct ping_check *check, const struct call *calls,
		      const int *instances)
{
	const struct call *between;
	size_t count = edges_between(catalog_edges(pings.catalog), check->ping->packet.family,
				     &calls[0], &calls[1], &between);
	struct witness_step steps[WITNESS_STEPS_MAX];
	size_t known = 0, at = 0;

	if (instances[0] >= 0 && instances[1] >= 0)
		known = witness_between(instances[0], instances[1], steps);
	for (size_t i = 0; i < count; i++) {
		size_t found = find_step(steps, at, known, &between[i]);

		if (!is_watched_name(between[i].name))
			continue;
		if (found < known) {
			at = found + 1;
			continue;
		}
		complain(check, "inferred", between[i].name);
		printf(" between %s and %s, where it was not called\n", calls[0].name,
		       calls[1].name);
	}
}

static void check_hops(const struct ping_check *check)
{
	struct call calls[ICMPX_STACK_MAX + 1];
	int instances[ICMPX_STACK_MAX + 1];
	bool found;

	for (__u32 i = 0; i < check->ping->count; i++) {
		size_t count = witness_hop(&pings, check->ping, i, calls, instances, &found);

		if (!found) {
			check_path(check, &check->ping->hops[i].event, calls, count);
			continue;
		}
		for (size_t j = 1; j < count; j++)
			check_two(check, &calls[j - 1], &instances[j - 1]);
	}
}

/* All that icmpx shows of it, in whatever way. */
static void mark_shown(const struct ping *ping, bool *shown)
{
	struct frames frames;

	if (frames_make(ping, pings.catalog, &frames))
		exit(2);
	for (size_t i = 0; i < frames.count; i++) {
		/* Tracepoints may be called like the function which they are in. */
		int probe = trace_probe_lookup(frames.list[i].name);

		if (probe >= 0)
			shown[probe] = true;
	}
	frames_free(&frames);
}

/* A task that was preempted runs again, or (of a softirq not) is woken: what it was in meanwhile is
 * not the call path there, which is another task's. */
static bool is_of_scheduler(const struct icmpx_event *event)
{
	return event->probe == ICMPX_TP_SWITCH_IN ||
	       (event->probe == ICMPX_TP_WAKING && !(event->flags & ICMPX_IN_SOFTIRQ));
}

/* Whether something was seen while the call went on, by it or what it called: then it was in the
 * call path there. Not what came on top of a process, or ran while it did not. */
static const struct icmpx_event *hop_in(const struct ping *ping, const struct witness_call *call)
{
	for (__u32 i = 0; i < ping->count; i++) {
		const struct icmpx_event *event = &ping->hops[i].event;

		if (event->tid != call->tid || is_of_scheduler(event) ||
		    (!call->softirq && event->flags & ICMPX_IN_SOFTIRQ))
			continue;
		if (event->stack && event->cpu == call->cpu &&
		    call->enter + WITNESS_PRECISION < event->time &&
		    event->time + WITNESS_PRECISION < call->leave)
			return event;
	}
	return NULL;
}

/* What says that a call should have been seen. */
static void tell_hop(const struct ping_check *check, const struct witness_call *call,
		     const struct icmpx_event *event)
{
	complain(check, "during", trace_probe_name(call->probe));
	printf(" %s, %llu ns after its beginning, %llu before its end, CPU %u, task %u%s, path "
	       "%u\n",
	       trace_probe_name(event->probe), event->time - call->enter, call->leave - event->time,
	       event->cpu, event->tid, event->flags & ICMPX_IN_SOFTIRQ ? ", softirq" : "",
	       event->stack);
}

/* The ping's process, or what any process is interrupted by. Functions that had returned before
 * the next hop leave no trace in a call path: they are told apart from those that should have
 * been seen. */
static void check_missing(const struct ping_check *check)
{
	enum { NO, RETURNED, MISSING } found[ICMPX_PROBE_MAX] = {};
	const struct ping *ping = check->ping;
	bool shown[ICMPX_PROBE_MAX] = {};

	mark_shown(ping, shown);
	for (int i = 0; i < witness.call_count; i++) {
		const struct witness_call *call = &witness.calls[i];
		const struct icmpx_event *event;

		if (call->probe < 0 || shown[call->probe] || call->enter < ping->first ||
		    call->enter > ping->last || !(call->softirq || call->tid == ping->tid))
			continue;
		event = hop_in(ping, call);
		if (event) {
			tell_hop(check, call, event);
			found[call->probe] = MISSING;
		} else if (found[call->probe] == NO) {
			found[call->probe] = RETURNED;
		}
	}
	for (unsigned int i = 0; i < ICMPX_PROBE_MAX; i++) {
		if (found[i] == NO)
			continue;
		complain(check, found[i] == MISSING ? "missing" : "returned", trace_probe_name(i));
		puts("");
	}
}

int main(int argc, char **argv)
{
	witness_begin();
	if (argc == 2 && !strcmp(argv[1], "names")) {
		for (int i = 0; i < witness.name_count; i++)
			puts(witness.names[i].name);
		return 0;
	}
	if (argc != 4) {
		fputs("usage: witness_check names | FILTER TRACE RECORDING\n", stderr);
		return 2;
	}
	witness_read_filter(argv[1]);
	witness_read_trace(argv[2]);
	witness_read_pings(argv[3], &pings);
	catalog_set_edges(pings.catalog, edges_of(pings.kernel));
	if (!witness.call_count) {
		puts("ftrace saw nothing");
		return 1;
	}
	printf("pings %zu\n", pings.count);
	for (size_t i = 0; i < pings.count; i++) {
		const struct ping_check check = {&pings.list[i], i + 1};

		check_fired(&check);
		check_hops(&check);
		check_missing(&check);
	}
	witness_free_pings(&pings);
	return 0;
}
