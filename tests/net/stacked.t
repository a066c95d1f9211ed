#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# An interface and one above it: a bridge and its port, a macvlan and the device that it is on.
# Attached from below, replaced, explained where the kernel calls it busy, detached from the top.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

local4=10.84.0.1 peer4=10.84.0.2

setup()
{
	ns_add a b
	ns_join a eth0 b eth0
	must in_ns a ip addr add $peer4/24 dev eth0
}

above() # NAME: eth0 below it, with the address that is pinged
{
	must in_ns b ip link set "$1" up
	must in_ns b ip addr add $local4/24 dev "$1"
	must in_ns a ip neigh flush dev eth0
	ok "$1: up" wait_until 5 reaches a $local4
}

attached()
{
	state_of b | paste -sd ' '
}

stack_of() # UPPER: and eth0
{
	local upper=$1
	ok "$upper: attach alone" in_ns b "$ICMPX" attach "$upper" --any-interface --lease 3600
	warms "$upper" b "$upper" reaches a $local4
	in_ns b "$ICMPX" doctor "$upper" >"$test_dir/out"
	ok "$upper: doctor names what is below" grep -qE "below it +eth0 \(veth" "$test_dir/out"
	in_ns b "$ICMPX" doctor eth0 >"$test_dir/out"
	ok "$upper: doctor names what is above" grep -qE "above it +$upper " "$test_dir/out"
	if in_ns b "$ICMPX" attach eth0 >"$test_dir/out" 2>&1; then
		ok "$upper: the one below afterwards" kernel_before 5.15
		must in_ns b "$ICMPX" detach eth0
	else
		ok "$upper: the one below afterwards is refused, and why" \
			grep -q "eth0: $upper above it has an XDP program" "$test_dir/out"
		is "$upper: nothing is left of it" "$(attached)" attached
		is "$upper: nor of its qdisc" "$(in_ns b tc qdisc show dev eth0 clsact)" ""
	fi
	ok "$upper: goes on" at_driver b "$upper" reaches a $local4
	ok "$upper: replaced" in_ns b "$ICMPX" attach "$upper" --any-interface --lease 3600
	ok "$upper: goes on, replaced" at_driver b "$upper" reaches a $local4
	ok "$upper: detach" in_ns b "$ICMPX" detach "$upper"
}

attaches() # IFACE... OPTION...: its messages are kept
{
	in_ns b "$ICMPX" attach "$@" 2>"$test_dir/err"
}

both() # UPPER
{
	local upper=$1
	ok "$upper and eth0: in one command, whatever the order" \
		attaches "$upper" eth0 --any-interface --lease 3600
	ok "$upper and eth0: that the lower one is held" grep -q "warning: $upper: eth0 below it" \
		"$test_dir/err"
	warms "$upper and eth0: the first to see it" b eth0 reaches a $local4
	if ! kernel_before 5.15; then
		ok "$upper and eth0: replace the lower one" complains 1 "$upper above it" \
			in_ns b "$ICMPX" attach eth0
		ok "$upper and eth0: detach the lower one" complains 1 "$upper above it" \
			in_ns b "$ICMPX" detach eth0
		is "$upper and eth0: both as they were" "$(attached)" "attached attached"
		ok "$upper and eth0: still at the driver" at_driver b eth0 reaches a $local4
	fi
	ok "$upper and eth0: detach --all" in_ns b "$ICMPX" detach --all
	is "$upper and eth0: both are gone" "$(attached)" ""
	ok "$upper and eth0: by the kernel" reaches a $local4
}

bridge()
{
	must in_ns b ip link add br0 type bridge
	must in_ns b ip link set eth0 master br0
	above br0
	stack_of br0
	both br0
	must in_ns b ip link del br0
}

macvlan()
{
	must in_ns b ip link add link eth0 name mv0 type macvlan mode bridge
	above mv0
	stack_of mv0
	both mv0
	must in_ns b ip link del mv0
}

three()
{
	must in_ns b ip link add br0 type bridge
	must in_ns b ip link add link br0 name mv0 type macvlan mode bridge
	must in_ns b ip link set eth0 master br0
	must in_ns b ip link set br0 up
	above mv0
	ok "three: attach" in_ns b "$ICMPX" attach mv0 eth0 br0
	is "three: attached" "$(attached)" "attached attached attached"
	if ! kernel_before 5.15; then
		ok "three: the uppermost is named" complains 1 "detach mv0 first" \
			in_ns b "$ICMPX" detach eth0
	fi
	ok "three: detach --all" in_ns b "$ICMPX" detach --all
	is "three: gone" "$(attached)" ""
}

# Which VLAN tags XDP does not see: two switches, one of which is often forgotten.
tags_are() # DESCRIPTION WORDS 802.1Q 802.1AD: on or off
{
	must in_ns b ethtool -K eth0 rxvlan "$3" rx-vlan-stag-hw-parse "$4"
	in_ns b "$ICMPX" doctor eth0 >"$test_dir/out"
	ok "$1" grep -qE "VLAN tags +$2" "$test_dir/out"
	is "$1: as JSON" "$(in_ns b "$ICMPX" doctor --json eth0 |
		"$tools/json" interface service_tags_stripped)" "$([ "$4" = on ] && echo true || echo false)"
}

tags()
{
	if ! command -v ethtool >/dev/null; then
		pass "VLAN tags # SKIP ethtool: ENOENT"
		return
	fi
	tags_are "both taken off" "taken off .*rxvlan off rx-vlan-stag-hw-parse off" on on
	tags_are "802.1ad taken off" "seen by XDP, but those of 802.1ad are taken off" off on
	tags_are "802.1Q taken off" "taken off .*rxvlan off\\)" on off
	tags_are "none taken off" "seen by XDP$" off off
}

test_begin stacked
setup
tags
bridge
macvlan
three
test_end
