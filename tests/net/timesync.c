// SPDX-License-Identifier: GPL-2.0-only
/* timesync serve ADDRESS PORT: answers datagrams with its CLOCK_MONOTONIC.
 * timesync faster PPM: lets the clock of this machine run that much faster (up to 500).
 * timesync ask ADDRESS PORT COUNT: prints "MIN MAX": by so many ns at least and at most the other's
 * clock is ahead of this one's, as the times of COUNT exchanges say (RFC 5905); to hold what icmpx
 * says against, which asks nobody. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

struct stamps {
	int64_t asked;              /* by the one that asks */
	int64_t received, answered; /* by the other */
};

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void serve(int fd)
{
	struct sockaddr_in from;

	for (;;) {
		socklen_t size = sizeof(from);
		struct stamps stamps;

		if (recvfrom(fd, &stamps, sizeof(stamps), 0, (struct sockaddr *)&from, &size) !=
		    sizeof(stamps))
			continue;
		stamps.received = now();
		stamps.answered = now();
		sendto(fd, &stamps, sizeof(stamps), 0, (struct sockaddr *)&from, size);
	}
}

static int ask(int fd, int count)
{
	int64_t min = INT64_MIN, max = INT64_MAX;
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	for (int i = 0; i < count; i++) {
		struct stamps stamps = {.asked = now()};
		int64_t asked = stamps.asked, back;

		if (send(fd, &stamps, sizeof(stamps), 0) < 0 || poll(&poll_fd, 1, 1000) != 1 ||
		    recv(fd, &stamps, sizeof(stamps), 0) != sizeof(stamps))
			continue;
		back = now();
		if (stamps.asked != asked)
			continue;
		if (stamps.received - asked < max)
			max = stamps.received - asked;
		if (stamps.answered - back > min)
			min = stamps.answered - back;
	}
	printf("%lld %lld\n", (long long)min, (long long)max);
	return min == INT64_MIN;
}

static int run_faster(int ppm)
{
	struct timex timex = {.modes = ADJ_FREQUENCY, .freq = (long)ppm * 65536};

	if (adjtimex(&timex) >= 0)
		return 0;
	perror("adjtimex");
	return 1;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (argc == 3 && !strcmp(argv[1], "faster"))
		return run_faster(atoi(argv[2]));
	if (argc < 4 || inet_pton(AF_INET, argv[2], &address.sin_addr) != 1) {
		fputs("usage: timesync serve ADDRESS PORT | ask ADDRESS PORT COUNT | faster PPM\n",
		      stderr);
		return 2;
	}
	address.sin_port = htons(atoi(argv[3]));
	if (!strcmp(argv[1], "serve") && !bind(fd, (struct sockaddr *)&address, sizeof(address)))
		serve(fd);
	if (!strcmp(argv[1], "ask") && argc == 5 &&
	    !connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return ask(fd, atoi(argv[4]));
	perror("timesync");
	return 1;
}
