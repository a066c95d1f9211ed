// SPDX-License-Identifier: GPL-2.0-only
/* forge IFACE packet|raw request|reply DST-MAC SRC-MAC SRC DST ID SEQ [COUNT [MICROSECONDS
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
	bool raw;
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
		.sll_protocol = htons(forge->spec.v6 ? ETH_P_IPV6 : ETH_P_IP),
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

int main(int argc, char **argv)
{
	struct forge forge;

	parse(argc, argv, &forge);
	if (forge.raw)
		open_raw(&forge);
	else
		open_packet(&forge);
	for (long i = 0; i < forge.count; i++) {
		struct frame frame;
		__u32 skip = forge.raw ? ETH_HLEN + (forge.spec.v6 ? 40 : 20) : 0;

		frame_build(&frame, &forge.spec, FRAME_MAX);
		if (send(forge.fd, frame.data + skip, frame.len - skip, 0) < 0 && errno != ENOBUFS)
			die("send");
		next(&forge, i);
		if (forge.gap)
			usleep(forge.gap);
	}
	return 0;
}
