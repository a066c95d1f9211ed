/* SPDX-License-Identifier: GPL-2.0-only */
/* attach --live: both halves on one screen. */
#ifndef ICMPX_CMD_ATTACH_LIVE_H
#define ICMPX_CMD_ATTACH_LIVE_H

#include <stdbool.h>
#include <linux/types.h>

/* The interface is attached, after screen_catch(). Shows its counters and the pings that pass it
 * until the user ends that, and detaches it unless `keep`. Reports; returns an enum exit_status. */
int cmd_attach_live(const char *name, __u32 ifindex, bool keep, bool verbose);

#endif
