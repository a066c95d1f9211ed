/* SPDX-License-Identifier: GPL-2.0-only */
/* What a driver says that it can do with XDP: read, nothing is tried. */
#ifndef ICMPX_NETDEV_H
#define ICMPX_NETDEV_H

#include <linux/types.h>

/* Bits of enum netdev_xdp_act in <linux/netdev.h> of kernel 6.3. */
#define NETDEV_XDP_BASIC 0x01 /* XDP_PASS, DROP, TX, ABORTED */
#define NETDEV_XDP_RX_SG 0x20 /* multi-buffer frames */

/* 0 or a negative errno; -EOPNOTSUPP: the kernel (before 6.3) cannot say. */
int netdev_xdp_features(__u32 ifindex, __u64 *features);

#endif
