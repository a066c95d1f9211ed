/* SPDX-License-Identifier: GPL-2.0-only */
/* Backend fn: the programs at functions, beside those at tracepoints. */
#ifndef ICMPX_TRACER_FN_H
#define ICMPX_TRACER_FN_H

#include "symbols.h"
#include "tracer.h"

struct trace_fn_bpf;
struct trace_tp_bpf;
struct tracer_fn;

/* Opens, ready to be loaded, the programs for kprobe.multi or for kprobes, on the maps of `tp`,
 * which is loaded. *out is the caller's to destroy; 0 or a negative errno. */
int tracer_fn_programs(const struct tracer_options *options, bool multi,
		       const struct trace_tp_bpf *tp, struct trace_fn_bpf **out);

/* Loads and attaches beside `tp`, whose maps it shares. header: backend and method are set,
 * probes and possible rise, missing grows. 0 or a negative errno with why not, in short;
 * -EOPNOTSUPP: this kernel cannot. */
int tracer_fn_open(const struct tracer_options *options, const struct symbols *symbols,
		   const struct trace_tp_bpf *tp, struct trace_header *header,
		   struct tracer_fn **fn, char *why, size_t size);

/* What this kernel calls the functions that are probed. */
void tracer_fn_names(const struct tracer_fn *fn, struct catalog *catalog);

/* NULL is fine for these. */
void tracer_fn_enable(struct tracer_fn *fn, bool enable);
void tracer_fn_close(struct tracer_fn *fn);

DEFINE_CLEANUP(tracer_fn, struct tracer_fn *, tracer_fn_close)

#endif
