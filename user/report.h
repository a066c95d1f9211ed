/* SPDX-License-Identifier: GPL-2.0-only */
/* Recordings -> one HTML page: the template of report/ with the data in it. What it keeps of a
 * ping is bounded, however many there are. */
#ifndef ICMPX_REPORT_H
#define ICMPX_REPORT_H

#include <stdio.h>

#include "assemble.h"
#include "catalog.h"
#include "util.h"

/* Of pings through the stack and of those at the driver, each: */
#define REPORT_ROWS  1000 /* in the table */
#define REPORT_DRAWN 100  /* with all their hops */

struct report;

/* NULL: out of memory. */
struct report *report_new(void);
void report_free(struct report *report);

/* A recording: its name, its header, its pings, its end, in that order. `damage`: what is wrong
 * with it from some place on, NULL: nothing. The catalog stays the caller's. Each 0 or -ENOMEM. */
int report_begin(struct report *report, const char *name, const struct catalog *catalog);
void report_header(struct report *report, const struct trace_header *header);
void report_ping(struct report *report, const struct ping *ping);
int report_end(struct report *report, const struct assemble_counts *counts, const char *damage);

/* 0 or a negative errno. */
int report_write(const struct report *report, FILE *out);

DEFINE_CLEANUP(report, struct report *, report_free)

#endif
