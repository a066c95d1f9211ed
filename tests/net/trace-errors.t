#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `icmpx trace` shows ICMP errors: where they are made, and where they are taken, joined to the
# packet that they are about, up to the process that is told.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

test_begin_seeing trace-errors
# shellcheck source=tests/net/trace_lib.sh
. "${0%/*}/trace_lib.sh"

port=7087

# a - r - b; r has no way to 10.87.3.0/24 and fd87:3::/64
setup()
{
	ns_add a r b
	ns_join a eth0 r eth0
	ns_join r eth1 b eth0
	must in_ns r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
		net.ipv4.icmp_ratemask=0
	in_ns r sysctl -qw net.ipv6.icmp.ratelimit=0
	in_ns b sysctl -qw net.ipv6.icmp.ratelimit=0 net.ipv4.icmp_ratemask=0
	must in_ns a ip addr add 10.87.1.2/24 dev eth0
	must in_ns a ip addr add fd87:1::2/64 dev eth0 nodad
	must in_ns r ip addr add 10.87.1.1/24 dev eth0
	must in_ns r ip addr add fd87:1::1/64 dev eth0 nodad
	must in_ns r ip addr add 10.87.2.1/24 dev eth1
	must in_ns r ip addr add fd87:2::1/64 dev eth1 nodad
	must in_ns b ip addr add 10.87.2.2/24 dev eth0
	must in_ns b ip addr add fd87:2::2/64 dev eth0 nodad
	must in_ns a ip route add default via 10.87.1.1
	must in_ns a ip route add default via fd87:1::1
	must in_ns b ip route add default via 10.87.2.1
	must in_ns b ip route add default via fd87:2::1
	must in_ns r ip route add unreachable 10.87.3.0/24
	must in_ns r ip route add unreachable fd87:3::/64
	ok "neighbours are found" wait_until 3 reaches a 10.87.2.2
	ok "neighbours are found (IPv6)" wait_until 3 reaches a fd87:2::2
}

sockets_of() # raw|ping: which kind root's `ping` uses in a
{
	local groups="1 0"
	[ "$1" = raw ] || groups="0 0"
	must in_ns a sysctl -qw net.ipv4.ping_group_range="$groups"
}

about() # DESCRIPTION PROTOCOL SOURCE DESTINATION REPORTER: one ping, and the error about it
{
	is "$1: an error about that packet" \
		"$(query ping end protocol source destination reporter at_driver)" \
		"error $2 $3 $4 $5 false"
	is "$1: one packet" "$(query end pings)" 1
}

of_type() # DESCRIPTION TYPE CODE: all hops of the error, and it is made by icmp_send
{
	is "$1: type and code" "$(query ping.hops leg icmp_type icmp_code | grep ^error | sort -u)" \
		"error $2 $3"
	is "$1: it crosses to the sender" "$(hops net_dev_start_xmit error responder) \
$(hops netif_receive_skb error sender)" "1 1"
}

told() # DESCRIPTION ERRNO: the socket is
{
	is_set inet_sk_error_report || return 0
	is "$1: the socket is told $2" \
		"$(query ping.hops probe leg side errno | grep inet_sk_error_report | tail -n 1)" \
		"inet_sk_error_report error sender $2"
}

dropped() # DESCRIPTION SIDE FUNCTION...: the packet itself, there
{
	local where
	where=$(query ping.hops probe leg side location benign |
		awk '$1 == "kfree_skb" && $2 != "error" && $5 == "-" { print $3, $4 }' |
		sed 's/+.*//')
	if printf '%s\n' "${@:3}" | grep -qx -- "${where#* }" && [ "${where% *}" = "$2" ]; then
		pass "$1: the packet is dropped where the error is made"
	else
		fail "$1: the packet is dropped where the error is made" "got:  $where" "want: $2 ${*:3}"
	fi
}

xmit=("!__dev_queue_xmit|dev_queue_xmit" "!net_dev_queue" "!dev_hard_start_xmit" "!veth_xmit")
made=("icmp_push_reply" ip_append_data "!ip_push_pending_frames" "ip_local_out|__ip_local_out"
	"ip_output" "!ip_finish_output2" "${xmit[@]}")
# The tracepoint icmp_send is IPv4's.
made6=("!icmp6_send" ip6_append_data icmpv6_push_pending_frames "ip6_push_pending_frames" "ip6_send_skb"
	"ip6_output" "${xmit[@]}")
# ip_rcv -> ... -> icmp_pointers[type].handler -> the inner protocol's err_handler
taken=(ip_rcv ip_local_deliver ip_local_deliver_finish "!ip_protocol_deliver_rcu"
	"!icmp_rcv" "icmp_unreach" icmp_socket_deliver)
taken6=(ipv6_rcv ip6_input "!ip6_protocol_deliver_rcu" "!icmpv6_rcv"
	"icmpv6_notify")
udp_made=(ip_rcv ip_local_deliver "!ip_protocol_deliver_rcu"
	"udp_rcv|__udp4_lib_rcv" "!__icmp_send|icmp_send")
udp_taken=("udp_err" "__udp4_lib_err" "!sk_error_report|sock_def_error_report")
reported=() # the tracepoint of an error that a socket is told, which 5.10 has not

# 5: UDP to a closed port; a thread of the sender sleeps in recv().
test_port()
{
	trace "closed port" a --udp $port -- "$tools/udp" send 10.87.2.2 $port 8
	! is_set inet_sk_error_report || reported=("!inet_sk_error_report")
	grep -qx ECONNREFUSED "$errors" || fail "the client is told" "$(<"$errors")"
	about "closed port" udp 10.87.1.2 10.87.2.2 10.87.2.2
	of_type "closed port" 3 3
	told "closed port" ECONNREFUSED
	passes "closed port: made" "any responder" "${udp_made[@]}"
	passes "closed port: the error out" "any responder" "${made[@]}"
	passes "closed port: through the router" "error forwarder" ip_rcv ip_forward "ip_output"
	passes "closed port: taken" "error sender" "${taken[@]}" "${udp_taken[@]}" "${reported[@]}"
	dropped "closed port" responder __udp4_lib_rcv udp_rcv __udp4_lib_rcv.constprop
	is "closed port: the thread that sleeps in recv() is woken" \
		"$(query ping.hops probe leg side task syscall | grep sched_waking)" \
		"sched_waking error sender udp recvfrom"
	passes "closed port: it runs" "error sender" "!sched_waking" "!sched_switch"
	is "closed port: recv() fails" \
		"$(query ping.hops probe leg syscall errno | grep 'sys_exit error')" \
		"sys_exit error recvfrom ECONNREFUSED"
	is "closed port: the datagram's own write() does not" \
		"$(query ping.hops probe leg syscall result | grep 'sys_exit udp')" "sys_exit udp write 8"
}

test_port6()
{
	trace "closed port, IPv6" a --udp $port -- "$tools/udp" send fd87:2::2 $port 8
	about "closed port, IPv6" udp fd87:1::2 fd87:2::2 fd87:2::2
	of_type "closed port, IPv6" 1 4
	told "closed port, IPv6" ECONNREFUSED
	passes "closed port, IPv6: made" "any responder" ipv6_rcv ip6_input \
		"!ip6_protocol_deliver_rcu" "udpv6_rcv|__udp6_lib_rcv"
	passes "closed port, IPv6: the error out" "any responder" "${made6[@]}"
	passes "closed port, IPv6: taken" "error sender" "${taken6[@]}" \
		"udpv6_err|__udp6_lib_err" "!sk_error_report|sock_def_error_report"
}

test_unreachable()
{
	sockets_of raw
	trace "unreachable" a -- ping -n -c 1 -W $((2 * patience)) 10.87.3.1
	about "unreachable" icmp 10.87.1.2 10.87.3.1 10.87.1.1
	of_type "unreachable" 3 1
	told "unreachable" EHOSTUNREACH
	passes "unreachable: made" "any responder" "!ip_error" "!__icmp_send|icmp_send"
	passes "unreachable: the error out" "any responder" "${made[@]}"
	passes "unreachable: taken" "error sender" "${taken[@]}" "!raw_icmp_error|raw_err" \
		"!sk_error_report|sock_def_error_report" "${reported[@]}"
	passes "unreachable: read" "error sender" "${reported[@]}" recvmsg "!____sys_recvmsg" \
		inet_recvmsg "!raw_recvmsg" "!ip_recv_error" "!skb_copy_datagram_iovec"
	dropped "unreachable" responder ip_error
	sockets_of ping
	trace "unreachable, ping socket" a -- ping -n -c 1 -W $((2 * patience)) 10.87.3.1
	about "unreachable, ping socket" icmp 10.87.1.2 10.87.3.1 10.87.1.1
	of_type "unreachable, ping socket" 3 1
	told "unreachable, ping socket" EHOSTUNREACH
	passes "unreachable, ping socket: taken" "error sender" "${taken[@]}" "!ping_err" \
		"!sk_error_report|sock_def_error_report" "${reported[@]}"
	passes "unreachable, ping socket: read" "error sender" "${reported[@]}" recvmsg \
		"!ping_recvmsg" "!ip_recv_error" "!skb_copy_datagram_iovec"
}

test_exceeded()
{
	sockets_of raw
	trace "time exceeded" a -- ping -n -c 1 -t 1 -W $((2 * patience)) 10.87.2.2
	about "time exceeded" icmp 10.87.1.2 10.87.2.2 10.87.1.1
	of_type "time exceeded" 11 0
	told "time exceeded" EHOSTUNREACH
	passes "time exceeded: made" "any responder" ip_rcv "!ip_forward" \
		"!__icmp_send|icmp_send"
	passes "time exceeded: taken" "error sender" "${taken[@]}" "!raw_icmp_error|raw_err"
	dropped "time exceeded" responder ip_forward
	sockets_of ping
	trace "time exceeded, ping socket" a -- ping -n -c 1 -t 1 -W $((2 * patience)) 10.87.2.2
	about "time exceeded, ping socket" icmp 10.87.1.2 10.87.2.2 10.87.1.1
	passes "time exceeded, ping socket: taken" "error sender" "${taken[@]}" "!ping_err"
}

test_ipv6()
{
	sockets_of raw
	trace "unreachable, IPv6" a -- ping -n -c 1 -W $((2 * patience)) fd87:3::1
	about "unreachable, IPv6" icmpv6 fd87:1::2 fd87:3::1 fd87:1::1
	of_type "unreachable, IPv6" 1 0
	passes "unreachable, IPv6: the error out" "any responder" "${made6[@]}"
	passes "unreachable, IPv6: taken" "error sender" "${taken6[@]}" "!rawv6_err|raw6_icmp_error"
	trace "time exceeded, IPv6" a -- ping -n -c 1 -t 1 -W $((2 * patience)) fd87:2::2
	about "time exceeded, IPv6" icmpv6 fd87:1::2 fd87:2::2 fd87:1::1
	of_type "time exceeded, IPv6" 3 0
	passes "time exceeded, IPv6: made" "any responder" ipv6_rcv "!ip6_forward"
	passes "time exceeded, IPv6: the error out" "any responder" "${made6[@]}"
	passes "time exceeded, IPv6: taken" "error sender" "${taken6[@]}" "!rawv6_err|raw6_icmp_error"
	sockets_of ping
	trace "time exceeded, IPv6, ping socket" a -- ping -n -c 1 -t 1 -W $((2 * patience)) fd87:2::2
	passes "time exceeded, IPv6, ping socket: taken" "error sender" "${taken6[@]}" "!ping_err"
}

setup
test_port
test_port6
test_unreachable
test_exceeded
test_ipv6
test_end
