/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables of leases, from outside. */
#ifndef TABLE_LIB_H
#define TABLE_LIB_H

#include "frames_lib.h"

struct table {
	int map;
	int family;
	const __u64 *multipliers; /* the configuration's */
};

/* Fills in the configuration's: odd, and always the same, so that a failure comes again. */
void table_multipliers(struct icmpx_config *config);

/* The set that the flow's lease is in, and the lease's seal there. */
__u32 table_set_of(const struct table *table, const union flow *flow);
__u32 table_seal(const struct table *table, const union flow *flow,
		 const struct icmpx_lease *lease);

/* Writes the lease, in place of the flow's own for that source MAC or of none; seals it, too.
 * table_put_torn() leaves the seal as it is, and takes the flow's first, whatever its MAC. 0 or a
 * negative errno, -ENOSPC where the set is full. */
int table_put(const struct table *table, const union flow *flow, struct icmpx_lease *lease);
int table_put_torn(const struct table *table, const union flow *flow,
		   const struct icmpx_lease *lease);
/* When the kernel was last asked for the flow's first lease, in jiffies. 0 or a negative errno. */
int table_set_asked(const struct table *table, const union flow *flow, __u32 asked);
/* False: there is none. An entry that does not seal is found, too. */
bool table_get(const struct table *table, const union flow *flow, struct icmpx_lease *lease);

/* Entries, and forgetting all of them; -1 on an error. */
int table_count(const struct table *table);
int table_clear(const struct table *table);

#endif
