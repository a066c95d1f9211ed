/* SPDX-License-Identifier: GPL-2.0-only */
/* Events -> pings: all that was seen of one request, its reply and errors about it, in the
 * order of time. Pure: it knows no BPF and no clock but the events'. */
#ifndef ICMPX_ASSEMBLE_H
#define ICMPX_ASSEMBLE_H

#include "trace.h"
#include "util.h"

/* Whose part of the way a hop is. */
enum hop_side {
	SIDE_SENDER,    /* the machine or namespace that sent the request */
	SIDE_RESPONDER, /* that answers it (or drops it, or makes the error) */
	SIDE_FORWARDER, /* in between */
	SIDE_MAX,
};

struct hop {
	struct icmpx_event
		event; /* its packet is never without family: a carried one is filled in */
	__u8 leg;  /* enum icmpx_kind: whether the request, the reply or an error is on its way */
	__u8 side; /* enum hop_side */
	__u8 synthetic; /* no record of its own: made from `entered` of a later one: a system call's
			 * entry; then event.time is `entered`, and event.probe HOP_SYSCALL */
	__u8 benign;    /* a DROP that is none: the packet, or a clone of it, was delivered */
	__u8 copy;      /* 0, or the n-th further packet of this leg (DUP!) */
};

#define HOP_SYSCALL ICMPX_FN_BEFORE /* event.probe of a synthetic hop */

/* How a ping ended. X(id, name, title) */
#define PING_ENDS(X)                                                                               \
	X(COMPLETE, "complete", "request and reply seen to their ends")                            \
	X(RECEIVED, "received",                                                                    \
	  "the reader has it (a UDP datagram; a reply whose request was not seen)")                \
	X(ANSWERED, "answered", "request came in, reply went out")                                 \
	X(ERROR, "error", "an ICMP error about it was made or taken")                              \
	X(DROPPED, "dropped", "the kernel dropped it")                                             \
	X(NO_REPLY, "no_reply", "no reply within the time")                                        \
	X(INCOMPLETE, "incomplete",                                                                \
	  "parts were not seen: begun before the trace, lost, or pushed out by others")

enum ping_end {
#define X(id, name, title) PING_##id,
	PING_ENDS(X)
#undef X
		PING_END_MAX,
};

struct ping {
	__u64 number;               /* 1, 2, ... in the order they end */
	struct icmpx_packet packet; /* the request's, or turned round from what was seen */
	enum ping_end end;
	struct hop *hops; /* by time; equal times as they came */
	__u32 count;
	__u32 left_out;    /* hops above the cap */
	__u32 lost;        /* records that this trace's CPUs lost while it was open */
	__u64 first, last; /* ns: of the span: see below */
	/* What is known of the sending and reading process on the sender's side; 0: nothing. */
	__u32 tgid, tid;
	__u32 sender_netns, responder_netns;
	bool raw_socket, ping_socket; /* which one the reply was read from */
	bool at_driver;               /* answered by the fast path */
	bool duplicate;
};

/* The span of a ping is from its first hop to the last one that its packet had to pass:
 * the system call that read it returns, or the reply's driver has returned, or where it
 * died. What is freed after that is a hop, but not in the span. */

const char *ping_end_name(enum ping_end end); /* "no_reply" */
const char *hop_side_name(unsigned int side); /* "responder" */

/* Whether its way was seen to its end, and that was a good one. */
static inline bool ping_is_whole(const struct ping *ping)
{
	return ping->end == PING_COMPLETE || ping->end == PING_ANSWERED ||
	       ping->end == PING_RECEIVED;
}

struct assemble_options {
	__u64 reorder;  /* ns that an event may be late against others; 0: 2 ms */
	__u64 linger;   /* ns of silence after which an ended ping goes, or more; 0: 10 ms */
	__u64 timeout;  /* ns after which a ping without a reply is; 0: 10 s */
	__u32 max_open; /* pings; 0: 8192. The oldest is closed as incomplete */
	__u32 max_hops; /* of a ping; 0: 256 */
};

struct assemble_counts {
	__u64 events;  /* taken */
	__u64 orphans; /* events that could be given to no ping */
	__u64 pings;   /* handed on */
	__u64 ends[PING_END_MAX];
	__u64 pushed_out; /* of them, closed because there were too many */
	__u64 late;       /* events later than `reorder` */
	__u64 lost;       /* records lost in the kernel, all CPUs */
	__u64 hops_left_out;
};

struct assembler;

/* `done` gets each ping when it ends; it is the assembler's and gone after the call.
 * NULL: out of memory. */
struct assembler *assembler_new(const struct assemble_options *options,
				void (*done)(void *data, const struct ping *ping), void *data);
void assembler_free(struct assembler *assembler);

/* 0 or -ENOMEM (the event is then counted as lost). */
int assembler_event(struct assembler *assembler, const struct icmpx_event *event);

/* It is `now` (the events' clock, ns): ends what is silent long enough. */
void assembler_tick(struct assembler *assembler, __u64 now);

/* The sources know of so many lost records in all: also those behind the last event. */
void assembler_lost(struct assembler *assembler, __u64 total);

/* Ends all. */
void assembler_flush(struct assembler *assembler);

const struct assemble_counts *assembler_counts(const struct assembler *assembler);

DEFINE_CLEANUP(assembler, struct assembler *, assembler_free)

#endif
