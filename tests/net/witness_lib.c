// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edges.h"
#include "trace.h"
#include "witness.h"

#define TASKS 256
#define DEPTH 128

struct witness witness;

/* Calls that have not returned yet. */
struct task {
	unsigned int cpu, tid; /* the idle task is another one on each CPU */
	int open[DEPTH];
	int depth;
};

static struct task tasks[TASKS];
static int task_count;

static void give_up(const char *what)
{
	fprintf(stderr, "%s\n", what);
	exit(2);
}

static void add_name(const char *text, size_t length, bool source)
{
	struct witness_name *name = &witness.names[witness.name_count];
	int probe, old = witness_name(text, length);

	if (old >= 0) {
		witness.names[old].source |= source;
		return;
	}
	if (witness.name_count == ARRAY_SIZE(witness.names))
		give_up("too many names");
	name->name = strndup(text, length);
	if (!name->name)
		give_up("no memory");
	probe = trace_probe_lookup(name->name);
	name->probe = probe >= ICMPX_FN_FIRST ? probe : -1;
	name->source = source;
	witness.name_count++;
}

static void add_names(const char *names)
{
	for (; *names; names += *names == '|') {
		add_name(names, strcspn(names, "|"), false);
		names += strcspn(names, "|");
	}
}

static void add_chain(const char *const *names)
{
	for (; *names; names++)
		add_name(*names + (**names == '-'), strlen(*names) - (**names == '-'), true);
}

void witness_begin(void)
{
#define X(id, names, layer, skb, help) add_names(names);
	ICMPX_FUNCTIONS(X)
#undef X
#define X(family, ...) add_chain((const char *const[]){__VA_ARGS__, NULL});
	ICMPX_EDGES(X)
#undef X
}

int witness_name(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] == '.')
			length = i;
	for (int i = 0; i < witness.name_count; i++)
		if (!strncmp(witness.names[i].name, text, length) && !witness.names[i].name[length])
			return i;
	return -1;
}

bool witness_is_watched(const struct call *call)
{
	for (int i = 0; i < witness.name_count; i++) {
		const struct witness_name *name = &witness.names[i];

		if (name->watched && (name->probe >= 0 ? name->probe == call->probe
						       : !strcmp(name->name, call->name)))
			return true;
	}
	return false;
}

static FILE *open_file(const char *path)
{
	FILE *file = fopen(path, "r");

	if (!file) {
		perror(path);
		exit(2);
	}
	return file;
}

void witness_read_filter(const char *path)
{
	FILE *file = open_file(path);
	char line[256];
	int name;

	while (fgets(line, sizeof(line), file)) {
		name = witness_name(line, strcspn(line, " \n"));
		if (name >= 0)
			witness.names[name].watched = true;
	}
	fclose(file);
}

static struct task *find_task(unsigned int cpu, unsigned int tid)
{
	int i = 0;

	cpu = tid ? 0 : cpu;
	while (i < task_count && (tasks[i].tid != tid || tasks[i].cpu != cpu))
		i++;
	if (i == TASKS)
		give_up("too many tasks");
	if (i == task_count)
		tasks[task_count++] = (struct task){.cpu = cpu, .tid = tid};
	return &tasks[i];
}

/* On top of a task, whatever that is doing. */
static bool in_softirq(const struct task *task)
{
	for (int i = 0; i < task->depth; i++)
		if (witness.calls[task->open[i]].probe == ICMPX_FN_HANDLE_SOFTIRQS ||
		    witness.calls[task->open[i]].probe == ICMPX_FN_NET_RX_ACTION)
			return true;
	return false;
}

/* "name() {", "name();" (one that calls no other that is watched), or "} / * name * /" */
static void read_call(struct witness_call *call, double duration, const char *text)
{
	struct task *task = find_task(call->cpu, call->tid);

	if (*text == '}') {
		if (task->depth)
			witness.calls[task->open[--task->depth]].leave = call->enter;
		return;
	}
	if (!strstr(text, "()")) /* a comment: the processor has switched to another task */
		return;
	if (witness.call_count == ARRAY_SIZE(witness.calls) || task->depth == DEPTH)
		give_up("too many calls");
	call->name = witness_name(text, strcspn(text, " ("));
	call->probe = call->name >= 0 ? witness.names[call->name].probe : -1;
	call->softirq = in_softirq(task);
	call->parent = task->depth ? task->open[task->depth - 1] : -1;
	call->leave = strchr(text, ';') ? call->enter + (__u64)(duration * 1000) : WITNESS_NOT_SEEN;
	if (!strchr(text, ';'))
		task->open[task->depth++] = witness.call_count;
	witness.calls[witness.call_count++] = *call;
}

/* "   36.123456 |   0)   ping-142    |   1.234 us    |    ip_rcv();" */
static void read_line(const char *line)
{
	unsigned int micro;
	struct witness_call call = {};
	unsigned long seconds;
	char name[64], *dash;
	double duration = 0;
	int at = 0;
	const char *text;

	if (sscanf(line, " %lu.%6u | %u) %63[^|]| %n", &seconds, &micro, &call.cpu, name, &at) < 4)
		return;
	dash = strrchr(name, '-');
	text = at ? strchr(line + at, '|') : NULL;
	if (!dash || !text)
		return;
	sscanf(line + at, "%lf us", &duration);
	call.tid = strtoul(dash + 1, NULL, 10);
	call.enter = seconds * 1000000000ull + micro * 1000ull;
	text++;
	read_call(&call, duration, text + strspn(text, " "));
}

void witness_read_trace(const char *path)
{
	FILE *file = open_file(path);
	char line[512];

	witness.call_count = task_count = 0;
	while (fgets(line, sizeof(line), file))
		read_line(line);
	fclose(file);
}
