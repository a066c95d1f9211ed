/* SPDX-License-Identifier: GPL-2.0-only */
/* The tracing programs' options. */
#ifndef ICMPX_TRACE_CONFIG_H
#define ICMPX_TRACE_CONFIG_H

#include "event.h"

#define ICMPX_SYSCALL_WORDS 8 /* a bit for each number below 512 */

/* In a key of the map `tgids`: the number that icmpx's PID namespace has for it. */
#define ICMPX_TGID_INNER (1u << 31)

struct icmpx_trace_config {
	struct icmpx_filter filter;
	__u32 stacks;   /* enum icmpx_stacks */
	__u32 by_place; /* the filter has ifindex, netns or by_task */
	/* System calls whose beginning is noted; numbers are the architecture's. */
	__u64 syscalls[ICMPX_SYSCALL_WORDS];
	__s32 sendto;     /* whose second argument is the message itself */
	__u32 data_ready; /* the kernel shows when a socket is given a packet (6.12) */
	/* icmpx's PID namespace, where it is not the first one (a container); else 0. */
	__u64 pidns_dev, pidns_inode;
};

#endif
