/* SPDX-License-Identifier: GPL-2.0-only */
/* What the fast path may answer, and with which bytes: a second reading of the
 * design, for frames of any origin. */
#ifndef ORACLE_LIB_H
#define ORACLE_LIB_H

#include "frames_lib.h"

/* An echo request as found in a frame; offsets into it. */
struct echo {
	int family, tags;
	__u32 ip, icmp, end;
	__u32 label;
	union flow flow; /* with the peer */
};

/* Whether the frame is an echo request that a lease may cover; fills echo then. */
bool oracle_request(const struct frame *frame, struct echo *echo);
/* Whether the lease covers it; expiry is the caller's to know. */
bool oracle_covered(const struct frame *frame, const struct echo *echo,
		    const struct icmpx_lease *lease);
/* --trust address: sources that nobody may answer (our own addresses aside). */
bool oracle_martian(const struct frame *frame, const struct echo *echo);
/* The reply with the given IPv4 identification. */
void oracle_reply(const struct frame *frame, const struct echo *echo,
		  const struct icmpx_lease *lease, bool any_peer, __u16 ident, struct frame *reply);

#endif
