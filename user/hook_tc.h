/* SPDX-License-Identifier: GPL-2.0-only */
/* The learner's place: last of the filters at clsact egress, so that a reply
 * that another filter drops, redirects or ends on is never learned, and one
 * that it mangles is seen as it leaves. */
#ifndef ICMPX_HOOK_TC_H
#define ICMPX_HOOK_TC_H

#include <stdbool.h>
#include <linux/types.h>

enum tc_qdisc {
	TC_QDISC_NONE,
	TC_QDISC_CLSACT,
	TC_QDISC_INGRESS, /* takes clsact's place and has no egress */
};

/* What stands at the interface's ingress handle, or a negative errno. */
int tc_qdisc(__u32 ifindex);

/* 0, -EEXIST when somebody else's ingress or clsact is there, or another errno. */
int tc_make_clsact(__u32 ifindex);

/* Removes clsact unless a filter is left in it. */
int tc_remove_clsact(__u32 ifindex);

/* Whether a filter with that handle and priority is ours. */
bool tc_is_learner(__u32 handle, __u32 priority);

/* Program id of our filter, 0 when it is not there; *made, if not NULL, whether it says that
 * icmpx made the clsact that it is in. */
__u32 tc_learner_id(__u32 ifindex, bool *made);

/* Adds our filter, with the mark that icmpx made the clsact if `made`; replaces the program of one
 * that is there in one step, whose mark stays. */
int tc_attach(__u32 ifindex, int prog_fd, bool made);

/* Removes our filter; 0 also when it is not there. */
int tc_detach(__u32 ifindex);

#endif
