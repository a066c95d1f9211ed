/* SPDX-License-Identifier: GPL-2.0-only */
/* What ends leases before their time: a neighbour's MAC that changes, and a path that became too
 * narrow for a reply. Both are taken at their word: who forges them has the kernel asked again. */
#ifndef ICMPX_ENDS_H
#define ICMPX_ENDS_H

#include "request.h"
#include "table.h"

#define ICMP_UNREACHABLE         3
#define ICMP_FRAGMENTATION       4
#define ICMPV6_PACKET_TOO_BIG    2
#define ICMPV6_ROUTER_ADVERT     134
#define ICMPV6_NEIGHBOUR_SOLICIT 135
#define ICMPV6_NEIGHBOUR_ADVERT  136
#define ICMPV6_REDIRECT          137
#define NDISC_SOURCE_MAC         1
#define NDISC_TARGET_MAC         2

ICMPX_LRU(neighbours, struct icmpx_neighbour, struct icmpx_mac, ICMPX_MAX_NEIGHBOURS);

/* RFC 826, for Ethernet and IPv4. */
struct arp {
	__be16 hardware;
	__be16 protocol;
	__u8 hardware_len;
	__u8 protocol_len;
	__be16 operation;
	__u8 sender_mac[6];
	__be16 sender[2]; /* not aligned for a word */
	__u8 target_mac[6];
	__be32 target;
};

/* RFC 4861, 4.3 and 4.4, with the one option that they have. */
struct ndisc {
	__u8 type;
	__u8 code;
	__be16 check;
	__be32 flags;
	__be32 target[4];
	__u8 option;
	__u8 option_len;
	__u8 mac[6];
};

static __always_inline void end_all(__u64 now)
{
	epoch.floor = now + config.lease;
	__sync_fetch_and_add(&epoch.moved, 1);
}

/* Which neighbour a lease's MAC is, no frame tells, so its new MAC ends all of them: every flow
 * asks the kernel once. The kernel's own neighbours are put in at attach, and what it learns of
 * them passes here; but not those in VLANs, and this table forgets when there are very many: one
 * who is there, or announces himself to all, and is not in it may have moved just now. The kernel
 * may take a new MAC later than it is told, when it asks by itself: what it is told again within
 * a minute, more than a neighbour is taken for reachable, counts once more. */
static __always_inline void neighbour_seen(const struct icmpx_neighbour *who, const void *mac,
					   bool announced)
{
	struct icmpx_mac *old = bpf_map_lookup_elem(&neighbours, who), fresh = {};
	__u64 now = bpf_jiffies64();
	bool same = old && mac_equal(old->mac, mac);

	if (same && (!old->moved || now - old->moved > ICMPX_MOVE_SECONDS * (__u64)config.hz))
		return;
	if (!same) {
		if (old || announced || who->vlan)
			fresh.moved = now;
		__builtin_memcpy(fresh.mac, mac, sizeof(fresh.mac));
		bpf_map_update_elem(&neighbours, who, &fresh, BPF_ANY);
		if (!fresh.moved)
			return;
	}
	end_all(now);
}

/* ARP, requests too: arp_process() takes the sender's MAC from either. */
static __always_inline void see_arp(struct request *req)
{
	struct arp *arp = pull(&req->cur, struct arp);
	struct icmpx_neighbour who = {.vlan = req->vlan};

	if (!arp || arp->hardware != bpf_htons(1) || arp->protocol != bpf_htons(ETH_P_IP) ||
	    arp->hardware_len != ETH_ALEN || arp->protocol_len != 4)
		return;
	who.addr[3] = HALVES(arp->sender[0], arp->sender[1]);
	if (who.addr[3])
		neighbour_seen(&who, arp->sender_mac,
			       req->eth->h_dest[0] & 1 && (arp->operation != bpf_htons(1) ||
							   who.addr[3] == arp->target));
}

/* Neighbour solicitations and advertisements that say a MAC (ndisc_recv_ns(), ndisc_recv_na()). */
static __always_inline void see_ndisc(struct request *req, const struct ipv6hdr *ip)
{
	struct icmpx_neighbour who = {.vlan = req->vlan};
	struct ndisc *ndisc;
	bool advert;

	req->cur.pos = (void *)(ip + 1);
	ndisc = pull(&req->cur, struct ndisc);
	if (!ndisc || ip->hop_limit != 255 || ndisc->option_len != 1)
		return;
	advert = ndisc->type == ICMPV6_NEIGHBOUR_ADVERT;
	if (ndisc->option != (advert ? NDISC_TARGET_MAC : NDISC_SOURCE_MAC))
		return;
	__builtin_memcpy(who.addr, advert ? ndisc->target : (void *)&ip->saddr, sizeof(who.addr));
	neighbour_seen(&who, ndisc->mac, advert && req->eth->h_dest[0] & 1);
}

/* Router advertisements say the router's MAC in an option that may stand anywhere in them; the
 * frame's own is that, too. A redirect's says besides that the way back is another one. */
static __always_inline void see_router(struct request *req, const struct ipv6hdr *ip)
{
	struct icmpx_neighbour who = {.vlan = req->vlan};

	if (ip->hop_limit != 255)
		return;
	__builtin_memcpy(who.addr, &ip->saddr, sizeof(who.addr));
	neighbour_seen(&who, req->eth->h_source, true);
	if (req->echo->type == ICMPV6_REDIRECT)
		end_all(bpf_jiffies64());
}

/* Ends it where it is, if a reply of its length is more than the path takes. */
static __always_inline bool end_lease(struct icmpx_lease *lease, __u64 hash, __u32 mtu)
{
	__u64 sum = icmpx_sum_of(hash, lease);

	if (lease->max_len <= mtu || lease->seal != icmpx_seal(sum))
		return false;
	sum -= lease->expires * ICMPX_SUM_EXPIRES;
	lease->expires = 0;
	lease->seal = icmpx_seal(sum);
	return true;
}

/* Generates end_v4() and end_v6(): all leases of a flow. */
#define DEFINE_END(family)                                                                         \
	static __always_inline bool end_v##family(const struct key##family *key, __u32 mtu)        \
	{                                                                                          \
		__u64 hash = icmpx_hash##family(config.multipliers, key->addrs, key->vlan);        \
		__u32 index = icmpx_set_of(hash);                                                  \
		struct icmpx_set##family *set = bpf_map_lookup_elem(&leases_v##family, &index);    \
		bool ended = false;                                                                \
                                                                                                   \
		for (int i = 0; set && i < ICMPX_WAYS; i++)                                        \
			if (is_flow##family(&set->way[i], key))                                    \
				ended |= end_lease(&set->way[i].lease, hash, mtu);                 \
		return ended;                                                                      \
	}

DEFINE_END(4)
DEFINE_END(6)

/* Fragmentation needed (RFC 1191): whatever it quotes, the kernel takes the MTU for the peer. */
static __always_inline bool see_too_big_v4(struct request *req)
{
	__u32 mtu = bpf_ntohs(SECOND_HALF(req->echo->id_seq));
	struct iphdr *ip = pull(&req->cur, struct iphdr);
	struct key4 key = {.vlan = req->vlan};

	if (!ip || ip->version != 4)
		return false;
	key.addrs = DWORD(any_peer() ? 0 : ip->daddr, ip->saddr);
	return end_v4(&key, mtu);
}

/* Packet too big (RFC 4443, 3.2). */
static __always_inline bool see_too_big_v6(struct request *req)
{
	__u32 mtu = bpf_ntohl(req->echo->id_seq);
	struct ipv6hdr *ip = pull(&req->cur, struct ipv6hdr);
	struct key6 key = {.vlan = req->vlan};
	const __u64 *local, *peer;

	if (!ip || ip->version != 6)
		return false;
	local = (const __u64 *)&ip->saddr;
	peer = (const __u64 *)&ip->daddr;
	if (!any_peer()) {
		key.addrs[0] = peer[0];
		key.addrs[1] = peer[1];
	}
	key.addrs[2] = local[0];
	key.addrs[3] = local[1];
	return end_v6(&key, mtu);
}

static __always_inline bool see_v4(struct request *req)
{
	struct iphdr *ip = pull(&req->cur, struct iphdr);
	__u32 len = ip ? (*(__u8 *)ip & 15) * 4 : 0;

	if (len < sizeof(*ip) || ip->version != 4 || ip->protocol != IPPROTO_ICMP)
		return false;
	req->cur.pos = (void *)ip + len; /* options stand between */
	req->echo = pull(&req->cur, struct echohdr);
	return req->echo && req->echo->type == ICMP_UNREACHABLE &&
	       req->echo->code == ICMP_FRAGMENTATION && see_too_big_v4(req);
}

static __always_inline bool see_v6(struct request *req)
{
	struct ipv6hdr *ip = pull(&req->cur, struct ipv6hdr);

	if (!ip || ip->nexthdr != IPPROTO_ICMPV6)
		return false;
	req->echo = pull(&req->cur, struct echohdr);
	if (!req->echo)
		return false;
	if (req->echo->type == ICMPV6_PACKET_TOO_BIG)
		return see_too_big_v6(req);
	if (req->echo->type == ICMPV6_NEIGHBOUR_SOLICIT ||
	    req->echo->type == ICMPV6_NEIGHBOUR_ADVERT)
		see_ndisc(req, ip);
	else if (req->echo->type == ICMPV6_ROUTER_ADVERT || req->echo->type == ICMPV6_REDIRECT)
		see_router(req, ip);
	return false;
}

/* A frame that is no echo request, from its start; whether it ends leases of its own flow. */
static __noinline int see_end(struct xdp_md *ctx)
{
	struct request req = {
		.cur.pos = (void *)(long)ctx->data,
		.cur.end = (void *)(long)ctx->data_end,
	};
	__be16 proto;

	req.eth = pull(&req.cur, struct ethhdr);
	if (!req.eth)
		return false;
	proto = parse_tags(&req, get16(&req.eth->h_proto));
	if (proto == bpf_htons(ETH_P_IP))
		return see_v4(&req);
	if (proto == bpf_htons(ETH_P_IPV6))
		return see_v6(&req);
	if (proto == bpf_htons(ETH_P_ARP))
		see_arp(&req);
	return false;
}

#endif
