/* SPDX-License-Identifier: GPL-2.0-only */
/* The rewrite of a request into the reply that a lease describes. Words are
 * built in registers and stored whole: bytes that are stored and then loaded
 * as part of a word stall that load. */
#ifndef ICMPX_REPLY_H
#define ICMPX_REPLY_H

#include "csum.h"
#include "request.h"
#include "table.h"

/* MACs and tags of the lease; any_peer: the reply goes to the request's sender. */
static __always_inline void reply_link(const struct request *req, const struct found *found,
				       bool any_peer)
{
	__u32 *eth = (__u32 *)req->eth;
	struct tag *tags = (struct tag *)(req->eth + 1);
	__u32 first = FIRST_WORD(found->macs), second = SECOND_WORD(found->macs);
	__u32 tci = SECOND_WORD(found->tail);

	if (any_peer) {
		first = get32(req->eth->h_source);
		second = HALVES(get16(req->eth->h_source + 4), SECOND_HALF(second));
	}
	eth[0] = first;
	eth[1] = second;
	eth[2] = FIRST_WORD(found->tail);
	if (unlikely(req->vlan)) {
		tags[0].tci = FIRST_HALF(tci);
		if (req->vlan >> 16)
			tags[1].tci = SECOND_HALF(tci);
	}
}

/* Whether the message is all zero but for its first word. */
static __always_inline bool message_is_zero(const struct request *req, __u32 len)
{
	__u64 sum = 0;

	return !req->echo->id_seq &&
	       csum_message(&req->echo->id_seq, len - 4, req->cur.end, &sum) && !sum;
}

static __always_inline void reply_echo(const struct request *req, __u8 type, __u16 check)
{
	__u16 code = FIRST_HALF(*(__u32 *)req->echo) & bpf_htons(0x00ff);

	*(__u32 *)req->echo = HALVES(bpf_htons(type << 8) | code, check);
}

/* As icmp_reply(): TOS and length are the request's, DF is clear. The
 * identification goes on from that of the kernel's reply. Of the two forms of
 * a zero checksum the kernel sends 0x0000, wrong where all else is zero. */
static __always_inline void reply_v4(const struct request *req, struct iphdr *ip,
				     const struct found *found)
{
	__u32 *words = (__u32 *)ip;
	__u16 seq = bpf_ntohs(SECOND_HALF(req->echo->id_seq));
	__u32 ident = HALVES(bpf_htons(found_ident(found) + seq), 0);
	__u16 ttl = bpf_htons(found_ttl(found) << 8 | IPPROTO_ICMP);
	__u32 from = words[3], to = words[4];
	__u16 check = csum_reply4(req->echo->check);

	if (unlikely(check == 0xffff) && !message_is_zero(req, req->len - sizeof(*ip)))
		check = 0;
	reply_echo(req, 0, check);
	check = ~csum_fold((__u64)words[0] + ident + HALVES(ttl, 0) + from + to);
	words[1] = ident;
	words[2] = HALVES(ttl, check);
	words[3] = to;
	words[4] = from;
}

/* As icmpv6_echo_reply(): the traffic class is the request's. The
 * pseudo-header is never all zero, so 0x0000 is right. */
static __always_inline void reply_v6(const struct request *req, struct ipv6hdr *ip,
				     const struct found *found)
{
	__u64 *from = (__u64 *)&ip->saddr, *to = (__u64 *)&ip->daddr;
	__u64 from_high = from[0], from_low = from[1];
	__u64 to_high = to[0], to_low = to[1];
	__u32 *words = (__u32 *)ip;
	__u16 check = csum_reply6(req->echo->check);

	reply_echo(req, ICMPV6_ECHO_REPLY, check == 0xffff ? 0 : check);
	words[0] = (words[0] & ~IPV6_FLOW) | SECOND_WORD(found->rest);
	ip->hop_limit = found_ttl(found);
	from[0] = to_high;
	from[1] = to_low;
	to[0] = from_high;
	to[1] = from_low;
}

#endif
