/* SPDX-License-Identifier: GPL-2.0-only */
/* Sends a frame and tells what comes back, without waiting for time to pass:
 * a barrier that the kernel behind always answers says that all is decided. */
#ifndef NET_WIRE_H
#define NET_WIRE_H

#include "frame.h"

#define WIRE_REPLIES 16 /* frames that one frame can cause, more are an error */

struct wire {
	int fd;
	__u32 mtu;
	__u64 first, cookie; /* the barriers' numbers: above the first one, up to the last one */
	struct spec barrier; /* an echo request with IPv4 options: never the fast path's */
};

struct replies {
	__u32 count;
	struct frame frame[WIRE_REPLIES];
};

/* `barrier` describes an echo request of a host that is always answered.
 * 0 or a negative errno. */
int wire_open(struct wire *wire, const char *ifname, const struct spec *barrier);
void wire_close(struct wire *wire);

/* All that the other end sends because of these frames, in order; what it sends
 * by timers is left out. -ETIMEDOUT: a barrier was not answered. */
int wire_ask(struct wire *wire, const struct frame *frames, __u32 count, struct replies *replies);

#endif
