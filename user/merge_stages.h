/* SPDX-License-Identifier: GPL-2.0-only */
/* A ping of two machines -> where its time went, on each and between them. Pure. */
#ifndef ICMPX_MERGE_STAGES_H
#define ICMPX_MERGE_STAGES_H

#include "merge.h"

#define ON_THE_WIRE MACHINE_MAX

struct merge_stage {
	enum stage stage;
	__u8 leg;     /* enum icmpx_kind */
	__u8 machine; /* or ON_THE_WIRE */
	bool known;   /* of what is on the wire: the clocks' offset is, on both sides */
	__u64 ns;
	__u64 min, max; /* of what is on the wire and known: not less, not more */
};

struct merge_budget {
	struct merge_stage list[3 * ARRAY_SIZE(((struct budget *)0)->spans) + 2];
	size_t count;
	bool whole;  /* from the sender to the sender: they sum to its span */
	__u64 total; /* of those that are known */
	__u64 wire;  /* if it is whole: both ways, which needs no offset */
};

void merge_budget_make(const struct merged *merged, struct merge_budget *budget);

/* The same for stage_stats_add(): what is not known is left out. */
void merge_budget_plain(const struct merge_budget *budget, struct budget *plain);

#endif
