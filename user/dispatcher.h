/* SPDX-License-Identifier: GPL-2.0-only */
/* What libxdp keeps in bpffs of a dispatcher whose interface is gone. */
#ifndef ICMPX_DISPATCHER_H
#define ICMPX_DISPATCHER_H

#include "pins.h"

/* Removes libxdp's pins of the dispatchers that hold our program, of dir, and
 * that run nowhere any more: neither here nor in another namespace, where the
 * interface may have gone. libxdp names them by interface index alone. */
void dispatcher_forget(const struct pin_dir *dir);

#endif
