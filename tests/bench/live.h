/* SPDX-License-Identifier: GPL-2.0-only */
/* What flood_lib.c and live.bpf.c share. */
#ifndef LIVE_H
#define LIVE_H

#include <linux/types.h>

#define LIVE_WORDS 8   /* the begin of a frame: all headers, either family */
#define LIVE_MAX   128 /* longest frame */

struct live_run {
	__u64 request[LIVE_WORDS]; /* what the sender writes into each frame */
	__u64 reply[LIVE_WORDS];   /* what counts as a reply ... */
	__u64 mask[LIVE_WORDS];    /* ... in these bits */
	__u32 len;                 /* of either */
	__u32 out;                 /* interface to send from */
	__u64 want;                /* replies to count */
	__u64 sent;
	__u64 started, ended; /* CLOCK_MONOTONIC, ns: first request, last reply */
	__u8 last[LIVE_MAX];  /* that reply */
};

struct live_count {
	__u64 replies;
	__u64 others; /* frames that are no such reply; they are passed on */
};

#endif
