/* SPDX-License-Identifier: GPL-2.0-only */
/* `trace merge` as text for people and as NDJSON (docs/trace-schema.md). Pure functions of data. */
#ifndef ICMPX_RENDER_MERGE_H
#define ICMPX_RENDER_MERGE_H

#include <stdio.h>

#include "merge_read.h"
#include "merge_stages.h"
#include "render_trace.h"

struct merge_text {
	FILE *out;
	const struct merge *merge;
	const struct merge_recording *recordings; /* MACHINE_MAX of them */
	const struct trace_view *view;
};

void render_merge_header_text(const struct merge_text *text);
void render_merge_ping_text(const struct merge_text *text, const struct merged *merged);
void render_merge_end_text(const struct merge_text *text);

/* The largest error of the one-way times; false: some are not known at all. */
bool render_merge_error(const struct merge *merge, __u64 *ns);

struct merge_json;

/* NULL: out of memory. */
struct merge_json *render_merge_json_new(FILE *out, const struct merge *merge,
					 const struct merge_recording *recordings);
void render_merge_json_header(struct merge_json *json);
void render_merge_json_ping(struct merge_json *json, const struct merged *merged);
void render_merge_json_end(struct merge_json *json);
void render_merge_json_free(struct merge_json *json);

#endif
