#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Whoever forges requests takes nothing from flows that the kernel has answered: not their share of
# --limit-new, not the note of their next request.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

peer4=10.78.0.2 local4=10.78.0.1 peer6=fd78::2 local6=fd78::1

setup()
{
	hosts_up
	a=$(in_ns a ip -br link show dev eth0 | awk '{ print $3 }')
	b=$(in_ns b ip -br link show dev eth0 | awk '{ print $3 }')
	must in_ns b ip route add 10.0.0.0/8 via $peer4
	must in_ns b ip route add fd00::/8 via $peer6
}

# Of as many sources as there are frames, for longer than the pings take.
flood() # SOURCE TARGET
{
	in_ns a timeout 4 "$tools/forge" eth0 packet request "$b" "$a" "$1" "$2" 7 7 10000000 0 10000000 &
	flood=$!
}

# Of 30 pings in three seconds, a lease of one second.
answered() # TARGET
{
	in_ns a ping -n -q -c 30 -i 0.1 -W 1 "$1" |
		sed -n 's/.* \([0-9]*\) received.*/\1/p'
}

in_a_flood() # SOURCE TARGET
{
	local got dropped
	attach b eth0 --lease 1 --limit-new 200
	must in_ns a ping -n -q -c 3 -i 0.1 -W 1 "$2"
	flood "$1" "$2"
	got=$(answered "$2")
	wait $flood
	dropped=$(counter b eth0 drop_new)
	diag "$got of 30, $dropped frames of the flood dropped"
	ok "$2: a flow that is known keeps its answers" [ "$got" -ge 29 ]
	ok "... through renewals" [ "$(counter b eth0 pass_renew)" -ge 2 ]
	ok "... while the flood is held" [ "$dropped" -gt 1000 ]
	must in_ns b "$ICMPX" detach eth0
}

# 50 a second, of the flow's addresses, to a MAC that is nobody's.
forged_notes()
{
	local i leased=0
	attach b eth0 --lease 10
	in_ns a timeout 3 "$tools/forge" eth0 packet request 02:00:00:00:00:99 "$a" $peer4 $local4 \
		7 1 1000 20000 &
	flood=$!
	sleep 0.2
	for i in 1 2 3 4 5; do
		in_ns a ping -n -q -c 1 -W 1 $local4 >/dev/null
		leased=$i
		[ "$(counter b eth0 learned)" -eq 0 ] || break
	done
	wait $flood
	ok "forged requests of the flow: a lease within two pings" [ "$leased" -le 2 ]
	ok "... and answered at the driver" wait_until 1 at_driver b eth0 reaches a $local4
}

test_begin known
setup
in_a_flood 10.128.0.0 $local4
in_a_flood fd80::1:0:0 $local6
forged_notes
test_end
