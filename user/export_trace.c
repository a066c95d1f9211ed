// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "caps.h"
#include "clock.h"
#include "export_trace.h"
#include "filter.h"
#include "tracer.h"

#define RING    (8 << 20)      /* bytes: a process that stays holds less than a trace that ends */
#define REORDER (50 * 1000000) /* ns, with several rings */

struct tracing {
	struct catalog *catalog;
	struct tracer *tracer;
	struct assembler *assembler;
	struct export_trace sums;
};

static void on_ping(void *data, const struct ping *ping)
{
	struct tracing *tracing = data;
	struct budget budget;

	stages_budget(ping, &budget);
	stage_buckets_add(&tracing->sums.buckets, ping, &budget);
}

static int on_event(void *data, const struct icmpx_event *event)
{
	struct tracing *tracing = data;

	assembler_event(tracing->assembler, event); /* counts what it has no room for */
	return 0;
}

/* Tracepoints alone: they cost the least, every kernel has them, and a stage is the same on
 * each. Call paths would show nothing here. */
static int open_tracer(struct tracing *tracing, char *why, size_t size)
{
	struct tracer_options options = {
		.backend = BACKEND_TP,
		.stacks = ICMPX_STACKS_NEVER,
		.ring = RING,
	};
	const char *missing = caps_missing(TASK_TRACE);
	int err;

	if (missing) {
		snprintf(why, size, "tracing needs %s", missing);
		return -EPERM;
	}
	filter_complete(&options.filter);
	err = tracer_open(&options, tracing->catalog, &tracing->tracer, why, size);
	why[strcspn(why, "\n")] = '\0';
	return err;
}

int tracing_open(struct tracing **out, char *why, size_t size)
{
	struct tracing *tracing = calloc(1, sizeof(*tracing));
	struct assemble_options options = {};
	int err = -ENOMEM;

	snprintf(why, size, "%s", strerror(ENOMEM));
	if (tracing)
		tracing->catalog = catalog_new();
	if (tracing && tracing->catalog)
		err = open_tracer(tracing, why, size);
	if (!err) {
		if (tracer_has_rings(tracing->tracer))
			options.reorder = REORDER;
		tracing->assembler = assembler_new(&options, on_ping, tracing);
		err = tracing->assembler ? 0 : -ENOMEM;
	}
	if (err) {
		tracing_close(tracing);
		return err;
	}
	tracing->sums.header = *tracer_header(tracing->tracer);
	tracer_start(tracing->tracer);
	*out = tracing;
	return 0;
}

void tracing_close(struct tracing *tracing)
{
	if (!tracing)
		return;
	assembler_free(tracing->assembler);
	tracer_close(tracing->tracer);
	catalog_free(tracing->catalog);
	free(tracing);
}

int tracing_read(struct tracing *tracing)
{
	__u64 time = clock_now(); /* before reading: what happens meanwhile may be read next time */
	int err = tracer_read(tracing->tracer, on_event, tracing);

	if (!err)
		assembler_tick(tracing->assembler, time);
	return err;
}

const struct export_trace *tracing_sums(struct tracing *tracing)
{
	assembler_lost(tracing->assembler, tracer_lost(tracing->tracer));
	tracing->sums.counts = *assembler_counts(tracing->assembler);
	return &tracing->sums;
}
