/* SPDX-License-Identifier: GPL-2.0-only */
/* A ping as trace viewers draw it: tracks with slices and instants. Pure. A ping and its stages
 * are slices; those of pings at the same time are on tracks of their own ("lanes"), so that
 * slices of a track never overlap. A hop is an instant on the track of its task or, in a
 * softirq, its CPU. */
#ifndef ICMPX_TIMELINE_H
#define ICMPX_TIMELINE_H

#include "assemble.h"
#include "catalog.h"
#include "stages.h"

#define TIMELINE_FACTS 16

/* What is to be said of a slice or an instant. */
struct timeline_fact {
	const char *key;
	const char *text; /* NULL: it is a number */
	__u64 number;
};

enum timeline_flow {
	FLOW_NONE,
	FLOW_BEGINS,
	FLOW_GOES_ON,
	FLOW_ENDS,
};

#define TIMELINE_GROUPS (1 + SIDE_MAX) /* of tracks: 0: whole pings, then by side */

const char *timeline_group(unsigned int group); /* "pings", "sender" */

struct timeline_item {
	unsigned int group;
	__u32 track; /* a number for each, whatever the group */
	const char *name, *category;
	__u64 time, ns; /* when it begins, how long; ns of an instant: 0 */
	bool instant;
	__u64 ping; /* its number, and so that of the flow */
	enum timeline_flow flow;
	size_t count;
	struct timeline_fact facts[TIMELINE_FACTS];
};

/* Each 0 or a negative errno, which ends it. What they are given is gone after the call. */
struct timeline_sink {
	/* Before its first item. */
	int (*track)(void *data, unsigned int group, __u32 track, const char *name);
	/* Slices of a track by time; instants in no order. */
	int (*item)(void *data, const struct timeline_item *item);
	void *data;
};

struct timeline;

/* NULL: out of memory. */
struct timeline *timeline_new(const struct catalog *catalog, const struct timeline_sink *sink);
int timeline_ping(struct timeline *timeline, const struct ping *ping);
void timeline_free(struct timeline *timeline);

#endif
