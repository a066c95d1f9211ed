/* SPDX-License-Identifier: GPL-2.0-only */
/* Who holds a BPF program. */
#ifndef ICMPX_REFS_H
#define ICMPX_REFS_H

#include <linux/types.h>

/* How many hooks, pins and descriptors hold the program of that id. -ENOENT: there is none; or
 * another negative errno: it takes BTF, CAP_BPF, CAP_PERFMON and Linux 5.9 to ask. */
int refs_of(__u32 prog_id);

#endif
