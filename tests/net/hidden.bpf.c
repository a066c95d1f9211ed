// SPDX-License-Identifier: GPL-2.0-only
/* How often each task begins to run, and how often a program sees it cease. */
#include "vmlinux.h"
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "hidden.h"

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, struct switches);
} tasks SEC(".maps");

static __always_inline void count(__u32 tid, __u32 begins, __u32 ceases)
{
	struct switches *old = bpf_map_lookup_elem(&tasks, &tid), new = {begins, ceases};

	if (!old) {
		bpf_map_update_elem(&tasks, &tid, &new, BPF_ANY);
		return;
	}
	__sync_fetch_and_add(&old->begins, begins);
	__sync_fetch_and_add(&old->ceases, ceases);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_sched_switch, bool preempt, struct task_struct *before, struct task_struct *next)
{
	count(before->pid, 0, 1);
	count(next->pid, 1, 0);
	return 0;
}
