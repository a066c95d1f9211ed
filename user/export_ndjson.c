// SPDX-License-Identifier: GPL-2.0-only
/* As --json: docs/trace-schema.md. */
#include "export.h"
#include "render_trace.h"

static void *open_json(FILE *out, const struct catalog *catalog)
{
	return render_trace_json_new(out, catalog);
}

static int put_header(void *state, const struct trace_header *header)
{
	render_trace_json_header(state, header);
	return 0;
}

static int put_ping(void *state, const struct ping *ping)
{
	render_trace_json_ping(state, ping);
	return 0;
}

static int put_end(void *state, const struct assemble_counts *counts)
{
	render_trace_json_end(state, counts);
	return 0;
}

static void close_json(void *state)
{
	render_trace_json_free(state);
}

const struct export_format export_ndjson = {
	.name = "ndjson",
	.open = open_json,
	.header = put_header,
	.ping = put_ping,
	.end = put_end,
	.close = close_json,
};
