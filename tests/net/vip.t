#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# An address that is taken away while it is pinged (VRRP, MetalLB): the replies go on for a lease
# at most, counted from the last one of the kernel, and no longer.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

peer4=10.87.0.2 local4=10.87.0.1
peer6=fd87::2 local6=fd87::1
vip4=10.87.0.99 vip6=fd87::99
lease=3

# Milliseconds from the address' removal to the last reply to pings that go on.
outlives() # ADDRESS LENGTH
{
	local removed last
	in_ns a ping -n -D -i 0.05 -W 1 -w $((2 * lease + 2)) "$1" >"$test_dir/pings" 2>&1 &
	sleep 1
	must in_ns b ip addr del "$1/$2" dev eth0
	removed=$(now_ms)
	wait $!
	last=$(grep 'bytes from' "$test_dir/pings" | tail -n 1 | grep -oE '^\[[0-9.]+' | tr -d '[.')
	echo $((last / 1000 - removed))
}

bounded() # ADDRESS LENGTH
{
	local ms
	must in_ns b ip addr add "$1/$2" dev eth0 nodad
	must wait_until 5 at_driver b eth0 reaches a "$1"
	ms=$(outlives "$1" "$2")
	diag "$1: the last reply came $ms ms after the removal, with a lease of $lease s"
	# A tick for each of two clocks, and how long `ip` takes.
	ok "$1: bounded by the lease" test "$ms" -le $((lease * 1000 + 100 * patience))
	ok "$1: but it is answered after the removal" test "$ms" -gt 0
	ok "$1: and is silent then" silent a "$1"
}

# Moved to another host, which tells the others so: at once, whatever the lease.
moved()
{
	must in_ns b ip addr add $vip4/24 dev eth0
	must wait_until 5 at_driver b eth0 reaches a $vip4
	ns_add c
	must in_ns a ip link add br0 type bridge
	ns_join a eth1 c eth0
	must in_ns a ip addr flush dev eth0
	must in_ns a ip link set eth0 master br0
	must in_ns a ip link set eth1 master br0
	must in_ns a ip link set br0 up
	must in_ns a ip addr add $peer4/24 dev br0
	must wait_until 5 reaches a $vip4
	must in_ns b ip addr del $vip4/24 dev eth0
	must in_ns c ip addr add $vip4/24 dev eth0
	must in_ns a ip neigh replace $vip4 lladdr \
		"$(in_ns c ip -o link show eth0 | grep -oE 'ether [^ ]+' | cut -d ' ' -f 2)" dev br0
	ok "moved: the new host answers" reaches a $vip4
	is "moved: the old one is not asked" "$(in_ns a ping -n -q -c 20 -i 0.05 -W 1 $vip4 |
		grep -oE '[0-9]+ received|duplicates')" "20 received"
}

# What docs/operators.md has for keepalived's notify_backup.
ends_at_once()
{
	must in_ns b ip addr add $vip4/24 dev eth0
	must wait_until 5 at_driver b eth0 reaches a $vip4
	must in_ns b ip addr del $vip4/24 dev eth0
	ok "removed: still answered" reaches a $vip4
	attach b eth0 --observe --lease $lease
	ok "observing: silent at once" silent a $vip4
	attach b eth0 --lease $lease
}

test_begin vip
hosts_up
attach b eth0 --lease $lease
bounded $vip4 24
bounded $vip6 64
ends_at_once
moved
test_end
