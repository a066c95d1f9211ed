// SPDX-License-Identifier: GPL-2.0-only
/* callgraph VMLINUX SYMBOLS CALLS PATH FUNCTION[|FUNCTION...]...: the calls that the machine code
 * holds against those that were live. No symbols are in VMLINUX, so SYMBOLS is of /proc/kallsyms:
 * "ADDRESS NAME" each. CALLS is of ftrace, of one task, in order: "FUNCTION RETURN" each, two
 * addresses: where it was called and where it returns to. PATH: the names of the functions on the
 * path. The FUNCTIONs are a chain, whose links are looked for in what was live.
 *
 * Prints, blanks between:
 *   reach STATIC LIVE BOTH      functions that the system calls lead to, by direct calls alone;
 *                               that were live; that are in both
 *   path FUNCTIONS STATIC TAKEN functions on the path, static calls out of them, those of them
 *                               that were live
 *   live KIND CALLS             live calls out of functions on the path
 *   link FROM TO STATIC POINTERS CHAIN
 *                               a live way with as few pointers as there is; how many of its
 *                               calls the code shows, and how many not
 *   loop FUNCTION yes|no        do the system calls lead to it by direct calls alone? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "callgraph_live.h"

#define LONGEST 256 /* calls from one function of the loop to the next one */

static struct code code;
static struct live live;
static bool *on_path;
static bool *by_code, *called; /* what the system calls lead to: in the code, live */
static int receive, softirqs;  /* net_rx_action() and what calls all softirqs */

static const char *const kinds[] = {
	[CALL_DIRECT] = "direct",      [CALL_TAIL] = "tail",
	[CALL_POINTER] = "pointer",    [CALL_TAIL_POINTER] = "tail_pointer",
	[CALL_STATIC] = "static_call", [CALL_UNEXPLAINED] = "unexplained",
};

static const char *const arrows[] = {
	[CALL_DIRECT] = "->",        [CALL_TAIL] = "->",    [CALL_POINTER] = "*->",
	[CALL_TAIL_POINTER] = "*->", [CALL_STATIC] = "s->", [CALL_UNEXPLAINED] = "?->",
};

/* What is called on behalf of the ping; waits and other softirqs lead out of it. */
static const char *const roots[] = {"__x64_sys_socket", "__x64_sys_setsockopt", "__x64_sys_sendto",
				    "__x64_sys_recvfrom", "net_rx_action"};
static const char *const ends[] = {"schedule", "__schedule", "preempt_schedule_common",
				   "schedule_rtlock"};

static FILE *open_file(const char *path)
{
	FILE *file = fopen(path, "re");

	if (!file) {
		perror(path);
		exit(2);
	}
	return file;
}

static void *zeroed(size_t size)
{
	void *list = calloc(code.count, size);

	if (!list) {
		perror("callgraph");
		exit(2);
	}
	return list;
}

static void read_path(const char *path)
{
	FILE *file = open_file(path);
	char name[256];

	while (fscanf(file, "%255s", name) == 1) {
		int function = code_named(&code, name);

		if (function >= 0)
			on_path[function] = true;
	}
	fclose(file);
}

static int any_named(const char *const *names, size_t count)
{
	int function = -1;

	for (size_t i = 0; i < count && function < 0; i++)
		function = code_named(&code, names[i]);
	return function;
}

static void visit(int function, bool *seen, int *queue, size_t *count)
{
	if (seen[function])
		return;
	seen[function] = true;
	queue[(*count)++] = function;
}

static void visit_static(int index, bool *seen, int *queue, size_t *count)
{
	const struct function *function = code_function(&code, index);

	for (size_t i = 0; i < function->call_count; i++)
		if (function->calls[i].target >= 0)
			visit(function->calls[i].target, seen, queue, count);
}

/* Not another softirq. */
static bool is_of_ping(const struct edge *edge)
{
	return edge->from != softirqs || edge->to == receive;
}

static void visit_live(int index, bool *seen, int *queue, size_t *count)
{
	for (size_t i = 0; i < live.count; i++)
		if (live.edges[i].from == index && is_of_ping(&live.edges[i]))
			visit(live.edges[i].to, seen, queue, count);
}

static bool is_end(int function)
{
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (!strcmp(code.functions[function].name, ends[i]))
			return true;
	return false;
}

/* Those that the roots lead to. */
static size_t reach(bool *seen, bool in_code)
{
	int *queue = zeroed(sizeof(*queue));
	size_t count = 0;

	for (size_t i = 0; i < sizeof(roots) / sizeof(*roots); i++) {
		int root = code_named(&code, roots[i]);

		if (root >= 0)
			visit(root, seen, queue, &count);
	}
	for (size_t i = 0; i < count; i++) {
		if (is_end(queue[i]))
			continue;
		if (in_code)
			visit_static(queue[i], seen, queue, &count);
		else
			visit_live(queue[i], seen, queue, &count);
	}
	free(queue);
	return count;
}

static void print_reach(void)
{
	size_t all = reach(by_code, true), ran = reach(called, false), both = 0;

	for (int i = 0; i < code.count; i++)
		both += by_code[i] && called[i];
	printf("reach %zu %zu %zu\n", all, ran, both);
}

/* Each pair of functions once, whatever the number of places that call. */
static bool is_first(const struct function *function, size_t index)
{
	const struct call *call = &function->calls[index];

	for (size_t i = 0; i < index; i++)
		if (function->calls[i].target == call->target &&
		    function->calls[i].kind == call->kind)
			return false;
	return call->target >= 0;
}

static void print_path(void)
{
	size_t functions = 0, all = 0, taken = 0, by_kind[LIVE_KIND_MAX] = {};

	for (int i = 0; i < code.count; i++) {
		const struct function *function;

		if (!on_path[i] || !called[i])
			continue;
		functions++;
		function = code_function(&code, i);
		for (size_t j = 0; j < function->call_count; j++) {
			if (!is_first(function, j))
				continue;
			all++;
			taken += live_has(&live, i, function->calls[j].target,
					  function->calls[j].kind);
		}
	}
	printf("path %zu %zu %zu\n", functions, all, taken);
	for (size_t i = 0; i < live.count; i++)
		if (on_path[live.edges[i].from] && called[live.edges[i].from] &&
		    is_of_ping(&live.edges[i]))
			by_kind[live.edges[i].kind]++;
	for (size_t i = 0; i < LIVE_KIND_MAX; i++)
		printf("live %s %zu\n", kinds[i], by_kind[i]);
}

static bool is_shown(int kind)
{
	return kind == CALL_DIRECT || kind == CALL_TAIL;
}

/* came[]: of each function the edge to it. */
static void print_chain(int from, int to, const size_t *came)
{
	size_t chain[LONGEST] = {}, count = 0, pointers = 0;

	for (int at = to; at != from && count < LONGEST; at = live.edges[came[at]].from) {
		pointers += !is_shown(live.edges[came[at]].kind);
		chain[count++] = came[at];
	}
	printf("link %s %s %zu %zu %s", code.functions[from].name, code.functions[to].name,
	       count - pointers, pointers, code.functions[from].name);
	while (count-- > 0)
		printf(" %s %s", arrows[live.edges[chain[count]].kind],
		       code.functions[live.edges[chain[count]].to].name);
	putchar('\n');
}

/* The live way with the fewest pointers, and the shortest of those. */
static void print_link(int from, int to)
{
	unsigned int *cost = zeroed(sizeof(*cost)); /* 0: no way; else one more */
	size_t *came = zeroed(sizeof(*came));
	bool changed = true;

	cost[from] = 1;
	while (changed) {
		changed = false;
		for (size_t i = 0; i < live.count; i++) {
			const struct edge *edge = &live.edges[i];
			unsigned int new = cost[edge->from] + (is_shown(edge->kind) ? 1 : LONGEST);

			if (!cost[edge->from] || (cost[edge->to] && cost[edge->to] <= new))
				continue;
			cost[edge->to] = new;
			came[edge->to] = i;
			changed = true;
		}
	}
	if (cost[to])
		print_chain(from, to, came);
	else
		printf("link %s %s - - none\n", code.functions[from].name, code.functions[to].name);
	free(came);
	free(cost);
}

/* The one of "a|b" that was live; -1. */
static int live_named(char *names)
{
	int found = -1;

	for (char *name = strtok(names, "|"); name; name = strtok(NULL, "|")) {
		int function = code_named(&code, name);

		if (found < 0 && function >= 0 && called[function])
			found = function;
	}
	return found;
}

int main(int argc, char **argv)
{
	static const char *const softirq_names[] = {"handle_softirqs", "__do_softirq",
						    "__softirqentry_text_start"};
	int before = -1, next;

	if (argc < 5) {
		fputs("usage: callgraph VMLINUX SYMBOLS CALLS PATH FUNCTION...\n", stderr);
		return 2;
	}
	code_open(&code, argv[1], argv[2]);
	on_path = zeroed(sizeof(*on_path));
	called = zeroed(sizeof(*called));
	by_code = zeroed(sizeof(*by_code));
	receive = code_named(&code, "net_rx_action");
	softirqs = any_named(softirq_names, 3);
	live_read(&live, &code, argv[3]);
	read_path(argv[4]);
	print_reach();
	print_path();
	for (int i = 5; i < argc; i++, before = next) {
		next = live_named(argv[i]);
		if (before >= 0 && next >= 0)
			print_link(before, next);
		if (next >= 0)
			printf("loop %s %s\n", code.functions[next].name,
			       by_code[next] ? "yes" : "no");
	}
	live_free(&live);
	code_close(&code);
	return 0;
}
