/* SPDX-License-Identifier: GPL-2.0-only */
/* A pinger, between pinger.c, which paces it, pinger_socket.c and pinger_receive.c. */
#ifndef ICMPX_PINGER_STATE_H
#define ICMPX_PINGER_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "clock.h"
#include "pinger.h"
#include "util.h"

#define PINGER_HEADER 8 /* bytes of an ICMP echo header */
#define PINGER_COOKIE                                                                              \
	8 /* bytes behind it by which a reply is known as ours, if there are as many; event.cookie \
	   */
#define PINGER_FLIGHTS 65536 /* one for each sequence number */

enum flight_state {
	FLIGHT_NONE,
	FLIGHT_OPEN,
	FLIGHT_FAILED,
	FLIGHT_ANSWERED,
};

/* What became of a request. */
struct flight {
	__u64 time; /* sent, CLOCK_MONOTONIC, ns */
	enum flight_state state;
};

struct pinger {
	unsigned int count, size;
	__u64 interval, wait;

	int fd;
	bool raw;
	struct icmpx_packet request; /* with seq 0 */
	__u32 netns;

	__u64 attempts; /* requests made, whether or not they could be sent */
	__u64 due;      /* the next one */
	__u64 last;     /* when the last one was sent */
	__u64 open;     /* flights in that state */
	__u64 stamped;  /* the attempt that the kernel's stamp id 0 stands for */
	struct pinger_counts counts;
	struct flight *flights;

	unsigned char *message; /* the next request */
	unsigned char *buffer;  /* for what comes */
};

#define PINGER_BUFFER 65536

/* Who gets a run's events; the clocks' distance, once it is known in this run. */
struct pinger_run {
	void (*event)(void *data, const struct icmpx_event *event);
	void *data;
	bool has_offset;
	__s64 offset;
};

/* Fills fd, raw, request and netns; pinger_open()'s result and *why. */
int pinger_socket_open(struct pinger *pinger, const struct pinger_options *options, char *why,
		       size_t size);

/* Lets the kernel's stamp ids begin at 0 with the next packet. */
void pinger_socket_restamp(int fd);

/* Stamps and ICMP errors; then replies. */
void pinger_take_errors(struct pinger *pinger, struct pinger_run *run);
void pinger_take_replies(struct pinger *pinger, struct pinger_run *run);

void pinger_emit(const struct pinger *pinger, const struct pinger_run *run, enum icmpx_probe probe,
		 __u64 time, const struct icmpx_packet *packet, __u64 error);
struct flight *pinger_flight(const struct pinger *pinger, __be16 seq);
void pinger_settle(struct pinger *pinger, struct flight *flight, enum flight_state state);

static inline bool pinger_is_v4(const struct pinger *pinger)
{
	return pinger->request.family == 4;
}

#endif
