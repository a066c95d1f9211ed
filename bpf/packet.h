/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose packet an sk_buff holds, read from its headers: nothing else identifies it. */
#ifndef ICMPX_PACKET_H
#define ICMPX_PACKET_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

#include "event.h"

#define ETH_P_IP     0x0800
#define ETH_P_IPV6   0x86dd
#define ETH_P_8021Q  0x8100
#define ETH_P_8021AD 0x88a8

#define IPPROTO_ICMP     1
#define IPPROTO_UDP      17
#define IPPROTO_FRAGMENT 44
#define IPPROTO_ICMPV6   58

#define IP_OFFSET 0x1fff
#define IP_MF     0x2000

/* The first 8 bytes of ICMP, or of what has ports. */
struct head_next {
	union {
		struct {
			__u8 type, code;
		};
		__be16 source;
	};
	__be16 destination;
	__be16 id, seq;
};

/* An IPv4 header without options and the first 8 bytes behind it. */
struct head_v4 {
	__u8 version_ihl, tos;
	__be16 bytes, id, fragment;
	__u8 ttl, protocol;
	__be16 check;
	__be32 source, destination;
	struct head_next next;
};

struct head_v6 {
	__be32 flow;
	__be16 bytes;
	__u8 protocol, ttl;
	__u8 source[16], destination[16];
	struct head_next next;
};

struct fragment_v6 {
	__u8 protocol, reserved;
	__be16 offset;
	__be32 id;
};

_Static_assert(sizeof(struct head_v4) == 28 && sizeof(struct head_v6) == 48, "as on the wire");

/* A fragment but the first has no ICMP header: who it belongs to is known from the first. */
struct fragment_key {
	__u8 source[16] ICMPX_ALIGNED;
	__u8 destination[16] ICMPX_ALIGNED;
	__be32 id;
	__u32 protocol;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct fragment_key);
	__type(value, struct icmpx_packet);
} fragments SEC(".maps");

#define COOKIE 8 /* bytes of an echo's payload */

/* Where the packet is in reading; what packet_read() fills beside the packet. */
struct packet_cursor {
	const void *at;
	__u16 flags;   /* ICMPX_FRAGMENT */
	__u64 payload; /* of an echo: where it begins; 0: it has no cookie */
};

static __always_inline int read_at(void *to, __u32 size, const void *from)
{
	return bpf_probe_read_kernel(to, size, from);
}

static __always_inline void set_addresses_v4(struct icmpx_packet *packet, const struct head_v4 *ip)
{
	__builtin_memset(packet->source, 0, sizeof(packet->source));
	__builtin_memset(packet->destination, 0, sizeof(packet->destination));
	__builtin_memcpy(packet->source, &ip->source, 4);
	__builtin_memcpy(packet->destination, &ip->destination, 4);
}

static __always_inline void set_addresses_v6(struct icmpx_packet *packet, const struct head_v6 *ip)
{
	__builtin_memcpy(packet->source, ip->source, 16);
	__builtin_memcpy(packet->destination, ip->destination, 16);
}

/* Echo: identifier and sequence; else ports. */
static __always_inline void set_identity(struct icmpx_packet *packet, __u8 protocol,
					 const struct head_next *next)
{
	bool echo = protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6;

	packet->protocol = protocol;
	packet->id = echo ? next->id : next->source;
	packet->seq = echo ? next->seq : next->destination;
}

/* An error tells which packet it is about: that one's identity is taken (RFC 792, RFC 4443). */
static __always_inline int inner_v4(struct icmpx_packet *packet, const void *at)
{
	struct head_v4 ip;

	if (read_at(&ip, sizeof(ip), at) || ip.version_ihl >> 4 != 4)
		return -1;
	if (ip.version_ihl != 0x45 &&
	    read_at(&ip.next, sizeof(ip.next), at + (ip.version_ihl & 15) * 4))
		return -1;
	if (ip.fragment & bpf_htons(IP_OFFSET))
		return -1;
	__builtin_memcpy(packet->reporter, packet->source, 16);
	set_addresses_v4(packet, &ip);
	set_identity(packet, ip.protocol, &ip.next);
	return 0;
}

static __always_inline int inner_v6(struct icmpx_packet *packet, const void *at)
{
	struct head_v6 ip;

	if (read_at(&ip, sizeof(ip), at))
		return -1;
	__builtin_memcpy(packet->reporter, packet->source, 16);
	set_addresses_v6(packet, &ip);
	set_identity(packet, ip.protocol, &ip.next);
	return 0;
}

static __always_inline __u8 kind_v4(__u8 type)
{
	switch (type) {
	case 8:
		return ICMPX_KIND_REQUEST;
	case 0:
		return ICMPX_KIND_REPLY;
	case 3:  /* destination unreachable */
	case 4:  /* source quench */
	case 5:  /* redirect */
	case 11: /* time exceeded */
	case 12: /* parameter problem */
		return ICMPX_KIND_ERROR;
	}
	return ICMPX_KIND_NONE;
}

static __always_inline __u8 kind_v6(__u8 type)
{
	if (type == 128)
		return ICMPX_KIND_REQUEST;
	if (type == 129)
		return ICMPX_KIND_REPLY;
	return type >= 1 && type <= 4 ? ICMPX_KIND_ERROR : ICMPX_KIND_NONE;
}

/* next: the first 8 bytes behind the IP header. */
static __always_inline void set_payload(struct packet_cursor *cursor,
					const struct icmpx_packet *packet, const void *next)
{
	__u64 begin = (__u64)next + 8;

	if (packet->kind != ICMPX_KIND_REQUEST && packet->kind != ICMPX_KIND_REPLY)
		return;
	if (begin + COOKIE <= (__u64)cursor->at + packet->bytes)
		cursor->payload = begin;
}

static __always_inline void fragment_key_set(struct fragment_key *key,
					     const struct icmpx_packet *packet, __u8 protocol)
{
	__builtin_memcpy(key->source, packet->source, 16);
	__builtin_memcpy(key->destination, packet->destination, 16);
	key->id = packet->ip_id;
	key->protocol = protocol;
}

/* A later fragment takes the first one's identity, if that was seen. */
static __always_inline int packet_join_fragment(struct icmpx_packet *packet, __u8 protocol)
{
	struct fragment_key key;
	struct icmpx_packet *first;

	fragment_key_set(&key, packet, protocol);
	first = bpf_map_lookup_elem(&fragments, &key);
	if (!first)
		return -1;
	packet->kind = first->kind;
	packet->type = first->type;
	packet->code = first->code;
	packet->protocol = first->protocol;
	packet->id = first->id;
	packet->seq = first->seq;
	return 0;
}

static __always_inline void packet_keep_fragment(const struct icmpx_packet *packet)
{
	struct fragment_key key;

	fragment_key_set(&key, packet, packet->protocol);
	bpf_map_update_elem(&fragments, &key, packet, BPF_ANY);
}

static __always_inline int packet_v4(struct icmpx_packet *packet, struct packet_cursor *cursor,
				     bool want_udp)
{
	const void *next;
	struct head_v4 ip;

	if (read_at(&ip, sizeof(ip), cursor->at))
		return -1;
	if (ip.protocol != IPPROTO_ICMP && !(want_udp && ip.protocol == IPPROTO_UDP))
		return -1;
	if (ip.version_ihl >> 4 != 4)
		return -1;
	next = cursor->at + (ip.version_ihl & 15) * 4;
	if (ip.version_ihl != 0x45 && read_at(&ip.next, sizeof(ip.next), next))
		return -1;
	packet->family = 4;
	packet->ttl = ip.ttl;
	packet->bytes = bpf_ntohs(ip.bytes);
	packet->ip_id = ip.id;
	set_addresses_v4(packet, &ip);
	__builtin_memset(packet->reporter, 0, sizeof(packet->reporter));
	if (ip.fragment & bpf_htons(IP_OFFSET | IP_MF))
		cursor->flags |= ICMPX_FRAGMENT;
	if (ip.fragment & bpf_htons(IP_OFFSET))
		return packet_join_fragment(packet, ip.protocol);
	packet->kind = ICMPX_KIND_UDP;
	packet->type = 0;
	packet->code = 0;
	if (ip.protocol == IPPROTO_ICMP) {
		packet->type = ip.next.type;
		packet->code = ip.next.code;
		packet->kind = kind_v4(ip.next.type);
	}
	if (packet->kind == ICMPX_KIND_ERROR)
		return inner_v4(packet, next + 8);
	set_identity(packet, ip.protocol, &ip.next);
	set_payload(cursor, packet, next);
	if (cursor->flags & ICMPX_FRAGMENT)
		packet_keep_fragment(packet);
	return packet->kind ? 0 : -1;
}

static __always_inline int packet_v6(struct icmpx_packet *packet, struct packet_cursor *cursor,
				     bool want_udp)
{
	const void *next = cursor->at + 40;
	struct fragment_v6 fragment;
	struct head_v6 ip;

	if (read_at(&ip, sizeof(ip), cursor->at))
		return -1;
	packet->family = 6;
	packet->ttl = ip.ttl;
	packet->bytes = bpf_ntohs(ip.bytes) + 40;
	packet->ip_id = 0;
	__builtin_memset(packet->reporter, 0, sizeof(packet->reporter));
	if (ip.protocol == IPPROTO_FRAGMENT) {
		__builtin_memcpy(&fragment, &ip.next, sizeof(fragment));
		ip.protocol = fragment.protocol;
		packet->ip_id = fragment.id;
		cursor->flags |= ICMPX_FRAGMENT;
		next += 8;
		if (read_at(&ip.next, sizeof(ip.next), next))
			return -1;
	}
	if (ip.protocol != IPPROTO_ICMPV6 && !(want_udp && ip.protocol == IPPROTO_UDP))
		return -1;
	set_addresses_v6(packet, &ip);
	if (cursor->flags & ICMPX_FRAGMENT && fragment.offset & bpf_htons(0xfff8))
		return packet_join_fragment(packet, ip.protocol);
	packet->kind = ICMPX_KIND_UDP;
	packet->type = 0;
	packet->code = 0;
	if (ip.protocol == IPPROTO_ICMPV6) {
		packet->type = ip.next.type;
		packet->code = ip.next.code;
		packet->kind = kind_v6(ip.next.type);
	}
	if (packet->kind == ICMPX_KIND_ERROR)
		return inner_v6(packet, next + 8);
	set_identity(packet, ip.protocol, &ip.next);
	set_payload(cursor, packet, next);
	if (cursor->flags & ICMPX_FRAGMENT)
		packet_keep_fragment(packet);
	return packet->kind ? 0 : -1;
}

/* Fills all of *packet for an ICMP echo or error, or (want_udp) a UDP datagram, whose network
 * header is cursor->at; protocol: of the link layer, 0: as the header says. 0, or -1: something
 * else, *packet is undefined. Never faults, whatever the memory holds. */
static __always_inline int packet_read(struct packet_cursor *cursor, __be16 protocol, bool want_udp,
				       struct icmpx_packet *packet)
{
	__u8 version;
	int err = -1;

	if (!protocol && !read_at(&version, sizeof(version), cursor->at))
		protocol = bpf_htons(version >> 4 == 4 ? ETH_P_IP : ETH_P_IPV6);
	if (protocol == bpf_htons(ETH_P_8021Q) || protocol == bpf_htons(ETH_P_8021AD)) {
		if (read_at(&protocol, sizeof(protocol), cursor->at + 2))
			return -1;
		cursor->at += 4;
	}
	if (protocol == bpf_htons(ETH_P_IP))
		err = packet_v4(packet, cursor, want_udp);
	else if (protocol == bpf_htons(ETH_P_IPV6))
		err = packet_v6(packet, cursor, want_udp);
	return err;
}

#endif
