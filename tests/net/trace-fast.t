#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `icmpx trace` shows the replies that the fast path makes, beside those of the kernel.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

test_begin_seeing trace-fast
# shellcheck source=tests/net/trace_lib.sh
. "${0%/*}/trace_lib.sh"

facts() # DESCRIPTION
{
	is "$1: complete, at the driver" "$(query ping end at_driver sender_netns responder_netns)" \
		"complete true ${ns_inode[a]} ${ns_inode[b]}"
	is "$1: one hop is the answer" "$(hops xdp_reply request responder)" 1
	is "$1: on the responder's device" "$(query ping.hops probe device | grep xdp_reply)" \
		"xdp_reply eth0"
	ok "$1: the text says so" grep -q "answered at the driver (XDP, icmpx)" "$text"
	is "$1: no receive stack, no ICMP there" \
		"$(passed_of '^(icmp_echo|icmp_reply|icmpv6_echo_reply|icmp_push_reply)$')" ""
	is "$1: nothing is sent by the responder's stack" "$(hops net_dev_queue reply responder)" 0
	ok "$1: the answer is a stage" has_stage xdp request responder
	is "$1: shorter: these stages are not there" \
		"$(query ping.stages stage side | grep -E '^(icmp|transmit|receive|queue) responder')" ""
}

by_xdp() # DESCRIPTION ADDRESS SEND RECEIVE READ
{
	trace "$1" a -- ping -n -c 1 "$2"
	facts "$1"
	passes "$1: sent as ever" "request sender" sendto "!$3" "!net_dev_queue" "!net_dev_start_xmit"
	passes "$1: received as ever" "reply sender" "!netif_receive_skb" "$4" "!sock_def_readable"
	passes "$1: read as ever" "reply sender" recvmsg "!$5" "!skb_copy_datagram_iovec"
}

by_stack() # DESCRIPTION ADDRESS PING-OPTION...
{
	trace "$1" a -- ping -n -c 1 "${@:3}" "$2"
	is "$1: complete, by the kernel" "$(query ping end at_driver)" "complete false"
	is "$1: no answer at the driver" "$(hops xdp_reply request responder)" 0
	ok "$1: ICMP is a stage" has_stage icmp request responder
	is "$1: icmp_echo was passed" "$(times_passed 'icmp_echo|icmpv6_echo_reply')" 1
}

ns_add a b
ns_join a eth0 b eth0
must in_ns a ip addr add 10.88.0.2/24 dev eth0
must in_ns a ip addr add fd88::2/64 dev eth0 nodad
must in_ns b ip addr add 10.88.0.1/24 dev eth0
must in_ns b ip addr add fd88::1/64 dev eth0 nodad
must in_ns a sysctl -qw net.ipv4.ping_group_range="1 0"
ok "neighbours are found" wait_until 3 reaches a 10.88.0.1
ok "neighbours are found (IPv6)" wait_until 3 reaches a fd88::1
by_stack "not attached" 10.88.0.1
attach b eth0 --lease 3600 # to the end, however slow the machine
warms "IPv4" b eth0 reaches a 10.88.0.1
warms "IPv6" b eth0 reaches a fd88::1
by_xdp "IPv4" 10.88.0.1 raw_sendmsg raw_rcv raw_recvmsg
by_xdp "IPv6" fd88::1 rawv6_sendmsg rawv6_rcv rawv6_recvmsg
by_stack "fragments" 10.88.0.1 -s 4000
must in_ns a sysctl -qw net.ipv4.ping_group_range="0 0"
by_xdp "ping socket" 10.88.0.1 ping_v4_sendmsg ping_rcv ping_recvmsg
count=${ICMPX_VM:+30} # emulation is slow
count=${count:-200}
trace "flood" a -- ping -n -q -f -c "$count" 10.88.0.1
is "flood: all of them, at the driver" "$(query ping end at_driver | sort | uniq -c | tr -s ' ')" \
	" $count complete true"
must in_ns b "$ICMPX" detach eth0
by_stack "detached" 10.88.0.1
test_end
