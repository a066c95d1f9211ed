// SPDX-License-Identifier: GPL-2.0-only
/* Does nothing: what a veth's other end needs for native XDP_TX, and somebody
 * else's program for the tests of refusal. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int foreign_pass(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
