// SPDX-License-Identifier: GPL-2.0-only
/* BPF_PROG_TEST_RUN repeats on what the last run left, so the second run of
 * the fast path would see its own reply, and pass it on. These programs write
 * the request's headers over it, whole, and go on to the program that is
 * measured; the floor, which only returns XDP_TX, is measured behind them too,
 * so that what they cost is in both and not in the difference.
 *
 * A load that finds its bytes in the store buffer is quick when one store has
 * them all, and waits for some ten cycles when it spans two. A frame that a
 * device wrote has no such stores. Two ways to keep that out of the figure:
 * each store here covers the widest load that the fast path makes there
 * (destination MAC, addresses, echo header: 8 bytes, all else 4), or, with
 * `drain`, an atomic operation empties the store buffer first. The latter is
 * fair to any program, but ends all overlap of one packet with the next, and
 * makes the program wait for its own stores; so it is the upper figure. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "turn.h"

const volatile __u32 drain;
struct turn_v4 v4;
struct turn_v6 v6;
__u64 drained;

/* The time is taken here, at the begin of two turns: the system call spends
 * milliseconds on the XDP dispatcher, and reports whole nanoseconds. */
const volatile __u64 first, last;
__u64 turns, started, ended;

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} next SEC(".maps");

#define AT(type, offset) (*(type *)(data + (offset)))

static __always_inline void turn_link(void *data, const struct turn_link *link)
{
	AT(__u64, 0) = link->dest;
	AT(__u32, 8) = link->source;
}

static __always_inline int go_on(struct xdp_md *ctx)
{
	__u64 turn = turns++;

	if (turn == first)
		started = bpf_ktime_get_ns();
	else if (turn == last)
		ended = bpf_ktime_get_ns();
	if (drain)
		__sync_fetch_and_add(&drained, 1);
	bpf_tail_call(ctx, &next, 0);
	return XDP_ABORTED;
}

SEC("xdp")
int icmpx_turn_v4(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;

	if (data + 42 > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	turn_link(data, &v4.link);
	AT(__u32, 14) = v4.words[0];
	AT(__u32, 18) = v4.words[1];
	AT(__u32, 22) = v4.words[2];
	AT(__u64, 26) = v4.addrs;
	AT(__u64, 34) = v4.echo;
	return go_on(ctx);
}

SEC("xdp")
int icmpx_turn_v6(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;

	if (data + 62 > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	turn_link(data, &v6.link);
	AT(__u32, 14) = v6.words[0];
	AT(__u32, 18) = v6.words[1];
	AT(__u64, 22) = v6.addrs[0];
	AT(__u64, 30) = v6.addrs[1];
	AT(__u64, 38) = v6.addrs[2];
	AT(__u64, 46) = v6.addrs[3];
	AT(__u64, 54) = v6.echo;
	return go_on(ctx);
}

/* For frames that come out as they went in. */
SEC("xdp")
int icmpx_turn_none(struct xdp_md *ctx)
{
	return go_on(ctx);
}

/* The floors. */
SEC("xdp")
int icmpx_only_tx(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_TX;
}

SEC("xdp")
int icmpx_only_pass(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_PASS;
}

SEC("tc")
int icmpx_only_next(struct __sk_buff *skb)
{
	(void)skb;
	return -1; /* TC_ACT_UNSPEC */
}

char LICENSE[] SEC("license") = "GPL";
