/* SPDX-License-Identifier: GPL-2.0-only */
/* What every part of the trace knows about it as a whole. */
#ifndef ICMPX_TRACE_H
#define ICMPX_TRACE_H

#include <stdbool.h>
#include <linux/types.h>

#include "event.h"
#include "probes.h"

#define TRACE_SCHEMA 1 /* of --json */

/* Where the events come from. */
struct trace_header {
	char kernel[65]; /* uname -r */
	char machine[65];
	char version[16];       /* of icmpx */
	char backend[16];       /* "tp", "fn", "none" (time stamps of icmpx's own pings alone) */
	char method[32];        /* of fn: "kprobe.multi", "kprobe", "fentry"; else "" */
	char why[256];          /* why not more; "" */
	char missing[1024];     /* names of probes that are not there, blank between; "" */
	char node[65];          /* uname -n; "": unknown, as in the next */
	char boot[40];          /* boot_id: of what has one and the same CLOCK_MONOTONIC */
	__u32 probes, possible; /* set, and those that icmpx knows for this backend */
	__u32 stacks;           /* enum icmpx_stacks */
	__u64 started;          /* CLOCK_MONOTONIC, ns */
	__s64 epoch;            /* CLOCK_REALTIME - CLOCK_MONOTONIC then, ns */
};

/* "net_dev_queue", "icmp_rcv": a probe's name: a function's first one. NULL: no such probe. */
const char *trace_probe_name(unsigned int probe);

/* The layer that a probe belongs to; its one-line explanation. */
enum icmpx_layer trace_probe_layer(unsigned int probe);
const char *trace_probe_help(unsigned int probe);

/* The probe of that name (any of a function's names), or -1. Documents' names too. */
int trace_probe_lookup(const char *name);

const char *trace_layer_name(enum icmpx_layer layer);
const char *trace_layer_title(enum icmpx_layer layer);
const char *trace_kind_name(enum icmpx_kind kind); /* "request", "reply", "error", "udp" */

/* Whether it is of a task, event->tid. In a softirq the current task is whoever was interrupted,
 * and says nothing about the packet; but waking and switching are about a task. */
bool trace_has_task(const struct icmpx_event *event);

#endif
