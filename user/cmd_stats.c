// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cmd.h"
#include "format.h"
#include "log.h"
#include "opts.h"
#include "render.h"
#include "screen.h"
#include "select.h"
#include "util.h"

#define INTERVAL_MAX 3600

static const struct argp_option options[] = {
	{"watch", 'w', "SECONDS", OPTION_ARG_OPTIONAL,
	 "go on, with rates, every SECONDS (1) until Ctrl-C", 0},
	{"per-cpu", 'c', NULL, 0, "each processor's share too", 0},
	{},
};

struct args {
	struct common common;
	unsigned int interval; /* seconds; 0: once */
	bool per_cpu;
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
	       "never happened is shown with -v.",
	.children = common_children,
};

static void stats_free(struct stats *stats)
{
	for (size_t i = 0; i < stats->count; i++) {
		free(stats->interfaces[i].now);
		free(stats->interfaces[i].before);
	}
	free(stats->interfaces);
	*stats = (struct stats){};
}

/* The counters of the round before become this round's `before`. */
static struct counters *take_before(struct stats *last, __u32 ifindex)
{
	for (size_t i = 0; i < last->count; i++) {
		struct stats_interface *interface = &last->interfaces[i];
		struct counters *counters = interface->now;

		if (interface->attachment.dir.ifindex != ifindex)
			continue;
		interface->now = NULL;
		return counters;
	}
	return NULL;
}

/* An interface that is detached between the list and the look is left out. */
static int read_interfaces(const struct args *args, const struct attachment *list, size_t count,
			   struct stats *last, struct stats *stats, struct refusal *why)
{
	stats->interfaces = calloc(count ?: 1, sizeof(*stats->interfaces));
	if (!stats->interfaces)
		return select_refuse(why, "stats", "cannot read", -ENOMEM);
	for (size_t i = 0; i < count; i++) {
		struct stats_interface *interface = &stats->interfaces[stats->count];
		int err = counters_read(&list[i].dir, &interface->now);

		if (err == -ENOENT)
			continue;
		if (err)
			return select_refuse(why, list[i].ifname, "cannot read its counters", err);
		interface->attachment = list[i];
		interface->shown =
			select_has(args->common.interfaces, args->common.count, &list[i]);
		interface->before = take_before(last, list[i].dir.ifindex);
		stats->count++;
	}
	return 0;
}

/* The kernel's counters, beside those of the round before. */
static int read_kernel(const struct stats *last, struct stats *stats)
{
	struct timespec now;
	int err = snmp_read(&stats->kernel);

	clock_gettime(CLOCK_MONOTONIC, &now);
	stats->kernel_taken = now.tv_sec + now.tv_nsec / 1e9;
	if (last->kernel_taken > 0) {
		stats->kernel_before = last->kernel;
		stats->seconds = stats->kernel_taken - last->kernel_taken;
	}
	return err;
}

/* One round; `stats` holds the last one's. On failure *why says why. */
static int collect(const struct args *args, struct stats *stats, struct refusal *why)
{
	_cleanup_(free) struct attachment *list = NULL;
	struct stats last = *stats;
	size_t count;
	int err;

	*stats = (struct stats){.taken = time(NULL)};
	err = select_attached(args->common.interfaces, args->common.count, &list, &count, why);
	if (!err)
		err = read_interfaces(args, list, count, &last, stats, why);
	if (!err) {
		err = read_kernel(&last, stats);
		if (err)
			select_refuse(why, "/proc/net/snmp", "cannot read", err);
	}
	stats_free(&last);
	return err;
}

static void render(FILE *out, const struct args *args, const struct stats *stats)
{
	const struct stats_view view = {
		.per_cpu = args->per_cpu,
		.zeros = args->common.verbose,
		.rates = args->interval,
		.oneline = args->interval,
	};
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

static bool show(const struct args *args, const struct stats *stats, bool live)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool shown;

	if (!out)
		return false;
	render(out, args, stats);
	if (!args->common.json && !live)
		fputc('\n', out); /* between blocks */
	fclose(out);
	shown = screen_show(text);
	free(text);
	return shown;
}

static int watch(const struct args *args)
{
	bool live = !args->common.json && screen_is_live();
	struct stats stats = {};
	struct refusal why;
	int err = collect(args, &stats, &why);

	if (!err) {
		screen_open(live);
		while (!err && show(args, &stats, live) && screen_wait(args->interval))
			err = collect(args, &stats, &why);
		screen_close();
	}
	stats_free(&stats);
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

	if (argp_parse(&stats_argp, argc, argv, 0, NULL, &args))
		return STATUS_USAGE;
	log_setup(false); /* -v is about rows here */
	if (args.interval)
		return watch(&args);
	err = collect(&args, &stats, &why);
	if (err)
		report("%s", why.text);
	else
		render(stdout, &args, &stats);
	stats_free(&stats);
	return err ? STATUS_FAILED : STATUS_DONE;
}
