// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>

#include "callgraph_live.h"

#define DEEPEST 8 /* jumps one after the other */

/* Of each function that calls: what it called, and where. */
struct last_call {
	uint64_t after;
	int callee;
};

static void die(const char *what)
{
	perror(what);
	exit(2);
}

bool live_has(const struct live *live, int from, int to, int kind)
{
	for (size_t i = 0; i < live->count; i++) {
		const struct edge *edge = &live->edges[i];

		if (edge->from == from && edge->to == to && edge->kind == kind)
			return true;
	}
	return false;
}

static void add_edge(struct live *live, int from, int to, int kind)
{
	if (live_has(live, from, to, kind))
		return;
	if (live->count == live->room) {
		live->room = live->room ? 2 * live->room : 1024;
		live->edges = realloc(live->edges, live->room * sizeof(*live->edges));
		if (!live->edges)
			die("callgraph");
	}
	live->edges[live->count++] = (struct edge){from, to, kind};
}

/* From a function to another one by jumps alone, of which the last one is of this kind; adds
 * them. False: there is no such way. */
static bool add_jumps(struct live *live, int from, int to, enum call_kind last, int depth)
{
	const struct function *function = code_function(live->code, from);

	for (size_t i = 0; i < function->call_count; i++) {
		const struct call *call = &function->calls[i];

		if (call->kind == last && (call->target == to || last == CALL_TAIL_POINTER)) {
			add_edge(live, from, to, last);
			return true;
		}
	}
	for (size_t i = 0; i < function->call_count && depth > 0; i++) {
		const struct call *call = &function->calls[i];

		if (call->kind == CALL_TAIL && add_jumps(live, call->target, to, last, depth - 1)) {
			add_edge(live, from, call->target, CALL_TAIL);
			return true;
		}
	}
	return false;
}

/* The call that returns to there; NULL: none. Those through thunks and to static_call()s may
 * have been patched into shorter ones. */
static const struct call *call_before(struct code *code, int caller, uint64_t after)
{
	const struct function *function = code_function(code, caller);

	for (size_t i = 0; i < function->call_count; i++)
		if (function->calls[i].begin < after && after <= function->calls[i].after)
			return &function->calls[i];
	return NULL;
}

/* A function that ends with a jump to the next one is not in that one's return address: what
 * returns to the place of a call may be what was called there, or came by jumps from that. */
static void add_call(struct live *live, int caller, int callee, uint64_t after)
{
	const struct call *call = call_before(live->code, caller, after);
	struct last_call before = live->last[caller];

	live->last[caller] = (struct last_call){after, callee};
	if (call && call->kind != CALL_DIRECT) {
		if (before.after != after ||
		    !add_jumps(live, before.callee, callee, CALL_TAIL, DEEPEST))
			add_edge(live, caller, callee, call->kind);
	} else if (call && call->target == callee) {
		add_edge(live, caller, callee, CALL_DIRECT);
	} else if (call && (add_jumps(live, call->target, callee, CALL_TAIL, DEEPEST) ||
			    add_jumps(live, call->target, callee, CALL_TAIL_POINTER, DEEPEST))) {
		add_edge(live, caller, call->target, CALL_DIRECT);
	} else {
		add_edge(live, caller, callee, CALL_UNEXPLAINED);
	}
}

static bool calls_directly(struct code *code, int caller, int callee)
{
	const struct function *function = code_function(code, caller);

	for (size_t i = 0; i < function->call_count; i++)
		if (function->calls[i].kind == CALL_DIRECT && function->calls[i].target == callee)
			return true;
	return false;
}

/* One that ftrace does not see: called by the last one that it did see, if that does so. */
static void add_hidden(struct live *live, int before, int caller)
{
	if (before >= 0 && !code_function(live->code, caller)->traceable &&
	    calls_directly(live->code, before, caller))
		add_edge(live, before, caller, CALL_DIRECT);
}

void live_read(struct live *live, struct code *code, const char *path)
{
	unsigned long long address, after;
	FILE *file = fopen(path, "re");
	int before = -1;

	if (!file)
		die(path);
	*live = (struct live){.code = code};
	live->last = calloc(code->count, sizeof(*live->last));
	if (!live->last)
		die("callgraph");
	while (fscanf(file, "%llx %llx", &address, &after) == 2) {
		int callee = code_at(code, address), caller = code_at(code, after - 1);

		if (callee < 0 || caller < 0) /* in modules */
			continue;
		add_hidden(live, before, caller);
		add_call(live, caller, callee, after);
		before = callee;
	}
	fclose(file);
}

void live_free(struct live *live)
{
	free(live->edges);
	free(live->last);
}
