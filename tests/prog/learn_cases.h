/* SPDX-License-Identifier: GPL-2.0-only */
/* One request that the fast path handed to the kernel, and one reply that
 * leaves: what the learner makes of the two. */
#ifndef LEARN_CASES_H
#define LEARN_CASES_H

#include "frames_lib.h"
#include "verdicts.h"

#define NOT_COUNTED ICMPX_LESSON_MAX

struct test {
	const char *name;
	enum icmpx_lesson want;
	struct spec spec;        /* the request */
	struct poke poke[POKES]; /* how the reply is not the kernel's usual one */
	bool mend;               /* both checksums of it, after that */
	__u32 cut;               /* the reply's frame ends here */
	bool any_peer;           /* --trust address */
	bool unasked;            /* the fast path saw no request */
	bool forwarded;          /* the reply came in by an interface */
	bool same_label;         /* the reply has the request's flow label */
	int beside;              /* so many of its tags are not in the frame */
};

#define ECHO .payload = 56, .id = 0x1234, .seq = 7
#define V4   .family = 4, ECHO, .ttl = 3
#define V6   .family = 6, ECHO, .ttl = 3, .label = 0x11111

/* clang-format off: a case a line or two */
static const struct test tests[] = {
	{"v4", ICMPX_LEARNED, {V4}},
	{"v6", ICMPX_LEARNED, {V6}},
	{"v4: no payload, request padded", ICMPX_LEARNED, {.family = 4, .padding = 18}},
	{"v6: no payload", ICMPX_LEARNED, {.family = 6}},
	{"v4: odd payload", ICMPX_LEARNED, {.family = 4, .payload = 57}},
	{"v6: odd payload", ICMPX_LEARNED, {.family = 6, .payload = 57}},
	{"v4: longest", ICMPX_LEARNED, {.family = 4, .payload = 2039}},
	{"v4: TOS", ICMPX_LEARNED, {V4, .tos = 0xfd}},
	{"v6: traffic class", ICMPX_LEARNED, {V6, .tos = 0xfd}},
	{"v4: code", ICMPX_LEARNED, {V4, .code = 77}},
	{"v6: code", ICMPX_LEARNED, {V6, .code = 77}},
	{"v4: request with DF", ICMPX_LEARNED, {V4, .frag = 0x4000}},
	{"v4: identification below the sequence",
	 ICMPX_LEARNED,
	 {.family = 4, .payload = 56, .seq = 0xffff}},
	{"v4: all zero", ICMPX_LEARNED, {.family = 4, .payload = 56, .silent = true}},
	{"v4: all zero, with the kernel's wrong sum",
	 ICMPX_LEARNED,
	 {.family = 4, .payload = 56, .silent = true},
	 .poke = {POKE(ICMP, 2, "\0\0")}},
	{"v4: sum of 0xffff",
	 ICMPX_LEARNED,
	 {.family = 4, .payload = 56, .silent = true, .id = 0xffff}},
	{"v4: sum of 0xffff, the other zero",
	 ICMPX_LEARNED,
	 {.family = 4, .payload = 56, .silent = true, .id = 0xffff},
	 .poke = {POKE(ICMP, 2, "\xff\xff")}},
	{"v6: the request's label", ICMPX_LEARNED, {V6}, .same_label = true},
	{"v6: a label for label 0", ICMPX_LEARNED, {.family = 6}},
	{"v6: label 0 for another", ICMPX_LEARNED, {V6}, {POKE(IP, 0, "\x60\0\0\0")}},
	{"v6: label 0 both ways", ICMPX_LEARNED, {.family = 6}, .same_label = true},
	{"v4: tag", ICMPX_LEARNED, {V4, .tag = {Q(0xe064)}}},
	{"v6: tag", ICMPX_LEARNED, {V6, .tag = {AD(0xe064)}}},
	{"v4: two tags", ICMPX_LEARNED, {V4, .tag = {AD(0x64), Q(0x65)}}},
	{"v6: two tags", ICMPX_LEARNED, {V6, .tag = {AD(0x64), Q(0x65)}}},
	{"v4: tag beside the frame", ICMPX_LEARNED, {V4, .tag = {Q(0xe064)}}, .beside = 1},
	{"v6: tag beside the frame", ICMPX_LEARNED, {V6, .tag = {AD(0x64)}}, .beside = 1},
	{"v4: priority tag beside the frame", ICMPX_LEARNED, {V4, .tag = {Q(0xa000)}}, .beside = 1},
	{"v4: two tags, one beside", ICMPX_LEARNED, {V4, .tag = {AD(0x64), Q(0x65)}}, .beside = 1},
	{"v6: two tags, one beside", ICMPX_LEARNED, {V6, .tag = {Q(0x64), Q(0x65)}}, .beside = 1},
	{"address: v4", ICMPX_LEARNED, {V4}, .any_peer = true},
	{"address: v6", ICMPX_LEARNED, {V6}, .any_peer = true},
	{"address: v6: the request's label",
	 ICMPX_LEARNED,
	 {V6},
	 .any_peer = true,
	 .same_label = true},
	{"address: v4: tag", ICMPX_LEARNED, {V4, .tag = {Q(0x64)}}, .any_peer = true},

	/* The fast path would have made another reply. */
	{"v4: another TOS", ICMPX_DIFFERENT, {V4}, {POKE(IP, 1, "\4")}, true},
	{"v6: another traffic class", ICMPX_DIFFERENT, {V6}, {POKE(IP, 0, "\x61")}},
	{"v6: another traffic class, low half", ICMPX_DIFFERENT, {V6}, {POKE(IP, 1, "\x10")}},
	{"v4: another code", ICMPX_DIFFERENT, {V4}, {POKE(ICMP, 1, "\1")}, true},
	{"v6: another code", ICMPX_DIFFERENT, {V6}, {POKE(ICMP, 1, "\1")}, true},
	{"v4: another code, same sum", ICMPX_DIFFERENT, {V4}, {POKE(ICMP, 1, "\1")}},
	{"v4: another checksum", ICMPX_DIFFERENT, {V4}, {POKE(ICMP, 2, "!!")}},
	{"v6: another checksum", ICMPX_DIFFERENT, {V6}, {POKE(ICMP, 2, "!!")}},
	{"v4: checksum of zero, wrong", ICMPX_DIFFERENT, {V4}, {POKE(ICMP, 2, "\0\0")}},
	{"v4: checksum of 0xffff, wrong", ICMPX_DIFFERENT, {V4}, {POKE(ICMP, 2, "\xff\xff")}},
	{"v4: another payload", ICMPX_DIFFERENT, {V4}, {POKE(ICMP, 40, "!")}, true},
	{"v6: another payload", ICMPX_DIFFERENT, {V6}, {POKE(ICMP, 40, "!")}, true},
	{"v4: from another MAC", ICMPX_DIFFERENT, {V4}, {POKE(LINK, 11, "!")}},
	{"v6: from another MAC", ICMPX_DIFFERENT, {V6}, {POKE(LINK, 11, "!")}},
	{"v4: from another vendor's MAC", ICMPX_DIFFERENT, {V4}, {POKE(LINK, 6, "\2")}},
	{"v4: to a multicast MAC", ICMPX_DIFFERENT, {V4}, {POKE(LINK, 0, "\1")}},
	{"v6: to a multicast MAC", ICMPX_DIFFERENT, {V6}, {POKE(LINK, 0, "\x33\x33")}},
	{"v4: DF", ICMPX_DIFFERENT, {V4}, {POKE(IP, 6, "\x40")}, true},
	{"v4: reserved bit", ICMPX_DIFFERENT, {V4}, {POKE(IP, 6, "\x80")}, true},
	{"v4: first fragment", ICMPX_DIFFERENT, {V4}, {POKE(IP, 6, "\x20")}, true},
	{"v4: later fragment", ICMPX_DIFFERENT, {V4}, {POKE(IP, 7, "\1")}, true},
	{"address: v4: another TOS",
	 ICMPX_DIFFERENT,
	 {V4},
	 {POKE(IP, 1, "\4")},
	 true,
	 .any_peer = true},

	/* No request waits for it. */
	{"v4: no request", ICMPX_UNASKED, {V4}, .unasked = true},
	{"v6: no request", ICMPX_UNASKED, {V6}, .unasked = true},
	{"v4: another id", ICMPX_UNASKED, {V4}, {POKE(ICMP, 4, "!")}, true},
	{"v6: another id", ICMPX_UNASKED, {V6}, {POKE(ICMP, 4, "!")}, true},
	{"v4: another sequence", ICMPX_UNASKED, {V4}, {POKE(ICMP, 7, "!")}, true},
	{"v6: another sequence", ICMPX_UNASKED, {V6}, {POKE(ICMP, 7, "!")}, true},
	{"v4: to another peer", ICMPX_UNASKED, {V4}, {POKE(IP, 19, "!")}, true},
	{"v6: to another peer", ICMPX_UNASKED, {V6}, {POKE(IP, 39, "!")}, true},
	{"v4: from another address", ICMPX_UNASKED, {V4}, {POKE(IP, 15, "!")}, true},
	{"v6: from another address", ICMPX_UNASKED, {V6}, {POKE(IP, 23, "!")}, true},
	{"v4: a byte shorter", ICMPX_UNASKED, {V4}, {POKE(IP, 3, "\x53")}, true},
	{"v4: a byte longer", ICMPX_UNASKED, {V4}, {POKE(IP, 3, "\x55")}, true},
	{"v6: a byte shorter", ICMPX_UNASKED, {V6}, {POKE(IP, 5, "\x3f")}},
	{"v4: another VLAN", ICMPX_UNASKED, {V4, .tag = {Q(0x64)}}, {POKE(LINK, 15, "!")}},
	{"v4: another inner VLAN",
	 ICMPX_UNASKED,
	 {V4, .tag = {Q(0x64), Q(0x65)}},
	 {POKE(LINK, 19, "!")}},
	{"v4: 802.1ad for 802.1Q",
	 ICMPX_UNASKED,
	 {V4, .tag = {Q(0x64)}},
	 {POKE(LINK, 12, "\x88\xa8")}},
	{"address: v4: to another peer",
	 ICMPX_UNASKED,
	 {V4},
	 {POKE(IP, 19, "!")},
	 true,
	 .any_peer = true},

	/* Made elsewhere. */
	{"v4: forwarded", ICMPX_FORWARDED, {V4}, .forwarded = true},
	{"v6: forwarded", ICMPX_FORWARDED, {V6}, .forwarded = true},
	{"v4: forwarded, without a request",
	 ICMPX_FORWARDED,
	 {V4},
	 .forwarded = true,
	 .unasked = true},

	/* No echo reply, or none that the fast path makes. */
	{"v4: TCP", NOT_COUNTED, {V4}, {POKE(IP, 9, "\6")}, true},
	{"v6: TCP", NOT_COUNTED, {V6}, {POKE(IP, 6, "\6")}},
	{"v6: hop-by-hop options", NOT_COUNTED, {V6}, {POKE(IP, 6, "\0")}},
	{"v4: echo request", NOT_COUNTED, {V4}, {POKE(ICMP, 0, "\x8")}, true},
	{"v6: echo request", NOT_COUNTED, {V6}, {POKE(ICMP, 0, "\x80")}, true},
	{"v4: unreachable", NOT_COUNTED, {V4}, {POKE(ICMP, 0, "\3")}, true},
	{"v4: options", NOT_COUNTED, {V4}, {POKE(IP, 0, "\x46")}},
	{"v4: version 6", NOT_COUNTED, {V4}, {POKE(IP, 0, "\x65")}},
	{"ARP", NOT_COUNTED, {V4}, {POKE(LINK, 12, "\x08\x06")}},
	{"v4: three tags", NOT_COUNTED, {V4, .tag = {Q(1), Q(2), Q(3)}}},
	{"v4: cut in the ICMP header", NOT_COUNTED, {V4}, .cut = 41},
	{"v6: cut in the ICMP header", NOT_COUNTED, {V6}, .cut = 61},
	{"v4: cut in the IP header", NOT_COUNTED, {V4, .tag = {Q(1)}}, .cut = 37},
	{"v4: cut in the tag", NOT_COUNTED, {V4, .tag = {Q(1)}}, .cut = 17},
};
/* clang-format on */

#endif
