/* SPDX-License-Identifier: GPL-2.0-only */
/* What one scrape shows: collected once, then rendered in either format. */
#ifndef ICMPX_EXPORT_DATA_H
#define ICMPX_EXPORT_DATA_H

#include "counters.h"
#include "metrics.h"
#include "select.h"
#include "snmp.h"
#include "stage_buckets.h"
#include "trace.h"
#include "xdp.h"

enum { FAMILY_V4, FAMILY_V6, FAMILY_MAX };

/* One interface of this network namespace whose maps could be read. */
struct export_interface {
	struct attachment attachment;
	struct counters *counters; /* owned */
	size_t valid[FAMILY_MAX];  /* leases */
	size_t expired[FAMILY_MAX];
};

struct export_data {
	__u64 states[STATE_MAX]; /* attachments of all namespaces, by state */
	struct export_interface *interfaces;
	size_t count;
	size_t unreadable;
	struct snmp kernel;
	double seconds; /* that collecting took */
};

/* Of --trace. */
struct export_trace {
	struct trace_header header;
	struct assemble_counts counts;
	struct stage_buckets buckets;
};

/* Of the exporter as a server. */
struct export_self {
	double cpu;     /* seconds */
	__u64 memory;   /* bytes resident */
	double started; /* seconds since the epoch */
	__u64 cut_off;
	const struct export_answers {
		unsigned int code;
		__u64 count;
	} * answers;
	size_t answer_count;
};

/* 0, or a negative errno and *why; then *data needs no export_free(). */
int export_collect(struct export_data *data, struct refusal *why);
void export_free(struct export_data *data);

/* Fills cpu and memory. */
void export_measure_self(struct export_self *self);

/* trace and self may be NULL: without. */
void render_metrics(FILE *out, enum metrics_format format, const struct export_data *data,
		    const struct export_trace *trace, const struct export_self *self);

/* Its part about the trace. */
void render_metrics_trace(struct metrics *metrics, const struct export_trace *trace);

#endif
