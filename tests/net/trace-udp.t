#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `icmpx trace --udp PORT` shows one UDP datagram in the documented layers, and that of other
# ports not at all.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

test_begin_seeing trace-udp
# shellcheck source=tests/net/trace_lib.sh
. "${0%/*}/trace_lib.sh"

port=7084
receiver=

receiver_bound()
{
	grep -q bound "$test_dir/receiver"
}

# Sleeps in read() when the datagram comes.
start_receiver() # NAME ADDRESS PORT
{
	: >"$test_dir/receiver"
	in_ns "$1" "$tools/udp" receive "$2" "$3" >"$test_dir/receiver" 2>&1 &
	receiver=$!
	wait_until 5 receiver_bound || bail "no receiver: $(cat "$test_dir/receiver")"
	wait_until 5 grep -q '^State:.*sleeping' "/proc/$receiver/status" || bail "receiver does not sleep"
}

facts() # DESCRIPTION FAMILY SOURCE DESTINATION RECEIVER BYTES
{
	is "$1: one datagram, with both ends" \
		"$(query ping end family protocol source destination destination_port id seq \
			sender_netns responder_netns lost)" \
		"received $2 udp $3 $4 $port - - ${ns_inode[a]} ${ns_inode[$5]} 0"
	is "$1: the reader was asleep, and is woken" \
		"$(query ping.hops probe side task | grep ^sched_ | tr '\n' ,)" \
		"sched_waking responder udp,sched_switch responder udp,"
	is "$1: written by one, read by the other" \
		"$(query ping.hops probe side syscall | grep sys_exit | sort | tr '\n' ,)" \
		"sys_exit responder read,sys_exit sender write,"
	is "$1: which returns its length" \
		"$(query ping.hops probe syscall result | grep '^sys_exit read')" "sys_exit read $6"
	is "$1: no ICMP, no TCP, no raw socket" \
		"$(passed_of '^_*(icmp_|icmp6_|icmpv6_|tcp_|ping_|raw_rcv|rawv6_rcv|raw_sendmsg)')" ""
}

xmit=("!__dev_queue_xmit|dev_queue_xmit" "!net_dev_queue" "!dev_hard_start_xmit" "!veth_xmit")
softirq=("!handle_softirqs|__do_softirq" "!net_rx_action" "!process_backlog"
	"!__netif_receive_skb_core|__netif_receive_skb_one_core|netif_receive_skb")

test_small()
{
	start_receiver b 10.86.0.2 $port
	trace "UDP" a --udp $port -- "$tools/udp" send 10.86.0.2 $port 8
	wait $receiver
	facts "UDP" ipv4 10.86.0.1 10.86.0.2 b 8
	passes "UDP: BSD socket to driver" "datagram sender" write "!sock_write_iter" \
		"sock_sendmsg|__sock_sendmsg" inet_sendmsg "!udp_sendmsg" "!ip_send_skb" \
		"ip_local_out|__ip_local_out" "ip_output" ip_finish_output "!ip_finish_output2" \
		"${xmit[@]}"
	passes "UDP: to the other end" "datagram any" "!veth_xmit" "!__netif_rx|netif_rx" "!netif_rx" \
		"!netif_receive_skb"
	passes "UDP: interrupt to socket" "datagram responder" "${softirq[@]}" ip_rcv \
		ip_local_deliver ip_local_deliver_finish "!ip_protocol_deliver_rcu" \
		"udp_rcv|__udp4_lib_rcv" "udp_unicast_rcv_skb" "udp_queue_rcv_skb" \
		"!__udp_enqueue_schedule_skb" "!sock_def_readable"
	passes "UDP: woken, and reads" "datagram responder" "!sock_def_readable" "!sched_waking" \
		"!sched_switch" fn:udp_recvmsg
}

# One that is not in one piece of memory: copying that has a tracepoint.
test_large() # DESCRIPTION FAMILY ADDRESS
{
	start_receiver a "$3" $port
	trace "$1" a --udp $port -- "$tools/udp" send "$3" $port 20000
	wait $receiver
	facts "$1" "$2" "$3" "$3" a 20000
	passes "$1: sends" "datagram sender" write "!sock_write_iter" \
		"inet_sendmsg|inet6_sendmsg" "!udp_sendmsg|udpv6_sendmsg" "ip_send_skb|ip6_send_skb" \
		"ip_output|ip6_output" "!__dev_queue_xmit|dev_queue_xmit" "!loopback_xmit"
	passes "$1: woken, and reads" "datagram responder" "!sched_waking" "!sched_switch" \
		"!sock_recvmsg" "inet_recvmsg|inet6_recvmsg" "!udp_recvmsg|udpv6_recvmsg" \
		"skb_recv_datagram|__skb_recv_udp" "!skb_copy_datagram_iter|skb_copy_datagram_msg" \
		"!skb_copy_datagram_iovec"
	is "$1: copied to the reader" "$(query ping.hops probe copied_bytes | grep copy_datagram_iovec)" \
		"skb_copy_datagram_iovec 20000"
	is "$1: its stages, up to the reader" "$(stages)" \
		"send queue driver softirq receive wakeup read copy "
}

test_ipv6()
{
	start_receiver b fd86::2 $port
	trace "IPv6" a --udp $port -- "$tools/udp" send fd86::2 $port 8
	wait $receiver
	facts "IPv6" ipv6 fd86::1 fd86::2 b 8
	passes "IPv6: BSD socket to driver" "datagram sender" write "!sock_write_iter" \
		inet6_sendmsg "!udpv6_sendmsg" "ip6_send_skb" "ip6_output" ip6_finish_output \
		"ip6_finish_output2" "${xmit[@]}"
	passes "IPv6: interrupt to socket" "datagram responder" "${softirq[@]}" ipv6_rcv \
		"ip6_input" "!ip6_protocol_deliver_rcu" "udpv6_rcv|__udp6_lib_rcv" \
		"!udpv6_queue_rcv_skb|udpv6_queue_rcv_one_skb|udp6_unicast_rcv_skb" \
		"!__udp_enqueue_schedule_skb" "!sock_def_readable"
	passes "IPv6: woken, and reads" "datagram responder" "!sock_def_readable" "!sched_waking" \
		"!sched_switch" fn:udpv6_recvmsg
}

test_fragments()
{
	start_receiver b 10.86.0.2 $port
	trace "fragments" a --udp $port -- "$tools/udp" send 10.86.0.2 $port 4000
	wait $receiver
	facts "fragments" ipv4 10.86.0.1 10.86.0.2 b 4000
	passes "fragments: out" "datagram sender" "!udp_sendmsg" "!ip_output" \
		"!ip_do_fragment|ip_fragment" "!ip_finish_output2" "${xmit[@]}"
	is "fragments: three of them" "$(hops netif_receive_skb udp responder)" 3
	passes "fragments: together to the socket" "datagram responder" ip_local_deliver \
		"!ip_defrag" "!ip_protocol_deliver_rcu" "!__udp_enqueue_schedule_skb" \
		"!sock_def_readable"
}

# A port that had no datagrams yet: the kernel frees some only when the next one comes
# (skb_defer_free_flush), and that is seen.
test_others()
{
	local unused=$((port + 1))
	start_receiver b 10.86.0.2 $port
	trace "another port" a --udp $unused -- "$tools/udp" send 10.86.0.2 $port 8
	wait $receiver
	is "another port: nothing of it" "$(query end pings events)" "0 0"
	trace "a ping" a --udp $unused -- ping -n -c 1 10.86.0.2
	is "a ping: nothing of it" "$(query end pings events)" "0 0"
}

ns_add a b
ns_join a eth0 b eth0
must in_ns a ip addr add 10.86.0.1/24 dev eth0
must in_ns a ip addr add fd86::1/64 dev eth0 nodad
must in_ns b ip addr add 10.86.0.2/24 dev eth0
must in_ns b ip addr add fd86::2/64 dev eth0 nodad
ok "neighbours are found" wait_until 3 reaches a 10.86.0.2
ok "neighbours are found (IPv6)" wait_until 3 reaches a fd86::2
test_small
test_ipv6
test_fragments
test_large "loopback" ipv4 127.0.0.1
test_large "loopback, IPv6" ipv6 ::1
test_others
test_end
