// SPDX-License-Identifier: GPL-2.0-only
/* witness_check names: all names of the functions that icmpx knows.
 * witness_check shown FILTER TRACE JSON: what icmpx shows of a ping, and ftrace did not see so.
 * witness_check missing FILTER TRACE JSON: what ftrace saw of it, and icmpx does not show.
 *
 * FILTER and TRACE are ftrace's set_ftrace_filter and its trace by function_graph, on the clock
 * "mono"; JSON is of `icmpx trace --json --compare`, with one ping. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <json-c/json.h>

#include "trace.h"
#include "util.h"

#define CALLS     65536
#define TASKS     256
#define DEPTH     128
#define NOT_SEEN  (1ull << 63)
#define PRECISION 1000 /* ns: ftrace prints microseconds */

/* One call that ftrace saw. */
struct call {
	int probe;
	unsigned int cpu;
	unsigned int tid;
	bool softirq;
	__u64 enter, leave; /* ns; leave NOT_SEEN: it has not returned */
};

struct task {
	unsigned int cpu, tid; /* the idle task is another one on each CPU */
	int open[DEPTH];       /* calls */
	int depth;
};

static struct call calls[CALLS];
static int call_count;
static struct task tasks[TASKS];
static int task_count;
static bool watched[ICMPX_PROBE_MAX]; /* ftrace can see it */

/* The function's probe, whatever the compiler appended to its name; -1: not in icmpx's list. */
static int function_probe(const char *text, size_t length)
{
	char name[128];
	int probe;

	snprintf(name, sizeof(name), "%.*s", (int)length, text);
	name[strcspn(name, ".")] = '\0';
	probe = trace_probe_lookup(name);
	return probe >= ICMPX_FN_FIRST ? probe : -1;
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

static void read_filter(const char *path)
{
	FILE *file = open_file(path);
	char line[256];
	int probe;

	while (fgets(line, sizeof(line), file)) {
		probe = function_probe(line, strcspn(line, " \n"));
		if (probe >= 0)
			watched[probe] = true;
	}
	fclose(file);
}

static struct task *find_task(unsigned int cpu, unsigned int tid)
{
	int i = 0;

	cpu = tid ? 0 : cpu;
	while (i < task_count && (tasks[i].tid != tid || tasks[i].cpu != cpu))
		i++;
	if (i == TASKS) {
		fputs("too many tasks\n", stderr);
		exit(2);
	}
	if (i == task_count)
		tasks[task_count++] = (struct task){.cpu = cpu, .tid = tid};
	return &tasks[i];
}

/* On top of a task, whatever that is doing. */
static bool in_softirq(const struct task *task)
{
	for (int i = 0; i < task->depth; i++)
		if (calls[task->open[i]].probe == ICMPX_FN_HANDLE_SOFTIRQS ||
		    calls[task->open[i]].probe == ICMPX_FN_NET_RX_ACTION)
			return true;
	return false;
}

/* "name() {", "name();" (one that calls no other that is watched), or "} / * name * /" */
static void read_call(struct call *call, double duration, const char *text)
{
	struct task *task = find_task(call->cpu, call->tid);

	if (*text == '}') {
		if (task->depth)
			calls[task->open[--task->depth]].leave = call->enter;
		return;
	}
	if (!strstr(text, "()")) /* a comment: the processor has switched to another task */
		return;
	if (call_count == CALLS || task->depth == DEPTH) {
		fputs("too many calls\n", stderr);
		exit(2);
	}
	call->probe = function_probe(text, strcspn(text, " ("));
	call->softirq = in_softirq(task);
	call->leave = strchr(text, ';') ? call->enter + (__u64)(duration * 1000) : NOT_SEEN;
	if (!strchr(text, ';'))
		task->open[task->depth++] = call_count;
	calls[call_count++] = *call;
}

/* "   36.123456 |   0)   ping-142    |   1.234 us    |    ip_rcv();" */
static void read_line(const char *line)
{
	unsigned int micro;
	struct call call = {};
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

static void read_trace(const char *path)
{
	FILE *file = open_file(path);
	char line[512];

	while (fgets(line, sizeof(line), file))
		read_line(line);
	fclose(file);
}

static struct json_object *member(struct json_object *object, const char *name)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(object, name, &value);
	return value;
}

static const char *text_of(struct json_object *object, const char *name)
{
	const char *text = json_object_get_string(member(object, name));

	return text ? text : "";
}

static __u64 number_of(struct json_object *object, const char *name)
{
	return json_object_get_int64(member(object, name));
}

/* What icmpx wrote: all of it is kept until the end. */
static struct json_object *paths, *ping, *compare;

static void read_json(const char *path)
{
	FILE *file = open_file(path);
	size_t room = 0;
	char *line = NULL;

	paths = json_object_new_object();
	while (getline(&line, &room, file) > 0) {
		struct json_object *object = json_tokener_parse(line);
		const char *type = text_of(object, "type");

		if (!strcmp(type, "path"))
			json_object_object_add(paths, text_of(object, "id"), object);
		else if (!strcmp(type, "ping") && !ping)
			ping = object;
		else if (!strcmp(type, "compare"))
			compare = object;
		else
			json_object_put(object);
	}
	free(line);
	fclose(file);
	if (!ping || !compare) {
		printf("%s: no ping, or nothing compared\n", path);
		exit(1);
	}
}

/* The function whose probe fired at this hop, -1: it is not about a function's beginning. */
static int hop_function(struct json_object *hop)
{
	const char *name = text_of(hop, "probe");
	int probe = trace_probe_lookup(name);

	/* A tracepoint may be called like a function. */
	for (unsigned int i = 0; i < ICMPX_TP_MAX; i++)
		if (!strcmp(trace_probe_name(i), name))
			return -1;
	if (member(hop, "took_ns") || probe < ICMPX_FN_FIRST)
		return -1;
	return probe;
}

/* Hops that say that a function was called: the same calls, in the same order, on each CPU. */
static int check_fired(struct json_object *hops)
{
	int last[1024] = {}, wrong = 0;

	for (size_t i = 0; i < json_object_array_length(hops); i++) {
		struct json_object *hop = json_object_array_get_idx(hops, i);
		unsigned int cpu = number_of(hop, "cpu");
		int probe = hop_function(hop), at;

		if (probe < 0 || !watched[probe] || cpu >= ARRAY_SIZE(last))
			continue;
		for (at = last[cpu]; at < call_count; at++)
			if (calls[at].cpu == cpu && calls[at].probe == probe)
				break;
		if (at < call_count) {
			last[cpu] = at + 1;
			continue;
		}
		printf("%s: fired, but is not among ftrace's calls, or not in this order\n",
		       trace_probe_name(probe));
		wrong++;
	}
	return wrong;
}

/* Whether a call was going on at that time. */
static bool call_covers(const struct call *call, unsigned int cpu, __u64 time)
{
	return call->cpu == cpu && call->enter <= time && call->leave + PRECISION >= time;
}

/* The functions of one call path, outermost first: calls of that time, one in the other. */
static int check_path(struct json_object *hop, struct json_object *frames)
{
	__u64 time = number_of(hop, "time_ns");
	int at = 0, wrong = 0;

	for (size_t i = json_object_array_length(frames); i > 0; i--) {
		const char *name = text_of(json_object_array_get_idx(frames, i - 1), "function");
		int probe = function_probe(name, strlen(name)), next = at;

		if (probe < 0 || !watched[probe])
			continue;
		while (next < call_count &&
		       !(calls[next].probe == probe &&
			 call_covers(&calls[next], number_of(hop, "cpu"), time)))
			next++;
		if (next < call_count) {
			at = next + 1;
			continue;
		}
		printf("%s: in the call path at %s, but ftrace has no such call then\n", name,
		       text_of(hop, "probe"));
		wrong++;
	}
	return wrong;
}

static int check_shown(void)
{
	struct json_object *hops = member(ping, "hops"), *path;
	int wrong = check_fired(hops);

	for (size_t i = 0; i < json_object_array_length(hops); i++) {
		struct json_object *hop = json_object_array_get_idx(hops, i);

		path = member(paths, text_of(hop, "path"));
		if (path)
			wrong += check_path(hop, member(path, "frames"));
	}
	return wrong;
}

/* All that icmpx shows, in whatever way. */
static void mark_shown(bool *shown)
{
	struct json_object *functions = member(compare, "functions"), *hops = member(ping, "hops");

	for (size_t i = 0; i < json_object_array_length(functions); i++) {
		const char *name = text_of(json_object_array_get_idx(functions, i), "name");
		int probe = function_probe(name, strlen(name));

		if (probe >= 0)
			shown[probe] = true;
	}
	/* Tracepoints that are called like the function which they are in. */
	for (size_t i = 0; i < json_object_array_length(hops); i++) {
		const char *name = text_of(json_object_array_get_idx(hops, i), "probe");
		int probe = function_probe(name, strlen(name));

		if (probe >= 0)
			shown[probe] = true;
	}
}

/* Whether something was seen while the call went on: then it was in the call path there. */
static bool has_hop(const struct call *call)
{
	struct json_object *hops = member(ping, "hops");

	for (size_t i = 0; i < json_object_array_length(hops); i++) {
		struct json_object *hop = json_object_array_get_idx(hops, i);
		__u64 time = number_of(hop, "time_ns");

		if (member(hop, "path") && number_of(hop, "cpu") == call->cpu &&
		    call->enter + PRECISION < time && time + PRECISION < call->leave)
			return true;
	}
	return false;
}

/* The ping's process, or what any process is interrupted by. */
static bool is_about_ping(const struct call *call)
{
	return call->softirq || call->tid == number_of(member(ping, "process"), "tid");
}

/* Functions that had returned before the next hop leave no trace in a call path: they are
 * told apart from those that should have been seen. */
static int check_missing(void)
{
	__u64 first = number_of(ping, "first_ns"), last = number_of(ping, "last_ns");
	enum { NO, RETURNED, MISSING } found[ICMPX_PROBE_MAX] = {};
	bool shown[ICMPX_PROBE_MAX] = {};
	int wrong = 0;

	mark_shown(shown);
	for (int i = 0; i < call_count; i++) {
		const struct call *call = &calls[i];

		if (call->probe < 0 || shown[call->probe] || call->enter < first ||
		    call->enter > last || !is_about_ping(call))
			continue;
		if (has_hop(call))
			found[call->probe] = MISSING;
		else if (found[call->probe] == NO)
			found[call->probe] = RETURNED;
	}
	for (int i = 0; i < ICMPX_PROBE_MAX; i++) {
		if (found[i] == MISSING)
			printf("missing %s\n", trace_probe_name(i));
		else if (found[i] == RETURNED)
			printf("returned %s\n", trace_probe_name(i));
		wrong += found[i] == MISSING;
	}
	return wrong;
}

static void print_names(void)
{
	static const char *const names[] = {
#define X(id, name, layer, skb, help) name,
		ICMPX_FUNCTIONS(X)
#undef X
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		for (const char *name = names[i]; *name; name += *name == '|') {
			printf("%.*s\n", (int)strcspn(name, "|"), name);
			name += strcspn(name, "|");
		}
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "names")) {
		print_names();
		return 0;
	}
	if (argc != 5) {
		fputs("usage: witness_check names | shown|missing FILTER TRACE JSON\n", stderr);
		return 2;
	}
	read_filter(argv[2]);
	read_trace(argv[3]);
	read_json(argv[4]);
	if (!call_count) {
		puts("ftrace saw nothing");
		return 1;
	}
	return !strcmp(argv[1], "shown") ? check_shown() != 0 : check_missing() != 0;
}
