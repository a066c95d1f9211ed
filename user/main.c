// SPDX-License-Identifier: GPL-2.0-only
/* The verb table, the options of every command, and the exit status. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "util.h"

static void print_version(FILE *out, struct argp_state *state)
{
	(void)state;
	fprintf(out, "icmpx " ICMPX_VERSION "\nwith: %s\n", parts_list(true));
	fprintf(out, "without: %s\n", parts_list(false));
}

void (*argp_program_version_hook)(FILE *out, struct argp_state *state) = print_version;

static const struct cmd commands[] = {
	{"attach", &attach_argp, cmd_attach, "answer pings at the driver, as the kernel would"},
	{"detach", &detach_argp, cmd_detach, "remove the fast path"},
	{"status", &status_argp, cmd_status, "what is attached, how, since when"},
	{"stats", &stats_argp, cmd_stats, "counters of every verdict, and the kernel's own"},
	{"leases", &leases_argp, cmd_leases, "the flows that are answered at the driver now"},
	{"trace", &trace_argp, cmd_trace, "the way of pings through the kernel, live"},
	{"report", &report_argp, cmd_report, "a page in HTML of what was recorded"},
	{"doctor", &doctor_argp, cmd_doctor, "what this kernel offers, and what would be used"},
	{"export", &export_argp, cmd_export, "all counters for Prometheus, over HTTP or in a file"},
	{"help", &help_argp, cmd_help, "explain a command"},
};

static const struct argp_option common_options[] = {
	{"json", 'j', NULL, 0, "print JSON", -1},
	{"verbose", 'v', NULL, 0, "more: libbpf's messages and the verifier's log too", -1},
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

const struct argp_child common_children[] = {{&common_argp, 0, NULL, 0}, {}};

void report(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("icmpx: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
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

void cmd_usage(FILE *out)
{
	fputs("Usage: icmpx COMMAND [OPTION...] [IFACE...]\n\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].help);
	fputs("\n`icmpx help COMMAND' explains one; --version prints the version.\n", out);
}

const struct cmd *cmd_lookup(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

/* What was to go to stdout is lost when it cannot be written: not a success. */
static int finish(int status)
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

	argp_err_exit_status = STATUS_USAGE;
	if (argc < 2) {
		cmd_usage(stderr);
		return STATUS_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-?")) {
		cmd_usage(stdout);
		return finish(STATUS_DONE);
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		print_version(stdout, NULL);
		return finish(STATUS_DONE);
	}
	cmd = cmd_lookup(argv[1]);
	if (!cmd) {
		report("no command '%s'; icmpx help lists them", argv[1]);
		return STATUS_USAGE;
	}
	snprintf(name, sizeof(name), "icmpx %s", cmd->name);
	argv[1] = name;
	return finish(cmd->run(argc - 1, argv + 1));
}
