/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether the kernel itself made a reply that leaves, in this namespace. A program can send the
 * same bytes through a packet or a raw socket, also from a container's macvlan, where its socket
 * goes with the frame; and a macvlan's own kernel answers for another namespace. */
#ifndef ICMPX_ORIGIN_H
#define ICMPX_ORIGIN_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "maps.h"

#define SOCK_RAW 3 /* not from headers, which are the C library's */
#define AF_INET  2
#define AF_INET6 10

static __always_inline __u64 read_pointer(__u64 base, __u32 offset)
{
	__u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), (void *)(base + offset));
	return value;
}

/* The kernel's ICMP sockets are raw ones as a program's can be, but made by the kernel
 * (sk_kern_sock: inet_ctl_sock_create()). Where one serves all namespaces, it is lent to that of
 * the request while it sends (icmp_xmit_lock(), sock_net_set()). */
static __always_inline bool socket_is_kernels(struct __sk_buff *skb)
{
	const volatile struct icmpx_origin *at = &config.origin;
	void *ctx = skb;
	__u64 sk = 0, dev = 0;
	__u8 kern = 0;

	bpf_probe_read_kernel(&sk, sizeof(sk), ctx + at->skb_sk);
	bpf_probe_read_kernel(&dev, sizeof(dev), ctx + at->skb_dev);
	bpf_probe_read_kernel(&kern, sizeof(kern), (void *)(sk + at->sock_kern));
	return kern & at->kern_bit && sk && dev &&
	       read_pointer(sk, at->sock_net) == read_pointer(dev, at->dev_net);
}

static __always_inline bool is_of_kernel(struct __sk_buff *skb, __u32 family, __u32 protocol)
{
	struct bpf_sock *sk;

	if (config.origin.check == ICMPX_ORIGIN_ANY)
		return true;
	sk = skb->sk;
	if (!sk)
		return false;
	sk = bpf_sk_fullsock(sk);
	if (!sk || sk->family != family || sk->type != SOCK_RAW || sk->protocol != protocol)
		return false;
	if (config.origin.check == ICMPX_ORIGIN_SOCKET)
		return !bpf_get_socket_uid(skb);
	return socket_is_kernels(skb);
}

#endif
