/* SPDX-License-Identifier: GPL-2.0-only */
/* Within render_trace*.c: one ping on its way to the screen. */
#ifndef ICMPX_RENDER_TRACE_TEXT_H
#define ICMPX_RENDER_TRACE_TEXT_H

#include "render_trace.h"
#include "text_line.h"

struct ping_text {
	const struct ping *ping;
	const struct catalog *catalog;
	const struct trace_view *view;
	struct text_line line;
	const struct hop *last; /* that was shown */
	const char *layer;      /* that was shown */
	bool timed;
	__u64 time;        /* that was shown, if timed */
	int cpu;           /* likewise; -1: none yet */
	unsigned int step; /* of the tree: columns a level */
	bool no_legend;    /* it is above already */
};

struct trace_text {
	char buf[160];
};

struct text_line render_trace_line(FILE *out, const struct trace_view *view);

/* A ping's first line: from where to where, and its numbers. */
void render_trace_identity(FILE *out, const struct ping *ping, const struct trace_view *view);

/* "57.3 us", "12.35 ms", "10.00 s". */
const char *render_trace_time(__u64 ns, struct trace_text *text);

/* "ping[1234]" */
const char *render_trace_task(const struct catalog *catalog, __u32 tgid, __u32 tid,
			      struct trace_text *text);

/* "destination unreachable: port unreachable" */
const char *render_trace_icmp(unsigned int family, unsigned int type, unsigned int code,
			      struct trace_text *text);

/* What is to be said of a hop beside its name: device, result, who is woken. "": nothing. */
const char *render_trace_details(const struct ping_text *text, const struct hop *hop,
				 struct trace_text *details);

/* A drop in place of its name, and lines about it. */
void render_trace_drop(struct ping_text *text, const struct hop *hop, unsigned int indent);

void render_trace_frames(struct ping_text *text);
void render_trace_stages(struct ping_text *text);

#endif
