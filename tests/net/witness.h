/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel's function tracer (ftrace) saw of pings, and what icmpx recorded of them. */
#ifndef ICMPX_TESTS_WITNESS_H
#define ICMPX_TESTS_WITNESS_H

#include "assemble.h"
#include "call_path.h"
#include "catalog.h"

#define WITNESS_NOT_SEEN  (1ull << 63)
#define WITNESS_PRECISION 1000 /* ns: ftrace prints microseconds */

/* ns between a probe at a function's beginning and ftrace's notice of it: one of the two comes
 * first, and emulated processors take their time. */
#define WITNESS_NEAR 5000000ull

/* A name of a function that icmpx knows: of probes.h, or of edges.h alone. */
struct witness_name {
	const char *name;
	int probe;    /* or -1 */
	bool source;  /* edges.h has it */
	bool watched; /* ftrace can see it on this kernel */
};

/* One call that ftrace saw. */
struct witness_call {
	int name;   /* in witness.names; -1: another function */
	int probe;  /* or -1 */
	int parent; /* the call that it is in; -1: none */
	unsigned int cpu, tid;
	bool softirq;
	__u64 enter, leave; /* ns; leave WITNESS_NOT_SEEN: it has not returned */
};

struct witness {
	struct witness_name names[512];
	int name_count;
	struct witness_call calls[65536];
	int call_count;
};

extern struct witness witness;

/* Fills in the names. */
void witness_begin(void);

/* The function of that name, whatever the compiler appended to it; -1: not one of witness.names. */
int witness_name(const char *text, size_t length);

/* Whether the function is watched, under any of its names. */
bool witness_is_watched(const struct call *call);

/* FILTER and TRACE are ftrace's set_ftrace_filter and its trace by function_graph, on the clock
 * "mono"; calls of an earlier trace are forgotten. They exit with 2 if there is no such file. */
void witness_read_filter(const char *path);
void witness_read_trace(const char *path);

/* The pings of a recording, in the order of their beginning. Exits with 2 if it cannot be read. */
struct witness_pings {
	struct catalog *catalog;
	char kernel[65];
	struct ping *list;
	size_t count;
};

void witness_read_pings(const char *path, struct witness_pings *pings);
void witness_free_pings(struct witness_pings *pings);

/* The calls that the hop shows, outermost first, and which of witness.calls each is: -1 where
 * ftrace cannot see the function. How many; 0: no call path. *found: whether ftrace has them,
 * each in the one before. */
size_t witness_hop(const struct witness_pings *pings, const struct ping *ping, __u32 hop,
		   struct call *calls, int *instances, bool *found);

struct witness_step {
	int name; /* in witness.names */
	bool returned;
};

#define WITNESS_STEPS_MAX 64

/* What lies between a call and one within it: calls in calls, and those that had returned before.
 * Neither softirqs on top nor other names of the same function. */
size_t witness_between(int caller, int callee, struct witness_step *steps);

/* A step as edges_between() has it. */
struct call witness_step_call(const struct witness_step *step);

#endif
