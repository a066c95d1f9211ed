/* SPDX-License-Identifier: GPL-2.0-only */
/* What Linux 5.10.0-46-cloud-amd64 (x86_64) calls between two functions of a
 * call path, as its own function tracer saw it. Written by `make path-data`. */
#ifndef ICMPX_EDGES_5_10_H
#define ICMPX_EDGES_5_10_H

/* clang-format off */
#define ICMPX_EDGES_5_10_KERNEL "5.10.0-46-cloud-amd64"
#define ICMPX_EDGES_5_10_MACHINE "x86_64"

/* X(family, functions...): as in edges.h; of two alone before those of a longer chain. */
#define ICMPX_EDGES_5_10(X) \
	X(0, "ping_recvmsg", "-skb_recv_datagram", "skb_copy_datagram_iter") \
	X(0, "process_backlog", "__netif_receive_skb", "__netif_receive_skb_one_core") \
	X(0, "veth_xmit", "-__dev_forward_skb", "netif_rx") \
	X(4, "__icmp_send", "icmp_push_reply", "-ip_append_data", "ip_push_pending_frames") \
	X(4, "__netif_receive_skb_one_core", "-__netif_receive_skb_core", "ip_rcv", \
	  "-ip_rcv_core", "-ip_route_input_noref", "ip_forward", "ip_forward_finish", \
	  "ip_output", "ip_finish_output", "ip_finish_output2") \
	X(4, "__netif_receive_skb_one_core", "-__netif_receive_skb_core", "ip_rcv", \
	  "-ip_rcv_core", "ip_local_deliver", "ip_local_deliver_finish") \
	X(4, "__sock_sendmsg", "inet_sendmsg", "ping_v4_sendmsg") \
	X(4, "__sock_sendmsg", "inet_sendmsg", "raw_sendmsg") \
	X(4, "__sock_sendmsg", "inet_sendmsg", "udp_sendmsg") \
	X(4, "icmp_reply", "-ip_route_output_flow", "icmp_push_reply", "-ip_append_data", \
	  "ip_push_pending_frames") \
	X(4, "icmp_unreach", "icmp_socket_deliver", "-raw_icmp_error", "udp_err", \
	  "__udp4_lib_err") \
	X(4, "ip_protocol_deliver_rcu", "-raw_local_deliver", "icmp_rcv") \
	X(4, "ip_protocol_deliver_rcu", "-raw_local_deliver", "udp_rcv", "__udp4_lib_rcv") \
	X(4, "ip_push_pending_frames", "-__ip_local_out", "ip_output", "ip_finish_output", \
	  "ip_finish_output2") \
	X(4, "ip_send_skb", "-__ip_local_out", "ip_output", "ip_finish_output", \
	  "ip_finish_output2") \
	X(4, "ip_sublist_rcv_finish", "ip_local_deliver", "ip_local_deliver_finish") \
	X(4, "ping_v4_sendmsg", "-ip_route_output_flow", "-ip_append_data", \
	  "ip_push_pending_frames") \
	X(4, "raw_recvmsg", "-skb_recv_datagram", "skb_copy_datagram_iter") \
	X(4, "raw_sendmsg", "-ip_route_output_flow", "-ip_append_data", \
	  "ip_push_pending_frames") \
	X(4, "udp_recvmsg", "-__skb_recv_udp", "skb_copy_datagram_iter") \
	X(4, "udp_unicast_rcv_skb", "udp_queue_rcv_skb", "udp_queue_rcv_one_skb") \
	X(6, "__netif_receive_skb_one_core", "-__netif_receive_skb_core", "ipv6_rcv", \
	  "-ip6_rcv_core", "ip6_forward", "ip6_output", "ip6_finish_output", \
	  "ip6_finish_output2") \
	X(6, "__netif_receive_skb_one_core", "-__netif_receive_skb_core", "ipv6_rcv", \
	  "-ip6_rcv_core", "ip6_input") \
	X(6, "__sock_sendmsg", "inet6_sendmsg", "udpv6_sendmsg") \
	X(6, "__sock_sendmsg", "inet_sendmsg", "ping_v6_sendmsg") \
	X(6, "__sock_sendmsg", "inet_sendmsg", "rawv6_sendmsg") \
	X(6, "icmp6_send", "-ip6_route_output_flags", "-ip6_append_data", \
	  "icmpv6_push_pending_frames", "ip6_push_pending_frames", "ip6_send_skb") \
	X(6, "icmpv6_echo_reply", "-ip6_route_output_flags", "-ip6_append_data", \
	  "icmpv6_push_pending_frames", "ip6_push_pending_frames", "ip6_send_skb") \
	X(6, "ip6_protocol_deliver_rcu", "-raw6_local_deliver", "icmpv6_rcv") \
	X(6, "ip6_protocol_deliver_rcu", "-raw6_local_deliver", "udpv6_rcv", "__udp6_lib_rcv", \
	  "udp6_unicast_rcv_skb") \
	X(6, "ip6_send_skb", "ip6_local_out", "ip6_output", "ip6_finish_output", \
	  "ip6_finish_output2") \
	X(6, "ping_v6_sendmsg", "-ip6_route_output_flags", "-ip6_append_data", \
	  "icmpv6_push_pending_frames", "ip6_push_pending_frames", "ip6_send_skb") \
	X(6, "rawv6_rcv", "sock_queue_rcv_skb", "__sock_queue_rcv_skb") \
	X(6, "rawv6_recvmsg", "-skb_recv_datagram", "skb_copy_datagram_iter") \
	X(6, "rawv6_sendmsg", "-ip6_route_output_flags", "-ip6_append_data", \
	  "ip6_push_pending_frames", "ip6_send_skb") \
	X(6, "udp6_unicast_rcv_skb", "udpv6_queue_rcv_skb", "udpv6_queue_rcv_one_skb") \
	X(6, "udpv6_recvmsg", "-__skb_recv_udp", "skb_copy_datagram_iter")

/* X(function): under this name the kernel cannot show it: inlined everywhere, or not there. */
#define ICMPX_HIDDEN_5_10(X) \
	X("__napi_poll") \
	X("__netif_rx") \
	X("__ping_queue_rcv_skb") \
	X("__udp_queue_rcv_skb") \
	X("__udpv6_queue_rcv_skb") \
	X("ip6_forward_finish") \
	X("ip6_list_rcv_finish") \
	X("rawv6_rcv_skb") \
	X("sock_queue_rcv_skb_reason")
/* clang-format on */

#endif
