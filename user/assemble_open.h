/* SPDX-License-Identifier: GPL-2.0-only */
/* A ping that has not ended, and the assembler that holds it. */
#ifndef ICMPX_ASSEMBLE_OPEN_H
#define ICMPX_ASSEMBLE_OPEN_H

#include <netinet/in.h>

#include "assemble.h"
#include "assemble_reorder.h"
#include "assemble_tables.h"

#define MAX_PLACES   8
#define MAX_ALIASES  8  /* of a ping */
#define MAX_POINTERS 32 /* of a ping; then the oldest is forgotten */

/* What was seen of a ping, in open_ping.seen. */
enum {
	SEEN_REQUEST = 1 << 0,    /* or the datagram */
	SEEN_SENT = 1 << 1,       /* it comes from here */
	SEEN_ARRIVED = 1 << 2,    /* it came in here */
	SEEN_REPLY = 1 << 3,      /* on the link */
	SEEN_DELIVERED = 1 << 4,  /* the reply or datagram is in a socket */
	SEEN_READ = 1 << 5,       /* and was read */
	SEEN_FULL = 1 << 6,       /* or the socket was full */
	SEEN_ERROR_MADE = 1 << 7, /* one that ends it: not a redirect */
	SEEN_ERROR_TAKEN = 1 << 8,
	SEEN_USER_SEND = 1 << 9,
	SEEN_CAME_BACK = 1 << 10, /* the reply came in here */
	SEEN_DUPLICATE = 1 << 11,
};

/* How long it may be silent before it is handed on. */
enum wait {
	WAIT_LINGER, /* it has ended */
	WAIT_MORE,   /* ten times that: more is likely to come */
	WAIT_SECOND, /* nothing is known that is to come */
	WAIT_REPLY,
	WAIT_MAX,
};

/* One packet passes it once. */
struct place {
	__u16 probe;
	__u16 passed; /* how often */
	__u32 netns, ifindex;
	__u64 sk;
};

struct leg {
	bool away;    /* its last hop on the link was outwards */
	bool dropped; /* and nothing of it was seen since */
	__u16 copies; /* further packets of the same */
	__u8 place_count;
	__u64 dropped_head;
	struct place places[MAX_PLACES];
};

/* The first hop of the request and who sent it. */
struct start {
	__u16 probe; /* of is_start(); else not seen yet */
	__u32 netns, ifindex;
	__u64 time;
	__u32 tgid, tid;
	__u64 entered; /* 0: not seen yet */
};

struct open_ping {
	struct ping ping;
	__u32 capacity; /* of ping.hops */
	__u32 seen;
	__u64 serial;
	__u64 active;      /* time of what was last seen of it */
	__u64 ended;       /* since when it waits for no more than silence; 0: not yet */
	__u64 lost_before; /* records lost when it was opened */
	struct start start;
	struct leg legs[ICMPX_KIND_MAX];
	struct alias alias;           /* the first one */
	struct alias *aliases;        /* all */
	struct pointer_list pointers; /* newest first */
	__u32 alias_count, pointer_count;
	enum wait wait;
	TAILQ_ENTRY(open_ping) by_age;
	TAILQ_ENTRY(open_ping) by_silence; /* of those with the same `wait` */
};

TAILQ_HEAD(ping_queue, open_ping);

/* A ping that was handed on lately. Another socket that got a clone of its reply, too, may
 * read that later: this begins no ping. In sets of a few, of which the oldest goes. */
#define RECENT      65536
#define RECENT_WAYS 4

struct recent {
	struct identity identity;
	__u64 time; /* 0: empty */
};

struct cpu {
	__u32 lost;
	struct open_ping *current; /* whose packet it had last; only with the same serial */
	__u64 serial;
	/* Its last event of a ping, for wait_watch(). */
	struct {
		__u64 serial, time;
		__u8 kind;
		bool softirq;
	} last;
};

struct assembler {
	struct assemble_options options;
	void (*done)(void *data, const struct ping *ping);
	void *data;
	struct assemble_counts counts;
	struct reorder reorder;
	__u64 newest;      /* time of all that came */
	__u64 sorted;      /* up to then events have been processed in order */
	__u64 now;         /* time of the last one processed */
	__u64 lost_before; /* records lost until the event before this one */
	/* One and two seconds ago or less: a ping whose beginning was not seen may have had some.
	 */
	__u64 lost_marked, lost_lately, lost_long_ago;
	__u64 serial;
	struct cpu *cpus;
	size_t cpu_count;
	struct identity_table identities;
	struct recent *recent;
	struct pointer_table skbs, heads;
	struct pointer_list spare_pointers;
	struct ping_queue by_age, spare;
	struct ping_queue silent[WAIT_MAX];
	__u64 wait[WAIT_MAX]; /* ns */
	__u64 slow_since;     /* when the machine was last seen to be as slow as they allow for */
	__u32 open_count;
	int error;
};

/* --- assemble.c --- */

/* Its place among those that were handed on lately, or one to be given to it. */
struct recent *recent_find(const struct assembler *assembler, const struct identity *identity);

/* NULL: out of memory. Makes room if there are too many. */
struct open_ping *open_ping_new(struct assembler *assembler, const struct icmpx_event *event);
void open_ping_close(struct assembler *assembler, struct open_ping *open, bool pushed_out);

/* --- assemble_wait.c: how long silence is waited for --- */

void wait_begin(struct assembler *assembler);

/* A ping's event, in order: how slow this machine is. */
void wait_watch(struct assembler *assembler, struct cpu *cpu, const struct open_ping *open,
		const struct icmpx_event *event);

/* --- assemble_join.c: which ping an event belongs to --- */

/* *open: NULL if it belongs to none. Opens one if need be; completes the event's packet.
 * `late`: pointers say nothing about it. 0 or -ENOMEM. */
int join_event(struct assembler *assembler, struct icmpx_event *event, bool late,
	       struct open_ping **open);

/* Its headers are new, but it lies where a known packet was before NAT: then it is that. */
struct open_ping *join_rewritten(struct assembler *assembler, const struct icmpx_event *event);

/* --- assemble_udp.c: the same for datagrams, which have no sequence --- */

/* NULL: of none that is open. */
struct open_ping *join_datagram(struct assembler *assembler, const struct icmpx_event *event,
				bool late);

/* --- assemble_pointers.c --- */

/* Where the event's packet lies is the ping's. */
void pointers_learn(struct assembler *assembler, struct open_ping *open,
		    const struct icmpx_event *event, __u16 copy);
/* The event has freed its packet. */
void pointers_forget(struct assembler *assembler, const struct icmpx_event *event);
void pointer_drop(struct assembler *assembler, struct pointer *pointer);
/* The pointer's ping, if the packet can still be the one that was seen there. */
struct pointer *pointers_of(const struct assembler *assembler, const struct icmpx_event *event);
/* Whether the pointer shows the event's packet, with addresses or id rewritten (NAT). */
bool pointer_is_rewritten(const struct assembler *assembler, const struct pointer *pointer,
			  const struct icmpx_event *event);

/* --- assemble_hop.c --- */

/* 0 or -ENOMEM. */
int open_ping_add(struct assembler *assembler, struct open_ping *open,
		  const struct icmpx_event *event, bool late);
enum wait open_ping_wait(const struct open_ping *open);

/* --- assemble_end.c, assemble_side.c, assemble_span.c: once it has ended --- */

void open_ping_finish(struct open_ping *open, bool pushed_out, __u32 max_hops);
void ping_set_sides(struct open_ping *open);
void ping_set_span(struct open_ping *open);
void ping_add_syscalls(struct open_ping *open, __u32 max_hops);

/* --- of events and hops --- */

/* In the task's own time, within a system call that is known. A packet that waited for its
 * neighbour may leave in a softirq on top of the very call that sends it. */
static inline bool is_in_syscall(const struct icmpx_event *event)
{
	return event->entered && event->syscall >= 0 &&
	       (!(event->flags & ICMPX_IN_SOFTIRQ) || event->probe == ICMPX_TP_NET_DEV_QUEUE ||
		event->probe == ICMPX_TP_NEIGH_WAIT);
}

/* The same, or about the system call of a task that is woken. */
static inline bool names_syscall(const struct icmpx_event *event)
{
	if (event->probe == ICMPX_TP_WAKING || event->probe == ICMPX_TP_SWITCH_IN)
		return event->entered && event->syscall >= 0;
	return is_in_syscall(event);
}

/* The packet may be gone: the event tells where it was. */
static inline bool is_afterwards(const struct icmpx_event *event)
{
	return event->flags & (ICMPX_CARRIED | ICMPX_RETURN) || event->probe == ICMPX_TP_SYS_EXIT ||
	       event->probe == ICMPX_TP_WAKING || event->probe == ICMPX_TP_SWITCH_IN ||
	       event->probe == ICMPX_TP_NET_DEV_XMIT;
}

/* Of the request, or of a datagram. */
static inline bool is_outward(const struct icmpx_packet *packet)
{
	return packet->kind == ICMPX_KIND_REQUEST || packet->kind == ICMPX_KIND_UDP;
}

static inline bool is_function(const struct icmpx_event *event)
{
	return event->probe >= ICMPX_FN_FIRST;
}

/* When the socket was made; remembered for its first ping. */
static inline bool is_setup_function(const struct icmpx_event *event)
{
	return event->probe >= ICMPX_FN_SYS_SOCKET && event->probe <= ICMPX_FN_PING_INIT_SOCK;
}

/* Remembered until the packet was known: its time is in the past by right. */
static inline bool is_remembered(const struct icmpx_event *event)
{
	return is_function(event) && !event->skb;
}

/* Where a ping begins, if none of it was lost. */
bool is_beginning(const struct icmpx_event *event);

/* On the way from the application to the driver. */
static inline bool is_send_function(const struct icmpx_event *event)
{
	return event->probe >= ICMPX_FN_SYS_SENDTO && event->probe <= ICMPX_FN_VETH_XMIT;
}

/* A point that the packet itself passes, not something that follows from it. */
bool is_on_way(const struct icmpx_event *event);

/* Of the process, or of the socket that it reads from. */
bool is_of_reader(const struct icmpx_event *event);

#endif
