#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# icmpx trace --ping: it sends them itself, and joins them with what it sees; without any privilege
# it has their time stamps.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

peer4=10.90.0.1 peer6=fd90::1

setup()
{
	ns_add a b
	ns_join a eth0 b eth0
	must in_ns a ip addr add 10.90.0.2/24 dev eth0
	must in_ns b ip addr add $peer4/24 dev eth0
	must in_ns a ip addr add fd90::2/64 dev eth0 nodad
	must in_ns b ip addr add $peer6/64 dev eth0 nodad
	must in_ns a sysctl -qw net.ipv4.ping_group_range="1 0" net.ipv4.neigh.eth0.mcast_solicit=1 \
		net.ipv4.neigh.eth0.retrans_time_ms=50
	chmod 755 "$test_dir"
	cp "$ICMPX" "$test_dir/icmpx" # where anybody may run it
}

described()
{
	[ ! -x /usr/bin/perl ] || "${0%/*}/schema_check" <"$test_dir/json"
}

query() # TYPE[.LIST] MEMBER...
{
	"$tools/ndjson" "$@" <"$test_dir/json"
}

# `as` runs it.
as=()
send() # OPTION...
{
	in_ns a "${as[@]}" timeout $((20 * patience)) "$test_dir/icmpx" trace --json "$@" \
		>"$test_dir/json" 2>"$test_dir/errors"
	result=$?
}

has_hop() # PROBE LEG SIDE
{
	query ping.hops probe leg side | grep -qx "$*"
}

# All of them, joined: user space, kernel, and the other side.
joined() # DESCRIPTION COUNT SOCKET BYTES
{
	local hop
	is "$1: exit status" "$result" 0
	ok "$1: as described" described
	is "$1: pings" "$(query ping end socket bytes | sort | uniq -c | xargs)" "$2 complete $3 $4"
	is "$1: who sends" "$(query ping process | grep -c '"name": "icmpx"')" "$2"
	is "$1: nothing else" "$(query end orphans)" 0
	[ "$(query header backend)" != none ] || return
	for hop in "user_send request sender" "net_dev_queue request sender" \
		"netif_receive_skb request responder" "net_dev_queue reply responder" \
		"netif_receive_skb reply sender" "skb_copy_datagram_iovec reply sender" \
		"user_receive reply sender"; do
		# shellcheck disable=SC2086 # words
		ok "$1: $hop" has_hop $hop
	done
}

targets()
{
	local link_local
	send --ping $peer4 -c 3 -i 0.01
	joined "IPv4" 3 raw 84
	is "IPv4: sequence" "$(query ping seq | xargs)" "$(query ping seq | sort -n | xargs)"
	send --ping $peer6 -c 3 -i 0.01
	joined "IPv6" 3 raw 104
	link_local=$(in_ns b ip -o -6 addr show dev eth0 scope link | sed 's/.* inet6 \([^/]*\).*/\1/')
	send --ping "$link_local%eth0" -c 1
	joined "link-local" 1 raw 104
	is "link-local: to" "$(query ping destination)" "$link_local"
	if getent hosts localhost >/dev/null; then
		send --ping localhost -c 2 -i 0.01
		is "a name" "$result $(query ping end | xargs)" "0 complete complete"
	fi
	send --ping $peer4 -c 1 -s 0
	joined "no data" 1 raw 28
	send --ping $peer4 -c 1 -s 1472
	joined "a full frame" 1 raw 1500
	must in_ns a sysctl -qw net.ipv4.ping_group_range="0 2147483647"
	send --ping $peer4 -c 2 -i 0.01
	joined "ping socket" 2 ping 84
	send --ping $peer6 -c 2 -i 0.01
	joined "ping socket, IPv6" 2 ping 104
}

interval()
{
	send --ping $peer4 -c 2 -i 0.6
	is "-i: that far apart" "$(query ping first_ns | sort -n |
		awk 'NR > 1 && $1 - last < 300000000 { print $1 - last } { last = $1 }')" ""
}

# Beside somebody else's flood of the same host.
alone()
{
	local flooder
	nsenter --net="$(ns_path a)" ping -n -f -q -w 60 $peer4 >/dev/null &
	flooder=$!
	send --ping $peer4 -c 5 -i 0.02 --record "$test_dir/recording"
	kill $flooder
	is "beside a flood: its own pings" "$result $(query ping end | sort | uniq -c | xargs)" "0 5 complete"
	is "beside a flood: of one identifier" \
		"$("$tools/recorded" "$test_dir/recording" | cut -d ' ' -f 3 | sort -u | wc -l)" 1
}

no_reply()
{
	must in_ns b sysctl -qw net.ipv4.icmp_echo_ignore_all=1
	send --ping $peer4 -c 2 -i 0.01 --timeout 0.2
	must in_ns b sysctl -qw net.ipv4.icmp_echo_ignore_all=0
	is "no reply: exit status" $result 1
	is "no reply: pings" "$(query ping end | sort | uniq -c | xargs)" "2 no_reply"
	ok "no reply: as described" described
	send --ping 10.90.0.77 -c 1 --timeout 2
	is "no such host: exit status" $result 1
	is "no such host: the error" "$(query ping end reporter)" "error 10.90.0.2"
}

one_line() # WORDS: on standard error, exit status 1, nothing else
{
	cat "$test_dir/errors"
	[ "$result" = 1 ] && [ ! -s "$test_dir/json" ] && [ "$(wc -l <"$test_dir/errors")" = 1 ] &&
		grep -q -- "$1" "$test_dir/errors"
}

refusals()
{
	send --ping nosuch.invalid -c 1
	ok "a name that is none" one_line "nosuch.invalid"
	send --ping 300.1.1.1 -c 1
	ok "an address that is none" one_line "300.1.1.1"
	send --ping fe80::1 -c 1
	ok "link-local without a device" one_line "link-local"
	send --ping fe80::1%nope -c 1
	ok "a device that there is not" one_line "nope"
	send --ping 192.0.2.1 -c 1
	is "no route: exit status" $result 1
}

stages()
{
	query ping.stages stage leg | sort -u | xargs
}

unprivileged()
{
	local address
	as=(setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all)
	for address in $peer4 $peer6; do
		send --ping "$address" -c 3 -i 0.01
		is "without privilege, $address: exit status" $result 0
		is "without privilege, $address: backend" "$(query header backend probes stacks)" "none 0 never"
		ok "without privilege, $address: why" grep -q "CAP_BPF" <(query header why)
		ok "without privilege, $address: as described" described
		is "without privilege, $address: pings" "$(query ping end | uniq -c | xargs)" "3 complete"
		is "without privilege, $address: its stages" "$(stages)" \
			"queue request receive reply send request wire request"
	done
	send --ping $peer4 -c 1 --backend tp
	ok "without privilege, a backend is wanted" one_line CAP_BPF
	must in_ns a sysctl -qw net.ipv4.ping_group_range="1 0"
	send --ping $peer4 -c 1
	ok "without even a ping socket" one_line ping_group_range
	as=()
}

test_begin_seeing trace-ping
setup
targets
interval
alone
no_reply
refusals
unprivileged
test_end
