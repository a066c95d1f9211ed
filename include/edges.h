/* SPDX-License-Identifier: GPL-2.0-only */
/* What call paths do not show: functions that are inlined at their caller, or end with a jump
 * to the next one, or have returned before. From the sources of Linux 5.10 to 7.0. */
#ifndef ICMPX_EDGES_H
#define ICMPX_EDGES_H

/* X(family, functions...): a chain, the caller first. Where a call path has two functions of
 * it, one right under the other, those that the chain has between them were passed too.
 * "-name": called and left again before the next one is. family: 4, 6, or 0 for either.
 * Only what holds for any two of a chain, on each of these kernels: a way round some of
 * them (IP_HDRINCL, a cached route) makes it two chains. A name stands for all names that
 * its function has in probes.h. */
/* clang-format off */
#define ICMPX_EDGES(X)                                                                             \
	/* The system call, down to the protocol. */                                                \
	X(4, "__sys_sendto", "__sock_sendmsg", "inet_sendmsg", "raw_sendmsg")                         \
	X(4, "__sys_sendto", "__sock_sendmsg", "inet_sendmsg", "ping_v4_sendmsg")                     \
	X(4, "__sys_sendto", "__sock_sendmsg", "inet_sendmsg", "udp_sendmsg")                         \
	X(4, "____sys_sendmsg", "__sock_sendmsg", "inet_sendmsg", "raw_sendmsg")                      \
	X(4, "____sys_sendmsg", "__sock_sendmsg", "inet_sendmsg", "ping_v4_sendmsg")                  \
	X(4, "____sys_sendmsg", "__sock_sendmsg", "inet_sendmsg", "udp_sendmsg")                      \
	X(4, "sock_write_iter", "__sock_sendmsg", "inet_sendmsg", "raw_sendmsg")                      \
	X(4, "sock_write_iter", "__sock_sendmsg", "inet_sendmsg", "ping_v4_sendmsg")                  \
	X(4, "sock_write_iter", "__sock_sendmsg", "inet_sendmsg", "udp_sendmsg")                      \
	X(6, "__sys_sendto", "__sock_sendmsg", "inet_sendmsg", "rawv6_sendmsg")                       \
	X(6, "__sys_sendto", "__sock_sendmsg", "inet_sendmsg", "ping_v6_sendmsg")                     \
	X(6, "__sys_sendto", "__sock_sendmsg", "inet6_sendmsg", "udpv6_sendmsg")                      \
	X(6, "____sys_sendmsg", "__sock_sendmsg", "inet_sendmsg", "rawv6_sendmsg")                    \
	X(6, "____sys_sendmsg", "__sock_sendmsg", "inet_sendmsg", "ping_v6_sendmsg")                  \
	X(6, "____sys_sendmsg", "__sock_sendmsg", "inet6_sendmsg", "udpv6_sendmsg")                   \
	X(6, "sock_write_iter", "__sock_sendmsg", "inet_sendmsg", "rawv6_sendmsg")                    \
	X(6, "sock_write_iter", "__sock_sendmsg", "inet_sendmsg", "ping_v6_sendmsg")                  \
	X(6, "sock_write_iter", "__sock_sendmsg", "inet6_sendmsg", "udpv6_sendmsg")                   \
	/* The protocol, down to IP. */                                                             \
	X(4, "raw_sendmsg", "-ip_route_output_flow", "-ip_append_data", "ip_push_pending_frames")   \
	X(4, "ping_v4_sendmsg", "-ip_route_output_flow", "-ip_append_data",                         \
	  "ip_push_pending_frames")                                                                 \
	X(4, "udp_sendmsg", "udp_send_skb", "ip_send_skb")                                          \
	X(6, "rawv6_sendmsg", "-ip6_route_output_flags", "-ip6_append_data",                        \
	  "ip6_push_pending_frames", "ip6_send_skb")                                                \
	X(6, "ping_v6_sendmsg", "-ip6_route_output_flags", "-ip6_append_data",                      \
	  "icmpv6_push_pending_frames", "ip6_push_pending_frames", "ip6_send_skb")                  \
	/* IP, down to the device. */                                                               \
	X(4, "ip_push_pending_frames", "ip_send_skb", "ip_local_out", "ip_output",                  \
	  "ip_finish_output", "ip_finish_output2")                                                  \
	X(6, "ip6_send_skb", "ip6_local_out", "ip6_output", "ip6_finish_output",                    \
	  "ip6_finish_output2", "__dev_queue_xmit")                                                 \
	X(6, "ip6_finish_output", "ip6_finish_output2", "neigh_resolve_output")                     \
	X(0, "veth_xmit", "-__dev_forward_skb", "__netif_rx")                                       \
	/* The receive softirq, up to the protocol. */                                              \
	X(0, "process_backlog", "__netif_receive_skb", "__netif_receive_skb_one_core")              \
	X(4, "__netif_receive_skb_one_core", "ip_rcv", "-ip_rcv_core", "ip_rcv_finish",             \
	  "ip_local_deliver", "ip_local_deliver_finish", "ip_protocol_deliver_rcu",                 \
	  "-raw_local_deliver", "icmp_rcv")                                                         \
	X(4, "__netif_receive_skb_one_core", "ip_rcv", "-ip_rcv_core", "ip_rcv_finish",             \
	  "ip_forward", "ip_forward_finish", "ip_output", "ip_finish_output", "ip_finish_output2")  \
	X(4, "ip_sublist_rcv_finish", "ip_local_deliver", "ip_local_deliver_finish",                \
	  "ip_protocol_deliver_rcu")                                                                \
	X(4, "ip_sublist_rcv_finish", "ip_forward", "ip_forward_finish", "ip_output")               \
	X(6, "__netif_receive_skb_one_core", "ipv6_rcv", "-ip6_rcv_core", "ip6_rcv_finish",         \
	  "ip6_input", "ip6_input_finish", "ip6_protocol_deliver_rcu")                              \
	X(6, "ip6_list_rcv_finish", "ip6_sublist_rcv_finish", "ip6_input", "ip6_input_finish",      \
	  "ip6_protocol_deliver_rcu")                                                               \
	X(6, "__netif_receive_skb_one_core", "ipv6_rcv", "-ip6_rcv_core", "ip6_rcv_finish",         \
	  "ip6_mc_input", "ip6_input")                                                              \
	X(6, "__netif_receive_skb_one_core", "ipv6_rcv", "-ip6_rcv_core", "ip6_rcv_finish",         \
	  "ip6_forward", "ip6_forward_finish", "ip6_output", "ip6_finish_output",                   \
	  "ip6_finish_output2")                                                                     \
	/* ICMP: the answer. */                                                                     \
	X(4, "icmp_rcv", "icmp_echo", "icmp_reply", "-ip_route_output_flow", "icmp_push_reply",     \
	  "-ip_append_data", "ip_push_pending_frames")                                              \
	X(6, "icmpv6_rcv", "icmpv6_echo_reply", "-ip6_route_output_flags", "-ip6_append_data",      \
	  "icmpv6_push_pending_frames", "ip6_push_pending_frames", "ip6_send_skb")                  \
	/* ICMP: an error made, and one taken. */                                                   \
	X(4, "__icmp_send", "-ip_route_output_flow", "icmp_push_reply", "-ip_append_data",          \
	  "ip_push_pending_frames")                                                                 \
	X(6, "icmp6_send", "-ip6_route_output_flags", "-ip6_append_data",                           \
	  "icmpv6_push_pending_frames", "ip6_push_pending_frames", "ip6_send_skb")                  \
	X(4, "icmp_rcv", "icmp_unreach", "icmp_socket_deliver", "udp_err", "__udp4_lib_err")        \
	X(4, "icmp_rcv", "icmp_unreach", "icmp_socket_deliver", "raw_icmp_error")                   \
	X(4, "icmp_rcv", "icmp_unreach", "icmp_socket_deliver", "icmp_err", "ping_err")             \
	/* The protocol, up to the socket. */                                                       \
	X(6, "ip6_protocol_deliver_rcu", "-raw6_local_deliver", "icmpv6_rcv")                       \
	X(4, "ip_protocol_deliver_rcu", "raw_local_deliver", "raw_rcv", "raw_rcv_skb",              \
	  "sock_queue_rcv_skb_reason", "__sock_queue_rcv_skb", "sock_def_readable")                 \
	X(6, "ip6_protocol_deliver_rcu", "raw6_local_deliver", "rawv6_rcv", "rawv6_rcv_skb",        \
	  "sock_queue_rcv_skb_reason", "__sock_queue_rcv_skb", "sock_def_readable")                 \
	X(4, "icmp_rcv", "ping_rcv", "__ping_queue_rcv_skb", "sock_queue_rcv_skb_reason",           \
	  "__sock_queue_rcv_skb", "sock_def_readable")                                              \
	X(6, "icmpv6_rcv", "ping_rcv", "__ping_queue_rcv_skb", "sock_queue_rcv_skb_reason",         \
	  "__sock_queue_rcv_skb", "sock_def_readable")                                              \
	X(4, "ip_protocol_deliver_rcu", "udp_rcv", "__udp4_lib_rcv")                                \
	X(4, "ip_protocol_deliver_rcu", "udp_rcv", "udp_unicast_rcv_skb", "udp_queue_rcv_skb",      \
	  "udp_queue_rcv_one_skb", "__udp_queue_rcv_skb", "__udp_enqueue_schedule_skb",             \
	  "sock_def_readable")                                                                      \
	X(6, "ip6_protocol_deliver_rcu", "udpv6_rcv", "__udp6_lib_rcv")                             \
	X(6, "ip6_protocol_deliver_rcu", "udpv6_rcv", "udp6_unicast_rcv_skb",                       \
	  "udpv6_queue_rcv_skb", "udpv6_queue_rcv_one_skb", "__udpv6_queue_rcv_skb",                \
	  "__udp_enqueue_schedule_skb", "sock_def_readable")                                        \
	/* The reader. */                                                                           \
	X(4, "sock_recvmsg", "inet_recvmsg", "raw_recvmsg", "-skb_recv_datagram",                   \
	  "skb_copy_datagram_iter")                                                                 \
	X(4, "sock_recvmsg", "inet_recvmsg", "ping_recvmsg", "-skb_recv_datagram",                  \
	  "skb_copy_datagram_iter")                                                                 \
	X(4, "sock_recvmsg", "inet_recvmsg", "udp_recvmsg", "-__skb_recv_udp",                      \
	  "skb_copy_datagram_iter")                                                                 \
	X(6, "sock_recvmsg", "sock_common_recvmsg", "rawv6_recvmsg", "-skb_recv_datagram",          \
	  "skb_copy_datagram_iter")                                                                 \
	X(6, "sock_recvmsg", "sock_common_recvmsg", "ping_recvmsg", "-skb_recv_datagram",           \
	  "skb_copy_datagram_iter")                                                                 \
	X(6, "sock_recvmsg", "inet6_recvmsg", "udpv6_recvmsg", "-__skb_recv_udp",                   \
	  "skb_copy_datagram_iter")
/* clang-format on */

#endif
