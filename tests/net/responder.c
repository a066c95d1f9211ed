// SPDX-License-Identifier: GPL-2.0-only
/* responder SECONDS: answers IPv4 echo requests from user space, in place of the
 * kernel (icmp_echo_ignore_all=1), with a payload of its own, for that long. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>

#include "frame.h"

#define REPLY_BYTE 0x5a

static void answer(int fd)
{
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	__u8 packet[2048] __attribute__((aligned(4)));
	struct iphdr *ip = (struct iphdr *)packet;
	struct icmphdr *icmp;
	ssize_t len = recvfrom(fd, packet, sizeof(packet), 0, (struct sockaddr *)&from, &from_len);

	if (len < (ssize_t)sizeof(*ip))
		return;
	icmp = (struct icmphdr *)(packet + 4 * ip->ihl);
	len -= 4 * ip->ihl;
	if (len < (ssize_t)sizeof(*icmp) || icmp->type != ICMP_ECHO)
		return;
	icmp->type = ICMP_ECHOREPLY;
	icmp->checksum = 0;
	/* The first bytes are the sender's clock. */
	for (ssize_t i = sizeof(*icmp) + 16; i < len; i++)
		((__u8 *)icmp)[i] = REPLY_BYTE;
	icmp->checksum = csum_finish(csum_partial(icmp, len, 0));
	if (sendto(fd, icmp, len, 0, (struct sockaddr *)&from, sizeof(from)) < 0)
		perror("sendto");
}

int main(int argc, char **argv)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	struct pollfd poller = {.fd = fd, .events = POLLIN};
	time_t end;

	if (argc != 2 || fd < 0) {
		fprintf(stderr, "usage: %s SECONDS (as root)\n", argv[0]);
		return 2;
	}
	end = time(NULL) + atoi(argv[1]);
	while (time(NULL) < end)
		if (poll(&poller, 1, 200) > 0)
			answer(fd);
	close(fd);
	return 0;
}
