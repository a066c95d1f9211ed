/* SPDX-License-Identifier: GPL-2.0-only */
/* Questions to the running kernel. It answers by doing: a capability is there
 * when a trial load succeeds, never because of a version or a build option.
 * Nothing that a trial loads outlives its call, even when it is killed. */
#ifndef ICMPX_KERNEL_H
#define ICMPX_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/* clang-format off */
/*  id             name (JSON)            what icmpx wants it for */
#define KERNEL_FEATURES(X)                                                                         \
	X(XDP,          "xdp",                 "the fast path")                                    \
	X(SCHED_CLS,    "sched_cls",           "the learner, at tc egress")                        \
	X(LRU_HASH,     "lru_hash",            "notes of requests, and --limit")                   \
	X(JIFFIES,      "jiffies64",           "the clock of leases")                              \
	X(DISPATCHER,   "freplace",            "libxdp's dispatcher: several XDP programs")        \
	X(TP_BTF,       "tp_btf",              "tracing: tracepoints with types")                  \
	X(FENTRY,       "fentry",              "tracing: arguments and results of functions")      \
	X(KPROBE_MULTI, "kprobe_multi",        "tracing: many functions at once")                  \
	X(KPROBE,       "kprobe",              "tracing: one function at a time")                  \
	X(RINGBUF,      "ringbuf",             "tracing: events to user space")                    \
	X(COARSE_CLOCK, "ktime_get_coarse_ns", "tracing: a cheap clock")                           \
	X(READ_KERNEL,  "probe_read_kernel",   "tracing: what is in a packet")

enum kernel_feature {
#define X(id, name, purpose) FEATURE_##id,
	KERNEL_FEATURES(X)
#undef X
	FEATURE_MAX,
};
/* clang-format on */

struct feature {
	const char *name;
	const char *purpose;
	int err; /* of the trial: 0, or a negative errno */
};

/* Trial of one capability: 0 or a negative errno. */
int kernel_try(enum kernel_feature feature);

/* kernel_try() of all, FEATURE_MAX of them. */
void kernel_try_all(struct feature *features);

/* Type of the perf events that stand for kprobes: -ENOENT without kprobes. */
int kernel_kprobe_type(void);

/* Whether libxdp's dispatcher could load here; if not, *err (may be NULL) is
 * the negative errno. A few milliseconds. */
bool kernel_can_dispatch(int *err);

/* The kernel's clock of leases, for comparison with lease.expires. 0 or a
 * negative errno. */
int kernel_jiffies(__u64 *now);

/* A sysctl of this network namespace that decides about echo. */
struct setting {
	char name[64];       /* as sysctl(8) writes it */
	char value[64];      /* as the kernel prints it */
	const char *meaning; /* what this value does to echo; static */
	bool warn;           /* a lease does not carry it over */
};

/* All that this kernel has, *list is the caller's to free; `ifname` (or NULL)
 * adds those of one interface. 0 or -ENOMEM. */
int kernel_settings(const char *ifname, struct setting **list, size_t *count);

/* Settings that leases do not carry over, as lines for whoever attaches: writes
 * at most `max` static texts, returns how many. */
size_t kernel_echo_warnings(const char **lines, size_t max);

#endif
