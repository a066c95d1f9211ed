/* SPDX-License-Identifier: GPL-2.0-only */
/* An echo request's headers as turn.bpf.c stores them: one member a store. */
#ifndef TURN_H
#define TURN_H

#include <linux/types.h>

struct turn_link {
	__u64 dest;   /* at 0, two bytes of the source with it */
	__u32 source; /* at 8, the rest of it */
};

struct turn_v4 {
	__u64 addrs;    /* at 26 */
	__u64 echo;     /* at 34 */
	__u32 words[3]; /* from 14 on */
	struct turn_link link;
};

struct turn_v6 {
	__u64 addrs[4]; /* from 22 on */
	__u64 echo;     /* at 54 */
	__u32 words[2]; /* from 14 on */
	struct turn_link link;
};

#endif
