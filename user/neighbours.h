/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's neighbour table, for the fast path to start from. */
#ifndef ICMPX_NEIGHBOURS_H
#define ICMPX_NEIGHBOURS_H

#include <linux/types.h>

/* Puts the neighbours of this namespace that have a MAC, of whatever interface, as untagged into
 * the map (struct icmpx_neighbour to struct icmpx_mac) where they are not there already. 0 or a
 * negative errno. */
int neighbours_fill(int map);

#endif
