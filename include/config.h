/* SPDX-License-Identifier: GPL-2.0-only */
/* What both sides must agree on by name or by layout. */
#ifndef ICMPX_CONFIG_H
#define ICMPX_CONFIG_H

#include <linux/types.h>

#include "lease.h"

#define ICMPX_LAYOUT 2 /* changes with any map's key or value; see xdp.c on replace */

/* Names of programs, at most 15 characters: they are how other tools see us. */
#define ICMPX_PROG_ECHO  "icmpx_echo"
#define ICMPX_PROG_LEARN "icmpx_learn"

#define ICMPX_MAX_REQUESTS   4096        /* each family */
#define ICMPX_MAX_SOURCES    16384       /* token buckets of --limit */
#define ICMPX_MAX_NEIGHBOURS 4096        /* whose MAC is known by ARP and neighbour discovery */
#define ICMPX_EVENT_BYTES    (256 << 10) /* ring of events for a trace */
#define ICMPX_MAX_ICMP       2047        /* longest ICMP message whose checksum is verified */

enum icmpx_trust { ICMPX_TRUST_FLOW, ICMPX_TRUST_ADDRESS };
enum { ICMPX_IPV4 = 1, ICMPX_IPV6 = 2 };

/* A token bucket as the generic cell rate algorithm (ITU-T I.371) sees it. */
struct icmpx_rate {
	__u64 interval;  /* ns a packet; 0: no limit */
	__u64 tolerance; /* ns that a burst may run ahead */
};

struct icmpx_bucket {
	__u64 arrival; /* theoretical arrival time of the next packet, CLOCK_MONOTONIC ns */
};

struct icmpx_source {
	__be32 addr[4]; /* IPv4 in the last word, as in ::ffff:0:0/96 */
};

/* Whether somebody wants the replies as events (event.h), and for how long: a
 * tracer that is killed leaves nothing on. */
struct icmpx_watch {
	__u64 until; /* jiffies64: no more from then on; 0: nobody does */
	__u64 lost;  /* events that the ring had no room for, ever */
};

/* Whose MAC it is. IPv4 in the last word. */
struct icmpx_neighbour {
	__be32 addr[4];
	__u32 vlan; /* as in a flow's key */
};

struct icmpx_mac {
	__u8 mac[6];
	__u8 pad[2];
	__u64 moved; /* jiffies64: when it changed; 0: not since it is known */
};

#define ICMPX_MOVE_SECONDS 60

/* What ends all leases at once: those that were made before are over. Outlives a replace. */
struct icmpx_epoch {
	__u64 floor; /* jiffies64: a lease that expires by then is over; at most a lease from now */
	__u64 moved; /* how often a neighbour's MAC has moved it */
};

/* Where this kernel keeps what tells a reply of its own from that of a program's socket, and its
 * own namespace from another: offsets in bytes, by its BTF. */
struct icmpx_origin {
	__u32 check;     /* enum icmpx_origin_check */
	__u32 skb_sk;    /* in struct sk_buff: the socket, */
	__u32 skb_dev;   /* the device, */
	__u32 dev_net;   /* whose namespace is there in struct net_device; */
	__u32 sock_net;  /* in struct sock: the namespace, */
	__u32 sock_kern; /* the byte that has sk_kern_sock, */
	__u32 kern_bit;  /* in that bit */
};

/* How a reply is known to be of the kernel's own making. */
enum icmpx_origin_check {
	ICMPX_ORIGIN_ANY,    /* not at all: in test runs, which have no such socket */
	ICMPX_ORIGIN_SOCKET, /* by its socket's family, type, protocol and owner */
	ICMPX_ORIGIN_KERNEL, /* and by what the kernel keeps of that socket */
};

/* The programs' .rodata, frozen at load. `icmpx status` reads it back. */
struct icmpx_config {
	__u32 layout;   /* ICMPX_LAYOUT */
	__u32 trust;    /* enum icmpx_trust */
	__u32 families; /* ICMPX_IPV4 | ICMPX_IPV6 */
	__u32 observe;  /* answer and drop nothing */
	__u32 plain;    /* no option that changes the path of a frame: icmpx_plain() */
	__u32 lease_s;  /* seconds */
	__u32 hz;       /* jiffies a second */
	__u32 netns;    /* inode number of the network namespace when attached; 0: unknown */
	__u64 lease;    /* jiffies */
	struct icmpx_rate limit, limit_new;
	__u64 multipliers[ICMPX_MULTIPLIERS];        /* odd, random; kept over a replace */
	__u32 limit_pps, limit_burst, limit_new_pps; /* as given; 0: none */
	__u32 ifindex;
	char ifname[16]; /* when attached: an interface can be renamed */
	__u64 attached;  /* CLOCK_REALTIME, seconds */
	char version[16];
	__u64 early;   /* jiffies before its end from which on a lease is renewed */
	__u32 leased;  /* ICMPX_IPV4 | ICMPX_IPV6: of which leases may be made */
	__u32 any_iif; /* as given: whatever interface a request may come in by */
	struct icmpx_origin origin;
};

/* What most run with is worth a copy of the program without the other options. */
ICMPX_INLINE __u32 icmpx_plain(const struct icmpx_config *config)
{
	return config->trust == ICMPX_TRUST_FLOW && !config->observe &&
	       config->families == (ICMPX_IPV4 | ICMPX_IPV6) && !config->limit.interval &&
	       !config->limit_new.interval;
}

#endif
