/* SPDX-License-Identifier: GPL-2.0-only */
/* The frames that echo.c runs: at least one for each verdict. */
#ifndef ECHO_CASES_H
#define ECHO_CASES_H

#include <arpa/inet.h>

#include "frames_lib.h"
#include "verdicts.h"

/* The options a case needs; they are fixed at load. */
enum variant {
	FLOW,
	GENERAL, /* as FLOW, by the copy of the program that knows all options */
	ADDRESS,
	OBSERVE,
	LIMIT, /* two packets a year, and two at once */
	LIMIT_NEW,
	LIMIT_SECOND, /* one packet a second, and one at once */
	OBSERVE_LIMIT,
	OBSERVE_NEW,
	IPV4_ONLY,
	IPV6_ONLY,
	RENEW,     /* leases of LEASE jiffies, of which the last EARLY are for renewing */
	RENEW_NEW, /* and two packets of new flows a year */
	NOT_LEASED,
	VARIANTS,
};

struct test {
	const char *name;
	enum icmpx_verdict want;
	enum variant variant;
	struct spec spec;
	struct poke poke[POKES];
	bool mend; /* both checksums, after the pokes */
	__u32 cut; /* the frame ends here */
	bool no_lease;
	bool own; /* the peer's address is one of ours, too */
	void (*lease)(struct icmpx_lease *lease);
	int before; /* so many such frames came before */
};

static void expired(struct icmpx_lease *lease)
{
	lease->expires = 1;
}

static void other_mac(struct icmpx_lease *lease)
{
	lease->local_mac[5] ^= 1;
}

static void other_mac_first(struct icmpx_lease *lease)
{
	lease->local_mac[0] ^= 0x40;
}

static void other_from(struct icmpx_lease *lease)
{
	lease->from_mac[5] ^= 1;
}

static void other_from_first(struct icmpx_lease *lease)
{
	lease->from_mac[0] ^= 0x40;
}

static void len_83(struct icmpx_lease *lease)
{
	lease->max_len = 83;
}

static void len_84(struct icmpx_lease *lease)
{
	lease->max_len = 84;
}

static void ttl_255(struct icmpx_lease *lease)
{
	lease->ttl = 255;
}

static void ident_ffff(struct icmpx_lease *lease)
{
	lease->ident = 0xffff;
}

static void label_exact(struct icmpx_lease *lease)
{
	lease->label_want = htonl(0x12345);
}

#define ECHO .payload = 56, .id = 0x1234, .seq = 7
#define V4   .family = 4, ECHO, .ttl = 64
#define V6   .family = 6, ECHO, .ttl = 64

/* clang-format off: a case a line or two */
static const struct test tests[] = {
	/* Answered. */
	{"v4", ICMPX_REPLIED_V4, .spec = {V4}},
	{"v6", ICMPX_REPLIED_V6, .spec = {V6}},
	{"v4: no payload, padded to 60", ICMPX_REPLIED_V4, .spec = {.family = 4, .padding = 18}},
	{"v6: no payload", ICMPX_REPLIED_V6, .spec = {.family = 6}},
	{"v4: odd payload, then padding", ICMPX_REPLIED_V4,
	 .spec = {.family = 4, .payload = 7, .padding = 11}},
	{"v6: odd payload, then padding", ICMPX_REPLIED_V6,
	 .spec = {.family = 6, .payload = 7, .padding = 11}},
	{"v4: longest message", ICMPX_REPLIED_V4, .spec = {.family = 4, .payload = 2039}},
	{"v6: longest message", ICMPX_REPLIED_V6, .spec = {.family = 6, .payload = 2039}},
	{"v4: one tag", ICMPX_REPLIED_V4, .spec = {V4, .tag = {Q(0x6064)}}},
	{"v6: one tag", ICMPX_REPLIED_V6, .spec = {V6, .tag = {Q(0x6064)}}},
	{"v4: priority tag", ICMPX_REPLIED_V4, .spec = {V4, .tag = {Q(0x2000)}}},
	{"v4: drop-eligible", ICMPX_REPLIED_V4, .spec = {V4, .tag = {Q(0x1001)}}},
	{"v4: 802.1ad", ICMPX_REPLIED_V4, .spec = {V4, .tag = {AD(0xffff)}}},
	{"v4: two tags", ICMPX_REPLIED_V4, .spec = {V4, .tag = {AD(0x0064), Q(0xe065)}}},
	{"v6: two tags", ICMPX_REPLIED_V6, .spec = {V6, .tag = {AD(0x0064), Q(0xe065)}}},
	{"v6: two 802.1Q tags", ICMPX_REPLIED_V6, .spec = {V6, .tag = {Q(0xfffe), Q(0x1)}}},
	{"v4: DF", ICMPX_REPLIED_V4, .spec = {V4, .frag = 0x4000, .ident = 0xabcd}},
	{"v4: reserved bit", ICMPX_REPLIED_V4, .spec = {V4, .frag = 0x8000}},
	{"v4: reserved bit and DF", ICMPX_REPLIED_V4, .spec = {V4, .frag = 0xc000}},
	{"v4: TTL 0", ICMPX_REPLIED_V4, .spec = {.family = 4, ECHO, .ttl = 0}},
	{"v4: TTL 1", ICMPX_REPLIED_V4, .spec = {.family = 4, ECHO, .ttl = 1}},
	{"v6: hop limit 0", ICMPX_REPLIED_V6, .spec = {.family = 6, ECHO, .ttl = 0}},
	{"v6: hop limit 1", ICMPX_REPLIED_V6, .spec = {.family = 6, ECHO, .ttl = 1}},
	{"v4: lease's TTL 255", ICMPX_REPLIED_V4, .spec = {V4}, .lease = ttl_255},
	{"v6: lease's hop limit 255", ICMPX_REPLIED_V6, .spec = {V6}, .lease = ttl_255},
	{"v4: identification wraps", ICMPX_REPLIED_V4, .spec = {V4}, .lease = ident_ffff},
	{"v4: TOS", ICMPX_REPLIED_V4, .spec = {V4, .tos = 0xff}},
	{"v6: traffic class", ICMPX_REPLIED_V6, .spec = {V6, .tos = 0xff}},
	{"v6: traffic class, low half", ICMPX_REPLIED_V6, .spec = {V6, .tos = 0x0a, .label = 1}},
	{"v4: code 255", ICMPX_REPLIED_V4, .spec = {V4, .code = 255}},
	{"v6: code 255", ICMPX_REPLIED_V6, .spec = {V6, .code = 255}},
	{"v4: code 1, all else zero", ICMPX_REPLIED_V4,
	 .spec = {.family = 4, .payload = 56, .silent = true, .code = 1}},
	{"v4: all zero", ICMPX_REPLIED_V4, .spec = {.family = 4, .payload = 56, .silent = true}},
	{"v4: all zero, odd length", ICMPX_REPLIED_V4,
	 .spec = {.family = 4, .payload = 55, .silent = true, .padding = 3}},
	{"v4: all zero, longest", ICMPX_REPLIED_V4,
	 .spec = {.family = 4, .payload = 2039, .silent = true}},
	{"v4: all zero, header alone", ICMPX_REPLIED_V4, .spec = {.family = 4, .padding = 18}},
	{"v4: sum of 0xffff", ICMPX_REPLIED_V4,
	 .spec = {.family = 4, .payload = 56, .silent = true, .id = 0xffff}},
	{"v4: sum of 0xffff, from the last byte too", ICMPX_REPLIED_V4,
	 .spec = {.family = 4, .payload = 2039, .silent = true, .seq = 0x00ff},
	 .poke = {POKE(ICMP, 2046, "\xff")}, .mend = true},
	{"v4: sum of 0xffff twice", ICMPX_REPLIED_V4,
	 .spec = {.family = 4, .payload = 56, .silent = true, .id = 0xffff, .seq = 0xffff}},
	{"v6: all zero", ICMPX_REPLIED_V6, .spec = {.family = 6, .payload = 56, .silent = true}},
	{"v4: as long as the lease knows", ICMPX_REPLIED_V4, .spec = {V4}, .lease = len_84},
	{"v6: label as the lease wants it", ICMPX_REPLIED_V6, .spec = {V6, .label = 0x12345},
	 .lease = label_exact},
	{"v6: any label", ICMPX_REPLIED_V6, .spec = {V6, .label = 0xfffff}},
	{"address: v4", ICMPX_REPLIED_V4, ADDRESS, .spec = {V4}},
	{"address: v6", ICMPX_REPLIED_V6, ADDRESS, .spec = {V6}},
	{"address: v4: two tags", ICMPX_REPLIED_V4, ADDRESS,
	 .spec = {V4, .tag = {AD(0x64), Q(0x65)}}},
	{"address: v6: one tag", ICMPX_REPLIED_V6, ADDRESS, .spec = {V6, .tag = {Q(0x64)}}},
	{"address: v4: another peer", ICMPX_REPLIED_V4, ADDRESS, .spec = {V4, .peer = 9}},
	{"address: v4: from 126/8", ICMPX_REPLIED_V4, ADDRESS, .spec = {V4},
	 .poke = {POKE(IP, 12, "\x7e")}, .mend = true},
	{"address: v4: from 223/8", ICMPX_REPLIED_V4, ADDRESS, .spec = {V4},
	 .poke = {POKE(IP, 12, "\xdf")}, .mend = true},
	{"address: v6: from ::2", ICMPX_REPLIED_V6, ADDRESS, .spec = {V6},
	 .poke = {POKE(IP, 8, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2")}, .mend = true},
	{"address: v6: from fe80::/16", ICMPX_REPLIED_V6, ADDRESS, .spec = {V6},
	 .poke = {POKE(IP, 8, "\xfe\x80")}, .mend = true},
	{"limit: v4: the burst", ICMPX_REPLIED_V4, LIMIT, .spec = {V4}, .before = 2},
	{"limit: v6: the burst", ICMPX_REPLIED_V6, LIMIT, .spec = {V6}, .before = 2},
	{"limit-new: leases are not counted", ICMPX_REPLIED_V4, LIMIT_NEW, .spec = {V4},
	 .before = 9},
	{"IPv4 only: v4", ICMPX_REPLIED_V4, IPV4_ONLY, .spec = {V4}},
	{"IPv6 only: v6", ICMPX_REPLIED_V6, IPV6_ONLY, .spec = {V6}},

	/* Observed, dropped. */
	{"observe: v4", ICMPX_OBSERVED_V4, OBSERVE, .spec = {V4}},
	{"observe: v6", ICMPX_OBSERVED_V6, OBSERVE, .spec = {V6}},
	{"observe: v4 without a lease", ICMPX_PASS_NO_LEASE, OBSERVE, .spec = {V4},
	 .no_lease = true},
	{"observe: limit: v4", ICMPX_OBSERVED_LIMIT, OBSERVE_LIMIT, .spec = {V4}, .before = 3},
	{"observe: limit: v6", ICMPX_OBSERVED_LIMIT, OBSERVE_LIMIT, .spec = {V6}, .before = 3},
	{"observe: limit-new", ICMPX_OBSERVED_LIMIT, OBSERVE_NEW, .spec = {V4}, .no_lease = true,
	 .before = 3},
	{"limit: v4: above the burst", ICMPX_DROP_LIMIT, LIMIT, .spec = {V4}, .before = 3},
	{"limit: v6: above the burst", ICMPX_DROP_LIMIT, LIMIT, .spec = {V6}, .before = 3},
	{"limit: v4: no lease, above the burst", ICMPX_DROP_LIMIT, LIMIT, .spec = {V4},
	 .no_lease = true, .before = 3},
	{"limit: only echo requests", ICMPX_PASS_NOT_ECHO, LIMIT, .spec = {V4, .reply = true},
	 .before = 9},
	{"limit: no fragments", ICMPX_PASS_FRAGMENT, LIMIT, .spec = {V4, .frag = 1}, .before = 9},
	{"limit-new: v4: the burst", ICMPX_PASS_NO_LEASE, LIMIT_NEW, .spec = {V4}, .no_lease = true,
	 .before = 2},
	{"limit-new: v4", ICMPX_DROP_NEW, LIMIT_NEW, .spec = {V4}, .no_lease = true, .before = 3},
	{"limit-new: v6", ICMPX_DROP_NEW, LIMIT_NEW, .spec = {V6}, .no_lease = true, .before = 3},
	{"limit-new: expired", ICMPX_DROP_NEW, LIMIT_NEW, .spec = {V4}, .lease = expired,
	 .before = 3},

	/* The lease does not cover it. */
	{"v4: no lease", ICMPX_PASS_NO_LEASE, .spec = {V4, .tos = 0x10}, .no_lease = true},
	{"v6: no lease", ICMPX_PASS_NO_LEASE, .spec = {V6, .tos = 0x1f, .label = 0xedcba},
	 .no_lease = true},
	{"v4: no lease, code", ICMPX_PASS_NO_LEASE, .spec = {V4, .code = 3}, .no_lease = true},
	{"v4: no lease, two tags", ICMPX_PASS_NO_LEASE, .spec = {V4, .tag = {AD(3), Q(4)}},
	 .no_lease = true},
	{"v4: another peer", ICMPX_PASS_NO_LEASE, .spec = {V4}, .poke = {POKE(IP, 15, "\x63")},
	 .mend = true},
	{"v4: another address", ICMPX_PASS_NO_LEASE, .spec = {V4}, .poke = {POKE(IP, 19, "\x63")},
	 .mend = true},
	{"v6: another peer", ICMPX_PASS_NO_LEASE, .spec = {V6}, .poke = {POKE(IP, 23, "\x63")},
	 .mend = true},
	{"v6: another address", ICMPX_PASS_NO_LEASE, .spec = {V6}, .poke = {POKE(IP, 39, "\x63")},
	 .mend = true},
	{"v4: another VLAN", ICMPX_PASS_NO_LEASE, .spec = {V4, .tag = {Q(0x64)}},
	 .poke = {POKE(LINK, 15, "\x63")}},
	{"v4: another inner VLAN", ICMPX_PASS_NO_LEASE, .spec = {V4, .tag = {Q(0x64), Q(0x64)}},
	 .poke = {POKE(LINK, 19, "\x63")}},
	{"v4: 802.1ad where the lease is for 802.1Q", ICMPX_PASS_NO_LEASE,
	 .spec = {V4, .tag = {Q(0x64)}}, .poke = {POKE(LINK, 12, "\x88\xa8")}},
	{"v4: expired", ICMPX_PASS_EXPIRED, .spec = {V4}, .lease = expired},
	{"v6: expired", ICMPX_PASS_EXPIRED, .spec = {V6}, .lease = expired},
	{"address: v4: expired", ICMPX_PASS_EXPIRED, ADDRESS, .spec = {V4}, .lease = expired},
	{"v4: last byte of the MAC", ICMPX_PASS_DST_MAC, .spec = {V4}, .lease = other_mac},
	{"v6: last byte of the MAC", ICMPX_PASS_DST_MAC, .spec = {V6}, .lease = other_mac},
	{"v4: first byte of the MAC", ICMPX_PASS_DST_MAC, .spec = {V4}, .lease = other_mac_first},
	{"address: v6: MAC", ICMPX_PASS_DST_MAC, ADDRESS, .spec = {V6}, .lease = other_mac},
	{"v4: a byte too long", ICMPX_PASS_LENGTH, .spec = {V4}, .lease = len_83},
	{"v6: too long", ICMPX_PASS_LENGTH, .spec = {V6}, .lease = len_83},
	{"v6: label 0", ICMPX_PASS_LABEL, .spec = {V6}, .lease = label_exact},
	{"v6: another label", ICMPX_PASS_LABEL, .spec = {V6, .label = 0x12344},
	 .lease = label_exact},
	{"v6: another label, top bits", ICMPX_PASS_LABEL, .spec = {V6, .label = 0x92345},
	 .lease = label_exact},
	{"v4: last byte of the source MAC", ICMPX_PASS_SRC_MAC, .spec = {V4}, .lease = other_from},
	{"v6: last byte of the source MAC", ICMPX_PASS_SRC_MAC, .spec = {V6}, .lease = other_from},
	{"v4: first byte of the source MAC", ICMPX_PASS_SRC_MAC, .spec = {V4},
	 .lease = other_from_first},
	{"address: v4: any source MAC", ICMPX_REPLIED_V4, ADDRESS, .spec = {V4},
	 .lease = other_from},
	{"address: no lease", ICMPX_PASS_NO_LEASE, ADDRESS, .spec = {V4}, .no_lease = true},

/* Nobody may answer it. */
#define FROM4(name, bytes)                                                                         \
	{                                                                                          \
		"address: v4: from " name, ICMPX_PASS_MARTIAN, ADDRESS,                            \
			.spec = {V4}, .poke = {POKE(IP, 12, bytes)}, .mend = true                  \
	}
#define FROM6(name, bytes)                                                                         \
	{                                                                                          \
		"address: v6: from " name, ICMPX_PASS_MARTIAN, ADDRESS,                            \
			.spec = {V6}, .poke = {POKE(IP, 8, bytes)}, .mend = true                   \
	}
	FROM4("0.0.0.0", "\0\0\0\0"),
	FROM4("0/8", "\0"),
	FROM4("127.0.0.1", "\x7f\0\0\1"),
	FROM4("224/8", "\xe0"),
	FROM4("240/8", "\xf0"),
	FROM4("255.255.255.255", "\xff\xff\xff\xff"),
	FROM4("the destination", "\xc6\x33\x64\2"),
	FROM6("::", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
	FROM6("::1", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"),
	FROM6("::ffff:192.0.2.1", "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\1"),
	FROM6("ff02::/16", "\xff\2"),
	FROM6("the destination", "\x20\1\xd\xb8\0\x9\0\x8\0\7\0\6\0\5\0\2"),
	{"address: v4: from the destination, no lease", ICMPX_PASS_MARTIAN, ADDRESS, .spec = {V4},
	 .poke = {POKE(IP, 12, "\xc6\x33\x64\2")}, .mend = true, .no_lease = true},
	{"address: v6: from the destination, no lease", ICMPX_PASS_MARTIAN, ADDRESS, .spec = {V6},
	 .poke = {POKE(IP, 8, "\x20\1\xd\xb8\0\x9\0\x8\0\7\0\6\0\5\0\2")}, .mend = true,
	 .no_lease = true},
	{"address: v4: from an own address", ICMPX_PASS_MARTIAN, ADDRESS, .spec = {V4},
	 .own = true},
	{"address: v6: from an own address", ICMPX_PASS_MARTIAN, ADDRESS, .spec = {V6},
	 .own = true},
	{"v4: to a multicast MAC", ICMPX_PASS_GROUP, .spec = {V4}, .poke = {POKE(LINK, 0, "\1")}},
	{"v6: to a multicast MAC", ICMPX_PASS_GROUP, .spec = {V6}, .poke = {POKE(LINK, 0, "\x33")}},
	{"v4: broadcast", ICMPX_PASS_GROUP, .spec = {V4},
	 .poke = {POKE(LINK, 0, "\xff\xff\xff\xff\xff\xff")}},
	{"address: v4: from a multicast MAC", ICMPX_PASS_GROUP, ADDRESS, .spec = {V4},
	 .poke = {POKE(LINK, 6, "\3")}},

	/* Not a request that we take. */
	{"v4: ICMP checksum", ICMPX_PASS_ICMP_CSUM, .spec = {V4}, .poke = {POKE(ICMP, 20, "!")}},
	{"v6: ICMP checksum", ICMPX_PASS_ICMP_CSUM, .spec = {V6}, .poke = {POKE(ICMP, 20, "!")}},
	{"v4: ICMP checksum, last byte", ICMPX_PASS_ICMP_CSUM, .spec = {.family = 4, .payload = 7},
	 .poke = {POKE(ICMP, 14, "!")}},
	{"v6: ICMP checksum over another address", ICMPX_PASS_ICMP_CSUM, .spec = {V6},
	 .poke = {POKE(IP, 23, "!")}},
	{"v4: message of 2048", ICMPX_PASS_TOO_LONG, .spec = {.family = 4, .payload = 2040}},
	{"v6: message of 2048", ICMPX_PASS_TOO_LONG, .spec = {.family = 6, .payload = 2040}},
	{"v4: echo reply", ICMPX_PASS_NOT_ECHO, .spec = {V4, .reply = true}},
	{"v6: echo reply", ICMPX_PASS_NOT_ECHO, .spec = {V6, .reply = true}},
	{"v4: timestamp", ICMPX_PASS_NOT_ECHO, .spec = {V4}, .poke = {POKE(ICMP, 0, "\xd")},
	 .mend = true},
	{"v4: ICMPv6's echo type", ICMPX_PASS_NOT_ECHO, .spec = {V4},
	 .poke = {POKE(ICMP, 0, "\x80")}, .mend = true},
	{"v6: ICMP's echo type", ICMPX_PASS_NOT_ECHO, .spec = {V6}, .poke = {POKE(ICMP, 0, "\x8")},
	 .mend = true},
	{"v6: neighbour solicitation", ICMPX_PASS_NOT_ECHO, .spec = {V6},
	 .poke = {POKE(ICMP, 0, "\x87")}, .mend = true},
	{"v4: header checksum", ICMPX_PASS_IP_CSUM, .spec = {V4}, .poke = {POKE(IP, 10, "!!")}},
	{"v4: header checksum, TTL changed", ICMPX_PASS_IP_CSUM, .spec = {V4},
	 .poke = {POKE(IP, 8, "!")}},
	{"v4: first fragment", ICMPX_PASS_FRAGMENT, .spec = {V4, .frag = 0x2000}},
	{"v4: later fragment", ICMPX_PASS_FRAGMENT, .spec = {V4, .frag = 0x0001}},
	{"v4: last offset", ICMPX_PASS_FRAGMENT, .spec = {V4, .frag = 0x1000}},
	{"v6: fragment header", ICMPX_PASS_FRAGMENT, .spec = {V6}, .poke = {POKE(IP, 6, "\x2c")}},
	{"v4: options", ICMPX_PASS_OPTIONS, .spec = {V4}, .poke = {POKE(IP, 0, "\x46")}},
	{"v4: most options", ICMPX_PASS_OPTIONS, .spec = {V4}, .poke = {POKE(IP, 0, "\x4f")}},
	{"v4: header length 4", ICMPX_PASS_MALFORMED, .spec = {V4}, .poke = {POKE(IP, 0, "\x44")}},
	{"v4: version 6", ICMPX_PASS_MALFORMED, .spec = {V4}, .poke = {POKE(IP, 0, "\x65")}},
	{"v6: version 4", ICMPX_PASS_MALFORMED, .spec = {V6}, .poke = {POKE(IP, 0, "\x40")}},
	{"v4: total length 0", ICMPX_PASS_MALFORMED, .spec = {V4}, .poke = {POKE(IP, 2, "\0\0")},
	 .mend = true},
	{"v4: total length 27", ICMPX_PASS_MALFORMED, .spec = {V4}, .poke = {POKE(IP, 2, "\0\x1b")},
	 .mend = true},
	{"v6: payload length 0", ICMPX_PASS_MALFORMED, .spec = {V6}, .poke = {POKE(IP, 4, "\0\0")}},
	{"v6: payload length 7", ICMPX_PASS_MALFORMED, .spec = {V6}, .poke = {POKE(IP, 4, "\0\7")}},
	{"v4: cut in the payload", ICMPX_PASS_TRUNCATED, .spec = {V4}, .cut = 97},
	{"v6: cut in the payload", ICMPX_PASS_TRUNCATED, .spec = {V6}, .cut = 117},
	{"v4: cut, and too long", ICMPX_PASS_TOO_LONG, .spec = {.family = 4, .payload = 2040},
	 .cut = 2081},
	{"v6: cut, and too long", ICMPX_PASS_TOO_LONG, .spec = {.family = 6, .payload = 2040},
	 .cut = 2101},
	{"v4: cut in the ICMP header", ICMPX_PASS_TRUNCATED, .spec = {V4}, .cut = 41},
	{"v4: cut in the IP header", ICMPX_PASS_TRUNCATED, .spec = {V4}, .cut = 33},
	{"v6: cut in the IP header", ICMPX_PASS_TRUNCATED, .spec = {V6}, .cut = 53},
	{"v4: cut in the second tag", ICMPX_PASS_TRUNCATED, .spec = {V4, .tag = {Q(1), Q(2)}},
	 .cut = 21},
	{"v4: TCP", ICMPX_PASS_NOT_ICMP, .spec = {V4}, .poke = {POKE(IP, 9, "\6")}, .mend = true},
	{"v4: ICMPv6", ICMPX_PASS_NOT_ICMP, .spec = {V4}, .poke = {POKE(IP, 9, "\x3a")},
	 .mend = true},
	{"v6: TCP", ICMPX_PASS_NOT_ICMP, .spec = {V6}, .poke = {POKE(IP, 6, "\6")}},
	{"v6: hop-by-hop options", ICMPX_PASS_NOT_ICMP, .spec = {V6}, .poke = {POKE(IP, 6, "\0")}},
	{"IPv6 only: v4", ICMPX_PASS_FAMILY, IPV6_ONLY, .spec = {V4}},
	{"IPv4 only: v6", ICMPX_PASS_FAMILY, IPV4_ONLY, .spec = {V6}},
	{"v4: three tags", ICMPX_PASS_VLAN, .spec = {V4, .tag = {AD(1), Q(2), Q(3)}}},
	{"v6: three tags", ICMPX_PASS_VLAN, .spec = {V6, .tag = {Q(1), Q(2), AD(3)}}},
	{"ARP", ICMPX_PASS_NOT_IP, .spec = {V4}, .poke = {POKE(LINK, 12, "\x08\x06")}},
	{"802.3 length", ICMPX_PASS_NOT_IP, .spec = {V4}, .poke = {POKE(LINK, 12, "\0\x54")}},
	{"ARP in a VLAN", ICMPX_PASS_NOT_IP, .spec = {V4, .tag = {Q(1)}},
	 .poke = {POKE(LINK, 16, "\x08\x06")}},
	{"old QinQ (0x9100)", ICMPX_PASS_NOT_IP, .spec = {V4, .tag = {Q(1)}},
	 .poke = {POKE(LINK, 12, "\x91\0")}},
	{"v4: nothing but MACs and type", ICMPX_PASS_TRUNCATED, .spec = {V4}, .cut = 14},
};
/* clang-format on */

#endif
