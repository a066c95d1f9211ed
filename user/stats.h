/* SPDX-License-Identifier: GPL-2.0-only */
/* The counters of interfaces and of the kernel, round after round. */
#ifndef ICMPX_STATS_H
#define ICMPX_STATS_H

#include "render.h"
#include "select.h"

/* One round for the interfaces of these names, all that are attached if `named` is 0; *stats
 * holds the round before, or zeros. On failure a negative errno, and *why says why. */
int stats_read(char **names, int named, struct stats *stats, struct refusal *why);

/* How many leases are valid, for the interfaces that are shown. What cannot be read is not known.
 */
void stats_read_leases(struct stats *stats);

void stats_free(struct stats *stats);

#endif
