// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "cmd.h"
#include "cmd_screen.h"
#include "filter.h"
#include "log.h"
#include "opts.h"
#include "screen.h"
#include "cmd_trace_run.h"
#include "util.h"

#define SECOND 1000000000ull
#define MS     1000000ull

enum {
	OPT_HOST = 256,
	OPT_ID,
	OPT_SEQ,
	OPT_TYPE,
	OPT_DEV,
	OPT_NETNS,
	OPT_PID,
	OPT_UDP,
	OPT_BACKEND,
	OPT_STACKS,
	OPT_GRAPH,
	OPT_EXPLAIN,
	OPT_COMPARE,
	OPT_STATS,
	OPT_SLOW,
	OPT_RECORD,
	OPT_REPLAY,
	OPT_PING,
	OPT_NO_COLOUR,
	OPT_PLAIN,
	OPT_TIMEOUT,
};

/* clang-format off */
static const struct argp_option options[] = {
	{NULL, 0, NULL, 0, "Which pings (all of these together; the kernel leaves out the others):", 1},
	{"host", OPT_HOST, "HOST", 0, "to or from it; may be given again, up to 8 addresses", 1},
	{"id", OPT_ID, "ID", 0, "with this echo identifier", 1},
	{"seq", OPT_SEQ, "A[-B]", 0, "with these sequence numbers", 1},
	{"type", OPT_TYPE, "echo|reply|error", 0, "echo requests, replies or ICMP errors; may be given again", 1},
	{"dev", OPT_DEV, "DEVICE", 0, "that pass this device (of --netns)", 1},
	{"netns", OPT_NETNS, "NETNS", 0, "that pass this network namespace: a name, a PID or a path", 1},
	{"pid", OPT_PID, "PID", 0, "that this process or its children send or receive", 1},
	{"udp", OPT_UDP, "PORT", 0, "not pings: UDP datagrams from or to this port, and ICMP errors about them", 1},
	{NULL, 0, NULL, 0, "Sending pings:", 2},
	{"ping", OPT_PING, "HOST", 0, "icmpx sends the pings itself; without the privilege to trace, too", 2},
	{"interval", 'i', "SECONDS", 0, "between pings (1)", 2},
	{"size", 's', "BYTES", 0, "of data behind the ICMP header (56)", 2},
	{NULL, 0, NULL, 0, "When to end (else with COMMAND, or with Ctrl-C):", 3},
	{"count", 'c', "N", 0, "after N pings", 3},
	{"timeout", OPT_TIMEOUT, "SECONDS", 0, "how long to wait for a reply (10)", 3},
	{NULL, 0, NULL, 0, "What to show:", 4},
	{"explain", OPT_EXPLAIN, NULL, 0, "what each function does", 4},
	{"graph", OPT_GRAPH, NULL, 0, "an indented tree, with durations (backend fn)", 4},
	{"compare", OPT_COMPARE, NULL, 0, "at the end, the documented paths against the live one", 4},
	{"stats", OPT_STATS, NULL, 0, "no single pings, but the time of each stage over all", 4},
	{"slow", OPT_SLOW, "TIME", 0, "only pings that take TIME (200us) or more, or have such a stage", 4},
	{"plain", OPT_PLAIN, NULL, 0, "with --stats: no full screen, only the numbers at the end", 4},
	{"no-colour", OPT_NO_COLOUR, NULL, 0, "no colours on a terminal", 4},
	{"no-color", OPT_NO_COLOUR, NULL, OPTION_ALIAS, NULL, 4},
	{NULL, 0, NULL, 0, "Files:", 5},
	{"output", 'o', "FORMAT=FILE", 0, "write the pings to FILE, too: pcapng, perfetto, chrome, folded or ndjson; may be given again", 5},
	{"record", OPT_RECORD, "FILE", 0, "write what is seen to FILE, too", 5},
	{"replay", OPT_REPLAY, "FILE", 0, "show a recording; needs no privilege", 5},
	{NULL, 0, NULL, 0, "How to trace:", 6},
	{"backend", OPT_BACKEND, "auto|tp|fn", 0, "tracepoints, kernel functions too, or what works here (auto)", 6},
	{"stacks", OPT_STACKS, "paths|always|never", 0, "when to take the call path to a probe: once a path (paths), always or never", 6},
	{},
};
/* clang-format on */

struct args {
	struct common common;
	struct trace_job job;
	const char *device, *netns;
	__u32 pid;
	bool no_colour, plain;
	bool pinging; /* an option that makes sense with --ping alone was given */
};

static __u64 option_time(struct argp_state *state, const char *option, const char *arg, __u64 unit)
{
	__u64 ns = 0;

	if (parse_time(arg, unit, &ns))
		option_refuse(state, STATUS_USAGE, "%s: '%s' is no time%s, as 200us, 1.5ms", option,
			      arg, unit ? " up to a day" : " with a unit");
	return ns;
}

static void check_filter(struct argp_state *state, int err, const char *why)
{
	if (err)
		option_refuse(state, STATUS_USAGE, "%s", why);
}

static error_t parse_filter(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;
	struct icmpx_filter *filter = &args->job.tracer.filter;
	char why[256];

	switch (key) {
	case OPT_HOST:
		check_filter(state, filter_add_host(filter, arg, why, sizeof(why)), why);
		break;
	case OPT_ID:
		filter->id = option_number(state, "--id", arg, 0, 65535);
		filter->id_set = 1;
		break;
	case OPT_SEQ:
		if (parse_span(arg, &filter->seq_min, &filter->seq_max))
			option_refuse(state, STATUS_USAGE,
				      "--seq: '%s' is not A or A-B, 0 to 65535", arg);
		filter->seq_set = 1;
		break;
	case OPT_TYPE:
		check_filter(state, filter_add_type(filter, arg, why, sizeof(why)), why);
		break;
	case OPT_DEV:
		args->device = arg;
		break;
	case OPT_NETNS:
		args->netns = arg;
		break;
	case OPT_PID:
		args->pid = option_number(state, "--pid", arg, 1, 1 << 22);
		break;
	case OPT_UDP:
		filter->udp_port = option_number(state, "--udp", arg, 1, 65535);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static error_t parse_sending(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;
	struct trace_job *job = &args->job;

	switch (key) {
	case OPT_PING:
		job->ping.host = arg;
		break;
	case 'c':
		job->ping.count = option_number(state, "--count", arg, 1, 1000000000);
		break;
	case 'i':
		job->ping.interval = option_time(state, "--interval", arg, SECOND);
		args->pinging = true;
		break;
	case 's':
		job->ping.size = option_number(state, "--size", arg, 0, 65507);
		args->pinging = true;
		break;
	case OPT_TIMEOUT:
		job->timeout = option_time(state, "--timeout", arg, SECOND);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void add_export(struct argp_state *state, struct trace_job *job, const char *arg)
{
	char why[256];
	int err;

	if (job->export_count == ARRAY_SIZE(job->exports))
		option_refuse(state, STATUS_USAGE, "--output: at most %d", EXPORTS_MAX);
	err = export_parse(arg, &job->exports[job->export_count], why, sizeof(why));
	if (err)
		option_refuse(state, err == -EOPNOTSUPP ? STATUS_CANNOT : STATUS_USAGE,
			      "--output: %s", why);
	job->export_count++;
}

static error_t parse_output(int key, char *arg, struct argp_state *state)
{
	static const char *const backends[] = {"auto", "tp", "fn", NULL};
	static const char *const stacks[] = {"paths", "always", "never", NULL};
	struct args *args = state->input;
	struct trace_job *job = &args->job;

	switch (key) {
	case OPT_EXPLAIN:
		job->output.view.explain = true;
		break;
	case OPT_GRAPH:
		job->output.view.graph = job->tracer.graph = true;
		break;
	case OPT_COMPARE:
		job->output.compare = true;
		break;
	case OPT_STATS:
		job->output.stats = true;
		break;
	case OPT_SLOW:
		job->output.slow = option_time(state, "--slow", arg, 0);
		break;
	case OPT_NO_COLOUR:
		args->no_colour = true;
		break;
	case OPT_PLAIN:
		args->plain = true;
		break;
	case OPT_BACKEND:
		job->tracer.backend = option_enum(state, "--backend", arg, backends);
		break;
	case OPT_STACKS:
		job->tracer.stacks = option_enum(state, "--stacks", arg, stacks);
		break;
	case 'o':
		add_export(state, job, arg);
		break;
	case OPT_RECORD:
		job->record = arg;
		break;
	case OPT_REPLAY:
		job->replay = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void check_exports(const struct trace_job *job, bool json, struct argp_state *state)
{
	int twice = export_twice(job->exports, job->export_count);

	if (twice >= 0)
		option_refuse(state, STATUS_USAGE, "--output: '%s' twice",
			      job->exports[twice].path);
	if (export_takes_stdout(job->exports, job->export_count) &&
	    (json || job->output.stats || job->output.compare))
		option_refuse(state, STATUS_USAGE,
			      "--output FORMAT=- leaves no place for --json, --stats, --compare");
}

/* What contradicts itself. */
static void check_args(const struct args *args, struct argp_state *state)
{
	const struct trace_job *job = &args->job;
	const struct icmpx_filter *filter = &job->tracer.filter;

	if (job->replay && (job->ping.host || job->command || job->record || args->pid ||
			    args->device || args->netns))
		option_refuse(
			state, STATUS_USAGE,
			"--replay goes with --host, --id, --seq, --type and what shows alone");
	if (job->ping.host &&
	    (job->command || args->pid || filter->udp_port || filter->id_set || filter->host_count))
		option_refuse(state, STATUS_USAGE,
			      "--ping chooses its own pings: without a "
			      "command, --pid, --host, --id, --udp");
	if (args->pinging && !job->ping.host)
		option_refuse(state, STATUS_USAGE, "--interval and --size want --ping HOST");
	if (filter->udp_port && (filter->kinds || filter->id_set || filter->seq_set))
		option_refuse(state, STATUS_USAGE,
			      "--udp does not go with --type, --id, --seq: those are of ICMP");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;
	error_t ret;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->common;
		return 0;
	case ARGP_KEY_END:
		if (args->common.count)
			args->job.command = args->common.interfaces;
		if (args->common.count && !state->quoted &&
		    !strcmp(*args->common.interfaces, "merge"))
			option_refuse(state, STATUS_USAGE,
				      "merge comes first: icmpx trace merge [OPTION...] A B");
		check_args(args, state);
		check_exports(&args->job, args->common.json, state);
		return 0;
	default:
		ret = parse_filter(key, arg, state);
		if (ret == ARGP_ERR_UNKNOWN)
			ret = parse_sending(key, arg, state);
		return ret == ARGP_ERR_UNKNOWN ? parse_output(key, arg, state) : ret;
	}
}

const struct argp trace_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[[--] COMMAND [ARG...]]",
	.doc = "Show which kernel functions pings go through, from system call to system call, "
	       "request and reply joined, and the time spent at each stage.\n"
	       "\n"
	       "  icmpx trace                          all pings of this machine, until Ctrl-C\n"
	       "  icmpx trace --host 192.0.2.1         those to and from one host\n"
	       "  icmpx trace -- ping -c 3 192.0.2.1   those of a command, until it ends\n"
	       "  icmpx trace --ping 192.0.2.1 -c 3    pings that icmpx sends itself\n"
	       "  icmpx trace --replay FILE            a recording\n"
	       "  icmpx trace merge A B                the recordings of two machines\v"
	       "Examples:\n"
	       "  icmpx trace --host 192.0.2.1 --slow 5ms --explain\n"
	       "      only slow pings, with what each function does\n"
	       "  icmpx trace --stats --netns blue\n"
	       "      where the time goes in one network namespace, as a full screen\n"
	       "  icmpx trace --record ping.rec -o pcapng=ping.pcapng -- ping -c 5 192.0.2.1\n"
	       "      keep a trace for later, and for Wireshark",
	.children = common_children,
};

/* What needs the system: names of namespaces and devices. */
static int complete(struct args *args)
{
	struct trace_job *job = &args->job;
	struct icmpx_filter *filter = &job->tracer.filter;
	char why[256];
	int err = 0;

	if (args->netns)
		err = filter_set_netns(filter, args->netns, why, sizeof(why));
	if (!err && args->device)
		err = filter_set_device(filter, args->netns, args->device, why, sizeof(why));
	if (err) {
		report("%s", why);
		return STATUS_FAILED;
	}
	if (job->replay && !filter->kinds && !filter->udp_port)
		filter->kinds = (1 << ICMPX_KIND_MAX) - 1; /* UDP too: all that was recorded */
	filter_complete(filter);
	job->follow = args->pid;
	job->verbose = args->common.verbose;
	job->output.json = args->common.json;
	job->output.silent = export_takes_stdout(job->exports, job->export_count);
	if (!job->ping.host)
		job->output.count = job->ping.count;
	job->ping.wait = job->timeout ?: 10 * SECOND;
	return STATUS_DONE;
}

void cmd_trace_view(struct trace_view *view, bool no_colour, bool verbose)
{
	view->colour = !no_colour && cmd_has_colour();
	view->verbose = verbose;
	view->width = screen_columns();
	view->ascii = cmd_is_ascii();
}

int cmd_trace(int argc, char **argv)
{
	struct args args = {
		.job.ping = {.interval = SECOND, .size = 56, .family = AF_UNSPEC},
	};
	int status;

	cmd_parse(&trace_argp, argc, argv, ARGP_IN_ORDER, &args);
	log_setup(false); /* -v is about hops here */
	status = complete(&args);
	if (status)
		return status;
	cmd_trace_view(&args.job.output.view, args.no_colour, args.common.verbose);
	args.job.output.live = args.job.output.stats && !args.job.replay && !args.common.json &&
			       !args.plain && cmd_screen_wanted();
	return args.job.replay ? trace_replay(&args.job) : trace_run(&args.job);
}
