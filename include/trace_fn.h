/* SPDX-License-Identifier: GPL-2.0-only */
/* What backend fn's programs and their loader agree on. */
#ifndef ICMPX_TRACE_FN_H
#define ICMPX_TRACE_FN_H

#include <linux/types.h>

#define ICMPX_FUNCTION_ADDRESSES 2048 /* several for each function */

/* A function as the programs are told about it. skb: which argument (1 = first) is, or points
 * to, the packet; 0: none. */
static inline __u64 icmpx_function(__u16 probe, __u8 skb)
{
	return (__u64)skb << 16 | probe;
}

#define ICMPX_FUNCTION_PROBE(function) ((__u16)(function))
#define ICMPX_FUNCTION_SKB(function)   ((__u8)((function) >> 16))

#endif
