// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "cmd.h"
#include "cmd_screen.h"
#include "format.h"
#include "log.h"
#include "opts.h"
#include "render_watch.h"
#include "screen.h"
#include "stats.h"
#include "util.h"

#define INTERVAL_MAX 3600

enum { OPT_PLAIN = 256 };

static const struct argp_option options[] = {
	{"watch", 'w', "SECONDS", OPTION_ARG_OPTIONAL,
	 "go on, with rates, every SECONDS (1) until Ctrl-C", 0},
	{"plain", OPT_PLAIN, NULL, 0, "with --watch: no full screen on a terminal", 0},
	{"per-cpu", 'c', NULL, 0, "each processor's share too", 0},
	{},
};

struct args {
	struct common common;
	unsigned int interval; /* seconds; 0: once */
	bool per_cpu, plain;
};

/* An optional value of a long option goes with "=" alone; `--watch 5` is what
 * people write, so a number behind it is taken. */
static const char *optional_number(struct argp_state *state, const char *arg)
{
	const char *next = state->argv[state->next];

	if (arg || !next || !isdigit((unsigned char)*next))
		return arg;
	state->next++;
	return next;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;
	const char *number;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->common;
		break;
	case 'w':
		number = optional_number(state, arg) ?: "1";
		args->interval = option_number(state, "--watch", number, 1, INTERVAL_MAX);
		break;
	case 'c':
		args->per_cpu = true;
		break;
	case OPT_PLAIN:
		args->plain = true;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp stats_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[IFACE...]",
	.doc = "Show what became of the frames (verdicts), what the learner made of the kernel's "
	       "replies (lessons), and how many pings icmpx and the kernel have answered. What "
	       "never happened is shown with -v.\v"
	       "Examples:\n"
	       "  icmpx stats eth0             the counters of one interface\n"
	       "  icmpx stats --watch eth0     a full screen with rates, until q\n"
	       "  icmpx stats --watch=5 --plain --json\n"
	       "      one JSON object every 5 seconds",
	.children = common_children,
};

static struct stats_view view_of(const struct args *args)
{
	return (struct stats_view){
		.per_cpu = args->per_cpu,
		.zeros = args->common.verbose,
		.rates = args->interval,
		.oneline = args->interval,
	};
}

static void render(FILE *out, const struct args *args, const struct stats *stats)
{
	const struct stats_view view = view_of(args);
	struct text when;

	if (args->common.json) {
		render_stats_json(out, stats, &view);
		return;
	}
	if (args->interval)
		fprintf(out, "%s, every %u s\n\n", format_time(stats->taken, &when),
			args->interval);
	if (!stats->count)
		fputs("icmpx is attached nowhere in this network namespace\n\n", out);
	render_stats_text(out, stats, &view);
}

struct watching {
	const struct args *args;
	struct watch watch;
	bool live;
};

static void render_round(FILE *out, void *data)
{
	const struct watching *watching = data;
	struct stats_view view = view_of(watching->args);

	if (!watching->live) {
		render(out, watching->args, &watching->watch.stats);
		if (!watching->args->common.json)
			fputc('\n', out); /* between blocks */
		return;
	}
	view.details = true;
	view.bold = cmd_has_colour();
	view.width = screen_columns();
	render_watch_text(out, &watching->watch, &view);
}

static int read_round(struct watching *watching, struct refusal *why)
{
	const struct args *args = watching->args;
	struct stats *stats = &watching->watch.stats;
	int err = stats_read(args->common.interfaces, args->common.count, stats, why);

	if (!err && watching->live) {
		stats_read_leases(stats);
		watch_sample(&watching->watch);
	}
	return err;
}

static int watch(const struct args *args)
{
	struct watching watching = {
		.args = args,
		.live = !args->common.json && !args->plain && cmd_screen_wanted(),
		.watch = {.interval = args->interval, .ascii = cmd_is_ascii()},
	};
	const struct screen_source source = {render_round, &watching};
	struct utsname system = {};
	struct refusal why;
	int err;

	uname(&system);
	watching.watch.kernel = system.release;
	err = read_round(&watching, &why);
	if (!err) {
		screen_open(watching.live, &source);
		while (!err && screen_draw() && screen_wait(args->interval))
			err = read_round(&watching, &why);
		screen_close();
	}
	stats_free(&watching.watch.stats);
	if (err)
		report("%s", why.text);
	return err ? STATUS_FAILED : STATUS_DONE;
}

int cmd_stats(int argc, char **argv)
{
	struct args args = {};
	struct stats stats = {};
	struct refusal why;
	int err;

	cmd_parse(&stats_argp, argc, argv, 0, &args);
	log_setup(false); /* -v is about rows here */
	if (args.interval)
		return watch(&args);
	err = stats_read(args.common.interfaces, args.common.count, &stats, &why);
	if (err)
		report("%s", why.text);
	else
		render(stdout, &args, &stats);
	stats_free(&stats);
	return err ? STATUS_FAILED : STATUS_DONE;
}
