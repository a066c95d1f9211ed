// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>

#include "merge_read.h"
#include "path_edges.h"

struct reading {
	struct merge_recording *recording;
	struct merge_side *side;
	struct assembler *assembler;
	int err;
};

static int take_header(void *data, const struct trace_header *header)
{
	struct reading *reading = data;

	reading->recording->header = *header;
	reading->recording->has_header = true;
	reading->side->epoch = header->epoch;
	snprintf(reading->side->boot, sizeof(reading->side->boot), "%s", header->boot);
	catalog_set_edges(reading->recording->catalog, edges_of(header->kernel));
	return 0;
}

/* The probes were set some time after the header's start: by the first event they were. */
static int take_event(void *data, const struct icmpx_event *event)
{
	struct reading *reading = data;
	struct merge_side *side = reading->side;

	if (!side->started || event->time < side->started)
		side->started = event->time;
	if (event->time > side->ended)
		side->ended = event->time;
	assembler_event(reading->assembler, event);
	return reading->err;
}

static void take_end(void *data, __u64 ended)
{
	struct reading *reading = data;

	if (ended > reading->side->ended)
		reading->side->ended = ended;
}

static void take_ping(void *data, const struct ping *ping)
{
	struct reading *reading = data;

	if (!reading->err)
		reading->err = merge_side_add(reading->side, ping);
}

int merge_read(struct merge_recording *recording, struct merge_side *side,
	       struct record_error *error)
{
	struct reading reading = {.recording = recording, .side = side};
	const struct record_reader reader = {take_header, take_event, &reading, take_end};
	const struct assemble_options options = {};
	_cleanup_(assembler) struct assembler *assembler =
		assembler_new(&options, take_ping, &reading);
	int err;

	if (!assembler)
		return -ENOMEM;
	reading.assembler = assembler;
	err = record_read(recording->path, recording->catalog, &reader, error);
	assembler_flush(assembler);
	recording->counts = *assembler_counts(assembler);
	side->lost = recording->counts.lost;
	return reading.err ?: err;
}
