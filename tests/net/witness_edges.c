// SPDX-License-Identifier: GPL-2.0-only
/* witness_edges measure FILTER TRACE RECORDING...: what lay between any two functions that follow
 * each other in a call path, in all of these runs, for include/edges-SERIES.h: lines
 *  edge FAMILY CALLER [-]FUNCTION... CALLEE    the functions always called between the two
 *  hidden FUNCTION                             this kernel cannot show it under that name
 * witness_edges compare FILTER TRACE RECORDING...: where icmpx's own table says otherwise.
 * witness.h says what the files are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "path_edges.h"
#include "trace.h"
#include "witness.h"

/* Two functions, and what was called between them each time. */
struct edge {
	unsigned int family;
	int caller, callee; /* in witness.names */
	struct witness_step steps[WITNESS_STEPS_MAX];
	size_t count;
	bool printed;
};

static struct edge edges[8192];
static size_t edge_count;
static char release[65];

static bool same_name(int a, int b)
{
	const struct witness_name *one = &witness.names[a], *other = &witness.names[b];

	return a == b || (one->probe >= 0 && one->probe == other->probe);
}

static bool same_step(const struct witness_step *a, const struct witness_step *b)
{
	return a->returned == b->returned && same_name(a->name, b->name);
}

/* Leaves what is in both, in this order: their longest common subsequence. */
static void intersect(struct edge *edge, const struct witness_step *steps, size_t count)
{
	static unsigned char length[WITNESS_STEPS_MAX + 1][WITNESS_STEPS_MAX + 1];
	size_t i, j, kept = 0;

	memset(length, 0, sizeof(length));
	for (i = edge->count; i-- > 0;)
		for (j = count; j-- > 0;)
			length[i][j] = same_step(&edge->steps[i], &steps[j])
					       ? length[i + 1][j + 1] + 1
				       : length[i + 1][j] > length[i][j + 1] ? length[i + 1][j]
									     : length[i][j + 1];
	for (i = j = 0; i < edge->count && j < count;) {
		if (same_step(&edge->steps[i], &steps[j])) {
			edge->steps[kept++] = edge->steps[i++];
			j++;
		} else if (length[i + 1][j] >= length[i][j + 1]) {
			i++;
		} else {
			j++;
		}
	}
	edge->count = kept;
}

static struct edge *find_edge(unsigned int family, int caller, int callee)
{
	for (size_t i = 0; i < edge_count; i++)
		if (edges[i].family == family && same_name(edges[i].caller, caller) &&
		    same_name(edges[i].callee, callee))
			return &edges[i];
	return NULL;
}

/* What is called in many ways, of which some are seen here: a packet is dropped for many reasons,
 * and all kinds of sockets have errors. */
static bool is_anybodys(int name)
{
	switch (witness.names[name].probe) {
	case ICMPX_FN_KFREE_SKB:
	case ICMPX_FN_CONSUME_SKB:
	case ICMPX_FN_RECV_ERROR:
		return true;
	}
	return false;
}

/* Ways round a function that no ping here takes. */
static size_t leave_out(int caller, struct witness_step *steps, size_t count)
{
	static const struct {
		int caller, function;
	} ways[] = {
		/* recvmmsg(): not after the first message */
		{ICMPX_FN_SYS_RECVMSG, ICMPX_FN_SOCK_RECVMSG},
		/* what handles it is that of the protocol of the packet that the error is about */
		{ICMPX_FN_ICMPV6_NOTIFY, ICMPX_FN_PING_ERR},
	};
	size_t kept = 0, way;

	for (size_t i = 0; i < count; i++) {
		for (way = 0; way < ARRAY_SIZE(ways); way++)
			if (witness.names[caller].probe == ways[way].caller &&
			    witness.names[steps[i].name].probe == ways[way].function)
				break;
		if (way == ARRAY_SIZE(ways))
			steps[kept++] = steps[i];
	}
	return kept;
}

static void add_edge(unsigned int family, int from, int to)
{
	int caller = witness.calls[from].name, callee = witness.calls[to].name;
	struct witness_step steps[WITNESS_STEPS_MAX];
	size_t count = witness_between(from, to, steps);
	struct edge *edge = find_edge(family, caller, callee);

	if (same_name(caller, callee) || is_anybodys(callee))
		return;
	count = leave_out(caller, steps, count);
	if (edge) {
		intersect(edge, steps, count);
		return;
	}
	if (edge_count == ARRAY_SIZE(edges)) {
		fputs("too many edges\n", stderr);
		exit(2);
	}
	edge = &edges[edge_count++];
	*edge = (struct edge){.family = family, .caller = caller, .callee = callee, .count = count};
	memcpy(edge->steps, steps, count * sizeof(*steps));
}

/* Any two of the calls from one down to the other: what ends with a jump here may be in the call
 * path where another compiler made the kernel. */
static void add_all(unsigned int family, int caller, int callee)
{
	for (int to = callee; to != caller; to = witness.calls[to].parent) {
		if (witness.calls[to].name < 0)
			continue;
		for (int from = to; from != caller;) {
			from = witness.calls[from].parent;
			if (witness.calls[from].name >= 0)
				add_edge(family, from, to);
		}
	}
}

static void add_ping(const struct witness_pings *pings, const struct ping *ping)
{
	struct call calls[ICMPX_STACK_MAX + 1];
	int instances[ICMPX_STACK_MAX + 1];
	bool found;

	for (__u32 i = 0; i < ping->count; i++) {
		size_t count = witness_hop(pings, ping, i, calls, instances, &found);

		for (size_t j = 1; j < count; j++)
			if (instances[j - 1] >= 0 && instances[j] >= 0)
				add_all(ping->packet.family, instances[j - 1], instances[j]);
	}
}

static void add_run(const char *trace, const char *recording)
{
	struct witness_pings pings;

	witness_read_trace(trace);
	witness_read_pings(recording, &pings);
	memcpy(release, pings.kernel, sizeof(release));
	for (size_t i = 0; i < pings.count; i++)
		add_ping(&pings, &pings.list[i]);
	witness_free_pings(&pings);
}

/* --- measure ------------------------------------------------------------------------ */

/* Whether the longer one has both ends of the shorter one on its way; *same: and between them
 * what that has. */
static bool implies(const struct edge *longer, const struct edge *edge, bool *same)
{
	const struct witness_step none = {.name = longer->caller};
	struct witness_step steps[WITNESS_STEPS_MAX + 2];
	size_t count = 0, from, to;

	steps[count++] = none;
	memcpy(steps + 1, longer->steps, longer->count * sizeof(*steps));
	count += longer->count;
	steps[count++] = (struct witness_step){.name = longer->callee};
	for (from = 0; from < count; from++)
		if (!steps[from].returned && same_name(steps[from].name, edge->caller))
			break;
	for (to = from + 1; to < count; to++)
		if (!steps[to].returned && same_name(steps[to].name, edge->callee))
			break;
	if (to >= count)
		return false;
	*same = to - from - 1 == edge->count;
	for (size_t i = 0; *same && i < edge->count; i++)
		*same = same_step(&steps[from + 1 + i], &edge->steps[i]);
	return true;
}

/* Whether nothing else says so. */
static bool is_needed(const struct edge *edge)
{
	bool said = false, same;

	for (size_t i = 0; i < edge_count; i++) {
		if (!edges[i].printed || edges[i].family != edge->family || &edges[i] == edge ||
		    !implies(&edges[i], edge, &same))
			continue;
		if (!same)
			return true;
		said = true;
	}
	return !said && edge->count;
}

static int compare_length(const void *a, const void *b)
{
	const struct edge *one = a, *other = b;

	if (one->count != other->count)
		return one->count > other->count ? -1 : 1;
	if (one->caller != other->caller)
		return one->caller - other->caller;
	return one->callee - other->callee;
}

static bool same_edge(const struct edge *a, const struct edge *b)
{
	if (!same_name(a->caller, b->caller) || !same_name(a->callee, b->callee) ||
	    a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!same_step(&a->steps[i], &b->steps[i]))
			return false;
	return true;
}

static void print_edge(const struct edge *edge)
{
	unsigned int family = edge->family;

	for (size_t i = 0; i < edge_count; i++) {
		const struct edge *other = &edges[i];

		if (!other->printed || other->family == edge->family || !same_edge(edge, other))
			continue;
		if (edge->family == 6)
			return; /* with the other one */
		family = 0;
	}
	printf("edge %u %s", family, witness.names[edge->caller].name);
	for (size_t i = 0; i < edge->count; i++)
		printf(" %s%s", edge->steps[i].returned ? "-" : "",
		       witness.names[edge->steps[i].name].name);
	printf(" %s\n", witness.names[edge->callee].name);
}

/* Functions that it has under none of their names, and names of edges.h. */
static void print_hidden(void)
{
	for (int i = 0; i < witness.name_count; i++) {
		const struct witness_name *name = &witness.names[i];
		const struct call call = {.name = name->name, .probe = name->probe};

		if (name->source ? !name->watched
				 : !witness_is_watched(&call) &&
					   !strcmp(name->name, trace_probe_name(name->probe)))
			printf("hidden %s\n", name->name);
	}
}

static void measure(void)
{
	qsort(edges, edge_count, sizeof(*edges), compare_length);
	for (size_t i = 0; i < edge_count; i++)
		edges[i].printed = is_needed(&edges[i]);
	for (size_t i = 0; i < edge_count; i++)
		if (edges[i].printed)
			print_edge(&edges[i]);
	print_hidden();
}

/* --- compare ------------------------------------------------------------------------ */

static struct call name_call(int name)
{
	return (struct call){.name = witness.names[name].name, .probe = witness.names[name].probe};
}

static void compare(void)
{
	const struct edges *table = edges_of(release);

	for (size_t i = 0; i < edge_count; i++) {
		const struct edge *edge = &edges[i];
		struct call caller = name_call(edge->caller), callee = name_call(edge->callee);
		const struct call *between;
		size_t count, next = 0;
		bool same = true;

		count = edges_between(table, edge->family, &caller, &callee, &between);
		for (size_t j = 0; j < count; j++) {
			int name = witness_name(between[j].name, strlen(between[j].name));
			bool watched = name >= 0 && witness.names[name].watched, called = false;
			struct call step = {};

			if (next < edge->count) {
				step = witness_step_call(&edge->steps[next]);
				called = call_same(&step, &between[j]);
			}
			/* Where it is not to be seen, another one of its names may be. */
			if (!watched && !called)
				continue;
			same &= called && step.returned == between[j].returned;
			next += next < edge->count;
		}
		if (same && next == edge->count)
			continue;
		printf("IPv%u, %s to %s: called:", edge->family, caller.name, callee.name);
		for (size_t j = 0; j < edge->count; j++)
			printf(" %s%s", edge->steps[j].returned ? "-" : "",
			       witness.names[edge->steps[j].name].name);
		printf("; in the table:");
		for (size_t j = 0; j < count; j++)
			printf(" %s%s", between[j].returned ? "-" : "", between[j].name);
		puts("");
	}
}

int main(int argc, char **argv)
{
	if (argc < 5 || argc % 2 == 0) {
		fputs("usage: witness_edges measure|compare FILTER TRACE RECORDING...\n", stderr);
		return 2;
	}
	witness_begin();
	witness_read_filter(argv[2]);
	for (int i = 3; i < argc; i += 2)
		add_run(argv[i], argv[i + 1]);
	if (!strcmp(argv[1], "compare"))
		compare();
	else
		measure();
	return !edge_count;
}
