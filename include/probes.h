/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a packet can be seen, and what the functions on its way do. The one list
 * behind the programs, `icmpx trace` (--explain, --compare), its JSON and the tests. */
#ifndef ICMPX_PROBES_H
#define ICMPX_PROBES_H

/* clang-format off */
/* In the order of a call: from the application down to the wire.
 *  id         name (JSON)   title */
#define ICMPX_LAYERS(X)                                                                            \
	X(USER,      "user",      "application")                                                    \
	X(SYSCALL,   "syscall",   "system call, BSD socket")                                        \
	X(SOCKET,    "socket",    "INET socket")                                                    \
	X(TRANSPORT, "transport", "raw, ping, ICMP, UDP")                                           \
	X(IP,        "ip",        "IP, routing, neighbours")                                        \
	X(LINK,      "link",      "link and driver")                                                \
	X(SOFTIRQ,   "softirq",   "receive softirq")                                                \
	X(SCHED,     "sched",     "scheduler")                                                      \
	X(OTHER,     "other",     "not in icmpx's list")

/* Static tracepoints, and what else makes events. Append only: events hold the position.
 *  id               name                     layer      what it shows; its detail[0] and [1] */
#define ICMPX_TRACEPOINTS(X)                                                                       \
	X(SYS_EXIT,        "sys_exit",              SYSCALL,   "a system call that moved the packet returns; [0] result, [1] number") \
	X(NET_DEV_QUEUE,   "net_dev_queue",         LINK,      "handed to the device's queue")      \
	X(NET_DEV_START,   "net_dev_start_xmit",    LINK,      "handed to the driver")              \
	X(NET_DEV_XMIT,    "net_dev_xmit",          LINK,      "the driver has returned; [0] its return code") \
	X(NETIF_RX,        "netif_rx",              LINK,      "put on a CPU's backlog")            \
	X(RECEIVE,         "netif_receive_skb",     SOFTIRQ,   "taken up by the receive softirq")   \
	X(CONSUME,         "consume_skb",           OTHER,     "freed, its work done; [0] location") \
	X(DROP,            "kfree_skb",             OTHER,     "dropped; [0] location, [1] reason") \
	X(COPY,            "skb_copy_datagram_iovec", SOCKET,  "copied to the process; [0] bytes")  \
	X(DATA_READY,      "sk_data_ready",         SOCKET,    "a socket has it and wakes its readers") \
	X(QUEUE_FULL,      "sock_rcvqueue_full",    SOCKET,    "the socket's receive buffer is full; [0] bytes in it, [1] its size") \
	X(ICMP_SEND,       "icmp_send",             TRANSPORT, "an ICMP error about it is made; [0] type, [1] code") \
	X(ERROR_REPORT,    "inet_sk_error_report",  SOCKET,    "an error is reported to the socket; [0] errno, [1] socket type and protocol") \
	X(WAKING,          "sched_waking",          SCHED,     "a process is woken; tgid, tid, syscall: its") \
	X(SWITCH_IN,       "sched_switch",          SCHED,     "the woken process runs; tgid, tid, syscall: its") \
	X(NEIGH_WAIT,      "neigh_event_send_done", IP,        "waits until its neighbour's MAC address is known") \
	X(XDP_REPLY,       "xdp_reply",             LINK,      "answered at the driver (XDP, icmpx)") \
	X(USER_SEND,       "user_send",             USER,      "icmpx sends it")                    \
	X(USER_RECEIVE,    "user_receive",          USER,      "icmpx has its reply")               \
	X(STAMP_SCHED,     "tx_sched",              LINK,      "time stamp: into the queue")        \
	X(STAMP_SENT,      "tx_software",           LINK,      "time stamp: to the driver")         \
	X(STAMP_RECEIVED,  "rx_software",           LINK,      "time stamp: received")

/* Functions, in the order of documented paths: sender, wire, receive, ICMP, sockets, reader,
 * errors, drops. A probe is set on each that the kernel has under one of its names. Append
 * within a layer as needed: recordings hold names, not positions.
 * skb: which argument (1 = first) is the packet's sk_buff; 0: none.
 * Names: today's, then others that it had or has ("|" between); documents' name first where
 * it is a function of its own on some supported kernel.
 *  id                 names (text)                                    layer      skb  explanation */
#define ICMPX_FUNCTIONS(X)                                                                         \
	X(SYS_SOCKET,        "__x64_sys_socket|__arm64_sys_socket|__sys_socket", SYSCALL, 0, "system call socket(): makes a socket") \
	X(INET_CREATE,       "inet_create",                                  SOCKET,    0, "finds the protocol in inetsw[] and makes the sock") \
	X(INET6_CREATE,      "inet6_create",                                 SOCKET,    0, "the same for IPv6") \
	X(RAW_SK_INIT,       "raw_sk_init|raw_init",                         TRANSPORT, 0, "prepares a raw socket") \
	X(PING_INIT_SOCK,    "ping_init_sock",                               TRANSPORT, 0, "checks ping_group_range: may this user ping without privilege?") \
	X(SYS_SENDTO,        "__sys_sendto|sys_sendto|sys_write|sock_write", SYSCALL,   0, "system call sendto(): takes address and message from the process") \
	X(SYS_SENDMSG,       "____sys_sendmsg|__sys_sendmsg",                SYSCALL,   0, "system call sendmsg(): the same with a message header") \
	X(SOCK_SENDMSG,      "sock_sendmsg|__sock_sendmsg",                  SYSCALL,   0, "asks the security module, then the socket's family") \
	X(INET_SENDMSG,      "inet_sendmsg",                                 SOCKET,    0, "binds the socket to an identifier if need be, then the protocol") \
	X(INET6_SENDMSG,     "inet6_sendmsg",                                SOCKET,    0, "the same for IPv6") \
	X(RAW_SENDMSG,       "raw_sendmsg",                                  TRANSPORT, 0, "raw socket: routes the message and makes a packet of it") \
	X(PING_V4_SENDMSG,   "ping_v4_sendmsg",                              TRANSPORT, 0, "ping socket: sets identifier and checksum, makes a packet") \
	X(PING_V6_SENDMSG,   "ping_v6_sendmsg",                              TRANSPORT, 0, "ping socket, IPv6: the same") \
	X(RAWV6_SENDMSG,     "rawv6_sendmsg",                                TRANSPORT, 0, "raw socket, IPv6: routes the message and makes a packet of it") \
	X(UDP_SENDMSG,       "udp_sendmsg",                                  TRANSPORT, 0, "UDP socket: routes the datagram and makes a packet of it") \
	X(UDPV6_SENDMSG,     "udpv6_sendmsg",                                TRANSPORT, 0, "UDP socket, IPv6: the same") \
	X(UDP_SEND_SKB,      "udp_send_skb",                                 TRANSPORT, 1, "writes the UDP header") \
	X(ROUTE_OUTPUT_FLOW, "ip_route_output_flow|ip_route_output|ip_route_output_key", IP, 0, "looks up the route") \
	X(IP6_ROUTE_OUTPUT,  "ip6_route_output_flags",                       IP,        0, "looks up the route (IPv6)") \
	X(IP_APPEND_DATA,    "ip_append_data",                               IP,        0, "copies the data into packets on the socket's write queue") \
	X(IP6_APPEND_DATA,   "ip6_append_data",                              IP,        0, "the same for IPv6") \
	X(IP_PUSH_PENDING,   "ip_push_pending_frames",                       IP,        0, "takes the packets off the write queue and writes the IP header") \
	X(IP6_PUSH_PENDING,  "ip6_push_pending_frames",                      IP,        0, "the same for IPv6") \
	X(IP_SEND_SKB,       "ip_send_skb",                                  IP,        2, "sends one finished packet") \
	X(IP6_SEND_SKB,      "ip6_send_skb",                                 IP,        1, "the same for IPv6") \
	X(IP_LOCAL_OUT,      "__ip_local_out|ip_local_out",                  IP,        3, "length and header checksum; netfilter LOCAL_OUT") \
	X(IP6_LOCAL_OUT,     "__ip6_local_out|ip6_local_out",                IP,        3, "the same for IPv6") \
	X(IP_OUTPUT,         "ip_output|ip_build_xmit",                      IP,        3, "sets device and protocol; netfilter POST_ROUTING") \
	X(IP6_OUTPUT,        "ip6_output",                                   IP,        3, "the same for IPv6") \
	X(IP_FINISH_OUTPUT,  "ip_finish_output",                             IP,        3, "cgroup egress programs; fragments what is longer than the MTU") \
	X(IP6_FINISH_OUTPUT, "ip6_finish_output",                            IP,        3, "the same for IPv6") \
	X(IP_FINISH_OUTPUT2, "ip_finish_output2",                            IP,        3, "finds the neighbour and writes the link header") \
	X(IP6_FINISH_OUTPUT2, "ip6_finish_output2",                          IP,        3, "the same for IPv6") \
	X(NEIGH_RESOLVE,     "neigh_resolve_output",                         IP,        2, "asks for the neighbour's MAC address (ARP, ND) if it is not known") \
	X(DEV_QUEUE_XMIT,    "__dev_queue_xmit|dev_queue_xmit",              LINK,      1, "tc egress, chooses a queue, hands to the qdisc or the driver") \
	X(SCH_DIRECT_XMIT,   "sch_direct_xmit",                              LINK,      1, "the qdisc hands to the driver at once") \
	X(HARD_START_XMIT,   "dev_hard_start_xmit|hard_start_xmit",          LINK,      1, "shows it to packet sockets (tcpdump), calls the driver") \
	X(LOOPBACK_XMIT,     "loopback_xmit",                                LINK,      1, "driver of lo: what goes out comes in") \
	X(VETH_XMIT,         "veth_xmit",                                    LINK,      1, "driver of veth: goes out here, comes in at the peer") \
	X(FORWARD_SKB,       "__dev_forward_skb|dev_forward_skb",            LINK,      2, "crosses to another device: scrubs what belongs to this side") \
	X(NETIF_RX_FN,       "__netif_rx|netif_rx",                          LINK,      1, "receives without NAPI") \
	X(NETIF_RX_INTERNAL, "netif_rx_internal",                            LINK,      1, "chooses the CPU that is to receive it") \
	X(ENQUEUE_BACKLOG,   "enqueue_to_backlog",                           LINK,      1, "puts it on that CPU's backlog and raises the softirq") \
	X(HANDLE_SOFTIRQS,   "handle_softirqs|__do_softirq|__softirqentry_text_start",               SOFTIRQ,   0, "runs the softirqs that were raised") \
	X(NET_RX_ACTION,     "net_rx_action",                                SOFTIRQ,   0, "receive softirq: polls devices") \
	X(NAPI_POLL,         "__napi_poll|napi_poll",                        SOFTIRQ,   0, "polls one device") \
	X(PROCESS_BACKLOG,   "process_backlog",                              SOFTIRQ,   0, "polls this CPU's backlog") \
	X(NAPI_GRO_RECEIVE,  "napi_gro_receive|gro_receive_skb",             SOFTIRQ,   2, "a driver's packet: merges what belongs together") \
	X(NETIF_RECEIVE,     "netif_receive_skb|__netif_receive_skb|netif_receive_skb_internal", SOFTIRQ, 1, "receives in softirq context") \
	X(RECEIVE_ONE_CORE,  "__netif_receive_skb_one_core",                 SOFTIRQ,   1, "taps, tc ingress, then the protocol's handler") \
	X(RECEIVE_CORE,      "__netif_receive_skb_core",                     SOFTIRQ,   0, "generic XDP, taps, tc ingress, VLAN, bridge") \
	X(IP_RCV,            "ip_rcv",                                       IP,        1, "IPv4 packet received; netfilter PRE_ROUTING") \
	X(IP_RCV_CORE,       "ip_rcv_core",                                  IP,        1, "checks header, length and header checksum") \
	X(IPV6_RCV,          "ipv6_rcv",                                     IP,        1, "IPv6 packet received; netfilter PRE_ROUTING") \
	X(IP6_RCV_CORE,      "ip6_rcv_core",                                 IP,        1, "checks the IPv6 header") \
	X(IP_RCV_FINISH,     "ip_rcv_finish",                                IP,        3, "routes it: for this machine, or on") \
	X(IP6_RCV_FINISH,    "ip6_rcv_finish",                               IP,        3, "the same for IPv6") \
	X(ROUTE_INPUT,       "ip_route_input_noref",                         IP,        1, "input route: local, forward, or a martian (rp_filter)") \
	X(IP_FORWARD,        "ip_forward",                                   IP,        1, "not for this machine: TTL less one, on to the next hop") \
	X(IP6_FORWARD,       "ip6_forward",                                  IP,        1, "the same for IPv6") \
	X(LOCAL_DELIVER,     "ip_local_deliver",                             IP,        1, "for this machine: reassembles; netfilter LOCAL_IN") \
	X(IP6_INPUT,         "ip6_input",                                    IP,        1, "for this machine; netfilter LOCAL_IN (IPv6)") \
	X(DELIVER_FINISH,    "ip_local_deliver_finish",                      IP,        3, "takes off the IP header") \
	X(IP6_INPUT_FINISH,  "ip6_input_finish",                             IP,        3, "takes off the IPv6 header") \
	X(PROTOCOL_DELIVER,  "ip_protocol_deliver_rcu",                      IP,        2, "raw sockets first, then the protocol's handler") \
	X(IP6_DELIVER,       "ip6_protocol_deliver_rcu",                     IP,        2, "the same for IPv6") \
	X(RAW_LOCAL_DELIVER, "raw_local_deliver|raw_v4_input",               TRANSPORT, 1, "a clone for each raw socket of this protocol") \
	X(RAW6_LOCAL_DELIVER, "raw6_local_deliver|ipv6_raw_deliver",         TRANSPORT, 1, "the same for IPv6") \
	X(RAW_RCV,           "raw_rcv",                                      TRANSPORT, 2, "a raw socket gets its clone") \
	X(RAWV6_RCV,         "rawv6_rcv",                                    TRANSPORT, 2, "the same for IPv6") \
	X(RAW_RCV_SKB,       "raw_rcv_skb",                                  TRANSPORT, 2, "queues it on the raw socket") \
	X(ICMP_RCV,          "icmp_rcv",                                     TRANSPORT, 1, "checks the ICMP checksum, then by type") \
	X(ICMPV6_RCV,        "icmpv6_rcv",                                   TRANSPORT, 1, "the same for ICMPv6") \
	X(ICMP_ECHO,         "icmp_echo",                                    TRANSPORT, 1, "echo request: is it to be answered?") \
	X(ICMPV6_ECHO_REPLY, "icmpv6_echo_reply",                            TRANSPORT, 1, "ICMPv6 echo request: makes the reply") \
	X(ICMP_REPLY,        "icmp_reply",                                   TRANSPORT, 2, "makes the reply: route, rate limit") \
	X(ICMP_PUSH_REPLY,   "icmp_push_reply",                              TRANSPORT, 0, "writes the reply through this CPU's own ICMP socket") \
	X(ICMPV6_PUSH,       "icmpv6_push_pending_frames",                   TRANSPORT, 0, "checksum of the ICMPv6 message, and off") \
	X(PING_RCV,          "ping_rcv",                                     TRANSPORT, 1, "looks for the ping socket that waits for it") \
	X(PING_QUEUE_RCV,    "__ping_queue_rcv_skb|ping_queue_rcv_skb",      TRANSPORT, 2, "queues it on the ping socket") \
	X(UDP_RCV,           "udp_rcv",                                      TRANSPORT, 1, "UDP datagram received") \
	X(UDPV6_RCV,         "udpv6_rcv",                                    TRANSPORT, 1, "the same for IPv6") \
	X(UDP4_LIB_RCV,      "__udp4_lib_rcv",                               TRANSPORT, 1, "finds the UDP socket") \
	X(UDP6_LIB_RCV,      "__udp6_lib_rcv",                               TRANSPORT, 1, "the same for IPv6") \
	X(UDP_UNICAST_RCV,   "udp_unicast_rcv_skb|udp6_unicast_rcv_skb",     TRANSPORT, 2, "hands it to the one socket") \
	X(UDP_QUEUE_RCV,     "udp_queue_rcv_skb|udpv6_queue_rcv_skb",        TRANSPORT, 2, "filters, then queues it on the UDP socket") \
	X(UDP_ENQUEUE,       "__udp_enqueue_schedule_skb",                   TRANSPORT, 2, "into the UDP socket's queue, against its buffer limit") \
	X(QUEUE_RCV,         "sock_queue_rcv_skb_reason|sock_queue_rcv_skb", SOCKET,    2, "socket filter (BPF), then the queue") \
	X(QUEUE_RCV_RAW,     "__sock_queue_rcv_skb",                         SOCKET,    2, "into the socket's receive queue, against its buffer limit") \
	X(DEF_READABLE,      "sock_def_readable",                            SOCKET,    0, "wakes who sleeps on the socket") \
	X(SOCK_POLL,         "sock_poll",                                    SYSCALL,   0, "poll() asks this socket") \
	X(DATAGRAM_POLL,     "datagram_poll|udp_poll",                       SOCKET,    0, "is there something to read, or room to write?") \
	X(SYS_RECVFROM,      "__sys_recvfrom|sys_recvfrom|sys_read",         SYSCALL,   0, "system call recvfrom()") \
	X(SYS_RECVMSG,       "____sys_recvmsg|__sys_recvmsg",                SYSCALL,   0, "system call recvmsg()") \
	X(SOCK_RECVMSG,      "sock_recvmsg",                                 SYSCALL,   0, "asks the security module, then the socket's family") \
	X(INET_RECVMSG,      "inet_recvmsg",                                 SOCKET,    0, "to the protocol's receive function") \
	X(INET6_RECVMSG,     "inet6_recvmsg",                                SOCKET,    0, "the same for IPv6") \
	X(SOCK_COMMON_RECV,  "sock_common_recvmsg",                          SOCKET,    0, "to the protocol's receive function") \
	X(RAW_RECVMSG,       "raw_recvmsg",                                  TRANSPORT, 0, "raw socket: next packet, with its IP header") \
	X(RAWV6_RECVMSG,     "rawv6_recvmsg",                                TRANSPORT, 0, "the same for IPv6") \
	X(PING_RECVMSG,      "ping_recvmsg",                                 TRANSPORT, 0, "ping socket: next packet, from its ICMP header on") \
	X(UDP_RECVMSG,       "udp_recvmsg",                                  TRANSPORT, 0, "UDP socket: next datagram") \
	X(UDPV6_RECVMSG,     "udpv6_recvmsg",                                TRANSPORT, 0, "the same for IPv6") \
	X(SKB_RECV,          "skb_recv_datagram|__skb_recv_udp",             SOCKET,    0, "takes the next packet, or sleeps until there is one") \
	X(SKB_RECV_INNER,    "__skb_recv_datagram",                          SOCKET,    0, "the same, inner part") \
	X(SKB_COPY,          "skb_copy_datagram_iter|skb_copy_datagram_msg", SOCKET,    1, "copies the packet to the process's memory") \
	X(ICMP_SEND_FN,      "__icmp_send|icmp_send",                        TRANSPORT, 1, "makes an ICMP error about a packet: may it, rate limit") \
	X(ICMP6_SEND_FN,     "icmp6_send",                                   TRANSPORT, 1, "makes an ICMPv6 error about a packet") \
	X(ICMP_UNREACH,      "icmp_unreach",                                 TRANSPORT, 1, "ICMP error received: what is it about?") \
	X(ICMP_SOCKET_DELIVER, "icmp_socket_deliver",                        TRANSPORT, 1, "to the protocol of the packet that the error is about") \
	X(ICMPV6_NOTIFY,     "icmpv6_notify",                                TRANSPORT, 1, "ICMPv6 error received: to the inner packet's protocol") \
	X(RAW_ERR,           "raw_icmp_error|raw_err|raw_v4_err",            TRANSPORT, 1, "tells raw sockets") \
	X(RAWV6_ERR,         "rawv6_err|raw6_icmp_error",                    TRANSPORT, 0, "tells IPv6 raw sockets") \
	X(PING_ERR,          "ping_err",                                     TRANSPORT, 1, "tells the ping socket") \
	X(UDP_ERR,           "udp_err",                                      TRANSPORT, 1, "tells the UDP socket") \
	X(UDP4_LIB_ERR,      "__udp4_lib_err",                               TRANSPORT, 1, "finds the UDP socket that the error is for") \
	X(UDPV6_ERR,         "udpv6_err|__udp6_lib_err",                     TRANSPORT, 1, "tells the IPv6 UDP socket") \
	X(ERROR_REPORT_FN,   "sk_error_report|sock_def_error_report",        SOCKET,    0, "wakes who sleeps on the socket: it has an error") \
	X(RECV_ERROR,        "ip_recv_error|ipv6_recv_error",                SOCKET,    0, "reads the socket's error queue") \
	X(KFREE_SKB,         "sk_skb_reason_drop|kfree_skb_reason|kfree_skb", OTHER,    0, "drops a packet, with a reason") \
	X(CONSUME_SKB,       "consume_skb|skb_consume_udp",                  OTHER,     0, "frees a packet whose work is done") \
	X(TCP_TRANSMIT,      "__tcp_transmit_skb|tcp_transmit_skb",          TRANSPORT, 2, "TCP: never for a ping") \
	X(TCP_V4_RCV,        "tcp_v4_rcv",                                   TRANSPORT, 1, "TCP: never for a ping")
/* clang-format on */

enum icmpx_layer {
#define X(id, name, title) ICMPX_LAYER_##id,
	ICMPX_LAYERS(X)
#undef X
		ICMPX_LAYER_MAX,
};

enum icmpx_probe {
#define X(id, name, layer, help) ICMPX_TP_##id,
	ICMPX_TRACEPOINTS(X)
#undef X
		ICMPX_TP_MAX,
	ICMPX_FN_FIRST = 64,
	ICMPX_FN_BEFORE = ICMPX_FN_FIRST - 1,
#define X(id, names, layer, skb, help) ICMPX_FN_##id,
	ICMPX_FUNCTIONS(X)
#undef X
		ICMPX_PROBE_MAX,
};

_Static_assert((int)ICMPX_TP_MAX < (int)ICMPX_FN_FIRST, "tracepoints before functions");

#endif
