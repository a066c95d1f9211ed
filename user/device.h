/* SPDX-License-Identifier: GPL-2.0-only */
/* Facts about an interface. */
#ifndef ICMPX_DEVICE_H
#define ICMPX_DEVICE_H

#include <stdbool.h>
#include <linux/types.h>

#define DEVICE_PLAIN_MTU 1500 /* above, a driver may want multi-buffer programs */

struct device {
	char name[16];
	char driver[32]; /* "" when it does not say */
	__u32 ifindex;
	__u32 mtu;
	bool ethernet;
	bool strips_tags;  /* rx-vlan-offload: XDP sees no VLAN tag of 802.1Q */
	bool strips_stags; /* rx-vlan-stag-hw-parse: nor one of 802.1ad */
};

/* 0 or a negative errno; -ENODEV: no such interface in this namespace. */
int device_get(__u32 ifindex, struct device *device);

#endif
