/* SPDX-License-Identifier: GPL-2.0-only */
/* The call paths of pings that the literature documents, for `icmpx trace --compare`. The
 * names are the documents'; probes.h knows under which other names kernels have them. */
#ifndef ICMPX_DOCUMENTED_H
#define ICMPX_DOCUMENTED_H

/* clang-format off */
/*  id             name (JSON)       title                                        source */
#define ICMPX_DOCUMENTED_PATHS(X)                                                                  \
	X(RAW_SENDER,    "raw_sender",     "ping over a raw socket: sender",            "Linux 2.6 to 4.x") \
	X(PING_SENDER,   "ping_sender",    "ping over a ping socket: sender",           "Linux 3.x and later") \
	X(RESPONDER,     "responder",      "who answers",                               "Linux 2.6 to 4.x") \
	X(LOOP,          "loop",           "both ends on one machine",                  "experiment on Linux 3.5.4") \
	X(ICMPV6,        "icmpv6",         "ping over IPv6, both ends",                 "the counterparts of IPv4's") \
	X(ERROR_MADE,    "error_made",     "an ICMP error is made",                     "Linux 2.6 to 4.x") \
	X(ERROR_TAKEN,   "error_taken",    "an ICMP error is taken",                    "Linux 2.6 to 4.x") \
	X(ICMPV6_ERROR,  "icmpv6_error",   "an ICMPv6 error is made and taken",         "the counterparts of IPv4's") \
	X(UDP,           "udp",            "a UDP datagram, both ends",                 "Linux 2.4")

/* In path order.
 *  path          function                    layer */
#define ICMPX_DOCUMENTED(X)                                                                        \
	X(RAW_SENDER,   "socket",                   SYSCALL)                                       \
	X(RAW_SENDER,   "sock_create",              SYSCALL)                                       \
	X(RAW_SENDER,   "inet_create",              SOCKET)                                        \
	X(RAW_SENDER,   "raw_init",                 TRANSPORT)                                     \
	X(RAW_SENDER,   "sendto",                   SYSCALL)                                       \
	X(RAW_SENDER,   "sock_sendmsg",             SYSCALL)                                       \
	X(RAW_SENDER,   "inet_sendmsg",             SOCKET)                                        \
	X(RAW_SENDER,   "raw_sendmsg",              TRANSPORT)                                     \
	X(RAW_SENDER,   "ip_route_output_flow",     IP)                                            \
	X(RAW_SENDER,   "ip_append_data",           IP)                                            \
	X(RAW_SENDER,   "ip_push_pending_frames",   IP)                                            \
	X(RAW_SENDER,   "ip_local_out",             IP)                                            \
	X(RAW_SENDER,   "ip_output",                IP)                                            \
	X(RAW_SENDER,   "dev_queue_xmit",           LINK)                                          \
	X(RAW_SENDER,   "driver",                   LINK)                                          \
	X(RAW_SENDER,   "poll",                     SYSCALL)                                       \
	X(RAW_SENDER,   "sock_poll",                SYSCALL)                                       \
	X(RAW_SENDER,   "datagram_poll",            SOCKET)                                        \
	X(RAW_SENDER,   "interrupt",                SOFTIRQ)                                       \
	X(RAW_SENDER,   "net_rx_action",            SOFTIRQ)                                       \
	X(RAW_SENDER,   "netif_receive_skb",        SOFTIRQ)                                       \
	X(RAW_SENDER,   "ip_rcv",                   IP)                                            \
	X(RAW_SENDER,   "ip_rcv_finish",            IP)                                            \
	X(RAW_SENDER,   "ip_local_deliver",         IP)                                            \
	X(RAW_SENDER,   "ip_local_deliver_finish",  IP)                                            \
	X(RAW_SENDER,   "raw_local_deliver",        TRANSPORT)                                     \
	X(RAW_SENDER,   "raw_rcv",                  TRANSPORT)                                     \
	X(RAW_SENDER,   "raw_rcv_skb",              TRANSPORT)                                     \
	X(RAW_SENDER,   "sock_def_readable",        SOCKET)                                        \
	X(RAW_SENDER,   "icmp_rcv",                 TRANSPORT)                                     \
	X(RAW_SENDER,   "ping_rcv",                 TRANSPORT)                                     \
	X(RAW_SENDER,   "recvmsg",                  SYSCALL)                                       \
	X(RAW_SENDER,   "inet_recvmsg",             SOCKET)                                        \
	X(RAW_SENDER,   "raw_recvmsg",              TRANSPORT)                                     \
	X(RAW_SENDER,   "skb_recv_datagram",        SOCKET)                                        \
	X(RAW_SENDER,   "skb_copy_datagram_msg",    SOCKET)                                        \
	X(PING_SENDER,  "socket",                   SYSCALL)                                       \
	X(PING_SENDER,  "ping_init_sock",           TRANSPORT)                                     \
	X(PING_SENDER,  "sendto",                   SYSCALL)                                       \
	X(PING_SENDER,  "ping_v4_sendmsg",          TRANSPORT)                                     \
	X(PING_SENDER,  "icmp_rcv",                 TRANSPORT)                                     \
	X(PING_SENDER,  "ping_rcv",                 TRANSPORT)                                     \
	X(PING_SENDER,  "recvmsg",                  SYSCALL)                                       \
	X(PING_SENDER,  "ping_recvmsg",             TRANSPORT)                                     \
	X(RESPONDER,    "interrupt",                SOFTIRQ)                                       \
	X(RESPONDER,    "net_rx_action",            SOFTIRQ)                                       \
	X(RESPONDER,    "ip_rcv",                   IP)                                            \
	X(RESPONDER,    "ip_rcv_finish",            IP)                                            \
	X(RESPONDER,    "ip_local_deliver_finish",  IP)                                            \
	X(RESPONDER,    "raw_local_deliver",        TRANSPORT)                                     \
	X(RESPONDER,    "icmp_rcv",                 TRANSPORT)                                     \
	X(RESPONDER,    "icmp_echo",                TRANSPORT)                                     \
	X(RESPONDER,    "icmp_reply",               TRANSPORT)                                     \
	X(RESPONDER,    "ip_route_output_key",      IP)                                            \
	X(RESPONDER,    "icmp_push_reply",          TRANSPORT)                                     \
	X(RESPONDER,    "ip_append_data",           IP)                                            \
	X(RESPONDER,    "ip_push_pending_frames",   IP)                                            \
	X(RESPONDER,    "ip_local_out",             IP)                                            \
	X(LOOP,         "sendto",                   SYSCALL)                                       \
	X(LOOP,         "ip_push_pending_frames",   IP)                                            \
	X(LOOP,         "ip_output",                IP)                                            \
	X(LOOP,         "dev_queue_xmit",           LINK)                                          \
	X(LOOP,         "netif_receive_skb",        SOFTIRQ)                                       \
	X(LOOP,         "ip_rcv",                   IP)                                            \
	X(LOOP,         "ip_local_deliver",         IP)                                            \
	X(LOOP,         "icmp_rcv",                 TRANSPORT)                                     \
	X(LOOP,         "ping_rcv",                 TRANSPORT)                                     \
	X(LOOP,         "recvfrom",                 SYSCALL)                                       \
	X(ICMPV6,       "sendto",                   SYSCALL)                                       \
	X(ICMPV6,       "sock_sendmsg",             SYSCALL)                                       \
	X(ICMPV6,       "inet6_sendmsg",            SOCKET)                                        \
	X(ICMPV6,       "rawv6_sendmsg",            TRANSPORT)                                     \
	X(ICMPV6,       "ping_v6_sendmsg",          TRANSPORT)                                     \
	X(ICMPV6,       "ip6_route_output_flags",   IP)                                            \
	X(ICMPV6,       "ip6_append_data",          IP)                                            \
	X(ICMPV6,       "ip6_push_pending_frames",  IP)                                            \
	X(ICMPV6,       "ip6_local_out",            IP)                                            \
	X(ICMPV6,       "ip6_output",               IP)                                            \
	X(ICMPV6,       "dev_queue_xmit",           LINK)                                          \
	X(ICMPV6,       "driver",                   LINK)                                          \
	X(ICMPV6,       "interrupt",                SOFTIRQ)                                       \
	X(ICMPV6,       "net_rx_action",            SOFTIRQ)                                       \
	X(ICMPV6,       "ipv6_rcv",                 IP)                                            \
	X(ICMPV6,       "ip6_rcv_finish",           IP)                                            \
	X(ICMPV6,       "ip6_input",                IP)                                            \
	X(ICMPV6,       "ip6_input_finish",         IP)                                            \
	X(ICMPV6,       "raw6_local_deliver",       TRANSPORT)                                     \
	X(ICMPV6,       "rawv6_rcv",                TRANSPORT)                                     \
	X(ICMPV6,       "icmpv6_rcv",               TRANSPORT)                                     \
	X(ICMPV6,       "icmpv6_echo_reply",        TRANSPORT)                                     \
	X(ICMPV6,       "icmpv6_push_pending_frames", TRANSPORT)                                   \
	X(ICMPV6,       "ping_rcv",                 TRANSPORT)                                     \
	X(ICMPV6,       "sock_def_readable",        SOCKET)                                        \
	X(ICMPV6,       "recvmsg",                  SYSCALL)                                       \
	X(ICMPV6,       "inet6_recvmsg",            SOCKET)                                        \
	X(ICMPV6,       "rawv6_recvmsg",            TRANSPORT)                                     \
	X(ICMPV6,       "ping_recvmsg",             TRANSPORT)                                     \
	X(ICMPV6,       "skb_recv_datagram",        SOCKET)                                        \
	X(ICMPV6,       "skb_copy_datagram_msg",    SOCKET)                                        \
	X(ERROR_MADE,   "udp_rcv",                  TRANSPORT)                                     \
	X(ERROR_MADE,   "__udp4_lib_rcv",           TRANSPORT)                                     \
	X(ERROR_MADE,   "icmp_send",                TRANSPORT)                                     \
	X(ERROR_TAKEN,  "ip_rcv",                   IP)                                            \
	X(ERROR_TAKEN,  "ip_rcv_finish",            IP)                                            \
	X(ERROR_TAKEN,  "ip_local_deliver",         IP)                                            \
	X(ERROR_TAKEN,  "ip_local_deliver_finish",  IP)                                            \
	X(ERROR_TAKEN,  "ip_protocol_deliver_rcu",  IP)                                            \
	X(ERROR_TAKEN,  "icmp_rcv",                 TRANSPORT)                                     \
	X(ERROR_TAKEN,  "icmp_unreach",             TRANSPORT)                                     \
	X(ERROR_TAKEN,  "icmp_socket_deliver",      TRANSPORT)                                     \
	X(ERROR_TAKEN,  "raw_err",                  TRANSPORT)                                     \
	X(ERROR_TAKEN,  "ping_err",                 TRANSPORT)                                     \
	X(ERROR_TAKEN,  "udp_err",                  TRANSPORT)                                     \
	X(ERROR_TAKEN,  "__udp4_lib_err",           TRANSPORT)                                     \
	X(ERROR_TAKEN,  "sock_def_error_report",    SOCKET)                                        \
	X(ICMPV6_ERROR, "udpv6_rcv",                TRANSPORT)                                     \
	X(ICMPV6_ERROR, "__udp6_lib_rcv",           TRANSPORT)                                     \
	X(ICMPV6_ERROR, "icmp6_send",               TRANSPORT)                                     \
	X(ICMPV6_ERROR, "ipv6_rcv",                 IP)                                            \
	X(ICMPV6_ERROR, "ip6_input",                IP)                                            \
	X(ICMPV6_ERROR, "ip6_protocol_deliver_rcu", IP)                                            \
	X(ICMPV6_ERROR, "icmpv6_rcv",               TRANSPORT)                                     \
	X(ICMPV6_ERROR, "icmpv6_notify",            TRANSPORT)                                     \
	X(ICMPV6_ERROR, "rawv6_err",                TRANSPORT)                                     \
	X(ICMPV6_ERROR, "ping_err",                 TRANSPORT)                                     \
	X(ICMPV6_ERROR, "udpv6_err",                TRANSPORT)                                     \
	X(ICMPV6_ERROR, "sock_def_error_report",    SOCKET)                                        \
	X(UDP,          "sys_write",                SYSCALL)                                       \
	X(UDP,          "sock_write",               SYSCALL)                                       \
	X(UDP,          "sock_sendmsg",             SYSCALL)                                       \
	X(UDP,          "inet_sendmsg",             SOCKET)                                        \
	X(UDP,          "udp_sendmsg",              TRANSPORT)                                     \
	X(UDP,          "ip_route_output",          IP)                                            \
	X(UDP,          "ip_build_xmit",            IP)                                            \
	X(UDP,          "ip_output",                IP)                                            \
	X(UDP,          "ip_finish_output",         IP)                                            \
	X(UDP,          "dev_queue_xmit",           LINK)                                          \
	X(UDP,          "hard_start_xmit",          LINK)                                          \
	X(UDP,          "interrupt",                SOFTIRQ)                                       \
	X(UDP,          "netif_rx",                 LINK)                                          \
	X(UDP,          "net_rx_action",            SOFTIRQ)                                       \
	X(UDP,          "ip_rcv",                   IP)                                            \
	X(UDP,          "ip_rcv_finish",            IP)                                            \
	X(UDP,          "ip_local_deliver",         IP)                                            \
	X(UDP,          "ip_local_deliver_finish",  IP)                                            \
	X(UDP,          "udp_rcv",                  TRANSPORT)                                     \
	X(UDP,          "udp_queue_rcv_skb",        TRANSPORT)                                     \
	X(UDP,          "sock_queue_rcv_skb",       SOCKET)                                        \
	X(UDP,          "sys_read",                 SYSCALL)                                       \
	X(UDP,          "sock_recvmsg",             SYSCALL)                                       \
	X(UDP,          "inet_recvmsg",             SOCKET)                                        \
	X(UDP,          "udp_recvmsg",              TRANSPORT)                                     \
	X(UDP,          "skb_recv_datagram",        SOCKET)
/* clang-format on */

enum documented_path {
#define X(id, name, title, source) DOCUMENTED_##id,
	ICMPX_DOCUMENTED_PATHS(X)
#undef X
		DOCUMENTED_MAX,
};

#endif
