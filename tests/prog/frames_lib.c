// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <arpa/inet.h>

#include "frames_lib.h"

const __u8 mac_peer[6] = {0x02, 0x11, 0x12, 0x13, 0x14, 0x15};
const __u8 mac_local[6] = {0x06, 0x21, 0x22, 0x23, 0x24, 0x25};
const __u8 mac_gateway[6] = {0x0a, 0x31, 0x32, 0x33, 0x34, 0x35};

static const __u8 peer4[4] = {192, 0, 2, 17}, local4[4] = {198, 51, 100, 2};
static const __u8 peer6[16] = {0x20, 1, 0xd, 0xb8, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 17};
static const __u8 local6[16] = {0x20, 1, 0xd, 0xb8, 0, 9, 0, 8, 0, 7, 0, 6, 0, 5, 0, 2};

__u16 get16(const __u8 *p)
{
	return p[0] << 8 | p[1];
}

void put16(__u8 *p, __u16 value)
{
	p[0] = value >> 8;
	p[1] = value;
}

void put32(__u8 *p, __u32 value)
{
	put16(p, value >> 16);
	put16(p + 2, value);
}

__u64 sum_add(__u64 sum, const __u8 *data, __u32 len)
{
	for (__u32 i = 0; i < len; i++)
		sum += i & 1 ? data[i] : data[i] << 8;
	return sum;
}

__u16 sum_fold(__u64 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* RFC 4443 section 2.3; for ICMP nothing. */
static __u64 pseudo_sum(const struct frame *frame)
{
	const __u8 *ip = frame->data + frame->ip;

	if (frame->family == 4)
		return 0;
	return sum_add(frame->end - frame->icmp + 58, ip + 8, 32);
}

__u64 frame_icmp_sum(const struct frame *frame)
{
	return sum_add(pseudo_sum(frame), frame->data + frame->icmp, frame->end - frame->icmp);
}

void frame_mend(struct frame *frame)
{
	__u8 *ip = frame->data + frame->ip, *icmp = frame->data + frame->icmp;

	put16(icmp + 2, 0);
	put16(icmp + 2, ~sum_fold(frame_icmp_sum(frame)));
	if (frame->family == 6)
		return;
	put16(ip + 10, 0);
	put16(ip + 10, ~sum_fold(sum_add(0, ip, frame->icmp - frame->ip)));
}

void frame_poke(struct frame *frame, const struct poke pokes[POKES])
{
	__u32 base[] = {[LINK] = 0, [IP] = frame->ip, [ICMP] = frame->icmp};

	for (int i = 0; i < POKES; i++)
		memcpy(frame->data + base[pokes[i].base] + pokes[i].at, pokes[i].bytes ?: "",
		       pokes[i].len);
}

void frame_resize(struct frame *frame, __u32 len)
{
	if (len > frame->len)
		memset(frame->data + frame->len, 0xa5, len - frame->len);
	frame->len = len;
}

/* Ethernet II and its tags; returns where the IP header goes. */
static __u32 build_link(__u8 *data, const struct spec *spec)
{
	__u32 at = 12;

	memcpy(data, spec->reply ? mac_gateway : mac_local, 6);
	memcpy(data + 6, spec->reply ? mac_local : mac_peer, 6);
	for (int i = 0; i < TAGS_MAX && spec->tag[i].proto; i++, at += 4) {
		put16(data + at, spec->tag[i].proto);
		put16(data + at + 2, spec->tag[i].tci);
	}
	put16(data + at, spec->family == 4 ? 0x0800 : 0x86dd);
	return at + 2;
}

static void build_v4(__u8 *ip, const struct spec *spec, __u32 len)
{
	__u8 *from = ip + (spec->reply ? 16 : 12), *to = ip + (spec->reply ? 12 : 16);

	ip[0] = 0x45;
	ip[1] = spec->tos;
	put16(ip + 2, len);
	put16(ip + 4, spec->ident);
	put16(ip + 6, spec->frag);
	ip[8] = spec->ttl;
	ip[9] = 1;
	memcpy(from, peer4, 4);
	memcpy(to, local4, 4);
	from[3] += spec->peer;
}

static void build_v6(__u8 *ip, const struct spec *spec, __u32 len)
{
	__u8 *from = ip + (spec->reply ? 24 : 8), *to = ip + (spec->reply ? 8 : 24);

	put32(ip, 6U << 28 | spec->tos << 20 | spec->label);
	put16(ip + 4, len);
	ip[6] = 58;
	ip[7] = spec->ttl;
	memcpy(from, peer6, 16);
	memcpy(to, local6, 16);
	from[15] += spec->peer;
}

void frame_build(struct frame *frame, const struct spec *spec)
{
	__u32 len = 8 + spec->payload;
	__u8 *icmp;

	memset(frame, 0, sizeof(*frame));
	frame->family = spec->family;
	frame->ip = build_link(frame->data, spec);
	frame->icmp = frame->ip + (spec->family == 4 ? 20 : 40);
	frame->end = frame->icmp + len;
	if (spec->family == 4)
		build_v4(frame->data + frame->ip, spec, 20 + len);
	else
		build_v6(frame->data + frame->ip, spec, len);
	icmp = frame->data + frame->icmp;
	icmp[0] = spec->family == 4 ? (spec->reply ? 0 : 8) : (spec->reply ? 129 : 128);
	icmp[1] = spec->code;
	put16(icmp + 4, spec->id);
	put16(icmp + 6, spec->seq);
	for (__u32 i = 0; i < spec->payload && !spec->silent; i++)
		icmp[8 + i] = 1 + 7 * i + (i >> 8);
	frame->len = frame->end;
	frame_resize(frame, frame->end + spec->padding);
	frame_mend(frame);
}

void flow_of(union flow *flow, const struct spec *spec, bool any_peer)
{
	__u32 vlan = 0;

	for (int i = 0; i < ICMPX_VLAN_TAGS && spec->tag[i].proto; i++)
		vlan |= (ICMPX_VLAN_PRESENT | (spec->tag[i].tci & 0xfff) |
			 (spec->tag[i].proto == TAG_8021AD ? ICMPX_VLAN_AD : 0))
			<< 16 * i;
	memset(flow, 0, sizeof(*flow));
	if (spec->family == 4) {
		flow->v4.vlan = vlan;
		memcpy(&flow->v4.local, local4, 4);
		if (any_peer)
			return;
		memcpy(&flow->v4.peer, peer4, 4);
		((__u8 *)&flow->v4.peer)[3] += spec->peer;
	} else {
		flow->v6.vlan = vlan;
		memcpy(flow->v6.local, local6, 16);
		if (any_peer)
			return;
		memcpy(flow->v6.peer, peer6, 16);
		((__u8 *)flow->v6.peer)[15] += spec->peer;
	}
}

void asked_of(union asked *asked, const struct spec *spec)
{
	__u32 id_seq = htonl((__u32)spec->id << 16 | spec->seq);
	union flow flow;

	flow_of(&flow, spec, false);
	memset(asked, 0, sizeof(*asked));
	if (spec->family == 4) {
		asked->v4 = (struct icmpx_asked4){flow.v4.peer, flow.v4.local, id_seq};
		return;
	}
	memcpy(asked->v6.peer, flow.v6.peer, 16);
	memcpy(asked->v6.local, flow.v6.local, 16);
	asked->v6.id_seq = id_seq;
}

void lease_for(struct icmpx_lease *lease, const struct spec *spec, bool any_peer)
{
	memset(lease, 0, sizeof(*lease));
	lease->expires = 1ULL << 39; /* years, and not beyond the lease of run_lib.h */
	memcpy(lease->local_mac, mac_local, 6);
	if (!any_peer) {
		memcpy(lease->peer_mac, mac_gateway, 6);
		memcpy(lease->from_mac, mac_peer, 6);
	}
	for (int i = 0; i < ICMPX_VLAN_TAGS && spec->tag[i].proto; i++)
		lease->tci[i] = htons(LEASE_PCP << 13 | (spec->tag[i].tci & 0xfff));
	lease->max_len = 0xffff;
	lease->ident = LEASE_IDENT;
	lease->ttl = LEASE_TTL;
	if (spec->family == 6) {
		lease->label = htonl(LEASE_LABEL);
		lease->label_want = ICMPX_LABEL_ANY;
	}
	lease->served = 41;
	lease->learned = 1;
	lease->renewed = 2;
}
