/* SPDX-License-Identifier: GPL-2.0-only */
/* What libxdp keeps of its dispatchers in bpffs: xdp/dispatch-IFINDEX-ID/, by the interface's index
 * alone, whatever network namespace it is in. */
#ifndef ICMPX_DISPATCHER_H
#define ICMPX_DISPATCHER_H

#include "hook_xdp.h"
#include "pins.h"

/* Makes libxdp's directory, before libxdp does, where nobody else can have a hand in it. 0, or a
 * negative errno as of bpffs_dir(). */
int dispatcher_prepare(void);

/* Removes libxdp's pins of the dispatchers that hold a program of ours, of dir or of an attach
 * that was killed, and that run nowhere: neither here nor in another namespace, where the
 * interface may have gone. Nothing of another namespace's that has the same index. */
void dispatcher_forget(const struct pin_dir *dir);

/* Fills the hook's dispatcher and echo_id by libxdp's pins and ours, for who may not ask the
 * kernel for programs by their ids: that takes CAP_SYS_ADMIN. */
void dispatcher_look_into_pins(const struct pin_dir *dir, struct xdp_hook *hook);

#endif
