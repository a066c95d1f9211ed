// SPDX-License-Identifier: GPL-2.0-only
/* The cases made by hand: each frame is one that responders get wrong. */
#include <stdio.h>
#include <string.h>

#include "cases.h"

/* Two flows of the plain link: see flows_lib.c. */
#define FLOW_V4 0
#define FLOW_V6 9

struct list {
	const struct cases *cases;
	struct test_case *test;
	__u32 wanted, index;
};

static void add(struct list *list, const char *name, const struct spec *spec)
{
	if (list->index++ != list->wanted)
		return;
	snprintf(list->test->name, CASE_NAME, "%s", name);
	list->test->count = 1;
	frame_build(&list->test->frame[0], spec, list->cases->mtu + ETH_HLEN);
}

/* The second frame of the case that was added last. */
static void add_more(struct list *list, const struct spec *spec)
{
	if (list->index != list->wanted + 1)
		return;
	frame_build(&list->test->frame[list->test->count++], spec, list->cases->mtu + ETH_HLEN);
}

#define CASE(flow, name, edit)                                                                     \
	do {                                                                                       \
		struct spec s;                                                                     \
		flow_spec(list->cases, flow, &s);                                                  \
		edit;                                                                              \
		add(list, name, &s);                                                               \
	} while (0)
#define V4(name, edit) CASE(FLOW_V4, "v4: " name, edit)
#define V6(name, edit) CASE(FLOW_V6, "v6: " name, edit)
#define BOTH(name, edit)                                                                           \
	do {                                                                                       \
		V4(name, edit);                                                                    \
		V6(name, edit);                                                                    \
	} while (0)

static void set_mac(__u8 *mac, __u8 first, __u8 last)
{
	memset(mac, first, ETH_ALEN);
	mac[5] = last;
}

static void set_tag(struct spec *s, int i, __u16 tpid, __u16 tci)
{
	s->tag[i] = (struct frame_tag){tpid, tci};
	if (s->tags < i + 1)
		s->tags = i + 1;
}

static void set_extra(struct spec *s, __u8 next, const char *bytes, __u32 len)
{
	memcpy(s->extra, bytes, len);
	s->extra_len = len;
	s->next = next;
}

#define EXTRA(next, bytes) set_extra(&s, next, bytes, sizeof(bytes) - 1)

static void list_valid(struct list *list)
{
	BOTH("plain echo request", );
	BOTH("no payload", s.payload = 0);
	BOTH("one byte of payload", s.payload = 1);
	BOTH("odd payload", s.payload = 57);
	BOTH("all-zero message", s.payload = 56; s.id = s.seq = 0; s.fill = FILL_ZERO);
	BOTH("all-zero message, no payload", s.payload = 0; s.id = s.seq = 0);
	BOTH("all-ones payload", s.id = s.seq = 0xffff; s.fill = FILL_ONES);
	BOTH("code 255", s.code = 255);
	BOTH("TOS / traffic class 0xff", s.tos = 0xff);
	BOTH("TOS / traffic class of ECN CE", s.tos = 3);
	BOTH("TTL / hop limit 0", s.ttl = 0);
	BOTH("TTL / hop limit 1", s.ttl = 1);
	BOTH("TTL / hop limit 255", s.ttl = 255);
	V4("don't fragment", s.frag = 0x4000);
	V4("reserved bit", s.frag = 0x8000);
	V4("reserved bit and don't fragment", s.frag = 0xc000);
	V6("flow label", s.label = 0xabcde);
	V6("flow label all ones", s.label = 0xfffff);
	BOTH("size of the MTU", s.payload = list->cases->mtu - (s.v6 ? 48 : 28));
	BOTH("one below the MTU", s.payload = list->cases->mtu - (s.v6 ? 49 : 29));
	BOTH("trailing bytes", s.trailing = 18);
	BOTH("short, with padding", s.payload = 0; s.trailing = 32; s.fill = FILL_ZERO);
	BOTH("one trailing byte", s.payload = 57; s.trailing = 1);
}

/* Where sums wrap, in one byte order or in the other. */
static void list_sums(struct list *list)
{
	static const __u16 sums[] = {
		0x0000, 0x0001, 0x00ff, 0x0100, 0x0101, 0x00fe, 0x01ff, 0x0200, 0xf7fe,
		0xf7ff, 0xf800, 0xf801, 0xf8fe, 0xf8ff, 0xf9ff, 0xfaff, 0xfbff, 0xfcff,
		0xfdff, 0xfeff, 0xfefe, 0xff00, 0xfff7, 0xfff8, 0xfffe, 0xffff,
	};
	char name[CASE_NAME];

	for (__u32 i = 0; i < 2 * sizeof(sums) / sizeof(sums[0]); i++) {
		snprintf(name, sizeof(name), "checksum %04x", sums[i / 2]);
		CASE(i % 2 ? FLOW_V6 : FLOW_V4, name, s.icmp_csum = sums[i / 2]);
	}
}

static void list_link(struct list *list)
{
	BOTH("broadcast MAC", set_mac(s.dst_mac, 0xff, 0xff));
	BOTH("multicast MAC", set_mac(s.dst_mac, 0x33, 1));
	BOTH("foreign MAC", s.dst_mac[5] ^= 0x80);
	BOTH("all-zero target MAC", set_mac(s.dst_mac, 0, 0));
	BOTH("VLAN 0", set_tag(&s, 0, 0x8100, 0));
	BOTH("VLAN 0, priority 7", set_tag(&s, 0, 0x8100, 0xe000));
	BOTH("VLAN 0, 802.1ad", set_tag(&s, 0, 0x88a8, 0));
	BOTH("VLAN 5", set_tag(&s, 0, 0x8100, 5));
	BOTH("VLAN 4095", set_tag(&s, 0, 0x8100, 4095));
	BOTH("VLAN 0 in VLAN 0", set_tag(&s, 0, 0x8100, 0); set_tag(&s, 1, 0x8100, 0));
	BOTH("VLAN 0 in 802.1ad 0", set_tag(&s, 0, 0x88a8, 0); set_tag(&s, 1, 0x8100, 0));
	BOTH("VLAN 5 in VLAN 0", set_tag(&s, 0, 0x8100, 0); set_tag(&s, 1, 0x8100, 5));
	BOTH("VLAN 0 in VLAN 5", set_tag(&s, 0, 0x8100, 5); set_tag(&s, 1, 0x8100, 0));
	BOTH("three VLAN 0", for (int i = 0; i < 3; i++) set_tag(&s, i, 0x8100, 0));
	BOTH("VLAN 0, nothing behind", set_tag(&s, 0, 0x8100, 0); s.cut = 2000);
	BOTH("the other family's EtherType", s.ethertype = s.v6 ? 0x0800 : 0x86dd);
	BOTH("802.3 length", s.ethertype = 84);
	BOTH("experimental EtherType", s.ethertype = 0x88b5);
	BOTH("old tag 0x9100", set_tag(&s, 0, 0x9100, 0));
}

static void list_sources(struct list *list, __u32 flow, const char *const *sources)
{
	char name[CASE_NAME];

	for (; *sources; sources++) {
		snprintf(name, sizeof(name), "from %s", *sources);
		CASE(flow, name, spec_source(&s, *sources));
	}
}

static const char *const sources_v4[] = {
	"0.0.0.0",    "0.1.2.3",     "127.0.0.1",       "127.1.2.3",     "224.0.0.1", "239.1.2.3",
	"240.0.0.1",  "10.77.0.1",   "255.255.255.255", "10.77.0.99",    "192.0.2.1", "10.77.0.2",
	"100.64.0.1", "203.0.113.9", "169.254.1.1",     "192.168.0.255", NULL,
};

static const char *const sources_v6[] = {
	"::",      "::1",     "::2",     "::ffff:10.77.0.2", "::10.77.0.2", "ff02::1",
	"ff0e::1", "fd77::1", "fe80::b", "fd77::99",         "fe80::a",     "2001:db8:2::1",
	"fec0::1", "100::1",  "fd77::2", "64:ff9b::1",       "2001:db8::9", "2002:a4d:2::1",
	NULL,
};

/* Where --trust address takes the sender's word: a neighbour that nobody knows, a
 * broadcast address that only the routing table knows, our address on another VLAN,
 * another's MAC. */
static const char *const doubtful_v4[] = {"10.77.0.200", "10.77.0.0", "10.77.0.255", "10.77.5.1",
					  NULL};
static const char *const doubtful_v6[] = {"fd77::200", "fd77::", NULL};

static void list_doubtful(struct list *list)
{
	if (list->cases->any_peer)
		return;
	list_sources(list, FLOW_V4, doubtful_v4);
	list_sources(list, FLOW_V6, doubtful_v6);
	BOTH("unknown sender MAC", s.src_mac[5] = 0x77);
	BOTH("multicast sender MAC", set_mac(s.src_mac, 0x01, 1));
	BOTH("sender MAC is ours", memcpy(s.src_mac, s.dst_mac, ETH_ALEN));
}

static void list_target(struct list *list)
{
	V4("to a host that is not here", spec_target(&s, "10.77.0.44"));
	V4("to an address elsewhere", spec_target(&s, "203.0.113.1"));
	V4("to the subnet's broadcast", spec_target(&s, "10.77.0.255"));
	V4("to the subnet's broadcast in a broadcast", spec_target(&s, "10.77.0.255");
	   set_mac(s.dst_mac, 0xff, 0xff));
	V4("to 255.255.255.255", spec_target(&s, "255.255.255.255");
	   set_mac(s.dst_mac, 0xff, 0xff));
	V4("to 224.0.0.1", spec_target(&s, "224.0.0.1");
	   memcpy(s.dst_mac, "\x01\x00\x5e\x00\x00\x01", ETH_ALEN));
	V4("to 127.0.0.1", spec_target(&s, "127.0.0.1"));
	V4("to 0.0.0.0", spec_target(&s, "0.0.0.0"));
	V6("to a host that is not here", spec_target(&s, "fd77::44"));
	V6("to ::1", spec_target(&s, "::1"));
	V6("to ::", spec_target(&s, "::"));
	V6("to all nodes", spec_target(&s, "ff02::1");
	   memcpy(s.dst_mac, "\x33\x33\x00\x00\x00\x01", ETH_ALEN));
	V6("to all nodes in a unicast frame", spec_target(&s, "ff02::1"));
	V6("to the solicited-node group", spec_target(&s, "ff02::1:ff00:1");
	   memcpy(s.dst_mac, "\x33\x33\xff\x00\x00\x01", ETH_ALEN));
	V6("to interface-local all nodes", spec_target(&s, "ff01::1"));
	V6("to the link-local address", spec_target(&s, "fe80::b"));
	V6("to the subnet-router anycast", spec_target(&s, "fd77::"));
	V6("mapped IPv4 target", spec_target(&s, "::ffff:10.77.0.1"));
}

static void list_lengths(struct list *list)
{
	BOTH("length field one short", s.len_delta = -1);
	BOTH("length field one long", s.len_delta = 1);
	BOTH("length field long, bytes are there", s.len_delta = 4; s.trailing = 4);
	BOTH("length field short by the payload", s.len_delta = -56);
	BOTH("length ends in the echo header", s.len_delta = -60);
	BOTH("length ends in the IP header", s.len_delta = -74);
	BOTH("length field 0", s.len_delta = s.v6 ? -64 : -84);
	BOTH("length field 65535", s.len_delta = 65535 - (s.v6 ? 64 : 84));
	BOTH("frame cut by one", s.cut = 1);
	BOTH("frame cut in the echo header", s.cut = 60);
	BOTH("frame cut in the IP header", s.cut = 70);
	BOTH("Ethernet header alone", s.cut = 2000);
	BOTH("wrong version", s.version_ihl = s.v6 ? 4 : 0x55);
	V4("header length 4", s.version_ihl = 0x44);
	V4("header length 15 without options", s.version_ihl = 0x4f);
	V4("header length 0", s.version_ihl = 0x40);
	V6("version 0", s.version_ihl = 0);
	V4("header checksum off by one", s.ip_csum_xor = 1);
	V4("header checksum inverted", s.ip_csum_xor = 0xffff);
	BOTH("ICMP checksum off by one", s.icmp_csum_xor = 1);
	BOTH("ICMP checksum inverted", s.icmp_csum_xor = 0xffff);
	BOTH("ICMP checksum off, long message", s.icmp_csum_xor = 0x100;
	     s.payload = list->cases->mtu - 48);
	V4("all-zero message, checksum zero", s.payload = 0; s.id = s.seq = 0;
	   s.icmp_csum_xor = 0xf7ff);
}

static void list_options_v4(struct list *list)
{
	V4("no-operations", EXTRA(0, "\x01\x01\x01\x00"));
	V4("record route", EXTRA(0, "\x07\x0b\x04\0\0\0\0\0\0\0\0\0"));
	V4("record route, full", EXTRA(0, "\x07\x07\x08\x0a\x4d\0\x02\0"));
	V4("timestamps", EXTRA(0, "\x44\x0c\x05\x00\0\0\0\0\0\0\0\0"));
	V4("timestamps and addresses", EXTRA(0, "\x44\x0c\x05\x01\0\0\0\0\0\0\0\0"));
	V4("loose source route", EXTRA(0, "\x83\x07\x04\x0a\x4d\0\x01\0"));
	V4("loose source route, used up", EXTRA(0, "\x83\x07\x08\x0a\x4d\0\x01\0"));
	V4("strict source route", EXTRA(0, "\x89\x07\x04\x0a\x4d\0\x01\0"));
	V4("router alert", EXTRA(0, "\x94\x04\0\0"));
	V4("CIPSO", EXTRA(0, "\x86\x06\0\0\0\x01\0\0"));
	V4("unknown option", EXTRA(0, "\xde\x04\0\0"));
	V4("option with length 0", EXTRA(0, "\xde\x00\0\0"));
	V4("option longer than the header", EXTRA(0, "\x07\x27\x04\0"));
	V4("forty bytes of options", s.extra_len = 40; memset(s.extra, 1, 40));
}

static void list_headers_v6(struct list *list)
{
	V6("hop-by-hop", EXTRA(0, "\x3a\0\x01\x04\0\0\0\0"));
	V6("router alert", EXTRA(0, "\x3a\0\x05\x02\0\0\x01\0"));
	V6("destination options", EXTRA(60, "\x3a\0\x01\x04\0\0\0\0"));
	V6("unknown option, skip", EXTRA(60, "\x3a\0\x1e\x04\0\0\0\0"));
	V6("unknown option, report", EXTRA(60, "\x3a\0\x9e\x04\0\0\0\0"));
	V6("routing header 0, used up", EXTRA(43, "\x3a\0\0\0\0\0\0\0"));
	V6("routing header 0, one left",
	   EXTRA(43, "\x3a\x02\0\x01\0\0\0\0\xfd\x77\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"));
	V6("routing header of unknown type", EXTRA(43, "\x3a\0\xfd\x01\0\0\0\0"));
	V6("hop-by-hop, then destination options",
	   EXTRA(0, "\x3c\0\x01\x04\0\0\0\0\x3a\0\x01\x04\0\0\0\0"));
	V6("hop-by-hop in second place", EXTRA(60, "\0\0\x01\x04\0\0\0\0\x3a\0\x01\x04\0\0\0\0"));
	V6("no next header", s.proto = 59);
	V6("atomic fragment", EXTRA(44, "\x3a\0\0\0\0\0\0\x07"));
	V6("first fragment alone", EXTRA(44, "\x3a\0\0\x01\0\0\0\x08"));
	V6("later fragment alone", EXTRA(44, "\x3a\0\0\x40\0\0\0\x09"));
	V6("authentication header", EXTRA(51, "\x3a\x04\0\0\0\0\0\x01\0\0\0\x01"
					      "\0\0\0\0\0\0\0\0\0\0\0\0"));
}

static void list_fragments(struct list *list)
{
	struct spec tail;

	V4("first fragment alone", s.frag = 0x2000; s.ident = 1);
	V4("later fragment alone", s.frag = 8; s.ident = 2);
	V4("last offset", s.frag = 0x1fff; s.ident = 3);
	V4("more fragments and don't fragment", s.frag = 0x6000; s.ident = 4);
	/* A message whose second half is zero, so that the sum of the first is its own. */
	V4("two fragments", s.frag = 0x2000; s.ident = 5);
	flow_spec(list->cases, FLOW_V4, &tail);
	tail.frag = 8;
	tail.ident = 5;
	tail.type = tail.id = tail.seq = 0;
	tail.payload = 0;
	tail.icmp_csum_xor = 0xffff;
	add_more(list, &tail);
}

static void list_other(struct list *list)
{
	V4("echo reply", s.type = 0);
	V4("timestamp request", s.type = 13; s.payload = 12; s.fill = FILL_ZERO);
	V4("address mask request", s.type = 17; s.payload = 4);
	V4("extended echo request", s.type = 42);
	V4("destination unreachable", s.type = 3);
	V4("ICMP type 128", s.type = 128);
	V4("ICMPv6 in IPv4", s.proto = 58);
	V6("echo reply", s.type = 129);
	V6("ICMP in IPv6", s.proto = 1);
	V6("ICMPv6 type 8", s.type = 8);
	V6("extended echo request", s.type = 160);
	V6("unknown informational message", s.type = 200);
	V6("unknown error message", s.type = 100);
	BOTH("UDP", s.proto = 17);
	BOTH("TCP", s.proto = 6);
	BOTH("unknown protocol", s.proto = 253);
	BOTH("plain echo request at the end", );
}

bool odd_case(const struct cases *cases, __u32 index, struct test_case *test)
{
	struct list list = {.cases = cases, .test = test, .wanted = index};

	test->count = 0;
	list_valid(&list);
	list_sums(&list);
	list_link(&list);
	list_sources(&list, FLOW_V4, sources_v4);
	list_sources(&list, FLOW_V6, sources_v6);
	list_doubtful(&list);
	list_target(&list);
	list_lengths(&list);
	list_options_v4(&list);
	list_headers_v6(&list);
	list_fragments(&list);
	list_other(&list);
	return test->count > 0;
}
