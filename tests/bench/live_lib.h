/* SPDX-License-Identifier: GPL-2.0-only */
/* Two namespaces joined by veth pairs, one pair for each way to answer, so that
 * all stay as they are while the rounds go from one to the next. This process
 * is in the first namespace, the machine under test is the other. What does not
 * work ends the process. */
#ifndef LIVE_LIB_H
#define LIVE_LIB_H

#include "bench_lib.h"

struct live_bpf;

#define LIVE_PAYLOAD 56 /* bytes, as ping's */
#define TRIP_ID      0x4321

enum here { HERE_NONE, HERE_PASS, HERE_COUNT_XDP, HERE_COUNT_TC };
enum there { THERE_KERNEL, THERE_PASS, THERE_SWAP, THERE_ICMPX };

/* Both ends of a pair have its name. */
struct pair {
	const char *name;
	const char *path; /* what answers, for the table */
	enum here here;   /* programs on the two ends */
	enum there there;
	bool gro;   /* there; without XDP, veth needs it to take frames from XDP */
	int number; /* part of its addresses: 198.18.NUMBER.1 and .2, 2001:2:0:NUMBER::1 */
	int ifindex;
	__u8 mac_here[6], mac_there[6];
};

struct live {
	struct live_bpf *bpf;
	const char *icmpx;     /* the program */
	int ns_here, ns_there; /* file descriptors */
};

void live_open(struct live *live, const char *icmpx, const char *there);

/* Puts programs and settings on both ends, and asks for their MACs. */
void pair_prepare(const struct live *live, struct pair *pair);

/* An echo request to the other end, or its reply. */
void pair_frame(const struct pair *pair, int family, bool reply, struct frame *frame);
void pair_address(const struct pair *pair, int family, bool there, void *address);

/* How many requests icmpx has answered at the driver of the other end. */
__u64 pair_answered(const struct live *live, const struct pair *pair, int family);

/* `number` requests by XDP: replies a second; *lost of them never came. Only
 * replies with the right headers count. */
double flood(const struct live *live, const struct pair *pair, int family, int number, int *lost);

struct trip {
	double p50, p99; /* ns */
};

/* `number` requests by a socket, each sent when the last was answered. */
struct trip trips(const struct pair *pair, int family, int number);

/* The same, each at its time; returns how many a second that were. */
double trips_paced(const struct pair *pair, int family, int number, int per_second);

int cpu_allowed(bool first); /* of the cores that this process may use the first, or the last */
void cpu_pin(int cpu);

#endif
