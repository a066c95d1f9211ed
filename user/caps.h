/* SPDX-License-Identifier: GPL-2.0-only */
/* The process's capabilities, as far as icmpx wants them. */
#ifndef ICMPX_CAPS_H
#define ICMPX_CAPS_H

#include <stdbool.h>

/* clang-format off */
/*  id          name             what for */
#define CAPS(X)                                                                                    \
	X(BPF,       "CAP_BPF",       "loading programs, reading maps")                            \
	X(NET_ADMIN, "CAP_NET_ADMIN", "XDP and tc programs on an interface")                       \
	X(PERFMON,   "CAP_PERFMON",   "the verifier's trust in the fast path; tracing programs")   \
	X(NET_RAW,   "CAP_NET_RAW",   "raw sockets: ping where ping sockets are not allowed")      \
	X(SYS_ADMIN, "CAP_SYS_ADMIN", "mounting bpffs; libxdp's dispatcher: programs by their ids") \
	X(SYSLOG,    "CAP_SYSLOG",    "names of functions, and the probes on them, in traces")

enum cap {
#define X(id, name, purpose) CAPS_##id,
	CAPS(X)
#undef X
	CAPS_MAX,
};
/* clang-format on */

struct cap_state {
	const char *name;
	const char *purpose;
	bool held; /* effective; by CAP_SYS_ADMIN too, which includes CAP_BPF and CAP_PERFMON */
};

/* Fills all CAPS_MAX. 0 or a negative errno. */
int caps_read(struct cap_state *caps);

enum caps_task {
	TASK_READ, /* pinned maps */
	TASK_TRACE,
	TASK_DETACH,
	TASK_ATTACH,   /* the verifier lets only CAP_PERFMON subtract packet pointers */
	TASK_DISPATCH, /* libxdp asks for programs by their ids */
	TASK_NAME,     /* the addresses in /proc/kallsyms */
};

/* The name of the first that is missing for a task, or NULL. */
const char *caps_missing(enum caps_task task);

/* What else refuses to load to who lacks no capability, as "; ...", or "". */
const char *caps_memlock(int err);

/* Gives up all capabilities but those that reading pins takes on this kernel, for good, and
 * being root for a user of that name if there is one. What is open stays open. 0, or a negative
 * errno with *what: what could not be done. */
int caps_drop(const char *user, const char **what);

/* In a user namespace of its own a process has capabilities that the kernel
 * does not let count for BPF. */
bool caps_user_namespace(void);

#endif
