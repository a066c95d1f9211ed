// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <arpa/inet.h>

#include "oracle_lib.h"

/* The protocol behind at most two tags, 0 for none. */
static __u16 read_link(const struct frame *frame, struct echo *echo, __u32 *vlan)
{
	__u32 at = 12;
	__u16 proto;

	*vlan = 0;
	for (echo->tags = 0; at + 2 <= frame->len; at += 4) {
		proto = get16(frame->data + at);
		if (proto != TAG_8021Q && proto != TAG_8021AD) {
			echo->ip = at + 2;
			return proto;
		}
		if (echo->tags == 2 || at + 4 > frame->len)
			return 0;
		*vlan |= (ICMPX_VLAN_PRESENT | (get16(frame->data + at + 2) & 0xfff) |
			  (proto == TAG_8021AD ? ICMPX_VLAN_AD : 0))
			 << 16 * echo->tags++;
	}
	return 0;
}

static bool read_v4(const struct frame *frame, struct echo *echo)
{
	const __u8 *ip = frame->data + echo->ip;

	if (frame->len < echo->ip + 28 || ip[0] != 0x45 || ip[9] != 1)
		return false;
	if (get16(ip + 6) & 0x3fff) /* more fragments, or an offset */
		return false;
	if (sum_fold(sum_add(0, ip, 20)) != 0xffff)
		return false;
	echo->icmp = echo->ip + 20;
	echo->end = echo->ip + get16(ip + 2);
	memcpy(&echo->flow.v4.peer, ip + 12, 4);
	memcpy(&echo->flow.v4.local, ip + 16, 4);
	return frame->data[echo->icmp] == 8;
}

static bool read_v6(const struct frame *frame, struct echo *echo)
{
	const __u8 *ip = frame->data + echo->ip;

	if (frame->len < echo->ip + 48 || ip[0] >> 4 != 6 || ip[6] != 58)
		return false;
	echo->icmp = echo->ip + 40;
	echo->end = echo->icmp + get16(ip + 4);
	echo->label = (ip[1] & 15) << 16 | get16(ip + 2);
	memcpy(echo->flow.v6.peer, ip + 8, 16);
	memcpy(echo->flow.v6.local, ip + 24, 16);
	return frame->data[echo->icmp] == 128;
}

bool oracle_request(const struct frame *frame, struct echo *echo)
{
	struct frame bare = *frame;
	__u32 vlan;
	__u16 proto;

	memset(echo, 0, sizeof(*echo));
	proto = read_link(frame, echo, &vlan);
	echo->family = proto == 0x0800 ? 4 : proto == 0x86dd ? 6 : 0;
	if (echo->family == 4 ? !read_v4(frame, echo) : echo->family != 6 || !read_v6(frame, echo))
		return false;
	*(echo->family == 4 ? &echo->flow.v4.vlan : &echo->flow.v6.vlan) = vlan;
	if (echo->end > frame->len || echo->end < echo->icmp + 8 ||
	    echo->end - echo->icmp > ICMPX_MAX_ICMP)
		return false;
	bare.family = echo->family;
	bare.ip = echo->ip;
	bare.icmp = echo->icmp;
	bare.end = echo->end;
	return sum_fold(frame_icmp_sum(&bare)) == 0xffff && !(frame->data[0] & 1);
}

bool oracle_covered(const struct frame *frame, const struct echo *echo,
		    const struct icmpx_lease *lease)
{
	if (lease->peer_mac[0] && memcmp(frame->data + 6, lease->from_mac, 6))
		return false;
	if (memcmp(frame->data, lease->local_mac, 6) || echo->end - echo->ip > lease->max_len)
		return false;
	return echo->family == 4 || lease->label_want == ICMPX_LABEL_ANY ||
	       echo->label == ntohl(lease->label_want);
}

bool oracle_martian(const struct frame *frame, const struct echo *echo)
{
	static const __u8 zero[16], mapped[12] = {[10] = 0xff, [11] = 0xff};
	const __u8 *from = frame->data + echo->ip + (echo->family == 4 ? 12 : 8);
	__u32 len = echo->family == 4 ? 4 : 16;

	if (!memcmp(from, from + len, len))
		return true;
	if (len == 4)
		return from[0] == 0 || from[0] == 127 || from[0] >= 224;
	return (!memcmp(from, zero, 15) && from[15] <= 1) || !memcmp(from, mapped, 12) ||
	       from[0] == 0xff;
}

/* Of the two zeroes, 0xffff is right where all that is summed is zero; where
 * it is not, the kernel's sum comes out as 0x0000. */
static __u16 checksum(__u64 sum)
{
	return sum ? ~sum_fold(sum) : 0xffff;
}

static void swap(__u8 *a, __u32 len)
{
	for (__u32 i = 0; i < len; i++) {
		__u8 byte = a[i];

		a[i] = a[len + i];
		a[len + i] = byte;
	}
}

static void reply_ip(struct frame *reply, const struct icmpx_lease *lease, __u16 ident)
{
	__u8 *ip = reply->data + reply->ip;

	if (reply->family == 4) {
		put16(ip + 4, ident);
		put16(ip + 6, 0);
		ip[8] = lease->ttl;
		swap(ip + 12, 4);
		put16(ip + 10, 0);
		put16(ip + 10, checksum(sum_add(0, ip, 20)));
	} else {
		put32(ip,
		      (6U << 28) | (ip[0] & 15) << 24 | (ip[1] & 0xf0) << 16 | ntohl(lease->label));
		ip[7] = lease->ttl;
		swap(ip + 8, 16);
	}
}

void oracle_reply(const struct frame *frame, const struct echo *echo,
		  const struct icmpx_lease *lease, bool any_peer, __u16 ident, struct frame *reply)
{
	__u8 *icmp;

	*reply = *frame;
	reply->family = echo->family;
	reply->ip = echo->ip;
	reply->icmp = echo->icmp;
	reply->end = echo->end;
	memcpy(reply->data, any_peer ? frame->data + 6 : lease->peer_mac, 6);
	memcpy(reply->data + 6, lease->local_mac, 6);
	for (int i = 0; i < echo->tags; i++)
		memcpy(reply->data + 14 + 4 * i, &lease->tci[i], 2);
	reply_ip(reply, lease, ident);
	icmp = reply->data + reply->icmp;
	icmp[0] = echo->family == 4 ? 0 : 129;
	put16(icmp + 2, 0);
	put16(icmp + 2, checksum(frame_icmp_sum(reply)));
}
