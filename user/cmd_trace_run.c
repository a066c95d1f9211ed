// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "caps.h"
#include "child.h"
#include "clock.h"
#include "cmd.h"
#include "filter.h"
#include "path_edges.h"
#include "private_file.h"
#include "record.h"
#include "screen.h"
#include "suggest.h"
#include "tracer_names.h"
#include "cmd_trace_run.h"

#define OUTPUT_BYTES (256 << 10)

#define READ_MS   10             /* how often the ring buffer is emptied */
#define REORDER   (50 * 1000000) /* ns, with several rings */
#define READ_NICE (-10)
#define SETTLE    (50 * 1000000) /* ns that are waited for what is still under way at the end */

struct run {
	const struct trace_job *job;
	struct catalog *catalog;
	struct tracer *tracer;
	struct pinger *pinger;
	struct child child;
	struct record_writer *writer;
	struct assembler *assembler;
	struct trace_output *output;
	struct exports *exports;
	struct trace_header header;
	bool pinger_done;
	int record_error;
};

static void take_event(void *data, const struct icmpx_event *event)
{
	struct run *run = data;

	if (run->writer && !run->record_error)
		run->record_error = record_event(run->writer, event);
	assembler_event(run->assembler, event);
}

static int take_traced(void *data, const struct icmpx_event *event)
{
	take_event(data, event);
	return 0;
}

/* Its own pings alone are then of interest. */
static int open_pinger(struct run *run, struct tracer_options *options)
{
	struct icmpx_filter *filter = &options->filter;
	struct icmpx_packet packet;
	char why[256];
	int err;

	if (!run->job->ping.host)
		return STATUS_DONE;
	err = pinger_open(&run->job->ping, &run->pinger, why, sizeof(why));
	if (err) {
		report("%s", why);
		return STATUS_FAILED;
	}
	pinger_address(run->pinger, &packet);
	filter->id_set = 1;
	filter->id = __builtin_bswap16(packet.id);
	memcpy(filter->hosts[0], packet.destination, 16);
	filter->host_family[0] = packet.family;
	filter->host_count = 1;
	return STATUS_DONE;
}

static int open_command(struct run *run, struct tracer_options *options)
{
	enum child_output output = CHILD_AS_ICMPX;
	int err;

	options->filter.by_task = run->job->command || run->job->follow;
	if (!run->job->command)
		return STATUS_DONE;
	if (run->job->output.live)
		output = CHILD_KEPT;
	else if (run->job->output.json || run->job->output.silent)
		output = CHILD_TO_STDERR;
	err = child_prepare(run->job->command, output, &run->child);
	if (!err)
		return STATUS_DONE;
	return report_error(run->job->command[0], "cannot start it", err);
}

/* Without privilege own pings still have their time stamps. */
static void without_tracer(struct run *run, const char *why)
{
	struct trace_header *header = &run->header;
	struct icmpx_task self = {.tid = getpid(), .tgid = getpid(), .comm = "icmpx"};

	tracer_describe(header, &run->job->tracer);
	header->stacks = ICMPX_STACKS_NEVER;
	snprintf(header->backend, sizeof(header->backend), "none");
	snprintf(header->why, sizeof(header->why), "%.255s", why);
	tracer_names_task(run->catalog, &self);
}

static int open_tracer(struct run *run, const struct tracer_options *options)
{
	const char *missing = caps_missing(TASK_TRACE);
	char why[4096];
	int err;

	if (missing) {
		snprintf(why, sizeof(why), "tracing needs %s", missing);
		err = -EPERM;
	} else {
		err = tracer_open(options, run->catalog, &run->tracer, why, sizeof(why));
	}
	if (!err) {
		run->header = *tracer_header(run->tracer);
		if (options->graph && strcmp(run->header.backend, "fn") != 0)
			report("--graph: no durations: they want the backend fn, this is %s",
			       run->header.backend);
		return STATUS_DONE;
	}
	if (run->pinger && options->backend == BACKEND_AUTO) {
		why[strcspn(why, "\n")] = '\0';
		without_tracer(run, why);
		return STATUS_DONE;
	}
	report("trace: %s", why);
	return err == -EOPNOTSUPP || err == -ENOENT ? STATUS_CANNOT : STATUS_FAILED;
}

/* Before anything else: a file that cannot be written is to be known first. */
static int open_exports(struct run *run)
{
	const struct trace_job *job = run->job;
	char why[512];

	if (!exports_open(job->exports, job->export_count, run->catalog, job->replay ?: job->record,
			  &run->exports, why, sizeof(why)))
		return STATUS_DONE;
	report("%s", why);
	return STATUS_FAILED;
}

static int open_sinks(struct run *run)
{
	const struct trace_job *job = run->job;
	struct trace_output_options output = job->output;
	struct assemble_options options = {.timeout = job->timeout};
	int err;

	if (run->tracer && tracer_has_rings(run->tracer))
		options.reorder = REORDER;
	output.exports = run->exports;
	run->output = trace_output_new(&output, run->catalog,
				       run->tracer ? tracer_has_function : NULL, run->tracer);
	if (run->output)
		run->assembler = assembler_new(&options, trace_output_ping, run->output);
	if (!run->assembler)
		return report_error("trace", "cannot start", -ENOMEM);
	if (!job->record)
		return STATUS_DONE;
	err = record_create(job->record, &run->header, run->catalog, &run->writer);
	if (err)
		report("%s: cannot write: %s", job->record, private_file_error(err));
	return err ? STATUS_FAILED : STATUS_DONE;
}

static void report_times(const struct run *run)
{
	struct tracer_times times;

	if (!run->tracer || !run->job->verbose)
		return;
	tracer_times(run->tracer, &times);
	report("probes loaded in %.0f ms, attached in %.0f ms; symbols read in %.0f ms",
	       times.load / 1e6, times.attach / 1e6, times.symbols / 1e6);
}

/* Thousands of pings a second may go to a file; on a terminal each line is seen at once. */
static void buffer_output(void)
{
	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, NULL, _IOFBF, OUTPUT_BYTES);
}

/* What is not read in time is lost. Where that is not allowed, it is read as others run. */
static void read_before_others(void)
{
	setpriority(PRIO_PROCESS, 0, READ_NICE);
}

/* Before the first ping. */
static void take_header(struct run *run, const struct trace_header *header)
{
	catalog_set_edges(run->catalog, edges_of(header->kernel));
	trace_output_header(run->output, header);
}

/* What the command wrote meanwhile comes behind. */
static void leave_screen(struct run *run)
{
	screen_close();
	child_print(&run->child, stdout);
}

/* "icmpx trace merg A B" is a command, too. */
static int cannot_run(const char *command, int err)
{
	static const char *const merge[] = {"merge", NULL};
	struct suggestion near = {};

	if (err == -ENOENT)
		suggest(command, "trace ", merge, &near);
	if (!*near.text)
		return report_error(command, "cannot run it", err);
	report("%s: cannot run it: %s%s", command, strerror(-err), near.text);
	return STATUS_FAILED;
}

static int start(struct run *run)
{
	int err;

	take_header(run, &run->header);
	if (run->tracer && run->child.pid)
		tracer_follow(run->tracer, run->child.pid);
	if (run->tracer && run->job->follow)
		tracer_follow(run->tracer, run->job->follow);
	if (run->tracer) {
		read_before_others();
		tracer_start(run->tracer);
	}
	if (!run->child.pid)
		return STATUS_DONE;
	err = child_go(&run->child);
	if (!err)
		return STATUS_DONE;
	leave_screen(run);
	return cannot_run(run->job->command[0], err);
}

/* One round. Negative errno on failure. */
static int read_sources(struct run *run, __u64 *next)
{
	__u64 time = clock_now(); /* before reading: what happens meanwhile may be read in the next
				     round */
	int ret = 0;

	*next = time + READ_MS * 1000000ull;
	/* Before the pings' own events, which are newer. */
	if (run->tracer)
		ret = tracer_read(run->tracer, take_traced, run);
	if (!ret && run->pinger && !run->pinger_done) {
		ret = pinger_run(run->pinger, take_event, run, next);
		run->pinger_done = ret == 1;
	}
	if (ret < 0)
		return ret;
	child_read(&run->child);
	assembler_tick(run->assembler, time);
	trace_output_tick(run->output, time, assembler_counts(run->assembler));
	return 0;
}

static bool is_over(struct run *run)
{
	int status;

	if (trace_output_done(run->output) || run->record_error)
		return true;
	if (run->child.pid && child_ended(&run->child, &status))
		return true;
	return run->pinger && run->pinger_done;
}

static int wait_ms(__u64 next)
{
	__u64 time = clock_now();

	if (next <= time)
		return 0;
	return next - time > READ_MS * 1000000ull ? READ_MS : (next - time + 999999) / 1000000;
}

static int loop(struct run *run)
{
	struct pollfd fds[2] = {
		{.fd = run->child.pid ? run->child.pidfd : -1, .events = POLLIN},
		{.fd = run->pinger ? pinger_fd(run->pinger) : -1, .events = POLLIN},
	};
	__u64 next = 0, until = 0;
	int err;

	for (;;) {
		bool go_on = screen_poll(fds, 2, wait_ms(next));

		err = read_sources(run, &next);
		if (err) {
			leave_screen(run);
			return report_error("trace", "cannot read events", err);
		}
		if (!until && (!go_on || is_over(run))) {
			until = clock_now() + SETTLE;
			fds[0].fd = fds[1].fd = -1;
			child_end(&run->child, SIGTERM);
		}
		if (until && clock_now() >= until)
			return STATUS_DONE;
	}
}

static int finish(struct run *run)
{
	__u64 ended = clock_now(), next;

	if (run->tracer)
		tracer_stop(run->tracer);
	if (run->writer)
		record_ended(run->writer, ended);
	read_sources(run, &next);
	if (run->tracer)
		assembler_lost(run->assembler, tracer_lost(run->tracer));
	assembler_flush(run->assembler);
	leave_screen(run);
	trace_output_end(run->output, assembler_counts(run->assembler));
	if (run->record_error)
		return report_error(run->job->record, "cannot write", run->record_error);
	if (run->pinger && !pinger_counts(run->pinger)->received)
		return STATUS_FAILED;
	return STATUS_DONE;
}

static void export_failed(void *data, const char *path, int err)
{
	*(int *)data = report_error(path, "cannot write", err);
}

static int close_all(struct run *run, int status)
{
	int err = 0;

	child_end(&run->child, SIGTERM);
	if (run->writer)
		err = record_close(run->writer);
	if (err && !run->record_error)
		status = report_error(run->job->record, "cannot write", err);
	exports_close(run->exports, export_failed, &status);
	trace_output_free(run->output);
	assembler_free(run->assembler);
	if (run->pinger)
		pinger_close(run->pinger);
	tracer_close(run->tracer);
	catalog_free(run->catalog);
	return status;
}

int trace_run(const struct trace_job *job)
{
	struct run run = {.job = job, .child = CHILD_NONE};
	struct tracer_options options = job->tracer;
	struct screen_source source = {.render = trace_output_render};
	int status;

	signal(SIGPIPE, SIG_IGN);
	buffer_output();
	run.catalog = catalog_new();
	if (!run.catalog)
		return report_error("trace", "cannot start", -ENOMEM);
	status = open_exports(&run);
	if (!status)
		status = open_pinger(&run, &options);
	if (!status)
		status = open_command(&run, &options);
	if (!status)
		status = open_tracer(&run, &options);
	if (!status)
		status = open_sinks(&run);
	if (status)
		return close_all(&run, status);
	report_times(&run);
	source.data = run.output;
	screen_open(job->output.live, &source);
	status = start(&run);
	if (!status)
		status = loop(&run);
	if (!status)
		status = finish(&run);
	return close_all(&run, status);
}

static int take_recorded_header(void *data, const struct trace_header *header)
{
	take_header(data, header);
	return 0;
}

static int take_recorded(void *data, const struct icmpx_event *event)
{
	struct run *run = data;

	if (filter_packet(&run->job->tracer.filter, &event->packet) || !event->packet.family)
		assembler_event(run->assembler, event);
	return trace_output_done(run->output);
}

int trace_replay(const struct trace_job *job)
{
	struct run run = {.job = job, .child = CHILD_NONE};
	const struct record_reader reader = {take_recorded_header, take_recorded, &run};
	struct record_error error;
	int err, status;

	buffer_output();
	run.catalog = catalog_new();
	if (!run.catalog)
		return report_error("trace", "cannot start", -ENOMEM);
	status = open_exports(&run);
	if (!status)
		status = open_sinks(&run);
	if (status)
		return close_all(&run, status);
	err = record_read(job->replay, run.catalog, &reader, &error);
	assembler_flush(run.assembler);
	trace_output_end(run.output, assembler_counts(run.assembler));
	if (err == -EBADMSG) {
		report("%s: %s, at byte %llu", job->replay, error.text, error.offset);
		status = STATUS_FAILED;
	} else if (err < 0) {
		status = report_error(job->replay, "cannot read", err);
	}
	return close_all(&run, status);
}
