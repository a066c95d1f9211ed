// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>

#include "frame.h"

struct echo_header {
	__u8 type, code;
	__be16 check, id, seq;
};

__u64 random_next(__u64 *state)
{
	__u64 z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

__u32 random_below(__u64 *state, __u32 n)
{
	return n ? random_next(state) % n : 0;
}

__u32 csum_partial(const void *data, __u32 len, __u32 sum)
{
	const __u8 *p = data;
	__u16 word;

	for (; len >= 2; p += 2, len -= 2) {
		memcpy(&word, p, 2);
		sum += word;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	if (len)
		sum += htons(*p << 8);
	return (sum & 0xffff) + (sum >> 16);
}

__u16 csum_finish(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return ~((sum & 0xffff) + (sum >> 16));
}

static void *append(struct frame *frame, const void *data, __u32 len)
{
	void *at = frame->data + frame->len;

	if (len > sizeof(frame->data) - frame->len)
		len = sizeof(frame->data) - frame->len;
	if (data)
		memcpy(at, data, len);
	else
		memset(at, 0, len);
	frame->len += len;
	return at;
}

static void append_link(struct frame *frame, const struct spec *spec)
{
	int type = spec->ethertype;
	__be16 word;

	append(frame, spec->dst_mac, ETH_ALEN);
	append(frame, spec->src_mac, ETH_ALEN);
	for (int i = 0; i < spec->tags; i++) {
		word = htons(spec->tag[i].tpid);
		append(frame, &word, 2);
		word = htons(spec->tag[i].tci);
		append(frame, &word, 2);
	}
	if (type == TRUE_VALUE)
		type = spec->v6 ? ETHERTYPE_IPV6 : ETHERTYPE_IP;
	word = htons(type);
	append(frame, &word, 2);
}

static void append_v4(struct frame *frame, const struct spec *spec, __u32 message)
{
	__u32 words = (sizeof(struct iphdr) + spec->extra_len) / 4;
	struct iphdr ip = {
		.tos = spec->tos,
		.tot_len = htons(4 * words + message + spec->len_delta),
		.id = htons(spec->ident),
		.frag_off = htons(spec->frag),
		.ttl = spec->ttl,
		.protocol = spec->proto,
	};
	__u8 first = 0x40 | words;
	struct iphdr *at;

	if (spec->version_ihl != TRUE_VALUE)
		first = spec->version_ihl;
	memcpy(&ip, &first, 1);
	memcpy(&ip.saddr, spec->src, 4);
	memcpy(&ip.daddr, spec->dst, 4);
	at = append(frame, &ip, sizeof(ip));
	append(frame, spec->extra, spec->extra_len);
	at->check = csum_finish(csum_partial(at, 4 * words, 0)) ^ htons(spec->ip_csum_xor);
}

static void append_v6(struct frame *frame, const struct spec *spec, __u32 message)
{
	__u32 version = spec->version_ihl == TRUE_VALUE ? 6 : spec->version_ihl;
	__be32 first = htonl(version << 28 | spec->tos << 20 | spec->label);
	struct ipv6hdr ip = {
		.payload_len = htons(spec->extra_len + message + spec->len_delta),
		.nexthdr = spec->extra_len ? spec->next : spec->proto,
		.hop_limit = spec->ttl,
	};

	memcpy(&ip, &first, 4);
	memcpy(&ip.saddr, spec->src, 16);
	memcpy(&ip.daddr, spec->dst, 16);
	append(frame, &ip, sizeof(ip));
	append(frame, spec->extra, spec->extra_len);
}

static void append_fill(struct frame *frame, enum fill fill, __u32 len, __u64 *seed)
{
	__u8 *at = append(frame, NULL, len);

	for (__u32 i = 0; i < len && fill != FILL_ZERO; i++)
		at[i] = fill == FILL_ONES ? 0xff : random_next(seed);
}

static void append_message(struct frame *frame, const struct spec *spec, __u64 *seed)
{
	struct echo_header echo = {.type = spec->type, .code = spec->code};
	__u32 len = sizeof(echo) + spec->payload, sum = 0;
	struct echo_header *at;

	echo.id = htons(spec->id);
	echo.seq = htons(spec->seq);
	at = append(frame, &echo, sizeof(echo));
	append_fill(frame, spec->fill, spec->payload, seed);
	if (spec->v6) {
		sum = csum_partial(spec->src, 16, csum_partial(spec->dst, 16, 0));
		sum += htons(len) + htons(IPPROTO_ICMPV6);
	}
	if (spec->icmp_csum != TRUE_VALUE) {
		at->id = 0;
		sum = csum_partial(at, len, sum);
		at->id = ~csum_finish(csum_finish(sum) + (__u16)~htons(spec->icmp_csum));
		at->check = htons(spec->icmp_csum);
	} else {
		at->check = csum_finish(csum_partial(at, len, sum));
	}
	at->check ^= htons(spec->icmp_csum_xor);
}

/* The source address of the frame is at [from, to) of the IP header. */
static bool is_source(const struct spec *spec, __u32 offset)
{
	return spec->v6 ? offset >= 8 && offset < 24 : offset >= 12 && offset < 16;
}

static void flip_bits(struct frame *frame, const struct spec *spec, __u32 network, __u64 *seed)
{
	/* Two of three hit the headers, where it matters. */
	struct iphdr *ip = (struct iphdr *)(frame->data + network);
	__u32 len = frame->len - network, offset;

	for (int i = 0; i < spec->flips; i++) {
		offset = random_below(seed, random_below(seed, 3) && len > 48 ? 48 : len);
		if (spec->keep_source && is_source(spec, offset))
			continue;
		frame->data[network + offset] ^= 1 << random_below(seed, 8);
	}
	if (spec->flips_fixed && !spec->v6 && 4 * ip->ihl <= len) {
		ip->check = 0;
		ip->check = csum_finish(csum_partial(ip, 4 * ip->ihl, 0));
	}
}

void frame_build(struct frame *frame, const struct spec *spec, __u32 max_len)
{
	__u32 message = sizeof(struct echo_header) + spec->payload, network;
	__u64 seed = spec->seed;

	frame->len = 0;
	append_link(frame, spec);
	network = frame->len;
	if (spec->v6)
		append_v6(frame, spec, message);
	else
		append_v4(frame, spec, message);
	append_message(frame, spec, &seed);
	append_fill(frame, spec->fill, spec->trailing, &seed);
	frame->len -= spec->cut < frame->len - network ? spec->cut : frame->len - network;
	if (frame->len > network)
		flip_bits(frame, spec, network, &seed);
	if (spec->tags && spec->tag[0].tpid == ETHERTYPE_VLAN)
		max_len += 4; /* AF_PACKET allows for one such tag */
	if (frame->len > max_len)
		frame->len = max_len;
}

__u32 frame_network(const struct frame *frame, __u16 *proto)
{
	__u32 at = 2 * ETH_ALEN;

	while (at + 2 <= frame->len) {
		*proto = frame->data[at] << 8 | frame->data[at + 1];
		if (*proto != ETHERTYPE_VLAN && *proto != 0x88a8)
			return at + 2;
		at += 4;
	}
	return 0;
}

void frame_hex(const struct frame *frame, const char *title)
{
	printf("# %s, %u bytes:", title, frame->len);
	for (__u32 i = 0; i < frame->len; i++)
		printf("%s%02x", i % 32 ? " " : "\n#   ", frame->data[i]);
	printf("\n");
}
