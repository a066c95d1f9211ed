// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <string.h>

#include "export_frame.h"
#include "inet_checksum.h"

/* Of IPv4 and IPv6 the same, as of ICMP and ICMPv6. */
#define MESSAGE_BYTES 8

/* What an IP header says. */
struct ip_words {
	bool v6, fragment;
	__u8 protocol, ttl;
	__be32 id;
	unsigned int length; /* of the packet */
	const __u8 *source, *destination;
};

static void put(struct export_frame *frame, const void *data, size_t size)
{
	memcpy(frame->bytes + frame->captured, data, size);
	frame->captured += size;
}

static void put_ipv4(struct export_frame *frame, const struct ip_words *words)
{
	struct iphdr ip = {
		.version = 4,
		.ihl = 5,
		.tot_len = htons(words->length),
		.id = (__be16)words->id,
		.frag_off = htons(words->fragment ? IP_MF : 0),
		.ttl = words->ttl,
		.protocol = words->protocol,
	};

	memcpy(&ip.saddr, words->source, sizeof(ip.saddr));
	memcpy(&ip.daddr, words->destination, sizeof(ip.daddr));
	ip.check = inet_checksum(&ip, sizeof(ip));
	put(frame, &ip, sizeof(ip));
}

static void put_ipv6(struct export_frame *frame, const struct ip_words *words)
{
	struct ip6_frag fragment = {
		.ip6f_nxt = words->protocol,
		.ip6f_offlg = IP6F_MORE_FRAG,
		.ip6f_ident = words->id,
	};
	struct ip6_hdr ip = {
		.ip6_flow = htonl(6U << 28),
		.ip6_plen = htons(words->length - sizeof(ip)),
		.ip6_nxt = words->fragment ? IPPROTO_FRAGMENT : words->protocol,
		.ip6_hlim = words->ttl,
	};

	memcpy(&ip.ip6_src, words->source, sizeof(ip.ip6_src));
	memcpy(&ip.ip6_dst, words->destination, sizeof(ip.ip6_dst));
	put(frame, &ip, sizeof(ip));
	if (words->fragment)
		put(frame, &fragment, sizeof(fragment));
}

static void put_ip(struct export_frame *frame, const struct ip_words *words)
{
	if (words->v6)
		put_ipv6(frame, words);
	else
		put_ipv4(frame, words);
}

/* ICMP and ICMPv6: type, code, checksum, and what an echo has as id and seq. */
static void put_icmp(struct export_frame *frame, __u8 type, __u8 code, __be16 id, __be16 seq)
{
	const struct icmphdr icmp = {
		.type = type,
		.code = code,
		.un.echo = {.id = id, .sequence = seq},
	};

	_Static_assert(sizeof(icmp) == MESSAGE_BYTES && sizeof(struct icmp6_hdr) == MESSAGE_BYTES,
		       "ICMP and ICMPv6 are alike");
	put(frame, &icmp, sizeof(icmp));
}

static void put_udp(struct export_frame *frame, __be16 source, __be16 destination, size_t length)
{
	const struct udphdr udp = {.source = source, .dest = destination, .len = htons(length)};

	_Static_assert(sizeof(udp) == MESSAGE_BYTES, "as long as ICMP's");
	put(frame, &udp, sizeof(udp));
}

static size_t ip_bytes(bool v6, bool fragment)
{
	if (v6)
		return sizeof(struct ip6_hdr) + (fragment ? sizeof(struct ip6_frag) : 0);
	return sizeof(struct iphdr);
}

/* The packet that an error is about: its sender's request or, seldom, its reply. */
static void put_inner(struct export_frame *frame, const struct icmpx_packet *packet,
		      const struct icmpx_packet *ping)
{
	const size_t header = ip_bytes(packet->family == 6, false);
	const struct ip_words words = {
		.v6 = packet->family == 6,
		.protocol = packet->protocol,
		.length =
			ping->bytes > header + MESSAGE_BYTES ? ping->bytes : header + MESSAGE_BYTES,
		.source = packet->source,
		.destination = packet->destination,
	};
	bool reply = !memcmp(packet->source, ping->destination, sizeof(packet->source)) &&
		     memcmp(packet->source, ping->source, sizeof(packet->source));

	put_ip(frame, &words);
	if (packet->protocol == IPPROTO_UDP)
		put_udp(frame, packet->id, packet->seq, words.length - header);
	else if (words.v6)
		put_icmp(frame, reply ? ICMP6_ECHO_REPLY : ICMP6_ECHO_REQUEST, 0, packet->id,
			 packet->seq);
	else
		put_icmp(frame, reply ? ICMP_ECHOREPLY : ICMP_ECHO, 0, packet->id, packet->seq);
}

/* The message is known to its end: its checksum is, too. */
static void set_checksum(struct export_frame *frame, const struct icmpx_packet *packet)
{
	const size_t message = frame->captured - MESSAGE_BYTES;
	struct {
		__u8 source[16], destination[16];
		__be32 length, protocol;
		__u8 message[MESSAGE_BYTES];
	} pseudo = {.length = htonl(MESSAGE_BYTES), .protocol = htonl(IPPROTO_ICMPV6)};
	__u16 sum;

	if (packet->family == 4) {
		sum = inet_checksum(frame->bytes + message, MESSAGE_BYTES);
	} else {
		memcpy(pseudo.source, packet->source, sizeof(pseudo.source));
		memcpy(pseudo.destination, packet->destination, sizeof(pseudo.destination));
		memcpy(pseudo.message, frame->bytes + message, MESSAGE_BYTES);
		sum = inet_checksum(&pseudo, sizeof(pseudo));
	}
	memcpy(frame->bytes + message + offsetof(struct icmphdr, checksum), &sum, sizeof(sum));
}

static void put_message(struct export_frame *frame, const struct icmpx_packet *packet,
			const struct icmpx_packet *ping)
{
	bool v6 = packet->family == 6;

	if (packet->kind == ICMPX_KIND_ERROR) {
		put_icmp(frame, packet->type, packet->code, 0, 0);
		put_inner(frame, packet, ping);
	} else if (packet->kind == ICMPX_KIND_UDP) {
		put_udp(frame, packet->id, packet->seq, frame->length - ip_bytes(v6, false));
	} else {
		put_icmp(frame, packet->type, packet->code, packet->id, packet->seq);
		if (frame->captured == frame->length)
			set_checksum(frame, packet);
	}
}

/* How much of the packet will be known. */
static size_t known(const struct icmpx_packet *packet, bool fragment)
{
	size_t header = ip_bytes(packet->family == 6, fragment);

	if (fragment)
		return header;
	return packet->kind == ICMPX_KIND_ERROR ? 2 * (header + MESSAGE_BYTES)
						: header + MESSAGE_BYTES;
}

void export_frame_make(const struct icmpx_packet *packet, bool fragment,
		       const struct icmpx_packet *ping, struct export_frame *frame)
{
	bool error = packet->kind == ICMPX_KIND_ERROR, v6 = packet->family == 6;
	struct ip_words words = {
		.v6 = v6,
		.fragment = fragment,
		.protocol = !error ? packet->protocol
			    : v6   ? IPPROTO_ICMPV6
				   : IPPROTO_ICMP,
		.ttl = packet->ttl,
		.id = packet->ip_id,
		.length = packet->bytes,
		.source = error ? packet->reporter : packet->source,
		/* Errors go to who sent the packet that they are about. */
		.destination = error ? packet->source : packet->destination,
	};

	/* Its length is not written yet where the header is made. */
	if (words.length < known(packet, fragment) && !error && !fragment)
		words.length = ping->bytes;
	if (words.length < known(packet, fragment))
		words.length = known(packet, fragment);
	frame->captured = 0;
	frame->length = words.length;
	put_ip(frame, &words);
	if (!fragment)
		put_message(frame, packet, ping);
}
