// SPDX-License-Identifier: GPL-2.0-only
/* The echo fast path: answers an echo request at the driver where a lease says
 * how the kernel answers it, and hands everything else on as it came. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "verdicts.h"
#include "parse.h"
#include "csum.h"
#include "maps.h"
#include "limit.h"
#include "reply.h"
#include "ends.h"
#include "watch.h"

/* Behind every other program of a dispatcher: what they drop or redirect, the
 * kernel would not have seen either. What libxdp calls XDP_RUN_CONFIG, for where it is not. */
struct {
	__uint(priority, 100);
	__uint(XDP_PASS, 1);
} _icmpx_echo SEC(".xdp_run_config");

ICMPX_COUNTERS(verdicts, ICMPX_VERDICT_MAX);

#define VERDICTS_OF(wanted)              (0 ICMPX_VERDICTS(wanted))
#define TX_BIT(id, action, name, help)   | (XDP_##action == XDP_TX) << ICMPX_##id
#define DROP_BIT(id, action, name, help) | (XDP_##action == XDP_DROP) << ICMPX_##id

_Static_assert(ICMPX_VERDICT_MAX <= 32, "a verdict is a bit in a word");

/* Bits of a word where a switch would be a tree of branches. */
static __always_inline int verdict_action(__u32 verdict)
{
	__u32 bit = 1U << (verdict & 31);

	if (bit & VERDICTS_OF(TX_BIT))
		return XDP_TX;
	return bit & VERDICTS_OF(DROP_BIT) ? XDP_DROP : XDP_PASS;
}

/* The options, none of which a plain configuration has. */
static __always_inline bool peerless(const struct request *req)
{
	return !req->plain && any_peer();
}

static __always_inline bool observe(const struct request *req)
{
	return !req->plain && config.observe;
}

static __always_inline bool family_off(const struct request *req, __u32 family)
{
	return !req->plain && !(config.families & family);
}

/* From the IPv4 header to the message's: `replied` when it is an echo request. */
static __always_inline enum icmpx_verdict parse_v4(struct request *req, struct iphdr *ip)
{
	__u32 *words = (__u32 *)ip;

	if (*(__u8 *)ip != 0x45)
		return ip->version == 4 && ip->ihl > 5 ? ICMPX_PASS_OPTIONS : ICMPX_PASS_MALFORMED;
	if (ip->frag_off & bpf_htons(IP_FRAGMENT))
		return ICMPX_PASS_FRAGMENT;
	req->len = bpf_ntohs(ip->tot_len);
	req->tos = ip->tos;
	req->echo = pull(&req->cur, struct echohdr);
	if (!req->echo)
		return ICMPX_PASS_TRUNCATED;
	if (!csum_is_valid((__u64)words[0] + words[1] + words[2] + words[3] + words[4]))
		return ICMPX_PASS_IP_CSUM;
	if (req->echo->type != ICMP_ECHO)
		return ICMPX_PASS_NOT_ECHO;
	return ICMPX_REPLIED_V4;
}

/* The same for IPv6. A payload length of zero, a jumbogram's, is malformed here. */
static __always_inline enum icmpx_verdict parse_v6(struct request *req, struct ipv6hdr *ip)
{
	__u32 word = bpf_ntohl(*(__be32 *)ip);

	if (word >> 28 != 6)
		return ICMPX_PASS_MALFORMED;
	req->len = sizeof(*ip) + bpf_ntohs(ip->payload_len);
	req->tos = word >> 20;
	req->label = *(__be32 *)ip & IPV6_FLOW;
	req->echo = pull(&req->cur, struct echohdr);
	if (!req->echo)
		return ICMPX_PASS_TRUNCATED;
	if (req->echo->type != ICMPV6_ECHO_REQUEST)
		return ICMPX_PASS_NOT_ECHO;
	return ICMPX_REPLIED_V6;
}

/* The message's length and checksum, on top of a pseudo-header's: that it is all
 * there, too, is seen as it is summed. */
static __always_inline enum icmpx_verdict check_message(struct request *req, __u32 len,
							__u64 pseudo, enum icmpx_verdict replied)
{
	/* One comparison for both ends: what is too short for its headers wraps. */
	if (unlikely(len - sizeof(struct echohdr) > ICMPX_MAX_ICMP - sizeof(struct echohdr)))
		return len > ICMPX_MAX_ICMP && (__s32)len > 0 ? ICMPX_PASS_TOO_LONG
							      : ICMPX_PASS_MALFORMED;
	if (!csum_message(req->echo, len, req->cur.end, &pseudo))
		return ICMPX_PASS_TRUNCATED;
	if (!csum_is_valid(pseudo))
		return ICMPX_PASS_ICMP_CSUM;
	if (peerless(req) && req->eth->h_source[0] & 1)
		return ICMPX_PASS_GROUP;
	return replied;
}

/* 0/8, 127/8, multicast, class E, source = destination, and our own addresses:
 * what ip_route_input_slow() calls martian. */
static __always_inline bool martian_v4(const struct key4 *key)
{
	__be32 peer = FIRST_WORD(key->addrs), local = SECOND_WORD(key->addrs);
	struct key4 own = {.addrs = DWORD(0, peer), .vlan = key->vlan};
	__u8 net = bpf_ntohl(peer) >> 24;
	struct found found;

	return net == 0 || net == 127 || net >= 224 || peer == local || find_v4(&own, NULL, &found);
}

/* ::, ::1, IPv4-mapped, multicast (ip6_rcv_core() drops them), source =
 * destination, our own addresses. */
static __always_inline bool martian_v6(const struct key6 *key)
{
	const __u64 *peer = key->addrs, *local = key->addrs + 2;
	struct key6 own = {.addrs = {0, 0, peer[0], peer[1]}, .vlan = key->vlan};
	__u32 high = bpf_ntohl(FIRST_WORD(peer[1])), low = bpf_ntohl(SECOND_WORD(peer[1]));
	struct found found;

	if (!peer[0] && ((!high && low <= 1) || high == 0xffff))
		return true;
	if (bpf_ntohl(FIRST_WORD(peer[0])) >> 24 == 0xff)
		return true;
	return (peer[0] == local[0] && peer[1] == local[1]) || find_v6(&own, NULL, &found);
}

/* Whether the flow of a lease may ask the kernel over the limit for new flows, and in time before
 * its lease ends: once a lease, or once a second where all leases were ended. */
static __always_inline bool is_due(const struct found *found, __u64 now)
{
	__u32 age = (__u32)now - *found->asked;

	if (age < config.lease - config.early &&
	    (age < config.hz || age <= now - (epoch.floor - config.lease)))
		return false;
	*found->asked = now;
	return true;
}

/* `replied` when the lease covers the request, else why not. */
static __always_inline enum icmpx_verdict
verify(const struct request *req, const struct found *found, enum icmpx_verdict replied)
{
	__u64 now = bpf_jiffies64(), left;

	if (!is_valid(found->expires, now, &left))
		return ICMPX_PASS_EXPIRED;
	if (get16(req->eth->h_dest) != SECOND_HALF(SECOND_WORD(found->macs)) ||
	    get32(req->eth->h_dest + 2) != FIRST_WORD(found->tail))
		return ICMPX_PASS_DST_MAC;
	if (req->len > found_max_len(found))
		return ICMPX_PASS_LENGTH;
	if (replied == ICMPX_REPLIED_V6 && found->label_want != ICMPX_LABEL_ANY &&
	    found->label_want != req->label)
		return ICMPX_PASS_LABEL;
	/* Only a reply of its full length renews all that the lease says. */
	if (unlikely(left <= config.early) && req->len == found_max_len(found) &&
	    is_due(found, now))
		return ICMPX_PASS_RENEW;
	return replied;
}

/* Hands the request to the kernel, and notes what it was for the learner: one note for each
 * request, so that no other takes its place. One that comes again while the kernel works on the
 * first, from whatever VLAN or MAC, makes both unfit: the reply may be to either. */
static __always_inline enum icmpx_verdict ask(const struct request *req, __u32 family,
					      void *requests, const void *key,
					      const struct found *found, enum icmpx_verdict why)
{
	struct icmpx_request note = {
		.asked = bpf_jiffies64(),
		.vlan = req->vlan,
		.label = req->label,
		.check = req->echo->check,
		.len = req->len,
		.tos = req->tos,
		.code = req->echo->code,
	};
	struct icmpx_request *old;

	if (req->eth->h_dest[0] & 1)
		return ICMPX_PASS_GROUP; /* no lease has such a MAC */
	if (!req->plain && why != ICMPX_PASS_RENEW &&
	    !(found->lease && is_due(found, note.asked)) &&
	    !admit_new(found->lease || found->other))
		return observe(req) ? ICMPX_OBSERVED_LIMIT : ICMPX_DROP_NEW;
	if (!(config.leased & family))
		return why;
	__builtin_memcpy(note.local_mac, req->eth->h_dest, ETH_ALEN);
	if (!any_peer())
		__builtin_memcpy(note.from_mac, req->eth->h_source, ETH_ALEN);
	old = bpf_map_lookup_elem(requests, key);
	if (old && !old->done && note.asked - old->asked < config.hz) {
		old->asked = note.asked;
		old->dead = true;
		return why;
	}
	bpf_map_update_elem(requests, key, &note, BPF_ANY);
	return why;
}

static __always_inline enum icmpx_verdict not_found(const struct found *found)
{
	return found->other ? ICMPX_PASS_SRC_MAC : ICMPX_PASS_NO_LEASE;
}

static __always_inline enum icmpx_verdict judge_v4(struct request *req, struct iphdr *ip)
{
	enum icmpx_verdict verdict = parse_v4(req, ip);
	struct asked4 asked;
	struct found found = {};
	struct key4 key;

	if (verdict != ICMPX_REPLIED_V4)
		return verdict;
	if (!req->plain && !admit_source(0, 0, bpf_htonl(0xffff), ip->saddr))
		return observe(req) ? ICMPX_OBSERVED_LIMIT : ICMPX_DROP_LIMIT;
	verdict = check_message(req, req->len - sizeof(*ip), 0, ICMPX_REPLIED_V4);
	if (verdict != ICMPX_REPLIED_V4)
		return verdict;

	key = (struct key4){.addrs = *(__u64 *)&ip->saddr, .vlan = req->vlan};
	asked = (struct asked4){.addrs = key.addrs, .id_seq = req->echo->id_seq};
	if (peerless(req)) {
		if (martian_v4(&key))
			return ICMPX_PASS_MARTIAN;
		key.addrs = DWORD(0, SECOND_WORD(key.addrs));
	}
	verdict = find_v4(&key, peerless(req) ? NULL : req->eth->h_source, &found)
			  ? verify(req, &found, ICMPX_REPLIED_V4)
			  : not_found(&found);
	if (verdict != ICMPX_REPLIED_V4)
		return ask(req, ICMPX_IPV4, &requests_v4, &asked, &found, verdict);
	if (observe(req))
		return ICMPX_OBSERVED_V4;
	if (unlikely(watch.until))
		watch_reply_v4(ip, req->echo);
	found.lease->served++;
	reply_v4(req, ip, &found);
	reply_link(req, &found, peerless(req));
	return ICMPX_REPLIED_V4;
}

static __always_inline enum icmpx_verdict judge_v6(struct request *req, struct ipv6hdr *ip)
{
	enum icmpx_verdict verdict = parse_v6(req, ip);
	const __u64 *addrs = (const __u64 *)&ip->saddr;
	__u32 len = req->len - sizeof(*ip);
	__u64 pseudo = bpf_htonl(len) + (__u64)bpf_htonl(IPPROTO_ICMPV6);
	struct asked6 asked;
	struct found found = {};
	struct key6 key;

	if (verdict != ICMPX_REPLIED_V6)
		return verdict;
	key = (struct key6){.addrs = {addrs[0], addrs[1], addrs[2], addrs[3]}, .vlan = req->vlan};
	asked = (struct asked6){.addrs = {addrs[0], addrs[1], addrs[2], addrs[3]},
				.id_seq = req->echo->id_seq};
	if (!req->plain && !admit_source(FIRST_WORD(addrs[0]), SECOND_WORD(addrs[0]),
					 FIRST_WORD(addrs[1]), SECOND_WORD(addrs[1])))
		return observe(req) ? ICMPX_OBSERVED_LIMIT : ICMPX_DROP_LIMIT;
#pragma unroll
	for (int i = 0; i < 4; i++)
		pseudo += (__u64)FIRST_WORD(key.addrs[i]) + SECOND_WORD(key.addrs[i]);
	verdict = check_message(req, len, pseudo, ICMPX_REPLIED_V6);
	if (verdict != ICMPX_REPLIED_V6)
		return verdict;

	if (peerless(req)) {
		if (martian_v6(&key))
			return ICMPX_PASS_MARTIAN;
		key.addrs[0] = key.addrs[1] = 0;
	}
	verdict = find_v6(&key, peerless(req) ? NULL : req->eth->h_source, &found)
			  ? verify(req, &found, ICMPX_REPLIED_V6)
			  : not_found(&found);
	if (verdict != ICMPX_REPLIED_V6)
		return ask(req, ICMPX_IPV6, &requests_v6, &asked, &found, verdict);
	if (observe(req))
		return ICMPX_OBSERVED_V6;
	if (unlikely(watch.until))
		watch_reply_v6(ip, req->echo);
	found.lease->served++;
	reply_v6(req, ip, &found);
	reply_link(req, &found, peerless(req));
	return ICMPX_REPLIED_V6;
}

static __always_inline enum icmpx_verdict judge(struct request *req)
{
	struct iphdr *ip;
	struct ipv6hdr *ip6;
	__be16 proto;

	req->eth = pull(&req->cur, struct ethhdr);
	if (!req->eth)
		return ICMPX_PASS_TRUNCATED;
	proto = get16(&req->eth->h_proto);
	if (unlikely(proto_is_tag(proto)))
		proto = parse_tags(req, proto);
	if (proto == bpf_htons(ETH_P_IP)) {
		ip = pull(&req->cur, struct iphdr);
		if (!ip)
			return ICMPX_PASS_TRUNCATED;
		if (ip->protocol != IPPROTO_ICMP)
			return ICMPX_PASS_NOT_ICMP;
		return family_off(req, ICMPX_IPV4) ? ICMPX_PASS_FAMILY : judge_v4(req, ip);
	}
	if (proto == bpf_htons(ETH_P_IPV6)) {
		ip6 = pull(&req->cur, struct ipv6hdr);
		if (!ip6)
			return ICMPX_PASS_TRUNCATED;
		if (ip6->nexthdr == IPPROTO_FRAGMENT)
			return ICMPX_PASS_FRAGMENT;
		if (ip6->nexthdr != IPPROTO_ICMPV6)
			return ICMPX_PASS_NOT_ICMP;
		return family_off(req, ICMPX_IPV6) ? ICMPX_PASS_FAMILY : judge_v6(req, ip6);
	}
	if (proto_is_tag(proto))
		return req->vlan >> 16 ? ICMPX_PASS_VLAN : ICMPX_PASS_TRUNCATED;
	return ICMPX_PASS_NOT_IP;
}

SEC("xdp")
int icmpx_echo(struct xdp_md *ctx)
{
	struct request req = {
		.cur.pos = (void *)(long)ctx->data,
		.cur.end = (void *)(long)ctx->data_end,
	};
	__u64 bytes = req.cur.end - req.cur.pos;
	__u32 verdict;

	/* Two copies, of which the verifier removes one: where no option is looked at, a reply
	 * takes a tenth less. */
	if (config.plain) {
		req.plain = true;
		verdict = judge(&req);
	} else {
		verdict = judge(&req);
	}
	if (unlikely(verdict == ICMPX_PASS_NOT_ECHO || verdict == ICMPX_PASS_NOT_IP) &&
	    see_end(ctx))
		verdict = ICMPX_PASS_TOO_BIG;
	count(&verdicts, verdict, bytes);
	return verdict_action(verdict);
}

char LICENSE[] SEC("license") = "GPL";
