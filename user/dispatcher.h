/* SPDX-License-Identifier: GPL-2.0-only */
/* What libxdp keeps of its dispatchers in bpffs. */
#ifndef ICMPX_DISPATCHER_H
#define ICMPX_DISPATCHER_H

#include "hook_xdp.h"
#include "pins.h"

/* Removes libxdp's pins of the dispatchers that hold our program, of dir, and
 * that run nowhere any more: neither here nor in another namespace, where the
 * interface may have gone. libxdp names them by interface index alone. */
void dispatcher_forget(const struct pin_dir *dir);

/* Fills the hook's dispatcher and echo_id by libxdp's pins and ours, for who may not ask the
 * kernel for programs by their ids: that takes CAP_SYS_ADMIN. */
void dispatcher_look_into_pins(const struct pin_dir *dir, struct xdp_hook *hook);

#endif
