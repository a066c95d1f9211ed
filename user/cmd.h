/* SPDX-License-Identifier: GPL-2.0-only */
/* What a command is. Each cmd_NAME.c turns its options into calls of modules
 * and hands their result to a renderer; it alone reports errors. */
#ifndef ICMPX_CMD_H
#define ICMPX_CMD_H

#include <argp.h>
#include <stdbool.h>
#include <stdio.h>

#include "parts.h"

enum exit_status {
	STATUS_DONE,
	STATUS_FAILED, /* also: refused, missing privilege */
	STATUS_USAGE,
	STATUS_CANNOT, /* this kernel, machine or device cannot do it */
};

/* What commands share. common_children are each one's argp children: a command's
 * parser hands them this as child_inputs[0]; one without options needs no parser. */
struct common {
	bool json;
	bool verbose;
	char **interfaces; /* the arguments; not checked */
	int count;
};

extern const struct argp_child common_children[];

struct cmd {
	const char *name;
	const struct argp *argp;
	/* Returns an enum exit_status; argv[0] is the command's name. */
	int (*run)(int argc, char **argv);
	const char *help;
};

/* The command of that name, or NULL. */
const struct cmd *cmd_lookup(const char *name);

/* The list of commands. */
void cmd_usage(FILE *out);

extern const struct argp attach_argp, detach_argp, status_argp, stats_argp, leases_argp, trace_argp,
	doctor_argp, export_argp, report_argp, help_argp;

int cmd_attach(int argc, char **argv);
int cmd_detach(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_stats(int argc, char **argv);
int cmd_leases(int argc, char **argv);
int cmd_trace(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_help(int argc, char **argv);

/* One line on stderr: "icmpx: ..." */
void report(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Reports that `what` failed on `on` (an interface, a path) with a negative
 * errno and returns the exit status that goes with it. */
int report_error(const char *on, const char *what, int err);

/* Reports that this program was built without what `on` needs; returns STATUS_CANNOT. */
int report_not_built(const char *on, enum part part);

#endif
