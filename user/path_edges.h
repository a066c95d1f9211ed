/* SPDX-License-Identifier: GPL-2.0-only */
/* What call paths do not show between two of their functions: what ended with a jump, was inlined,
 * or has returned. Measured where ftrace can see it (edges-SERIES.h), else the sources' word
 * (edges.h). */
#ifndef ICMPX_PATH_EDGES_H
#define ICMPX_PATH_EDGES_H

#include "call_path.h"

struct edges;

/* Those of the newest series that is not newer than the kernel of this release (uname -r), of the
 * oldest one for an older kernel; of what was not measured the sources' word, but for a kernel of
 * the same series and maker: where nothing was seen there, nothing is. One release at a time.
 * NULL where the release is none: the sources' word alone. Theirs is the memory, until the process
 * ends. */
const struct edges *edges_of(const char *release);

/* The kernel that they were measured on, as uname -r, and its uname -m. NULL: on none. */
const char *edges_kernel(const struct edges *edges);
const char *edges_machine(const struct edges *edges);

/* Whether the release is of the same series. */
bool edges_fit(const struct edges *edges, const char *release);

/* The functions that lie between these two, in order; how many. */
size_t edges_between(const struct edges *edges, unsigned int family, const struct call *caller,
		     const struct call *callee, const struct call **between);

#endif
