/* SPDX-License-Identifier: GPL-2.0-only */
/* A frame that comes in, as far as it is parsed. */
#ifndef ICMPX_REQUEST_H
#define ICMPX_REQUEST_H

#include "parse.h"

/* A request on its way through the judge. Pointers point into the frame. */
struct request {
	struct cursor cur;
	struct ethhdr *eth;
	struct echohdr *echo;
	__u32 vlan;   /* as in a flow's key */
	__u32 len;    /* IP datagram, host order */
	__be32 label; /* IPv6, in place in the header's first word */
	__u8 tos;     /* or traffic class */
	bool plain;   /* no options: known when this is compiled */
};

/* Up to two tags behind the MACs; returns the protocol behind them, or a tag's
 * own where there are more, or where the frame ends in one. */
static __always_inline __be16 parse_tags(struct request *req, __be16 proto)
{
#pragma unroll
	for (int i = 0; i < ICMPX_VLAN_TAGS && proto_is_tag(proto); i++) {
		struct tag *tag = pull(&req->cur, struct tag);

		if (!tag)
			return proto;
		/* Read again: the verifier does not know then which of the two it is, and goes on
		 * with one state instead of two. */
		proto = *(const volatile __be16 *)((void *)tag - sizeof(proto));
		req->vlan |= tag_key(proto, bpf_ntohs(tag->tci)) << 16 * i;
		proto = tag->proto;
	}
	return proto;
}

#endif
