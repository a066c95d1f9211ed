/* SPDX-License-Identifier: GPL-2.0-only */
/* The programs at tracepoints, which both backends load. */
#ifndef ICMPX_TRACER_TP_H
#define ICMPX_TRACER_TP_H

#include <stdbool.h>
#include <bpf/btf.h>

#include "trace_config.h"
#include "tracer.h"

struct trace_tp_bpf;

/* Opens, ready to be loaded, those programs whose tracepoints `kernel` (its BTF) has.
 * header->probes, possible and missing are set. 0 or a negative errno. */
int tracer_tp_open(const struct tracer_options *options, const struct btf *kernel,
		   struct trace_header *header, struct trace_tp_bpf **out);

/* The programs' options. */
void tracer_config(const struct tracer_options *options, struct icmpx_trace_config *config);

/* Adds a name to header->missing. */
void tracer_miss(struct trace_header *header, const char *name);

/* The system calls that move packets: calls set() for each. */
void tracer_each_syscall(void (*set)(void *data, int number, const char *name), void *data);

#endif
