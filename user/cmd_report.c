// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "embedded.h"
#include "export_file.h"
#include "opts.h"
#include "path_edges.h"
#include "record.h"
#include "report.h"

#define OUTPUT "report.html"

enum { OPT_DEMO = 256 };

static const struct argp_option options[] = {
	{"output", 'o', "FILE", 0, "write it there (" OUTPUT "); -: standard output", 0},
	{"demo", OPT_DEMO, NULL, 0, "of recordings that icmpx brings along", 0},
	{},
};

struct args {
	char **recordings;
	int count;
	bool demo;
	const char *output;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;

	switch (key) {
	case 'o':
		args->output = arg;
		break;
	case OPT_DEMO:
		args->demo = true;
		break;
	case ARGP_KEY_ARGS:
		args->recordings = state->argv + state->next;
		args->count = state->argc - state->next;
		break;
	case ARGP_KEY_END:
		if (args->demo == (args->count > 0))
			option_refuse(state, STATUS_USAGE,
				      "a RECORD of 'icmpx trace --record', or --demo");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp report_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "RECORD...\n--demo",
	.doc = "Make a page of recordings (icmpx trace --record FILE): the path of each ping, "
	       "where its time went, the documented path against the live one. One HTML file, "
	       "which needs nothing else and loads nothing.\v"
	       "Examples:\n"
	       "  icmpx report --demo                          what such a page looks like\n"
	       "  icmpx report ping.rec                        report.html\n"
	       "  icmpx report -o both.html a.rec b.rec        one page of two recordings",
};

/* One recording on its way to the page. */
struct reading {
	struct report *page;
	struct catalog *catalog;
	struct assembler *assembler;
	bool begun; /* there was a header */
};

static int take_header(void *data, const struct trace_header *header)
{
	struct reading *reading = data;

	reading->begun = true;
	catalog_set_edges(reading->catalog, edges_of(header->kernel));
	report_header(reading->page, header);
	return 0;
}

static int take_event(void *data, const struct icmpx_event *event)
{
	struct reading *reading = data;

	assembler_event(reading->assembler, event);
	return 0;
}

static void take_ping(void *data, const struct ping *ping)
{
	struct reading *reading = data;

	report_ping(reading->page, ping);
}

/* Of one that is damaged, what there is of it; *begun: that is something. Closes the file. */
static int read_recording(struct report *page, const char *name, FILE *file, bool *begun)
{
	const struct assemble_options defaults = {};
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	struct reading reading = {.page = page, .catalog = catalog};
	const struct record_reader reader = {take_header, take_event, &reading};
	_cleanup_(assembler) struct assembler *assembler =
		assembler_new(&defaults, take_ping, &reading);
	struct record_error error;
	int err;

	reading.assembler = assembler;
	if (!catalog || !assembler || report_begin(page, name, catalog)) {
		fclose(file);
		return report_error(name, "cannot read", -ENOMEM);
	}
	err = record_read_stream(file, catalog, &reader, &error);
	if (err && err != -EBADMSG)
		return report_error(name, "cannot read", err);
	if (err)
		report("%s: %s, at byte %llu", name, error.text, error.offset);
	if (!reading.begun)
		return STATUS_FAILED;
	*begun = true;
	assembler_flush(assembler);
	if (report_end(page, assembler_counts(assembler), err ? error.text : NULL)) {
		*begun = false;
		return report_error(name, "cannot read", -ENOMEM);
	}
	return err ? STATUS_FAILED : STATUS_DONE;
}

/* All of them, or up to the first one of which there is nothing. */
static int read_files(struct report *page, const struct args *args, bool *begun)
{
	int status = STATUS_DONE;

	for (int i = 0; i < args->count; i++) {
		const char *name = args->recordings[i];
		FILE *file = fopen(name, "re");

		*begun = false;
		if (!file)
			return report_error(name, "cannot read", -errno);
		if (read_recording(page, name, file, begun))
			status = STATUS_FAILED;
		if (!*begun)
			break;
	}
	return status;
}

static int read_demo(struct report *page, bool *begun)
{
	int status = STATUS_DONE;

	*begun = true;
	for (size_t i = 0; i < embedded_demo_count && *begun; i++) {
		const char *name = embedded_demo[i].name;
		size_t size;
		_cleanup_(free) char *recording = embedded_unpack(&embedded_demo[i], &size);
		FILE *file = recording ? fmemopen(recording, size, "r") : NULL;

		*begun = false;
		if (!file)
			return report_error(name, "cannot read", -ENOMEM);
		status = read_recording(page, name, file, begun);
	}
	return status;
}

static int make_page(const struct args *args, FILE *out, bool *whole)
{
	_cleanup_(report) struct report *page = report_new();
	int status, err;

	if (!page)
		return report_error("report", "cannot start", -ENOMEM);
	status = args->demo ? read_demo(page, whole) : read_files(page, args, whole);
	if (!*whole)
		return status;
	err = report_write(page, out);
	*whole = !err;
	/* Of standard output main() tells. */
	if (err && (out != stdout || err == -ENOMEM))
		report_error(args->output, "cannot write", err);
	return err ? STATUS_FAILED : status;
}

static const char *recording_that_is(const struct args *args, const struct export_file *file)
{
	for (int i = 0; i < args->count; i++)
		if (export_file_is(file, args->recordings[i]))
			return args->recordings[i];
	return NULL;
}

static int write_file(const struct args *args)
{
	struct export_file *file;
	bool whole = false;
	int status, err = export_file_open(args->output, &file);

	if (err == -EBUSY)
		report("%s: cannot write: another icmpx is writing it", args->output);
	else if (err)
		report_error(args->output, "cannot write", err);
	if (err)
		return STATUS_FAILED;
	if (recording_that_is(args, file)) {
		report("%s: is the recording itself", args->output);
		status = STATUS_FAILED;
	} else {
		status = make_page(args, export_file_stream(file), &whole);
	}
	err = export_file_close(file, whole);
	return err ? report_error(args->output, "cannot write", err) : status;
}

int cmd_report(int argc, char **argv)
{
	struct args args = {.output = OUTPUT};

	signal(SIGPIPE, SIG_IGN);
	cmd_parse(&report_argp, argc, argv, 0, &args);
	if (!part_built(PART_REPORT))
		return report_not_built("report", PART_REPORT);
	return write_file(&args);
}
