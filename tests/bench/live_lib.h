/* SPDX-License-Identifier: GPL-2.0-only */
/* Two namespaces joined by veth pairs, one pair for each way to answer, so that
 * all stay as they are while the rounds go from one to the next. This process
 * is in the first namespace, the machine under test is the other. Functions
 * end the process when something does not work. */
#ifndef LIVE_LIB_H
#define LIVE_LIB_H

#include "../prog/frames_lib.h"
#include "live.h"

struct live_bpf;

#define LIVE_ROUNDS_MAX 200

enum answerer { BY_KERNEL, BY_SWAP, BY_NATIVE, BY_GENERIC };

/* Both ends of a pair have its name. */
struct pair {
	const char *name;
	const char *what; /* for the table */
	enum answerer answerer;
	bool gro;   /* of the end under test: NAPI for frames from XDP, where it has no XDP */
	bool tc;    /* replies are counted at tc ingress, else by XDP */
	int index;  /* part of its addresses */
	int ifindex;
	__u8 mac[2][6]; /* here, there */
};

struct live {
	struct live_bpf *bpf;
	const char *icmpx; /* the program */
	int here, there;   /* namespaces */
};

void live_die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
double live_now(void); /* CLOCK_MONOTONIC, ns */

void live_open(struct live *live, const char *there);
void live_close(struct live *live);

/* Programs and offloads of both ends. */
void pair_prepare(struct live *live, struct pair *pair);

/* The frame of 64 bytes of ICMP in each direction, both families. */
void pair_frame(const struct pair *pair, int family, bool reply, struct frame *frame);

/* What icmpx counts as answered by XDP on the other end; 0 where it is not attached. */
__u64 pair_answered(struct live *live, const struct pair *pair, int family);

/* The family's address of the other end, as text. */
void pair_address(const struct pair *pair, int family, char *text, size_t size);

#endif
