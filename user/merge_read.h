/* SPDX-License-Identifier: GPL-2.0-only */
/* A recording -> what a merge wants of it: all of its pings at once. */
#ifndef ICMPX_MERGE_READ_H
#define ICMPX_MERGE_READ_H

#include "catalog.h"
#include "merge.h"
#include "record.h"

struct merge_recording {
	const char *path;
	struct catalog *catalog;
	struct trace_header header;
	bool has_header;
	struct assemble_counts counts;
};

/* record_read()'s result; what was read before an error is there. */
int merge_read(struct merge_recording *recording, struct merge_side *side,
	       struct record_error *error);

#endif
