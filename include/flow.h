/* SPDX-License-Identifier: GPL-2.0-only */
/* What all pings of one sender to one target have in common; the key of the map `flows`. */
#ifndef ICMPX_FLOW_H
#define ICMPX_FLOW_H

#include "event.h"

struct icmpx_flow {
	__u8 low[16] ICMPX_ALIGNED; /* addresses */
	__u8 high[16] ICMPX_ALIGNED;
	__be16 id;
	__be16 seq; /* 0 for echo: all of a flow's pings */
	__u32 family_protocol;
};

static inline __attribute__((always_inline)) void icmpx_flow_set(struct icmpx_flow *flow,
								 const struct icmpx_packet *packet)
{
	__u64 a[2], b[2];
	int swap;

	__builtin_memcpy(a, packet->source, sizeof(a));
	__builtin_memcpy(b, packet->destination, sizeof(b));
	swap = a[0] > b[0] || (a[0] == b[0] && a[1] > b[1]);
	__builtin_memcpy(flow->low, swap ? packet->destination : packet->source, 16);
	__builtin_memcpy(flow->high, swap ? packet->source : packet->destination, 16);
	flow->family_protocol = packet->family << 8 | packet->protocol;
	flow->id = packet->id;
	flow->seq = 0;
	if (packet->protocol == 17 /* IPPROTO_UDP */) {
		/* ports, in either order */
		flow->id = packet->id ^ packet->seq;
		flow->seq = packet->id + packet->seq;
	}
}

#endif
