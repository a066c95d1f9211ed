// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "caps.h"
#include "clock.h"
#include "cmd.h"
#include "export_data.h"
#include "export_trace.h"
#include "http.h"
#include "log.h"
#include "opts.h"
#include "screen.h"
#include "textfile.h"
#include "util.h"

#define INTERVAL_MAX 3600
#define SECOND       1000000000ull

enum {
	OPT_LISTEN = 256,
	OPT_TEXTFILE,
	OPT_INTERVAL,
	OPT_TRACE,
	OPT_USER,
};

static const struct argp_option options[] = {
	{"listen", OPT_LISTEN, "ADDRESS:PORT", 0, "serve there (" HTTP_LISTEN "); [ADDRESS]:PORT",
	 0},
	{"textfile", OPT_TEXTFILE, "FILE", 0,
	 "no server: write FILE, for node_exporter's textfile collector", 0},
	{"interval", OPT_INTERVAL, "SECONDS", 0, "write FILE again and again, until Ctrl-C", 0},
	{"trace", OPT_TRACE, NULL, 0, "the times of each stage of all pings of this machine, too",
	 0},
	{"user", OPT_USER, "USER", 0, "be this user once all is open", 0},
	{},
};

struct args {
	const char *listen, *textfile, *user;
	unsigned int interval; /* seconds; 0: once */
	bool trace;
};

/* What a scrape is made of. */
struct exporter {
	struct tracing *tracing; /* NULL: none */
	struct http *http;       /* NULL: none */
	double started;          /* seconds since the epoch */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;

	switch (key) {
	case OPT_LISTEN:
		args->listen = arg;
		break;
	case OPT_TEXTFILE:
		args->textfile = arg;
		break;
	case OPT_INTERVAL:
		args->interval = option_number(state, "--interval", arg, 1, INTERVAL_MAX);
		break;
	case OPT_TRACE:
		args->trace = true;
		break;
	case OPT_USER:
		args->user = arg;
		break;
	case ARGP_KEY_END:
		if (args->listen && args->textfile)
			option_refuse(state, STATUS_USAGE, "--listen or --textfile, not both");
		if (args->interval && !args->textfile)
			option_refuse(state, STATUS_USAGE, "--interval wants --textfile FILE");
		if (args->trace && args->textfile && !args->interval)
			option_refuse(state, STATUS_USAGE,
				      "--trace with --textfile wants --interval SECONDS");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp export_argp = {
	.options = options,
	.parser = parse,
	.doc = "Serve the counters, leases and attachments of this network namespace as "
	       "OpenMetrics at /metrics, until interrupted. It gives up all privileges but those "
	       "that reading takes.\v"
	       "Examples:\n"
	       "  icmpx export                               at 127.0.0.1:9917/metrics\n"
	       "  icmpx export --trace --user nobody         the times of all pings, too\n"
	       "  icmpx export --textfile icmpx.prom         for node_exporter, once",
};

/* For http_open(). */
static int scrape(void *data, enum metrics_format format, FILE *out)
{
	struct exporter *exporter = data;
	struct export_answers answers[8];
	struct export_self self = {.answers = answers, .started = exporter->started};
	struct export_data collected;
	struct refusal why;
	int err = export_collect(&collected, &why);

	if (err) {
		fprintf(out, "%s\n", why.text);
		return err;
	}
	if (exporter->http) {
		const unsigned int *codes;
		const __u64 *counts;
		size_t count = http_answers(exporter->http, &codes, &counts);

		for (size_t i = 0; i < count && i < ARRAY_SIZE(answers); i++) {
			answers[i] = (struct export_answers){codes[i], counts[i]};
			self.answer_count++;
		}
		self.cut_off = http_cut_off(exporter->http);
		export_measure_self(&self);
	}
	render_metrics(out, format, &collected,
		       exporter->tracing ? tracing_sums(exporter->tracing) : NULL,
		       exporter->http ? &self : NULL);
	export_free(&collected);
	return 0;
}

/* Every EXPORT_TRACE_MS, with a trace. */
static int read_trace(struct exporter *exporter)
{
	int err = exporter->tracing ? tracing_read(exporter->tracing) : 0;

	return err ? report_error("trace", "cannot read events", err) : STATUS_DONE;
}

static int serve(struct exporter *exporter)
{
	int status = STATUS_DONE;
	bool go_on = true;

	while (go_on && !status) {
		struct pollfd fd = {.fd = http_fd(exporter->http), .events = POLLIN};
		int ms = http_wait(exporter->http);

		if (exporter->tracing && ms > EXPORT_TRACE_MS)
			ms = EXPORT_TRACE_MS;
		go_on = screen_poll(&fd, 1, ms);
		status = read_trace(exporter);
		http_run(exporter->http);
	}
	return status;
}

static int write_once(struct exporter *exporter, const char *path)
{
	_cleanup_(free) char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int err;

	if (!out)
		return report_error(path, "cannot write", -ENOMEM);
	err = scrape(exporter, METRICS_TEXT, out);
	if (fclose(out))
		return report_error(path, "cannot write", -ENOMEM);
	if (err) {
		report("%.*s", (int)strcspn(text, "\n"), text);
		return STATUS_FAILED;
	}
	err = textfile_write(path, text, size);
	if (err == -EEXIST) {
		report("%s: cannot write: what is there is a link or no file, and would be "
		       "replaced by one",
		       path);
		return STATUS_FAILED;
	}
	return err ? report_error(path, "cannot write", err) : STATUS_DONE;
}

static int write_often(struct exporter *exporter, const struct args *args)
{
	__u64 next = clock_now(), now;
	int status = STATUS_DONE;
	bool go_on = true;

	while (go_on && !status) {
		now = clock_now();
		if (now >= next) {
			status = write_once(exporter, args->textfile);
			/* After a time asleep, not one for each that was missed. */
			while (next <= now)
				next += args->interval * SECOND;
			continue;
		}
		go_on = screen_poll(
			NULL, 0, exporter->tracing ? EXPORT_TRACE_MS : (next - now) / 1000000 + 1);
		if (!status)
			status = read_trace(exporter);
	}
	return status;
}

/* Whether it can be read at all, as the one that it is now. */
static int check(const struct args *args)
{
	struct export_data collected;
	struct refusal why;
	const char *what;
	int err = caps_drop(args->user, &what);

	if (err)
		return report_error(args->user ?: "export", what, err);
	err = export_collect(&collected, &why);
	if (err == -EACCES || err == -EPERM)
		report("export: the pins in bpffs cannot be read; run it as root (with --user NAME "
		       "it is root to begin with alone), or with CAP_DAC_READ_SEARCH and CAP_BPF");
	else if (err)
		report("%s", why.text);
	if (err)
		return STATUS_FAILED;
	export_free(&collected);
	return STATUS_DONE;
}

static int run(struct exporter *exporter, const struct args *args, int *fd)
{
	char address[64];
	int status = check(args);

	if (status)
		return status;
	if (args->textfile && !args->interval)
		return write_once(exporter, args->textfile);
	screen_catch();
	if (args->textfile) {
		status = write_often(exporter, args);
	} else {
		exporter->http = http_open(*fd, scrape, exporter);
		if (!exporter->http) {
			status = report_error("export", "cannot serve", -ENOMEM);
		} else {
			report("serving http://%s/metrics",
			       http_address(*fd, address, sizeof(address)));
			*fd = -1;
			status = serve(exporter);
		}
	}
	screen_close();
	return status;
}

int cmd_export(int argc, char **argv)
{
	struct args args = {};
	struct exporter exporter = {.started = clock_read(CLOCK_REALTIME) / 1e9};
	_cleanup_(close) int fd = -1;
	const char *address;
	char why[4096];
	int status;

	cmd_parse(&export_argp, argc, argv, 0, &args);
	if (!args.textfile && !part_built(PART_EXPORTER))
		return report_not_built("export", PART_EXPORTER);
	log_setup(false);
	signal(SIGPIPE, SIG_IGN);
	if (!args.textfile || args.interval)
		signal(SIGHUP, SIG_IGN); /* there is nothing to read anew */
	address = args.listen ?: HTTP_LISTEN;
	if (!args.textfile) {
		fd = http_listen(address);
		if (fd == -EINVAL) {
			report("--listen: '%s' is not ADDRESS:PORT or [ADDRESS]:PORT, in numbers",
			       address);
			return STATUS_USAGE;
		}
		if (fd < 0)
			return report_error(address, "cannot listen", fd);
	}
	if (args.trace) {
		int err = tracing_open(&exporter.tracing, why, sizeof(why));

		if (err) {
			report("trace: %s", why);
			return err == -EOPNOTSUPP || err == -ENOENT ? STATUS_CANNOT : STATUS_FAILED;
		}
	}
	status = run(&exporter, &args, &fd);
	http_close(exporter.http);
	tracing_close(exporter.tracing);
	return status;
}
