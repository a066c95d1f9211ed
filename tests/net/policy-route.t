#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Where the kernel's reply goes, the lease's goes, within one lease: next hops, neighbours,
# MTUs, other interfaces, reverse path filter.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

remote=198.51.100.7 # on both routers a1 and a2, so each can ask as this one

# a1, a2 and b on one switch; a second link between b and a1.
setup()
{
	local name
	ns_add s a1 a2 b
	must in_ns s ip link add br0 type bridge
	for name in a1 a2 b; do
		ns_join $name eth0 s port-$name
		must in_ns s ip link set port-$name master br0
	done
	must in_ns s ip link set br0 up
	ns_join b eth1 a1 eth1
	for name in a1 a2; do
		must in_ns $name ip addr add $remote/32 dev lo
	done
	must in_ns a1 ip addr add 10.78.0.2/24 dev eth0
	must in_ns a1 ip addr add 10.79.0.2/24 dev eth1
	must in_ns a2 ip addr add 10.78.0.3/24 dev eth0
	must in_ns b ip addr add 10.78.0.1/24 dev eth0
	must in_ns b ip addr add 10.79.0.1/24 dev eth1
	must in_ns b ip route add $remote via 10.78.0.2
	for name in all eth0 eth1; do
		in_ns a1 sysctl -qw net.ipv4.conf.$name.rp_filter=0
		in_ns b sysctl -qw net.ipv4.conf.$name.rp_filter=0
	done
	attach b eth0 --lease "$short_lease" --any-interface
}

asks() # ROUTER: as the remote host
{
	reaches "$1" 10.78.0.1 -I $remote
}

hears_nothing() # ROUTER
{
	! asks "$1"
}

next_hop()
{
	warms "before the route changes" b eth0 asks a1
	must in_ns b ip route replace $remote via 10.78.0.3
	follows "other next hop: the old one hears nothing" hears_nothing a1
	follows "... the new one does" asks a2
	warms "... and for it" b eth0 asks a2
	must in_ns b ip route replace blackhole $remote
	follows "blackhole: silent" hears_nothing a2
	must in_ns b ip route del blackhole $remote
	must in_ns b ip route add $remote via 10.78.0.2
	follows "route back: answered" asks a1
}

neighbour()
{
	warms "before the neighbour's MAC changes" b eth0 asks a1
	must in_ns a1 ip link set eth0 address 02:00:00:00:0a:77
	must in_ns b ip neigh replace 10.78.0.2 lladdr 02:00:00:00:0a:77 dev eth0 nud permanent
	follows "neighbour's MAC changed: it hears again" asks a1
	warms "... and for the new MAC" b eth0 asks a1
}

own_mac()
{
	warms "before the own MAC changes" b eth0 asks a1
	must in_ns b ip link set eth0 address 02:00:00:00:0b:77
	must in_ns a1 ip neigh replace 10.78.0.1 lladdr 02:00:00:00:0b:77 dev eth0 nud permanent
	ok "own MAC changed: answered" wait_until 1 asks a1
	warms "... and for the new MAC" b eth0 asks a1
}

reassembled() # datagrams that a1 had to put together
{
	# shellcheck disable=SC2016 # for awk
	in_ns a1 awk '$1 != "Ip:" { next }
		!column { for (i = 2; i <= NF; i++) if ($i == "ReasmOKs") column = i; next }
		{ print $column; exit }' /proc/net/snmp
}

large() # comes back whole
{
	local before
	before=$(reassembled)
	reaches a1 10.78.0.1 -I $remote -s 1400 && [ "$(reassembled)" -eq "$before" ]
}

in_pieces()
{
	local before
	before=$(reassembled)
	reaches a1 10.78.0.1 -I $remote -s 1400 && [ "$(reassembled)" -gt "$before" ]
}

route_mtu()
{
	warms "before the route's MTU is lowered" b eth0 large
	must in_ns b ip route replace $remote via 10.78.0.2 mtu 600
	follows "route MTU 600: large replies come in fragments" in_pieces
	ok "... small ones at the driver" wait_until 2 at_driver b eth0 asks a1
	ok "... which changes nothing for the large ones" in_pieces
	must in_ns b ip route replace $remote via 10.78.0.2
	follows "MTU restored: large replies whole" large
	warms "... large ones" b eth0 large
}

reverse_path()
{
	must in_ns b sysctl -qw net.ipv4.conf.eth0.rp_filter=1
	warms "with rp_filter, symmetric" b eth0 asks a1
	must in_ns b ip route replace $remote via 10.79.0.2
	follows "rp_filter, route through eth1: silent" hears_nothing a1
	must in_ns b sysctl -qw net.ipv4.conf.eth0.rp_filter=0
	follows "no rp_filter: answered through eth1, never at eth0's driver" \
		by_kernel b eth0 asks a1
	attach b eth1 --lease "$short_lease" --any-interface
	follows "... nor with icmpx on eth1" by_kernel b eth1 asks a1
}

test_begin route
setup
next_hop
neighbour
own_mac
route_mtu
reverse_path
test_end
