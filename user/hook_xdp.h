/* SPDX-License-Identifier: GPL-2.0-only */
/* The XDP hook of an interface: who is there, and a program of its own. */
#ifndef ICMPX_HOOK_XDP_H
#define ICMPX_HOOK_XDP_H

#include <stdbool.h>
#include <linux/types.h>

#include "pins.h"
#include "xdp.h"

/* Who is at the hook. */
struct xdp_hook {
	enum xdp_mode mode; /* of what is attached; MODE_AUTO: nothing is */
	__u32 top_id;       /* the program that the driver runs: ours, foreign or a dispatcher */
	__u32 echo_id;      /* ours; 0: not attached */
	bool dispatcher;    /* top_id is libxdp's dispatcher */
	bool others;        /* which has others' programs, too */
	bool hidden; /* top_id is one whose pins are not in this bpffs, or nowhere any more: */
	bool hollow; /* it has no program in it */
};

/* dir tells what is ours by its pins; without them the program's name must do. */
int hook_xdp_query(__u32 ifindex, const struct pin_dir *dir, struct xdp_hook *hook);

/* Descriptor of a program by its id, which takes CAP_SYS_ADMIN, or -errno. */
int hook_xdp_fd(__u32 id);

/* Attaches where nothing is; -EBUSY or -EEXIST when something is. */
int hook_xdp_attach(__u32 ifindex, int prog_fd, enum xdp_mode mode);

/* Puts the program in place of old_fd's, atomically, in the same mode. */
int hook_xdp_replace(__u32 ifindex, int prog_fd, int old_fd, enum xdp_mode mode);

/* Removes the program if it is the one that is attached. */
int hook_xdp_detach(__u32 ifindex, int prog_fd, enum xdp_mode mode);

#endif
