// SPDX-License-Identifier: GPL-2.0-only
/* deaf udp PORT | ping ID: a UDP or ping socket with the smallest receive buffer, from which nobody
 * reads, until it is killed. Says "ready" when it is there. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	int fd, size = 1;

	if (argc != 3)
		return 2;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, strcmp(argv[1], "udp") ? IPPROTO_ICMP : 0);
	address.sin_port = htons(strtoul(argv[2], NULL, 10));
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) ||
	    bind(fd, (const struct sockaddr *)&address, sizeof(address))) {
		perror(argv[1]);
		return 1;
	}
	puts("ready");
	fflush(stdout);
	pause();
	return 0;
}
