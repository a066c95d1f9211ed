/* SPDX-License-Identifier: GPL-2.0-only */
/* A trace from beginning to end: sources (programs, own pings, a recording) -> assembler ->
 * output, until the command, the pings or the user end it. */
#ifndef ICMPX_CMD_TRACE_RUN_H
#define ICMPX_CMD_TRACE_RUN_H

#include "pinger.h"
#include "trace_output.h"
#include "tracer.h"

struct trace_job {
	struct tracer_options tracer;
	struct trace_output_options output;
	struct pinger_options ping;  /* host NULL: none */
	__u64 timeout;               /* ns; 0: the assembler's */
	char **command;              /* NULL: none */
	__u32 follow;                /* a process to follow; 0: none */
	const char *record, *replay; /* files; NULL: none */
	struct export_request exports[EXPORTS_MAX];
	size_t export_count;
	bool verbose;
};

/* As the terminal and the environment (NO_COLOR, locale) want it. */
void cmd_trace_view(struct trace_view *view, bool no_colour, bool verbose);

/* Reports what goes wrong. Returns an enum exit_status. */
int trace_run(const struct trace_job *job);

/* Reads a recording instead. */
int trace_replay(const struct trace_job *job);

#endif
