/* SPDX-License-Identifier: GPL-2.0-only */
/* --compare: the documented call paths against the live one. Pure but for `exists`. */
#ifndef ICMPX_COMPARE_H
#define ICMPX_COMPARE_H

#include <stdio.h>

#include "documented.h"
#include "frames.h"
#include "render_trace.h"
#include "util.h"

/* X(id, name, title) */
#define COMPARE_RESULTS(X)                                                                         \
	X(SAME, "same", "as documented")                                                           \
	X(RENAMED, "renamed", "renamed to")                                                        \
	X(INLINED, "inlined", "inlined or a tail call: both its neighbours were passed")           \
	X(NOT_SEEN, "not_seen", "not passed, or not visible to this backend")                      \
	X(GONE, "gone", "not in this kernel")                                                      \
	X(NEW, "new", "not in the documents")

enum compare_result {
#define X(id, name, title) COMPARE_##id,
	COMPARE_RESULTS(X)
#undef X
		COMPARE_RESULT_MAX,
};

struct comparison;

/* `exists`: whether the running kernel has a function of that name; NULL: unknown. */
struct comparison *compare_new(bool (*exists)(void *data, const char *name), void *data);
void compare_free(struct comparison *comparison);

/* Adds a live ping's functions. 0 or -ENOMEM. */
int compare_add(struct comparison *comparison, const struct ping *ping,
		const struct frames *frames);

struct compare_row {
	const char *documented; /* NULL: NEW */
	const char *live;       /* NULL: none */
	enum icmpx_layer layer;
	enum compare_result result;
	enum frame_mark mark; /* of `live` */
	__u64 count;          /* how often it was passed, all these pings together */
};

struct compare_rows {
	struct compare_row *list; /* to be freed; its texts are the comparison's */
	size_t count;
	__u64 pings; /* that can be held against this path; 0: no rows */
};

/* A documented path, in its order, then what is new on it. 0 or -ENOMEM. */
int compare_rows(const struct comparison *comparison, enum documented_path path,
		 struct compare_rows *rows);

/* A live function or system call, whatever the path. False: there are no more. */
struct compare_function {
	const char *name;
	enum icmpx_layer layer;
	enum frame_mark mark;
	bool documented;
	bool system_call;
	__u64 count;
};

bool compare_function(const struct comparison *comparison, size_t index,
		      struct compare_function *function);

__u64 compare_pings(const struct comparison *comparison);
const char *compare_result_name(enum compare_result result);

/* The documented paths that these pings can be held against (sender, responder, ping socket,
 * IPv6, error, UDP), layer by layer. */
void render_compare_text(FILE *out, const struct comparison *comparison,
			 const struct trace_view *view);
/* One NDJSON object, "type": "compare". */
void render_compare_json(FILE *out, const struct comparison *comparison);

DEFINE_CLEANUP(comparison, struct comparison *, compare_free)

#endif
