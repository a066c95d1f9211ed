/* SPDX-License-Identifier: GPL-2.0-only */
/* The leases of one interface, out of its tables. */
#ifndef ICMPX_LEASES_H
#define ICMPX_LEASES_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#include "config.h"
#include "lease.h"
#include "pins.h"

struct lease_row {
	const char *ifname; /* whose lease_list() it was */
	bool v6;
	bool any_peer;           /* --trust address */
	struct icmpx_flow6 flow; /* IPv4 in the first words of peer and local */
	struct icmpx_lease lease;
	__u32 age;        /* seconds since first learned, to one */
	double remaining; /* seconds to expiry; 0 or less: expired */
};

/* When leases were read. */
struct lease_clock {
	__u64 jiffies; /* 0: unknown */
	__u64 floor;   /* of struct icmpx_epoch */
	__u32 hz;
	double monotonic; /* CLOCK_MONOTONIC, seconds */
};

/* Appends the leases behind dir to *rows, which the caller frees. 0 or a
 * negative errno, -ENOENT where there are no maps; what was read stays. */
int leases_read(const struct pin_dir *dir, const char *ifname, const struct icmpx_config *config,
		struct lease_row **rows, size_t *count);

/* A table's entry as a row, without its interface and times. False when it is
 * none, or is being written just now. */
bool lease_row_v4(const struct icmpx_entry4 *entry, const __u64 *multipliers,
		  struct lease_row *row);
bool lease_row_v6(const struct icmpx_entry6 *entry, const __u64 *multipliers,
		  struct lease_row *row);

/* Fills age and remaining. With jiffies unknown, lease_s from `renewed` on:
 * right to a second, for leases made with the present --lease. */
void lease_set_times(struct lease_row *row, const struct lease_clock *clock, __u32 lease_s);

/* By interface, family, peer, local address, VLAN. */
void leases_sort(struct lease_row *rows, size_t count);

#endif
