// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>

#include "compare.h"
#include "screen.h"
#include "stage_stats.h"
#include "trace_live.h"
#include "trace_output.h"

#define REDRAW (TRACE_LIVE_SECONDS * 1000000000ull) /* ns */

struct trace_output {
	struct trace_output_options options;
	const struct catalog *catalog;
	struct trace_header header;
	struct trace_json *json;
	struct stage_stats *stats;
	struct comparison *comparison;
	__u64 printed;
	struct trace_live *live; /* the screen of stats */
	struct assemble_counts counts;
	__u64 drawn;  /* ns: when */
	char *newest; /* live: the text of one of the newest pings; NULL: none since `drawn` */
	char *shown;  /* and the one on the screen */
};

struct trace_output *trace_output_new(const struct trace_output_options *options,
				      const struct catalog *catalog,
				      bool (*has_function)(void *data, const char *name),
				      void *data)
{
	struct trace_output *output = calloc(1, sizeof(*output));

	if (!output)
		return NULL;
	output->options = *options;
	output->catalog = catalog;
	if (options->json)
		output->json = render_trace_json_new(stdout, catalog);
	if (options->stats)
		output->stats = stage_stats_new();
	if (options->stats && options->live)
		output->live = calloc(1, sizeof(*output->live));
	if (options->compare)
		output->comparison = compare_new(has_function, data);
	if ((options->json && !output->json) || (options->stats && !output->stats) ||
	    (options->stats && options->live && !output->live) ||
	    (options->compare && !output->comparison)) {
		trace_output_free(output);
		return NULL;
	}
	return output;
}

void trace_output_free(struct trace_output *output)
{
	if (!output)
		return;
	free(output->newest);
	free(output->shown);
	free(output->live);
	if (output->json)
		render_trace_json_free(output->json);
	if (output->stats)
		stage_stats_free(output->stats);
	if (output->comparison)
		compare_free(output->comparison);
	free(output);
}

void trace_output_header(struct trace_output *output, const struct trace_header *header)
{
	output->header = *header;
	exports_header(output->options.exports, header);
	if (output->json)
		render_trace_json_header(output->json, header);
	else if (!output->options.live && !output->options.silent)
		render_trace_header_text(stdout, header, &output->options.view);
	fflush(stdout);
}

static bool is_slow(const struct ping *ping, const struct budget *budget, __u64 limit)
{
	if (ping->last - ping->first >= limit)
		return true;
	for (size_t i = 0; i < budget->count; i++)
		if (budget->spans[i].ns >= limit)
			return true;
	return false;
}

static void compare_ping(struct trace_output *output, const struct ping *ping)
{
	struct frames frames = {};

	if (!frames_make(ping, output->catalog, &frames))
		compare_add(output->comparison, ping, &frames);
	frames_free(&frames);
}

/* One a redraw: under a flood there is no time for the text of each. */
static void keep_newest(struct trace_output *output, const struct ping *ping)
{
	struct trace_view view = output->options.view;
	size_t size;
	FILE *out;

	if (output->newest)
		return;
	out = open_memstream(&output->newest, &size);
	if (!out)
		return;
	view.width = screen_columns();
	render_trace_ping_text(out, ping, output->catalog, &view);
	fclose(out);
}

void trace_output_ping(void *data, const struct ping *ping)
{
	struct trace_output *output = data;
	struct budget budget;

	if (trace_output_done(output))
		return;
	if (output->options.slow || output->stats)
		stages_budget(ping, &budget);
	if (output->options.slow && !is_slow(ping, &budget, output->options.slow))
		return;
	output->printed++;
	exports_ping(output->options.exports, ping);
	if (output->options.silent)
		return;
	if (output->comparison)
		compare_ping(output, ping);
	if (output->stats)
		stage_stats_add(output->stats, ping, &budget);
	if (output->live)
		trace_live_ping(output->live, ping, &budget);
	if (output->stats)
		return;
	if (output->json)
		render_trace_json_ping(output->json, ping);
	else if (output->options.live)
		keep_newest(output, ping);
	else
		render_trace_ping_text(stdout, ping, output->catalog, &output->options.view);
}

void trace_output_render(FILE *out, void *data)
{
	struct trace_output *output = data;
	struct trace_view view = output->options.view;

	view.width = screen_columns();
	render_trace_header_text(out, &output->header, &view);
	if (output->options.top)
		output->options.top(out, output->options.top_data);
	render_trace_end_text(out, &output->counts, &view);
	if (output->live) {
		fputc('\n', out);
		render_trace_live_text(out, output->live, output->header.epoch, &view);
		fputc('\n', out);
	}
	if (output->stats)
		render_stage_stats_text(out, output->stats, view.width, view.colour);
	if (output->newest) {
		free(output->shown);
		output->shown = output->newest;
		output->newest = NULL;
	}
	if (output->shown)
		fprintf(out, "\n%s", output->shown);
}

static void draw(struct trace_output *output, __u64 now, const struct assemble_counts *counts)
{
	if (output->live)
		trace_live_sample(output->live, output->drawn ? (now - output->drawn) / 1e9 : 0);
	output->drawn = now;
	output->counts = *counts;
	screen_draw();
}

void trace_output_tick(struct trace_output *output, __u64 now, const struct assemble_counts *counts)
{
	if (output->options.live && now - output->drawn >= REDRAW)
		draw(output, now, counts);
	fflush(stdout);
}

void trace_output_end(struct trace_output *output, const struct assemble_counts *counts)
{
	const struct trace_view *view = &output->options.view;

	exports_end(output->options.exports, counts);
	if (output->options.silent)
		return;
	if (output->options.live) /* it went with the screen */
		render_trace_header_text(stdout, &output->header, view);
	if (output->options.top && !output->json)
		output->options.top(stdout, output->options.top_data);
	if (output->stats && output->json)
		render_stage_stats_json(stdout, output->stats);
	else if (output->stats)
		render_stage_stats_text(stdout, output->stats, view->width, view->colour);
	if (output->comparison && output->json)
		render_compare_json(stdout, output->comparison);
	else if (output->comparison)
		render_compare_text(stdout, output->comparison, view);
	if (output->json)
		render_trace_json_end(output->json, counts);
	else
		render_trace_end_text(stdout, counts, view);
	fflush(stdout);
}

bool trace_output_done(const struct trace_output *output)
{
	return ferror(stdout) || exports_failed(output->options.exports) ||
	       (output->options.count && output->printed >= output->options.count);
}
