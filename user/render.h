/* SPDX-License-Identifier: GPL-2.0-only */
/* Pure functions from data to text or JSON; they neither read nor fail. What
 * they write to tells of an error by ferror(). */
#ifndef ICMPX_RENDER_H
#define ICMPX_RENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "counters.h"
#include "leases.h"
#include "snmp.h"
#include "xdp.h"

void render_status_text(FILE *out, const struct attachment *list, size_t count);
void render_status_json(FILE *out, const struct attachment *list, size_t count);

/* "trust flow, lease 10 s": what was given to attach. */
void render_options_text(FILE *out, const struct icmpx_config *config);

struct stats_interface {
	struct attachment attachment;
	struct counters *now;    /* owned */
	struct counters *before; /* owned; NULL: no rates */
	bool shown;              /* named, or none was; the others only count for the sum */
	bool has_leases;
	unsigned int leases_v4, leases_v6; /* valid ones */
};

struct stats {
	__u64 taken; /* CLOCK_REALTIME, seconds */
	struct stats_interface *interfaces;
	size_t count;
	struct snmp kernel;
	struct snmp kernel_before;
	double kernel_taken; /* CLOCK_MONOTONIC, seconds */
	double seconds;      /* between the two; 0: there is no `before` */
};

struct stats_view {
	bool per_cpu;
	bool zeros;         /* also what never happened; JSON always has it */
	bool rates;         /* there may be two snapshots: columns for rates */
	bool oneline;       /* JSON */
	bool details;       /* text: options, leases */
	bool bold;          /* text: titles, on a terminal */
	unsigned int width; /* text: of the terminal, in columns; 0: no bound */
};

void render_stats_text(FILE *out, const struct stats *stats, const struct stats_view *view);
void render_stats_json(FILE *out, const struct stats *stats, const struct stats_view *view);

/* `expired`: those too; JSON marks them, text counts the others. */
void render_leases_text(FILE *out, const struct lease_row *rows, size_t count, bool expired);
void render_leases_json(FILE *out, const struct lease_row *rows, size_t count);

struct doctor;
void render_doctor_text(FILE *out, const struct doctor *doctor);
void render_doctor_json(FILE *out, const struct doctor *doctor);

#endif
