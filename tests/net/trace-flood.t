#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# No ping of a flood goes missing in silence: each is there once, or counted as lost.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

test_begin_seeing trace-flood
# shellcheck source=tests/net/trace_lib.sh
. "${0%/*}/trace_lib.sh"

count=${ICMPX_VM:+160} # emulation is slow
count=${count:-10000}
each=$((count / 20))

flood() # COMMAND...: not replayed, that takes too long
{
	in_ns a timeout $((60 * patience)) "$ICMPX" trace --json -- "$@" >"$json" 2>"$errors"
}

once_or_lost() # DESCRIPTION COUNT [END]
{
	local lost pings numbers
	lost=$(query end lost)
	pings=$(query end pings)
	numbers=$(query ping id seq destination | sort | uniq -c | awk '$1 == 1' | wc -l)
	is "$1: none is there twice" "$pings" "$numbers"
	is "$1: as many lines as the end says" "$(query ping number | wc -l)" "$pings"
	if [ "$lost" -eq 0 ]; then
		is "$1: all are there" "$numbers" "$2"
		is "$1: to their ends" "$(query ping end lost | grep -cxE "(${3:-complete}) 0")" "$2"
	else
		diag "$lost records lost"
		ok "$1: those that are not there are counted as lost" [ $(($2 - numbers)) -le "$lost" ]
		ok "$1: the incomplete ones say so" [ -z "$(query ping end lost |
			grep -v '^complete' | grep ' 0$')" ]
	fi
	is "$1: no hop belongs to two pings" "$(hops_of_two | head -n 5)" ""
	is "$1: the stages sum to the span" "$(unequal_sums)" ""
}

unequal_sums()
{
	query ping number span_ns stages | awk '{
		sum = 0
		rest = $0
		while (match(rest, /"ns": *[0-9]+/)) {
			part = substr(rest, RSTART, RLENGTH)
			sub(/.*: */, "", part)
			sum += part
			rest = substr(rest, RSTART + RLENGTH)
		}
		if (sum != $2)
			print $1
	}' | head -n 5
}

ns_add a b
ns_join a eth0 b eth0
must in_ns a ip addr add 10.89.0.2/24 dev eth0
must in_ns b ip addr add 10.89.0.1/24 dev eth0
must in_ns a sysctl -qw net.ipv4.ping_group_range="1 0"
ok "neighbours are found" wait_until 3 reaches a 10.89.0.1
ok "flood of $count" flood ping -n -q -f -c "$count" 10.89.0.1
once_or_lost "flood" "$count"
ok "sixteen at once" flood sh -c "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
	ping -n -q -f -c $each 10.89.0.1 >/dev/null & done; wait"
# Each socket gets the replies of all of them, and may be full.
once_or_lost "sixteen at once" $((16 * each)) "complete|dropped"
ok "in vain" flood ping -n -q -S 1000000 -l 100 -c 100 -i 0.001 -W 1 10.89.0.77
is "in vain: all of them, without a reply" \
	"$(query ping seq | sort -un | wc -l) $(query ping end | grep -c complete)" "100 0"
ok "on lo" flood ping -n -q -f -c $((count / 10)) 127.0.0.1
once_or_lost "on lo" $((count / 10))
test_end
