// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>

#include "reply.h"

#define OPTION_TIMESTAMP       68
#define ICMP_TIMESTAMP_REPLY   14
#define ICMPV6_ECHO_REPLY_TYPE 129

/* Behind the datagram there is padding, which may differ. */
static void trim(struct frame *frame, __u32 end)
{
	if (end < frame->len)
		frame->len = end;
}

/* The kernel writes the time into this option. */
static void blank_options(__u8 *options, __u32 len)
{
	if (memchr(options, OPTION_TIMESTAMP, len))
		memset(options, 0, len);
}

static bool all_zero(const __u8 *data, __u32 len)
{
	return !len || (!data[0] && !memcmp(data, data + 1, len - 1));
}

static bool is_error(__u8 type)
{
	return type == 3 || type == 11 || type == 12;
}

static void normalise_icmp(__u8 *icmp, __u32 len)
{
	const struct iphdr *inner = (struct iphdr *)(icmp + 8);

	if (len < 8)
		return;
	/* An all-zero message: the kernel sends the invalid checksum 0x0000. */
	if (icmp[0] == 0 && icmp[1] == 0 && all_zero(icmp + 2, 2) && all_zero(icmp + 4, len - 4))
		memset(icmp + 2, 0xff, 2);
	if (icmp[0] == ICMP_TIMESTAMP_REPLY) {
		memset(icmp + 2, 0, 2);
		memset(icmp + 8, 0, len - 8); /* the time */
	}
	if (is_error(icmp[0]) && len >= 8 + sizeof(*inner) && inner->ihl > 5 &&
	    8u + 4 * inner->ihl <= len) {
		blank_options(icmp + 8 + sizeof(*inner), 4 * inner->ihl - sizeof(*inner));
		memset(icmp + 2, 0, 2);
	}
}

static const char *normalise_v4(struct frame *frame, __u32 at)
{
	struct iphdr *ip = (struct iphdr *)(frame->data + at);
	__u32 room = frame->len - at, header, total;

	if (room < sizeof(*ip))
		return "IPv4 header cut short";
	header = 4 * ip->ihl;
	total = ntohs(ip->tot_len);
	if (ip->version != 4 || header < sizeof(*ip) || total < header || total > room)
		return "IPv4 version or lengths wrong";
	if (csum_finish(csum_partial(ip, header, 0)))
		return "IPv4 header checksum wrong";
	trim(frame, at + total);
	ip->id = 0;
	ip->check = 0;
	blank_options((__u8 *)(ip + 1), header - sizeof(*ip));
	if (ip->protocol == IPPROTO_ICMP && !(ip->frag_off & htons(0x1fff)))
		normalise_icmp((__u8 *)ip + header, total - header);
	return NULL;
}

static const char *normalise_v6(struct frame *frame, __u32 at, bool any_label)
{
	struct ipv6hdr *ip = (struct ipv6hdr *)(frame->data + at);
	__u32 room = frame->len - at, total;
	__u8 *message = (__u8 *)(ip + 1);

	if (room < sizeof(*ip) + 8)
		return "IPv6 packet cut short";
	total = sizeof(*ip) + ntohs(ip->payload_len);
	if (ip->version != 6 || total > room)
		return "IPv6 version or length wrong";
	trim(frame, at + total);
	if (ip->nexthdr == IPPROTO_FRAGMENT)
		memset(message + 4, 0, 4); /* identification: a random number */
	if (any_label && ip->nexthdr == IPPROTO_ICMPV6 && message[0] == ICMPV6_ECHO_REPLY_TYPE)
		*(__be32 *)ip &= htonl(0xfff00000);
	return NULL;
}

const char *reply_normalise(struct frame *frame, bool any_label)
{
	__u16 proto = 0;
	__u32 at = frame_network(frame, &proto);

	if (!at)
		return "no Ethernet frame";
	if (proto == ETHERTYPE_IP)
		return normalise_v4(frame, at);
	if (proto == ETHERTYPE_IPV6)
		return normalise_v6(frame, at, any_label);
	return NULL;
}
