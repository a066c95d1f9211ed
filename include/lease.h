/* SPDX-License-Identifier: GPL-2.0-only */
/* A lease: the kernel's own answer to one echo request, kept for a while.
 *
 * The fast path notes the request that it hands to the kernel (icmpx_request).
 * The learner, at tc egress, compares the kernel's reply with that note and
 * writes a lease only when the reply is, byte for byte, what the fast path
 * would have made of that request, had it known the lease, and the kernel's
 * own. A reply that a program made or that a filter mangled therefore never
 * becomes a lease. No reply says where its request came in: where that may be
 * another interface, no leases are made (ways_in.h). */
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

/* Read and written as words, without a lock and without a barrier: `seal` says
 * that all of them up to it, and the key, were written together. Words of two
 * writes that meet in one entry, in whatever order a processor shows them, do
 * not seal, and an entry that does not seal is not there. Unused fields are zero. */
struct icmpx_lease {
	__u64 expires;               /* jiffies64; not valid from then on */
	__u8 peer_mac[6];            /* destination, then source of the kernel's reply, */
	__u8 local_mac[6];           /* as they stand in the frame */
	__be16 tci[ICMPX_VLAN_TAGS]; /* tag control of the reply, outermost first */
	__u16 max_len; /* longest IP datagram seen to go out unfragmented, host order */
	__u16 ident;   /* IPv4: identification is this plus the sequence, host order */
	__u8 ttl;      /* TTL or hop limit */
	__u8 pad;
	__u8 from_mac[6];  /* source of the request's frame, which others' must have too */
	__be32 label;      /* IPv6 flow label of the reply, in place in the first word */
	__be32 label_want; /* a request must have this label; ICMPX_LABEL_ANY: any */
	__u32 seal;
	__u64 served;  /* replies made; approximate when one flow uses several CPUs */
	__u32 learned; /* CLOCK_MONOTONIC seconds: first learned, */
	__u32 renewed; /* last renewed */
};

#define ICMPX_LABEL_ANY 0xffffffff /* longer than a label */

_Static_assert(sizeof(struct icmpx_lease) == 64, "a lease fills one cache line");

/* The tables: sets of a few entries, found by a hash of the flow whose
 * multipliers are random, so that nobody can choose flows that meet in a set.
 * Arrays, since those are read without a call into the kernel. */
#define ICMPX_WAYS        4
#define ICMPX_SET_BITS    12
#define ICMPX_SETS        (1 << ICMPX_SET_BITS)
#define ICMPX_MULTIPLIERS 6

/* A flow whose requests come by two routers in turns has a lease for each. */
struct icmpx_entry4 {
	struct icmpx_lease lease;
	struct icmpx_flow4 flow;
	__u32 asked; /* jiffies: when the kernel was last asked over the limit for new flows */
};

struct icmpx_entry6 {
	struct icmpx_lease lease;
	struct icmpx_flow6 flow;
	__u32 asked;
};

struct icmpx_set4 {
	struct icmpx_entry4 way[ICMPX_WAYS];
};

struct icmpx_set6 {
	struct icmpx_entry6 way[ICMPX_WAYS];
};

#define ICMPX_INLINE static inline __attribute__((always_inline, unused))

/* A sum of products alone is linear: who has found two flows that meet, by how long their pings
 * take, knows of all that are as far apart. */
ICMPX_INLINE __u64 icmpx_mix(const volatile __u64 *multipliers, __u64 sum)
{
	return (sum ^ sum >> 32) * multipliers[5];
}

/* The addresses are two and four 64-bit words in memory order. */
ICMPX_INLINE __u64 icmpx_hash4(const volatile __u64 *multipliers, __u64 addrs, __u32 vlan)
{
	return icmpx_mix(multipliers, addrs * multipliers[0] + vlan * multipliers[1]);
}

ICMPX_INLINE __u64 icmpx_hash6(const volatile __u64 *multipliers, const __u64 *addrs, __u32 vlan)
{
	return icmpx_mix(multipliers, addrs[0] * multipliers[0] + addrs[1] * multipliers[1] +
					      addrs[2] * multipliers[2] +
					      addrs[3] * multipliers[3] + vlan * multipliers[4]);
}

/* Multiply-shift: the high bits are the good ones. */
ICMPX_INLINE __u32 icmpx_set_of(__u64 hash)
{
	return hash >> (64 - ICMPX_SET_BITS);
}

#define ICMPX_SUM_EXPIRES 0x3c6ef372ULL

/* From the flow's hash and the lease's first six 64-bit words, the last without the seal itself.
 * One of 2^31 torn leases has the seal of a whole one. */
ICMPX_INLINE __u64 icmpx_sum(__u64 hash, const __u64 *words, __be32 label_want)
{
	return hash + words[0] * ICMPX_SUM_EXPIRES + words[1] * 0x2545f491 + words[2] * 0x1b873593 +
	       words[3] * 0x4cf5ad43 + words[4] * 0x38495ab5 + label_want * 0x561ccd1bULL;
}

/* Never zero, the seal of an entry that was never written. */
ICMPX_INLINE __u32 icmpx_seal(__u64 sum)
{
	return (sum ^ sum >> 32) | 1;
}

ICMPX_INLINE __u64 icmpx_sum_of(__u64 hash, const struct icmpx_lease *lease)
{
	__u64 words[5];

	__builtin_memcpy(words, lease, sizeof(words));
	return icmpx_sum(hash, words, lease->label_want);
}

ICMPX_INLINE __u32 icmpx_seal_of(__u64 hash, const struct icmpx_lease *lease)
{
	return icmpx_seal(icmpx_sum_of(hash, lease));
}

/* Keys of the requests that the kernel is working on: what all of a reply's and its request's
 * frames have in common, so that whatever else claims to be that request meets it here. */
struct icmpx_asked4 {
	__be32 peer;
	__be32 local;
	__be32 id_seq;
};

struct icmpx_asked6 {
	__be32 peer[4];
	__be32 local[4];
	__be32 id_seq;
};

/* The request that the kernel is working on, as far as its reply must match. */
struct icmpx_request {
	__u64 asked;       /* jiffies64 */
	__u32 vlan;        /* as in a flow's key */
	__be32 label;      /* IPv6, in place in the first word */
	__be16 check;      /* ICMP checksum of the request */
	__u16 len;         /* IP datagram, host order */
	__u8 local_mac[6]; /* destination, then source of the request's frame; */
	__u8 from_mac[6];  /* the first is aligned for a word */
	__u8 tos;          /* TOS or traffic class */
	__u8 code;         /* ICMP code */
	__u8 dead;         /* another such request came: the reply may be to either */
	__u8 done;         /* its reply has left: the next such request is a new one */
	__u8 pad[4];
};

_Static_assert(__builtin_offsetof(struct icmpx_request, local_mac) % 4 == 0,
	       "its first 4 bytes are read as a word");

#endif
