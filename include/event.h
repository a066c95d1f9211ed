/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tracing programs write into the ring buffer, and recordings keep. */
#ifndef ICMPX_EVENT_H
#define ICMPX_EVENT_H

#include <linux/types.h>

/* The first word of each record. */
enum icmpx_record {
	ICMPX_RECORD_EVENT = 1,
	ICMPX_RECORD_STACK,
	ICMPX_RECORD_TASK,
};

/* An IP address is copied and compared in two words of 8 bytes. On a BPF program's stack the
 * verifier refuses those where they are not aligned, and an array of bytes is aligned as the
 * compiler likes. */
#define ICMPX_ALIGNED __attribute__((aligned(8)))

/* What a packet is. */
enum icmpx_kind {
	ICMPX_KIND_NONE,
	ICMPX_KIND_REQUEST, /* echo request */
	ICMPX_KIND_REPLY,   /* echo reply */
	ICMPX_KIND_ERROR,   /* ICMP error: the identity is that of the packet which it is about */
	ICMPX_KIND_UDP,
	ICMPX_KIND_MAX,
};

/* Whose packet it is, as its headers say. A request, its reply and an error about
 * it have the same id and seq and, in either order, the same two addresses. */
struct icmpx_packet {
	__u8 family; /* 4 or 6; 0: no packet is known */
	__u8 kind;   /* enum icmpx_kind */
	__u8 type;   /* of the ICMP header; 0 for UDP */
	__u8 code;
	__u8 protocol; /* IPPROTO_*; of an error: of the packet that it is about */
	__u8 ttl;      /* or hop limit */
	__u16 bytes;   /* IP packet's length */
	__be16 id;     /* echo identifier; else source port */
	__be16 seq;    /* echo sequence; else destination port */
	__be32 ip_id;  /* IPv4 identification, IPv6 fragment identification; else 0 */
	/* IPv4 addresses in the first 4 bytes, the rest 0. Of an error: those of the
	 * packet that it is about. */
	__u8 source[16] ICMPX_ALIGNED;
	__u8 destination[16] ICMPX_ALIGNED;
	__u8 reporter[16] ICMPX_ALIGNED; /* who sent the error; else 0 */
};

/* In icmpx_event.flags */
#define ICMPX_IN_SOFTIRQ (1 << 0) /* while receiving: the task is whoever was interrupted */
#define ICMPX_RETURN     (1 << 1) /* of a function: detail[0] what it returned, [1] ns it took */
#define ICMPX_CARRIED    (1 << 2) /* no packet at hand: the one that this CPU was receiving */
#define ICMPX_FRAGMENT   (1 << 3) /* the packet is a fragment */

struct icmpx_event {
	__u32 record; /* ICMPX_RECORD_EVENT */
	__u16 probe;  /* enum icmpx_probe */
	__u16 cpu;
	__u64 time; /* CLOCK_MONOTONIC, ns */
	__u64 skb;  /* pointers identify only as long as nothing is freed; 0: none */
	__u64 head;
	__u64 sk;
	__u32 tgid, tid; /* the current task */
	__u32 netns;     /* inode number; 0: unknown */
	__u32 ifindex;   /* of skb->dev in that namespace; 0: none */
	__u32 stack;     /* id of a stack record that came before or comes soon; 0: none */
	__u32 lost;      /* records lost on this CPU since the trace began */
	__u16 flags;
	__s16 syscall;   /* number of the system call that this task is in; -1: unknown */
	__u32 fd;        /* its first argument */
	__u64 entered;   /* when it entered that, ns; 0: unknown */
	__u64 detail[2]; /* by probe, see ICMPX_TRACEPOINTS and ICMPX_FUNCTIONS */
	struct icmpx_packet packet;
	/* Of an echo's payload the first 8 bytes, as they lie there: icmpx's own pings have random
	 * ones, which no NAT changes. 0: not seen. */
	__u64 cookie;
};

#define ICMPX_STACK_MAX 64

/* The call path at a probe, innermost first. As long as `count` says. */
struct icmpx_stack {
	__u32 record; /* ICMPX_RECORD_STACK */
	__u32 id;     /* never 0 */
	__u32 count;
	__u32 probe;
	__u64 address[ICMPX_STACK_MAX];
};

/* A task that events name, before or soon after its first one. */
struct icmpx_task {
	__u32 record; /* ICMPX_RECORD_TASK */
	__u32 tid;
	__u32 tgid;
	__u32 unused;
	char comm[16];
};

_Static_assert(sizeof(struct icmpx_packet) == 64, "no padding: it is compared and hashed");
_Static_assert(sizeof(struct icmpx_event) == 168, "recordings hold it");
_Static_assert(sizeof(struct icmpx_stack) == 16 + 8 * ICMPX_STACK_MAX, "recordings hold it");
_Static_assert(sizeof(struct icmpx_task) == 32, "recordings hold it");

/* What is to be traced; all of it together. Zero members do not filter. */
struct icmpx_filter {
	/* Source or destination (as in icmpx_packet) is one of them. */
	__u8 hosts[8][16] ICMPX_ALIGNED;
	__u8 host_family[8];
	__u32 host_count;
	__u32 kinds; /* bits 1 << enum icmpx_kind; UDP only with a port */
	__u32 id_set;
	__u16 id;       /* host order, as the others here */
	__u16 udp_port; /* source or destination */
	__u32 seq_set;
	__u16 seq_min, seq_max;
	/* Where it passes: by flow, so that the rest of its way is seen too. Until a
	 * flow has passed there, nothing of it is. */
	__u32 ifindex; /* of the device; with netns */
	__u32 netns;   /* inode number */
	__u32 by_task; /* one of the tasks in the map `tgids` sends or receives it */
};

/* How often a stack is taken; by path: where probe, packet, device and depth of the stack are new.
 */
enum icmpx_stacks {
	ICMPX_STACKS_PATHS,
	ICMPX_STACKS_ALWAYS,
	ICMPX_STACKS_NEVER,
};

#endif
