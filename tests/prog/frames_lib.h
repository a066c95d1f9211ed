/* SPDX-License-Identifier: GPL-2.0-only */
/* Echo frames byte by byte, and the leases that cover them. Written from the
 * RFCs, on big-endian numbers, and without a line of bpf/: what the tests
 * expect must not share the fast path's mistakes. */
#ifndef FRAMES_LIB_H
#define FRAMES_LIB_H

#include <stdbool.h>
#include <linux/types.h>

#include "config.h"
#include "lease.h"

#define FRAME_MAX  3400 /* what BPF_PROG_TEST_RUN takes in one page, less some */
#define FRAME_MIN  14   /* ... and the least that it takes */
#define TAG_8021Q  0x8100
#define TAG_8021AD 0x88a8
#define TAGS_MAX   3

/* For tables of specs. */
#define Q(...)                                                                                     \
	{                                                                                          \
		TAG_8021Q, __VA_ARGS__                                                             \
	}
#define AD(...)                                                                                    \
	{                                                                                          \
		TAG_8021AD, __VA_ARGS__                                                            \
	}

/* All numbers are host order. Zero stands for the usual. */
struct spec {
	int family;  /* 4 or 6 */
	bool reply;  /* from the local address to the peer, else a request to it */
	bool silent; /* payload of zeroes, else a pattern */
	struct {
		__u16 proto; /* 0: no tag */
		__u16 tci;
	} tag[TAGS_MAX];
	__u8 peer; /* which peer: added to the last byte of its address */
	__u8 tos, ttl, code;
	__u16 id, seq;
	__u16 ident, frag; /* IPv4 identification, flags and fragment offset */
	__u32 label;
	__u32 payload; /* bytes behind the echo header */
	__u32 padding; /* bytes behind the IP datagram */
};

/* Offsets are those that the frame was built with; edits do not move them. */
struct frame {
	int family;
	__u32 len;
	__u32 ip, icmp, end;
	__u8 data[FRAME_MAX];
};

/* Bytes that a test puts into a frame. */
enum base { LINK, IP, ICMP };

struct poke {
	enum base base;
	__u16 at, len;
	const char *bytes;
};
#define POKE(base, at, bytes)                                                                      \
	{                                                                                          \
		base, at, sizeof(bytes) - 1, bytes                                                 \
	}
#define POKES 3

/* A lease's key, either family. */
union flow {
	struct icmpx_flow4 v4;
	struct icmpx_flow6 v6;
};

/* A note's key, either family. */
union asked {
	struct icmpx_asked4 v4;
	struct icmpx_asked6 v6;
};

/* The lease answers to another MAC, priority and TTL than the request has:
 * what comes from where shows. */
extern const __u8 mac_peer[6], mac_local[6], mac_gateway[6];
#define LEASE_TTL   61
#define LEASE_IDENT 0x4321
#define LEASE_LABEL 0x7edcb
#define LEASE_PCP   5

__u16 get16(const __u8 *p);
void put16(__u8 *p, __u16 value);
void put32(__u8 *p, __u32 value);

/* RFC 1071, sums of big-endian words: add up, then fold. */
__u64 sum_add(__u64 sum, const __u8 *data, __u32 len);
__u16 sum_fold(__u64 sum);

void frame_build(struct frame *frame, const struct spec *spec);
/* Sets both checksums right again after an edit. */
void frame_mend(struct frame *frame);
/* The sum of the ICMP message as it stands, ICMPv6's pseudo-header included. */
__u64 frame_icmp_sum(const struct frame *frame);
/* Those with a length. */
void frame_poke(struct frame *frame, const struct poke pokes[POKES]);
/* Cuts the frame off, or adds trailing bytes. */
void frame_resize(struct frame *frame, __u32 len);

/* The key of the lease for this frame's flow; any_peer as with --trust address. */
void flow_of(union flow *flow, const struct spec *spec, bool any_peer);
void asked_of(union asked *asked, const struct spec *spec);
void lease_for(struct icmpx_lease *lease, const struct spec *spec, bool any_peer);

#endif
