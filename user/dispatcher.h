/* SPDX-License-Identifier: GPL-2.0-only */
/* What libxdp keeps of its dispatchers in bpffs. */
#ifndef ICMPX_DISPATCHER_H
#define ICMPX_DISPATCHER_H

#include "pins.h"

/* Removes libxdp's pins of the dispatchers that hold our program, of dir, and
 * that run nowhere any more: neither here nor in another namespace, where the
 * interface may have gone. libxdp names them by interface index alone. */
void dispatcher_forget(const struct pin_dir *dir);

/* Whether the dispatcher, of this interface, has this program, by libxdp's pins: what the
 * kernel tells with CAP_SYS_ADMIN alone. */
bool dispatcher_holds(const struct pin_dir *dir, __u32 dispatcher, __u32 ours);

#endif
