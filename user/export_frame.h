/* SPDX-License-Identifier: GPL-2.0-only */
/* The bytes of a packet, from what events hold of it. Pure. */
#ifndef ICMPX_EXPORT_FRAME_H
#define ICMPX_EXPORT_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#include "event.h"

#define EXPORT_FRAME_MAX 96 /* IPv6, ICMPv6, and both again in an error */

struct export_frame {
	unsigned char bytes[EXPORT_FRAME_MAX];
	size_t captured;     /* of them */
	unsigned int length; /* of the packet, at least `captured` */
};

/* From the IP header on, up to the last byte that is known: of a fragment the IP header alone
 * (where it belongs is not recorded), of an error the headers of the packet that it is about
 * too. `ping`: the request that all of this is about. What is not recorded is 0: type of
 * service, flow label, don't fragment, the TTL in an error, and checksums over data; those of
 * the IPv4 header and of a message without data are right. */
void export_frame_make(const struct icmpx_packet *packet, bool fragment,
		       const struct icmpx_packet *ping, struct export_frame *frame);

#endif
