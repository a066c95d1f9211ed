#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The published experiment, a ping to 127.0.0.1, with its five facts as numbers: icmpx and ftrace
# both say so, and so does docs/experiment.md. (By tracepoints alone also tests/net/trace-loop.t.)
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

test_begin_seeing experiment
# shellcheck source=tests/net/trace_lib.sh
. "${0%/*}/trace_lib.sh"
# shellcheck source=tests/net/ftrace_lib.sh
. "${0%/*}/ftrace_lib.sh"
# shellcheck source=tests/net/facts_lib.sh
. "${0%/*}/facts_lib.sh"
# shellcheck source=tests/net/cards.sh
. "${0%/*}/cards.sh"
# shellcheck source=tests/net/experiment_lib.sh
. "${0%/*}/experiment_lib.sh"

facts=$test_dir/facts
titles=("" "1: socket, its options, sendto" "2: the loop, each function twice"
	"3: icmp_rcv -> ping_rcv once" "4: two packets taken" "5: nothing else is touched")

check_facts()
{
	local number by want got
	while IFS=$'\t' read -r number by want got; do
		is "${titles[number]} ($by)" "$got" "$want"
	done < <(sed 's/\t\t/\t-\t/g; s/\t$/\t-/' "$facts")
}

test_facts() # BACKEND
{
	ok "$1: traced" experiment "$1"
	{
		facts_of_icmpx "$1"
		facts_of_ftrace
	} >"$facts"
	check_facts
}

# How many functions are watched is of one kernel of the series.
comparable()
{
	sed 's/ of [0-9]*//g; s/ *$//'
}

documented_row()
{
	local series
	if [ "$(uname -m)" != x86_64 ]; then
		pass "docs/experiment.md # SKIP x86-64: $(uname -m)"
		return
	fi
	series=$(series_of "$(uname -r)")
	is "docs/experiment.md says the same of $series" \
		"$(sed -n "/^## The five facts/,/^## /s/^| $series | [^|]* |//p" docs/experiment.md | comparable)" \
		"$(fact_cells "$facts" | comparable)"
}

# What the facts would be of something else: that they can fail.
controls()
{
	watch in_ns a busybox ping -q -c 2 127.0.0.1 >/dev/null
	is "two pings are not one" "$(loop_watched), $(times_watched ping_rcv)" \
		"4 4 4 4 4 4 4, 2"
	watch in_ns a "$tools/udp" send 127.0.0.1 7090 8 >/dev/null
	is "a UDP datagram touches UDP" \
		"$(touched "$test_dir/transport" | awk '$2 ~ /^udp_(sendmsg|rcv)$/ { print $2, $1 }' | xargs)" \
		"udp_rcv 1 udp_sendmsg 1"
	is "and no driver" "$(touched "$test_dir/drivers")" ""
}

control_of_driver()
{
	ns_add b
	cards_join a eth0 b eth1
	must in_ns a ip addr add 10.86.0.1/24 dev eth0
	must in_ns b ip addr add 10.86.0.2/24 dev eth1
	must wait_until 5 in_ns a ping -n -q -c 1 -W 1 10.86.0.2
	watch in_ns a ping -n -q -c 1 -W $((2 * patience)) 10.86.0.2 >/dev/null
	ok "a ping from card to card touches their driver" \
		[ "$(touched "$test_dir/drivers" | grep -cw start_xmit)" = 1 ]
	is "and not TCP or UDP" "$(touched "$test_dir/transport")" ""
}

need_ftrace function
set_up_watch
ns_add a
for backend in fn tp; do
	test_facts $backend
done
documented_row
controls
if [ -n "${ICMPX_VM:-}" ]; then
	control_of_driver
fi
test_end
