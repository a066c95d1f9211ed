/* SPDX-License-Identifier: GPL-2.0-only */
/* The tracing programs: chosen, loaded, attached, read. */
#ifndef ICMPX_TRACER_H
#define ICMPX_TRACER_H

#include <stddef.h>

#include "catalog.h"
#include "trace.h"
#include "util.h"

enum tracer_backend {
	BACKEND_AUTO, /* fn where it works, else tp */
	BACKEND_TP,
	BACKEND_FN,
};

struct tracer_options {
	struct icmpx_filter filter;
	enum tracer_backend backend;
	enum icmpx_stacks stacks;
	bool graph;  /* durations of functions too (fn) */
	size_t ring; /* bytes, a power of two; 0: 32 MiB */
};

struct tracer;

/* Loads and attaches; nothing is recorded until tracer_start(). 0 or a negative errno with
 * *why: what failed, on what, what to do. Nothing stays attached when the process ends, however. */
int tracer_open(const struct tracer_options *options, struct catalog *catalog,
		struct tracer **tracer, char *why, size_t size);
void tracer_close(struct tracer *tracer);

/* With filter.by_task: another one to follow, its children too. 0 or a negative errno. */
int tracer_follow(struct tracer *tracer, __u32 tgid);

void tracer_start(struct tracer *tracer);
void tracer_stop(struct tracer *tracer);

/* Hands on what is there; names and paths go to the catalog before. Never waits.
 * 0 or a negative errno; what `event` returns, if that is not 0. */
int tracer_read(struct tracer *tracer, int (*event)(void *data, const struct icmpx_event *event),
		void *data);

/* Records that were lost so far, all CPUs. */
__u64 tracer_lost(const struct tracer *tracer);

/* What is said of this machine and these options whatever the backend. */
void tracer_describe(struct trace_header *header, const struct tracer_options *options);

/* Whether events come from more than one ring: late against each other by as long as it takes
 * to read one. */
bool tracer_has_rings(const struct tracer *tracer);

const struct trace_header *tracer_header(const struct tracer *tracer);

/* ns that opening took: loading, attaching, reading symbols. */
struct tracer_times {
	__u64 load, attach, symbols;
};

void tracer_times(const struct tracer *tracer, struct tracer_times *times);

/* Whether the running kernel has a function of that name (data: the tracer). */
bool tracer_has_function(void *data, const char *name);

DEFINE_CLEANUP(tracer, struct tracer *, tracer_close)

#endif
