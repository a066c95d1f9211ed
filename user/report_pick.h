/* SPDX-License-Identifier: GPL-2.0-only */
/* Of any number of texts that come one by one, some: half of them those with the highest score,
 * the other half the others evenly, each so many-th. */
#ifndef ICMPX_REPORT_PICK_H
#define ICMPX_REPORT_PICK_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

struct picked {
	__u64 score;
	char *text;
};

struct report_pick {
	size_t places; /* of each half */
	struct picked *highest, *evenly;
	size_t highest_count, evenly_count;
	size_t lowest; /* of `highest`, once that is full */
	__u64 seen, stride;
};

/* 0 or -ENOMEM; to be freed in either case. */
int report_pick_init(struct report_pick *pick, size_t places);
void report_pick_free(struct report_pick *pick);

/* Whether the next one, of this score, has a place; if not, it is counted and that is all. */
bool report_pick_wants(struct report_pick *pick, __u64 score);

/* After report_pick_wants(). The text, to be freed by free(), becomes its own. */
void report_pick_add(struct report_pick *pick, __u64 score, char *text);

/* In no order. NULL: there are no more. */
const char *report_pick_text(const struct report_pick *pick, size_t index);

#endif
