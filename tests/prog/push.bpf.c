// SPDX-License-Identifier: GPL-2.0-only
/* Puts a tag beside the frame, where a VLAN device leaves it to the driver,
 * and goes on to the learner: BPF_PROG_TEST_RUN itself takes no such frame. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u16 proto, tci; /* network order, host order: as the helper takes them */

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} next SEC(".maps");

SEC("tc")
int icmpx_push(struct __sk_buff *skb)
{
	if (!bpf_skb_vlan_push(skb, proto, tci))
		bpf_tail_call(skb, &next, 0);
	return 99;
}

char LICENSE[] SEC("license") = "GPL";
