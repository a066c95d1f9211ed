#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# An interface in a VRF: that VRF's routes decide whether there is a reply.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

setup()
{
	local error
	ns_add a b
	ns_join a eth0 b eth0
	error=$(in_ns b ip link add red type vrf table 10 2>&1) ||
		skip_all "no VRF devices (CONFIG_NET_VRF)" "$error"
	must in_ns b ip link add blue type vrf table 20
	must in_ns b ip link set red up
	must in_ns b ip link set blue up
	must in_ns b ip link set eth0 master red
	must in_ns a ip addr add 10.78.0.2/24 dev eth0
	must in_ns a ip addr add fd78::2/64 dev eth0 nodad
	must in_ns a ip addr add 198.51.100.7/32 dev lo
	must in_ns b ip addr add 10.78.0.1/24 dev eth0
	must in_ns b ip addr add fd78::1/64 dev eth0 nodad
	must in_ns b ip route add 198.51.100.7 via 10.78.0.2 vrf red
	must in_ns b sysctl -qw net.ipv6.conf.all.keep_addr_on_down=1
	attach b eth0 --lease "$short_lease"
}

asks_as_remote()
{
	reaches a 10.78.0.1 -I 198.51.100.7
}

hears_nothing()
{
	! asks_as_remote
}

test_begin vrf
setup
warms "in a VRF, IPv4" b eth0 reaches a 10.78.0.1
warms "in a VRF, IPv6" b eth0 reaches a fd78::1
warms "through a route of the VRF" b eth0 asks_as_remote
must in_ns b ip route del 198.51.100.7 vrf red
follows "route of the VRF removed: silent" hears_nothing
must in_ns b ip route add 198.51.100.7 via 10.78.0.2 vrf red
warms "route of the VRF is back" b eth0 asks_as_remote
must in_ns b ip link set eth0 master blue
follows "moved to another VRF, without that route: silent" hears_nothing
ok "the connected network is answered" wait_until 2 reaches a 10.78.0.1
must in_ns b ip link set eth0 nomaster
warms "out of the VRF" b eth0 reaches a 10.78.0.1
test_end
