/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's types as far as the tracing programs read them: by name alone. Not a dump:
 * each access is relocated (CO-RE) to where the running kernel has that member, so order,
 * offsets and the unnamed structs around do not matter. tests/unit/vmlinux.t looks each
 * member up in the running kernel. Members that are named differently somewhere: compat.h. */
#ifndef __VMLINUX_H__
#define __VMLINUX_H__

#include <stdbool.h>
#include <linux/types.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct net_device {
	int ifindex;
	possible_net_t nd_net;
};

struct sock;

struct socket {
	struct sock *sk;
};

struct file {
	void *private_data;
};

struct sock_common {
	possible_net_t skc_net;
};

struct sock {
	struct sock_common __sk_common;
	__u16 sk_type;
	__u16 sk_protocol;
	int sk_err;
	int sk_rcvbuf;
	struct socket *sk_socket;
};

struct sk_buff {
	struct sock *sk;
	struct net_device *dev;
	__be16 protocol;
	__u16 network_header;
	unsigned int tail; /* from `head` on, on 64 bits */
	unsigned char *head;
	unsigned char *data;
};

struct sk_buff_head {
	struct sk_buff *prev;
};

struct neighbour {
	struct sk_buff_head arp_queue;
};

struct task_struct {
	int pid;
	int tgid;
	char comm[16];
};

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long bx, cx, dx, si, di, r8, r9, r10, ax, orig_ax, ip, sp, bp;
};
#elif defined(__TARGET_ARCH_arm64)
struct user_pt_regs {
	__u64 regs[31];
	__u64 sp, pc;
};

struct pt_regs {
	struct user_pt_regs user_regs;
	__u64 orig_x0;
	int syscallno;
};
#endif

#pragma clang attribute pop

#endif
