/* SPDX-License-Identifier: GPL-2.0-only */
/* What is to be printed of a trace, and when: pings one by one, or statistics of many. */
#ifndef ICMPX_TRACE_OUTPUT_H
#define ICMPX_TRACE_OUTPUT_H

#include "assemble.h"
#include "catalog.h"
#include "export.h"
#include "render_trace.h"

struct trace_output_options {
	bool json;
	bool stats; /* --stats: no single pings, but their stages at the end */
	bool compare;
	__u64 slow;         /* ns: only pings or stages above; 0: all */
	unsigned int count; /* pings to print; 0: no end */
	bool live;          /* the screen is ours: redraw */
	/* They get the pings that are printed; NULL: none. */
	struct exports *exports;
	bool silent; /* one of them has standard output: nothing else is written there */
	/* Written above the pings on a live screen, else once at the end; NULL: nothing. */
	void (*top)(FILE *out, void *data);
	void *top_data;
	struct trace_view view;
};

struct trace_output;

/* has_function: see compare_new(). NULL: out of memory. */
struct trace_output *trace_output_new(const struct trace_output_options *options,
				      const struct catalog *catalog,
				      bool (*has_function)(void *data, const char *name),
				      void *data);
void trace_output_free(struct trace_output *output);

void trace_output_header(struct trace_output *output, const struct trace_header *header);

/* For assembler_new(). data: the trace_output. */
void trace_output_ping(void *data, const struct ping *ping);

/* Live: draws what is new, at most once a second. Flushes. */
void trace_output_tick(struct trace_output *output, __u64 now,
		       const struct assemble_counts *counts);

void trace_output_end(struct trace_output *output, const struct assemble_counts *counts);

/* What a live screen shows, for a screen_source; data: the trace_output. */
void trace_output_render(FILE *out, void *data);

/* Whether `count` is reached, or nothing can be written any more. */
bool trace_output_done(const struct trace_output *output);

#endif
