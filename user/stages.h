/* SPDX-License-Identifier: GPL-2.0-only */
/* A ping -> where its time went. Pure. Each stage is the time between two hops that its
 * packet passes one after the other, so that they sum to the span exactly. */
#ifndef ICMPX_STAGES_H
#define ICMPX_STAGES_H

#include "assemble.h"

/* X(id, name (JSON), title) */
#define STAGES(X)                                                                                  \
	X(SEND, "send", "system call to the device's queue")                                       \
	X(NEIGHBOUR, "neighbour", "waiting for the neighbour's MAC address")                       \
	X(QUEUE, "queue", "in the queue (qdisc)")                                                  \
	X(DRIVER, "driver", "driver, to the next device or the peer")                              \
	X(WIRE, "wire", "driver, wire and the other machine")                                      \
	X(ONE_WAY, "one_way", "on the wire, one way; between two machines (trace merge)")          \
	X(SOFTIRQ, "softirq", "waiting for the receive softirq")                                   \
	X(XDP, "xdp", "received and answered at the driver")                                       \
	X(RECEIVE, "receive", "receive stack")                                                     \
	X(ICMP, "icmp", "ICMP makes the answer (tp: in and out too)")                              \
	X(TRANSMIT, "transmit", "the answer's way to the device's queue")                          \
	X(FORWARD, "forward", "forwarded")                                                         \
	X(WAIT, "wait", "in the socket's queue, for its reader")                                   \
	X(WAKEUP, "wakeup", "the reader is woken, until it runs")                                  \
	X(READ, "read", "the reader runs, until it copies")                                        \
	X(COPY, "copy", "copying, until the system call returns")                                  \
	X(OTHER, "other", "between what was seen: parts are missing")

enum stage {
#define X(id, name, title) STAGE_##id,
	STAGES(X)
#undef X
		STAGE_MAX,
};

struct span {
	enum stage stage;
	__u8 leg;       /* enum icmpx_kind; of WIRE, XDP and ICMP: what is answered */
	__u8 side;      /* enum hop_side */
	__u32 from, to; /* indices in ping->hops */
	__u64 ns;
};

struct budget {
	struct span spans[64]; /* by time; neighbours of one stage and leg are one span; what
				* does not fit is OTHER */
	size_t count;
	__u64 total; /* their sum = ping->last - ping->first */
};

void stages_budget(const struct ping *ping, struct budget *budget);

const char *stages_name(enum stage stage);
const char *stages_title(enum stage stage);

#endif
