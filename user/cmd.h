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
 * parser hands them this as child_inputs[0]; cmd_parse_common() is that of one without options. */
struct common {
	bool json;
	bool verbose;
	char **interfaces; /* the arguments; not checked */
	int count;
};

extern const struct argp_child common_children[];

error_t cmd_parse_common(int key, char *arg, struct argp_state *state);

struct cmd {
	const char *name;  /* one word or two */
	const char *group; /* of this command and those behind it; NULL: as the one before */
	const struct argp *argp;
	/* Returns an enum exit_status; argv[0] is the command's name. */
	int (*run)(int argc, char **argv);
	const char *help;
};

/* All commands; the last one has no name. */
extern const struct cmd cmd_list[];

/* The command that the words begin with, and how many of them are its name; or NULL. */
const struct cmd *cmd_lookup(int count, char *const *words, int *used);

/* Reports that there is none of that name, and which was probably meant. */
int cmd_unknown(const char *name);

/* The list of commands, and the first line of that. */
void cmd_usage(FILE *out);
void cmd_usage_line(FILE *out);

/* argp_parse(), but that an unknown option gets one line with what was probably meant, and that -h
 * explains the command; argv[0] is its name. Does not return after an error or an explanation. */
void cmd_parse(const struct argp *argp, int argc, char **argv, unsigned int flags, void *input);

/* Writes what `icmpx help NAME` says, by a pager if it is long; NULL: the list of commands. */
int cmd_explain(const struct argp *argp, const char *name);

/* Where the program comes from and where its bugs go, if it was built with these. */
void cmd_contact(FILE *out);

/* All commands and options for other programs: docs/completion has the format. */
void cmd_table(FILE *out);

/* Makes `whole` of a command's argp: that, and the options that every command has. */
void cmd_with_help(const struct argp *argp, struct argp_child children[2], struct argp *whole);

/* Calls take() for each option of an argp and of its children, hidden ones too; an alias comes with
 * the option that it is one of. Ends when that returns true, and returns it. */
typedef bool cmd_option_take(void *data, const struct argp_option *option,
			     const struct argp_option *of);
bool cmd_options(const struct argp *argp, cmd_option_take *take, void *data);

/* The exit status, with that of what was still to be written. */
int cmd_finish(int status);

extern const struct argp attach_argp, detach_argp, status_argp, stats_argp, leases_argp, trace_argp,
	trace_merge_argp, doctor_argp, export_argp, report_argp, help_argp;

int cmd_attach(int argc, char **argv);
int cmd_detach(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_stats(int argc, char **argv);
int cmd_leases(int argc, char **argv);
int cmd_trace(int argc, char **argv);
int cmd_trace_merge(int argc, char **argv);
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
