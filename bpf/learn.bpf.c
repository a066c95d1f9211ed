// SPDX-License-Identifier: GPL-2.0-only
/* The learner, at tc egress: the kernel's echo reply becomes a lease, if it is
 * what the fast path would have made of the request that it noted. It changes
 * no frame and always lets the next filter decide. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#include "verdicts.h"
#include "parse.h"
#include "csum.h"
#include "table.h"
#include "origin.h"

ICMPX_COUNTERS(lessons, ICMPX_LESSON_MAX);

/* An echo reply that leaves. Pointers point into the frame. */
struct reply {
	struct cursor cur;
	struct ethhdr *eth;
	struct echohdr *echo;
	__u32 vlan; /* as in a flow's key */
	__be16 tci[ICMPX_VLAN_TAGS];
	__u32 len;    /* IP datagram, host order */
	__be32 label; /* IPv6 */
	__u16 ident;  /* IPv4, host order */
	__u8 tos;
	__u8 ttl;
	bool plain; /* IPv4: neither a fragment nor DF; options never get here */
};

static __always_inline void add_tag(struct reply *reply, int i, __be16 proto, __u16 tci)
{
	reply->vlan |= tag_key(proto, tci) << 16 * i;
	reply->tci[i] = bpf_htons(tci);
}

/* A tag in the frame becomes tag i; returns the protocol behind it, 0 when cut off. */
static __always_inline __be16 pull_tag(struct reply *reply, int i, __be16 proto)
{
	struct tag *tag = pull(&reply->cur, struct tag);

	if (!tag)
		return 0;
	add_tag(reply, i, proto, bpf_ntohs(tag->tci));
	return tag->proto;
}

/* The outer tag mostly stands beside the frame: the device will put it in. */
static __always_inline __be16 parse_tags(struct reply *reply, const struct __sk_buff *skb)
{
	__be16 proto = get16(&reply->eth->h_proto);

	if (skb->vlan_present) {
		add_tag(reply, 0, skb->vlan_proto, skb->vlan_tci);
		return proto_is_tag(proto) ? pull_tag(reply, 1, proto) : proto;
	}
	if (proto_is_tag(proto))
		proto = pull_tag(reply, 0, proto);
	if (proto_is_tag(proto))
		proto = pull_tag(reply, 1, proto);
	return proto;
}

/* Both forms of zero are one number. */
static __always_inline bool csum_equal(__u16 a, __u16 b)
{
	return a == b || (csum_add(a, 0xffff) == 0xffff && csum_add(b, 0xffff) == 0xffff);
}

/* All but the seal. */
static __always_inline struct icmpx_lease lease_of(const struct reply *reply,
						   const struct icmpx_request *asked, bool v6)
{
	struct icmpx_lease lease = {
		.expires = bpf_jiffies64() + config.lease,
		.tci = {reply->tci[0], reply->tci[1]},
		.max_len = reply->len,
		.ident = reply->ident,
		.ttl = reply->ttl,
	};

	__builtin_memcpy(lease.local_mac, reply->eth->h_source, ETH_ALEN);
	if (any_peer()) {
		/* A flow label is a hash of both addresses: none then. */
		lease.label_want = v6 ? ICMPX_LABEL_ANY : 0;
		return lease;
	}
	__builtin_memcpy(lease.peer_mac, reply->eth->h_dest, ETH_ALEN);
	__builtin_memcpy(lease.from_mac, asked->from_mac, ETH_ALEN);
	if (!v6)
		return lease;
	lease.label = reply->label;
	/* Where the labels are one, or the request's is 0, perhaps net.ipv6.flowlabel_reflect is
	 * on, which makes a label of its own for 0: known for this label alone. */
	if (!asked->label || reply->label == asked->label)
		lease.label_want = asked->label;
	else
		lease.label_want = ICMPX_LABEL_ANY;
	return lease;
}

/* All but the times, the length and the identification. */
static __always_inline bool lease_same(const struct icmpx_lease *a, const struct icmpx_lease *b)
{
	const __u64 *x = (const __u64 *)a, *y = (const __u64 *)b;

	return x[1] == y[1] && x[2] == y[2] && a->ttl == b->ttl && x[4] == y[4] &&
	       a->label_want == b->label_want;
}

/* What a lease is worth keeping when another flow needs its place. */
static __always_inline __u64 worth(const struct icmpx_lease *lease, __u64 now)
{
	__u64 left;

	return is_valid(lease->expires, now, &left) ? 1 + lease->served : 0;
}

/* A valid lease runs out in its own time; only what it does not cover, or what confirms all of it
 * when it is about to end, replaces it: its length is confirmed as often as all else. */
static __always_inline enum icmpx_lesson update(struct icmpx_lease *old, struct icmpx_lease *fresh,
						__u64 now)
{
	__u64 left;

	if (lease_same(old, fresh) && is_valid(old->expires, now, &left) &&
	    (fresh->max_len < old->max_len ||
	     (fresh->max_len == old->max_len && left > config.early)))
		return ICMPX_KEPT;
	fresh->learned = old->learned;
	fresh->served = old->served;
	*old = *fresh;
	return ICMPX_RENEWED;
}

/* Generates store_v4() and store_v6(): into the flow's own entry for that source MAC, else into the
 * one of its set that is worth least. */
#define DEFINE_STORE(family)                                                                       \
	static __always_inline enum icmpx_lesson store_v##family(const struct key##family *key,    \
								 struct icmpx_lease *fresh)        \
	{                                                                                          \
		__u64 hash = icmpx_hash##family(config.multipliers, key->addrs, key->vlan);        \
		__u64 now = bpf_jiffies64(), least = ~0ULL;                                        \
		__u32 index = icmpx_set_of(hash), pick = 0;                                        \
		struct icmpx_set##family *set = bpf_map_lookup_elem(&leases_v##family, &index);    \
		struct icmpx_entry##family *entry;                                                 \
                                                                                                   \
		if (!set)                                                                          \
			return ICMPX_EVICTED;                                                      \
		fresh->seal = icmpx_seal_of(hash, fresh);                                          \
		for (__u32 i = 0; i < ICMPX_WAYS; i++) {                                           \
			entry = &set->way[i];                                                      \
			if (is_flow##family(entry, key) &&                                         \
			    mac_equal(entry->lease.from_mac, fresh->from_mac)) {                   \
				if (entry->lease.seal == icmpx_seal_of(hash, &entry->lease))       \
					return update(&entry->lease, fresh, now);                  \
				pick = i;                                                          \
				least = 0;                                                         \
				break;                                                             \
			}                                                                          \
			if (worth(&entry->lease, now) < least) {                                   \
				least = worth(&entry->lease, now);                                 \
				pick = i;                                                          \
			}                                                                          \
		}                                                                                  \
		entry = &set->way[pick & (ICMPX_WAYS - 1)];                                        \
		entry->lease = *fresh;                                                             \
		entry->asked = now;                                                                \
		__builtin_memcpy(&entry->flow, key, sizeof(entry->flow));                          \
		return least ? ICMPX_EVICTED : ICMPX_LEARNED;                                      \
	}

DEFINE_STORE(4)
DEFINE_STORE(6)

/* `check` is that of the reply which the fast path makes of the request. */
static __always_inline bool would_be_ours(const struct reply *reply,
					  const struct icmpx_request *asked, __u16 check)
{
	return reply->plain && reply->tos == asked->tos && reply->echo->code == asked->code &&
	       csum_equal(reply->echo->check, check) &&
	       mac_equal(reply->eth->h_source, asked->local_mac) && !(reply->eth->h_dest[0] & 1);
}

/* The note that this reply answers, or NULL; no second reply does. */
static __always_inline struct icmpx_request *find_note(const struct reply *reply, void *requests,
						       const void *flow)
{
	struct icmpx_request *asked = bpf_map_lookup_elem(requests, flow);

	if (!asked || asked->dead || asked->done || bpf_jiffies64() - asked->asked >= config.hz)
		return NULL;
	if (asked->vlan != reply->vlan || asked->len != reply->len)
		return NULL;
	asked->done = true;
	return asked;
}

/* What is wrong with the reply, or ICMPX_LESSON_MAX. `check`: as above. */
static __always_inline enum icmpx_lesson refuse(const struct reply *reply, struct __sk_buff *skb,
						const struct icmpx_request *asked, __u16 check,
						bool v6)
{
	if (!asked)
		return config.leased & (v6 ? ICMPX_IPV6 : ICMPX_IPV4) ? ICMPX_UNASKED
								      : ICMPX_ANY_IIF;
	if (!would_be_ours(reply, asked, check))
		return ICMPX_DIFFERENT;
	if (!is_of_kernel(skb, v6 ? AF_INET6 : AF_INET, v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP))
		return ICMPX_ORIGIN;
	return ICMPX_LESSON_MAX;
}

static __always_inline enum icmpx_lesson learn_v4(struct reply *reply, const struct iphdr *ip,
						  struct __sk_buff *skb)
{
	struct key4 key = {.addrs = DWORD(ip->daddr, ip->saddr), .vlan = reply->vlan};
	struct asked4 note = {.addrs = key.addrs, .id_seq = reply->echo->id_seq};
	struct icmpx_request *asked;
	enum icmpx_lesson refused;
	struct icmpx_lease lease;

	reply->len = bpf_ntohs(ip->tot_len);
	reply->ident = bpf_ntohs(ip->id) - bpf_ntohs(SECOND_HALF(reply->echo->id_seq));
	reply->tos = ip->tos;
	reply->ttl = ip->ttl;
	reply->plain = !ip->frag_off;
	asked = find_note(reply, &requests_v4, &note);
	refused = refuse(reply, skb, asked, asked ? csum_reply4(asked->check) : 0, false);
	if (refused != ICMPX_LESSON_MAX)
		return refused;
	lease = lease_of(reply, asked, false);
	lease.learned = lease.renewed = bpf_ktime_get_ns() / 1000000000;
	if (any_peer())
		key.addrs = DWORD(0, SECOND_WORD(key.addrs));
	return store_v4(&key, &lease);
}

static __always_inline enum icmpx_lesson learn_v6(struct reply *reply, const struct ipv6hdr *ip,
						  struct __sk_buff *skb)
{
	const __u64 *local = (const __u64 *)&ip->saddr, *peer = (const __u64 *)&ip->daddr;
	struct key6 key = {.addrs = {peer[0], peer[1], local[0], local[1]}, .vlan = reply->vlan};
	struct asked6 note = {.addrs = {peer[0], peer[1], local[0], local[1]},
			      .id_seq = reply->echo->id_seq};
	struct icmpx_request *asked;
	enum icmpx_lesson refused;
	struct icmpx_lease lease;

	reply->len = sizeof(*ip) + bpf_ntohs(ip->payload_len);
	reply->tos = bpf_ntohl(*(__be32 *)ip) >> 20;
	reply->label = *(__be32 *)ip & IPV6_FLOW;
	reply->ttl = ip->hop_limit;
	reply->plain = true;
	asked = find_note(reply, &requests_v6, &note);
	refused = refuse(reply, skb, asked, asked ? csum_reply6(asked->check) : 0, true);
	if (refused != ICMPX_LESSON_MAX)
		return refused;
	lease = lease_of(reply, asked, true);
	lease.learned = lease.renewed = bpf_ktime_get_ns() / 1000000000;
	if (any_peer())
		key.addrs[0] = key.addrs[1] = 0;
	return store_v6(&key, &lease);
}

static __always_inline bool pull_echo(struct reply *reply, __u8 type)
{
	reply->echo = pull(&reply->cur, struct echohdr);
	return reply->echo && reply->echo->type == type;
}

/* ICMPX_LESSON_MAX: no echo reply, or one the fast path never makes. */
static __always_inline enum icmpx_lesson judge(struct reply *reply, struct __sk_buff *skb)
{
	struct ipv6hdr *ip6;
	struct iphdr *ip;
	__be16 proto;

	reply->eth = pull(&reply->cur, struct ethhdr);
	if (!reply->eth)
		return ICMPX_LESSON_MAX;
	proto = parse_tags(reply, skb);
	if (proto == bpf_htons(ETH_P_IP)) {
		ip = pull(&reply->cur, struct iphdr);
		if (!ip || ip->protocol != IPPROTO_ICMP || *(__u8 *)ip != 0x45 ||
		    !pull_echo(reply, ICMP_ECHOREPLY))
			return ICMPX_LESSON_MAX;
		return skb->ingress_ifindex ? ICMPX_FORWARDED : learn_v4(reply, ip, skb);
	}
	if (proto == bpf_htons(ETH_P_IPV6)) {
		ip6 = pull(&reply->cur, struct ipv6hdr);
		if (!ip6 || ip6->nexthdr != IPPROTO_ICMPV6 || !pull_echo(reply, ICMPV6_ECHO_REPLY))
			return ICMPX_LESSON_MAX;
		return skb->ingress_ifindex ? ICMPX_FORWARDED : learn_v6(reply, ip6, skb);
	}
	return ICMPX_LESSON_MAX;
}

SEC("tc")
int icmpx_learn(struct __sk_buff *skb)
{
	struct reply reply = {
		.cur.pos = (void *)(long)skb->data,
		.cur.end = (void *)(long)skb->data_end,
	};
	__u32 lesson = judge(&reply, skb);

	if (lesson != ICMPX_LESSON_MAX)
		count(&lessons, lesson, skb->len);
	return TC_ACT_UNSPEC;
}

char LICENSE[] SEC("license") = "GPL";
