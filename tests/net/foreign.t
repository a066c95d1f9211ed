#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What is somebody else's stays as it is: XDP programs, clsact, filters, qdiscs.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

setup()
{
	ns_add a b
	ns_join a eth0 b eth0
	must in_ns a ip addr add 10.78.0.2/24 dev eth0
	must in_ns b ip addr add 10.78.0.1/24 dev eth0
}

link_of_b()
{
	in_ns b ip -d link show dev eth0 | grep -o 'prog/xdp id [0-9]*'
}

tc_of_b()
{
	in_ns b tc qdisc show dev eth0
	in_ns b tc filter show dev eth0 ingress
	in_ns b tc filter show dev eth0 egress
}

all_of_b()
{
	link_of_b
	tc_of_b
	ls "$(pin_dir b eth0)" 2>&1
}

refused() # DESCRIPTION WORDS ATTACH-OPTION...: exit status 1, these words, nothing changed
{
	local description=$1 words=$2 before output status
	shift 2
	before=$(all_of_b)
	output=$(in_ns b "$ICMPX" attach eth0 "$@" 2>&1)
	status=$?
	is "$description: exit status" $status 1
	if [[ $output == *eth0*$words* ]]; then
		pass "$description: says why"
	else
		fail "$description: says why" "$output"
	fi
	is "$description: nothing changed" "$(all_of_b)" "$before"
}

foreign_xdp()
{
	local mode
	for mode in generic native; do
		must in_ns b "$tools/xdp_pass" eth0 $mode
		refused "foreign program, $mode" "XDP program"
		refused "foreign program, $mode, asked for generic" "XDP program" --mode generic
		refused "foreign program, $mode, asked for native" "XDP program" --mode native
		is "foreign program, $mode: detach has nothing to do" \
			"$(in_ns b "$ICMPX" detach eth0 2>/dev/null; echo $?)" 1
		ok "foreign program, $mode: still there" link_of_b
		in_ns b ip link set eth0 xdpgeneric off
		in_ns b ip link set eth0 xdpdrv off
	done
}

# DESCRIPTION: attach and detach leave tc as it was, and icmpx answers between them.
same_tc()
{
	local before during
	before=$(tc_of_b)
	attach b eth0 --lease "$short_lease"
	during=$(tc_of_b)
	warms "$1" b eth0 reaches a 10.78.0.1
	ok "$1: replace" in_ns b "$ICMPX" attach eth0 --lease 2
	warms "$1: replaced" b eth0 reaches a 10.78.0.1
	ok "$1: detach" in_ns b "$ICMPX" detach eth0
	is "$1: tc is as before" "$(tc_of_b)" "$before"
	[[ $during == *icmpx_learn* ]] || fail "$1: the learner is a filter" "$during"
}

foreign_filters()
{
	local own
	same_tc "no clsact"
	must in_ns b tc qdisc add dev eth0 clsact
	same_tc "empty clsact"
	attach b eth0
	own=$(in_ns b tc filter show dev eth0 egress | sed -n 's/.* pref \([0-9]*\) .*/\1/p' | head -n 1)
	must in_ns b "$ICMPX" detach eth0
	must in_ns b tc filter add dev eth0 egress protocol all pref "$own" u32 match u8 0 0
	refused "foreign filter of the learner's own priority, $own" learner
	must in_ns b tc filter del dev eth0 egress pref "$own"
	must in_ns b tc filter add dev eth0 ingress protocol ip pref 1 u32 match u8 0 0
	must in_ns b tc filter add dev eth0 egress protocol ip pref 1 u32 match u8 0 0
	must in_ns b tc filter add dev eth0 egress protocol ipv6 pref 5 u32 match u8 0 0
	same_tc "foreign filters on both sides"
	must in_ns b tc qdisc del dev eth0 clsact
}

# icmpx made the clsact; somebody has put a filter into it since.
borrowed_clsact()
{
	attach b eth0
	must in_ns b tc filter add dev eth0 ingress protocol ip pref 1 u32 match u8 0 0
	ok "detach from a clsact that others use by now" in_ns b "$ICMPX" detach eth0
	if [[ $(tc_of_b) == *clsact*u32* && $(tc_of_b) != *icmpx* ]]; then
		pass "it stays, with their filter"
	else
		fail "it stays, with their filter" "$(tc_of_b)"
	fi
	must in_ns b tc qdisc del dev eth0 clsact
}

# An ingress qdisc takes the place that clsact needs.
foreign_ingress()
{
	must in_ns b tc qdisc add dev eth0 ingress
	must in_ns b tc filter add dev eth0 ingress protocol ip pref 1 u32 match u8 0 0
	refused "foreign ingress qdisc" ingress
	must in_ns b tc qdisc del dev eth0 ingress
}

test_begin foreign
setup
foreign_xdp
foreign_filters
borrowed_clsact
foreign_ingress
ok "at last it attaches" in_ns b "$ICMPX" attach eth0
test_end
