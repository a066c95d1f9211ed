/* SPDX-License-Identifier: GPL-2.0-only */
/* --ping: icmpx sends the pings itself, and has the kernel stamp them (SO_TIMESTAMPING). */
#ifndef ICMPX_PINGER_H
#define ICMPX_PINGER_H

#include <stddef.h>

#include "trace.h"

struct pinger_options {
	const char *host; /* name or address; "ADDRESS%DEVICE" for link-local ones */
	unsigned int count;
	__u64 interval;    /* ns */
	__u64 wait;        /* ns for the last reply */
	unsigned int size; /* bytes behind the ICMP header */
	int family;        /* AF_INET, AF_INET6, AF_UNSPEC */
};

struct pinger;

struct pinger_counts {
	__u64 sent, received, duplicates, errors;
	__u64 rtt_min, rtt_max, rtt_sum; /* ns, of received ones */
};

/* Resolves and opens a socket: ping socket, else raw. On failure 0 is not returned but a
 * negative errno, and *why says what failed, on what, and what to do. */
int pinger_open(const struct pinger_options *options, struct pinger **pinger, char *why,
		size_t size);
void pinger_close(struct pinger *pinger);

/* To poll for reading and for errors (the stamps come as such). */
int pinger_fd(const struct pinger *pinger);

/* Sends what is due, takes in what has come. Events (ICMPX_TP_USER_*, ICMPX_TP_STAMP_*) go to
 * `event`, with CLOCK_MONOTONIC times, this process as task, and the packet's identity as on
 * the wire. *next: when to call again at the latest (CLOCK_MONOTONIC, ns). 1: all is done,
 * 0: go on, or a negative errno. */
int pinger_run(struct pinger *pinger, void (*event)(void *data, const struct icmpx_event *event),
	       void *data, __u64 *next);

bool pinger_is_raw(const struct pinger *pinger);
void pinger_address(const struct pinger *pinger,
		    struct icmpx_packet *packet); /* its identity, seq 0 */
const struct pinger_counts *pinger_counts(const struct pinger *pinger);

#endif
