/* SPDX-License-Identifier: GPL-2.0-only */
/* Values as short text. Each writes to buf and returns it. */
#ifndef ICMPX_FORMAT_H
#define ICMPX_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

struct text {
	char buf[64];
};

/* At most five characters and a unit: 999, 1.2k, 12.3M. Powers of 1000. */
const char *format_scaled(double value, struct text *text);

/* Three digits and a unit: 850ns, 12.3us, 1.23ms. */
const char *format_ns(__u64 ns, struct text *text);

/* 7s, 3m07s, 2h05m, 4d02h. */
const char *format_duration(double seconds, struct text *text);

/* Local time: 2006-01-02 15:04:05. `epoch` in seconds. */
const char *format_time(__u64 epoch, struct text *text);

/* Four words in network order; IPv4 in the first. All zero with any: "any". */
const char *format_address(bool v6, const __be32 *address, bool any, struct text *text);

/* The tags of a flow's key, outermost first: "-", "100", "100ad.200" (ad: 802.1ad). */
const char *format_vlan(__u32 vlan, struct text *text);

/* The name of an errno: "EPERM"; its number when it has none. Positive or negative. */
const char *format_errno(int err, struct text *text);

#endif
