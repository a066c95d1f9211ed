// SPDX-License-Identifier: GPL-2.0-only
/* forge IFACE arp|ndisc announce DST-MAC MAC ADDRESS DST 0 0: a gratuitous ARP request, or an
 * unsolicited neighbour advertisement.
 * forge IFACE packet too-big DST-MAC SRC-MAC SRC DST ID SEQ: as a router that cannot pass on DST's
 * reply to SRC, IPv4.
 * forge IFACE packet|raw request|reply DST-MAC SRC-MAC SRC DST ID SEQ [COUNT [MICROSECONDS
 * [SOURCES]]]: sends echo messages of a payload that is always the same, through a packet socket
 * as whole frames, or through a raw one (the MACs are not used then); COUNT of them (1) so far
 * apart (0), the last bytes of the source address counting on through SOURCES of them (1), the
 * sequence where there is but one and MICROSECONDS are given. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <netpacket/packet.h>
#include <sys/socket.h>

#include "frame.h"

#define COUNT_MAX 10000000

struct forge {
	struct spec spec;
	const char *ifname;
	bool raw, announce, too_big;
	long count, gap, sources;
	int fd;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "forge: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void parse_mac(const char *text, __u8 *mac)
{
	const struct ether_addr *addr = ether_aton(text);

	if (!addr)
		die(text);
	memcpy(mac, addr, ETH_ALEN);
}

static void parse_address(const char *text, struct spec *spec, __u8 *addr)
{
	spec->v6 = strchr(text, ':');
	if (inet_pton(spec->v6 ? AF_INET6 : AF_INET, text, addr) != 1)
		die(text);
}

static void parse(int argc, char **argv, struct forge *forge)
{
	struct spec *spec = &forge->spec;
	bool reply;

	if (argc < 10)
		exit(2);
	*spec = (struct spec){
		.ethertype = TRUE_VALUE,
		.version_ihl = TRUE_VALUE,
		.icmp_csum = TRUE_VALUE,
		.ttl = 64,
		.payload = 56,
		.fill = FILL_ONES,
	};
	forge->ifname = argv[1];
	forge->raw = !strcmp(argv[2], "raw");
	reply = !strcmp(argv[3], "reply");
	forge->announce = !strcmp(argv[3], "announce");
	forge->too_big = !strcmp(argv[3], "too-big");
	parse_mac(argv[4], spec->dst_mac);
	parse_mac(argv[5], spec->src_mac);
	parse_address(argv[6], spec, spec->src);
	parse_address(argv[7], spec, spec->dst);
	spec->id = atoi(argv[8]);
	spec->seq = atoi(argv[9]);
	spec->proto = spec->v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	spec->type = spec->v6 ? (reply ? 129 : 128) : (reply ? 0 : 8);
	forge->count = argc > 10 ? atol(argv[10]) : 1;
	forge->gap = argc > 11 ? atol(argv[11]) : 0;
	forge->sources = argc > 12 ? atol(argv[12]) : 1;
	if (forge->count < 1 || forge->count > COUNT_MAX || forge->sources < 1)
		exit(2);
}

static void open_packet(struct forge *forge)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_ifindex = if_nametoindex(forge->ifname),
		.sll_protocol = htons(forge->spec.v6 ? ETH_P_IPV6 : ETH_P_IP), /* of a tap alone */
	};

	forge->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (forge->fd < 0 || bind(forge->fd, (struct sockaddr *)&to, sizeof(to)))
		die(forge->ifname);
}

static void open_raw(struct forge *forge)
{
	const struct spec *spec = &forge->spec;
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};
	struct sockaddr_in four = {.sin_family = AF_INET};
	int err, no_df = IP_PMTUDISC_DONT; /* as the kernel's replies */

	memcpy(&four.sin_addr, spec->src, 4);
	memcpy(&six.sin6_addr, spec->src, 16);
	forge->fd = socket(spec->v6 ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC, spec->proto);
	if (forge->fd < 0)
		die("raw socket");
	if (!spec->v6 && setsockopt(forge->fd, IPPROTO_IP, IP_MTU_DISCOVER, &no_df, sizeof(no_df)))
		die("IP_MTU_DISCOVER");
	err = spec->v6 ? bind(forge->fd, (struct sockaddr *)&six, sizeof(six))
		       : bind(forge->fd, (struct sockaddr *)&four, sizeof(four));
	memcpy(&four.sin_addr, spec->dst, 4);
	memcpy(&six.sin6_addr, spec->dst, 16);
	if (!err)
		err = spec->v6 ? connect(forge->fd, (struct sockaddr *)&six, sizeof(six))
			       : connect(forge->fd, (struct sockaddr *)&four, sizeof(four));
	if (err)
		die("its addresses");
}

/* The counter stands in the last four bytes of the address. */
static void next(struct forge *forge, long i)
{
	struct spec *spec = &forge->spec;
	static __u32 first;
	__u32 word;
	__u8 *last = spec->src + (spec->v6 ? 12 : 0);

	if (forge->sources == 1) {
		spec->seq += forge->gap > 0;
		return;
	}
	if (!i)
		memcpy(&first, last, 4);
	word = htonl(ntohl(first) + (i + 1) % forge->sources);
	memcpy(last, &word, 4);
}

/* RFC 5227, 3: ARP announcements. */
static void build_arp(struct frame *frame, const struct spec *spec)
{
	static const __u8 start[] = {0x08, 0x06, 0, 1, 0x08, 0, 6, 4, 0, 1};
	__u8 *data = frame->data;

	frame->len = 60;
	memset(data, 0, frame->len);
	memcpy(data, spec->dst_mac, ETH_ALEN);
	memcpy(data + 6, spec->src_mac, ETH_ALEN);
	memcpy(data + 12, start, sizeof(start));
	memcpy(data + 22, spec->src_mac, ETH_ALEN);
	memcpy(data + 28, spec->src, 4);
	memcpy(data + 38, spec->src, 4);
}

/* RFC 4861, 4.4: with the override flag and the target's link-layer address. */
static void build_advert(struct frame *frame, const struct spec *about)
{
	struct spec spec = *about;
	__u8 *message = frame->data + ETH_HLEN + 40;
	__u32 sum = 0;

	spec.type = 136;
	spec.ttl = 255;
	spec.payload = 24;
	frame_build(frame, &spec, FRAME_MAX);
	memset(message + 2, 0, 6);
	message[4] = 0x20;
	memcpy(message + 8, spec.src, 16);
	message[24] = 2;
	message[25] = 1;
	memcpy(message + 26, spec.src_mac, ETH_ALEN);
	sum = csum_partial(frame->data + ETH_HLEN + 8, 32, htons(32) + htons(IPPROTO_ICMPV6));
	sum = csum_finish(csum_partial(message, 32, sum));
	memcpy(message + 2, &(__u16){sum}, 2);
}

/* Fragmentation needed (RFC 1191) for an MTU of 68, about the echo reply that goes the other way:
 * its IPv4 header, and as much of its message. */
static void build_too_big(struct frame *frame, const struct spec *about)
{
	struct spec spec = *about, reply = *about;
	struct frame quoted;
	__u8 *message = frame->data + ETH_HLEN + 20;
	__u16 sum;

	memcpy(reply.src, about->dst, sizeof(reply.src));
	memcpy(reply.dst, about->src, sizeof(reply.dst));
	reply.type = 0;
	frame_build(&quoted, &reply, FRAME_MAX);
	spec.payload = 28;
	frame_build(frame, &spec, FRAME_MAX);
	memcpy(message, (__u8[]){3, 4, 0, 0, 0, 0, 0, 68}, 8);
	memcpy(message + 8, quoted.data + ETH_HLEN, 28);
	sum = csum_finish(csum_partial(message, 36, 0));
	memcpy(message + 2, &sum, 2);
}

static void build(struct frame *frame, const struct forge *forge)
{
	if (forge->too_big)
		build_too_big(frame, &forge->spec);
	else if (!forge->announce)
		frame_build(frame, &forge->spec, FRAME_MAX);
	else if (forge->spec.v6)
		build_advert(frame, &forge->spec);
	else
		build_arp(frame, &forge->spec);
}

int main(int argc, char **argv)
{
	struct forge forge;

	parse(argc, argv, &forge);
	if (forge.raw)
		open_raw(&forge);
	else
		open_packet(&forge);
	for (long i = 0; i < forge.count; i++) {
		struct frame frame = {.len = 0};
		__u32 skip = forge.raw ? ETH_HLEN + (forge.spec.v6 ? 40 : 20) : 0;

		build(&frame, &forge);
		if (send(forge.fd, frame.data + skip, frame.len - skip, 0) < 0 && errno != ENOBUFS)
			die("send");
		next(&forge, i);
		if (forge.gap)
			usleep(forge.gap);
	}
	return 0;
}
