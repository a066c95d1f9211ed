// SPDX-License-Identifier: GPL-2.0-only
/* Somebody else's XDP program, for libxdp's dispatcher: counts and passes on,
 * and drops echo requests of one length, as a firewall might. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define DROPPED 14 + 20 + 8 + 333 /* ping -s 333 */

__u64 seen;

SEC("xdp")
int other(struct xdp_md *ctx)
{
	__sync_fetch_and_add(&seen, 1);
	return ctx->data_end - ctx->data == DROPPED ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
