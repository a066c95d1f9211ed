// SPDX-License-Identifier: GPL-2.0-only
/* icmpx trace merge A B */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd.h"
#include "cmd_trace_run.h"
#include "opts.h"
#include "render_merge.h"
#include "render_trace_text.h"
#include "stage_stats.h"

enum {
	OPT_EXPLAIN = 256,
	OPT_STATS,
	OPT_NO_COLOUR,
};

/* clang-format off */
static const struct argp_option options[] = {
	{"explain", OPT_EXPLAIN, NULL, 0, "what each function does", 1},
	{"stats", OPT_STATS, NULL, 0, "no single pings, but the time of each stage over all", 1},
	{"no-colour", OPT_NO_COLOUR, NULL, 0, "no colours on a terminal", 1},
	{"no-color", OPT_NO_COLOUR, NULL, OPTION_ALIAS, NULL, 1},
	{"output", 'o', "FORMAT=FILE", OPTION_HIDDEN, NULL, 1},
	{},
};
/* clang-format on */

struct args {
	struct common common;
	bool explain, stats, no_colour;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->common;
		return 0;
	case OPT_EXPLAIN:
		args->explain = true;
		return 0;
	case OPT_STATS:
		args->stats = true;
		return 0;
	case OPT_NO_COLOUR:
		args->no_colour = true;
		return 0;
	case 'o':
		option_refuse(state, STATUS_USAGE,
			      "--output writes one recording: icmpx trace --replay A --output ...");
		return 0;
	case ARGP_KEY_END:
		if (args->common.count != MACHINE_MAX)
			option_refuse(state, STATUS_USAGE,
				      "two recordings are wanted: icmpx trace merge A B");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

const struct argp trace_merge_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "A B",
	.doc = "Join what two machines recorded of the same pings (icmpx trace --record FILE): "
	       "the whole path of each through both, how long it was on the wire there and back, "
	       "and where it was lost. How far their clocks are apart is estimated from the pings "
	       "themselves.\v"
	       "Examples:\n"
	       "  icmpx trace merge a.rec b.rec             each ping, through both machines\n"
	       "  icmpx trace merge --stats a.rec b.rec     the time of each stage, over all\n"
	       "  icmpx trace merge --json a.rec b.rec      for other programs",
	.children = common_children,
};

struct job {
	const struct args *args;
	struct merge merge;
	struct merge_recording recordings[MACHINE_MAX];
	struct trace_view view;
};

/* --- reading --------------------------------------------------------------------------- */

static bool is_one_file(char *const *paths)
{
	struct stat a, b;

	return !stat(paths[0], &a) && !stat(paths[1], &b) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino && S_ISREG(a.st_mode);
}

/* What is whole of a damaged one is used, but it is no success. */
static int read_one(struct job *job, int machine)
{
	struct merge_recording *recording = &job->recordings[machine];
	struct record_error error;
	int err;

	recording->path = job->args->common.interfaces[machine];
	recording->catalog = catalog_new();
	err = recording->catalog ? merge_read(recording, &job->merge.sides[machine], &error)
				 : -ENOMEM;
	if (err == -EBADMSG)
		report("%s: %s, at byte %llu", recording->path, error.text, error.offset);
	else if (err)
		report_error(recording->path, "cannot read", err);
	return err ? STATUS_FAILED : STATUS_DONE;
}

/* A copy of the file. */
static bool is_one_trace(const struct job *job)
{
	const struct merge_recording *a = &job->recordings[MACHINE_A];
	const struct merge_recording *b = &job->recordings[MACHINE_B];
	const struct merge_side *sides = job->merge.sides;

	return a->header.started == b->header.started && a->counts.events == b->counts.events &&
	       sides[MACHINE_A].epoch == sides[MACHINE_B].epoch &&
	       sides[MACHINE_A].started == sides[MACHINE_B].started &&
	       sides[MACHINE_A].ended == sides[MACHINE_B].ended;
}

/* --- showing ----------------------------------------------------------------------------- */

static int show_stats(const struct job *job, const struct merge_text *text)
{
	_cleanup_(stage_stats) struct stage_stats *stats = stage_stats_new();
	const struct merge *merge = &job->merge;
	struct trace_text words = {};
	struct merge_budget whole;
	struct budget budget;
	__u64 error;

	if (!stats)
		return -ENOMEM;
	for (size_t i = 0; i < merge->count; i++) {
		const struct merged *merged = &merge->list[i];

		merge_budget_make(merged, &whole);
		merge_budget_plain(&whole, &budget);
		stage_stats_add(stats, &merged->seen[merged->sender]->ping, &budget);
	}
	if (job->args->common.json) {
		render_stage_stats_json(stdout, stats);
		return 0;
	}
	if (render_merge_error(merge, &error))
		printf("one_way: each within %s of the truth; request and reply together exact\n\n",
		       render_trace_time(error, &words));
	render_stage_stats_text(text->out, stats, job->view.width, job->view.colour);
	return 0;
}

static int show_text(const struct job *job)
{
	const struct merge_text text = {stdout, &job->merge, job->recordings, &job->view};

	render_merge_header_text(&text);
	if (job->args->stats && show_stats(job, &text))
		return -ENOMEM;
	for (size_t i = 0; i < job->merge.count && !job->args->stats && !ferror(stdout); i++)
		render_merge_ping_text(&text, &job->merge.list[i]);
	render_merge_end_text(&text);
	return 0;
}

static int show_json(const struct job *job)
{
	struct merge_json *json = render_merge_json_new(stdout, &job->merge, job->recordings);
	int err = 0;

	if (!json)
		return -ENOMEM;
	render_merge_json_header(json);
	if (job->args->stats)
		err = show_stats(job, NULL);
	for (size_t i = 0; i < job->merge.count && !job->args->stats && !ferror(stdout); i++)
		render_merge_json_ping(json, &job->merge.list[i]);
	render_merge_json_end(json);
	render_merge_json_free(json);
	return err;
}

/* Why there is nothing to show. */
static const char *nothing_joined(const struct merge *merge)
{
	const struct merge_counts *counts = &merge->counts;

	if (counts->odd[MACHINE_A])
		return "the pings that they have in common contradict each other";
	if (counts->ambiguous[MACHINE_A])
		return "each ping may be several of the other's: identifiers and sequence numbers "
		       "come again";
	return "no ping went from one to the other in both";
}

/* status: of reading; why what was read is not enough has been said then. */
static int join(struct job *job, int status)
{
	int err;

	err = merge_join(&job->merge);
	if (err)
		return report_error("trace merge", "cannot join", err);
	if (!job->merge.counts.joined) {
		if (!status)
			report("trace merge: %s and %s: %s", job->recordings[MACHINE_A].path,
			       job->recordings[MACHINE_B].path, nothing_joined(&job->merge));
		return STATUS_FAILED;
	}
	err = job->args->common.json ? show_json(job) : show_text(job);
	return err ? report_error("trace merge", "cannot show", err) : status;
}

static int run(struct job *job)
{
	int status[MACHINE_MAX];

	if (is_one_file(job->args->common.interfaces)) {
		report("trace merge: A and B are one file");
		return STATUS_USAGE;
	}
	for (int i = 0; i < MACHINE_MAX; i++) {
		status[i] = read_one(job, i);
		if (!job->recordings[i].has_header)
			return status[i] ?: STATUS_FAILED;
	}
	if (is_one_trace(job)) {
		report("trace merge: A and B are the same trace");
		return STATUS_USAGE;
	}
	return join(job, status[MACHINE_A] ?: status[MACHINE_B]);
}

int cmd_trace_merge(int argc, char **argv)
{
	struct args args = {};
	struct job job = {.args = &args};
	int status;

	cmd_parse(&trace_merge_argp, argc, argv, 0, &args);
	cmd_trace_view(&job.view, args.no_colour, args.common.verbose);
	job.view.explain = args.explain;
	status = run(&job);
	merge_destroy(&job.merge);
	for (int i = 0; i < MACHINE_MAX; i++)
		if (job.recordings[i].catalog)
			catalog_free(job.recordings[i].catalog);
	return status;
}
