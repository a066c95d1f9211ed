/* SPDX-License-Identifier: GPL-2.0-only */
/* One attach on its way, between attach.c, which plans it, and attach_link.c. */
#ifndef ICMPX_ATTACH_JOB_H
#define ICMPX_ATTACH_JOB_H

#include "device.h"
#include "hook_xdp.h"
#include "load.h"
#include "ways_in.h"
#include "xdp.h"

struct job {
	struct device device;
	const struct attach_options *options;
	struct icmpx_config config;
	struct attachment old; /* what there was */
	struct xdp_hook hook;
	bool had;    /* old is attached, whole or in part */
	bool pinned; /* and has pins */
	bool made_clsact;
	bool dispatch;
	bool unloadable;     /* the kernel does not take the fast path */
	const char *loses;   /* why native would lose replies; NULL: not for all that is known */
	const char *doubles; /* why it would answer what the kernel drops; or NULL */
	struct ways_in ways;
	struct programs programs;
	struct attach_result *result;
	struct attach_error *error;
};

/* Each returns 0 or a negative errno, with job->error filled. */
int link_learn(struct job *job);  /* the loaded learner to tc egress */
int link_mode(struct job *job);   /* the fast path to XDP, as the options' mode says */
int look_around(struct job *job); /* what is below and above; refuses where that forbids it */
int load_failed(struct job *job, const char *what, int err);

#endif
