#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What changes in the network under a lease that is good for a minute: no more pings are lost with
# icmpx than with the kernel alone, which runs the same schedule first. b is the host that answers,
# r1 and r2 are routers, c is behind them.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

remote4=198.51.100.7 remote6=2001:db8:9::7

mac_of() # NAME IFACE
{
	in_ns "$1" ip -br link show dev "$2" | awk '{ print $3 }'
}

# A bridge with b, r1 and r2; c behind both routers.
setup()
{
	local n i
	ns_add s b r1 r2 c
	must in_ns s ip link add br0 type bridge
	must in_ns s ip link set br0 type bridge ageing_time 30000
	must in_ns s ip link set br0 up
	for n in b r1 r2; do
		ns_join $n eth0 s "to-$n" # a name of its own: b is no word for ip
		must in_ns s ip link set "to-$n" master br0
	done
	for i in 1 2; do
		ns_join r$i eth1 c eth$i
		must in_ns r$i ip addr add 10.78.0.1$i/24 dev eth0
		must in_ns r$i ip addr add fd78::1$i/64 dev eth0 nodad
		must in_ns r$i ip addr add 10.79.$i.1/24 dev eth1
		must in_ns r$i ip addr add fd79:$i::1/64 dev eth1 nodad
		must in_ns c ip addr add 10.79.$i.2/24 dev eth$i
		must in_ns c ip addr add fd79:$i::2/64 dev eth$i nodad
		must in_ns r$i ip route add $remote4/32 via 10.79.$i.2
		must in_ns r$i ip -6 route add $remote6/128 via fd79:$i::2
		in_ns r$i sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
			net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0 \
			net.ipv4.conf.eth1.rp_filter=0 net.ipv4.conf.all.send_redirects=0 \
			net.ipv4.conf.eth0.send_redirects=0
	done
	for n in all eth1 eth2; do
		in_ns c sysctl -qw net.ipv4.conf.$n.rp_filter=0
	done
	must in_ns c ip addr add $remote4/32 dev lo
	must in_ns c ip addr add $remote6/128 dev lo nodad
	must in_ns b ip addr add 10.78.0.1/24 dev eth0
	must in_ns b ip addr add fd78::1/64 dev eth0 nodad
	in_ns b sysctl -qw net.ipv4.conf.all.accept_redirects=0 net.ipv6.conf.eth0.accept_redirects=0
}

# The gateway address, which b's way back goes by; who takes it tells all, as keepalived does. What
# still comes to the other one is lost.
gateway() # FROM TO
{
	in_ns "$1" ip addr del 10.78.0.254/24 dev eth0 2>/dev/null
	in_ns "$1" ip addr del fd78::fe/64 dev eth0 2>/dev/null
	in_ns "$1" nft -f - <<<'table inet t { chain f { type filter hook forward priority 0
		icmp type echo-reply drop
		icmpv6 type echo-reply drop
	}
	}'
	in_ns "$2" nft delete table inet t 2>/dev/null
	in_ns "$2" ip addr replace 10.78.0.254/24 dev eth0
	in_ns "$2" ip addr replace fd78::fe/64 dev eth0 nodad
	in_ns "$2" "$tools/forge" eth0 arp announce ff:ff:ff:ff:ff:ff "$(mac_of "$2" eth0)" \
		10.78.0.254 10.78.0.254 0 0
	in_ns "$2" "$tools/forge" eth0 ndisc announce 33:33:00:00:00:01 "$(mac_of "$2" eth0)" \
		fd78::fe ff02::1 0 0
}

towards() # ROUTER: c's pings to b go by it
{
	must in_ns c ip route replace 10.78.0.0/24 via "10.79.$1.1" src $remote4
	must in_ns c ip -6 route replace fd78::/64 via "fd79:$1::1" src $remote6
}

home()
{
	gateway r2 r1
	towards 1
	must in_ns b ip route replace default via 10.78.0.254
	must in_ns b ip -6 route replace default via fd78::fe
	must in_ns r1 ip -6 route replace $remote6/128 via fd79:1::2
	in_ns b ip neigh flush dev eth0 >/dev/null 2>&1
}

# So many pings of each family, and SCHEDULE in their middle; those that were lost.
lost() # SCHEDULE [PING-OPTION...]
{
	local schedule=$1 four six
	shift
	home
	in_ns c ping -n -q -c 3 -i 0.1 -W 1 "$@" 10.78.0.1 >/dev/null
	in_ns c ping -n -q -c 3 -i 0.1 -W 1 "$@" fd78::1 >/dev/null
	in_ns c ping -n -q -c 20 -i 0.1 -W 1 "$@" 10.78.0.1 >"$test_dir/four" &
	four=$!
	in_ns c ping -n -q -c 20 -i 0.1 -W 1 "$@" fd78::1 >"$test_dir/six" &
	six=$!
	sleep 0.55
	$schedule
	wait $four $six
	sed -n 's/^\([0-9]*\) packets transmitted, \([0-9]*\) received.*/\1 \2/p' \
		"$test_dir/four" "$test_dir/six" | awk '{ lost += $1 - $2 } END { print lost }'
}

# Some more may be lost by where in the schedule a ping stands, of two families and up to two moves.
same() # DESCRIPTION SCHEDULE [PING-OPTION...]
{
	local kernel with before
	kernel=$(lost "${@:2}")
	attach b eth0 --lease 60
	before=$(counter b eth0 replied_v4 replied_v6)
	with=$(lost "${@:2}")
	at_driver_count=$(($(counter b eth0 replied_v4 replied_v6) - before))
	must in_ns b "$ICMPX" detach eth0
	diag "$1: of 40 lost $kernel by the kernel, $with with icmpx, $at_driver_count answered at the driver"
	ok "$1: no more are lost than by the kernel, but for four" [ "$with" -le $((kernel + 4)) ]
}

# VRRP without a virtual MAC, a virtual machine that moved: all by the other router.
both_ways()
{
	towards 2
	gateway r1 r2
}

way_in()
{
	towards 2
}

way_back()
{
	gateway r1 r2
}

back_and_forth()
{
	both_ways
	sleep 0.3
	towards 1
	gateway r2 r1
}

in_turns()
{
	local i
	for i in 2 1 2 1 2 1; do
		towards $i
		sleep 0.15
	done
}

narrow()
{
	must in_ns r1 ip -6 route replace $remote6/128 via fd79:1::2 mtu lock 1300
}

own_address()
{
	must in_ns b ip link set eth0 address 02:00:00:00:0b:77
	in_ns b "$tools/forge" eth0 arp announce ff:ff:ff:ff:ff:ff 02:00:00:00:0b:77 \
		10.78.0.1 10.78.0.1 0 0
	in_ns b "$tools/forge" eth0 ndisc announce 33:33:00:00:00:01 02:00:00:00:0b:77 \
		fd78::1 ff02::1 0 0
}

test_begin failover
setup
same "both ways by another router" both_ways
ok "... most at the driver" [ "$at_driver_count" -ge 25 ]
same "requests by another router" way_in
ok "... most at the driver" [ "$at_driver_count" -ge 25 ]
same "replies by another router" way_back
ok "... most at the driver" [ "$at_driver_count" -ge 25 ]
same "to another router and back" back_and_forth
same "routers in turns" in_turns
ok "... which does not lead to the kernel for ever" [ "$at_driver_count" -ge 25 ]
same "a path that becomes narrow" narrow -s 1400
same "the host's own MAC" own_address
test_end
