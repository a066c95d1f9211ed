# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# The documented call paths of one ping whose both ends are in namespaces of this machine, joined
# by veth: what the live tests and those of recordings expect. For trace_lib.sh.

# shellcheck disable=SC2034 # for the tests
receives=("__netif_receive_skb|netif_receive_skb|napi_gro_receive|netif_receive_skb_internal"
	"!__netif_receive_skb_core|__netif_receive_skb_one_core|netif_receive_skb")
softirq=("!handle_softirqs|__do_softirq|__softirqentry_text_start" "!net_rx_action" "!process_backlog")
# Calls before there is a packet: only functions can be probed.
makes=("fn:__x64_sys_socket|__arm64_sys_socket|__sys_socket" fn:inet_create)
sends=("sendto" "!__sys_sendto" "sock_sendmsg|__sock_sendmsg" "inet_sendmsg")
xmit=("!__dev_queue_xmit|dev_queue_xmit" "!net_dev_queue" "!dev_hard_start_xmit"
	"!net_dev_start_xmit" "!veth_xmit")
crosses=("!veth_xmit" "__dev_forward_skb" "!__netif_rx|netif_rx"
	"!netif_rx_internal|enqueue_to_backlog" "!netif_receive_skb")
ip_out=("ip_append_data" "!ip_push_pending_frames" "ip_local_out|__ip_local_out" "ip_output"
	"ip_finish_output" "!ip_finish_output2" "${xmit[@]}")
ip_in=("${receives[@]}" ip_rcv ip_rcv_core ip_local_deliver
	"ip_local_deliver_finish" "!ip_protocol_deliver_rcu")
ip6_append=("ip6_route_output_flags" "ip6_append_data")
ip6_out=("ip6_push_pending_frames" "ip6_send_skb" "ip6_local_out|__ip6_local_out" "ip6_output"
	"ip6_finish_output" "ip6_finish_output2" "${xmit[@]}")
ip6_in=("${receives[@]}" ipv6_rcv ip6_rcv_core ip6_input ip6_input_finish
	"!ip6_protocol_deliver_rcu")
queues=("!sock_queue_rcv_skb_reason|sock_queue_rcv_skb" "!__sock_queue_rcv_skb"
	"!sock_def_readable")
copies=("skb_recv_datagram" "!skb_copy_datagram_iter|skb_copy_datagram_msg"
	"!skb_copy_datagram_iovec")

passes_raw()
{
	passes "raw socket: made" "request sender" "${makes[@]}" "fn:raw_sk_init|raw_init" sendto
	passes "raw socket: sends" "request sender" "${sends[@]}" "!raw_sendmsg" \
		ip_route_output_flow "${ip_out[@]}"
	passes "responder" "any responder" "${softirq[@]}" "${ip_in[@]}" "!icmp_rcv" "!icmp_echo"
	passes "veth: to the other end" "request any" "${crosses[@]}"
	passes "veth: and back" "reply any" "${crosses[@]}"
	passes "responder: replies" "any responder" "!icmp_reply" \
		"ip_route_output_flow|ip_route_output_key" "icmp_push_reply" "${ip_out[@]}"
	# Then raw_rcv_skb(), which 5.10 neither calls nor shows to be left out.
	passes "raw socket: receives" "reply sender" "${ip_in[@]}" "raw_local_deliver" "!raw_rcv" \
		"${queues[@]}" "!icmp_rcv" "!ping_rcv"
	passes "raw socket: reads" "reply sender" "!ping_rcv" recvmsg "!____sys_recvmsg" \
		"sock_recvmsg" inet_recvmsg "raw_recvmsg" "${copies[@]}"
}

passes_ping()
{
	passes "ping socket: made" "request sender" "${makes[@]}" fn:ping_init_sock sendto
	passes "ping socket: sends" "request sender" "${sends[@]}" "!ping_v4_sendmsg" \
		ip_route_output_flow "${ip_out[@]}"
	passes "ping socket: receives" "reply sender" "${ip_in[@]}" "!icmp_rcv" "!ping_rcv" \
		"__ping_queue_rcv_skb|ping_queue_rcv_skb" "${queues[@]}"
	passes "ping socket: reads" "reply sender" "!sock_def_readable" recvmsg inet_recvmsg \
		"ping_recvmsg" "${copies[@]}"
}

passes_raw6()
{
	passes "raw socket, IPv6: sends" "request sender" "${sends[@]}" "!rawv6_sendmsg" \
		"${ip6_append[@]}" "${ip6_out[@]}"
	passes "responder, IPv6" "any responder" "${softirq[@]}" "${ip6_in[@]}" "!icmpv6_rcv"
	passes "responder, IPv6: replies" "any responder" "!icmpv6_echo_reply" \
		"${ip6_append[@]}" icmpv6_push_pending_frames "${ip6_out[@]}"
	passes "raw socket, IPv6: receives" "reply sender" "${ip6_in[@]}" \
		"raw6_local_deliver|ipv6_raw_deliver" "!rawv6_rcv" "${queues[@]}" "!icmpv6_rcv" "!ping_rcv"
	passes "raw socket, IPv6: reads" "reply sender" "!ping_rcv" recvmsg "!____sys_recvmsg" \
		"inet6_recvmsg|sock_common_recvmsg" "rawv6_recvmsg" "${copies[@]}"
}

passes_ping6()
{
	passes "ping socket, IPv6: sends" "request sender" "${sends[@]}" "!ping_v6_sendmsg" \
		"${ip6_append[@]}" icmpv6_push_pending_frames "${ip6_out[@]}"
	passes "ping socket, IPv6: receives" "reply sender" "${ip6_in[@]}" "!icmpv6_rcv" "!ping_rcv" \
		"__ping_queue_rcv_skb|ping_queue_rcv_skb" "${queues[@]}"
	passes "ping socket, IPv6: reads" "reply sender" "!sock_def_readable" recvmsg \
		"ping_recvmsg" "${copies[@]}"
}
