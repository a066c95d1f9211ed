/* SPDX-License-Identifier: GPL-2.0-only */
/* A trace as text for people and as NDJSON. Pure functions of data. */
#ifndef ICMPX_RENDER_TRACE_H
#define ICMPX_RENDER_TRACE_H

#include <stdio.h>

#include "assemble.h"
#include "catalog.h"
#include "frames.h"
#include "stages.h"

struct trace_view {
	bool colour;
	bool ascii;   /* no UTF-8: the locale's characters are others */
	bool explain; /* --explain: what each function does */
	bool verbose; /* frees and other hops beside the packet's way too; CPU, namespace of each */
	bool graph;   /* --graph: an indented tree with durations */
	unsigned int width; /* of the terminal, in columns; 0: 80 */
};

void render_trace_header_text(FILE *out, const struct trace_header *header,
			      const struct trace_view *view);
void render_trace_ping_text(FILE *out, const struct ping *ping, const struct catalog *catalog,
			    const struct trace_view *view);
/* What is to be said at the end: how many, lost, incomplete. */
void render_trace_end_text(FILE *out, const struct assemble_counts *counts,
			   const struct trace_view *view);

/* NDJSON, one object a line: docs/trace-schema.md. The call path of a hop is written once,
 * as an object of its own, before the first ping that refers to it. */
struct trace_json;

struct trace_json *render_trace_json_new(FILE *out, const struct catalog *catalog);
void render_trace_json_header(struct trace_json *json, const struct trace_header *header);
void render_trace_json_ping(struct trace_json *json, const struct ping *ping);
/* The same without its hops: they count as left out. */
void render_trace_json_brief(struct trace_json *json, const struct ping *ping);
void render_trace_json_end(struct trace_json *json, const struct assemble_counts *counts);
void render_trace_json_free(struct trace_json *json);

#endif
