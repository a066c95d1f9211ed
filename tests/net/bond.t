#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A bond whose ports are not all active, at a switch that sends to all of them: no ping lost, none
# answered twice, neither by the kernel nor at the driver; and the ports, which are not the place.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/bond_lib.sh
. "${0%/*}/bond_lib.sh"
# shellcheck source=tests/net/cards.sh
. "${0%/*}/cards.sh"

active()
{
	in_ns b ip -d link show bond0 | grep -o 'active_slave [^ ]*' | cut -d ' ' -f 2
}

attaches() # NS IFACE OPTION...: its output and messages are kept
{
	in_ns "$1" "$ICMPX" attach "${@:2}" >"$test_dir/out" 2>"$test_dir/err"
}

replied()
{
	counter b bond0 replied_v4
}

auto()
{
	local before
	is "the kernel: all answered once" "$(fates 20)" "20 0"
	ok "attach" attaches b bond0 --lease 3600
	ok "attach: generic" grep -q "^bond0: attached, generic" "$test_dir/out"
	ok "attach: and why" grep -q "since a port of it is a veth" "$test_dir/out"
	is "attach: nothing to warn of" "$(cat "$test_dir/err")" ""
	warms "a bond" b bond0 reaches a $bond_local
	before=$(replied)
	is "at the driver: all answered once" "$(fates 20)" "20 0"
	is "at the driver: all of them" "$(($(replied) - before))" 20
}

failover()
{
	local from to=s0
	from=$(active)
	fates 40 >"$test_dir/fates" &
	sleep 1
	[ "$from" = s0 ] && to=s1
	must in_ns b ip link set bond0 type bond active_slave $to
	wait $!
	ok "failed over" test "$(active)" != "$from"
	is "over a failover: all answered once" "$(cat "$test_dir/fates")" "40 0"
	ok "after it: at the driver" wait_until 3 at_driver b bond0 reaches a $bond_local
	is "after it: all answered once" "$(fates 20)" "20 0"
}

doctor()
{
	in_ns b "$ICMPX" doctor bond0 >"$test_dir/out"
	ok "doctor: the bond's mode" grep -q "mode active-backup: the kernel drops" "$test_dir/out"
	ok "doctor: its ports" grep -qE "below it +s[01] \(veth (not )?active\), s[01]" "$test_dir/out"
	in_ns b "$ICMPX" detach bond0
	in_ns b "$ICMPX" doctor bond0 >"$test_dir/out"
	ok "doctor: generic" grep -qE "^ +mode +generic +a port of it is a veth" "$test_dir/out"
	in_ns b "$ICMPX" doctor s0 >"$test_dir/out"
	is "doctor on a port: not here" $? 3
	ok "doctor on a port: but there" grep -qE "attach +no .*attach to bond0" "$test_dir/out"
	ok "doctor on a port: what is above" grep -q "above it  *bond0 (bond active-backup)" \
		"$test_dir/out"
}

ports()
{
	ok "a port is refused" complains 3 "attach to bond0" in_ns b "$ICMPX" attach s0
	is "nothing is left there" "$(state_of b)" ""
	ok "a port, by force" attaches b s0 --mode generic
	ok "a port, by force: a warning" grep -q "warning: s0: a port of bond0" "$test_dir/err"
	in_ns b "$ICMPX" detach s0
}

answers_twice()
{
	[[ $(fates 20) = "20 "[1-9]* ]]
}

# Where the kernel has it (5.15), native answers what it drops: that is why auto does not take it.
native()
{
	local port
	if ! attaches b bond0 --mode native --lease 3600; then
		ok "native: refused, and why" grep -q "no native XDP (driver bonding)" "$test_dir/err"
		return
	fi
	ok "native: warned of lost replies" grep -q "warning: .*loses every reply" "$test_dir/err"
	ok "native: warned of double replies" grep -q "warning: .*port that is not active" \
		"$test_dir/err"
	for port in p0 p1; do # or all replies are lost
		must in_ns a "$tools/xdp_pass" $port native
	done
	ok "native: it is so" answers_twice
	in_ns b "$ICMPX" detach bond0
}

# A VLAN device on the bond: from below, and from the top down.
order()
{
	local error
	error=$(in_ns b ip link add link bond0 name bond0.5 type vlan id 5 2>&1) || {
		pass "VLAN device above the bond # SKIP no VLAN devices: $error"
		return
	}
	must in_ns b ip link set bond0.5 up
	ok "both, the upper one named first" in_ns b "$ICMPX" attach bond0.5 bond0
	if in_ns b "$ICMPX" attach bond0 >"$test_dir/out" 2>&1; then
		ok "the lower one replaced" kernel_before 5.15
	else
		ok "the lower one is busy, and why" grep -q "bond0: bond0.5 above it has an XDP" \
			"$test_dir/out"
		ok "nor can it go" complains 1 "bond0.5 above it" in_ns b "$ICMPX" detach bond0
	fi
	is "both are there" "$(state_of b | paste -sd ' ')" "attached attached"
	ok "detach --all" in_ns b "$ICMPX" detach --all
	is "both are gone" "$(state_of b)" ""
}

# Of a card, which sends natively: then the bond's mode decides.
card() # BOND-MODE native|generic [WHY]
{
	must in_ns d ip link add bond0 type bond miimon 100 mode "$1"
	must in_ns d ip link set eth0 down
	must in_ns d ip link set eth0 master bond0
	must in_ns d ip link set eth0 up
	must in_ns d ip link set bond0 up
	must in_ns d ip addr add 10.82.0.1/24 dev bond0
	ok "$1: up" wait_until 10 reaches c 10.82.0.1
	ok "$1: attach" attaches d bond0 --lease 3600
	ok "$1: $2" grep -q "bond0: attached, $2" "$test_dir/out"
	ok "$1: ${3-by the driver}" grep -q "${3-native, by the driver bonding}" "$test_dir/out"
	warms "$1, $2" d bond0 reaches c 10.82.0.1
	ok "$1, $2: none lost" holds_for 2 at_driver d bond0 reaches c 10.82.0.1
	in_ns d "$ICMPX" detach bond0
	must in_ns d ip link del bond0
}

cards()
{
	free_cards
	if ! wait_until 3 cards_are 2; then
		pass "a bond of a card # SKIP two virtio_net cards: not a guest of tests/vm/run"
		return
	fi
	ns_add c d
	cards_join c eth0 d eth0
	must in_ns c ip addr add 10.82.0.2/24 dev eth0
	card active-backup generic "a native bond also answers what comes in by a port"
	if kernel_before 5.15; then # it has no native bonds
		card balance-xor generic "native was refused"
	else
		card balance-xor native
	fi
}

test_begin bond
bond_up mode active-backup
auto
failover
doctor
ports
native
order
cards
test_end
