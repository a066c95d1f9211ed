#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `icmpx trace` shows the documented call paths of a ping, live: over raw and ping sockets,
# IPv4 and IPv6, sender and responder, through a router, with each client.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

test_begin_seeing trace-paths
# shellcheck source=tests/net/trace_lib.sh
. "${0%/*}/trace_lib.sh"
# shellcheck source=tests/net/trace_paths.sh
. "${0%/*}/trace_paths.sh"

# a - r - b
setup()
{
	ns_add a r b
	ns_join a eth0 r eth0
	ns_join r eth1 b eth0
	must in_ns r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	must in_ns a ip addr add 10.84.1.2/24 dev eth0
	must in_ns a ip addr add fd84:1::2/64 dev eth0 nodad
	must in_ns r ip addr add 10.84.1.1/24 dev eth0
	must in_ns r ip addr add fd84:1::1/64 dev eth0 nodad
	must in_ns r ip addr add 10.84.2.1/24 dev eth1
	must in_ns r ip addr add fd84:2::1/64 dev eth1 nodad
	must in_ns b ip addr add 10.84.2.2/24 dev eth0
	must in_ns b ip addr add fd84:2::2/64 dev eth0 nodad
	must in_ns a ip route add default via 10.84.1.1
	must in_ns a ip route add default via fd84:1::1
	must in_ns b ip route add default via 10.84.2.1
	must in_ns b ip route add default via fd84:2::1
}

sockets_of() # raw|ping: which kind root's `ping` uses in a
{
	local groups="1 0"
	[ "$1" = raw ] || groups="0 0"
	must in_ns a sysctl -qw net.ipv4.ping_group_range="$groups"
}

neighbours_known() # what follows need not ask
{
	ok "neighbours are found" wait_until 3 reaches a 10.84.2.2
	ok "neighbours are found (IPv6)" wait_until 3 reaches a fd84:2::2
	ok "the router's own address" wait_until 3 reaches a 10.84.1.1
	ok "the router's own address (IPv6)" wait_until 3 reaches a fd84:1::1
}

complete() # DESCRIPTION FAMILY PROTOCOL SOURCE DESTINATION SOCKET: one ping, with its facts
{
	is "$1: one ping, with both ends" \
		"$(query ping end family protocol source destination socket \
			sender_netns responder_netns at_driver duplicate lost)" \
		"complete $2 $3 $4 $5 $6 ${ns_inode[a]} ${ns_inode[${7:-r}]} false false 0"
	is "$1: by that process" "$(query ping process | grep -o '"name": *"[^"]*"')" \
		"\"name\": \"${8:-ping}\""
}

# 1: raw-socket sender; 2: responder
test_raw()
{
	sockets_of raw
	trace "raw socket" a -- ping -n -c 1 10.84.1.1
	complete "raw socket" ipv4 icmp 10.84.1.2 10.84.1.1 raw
	passes_raw
	is "one request, one reply" "$(times_passed icmp_rcv) $(times_passed icmp_echo) \
$(times_passed ping_rcv)" "2 1 1"
	is "what only looks like a drop is benign" \
		"$(query ping.hops probe benign | grep kfree_skb | grep -cv true)" 0
	is "nothing was forwarded" "$(passed_of '^ip_forward')" ""
	is "it begins with the system call" \
		"$(query ping.hops probe leg side | grep -v _socket | grep -v create |
			grep -v sk_init | head -n 1)" "sys_enter request sender"
	is "and says what that returned" \
		"$(query ping.hops probe leg syscall result | grep -x 'sys_exit request sendto.*')" \
		"sys_exit request sendto 64"
	is "84 bytes with their headers are copied" \
		"$(query ping.hops probe copied_bytes | grep copy_datagram_iovec)" \
		"skb_copy_datagram_iovec 84"
}

# 3: ping sockets
test_ping_socket()
{
	sockets_of ping
	trace "ping socket" a -- ping -n -c 1 10.84.1.1
	complete "ping socket" ipv4 icmp 10.84.1.2 10.84.1.1 ping
	passes_ping
	is "64 bytes without the IP header are copied" \
		"$(query ping.hops probe copied_bytes | grep copy_datagram_iovec)" \
		"skb_copy_datagram_iovec 64"
	is "no raw socket has a part in it" "$(passed_of '^(raw_rcv|raw_sendmsg|raw_recvmsg)$')" ""
}

test_raw6()
{
	sockets_of raw
	trace "raw socket, IPv6" a -- ping -n -c 1 fd84:1::1
	complete "raw socket, IPv6" ipv6 icmpv6 fd84:1::2 fd84:1::1 raw
	passes_raw6
	is "no IPv4 function has a part in it" \
		"$(passed_of '^(ip_rcv|icmp_rcv|icmp_echo|icmp_reply|ip_output|raw_rcv|raw_sendmsg)$')" ""
}

test_ping_socket6()
{
	sockets_of ping
	trace "ping socket, IPv6" a -- ping -n -c 1 fd84:1::1
	complete "ping socket, IPv6" ipv6 icmpv6 fd84:1::2 fd84:1::1 ping
	passes_ping6
}

test_clients()
{
	sockets_of raw
	trace "fping" a -- fping -q -c 1 10.84.1.1
	complete "fping" ipv4 icmp 10.84.1.2 10.84.1.1 raw r fping
	passes "fping: sends" "request sender" sendto "!raw_sendmsg" "!ip_push_pending_frames"
	passes "fping: reads" "reply sender" "!raw_rcv" "raw_recvmsg" "${copies[@]}"
	if expected_here sock_poll; then
		ok "fping: waits in poll" [ "$(times_passed sock_poll)" -gt 0 ]
		ok "fping: which asks the socket" [ "$(times_passed 'datagram_poll')" -gt 0 ]
	fi
	trace "busybox" a -- busybox ping -c 1 10.84.1.1
	complete "busybox" ipv4 icmp 10.84.1.2 10.84.1.1 raw r busybox
	passes "busybox: sends" "request sender" "!__sys_sendto" "!raw_sendmsg"
	passes "busybox: reads" "reply sender" "!raw_rcv" recvfrom "!__sys_recvfrom" \
		"raw_recvmsg" "${copies[@]}"
	sockets_of ping
	must cp "$(command -v fping)" "$test_dir/fping" # without the capability of the file
	trace "fping, ping socket" a -- setpriv --bounding-set=-net_raw "$test_dir/fping" -q -c 1 \
		10.84.1.1
	complete "fping, ping socket" ipv4 icmp 10.84.1.2 10.84.1.1 ping r fping
	trace "three at once" a -- fping -q -c 3 -p 10 10.84.1.1 10.84.2.2
	is "three at once: six pings" "$(query end pings)" 6
	is "three at once: each with its own number" \
		"$(query ping end destination id seq | sort -u | cut -d ' ' -f 1,2 | uniq -c |
			tr -s ' \n' ' ')" " 3 complete 10.84.1.1 3 complete 10.84.2.2 "
}

# Equally deep in the kernel, as far as the sockets go.
test_both_sockets()
{
	local probe
	sockets_of ping
	trace "both kinds of sockets" a -- sh -c 'busybox ping -c 1 10.84.1.1 && ping -n -c 1 10.84.1.1 &&
		busybox ping6 -c 1 fd84:1::1 && ping -n -c 1 fd84:1::1'
	for probe in sk_data_ready skb_copy_datagram_iovec; do
		! is_set $probe || is "both kinds of sockets: $probe has its call path" \
			"$(query ping.hops probe leg path | grep -c "$probe reply") $(query ping.hops \
				probe leg path | grep "$probe reply" | sort -u | wc -l)" "4 4"
	done
}

test_forwarder()
{
	sockets_of raw
	trace "router" a -- ping -n -c 1 10.84.2.2
	complete "router" ipv4 icmp 10.84.1.2 10.84.2.2 raw b
	passes "router: the request" "request forwarder" "${receives[@]}" ip_rcv \
		ip_forward "ip_output" "!ip_finish_output2" "${xmit[@]}"
	passes "router: answered behind it" "any responder" ip_local_deliver "!icmp_rcv" \
		"!icmp_echo"
	passes "router: the reply" "reply forwarder" "${receives[@]}" ip_rcv ip_forward \
		"ip_output" "${xmit[@]}"
	passes "router: back" "reply sender" ip_local_deliver "!raw_rcv" "!icmp_rcv" recvmsg
	ok "router: forwarding is a stage" has_stage forward request forwarder
	ok "router: and of the reply" has_stage forward reply forwarder
	is "router: its hops name its namespace" \
		"$(query ping.hops side netns | grep forwarder | sort -u)" "forwarder ${ns_inode[r]}"
	trace "router, IPv6" a -- ping -n -c 1 fd84:2::2
	complete "router, IPv6" ipv6 icmpv6 fd84:1::2 fd84:2::2 raw b
	passes "router, IPv6: the request" "request forwarder" "${receives[@]}" ipv6_rcv \
		ip6_forward "ip6_output" "${xmit[@]}"
	passes "router, IPv6: the reply" "reply forwarder" ipv6_rcv ip6_forward "${xmit[@]}"
}

test_fragments()
{
	local fragments=3 # 4008 bytes at an MTU of 1500
	sockets_of raw
	trace "fragments" a -- ping -n -c 1 -s 4000 10.84.1.1
	complete "fragments" ipv4 icmp 10.84.1.2 10.84.1.1 raw
	is "fragments: each leaves" "$(hops net_dev_start_xmit request sender)" $fragments
	is "fragments: each arrives" "$(hops netif_receive_skb request responder)" $fragments
	is "fragments: and of the reply" "$(hops net_dev_start_xmit reply responder) \
$(hops netif_receive_skb reply sender)" "$fragments $fragments"
	is "fragments: marked as such" \
		"$(query ping.hops probe fragment | grep -c 'net_dev_start_xmit true')" $((2 * fragments))
	is "fragments: one packet again where ICMP takes it" \
		"$(times_passed icmp_rcv) $(times_passed icmp_echo) $(times_passed raw_rcv)" "2 1 1"
	is "fragments: read as one" "$(query ping.hops copied_bytes | grep -v -- -)" 4028
}

setup
neighbours_known
test_raw
test_ping_socket
test_raw6
test_ping_socket6
test_clients
test_both_sockets
test_forwarder
test_fragments
test_end
