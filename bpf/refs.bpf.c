// SPDX-License-Identifier: GPL-2.0-only
/* How many hold each BPF program of the machine: hooks, pins and descriptors. There is no system
 * call that tells. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "prog_refs.h"

struct bpf_prog_aux {
	struct {
		__s64 counter;
	} refcnt; /* atomic64_t */
	__u32 id;
} __attribute__((preserve_access_index));

struct bpf_prog {
	struct bpf_prog_aux *aux;
} __attribute__((preserve_access_index));

struct bpf_iter_meta {
	struct seq_file *seq;
} __attribute__((preserve_access_index));

struct bpf_iter__bpf_prog {
	struct bpf_iter_meta *meta;
	struct bpf_prog *prog;
} __attribute__((preserve_access_index));

SEC("iter/bpf_prog")
int icmpx_refs(struct bpf_iter__bpf_prog *ctx)
{
	struct bpf_prog *prog = ctx->prog;
	struct prog_refs refs;

	if (!prog)
		return 0;
	refs.id = prog->aux->id;
	refs.unused = 0;
	refs.count = prog->aux->refcnt.counter;
	bpf_seq_write(ctx->meta->seq, &refs, sizeof(refs));
	return 0;
}

char _license[] SEC("license") = "GPL";
