/* SPDX-License-Identifier: GPL-2.0-only */
/* Call paths as people think of them: the caller first, without the ways into the kernel. */
#ifndef ICMPX_CALL_PATH_H
#define ICMPX_CALL_PATH_H

#include "catalog.h"
#include "event.h"

struct call {
	const char *name;
	int probe;     /* or -1 */
	bool returned; /* of edges_between(): it is no caller of the next */
};

/* Whether it runs in a softirq. */
bool call_path_in_softirq(const struct path *path);

/* Outermost first; of a softirq on top of something else: the softirq alone. How many;
 * `calls` has place for ICMPX_STACK_MAX. */
size_t call_path_clean(const struct path *path, struct call *calls);

/* The same of what a softirq came on top of; 0: it runs alone, or there is none. */
size_t call_path_clean_below(const struct path *path, struct call *calls);

/* Whether two names are one function's. */
bool call_same(const struct call *a, const struct call *b);

#endif
