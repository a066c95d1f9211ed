/* SPDX-License-Identifier: GPL-2.0-only */
/* Pings of two machines -> those that went from one to the other. A ping that both have seen is
 * known by addresses, identifier, sequence and cookie; where NAT lies between, by cookie and
 * sequence. What both clocks say of it bounds how far one is ahead of the other. Pure. */
#ifndef ICMPX_MERGE_H
#define ICMPX_MERGE_H

#include "assemble.h"
#include "clock_fit.h"
#include "stages.h"

enum machine {
	MACHINE_A,
	MACHINE_B,
	MACHINE_MAX,
};

static inline enum machine machine_other(enum machine machine)
{
	return machine == MACHINE_A ? MACHINE_B : MACHINE_A;
}

/* What became of it. X(id, name, title) */
#define MERGE_FATES(X)                                                                             \
	X(COMPLETE, "complete", "request and reply crossed the wire, and the reply was read")      \
	X(NOT_READ, "not_read", "the reply came back, but was not read")                           \
	X(REPLY_LOST, "reply_lost",                                                                \
	  "the request arrived and was answered; the reply left, but did not arrive")              \
	X(NOT_ANSWERED, "not_answered", "the request arrived; no reply left")                      \
	X(REQUEST_LOST, "request_lost", "the request left, but did not arrive")                    \
	X(ERROR, "error", "an ICMP error is the answer")                                           \
	X(UNKNOWN, "unknown", "parts were not seen: not recorded then, or records lost")

enum merge_fate {
#define X(id, name, title) FATE_##id,
	MERGE_FATES(X)
#undef X
		FATE_MAX,
};

const char *merge_fate_name(enum merge_fate fate);

/* Of a request or a reply on one machine. */
struct crossing {
	bool arrived, left;
	__u64 in, out; /* when, by that machine's clock */
	__u8 ttl_in;
	bool fragmented;
};

#define IDENTITIES 4 /* of a ping: NAT on the machine itself gives more than one */

/* As in the request. */
struct merge_identity {
	__u8 source[16], destination[16];
	__be16 id, seq;
	__u32 family;
};

enum merge_state {
	MERGE_ALONE, /* the other machine has not seen it */
	MERGE_JOINED,
	MERGE_AMBIGUOUS, /* there are several that it may be */
	MERGE_ODD,       /* its times contradict the others' */
	MERGE_DATAGRAM,  /* no ping */
};

/* A ping as one machine has seen it. */
struct merge_ping {
	struct ping ping; /* with hops of its own */
	struct crossing request, reply;
	struct merge_identity identities[IDENTITIES];
	__u32 identity_count;
	__u64 cookie; /* 0: unknown */
	enum merge_state state;
	__u32 partner; /* if joined: its index on the other machine */
};

/* What one machine has recorded. */
struct merge_side {
	struct merge_ping *pings; /* as they ended */
	size_t count, capacity;
	__u64 started, ended; /* between these it has recorded */
	__s64 epoch;          /* CLOCK_REALTIME - CLOCK_MONOTONIC */
	__u64 lost;
	char boot[40];
};

/* Copies it. 0 or -ENOMEM. */
int merge_side_add(struct merge_side *side, const struct ping *ping);
void merge_side_destroy(struct merge_side *side);

/* One ping of both, or a request that was lost between them. */
struct merged {
	enum machine sender;                        /* of the two the one nearer to who sent it */
	const struct merge_ping *seen[MACHINE_MAX]; /* NULL: not there */
	enum merge_fate fate;
	struct clock_span offset; /* B's clock less A's, then */
};

struct merge_counts {
	__u64 joined, alone[MACHINE_MAX], ambiguous[MACHINE_MAX], odd[MACHINE_MAX];
	__u64 datagrams[MACHINE_MAX];
	__u64 by_cookie; /* of the joined: the addresses differ */
	__u64 fates[FATE_MAX];
};

struct merge {
	struct merge_side sides[MACHINE_MAX];
	struct clock_fit *clock;
	struct merged *list; /* by A's time */
	size_t count;
	__u64 first, last; /* A's time, of what was joined */
	struct merge_counts counts;
};

/* The sides are filled. 0 or -ENOMEM. */
int merge_join(struct merge *merge);
void merge_destroy(struct merge *merge);

/* --- merge_cross.c --- */

/* Fills all but the ping, the state and the partner. */
void merge_cross(struct merge_ping *ping);

/* Which of the two the sender is nearer to; false: that cannot be said, so they do not belong
 * together. */
bool merge_sender(const struct merge_ping *a, const struct merge_ping *b, enum machine *sender);

/* What the two say of the offset: up to two bounds. Returns how many. */
size_t merge_bounds(const struct merge_ping *a, const struct merge_ping *b, enum machine sender,
		    struct clock_bound bounds[2]);

/* --- merge_pair.c: who belongs together --- */

/* Sets states and partners, and merge->clock. 0 or -ENOMEM. */
int merge_pair(struct merge *merge);

/* --- merge_odd.c: what the joined ones say of the clocks --- */

/* Those that contradict the others are not joined any more. 0 or -ENOMEM. */
int merge_drop_odd(struct merge *merge);

/* merge->clock anew. 0 or -ENOMEM. */
int merge_fit_clock(struct merge *merge);

/* --- merge_fate.c --- */

/* Of those that are joined; and whether one that is alone was lost on its way to the other. */
int merge_list(struct merge *merge);

/* Both have seen it, with headers that differ: NAT lies between them. */
bool merged_is_rewritten(const struct merged *merged);

#endif
