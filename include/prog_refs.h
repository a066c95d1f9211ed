/* SPDX-License-Identifier: GPL-2.0-only */
/* What the iterator over BPF programs writes of each. */
#ifndef ICMPX_PROG_REFS_H
#define ICMPX_PROG_REFS_H

#include <linux/types.h>

struct prog_refs {
	__u32 id, unused;
	__s64 count; /* hooks, pins, descriptors, and the iterator itself */
};

#endif
