/* SPDX-License-Identifier: GPL-2.0-only */
/* A lease: the kernel's own answer to one echo request, kept for a while.
 *
 * The fast path notes the request that it hands to the kernel (icmpx_request).
 * The learner, at tc egress, compares the kernel's reply with that note and
 * writes a lease only when the reply is, byte for byte, what the fast path
 * would have made of that request, had it known the lease. A reply that a
 * user-space responder made, that answers a request from another interface,
 * or that a filter mangled, therefore never becomes a lease. */
#ifndef ICMPX_LEASE_H
#define ICMPX_LEASE_H

#include <linux/types.h>

/* VLAN tags of a flow: outermost in the low half, 0 where there is none.
 * Priority and drop-eligible bits are no part of the flow. */
#define ICMPX_VLAN_VID     0x0fff
#define ICMPX_VLAN_PRESENT 0x1000
#define ICMPX_VLAN_AD      0x2000 /* 802.1ad (0x88a8), else 802.1Q (0x8100) */
#define ICMPX_VLAN_TAGS    2

/* Keys. No padding: hashed and compared as bytes. With --trust address the
 * peer of a lease's key is zero; a request's key always has it. */
struct icmpx_flow4 {
	__be32 peer;
	__be32 local;
	__u32 vlan;
};

struct icmpx_flow6 {
	__be32 peer[4];
	__be32 local[4];
	__u32 vlan;
};

struct icmpx_lease {
	__u64 expires;	    /* jiffies64; not valid from then on */
	__u8 peer_mac[6];   /* destination, then source of the kernel's reply, */
	__u8 local_mac[6];  /* as they stand in the frame */
	__be16 tci[ICMPX_VLAN_TAGS]; /* tag control of the reply, outermost first */
	__u16 max_len;	    /* longest IP datagram seen to go out unfragmented, host order */
	__u16 ident;	    /* IPv4 identification of the kernel's reply, host order */
	__u8 ttl;	    /* TTL or hop limit */
	__u8 pad[3];
	__be32 label;	    /* IPv6 flow label of the reply, in place in the first word */
	__be32 label_want;  /* a request must have this label ... */
	__be32 label_mask;  /* ... in these bits; 0: any */
	__u64 served;	    /* replies made; approximate when one flow uses several CPUs */
	__u32 learned;	    /* CLOCK_MONOTONIC seconds: first learned, */
	__u32 renewed;	    /* last renewed */
};

_Static_assert(sizeof(struct icmpx_lease) == 64, "a lease fills one cache line");

/* The request that the kernel is working on, as far as its reply must match. */
struct icmpx_request {
	__u64 asked;	/* jiffies64 */
	__be32 id_seq;
	__be32 label;	/* IPv6, in place in the first word */
	__be16 check;	/* ICMP checksum of the request */
	__u16 len;	/* IP datagram, host order */
	__u8 tos;	/* TOS or traffic class */
	__u8 code;	/* ICMP code */
	__u8 local_mac[6]; /* destination of the request's frame */
	__u8 pad[4];
};

#endif
