#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `icmpx trace` repeats the published experiment, a ping to 127.0.0.1, with its numbers; and
# shows the packet that has to wait for its neighbour's address.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

test_begin_seeing trace-loop
# shellcheck source=tests/net/trace_lib.sh
. "${0%/*}/trace_lib.sh"
# shellcheck source=tests/net/experiment_lib.sh
. "${0%/*}/experiment_lib.sh"

loop=("sendto" "!ip_push_pending_frames" "!ip_output" "!__dev_queue_xmit|dev_queue_xmit"
	"!net_dev_queue" "!net_dev_start_xmit" "!loopback_xmit")
back=("!netif_receive_skb" ip_rcv ip_local_deliver "!icmp_rcv")

twice() # DESCRIPTION: the loop of request and reply
{
	is "$1: the loop from ip_push_pending_frames to icmp_rcv, twice" "$(loop_passed)" \
		"$loop_wanted"
	is "$1: icmp_rcv -> ping_rcv once" "$(times_passed ping_rcv)" 1
	is "$1: sent once" "$(times_passed sendto)" 1
	is "$1: no function of TCP or UDP" "$(passed_of '^_*(tcp|udp)')" ""
	is "$1: no driver but that of lo" "$(passed_of '_xmit$' |
		grep -vE '^(__dev_queue|dev_queue|dev_hard_start)_xmit$')" loopback_xmit
	is "$1: no interrupt, no NIC driver" \
		"$(passed_of '^(do_IRQ|common_interrupt|e1000|virtnet|veth|napi_gro)')" ""
	is "$1: both ends in this namespace" "$(query ping end source destination sender_netns \
		responder_netns)" "complete $2 $2 ${ns_inode[a]} ${ns_inode[a]}"
}

test_loop()
{
	must in_ns a sysctl -qw net.ipv4.ping_group_range="1 0"
	trace "loopback" a -- busybox ping -c 1 127.0.0.1
	twice "loopback" 127.0.0.1
	is "loopback: the socket has two packets, its own request too" \
		"$(times_passed recvfrom) $(times_passed raw_rcv)" "2 2"
	is "loopback: two copies" "$(query ping.hops probe leg side copied_bytes | grep copy_datagram_iovec |
		tr '\n' ,)" "skb_copy_datagram_iovec request sender 84,skb_copy_datagram_iovec reply \
sender 84,"
	passes "loopback: out" "request sender" "${loop[@]}"
	passes "loopback: in, to the socket too" "any responder" "!netif_receive_skb" ip_rcv \
		ip_local_deliver "!raw_rcv" "!sock_def_readable" "!icmp_rcv" "!icmp_echo"
	passes "loopback: the reply out" "any responder" "!icmp_reply" "${loop[@]:1}"
	passes "loopback: the reply in" "reply sender" "!netif_receive_skb" ip_rcv ip_local_deliver \
		"!raw_rcv" "!icmp_rcv" "!ping_rcv" recvfrom "!raw_recvmsg"

	# It sets ICMP_FILTER, which lets no request through.
	trace "iputils" a -- ping -n -c 1 127.0.0.1
	twice "iputils" 127.0.0.1
	is "iputils: one packet, the reply" "$(times_passed recvmsg) $(times_passed raw_rcv) \
$(query ping.hops probe leg copied_bytes | grep copy_datagram_iovec)" \
		"1 1 skb_copy_datagram_iovec reply 84"

	must in_ns a sysctl -qw net.ipv4.ping_group_range="0 0"
	trace "ping socket" a -- ping -n -c 1 127.0.0.1
	twice "ping socket" 127.0.0.1
	is "ping socket: one packet" "$(times_passed recvmsg) $(times_passed raw_rcv)" "1 0"
	passes "ping socket: the reply in" "reply sender" "${back[@]}" "!ping_rcv" \
		"!sock_def_readable" recvmsg "ping_recvmsg"

	trace "IPv6" a -- ping -n -c 1 ::1
	is "IPv6: twice" "$(times_passed ip6_output) $(times_passed ipv6_rcv) \
$(times_passed icmpv6_rcv) $(times_passed ping_rcv)" "2 2 2 1"
	is "IPv6: nothing of IPv4, TCP, UDP" "$(passed_of '^_*(tcp|udp|ip_rcv|icmp_rcv)')" ""

	trace "own address" a -- ping -n -c 1 10.85.0.1
	twice "own address" 10.85.0.1
}

# b gets its address only when it has been asked for it in vain, so that the packet has to
# wait until the next time, and its sender sleeps until the reply is there.
late_address() # ADDRESS
{
	(
		wait_until 30 waiting_for "$1" # a trace takes its time to start
		in_ns b ip addr add "$1" dev eth0 nodad 2>/dev/null
	) &
}

waiting_for() # ADDRESS/LENGTH
{
	in_ns a ip neigh show dev eth0 | grep -q "^${1%/*}.*INCOMPLETE"
}

waited() # DESCRIPTION
{
	is "$1: it is answered" "$(query ping end)" complete
	is "$1: it waits for the neighbour" "$(hops neigh_event_send_done request sender)" 1
	is "$1: that is of the system call that sends" "$(query ping.hops probe leg side syscall |
		grep neigh_event_send_done)" "neigh_event_send_done request sender sendto"
	ok "$1: the wait is a stage" has_stage neighbour request sender
	ok "$1: the longest one" longest neighbour
}

longest() # STAGE
{
	[ "$(query ping.stages ns stage | sort -n | tail -n 1 | cut -d ' ' -f 2)" = "$1" ]
}

# What woke the process, and who that is.
woken() # DESCRIPTION LEG
{
	is "$1: the $2 wakes it" "$(query ping.hops probe leg side task | grep sched_waking)" \
		"sched_waking $2 sender ping"
	is "$1: it runs" "$(query ping.hops probe leg side task | grep sched_switch)" \
		"sched_switch $2 sender ping"
	ok "$1: waking it is a stage" has_stage wakeup "$2" sender
}

test_neighbours()
{
	local again=$((300 * patience)) # ms; not 1 s, since ping wakes by itself then
	must in_ns a sysctl -qw net.ipv4.ping_group_range="1 0" \
		net.ipv4.neigh.eth0.retrans_time_ms=$again net.ipv6.neigh.eth0.retrans_time_ms=$again
	late_address 10.85.0.2/24
	trace "ARP" a -- ping -n -c 1 -W $((4 * patience)) 10.85.0.2
	wait
	waited "ARP"
	passes "ARP: before" "request sender" sendto "!raw_sendmsg" "!ip_push_pending_frames" \
		"ip_output" "!ip_finish_output2" "neigh_resolve_output" "!neigh_event_send_done" \
		"!__neigh_update|neigh_update" "!__dev_queue_xmit|dev_queue_xmit" "!net_dev_queue" "!veth_xmit"
	woken "ARP" reply
	late_address fd85::2/64
	trace "ND" a -- ping -n -c 1 -W $((4 * patience)) fd85::2
	wait
	waited "ND"
	passes "ND: before" "request sender" sendto "!rawv6_sendmsg" "!ip6_send_skb" "ip6_output" \
		"neigh_resolve_output" "!neigh_event_send_done" "!__neigh_update|neigh_update" \
		"!__dev_queue_xmit|dev_queue_xmit" "!net_dev_queue" "!veth_xmit"
	woken "ND" reply
	trace "no neighbour" a -- ping -n -c 1 -W $((4 * patience)) 10.85.0.77
	is "no neighbour: its own error" "$(query ping end reporter)" "error 10.85.0.1"
	is "no neighbour: it waits" "$(hops neigh_event_send_done request sender)" 1
	is "no neighbour: it never leaves" "$(hops net_dev_start_xmit request sender)" 0
	is "no neighbour: dropped where that is known" \
		"$(query ping.hops probe side location | grep -o 'kfree_skb sender neigh_invalidate')" \
		"kfree_skb sender neigh_invalidate"
	is "no neighbour: the error goes over lo" \
		"$(query ping.hops probe leg device | grep net_dev_start_xmit)" \
		"net_dev_start_xmit error lo"
	# 5.10 does not show it.
	! is_set inet_sk_error_report || is "no neighbour: host unreachable, for the sleeping process" \
		"$(query ping.hops probe leg side errno | grep -c 'inet_sk_error_report error sender EHOSTUNREACH')" 1
	woken "no neighbour" error
}

ns_add a b
ns_join a eth0 b eth0
must in_ns a ip addr add 10.85.0.1/24 dev eth0
must in_ns a ip addr add fd85::1/64 dev eth0 nodad
test_loop
test_neighbours
test_end
