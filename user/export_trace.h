/* SPDX-License-Identifier: GPL-2.0-only */
/* A trace without end, of which only the sums are kept. */
#ifndef ICMPX_EXPORT_TRACE_H
#define ICMPX_EXPORT_TRACE_H

#include "export_data.h"

#define EXPORT_TRACE_MS 10 /* how often it is to be read */

struct tracing;

/* Loads the programs and begins. 0, or a negative errno and *why. */
int tracing_open(struct tracing **tracing, char *why, size_t size);
void tracing_close(struct tracing *tracing);

/* Takes what is there; every EXPORT_TRACE_MS. 0 or a negative errno. */
int tracing_read(struct tracing *tracing);

const struct export_trace *tracing_sums(struct tracing *tracing);

#endif
