// SPDX-License-Identifier: GPL-2.0-only
/* One end of a veth that floods the other, and counts and drops the replies. */
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#include "live.h"

struct live_run run; /* of one core */

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct live_count);
} counts SEC(".maps");

/* The pages of live frames come round again, as the other end left them: all
 * headers are written each time. A redirect, which goes out through an end
 * without XDP too; XDP_TX of a test run is a redirect to where it came from. */
SEC("xdp")
int icmpx_live_send(struct xdp_md *ctx)
{
	__u64 *words = (void *)(long)ctx->data;

	if ((void *)(words + LIVE_WORDS) > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	if (!run.sent++)
		run.started = bpf_ktime_get_ns();
#pragma unroll
	for (int i = 0; i < LIVE_WORDS; i++)
		words[i] = run.request[i];
	return bpf_redirect(run.out, 0);
}

static __always_inline bool is_reply(const __u64 *words, const void *end)
{
	__u64 differ = 0;

	if ((const void *)(words + LIVE_WORDS) > end || end - (const void *)words != run.len)
		return false;
#pragma unroll
	for (int i = 0; i < LIVE_WORDS; i++)
		differ |= (words[i] ^ run.reply[i]) & run.mask[i];
	return !differ;
}

/* True for the last one. */
static __always_inline bool count(bool reply)
{
	struct live_count *count;
	__u32 key = 0;

	count = bpf_map_lookup_elem(&counts, &key);
	if (!count)
		return false;
	if (!reply) {
		count->others++;
		return false;
	}
	return ++count->replies == run.want;
}

SEC("xdp")
int icmpx_live_xdp(struct xdp_md *ctx)
{
	bool reply = is_reply((void *)(long)ctx->data, (void *)(long)ctx->data_end);
	__u32 len = run.len;

	if (count(reply) && len > 0 && len <= LIVE_MAX) {
		run.ended = bpf_ktime_get_ns();
		bpf_xdp_load_bytes(ctx, 0, run.last, len);
	}
	return reply ? XDP_DROP : XDP_PASS;
}

/* The same at tc ingress: before XDP would see the kernel's replies, they would
 * be copied, to have the headroom that XDP wants. */
SEC("tc")
int icmpx_live_tc(struct __sk_buff *skb)
{
	bool reply = is_reply((void *)(long)skb->data, (void *)(long)skb->data_end);
	__u32 len = run.len;

	if (count(reply) && len > 0 && len <= LIVE_MAX) {
		run.ended = bpf_ktime_get_ns();
		bpf_skb_load_bytes(skb, 0, run.last, len);
	}
	return reply ? TC_ACT_SHOT : TC_ACT_UNSPEC;
}

/* The floor: a frame goes back to where it came from, and nothing else is done. */
SEC("xdp")
int icmpx_live_swap(struct xdp_md *ctx)
{
	__u16 *mac = (void *)(long)ctx->data;
	__u16 first, second, third;

	if ((void *)(mac + 6) > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	first = mac[0];
	second = mac[1];
	third = mac[2];
	mac[0] = mac[3];
	mac[1] = mac[4];
	mac[2] = mac[5];
	mac[3] = first;
	mac[4] = second;
	mac[5] = third;
	return XDP_TX;
}

SEC("xdp")
int icmpx_live_pass(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
