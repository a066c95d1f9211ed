// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"
#include "record.h"
#include "witness.h"

/* Pings are the assembler's: copied. */
static void take_ping(void *data, const struct ping *ping)
{
	struct witness_pings *pings = data;
	struct ping *copy;

	pings->list = reallocarray(pings->list, pings->count + 1, sizeof(*pings->list));
	copy = &pings->list[pings->count++];
	*copy = *ping;
	copy->hops = calloc(ping->count, sizeof(*copy->hops));
	memcpy(copy->hops, ping->hops, ping->count * sizeof(*copy->hops));
}

struct reading {
	struct witness_pings *pings;
	struct assembler *assembler;
};

static int take_header(void *data, const struct trace_header *header)
{
	struct reading *reading = data;

	memcpy(reading->pings->kernel, header->kernel, sizeof(reading->pings->kernel));
	return 0;
}

static int take_event(void *data, const struct icmpx_event *event)
{
	struct reading *reading = data;

	return assembler_event(reading->assembler, event);
}

static int compare_first(const void *a, const void *b)
{
	const struct ping *one = a, *other = b;

	return one->first < other->first ? -1 : one->first > other->first;
}

void witness_read_pings(const char *path, struct witness_pings *pings)
{
	struct reading reading = {.pings = pings};
	const struct record_reader reader = {take_header, take_event, &reading};
	/* An emulated processor may be silent for long. */
	const struct assemble_options options = {.linger = 1000000000};
	struct record_error error = {};
	int err;

	*pings = (struct witness_pings){.catalog = catalog_new()};
	reading.assembler = assembler_new(&options, take_ping, pings);
	err = record_read(path, pings->catalog, &reader, &error);
	if (err) {
		fprintf(stderr, "%s: %s\n", path, *error.text ? error.text : strerror(-err));
		exit(2);
	}
	assembler_flush(reading.assembler);
	assembler_free(reading.assembler);
	if (pings->count)
		qsort(pings->list, pings->count, sizeof(*pings->list), compare_first);
}

void witness_free_pings(struct witness_pings *pings)
{
	for (size_t i = 0; i < pings->count; i++)
		free(pings->list[i].hops);
	free(pings->list);
	catalog_free(pings->catalog);
}

static int watched_name(const struct call *call)
{
	int name = witness_name(call->name, strlen(call->name));

	return name >= 0 && witness.names[name].watched ? name : -1;
}

/* Whether the calls up to `last` are what that instance of the last one was called in. */
static bool match_callers(const struct call *calls, size_t last, int instance, int *instances)
{
	int at = instance;

	for (size_t i = last + 1; i > 0; i--) {
		int name = watched_name(&calls[i - 1]);

		instances[i - 1] = -1;
		if (name < 0)
			continue;
		while (at >= 0 && witness.calls[at].name != name)
			at = witness.calls[at].parent;
		if (at < 0 || (i - 1 == last && at != instance))
			return false;
		instances[i - 1] = at;
		at = witness.calls[at].parent;
	}
	return true;
}

static bool is_candidate(const struct witness_call *call, const struct icmpx_event *event,
			 bool fires)
{
	if (call->cpu != event->cpu)
		return false;
	if (fires)
		return call->enter <= event->time + WITNESS_NEAR &&
		       event->time <= call->enter + WITNESS_NEAR;
	return call->enter <= event->time && call->leave + WITNESS_PRECISION >= event->time;
}

/* Of those that may be meant, the one nearest in time, if it is where it must be. */
static bool match(const struct call *calls, size_t last, const struct icmpx_event *event,
		  bool fires, int *instances)
{
	int name = watched_name(&calls[last]);
	__u64 nearest = ~0ull;
	int best = -1;

	for (int i = 0; i < witness.call_count; i++) {
		const struct witness_call *call = &witness.calls[i];
		__u64 distance = call->enter > event->time ? call->enter - event->time
							   : event->time - call->enter;

		if (call->name != name || !is_candidate(call, event, fires) || distance > nearest ||
		    !match_callers(calls, last, i, instances))
			continue;
		nearest = distance;
		best = i;
	}
	return best >= 0 && match_callers(calls, last, best, instances);
}

size_t witness_hop(const struct witness_pings *pings, const struct ping *ping, __u32 hop,
		   struct call *calls, int *instances, bool *found)
{
	const struct icmpx_event *event = &ping->hops[hop].event;
	size_t count = frames_calls(ping, pings->catalog, hop, calls), last;
	bool fires = event->probe >= ICMPX_FN_FIRST;

	for (size_t i = 0; i < count; i++)
		instances[i] = -1;
	for (last = count; last > 0 && watched_name(&calls[last - 1]) < 0; last--)
		;
	*found = !last || match(calls, last - 1, event, fires && last == count, instances);
	if (!*found)
		for (size_t i = 0; i < count; i++)
			instances[i] = -1;
	return count;
}

/* Softirqs come on top of anything. */
static bool is_on_top(const struct witness_call *call)
{
	return call->probe == ICMPX_FN_HANDLE_SOFTIRQS || call->probe == ICMPX_FN_NET_RX_ACTION;
}

struct walk {
	int caller, callee;
	struct witness_step *steps;
	size_t count;
};

static bool same_function(int a, int b)
{
	return a == b ||
	       (witness.names[a].probe >= 0 && witness.names[a].probe == witness.names[b].probe);
}

static void step(struct walk *walk, int name, bool returned)
{
	if (name < 0 || same_function(name, witness.calls[walk->caller].name) ||
	    same_function(name, witness.calls[walk->callee].name))
		return;
	for (size_t i = 0; i < walk->count; i++) {
		if (!same_function(walk->steps[i].name, name))
			continue;
		if (returned)
			return;
		/* Called before, and then once more on the way. */
		memmove(&walk->steps[i], &walk->steps[i + 1],
			(--walk->count - i) * sizeof(*walk->steps));
		break;
	}
	if (walk->count < WITNESS_STEPS_MAX)
		walk->steps[walk->count++] = (struct witness_step){name, returned};
}

static void walk_down(struct walk *walk, int at)
{
	int parent = witness.calls[at].parent;

	if (parent != walk->caller)
		walk_down(walk, parent);
	for (int i = parent + 1; i < at; i++)
		if (witness.calls[i].parent == parent && !is_on_top(&witness.calls[i]))
			step(walk, witness.calls[i].name, true);
	if (at != walk->callee)
		step(walk, witness.calls[at].name, false);
}

size_t witness_between(int caller, int callee, struct witness_step *steps)
{
	struct walk walk = {.caller = caller, .callee = callee, .steps = steps};

	walk_down(&walk, callee);
	return walk.count;
}

struct call witness_step_call(const struct witness_step *step)
{
	return (struct call){
		.name = witness.names[step->name].name,
		.probe = witness.names[step->name].probe,
		.returned = step->returned,
	};
}
