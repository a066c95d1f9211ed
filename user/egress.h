/* SPDX-License-Identifier: GPL-2.0-only */
/* What becomes of the frames that leave an interface, and of those that come in, by traffic
 * control: replies by XDP leave past it, and requests are answered before it. */
#ifndef ICMPX_EGRESS_H
#define ICMPX_EGRESS_H

#include <stdbool.h>
#include <linux/types.h>

struct egress {
	char qdisc[16]; /* one that shapes, drops, delays or copies; "": none */
	/* Filters at clsact egress before the learner: the kind of one of them; "": none. */
	char redirects[16]; /* which takes replies away */
	char mirrors[16];   /* which sends copies elsewhere */
	char others[16];    /* with any other action, or a program */
	bool tcx;           /* programs at tcx egress, which run before all filters */
	bool ingress;       /* filters or programs at ingress */
};

/* 0 or a negative errno. */
int egress_read(__u32 ifindex, struct egress *egress);

#endif
