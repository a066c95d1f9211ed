// SPDX-License-Identifier: GPL-2.0-only
/* The verb table, the options of every command, and the exit status. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "safe_text.h"
#include "util.h"

static void print_version(FILE *out, struct argp_state *state)
{
	(void)state;
	fprintf(out, "icmpx " ICMPX_VERSION "\nwith: %s\n", parts_list(true));
	fprintf(out, "without: %s\n", parts_list(false));
	cmd_contact(out);
}

void (*argp_program_version_hook)(FILE *out, struct argp_state *state) = print_version;

/* clang-format off */
const struct cmd cmd_list[] = {
	{"attach", "Answer pings at the driver:", &attach_argp, cmd_attach,
	 "put the fast path on interfaces"},
	{"detach", NULL, &detach_argp, cmd_detach, "remove the fast path"},
	{"status", "Look at it:", &status_argp, cmd_status, "what is attached, how, since when"},
	{"stats", NULL, &stats_argp, cmd_stats, "counters of every verdict, and the kernel's own"},
	{"leases", NULL, &leases_argp, cmd_leases, "the flows that are answered at the driver now"},
	{"export", NULL, &export_argp, cmd_export, "all counters for Prometheus, over HTTP or in a file"},
	{"trace", "Trace pings:", &trace_argp, cmd_trace, "the path of pings through the kernel, live"},
	{"trace merge", NULL, &trace_merge_argp, cmd_trace_merge, "the recordings of two machines as one"},
	{"report", NULL, &report_argp, cmd_report, "recordings as a page in HTML"},
	{"doctor", "This machine, and help:", &doctor_argp, cmd_doctor, "what this kernel offers, and what would be used"},
	{"help", NULL, &help_argp, cmd_help, "explain a command"},
	{},
};
/* clang-format on */

static const struct argp_option common_options[] = {
	{"json", 'j', NULL, 0, "print JSON", -1},
	{"verbose", 'v', NULL, 0, "more: libbpf's messages, the verifier's log", -1},
	{},
};

static error_t parse_common(int key, char *arg, struct argp_state *state)
{
	struct common *common = state->input;

	(void)arg;
	switch (key) {
	case 'j':
		common->json = true;
		break;
	case 'v':
		common->verbose = true;
		break;
	case ARGP_KEY_ARGS:
		common->interfaces = state->argv + state->next;
		common->count = state->argc - state->next;
		break;
	case ARGP_KEY_NO_ARGS:
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp common_argp = {.options = common_options, .parser = parse_common};

error_t cmd_parse_common(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[0] = state->input;
	return 0;
}

const struct argp_child common_children[] = {{&common_argp, 0, NULL, 0}, {}};

void report(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	va_start(args, format);
	safe_report("icmpx", format, args);
	va_end(args);
}

int report_error(const char *on, const char *what, int err)
{
	report("%s: %s: %s", on, what, strerror(-err));
	return err == -EOPNOTSUPP || err == -ENOSYS ? STATUS_CANNOT : STATUS_FAILED;
}

int report_not_built(const char *on, enum part part)
{
	report("%s: this icmpx was built without %s (%s)", on, part_name(part), part_what(part));
	return STATUS_CANNOT;
}

/* What was to go to stdout is lost when it cannot be written: not a success. */
int cmd_finish(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	if (errno != EPIPE)
		report("standard output: %s", strerror(errno));
	return status ?: STATUS_FAILED;
}

int main(int argc, char **argv)
{
	const struct cmd *cmd;
	char name[64];
	int used;

	argp_err_exit_status = STATUS_USAGE;
	if (argc < 2) {
		cmd_usage(stderr);
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "-?")) {
		argv[1] = "icmpx help";
		return cmd_finish(cmd_help(argc - 1, argv + 1));
	}
	if (!strcmp(argv[1], "--usage")) {
		cmd_usage_line(stdout);
		return cmd_finish(STATUS_DONE);
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		print_version(stdout, NULL);
		return cmd_finish(STATUS_DONE);
	}
	cmd = cmd_lookup(argc - 1, argv + 1, &used);
	if (!cmd)
		return cmd_unknown(argv[1]);
	snprintf(name, sizeof(name), "icmpx %s", cmd->name);
	argv[used] = name;
	return cmd_finish(cmd->run(argc - used, argv + used));
}
