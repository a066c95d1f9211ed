/* SPDX-License-Identifier: GPL-2.0-only */
/* Every way out of the fast path and of the learner. The one list behind the
 * BPF counters, `icmpx stats` (text and JSON), the manual page and the tests.
 * Append only: the position is the key in the counter map, and counters
 * outlive a replaced program. */
#ifndef ICMPX_VERDICTS_H
#define ICMPX_VERDICTS_H

#include <linux/types.h>

/* clang-format off */
/*  id               action  name (JSON key)    help */
#define ICMPX_VERDICTS(X)                                                                          \
	X(REPLIED_V4,     TX,    "replied_v4",      "IPv4 echo request, answered at the driver")   \
	X(REPLIED_V6,     TX,    "replied_v6",      "IPv6 echo request, answered at the driver")   \
	X(OBSERVED_V4,    PASS,  "observed_v4",     "would be answered (IPv4), but --observe is on") \
	X(OBSERVED_V6,    PASS,  "observed_v6",     "would be answered (IPv6), but --observe is on") \
	X(OBSERVED_LIMIT, PASS,  "observed_limit",  "would be dropped by a limit, but --observe is on") \
	X(DROP_LIMIT,     DROP,  "drop_limit",      "echo request above its source's --limit")     \
	X(DROP_NEW,       DROP,  "drop_new",        "echo request without a lease above --limit-new") \
	X(PASS_NO_LEASE,  PASS,  "pass_no_lease",   "no lease yet: the kernel is asked")           \
	X(PASS_EXPIRED,   PASS,  "pass_expired",    "lease expired: the kernel is asked again")    \
	X(PASS_DST_MAC,   PASS,  "pass_dst_mac",    "destination MAC is not the lease's")          \
	X(PASS_LENGTH,    PASS,  "pass_length",     "longer than the kernel was seen to answer")   \
	X(PASS_LABEL,     PASS,  "pass_label",      "flow label the kernel was not seen to answer") \
	X(PASS_MARTIAN,   PASS,  "pass_martian",    "source nobody may answer (--trust address)")  \
	X(PASS_GROUP,     PASS,  "pass_group",      "echo request in a broadcast or multicast frame") \
	X(PASS_ICMP_CSUM, PASS,  "pass_icmp_csum",  "wrong ICMP checksum")                         \
	X(PASS_TOO_LONG,  PASS,  "pass_too_long",   "ICMP message above 2047 bytes")               \
	X(PASS_NOT_ECHO,  PASS,  "pass_not_echo",   "ICMP, but not an echo request")               \
	X(PASS_IP_CSUM,   PASS,  "pass_ip_csum",    "wrong IPv4 header checksum")                  \
	X(PASS_FRAGMENT,  PASS,  "pass_fragment",   "fragment: the stack reassembles")             \
	X(PASS_OPTIONS,   PASS,  "pass_options",    "IPv4 options")                                \
	X(PASS_MALFORMED, PASS,  "pass_malformed",  "IP version or length field is wrong")         \
	X(PASS_TRUNCATED, PASS,  "pass_truncated",  "runs past the frame's (linear) end")          \
	X(PASS_NOT_ICMP,  PASS,  "pass_not_icmp",   "IP, but not ICMP right behind the header")    \
	X(PASS_FAMILY,    PASS,  "pass_family",     "family switched off (--ipv4-only, --ipv6-only)") \
	X(PASS_VLAN,      PASS,  "pass_vlan",       "more than two VLAN tags")                     \
	X(PASS_NOT_IP,    PASS,  "pass_not_ip",     "neither IPv4 nor IPv6")                       \
	X(PASS_SRC_MAC,   PASS,  "pass_src_mac",    "the flow's lease is for another source MAC")  \
	X(PASS_RENEW,     PASS,  "pass_renew",      "lease about to end: the kernel is asked once") \
	X(PASS_TOO_BIG,   PASS,  "pass_too_big",    "a reply was too big for the path: its lease ends")
/* clang-format on */

enum icmpx_verdict {
#define X(id, action, name, help) ICMPX_##id,
	ICMPX_VERDICTS(X)
#undef X
		ICMPX_VERDICT_MAX,
};

/* What the learner made of an echo reply that left the interface; other
 * frames are not counted. Append only, as above. */
/* clang-format off */
#define ICMPX_LESSONS(X)                                                                           \
	X(LEARNED,   "learned",        "new lease")                                                \
	X(RENEWED,   "renewed",        "lease renewed or replaced by what the kernel sends now")   \
	X(KEPT,      "kept",           "lease still valid and equal")                              \
	X(FORWARDED, "not_local",      "reply forwarded, not made on this machine")                \
	X(UNASKED,   "not_asked",      "no request on this interface waits for it")                \
	X(DIFFERENT, "not_equal",      "the fast path would not have made this reply")             \
	X(EVICTED,   "evicted",        "new lease in the place of a valid one: more flows than fit") \
	X(ORIGIN,    "not_kernel",     "by a program's socket or another namespace, or held back")  \
	X(ANY_IIF,   "not_tied",       "its request may have come in by another interface")
/* clang-format on */

enum icmpx_lesson {
#define X(id, name, help) ICMPX_##id,
	ICMPX_LESSONS(X)
#undef X
		ICMPX_LESSON_MAX,
};

/* Per CPU, so plain ++ is exact. Bytes are frame bytes, Ethernet header included. */
struct icmpx_counter {
	__u64 packets;
	__u64 bytes;
};

#endif
