#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# icmpx trace: where a packet dies, why, what usually causes it, and how to look further.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

test_begin_seeing trace-drops
# shellcheck source=tests/net/trace_lib.sh
. "${0%/*}/trace_lib.sh"

local4=10.87.0.2 peer4=10.87.0.1 local6=fd87::2 peer6=fd87::1

setup()
{
	ns_add a b
	ns_join a eth0 b eth0
	must in_ns a ip addr add $local4/24 dev eth0
	must in_ns b ip addr add $peer4/24 dev eth0
	must in_ns a ip addr add $local6/64 dev eth0 nodad
	must in_ns b ip addr add $peer6/64 dev eth0 nodad
	must in_ns a ip route add default via $peer4
	must in_ns b sysctl -qw net.ipv4.ip_forward=1
	in_ns a sysctl -qw net.ipv4.neigh.eth0.mcast_solicit=1 net.ipv6.neigh.eth0.mcast_solicit=1 \
		net.ipv4.neigh.eth0.retrans_time_ms=50 net.ipv6.neigh.eth0.retrans_time_ms=50
}

filter() # NAME HOOK RULE
{
	must in_ns "$1" nft "
		table inet trace {
			chain trace {
				type filter hook $2 priority 0;
				$3
			}
		}"
}

unfilter() # NAME
{
	must in_ns "$1" nft delete table inet trace
}

pings() # ADDRESS PING-OPTION...
{
	trace "$what" a -- ping -n -q -c 1 -W "$ping_wait" "${@:2}" "$1"
}

kernel_knows() # REASON
{
	grep -qx "SKB_DROP_REASON_$1" <<<"$reasons"
}

flat_text() # lines that were wrapped are one again
{
	tr -s ' \n' ' ' <"$text"
}

says() # WORDS
{
	[[ $(flat_text) = *"$1"* ]]
}

drops() # of those that are some: "LOCATION REASON"
{
	query ping.hops probe benign location reason | sed -n 's/^kfree_skb - //p'
}

# One drop, in one of FUNCTIONS ("a|b": kernels differ), for REASON. Where the kernel gives none,
# the function alone tells what usually causes it: less exactly, in the last words.
dropped() # END SIDE FUNCTIONS REASON CAUSE-WORDS [WORDS-WITHOUT-REASON]
{
	local location reason cause=$5
	read -r location reason <<<"$(drops)"
	is "$what: end" "$(query ping end)" "$1"
	is "$what: one drop" "$(drops | wc -l)" 1
	is "$what: on the side of" "$(query ping.hops probe benign side | sed -n 's/^kfree_skb - //p')" "$2"
	if [[ $location =~ ^($3)\+0x[0-9a-f]+$ ]]; then
		pass "$what: where"
	else
		fail "$what: where" "$location"
	fi
	ok "$what: text: where" says "dropped in $location"
	if kernel_knows "$4"; then
		is "$what: why" "$reason" "$4"
		ok "$what: text: why" says "($4)"
	elif ! kernel_knows NOT_SPECIFIED; then
		cause=${6:-$5}
		is "$what: why is not known" "${reason:--}" -
		ok "$what: text: that it is not" says "dropped in $location (this kernel gives no reason)"
	fi
	ok "$what: text: what usually causes it" says "$cause"
	ok "$what: text: how to look further" says "look further: "
}

checksum()
{
	what="checksum"
	filter a output 'icmp type echo-request @th,16,16 set 0xdead'
	pings $peer4
	unfilter a
	dropped dropped responder icmp_rcv ICMP_CSUM "checksum is wrong" "wrong ICMP checksum"
	what="IPv6: checksum"
	filter a output 'icmpv6 type echo-request @th,16,16 set 0xdead'
	pings $peer6
	unfilter a
	dropped dropped responder icmpv6_rcv ICMP_CSUM "checksum is wrong" "wrong ICMPv6 checksum"
}

netfilter()
{
	local functions='nft_do_chain|nf_hook_slow'
	what="netfilter, where it comes in"
	filter b input 'icmp type echo-request drop'
	pings $peer4
	unfilter b
	dropped dropped responder "$functions" NETFILTER_DROP "a firewall rule dropped it" \
		"a firewall rule refused it"
	what="netfilter, the reply where it leaves"
	filter b output 'icmp type echo-reply drop'
	pings $peer4
	unfilter b
	dropped dropped responder "$functions" NETFILTER_DROP "a firewall rule dropped it" \
		"a firewall rule refused it"
	what="IPv6: netfilter, the reply where it comes in"
	filter a input 'icmpv6 type echo-reply drop'
	pings $peer6
	unfilter a
	dropped dropped sender "$functions" NETFILTER_DROP "a firewall rule dropped it" \
		"a firewall rule refused it"
	what="netfilter, where it leaves"
	filter a output 'icmp type echo-request drop'
	pings $peer4
	unfilter a
	dropped dropped sender "$functions" NETFILTER_DROP "a firewall rule dropped it" \
		"a firewall rule refused it"
	ok "$what: what the system call returned" says "sendto: EPERM"
}

routes()
{
	must in_ns a ip addr add 10.87.7.1/32 dev lo
	must in_ns b sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.eth0.rp_filter=1
	what="rp_filter"
	pings $peer4 -I 10.87.7.1
	dropped dropped responder 'ip_rcv_finish_core|ip_rcv_finish|ip_sublist_rcv' IP_RPFILTER "(rp_filter)"
	what="no route"
	pings 10.87.9.9
	dropped error responder ip_error IP_INNOROUTES "no route to its destination"
	is "$what: the error" "$(query ping reporter)" $peer4
	must in_ns b ip route add 10.87.8.0/24 via 10.87.0.3
	what="TTL exceeded"
	pings 10.87.8.9 -t 1
	dropped error responder ip_forward IP_INHDR "its TTL ran out" "TTL ran out"
	ok "$what: the error" says "time exceeded in transit, from $peer4"
	what="no neighbour"
	pings 10.87.0.77 -W 1
	dropped error sender 'neigh_invalidate|arp_error_report' NEIGH_FAILED "MAC address"
	what="IPv6: no neighbour"
	pings fd87::77 -W 1
	is "$what: end" "$(query ping end reporter)" "error $local6"
	ok "$what: it waited for it" has_hop neigh_event_send_done request sender
}

no_socket()
{
	what="UDP: no socket"
	trace "$what" a --udp 9999 -- bash -c "echo >/dev/udp/$peer4/9999"
	dropped error responder '__udp4_lib_rcv|udp_rcv|udp_unicast_rcv_skb' NO_SOCKET "no socket wants it" \
		"nobody has that UDP port"
	what="UDP, IPv6: no socket"
	trace "$what" a --udp 9999 -- bash -c "echo >/dev/udp/$peer6/9999"
	dropped error responder '__udp6_lib_rcv|udpv6_rcv|icmp6_send' NO_SOCKET "no socket wants it" \
		"nobody has that UDP port"
}

deaf() # NAME udp PORT | ping ID: in the background, there when this returns
{
	rm -f "$test_dir/deaf"
	nsenter --net="$(ns_path "$1")" "$tools/deaf" "${@:2}" >"$test_dir/deaf" 2>&1 &
	listener=$!
	wait_until 5 grep -q ready "$test_dir/deaf" || bail "deaf: $(cat "$test_dir/deaf")"
}

full_buffers()
{
	local listener
	what="socket buffer full"
	deaf b udp 9999
	must in_ns a bash -c "for ((i = 0; i < 20; i++)); do printf %1000d 1 >/dev/udp/$peer4/9999; done"
	trace "$what" a --udp 9999 -- bash -c "printf %1000d 1 >/dev/udp/$peer4/9999"
	kill "$listener"
	dropped dropped responder \
		'udp_queue_rcv_one_skb|__udp_queue_rcv_skb|udp_queue_rcv_skb|__udp_enqueue_schedule_skb' \
		SOCKET_RCVBUFF "receive buffer is full" "receive buffer full"
	# It is another one's who has the same identifier; the pinging process gets it nevertheless.
	what="ping socket's buffer full"
	must in_ns a sysctl -qw net.ipv4.ping_group_range="0 0"
	deaf a ping 555
	must in_ns a sysctl -qw net.ipv4.ping_group_range="1 0"
	must in_ns a ping -n -q -c 20 -i 0.01 -s 1000 -e 555 $peer4
	trace "$what" a -- ping -n -q -c 1 -s 1000 -e 555 $peer4
	kill "$listener"
	is "$what: end" "$(query ping end socket)" "complete raw"
	# shellcheck disable=SC2016 # awk's
	ok "$what: its limits" awk '$1 == "sock_rcvqueue_full" && $2 >= $3 && $3 > 0 { found = 1 }
		END { exit !found }' <(query ping.hops probe queue_bytes queue_limit)
}

# What looks like a drop and is none; and what is not answered without being dropped.
no_drops()
{
	local address
	for address in $peer4 $peer6; do
		what="clone for nobody, $address"
		pings "$address"
		is "$what: end" "$(query ping end socket)" "complete raw"
		is "$what: no drop" "$(drops)" ""
		ok "$what: text: none" not says "dropped in"
		[ "$(query ping.hops probe | grep -c kfree_skb)" = 0 ] ||
			ok "$what: benign" grep -q "(benign)" \
				<("$ICMPX" trace --replay "$test_dir/recording" -v | tr -s ' \n' ' ')
	done
	what="echo_ignore_all"
	must in_ns b sysctl -qw net.ipv4.icmp_echo_ignore_all=1
	pings $peer4
	must in_ns b sysctl -qw net.ipv4.icmp_echo_ignore_all=0
	is "$what: end" "$(query ping end)" no_reply
	is "$what: no drop" "$(drops)" ""
	ok "$what: came to icmp_rcv" says "icmp_rcv"
}

reasons=$(bpftool btf dump file /sys/kernel/btf/vmlinux | grep -oE 'SKB_DROP_REASON_[A-Z0-9_]+')
setup
checksum
netfilter
routes
no_socket
full_buffers
no_drops
test_end
