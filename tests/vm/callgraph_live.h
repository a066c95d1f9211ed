/* SPDX-License-Identifier: GPL-2.0-only */
/* The calls of one task that ftrace saw, each held against the code at the place of the call. */
#ifndef ICMPX_CALLGRAPH_LIVE_H
#define ICMPX_CALLGRAPH_LIVE_H

#include "callgraph.h"

#define CALL_UNEXPLAINED CALL_KIND_MAX /* the code at that place calls something else */
#define LIVE_KIND_MAX    (CALL_KIND_MAX + 1)

struct edge {
	int from, to; /* functions */
	int kind;     /* enum call_kind or CALL_UNEXPLAINED */
};

struct live {
	struct code *code;
	struct edge *edges; /* each one once */
	size_t count, room;
	struct last_call *last;
};

/* Of a file of lines "FUNCTION RETURN": addresses, of what was called and where it returns to;
 * in the order of the calls. Exits with a message when it cannot be read. */
void live_read(struct live *live, struct code *code, const char *path);
void live_free(struct live *live);

bool live_has(const struct live *live, int from, int to, int kind);

#endif
