/* SPDX-License-Identifier: GPL-2.0-only */
/* Members that are elsewhere, or named otherwise, on some kernel. */
#ifndef ICMPX_COMPAT_H
#define ICMPX_COMPAT_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>

struct backlog___sock {
	struct {
		int counter;
	} rmem_alloc;
} __attribute__((preserve_access_index));

/* sk_rmem_alloc is a macro for a member of an unnamed struct (include/net/sock.h). */
struct sock___backlog {
	struct backlog___sock sk_backlog;
} __attribute__((preserve_access_index));

static __always_inline __u64 compat_rmem_alloc(const struct sock *sk)
{
	return ((const struct sock___backlog *)sk)->sk_backlog.rmem_alloc.counter;
}

/* Of the system call that returns (syscall_get_nr()). */
static __always_inline int compat_syscall_number(const struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_arm64)
	return regs->syscallno;
#else
	return regs->orig_ax;
#endif
}

#endif
