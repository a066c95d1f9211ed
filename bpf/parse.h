/* SPDX-License-Identifier: GPL-2.0-only */
/* Cursor parsing: pull(cur, struct iphdr) or NULL. The only bounds check of headers. */
#ifndef ICMPX_PARSE_H
#define ICMPX_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "lease.h"

/* libbpf has them from 1.6 on. */
#ifndef likely
#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#endif

/* Not from <linux/icmp.h>, which needs the C library's headers for another target. */
#define ICMP_ECHO           8
#define ICMP_ECHOREPLY      0
#define ICMPV6_ECHO_REQUEST 128
#define ICMPV6_ECHO_REPLY   129

#define IP_FRAGMENT 0x3fff /* more fragments, or an offset */
#define IPV6_FLOW   bpf_htonl(0x000fffff)

/* An echo request or reply: RFC 792, RFC 4443 section 4. */
struct echohdr {
	__u8 type;
	__u8 code;
	__be16 check;
	__be32 id_seq;
};

struct tag {
	__be16 tci;
	__be16 proto; /* of what follows */
};

struct cursor {
	void *pos;
	void *end;
};

#define pull(cur, type) ((type *)cursor_pull(cur, sizeof(type)))

static __always_inline void *cursor_pull(struct cursor *cur, __u32 len)
{
	void *hdr = cur->pos;

	if (hdr + len > cur->end)
		return NULL;
	cur->pos = hdr + len;
	return hdr;
}

/* struct ethhdr is packed: its members by themselves are read byte by byte. */
static __always_inline __u16 get16(const void *at)
{
	return *(const __u16 *)at;
}

static __always_inline __u32 get32(const void *at)
{
	return *(const __u32 *)at;
}

static __always_inline bool mac_equal(const void *a, const void *b)
{
	return get32(a) == get32(b) && get16(a + 4) == get16(b + 4);
}

static __always_inline bool proto_is_tag(__be16 proto)
{
	return proto == bpf_htons(ETH_P_8021Q) || proto == bpf_htons(ETH_P_8021AD);
}

/* One tag as it stands in a flow's key. A bit tells the two protocols apart, and no branch. */
static __always_inline __u32 tag_key(__be16 proto, __u16 tci)
{
	_Static_assert((ETH_P_8021AD & 0x0800) << 2 == ICMPX_VLAN_AD && !(ETH_P_8021Q & 0x0800),
		       "that bit");
	return ICMPX_VLAN_PRESENT | (tci & ICMPX_VLAN_VID) | (bpf_ntohs(proto) & 0x0800) << 2;
}

/* Header fields are read as words that hold two of them. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HALVES(first, second) ((__u32)(first) | (__u32)(second) << 16)
#define FIRST_HALF(word)      ((__u16)(word))
#define SECOND_HALF(word)     ((__u16)((word) >> 16))
#else
#define HALVES(first, second) ((__u32)(first) << 16 | (__u32)(second))
#define FIRST_HALF(word)      ((__u16)((word) >> 16))
#define SECOND_HALF(word)     ((__u16)(word))
#endif

#endif
