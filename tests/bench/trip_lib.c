// SPDX-License-Identifier: GPL-2.0-only
/* Round trips of one request at a time, as ping sees them: a raw socket. */
#include <errno.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <linux/icmp.h>

#include "live_lib.h"
#include "util.h"

#define HEADER 8
#define BYTES  (HEADER + LIVE_PAYLOAD)

static int trip_open(const struct pair *pair, int family)
{
	struct sockaddr_in6 there6 = {.sin6_family = AF_INET6};
	struct sockaddr_in there4 = {.sin_family = AF_INET};
	struct icmp_filter only4 = {~(1U << ICMP_ECHOREPLY)};
	struct timeval second = {.tv_sec = 1};
	struct icmp6_filter only6;
	int fd, err;

	ICMP6_FILTER_SETBLOCKALL(&only6);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &only6);
	pair_address(pair, 4, true, &there4.sin_addr);
	pair_address(pair, 6, true, &there6.sin6_addr);
	if (family == 4) {
		fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
		err = setsockopt(fd, SOL_RAW, ICMP_FILTER, &only4, sizeof(only4)) ||
		      connect(fd, (struct sockaddr *)&there4, sizeof(there4));
	} else {
		fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6);
		err = setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &only6, sizeof(only6)) ||
		      connect(fd, (struct sockaddr *)&there6, sizeof(there6));
	}
	if (err || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second)))
		die("%s: socket: %s", pair->name, strerror(errno));
	return fd;
}

/* The kernel fills in ICMPv6's checksum, not ICMP's. */
static void trip_request(__u8 *message, int family, int seq)
{
	memset(message, seq, BYTES);
	message[0] = family == 4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
	message[1] = 0;
	put16(message + 2, 0);
	put16(message + 4, TRIP_ID);
	put16(message + 6, seq);
	if (family == 4)
		put16(message + 2, ~sum_fold(sum_add(0, message, BYTES)));
}

static double trip_once(int fd, const struct pair *pair, int family, int seq)
{
	__u8 request[BYTES], packet[256];
	int header = family == 4 ? 20 : 0;
	double start, end;
	ssize_t got;

	trip_request(request, family, seq);
	start = now_ns();
	if (send(fd, request, BYTES, 0) != BYTES)
		die("%s: send: %s", pair->name, strerror(errno));
	got = recv(fd, packet, sizeof(packet), 0);
	end = now_ns();
	if (got != header + BYTES)
		die("%s: no reply: %s", pair->name, got < 0 ? strerror(errno) : "wrong length");
	if (packet[header] != (family == 4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY) ||
	    memcmp(packet + header + 4, request + 4, BYTES - 4))
		die("%s: not the reply to the last request", pair->name);
	return end - start;
}

struct trip trips(const struct pair *pair, int family, int number)
{
	_cleanup_(free) double *ns = calloc(number, sizeof(*ns));
	_cleanup_(close) int fd = trip_open(pair, family);

	if (!ns)
		die("out of memory");
	for (int i = 0; i < number; i++)
		ns[i] = trip_once(fd, pair, family, i & 0xffff);
	qsort(ns, number, sizeof(*ns), by_value);
	return (struct trip){ns[number / 2], ns[(__u64)number * 99 / 100]};
}

double trips_paced(const struct pair *pair, int family, int number, int per_second)
{
	_cleanup_(close) int fd = trip_open(pair, family);
	double start = now_ns();

	for (int i = 0; i < number; i++) {
		while (now_ns() < start + i * 1e9 / per_second)
			;
		trip_once(fd, pair, family, i & 0xffff);
	}
	return 1e9 * number / (now_ns() - start);
}
