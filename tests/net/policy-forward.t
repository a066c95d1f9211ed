#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Replies that this machine only hands on never become a lease: when the host behind it
# dies, its address falls silent at once.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

# a - r - h: r routes; it also owns .50, which it hands to h by DNAT.
setup_router()
{
	ns_add a r h
	ns_join a eth0 r eth0
	ns_join r eth1 h eth0
	must in_ns r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	must in_ns a ip addr add 10.78.0.2/24 dev eth0
	must in_ns a ip addr add fd78::2/64 dev eth0 nodad
	must in_ns r ip addr add 10.78.0.1/24 dev eth0
	must in_ns r ip addr add 10.78.0.50/24 dev eth0
	must in_ns r ip addr add fd78::1/64 dev eth0 nodad
	must in_ns r ip addr add 10.80.0.1/24 dev eth1
	must in_ns r ip addr add fd80::1/64 dev eth1 nodad
	must in_ns h ip addr add 10.80.0.2/24 dev eth0
	must in_ns h ip addr add fd80::2/64 dev eth0 nodad
	must in_ns a ip route add default via 10.78.0.1
	must in_ns a ip -6 route add default via fd78::1
	must in_ns h ip route add default via 10.80.0.1
	must in_ns h ip -6 route add default via fd80::1
	must in_ns r nft -f - <<<'table ip t {
		chain pre { type nat hook prerouting priority -100
			ip daddr 10.78.0.50 dnat to 10.80.0.2
		}
	}'
	attach r eth0 --lease 10 --any-interface
}

never_at_driver() # NS DESCRIPTION TARGET
{
	ok "$2: reached" wait_until 3 reaches a "$3"
	ok "$2: never answered by $1's driver" holds_for 1 by_kernel "$1" eth0 reaches a "$3"
}

router()
{
	local target
	warms "the router itself" r eth0 reaches a 10.78.0.1
	warms "the router itself, IPv6" r eth0 reaches a fd78::1
	for target in 10.80.0.2 fd80::2 10.78.0.50; do
		never_at_driver r "$target behind the router" $target
	done
	ok "the learner saw replies that are not the router's" \
		test "$(counter r eth0 not_local)" -gt 5
	must in_ns h ip link set eth0 down
	for target in 10.80.0.2 fd80::2 10.78.0.50; do
		ok "host is dead: $target is silent at once" silent a $target
	done
	warms "the router's own address is not" r eth0 reaches a 10.78.0.1
	for target in a r h; do
		ns_delete "$test_prefix-$target"
	done
}

# a - b's bridge - h: icmpx on the port towards a.
setup_bridge()
{
	ns_add a b h
	ns_join a eth0 b eth0
	ns_join b eth1 h eth0
	must in_ns b ip link add br0 type bridge
	must in_ns b ip link set eth0 master br0
	must in_ns b ip link set eth1 master br0
	must in_ns b ip link set br0 up
	must in_ns a ip addr add 10.78.0.2/24 dev eth0
	must in_ns b ip addr add 10.78.0.1/24 dev br0
	must in_ns h ip addr add 10.78.0.9/24 dev eth0
	attach b eth0 --lease "$short_lease" --any-interface
}

bridge()
{
	warms "the bridge itself, at its port" b eth0 reaches a 10.78.0.1
	never_at_driver b "a host behind the bridge" 10.78.0.9
	must in_ns h ip link set eth0 down
	ok "host is dead: silent at once" silent a 10.78.0.9
	warms "before the bridge goes down" b eth0 reaches a 10.78.0.1
	must in_ns b ip link set br0 down
	follows "bridge down: silent" silent a 10.78.0.1
	must in_ns b ip link set br0 up
	warms "bridge up" b eth0 reaches a 10.78.0.1
	must in_ns b ip link set eth0 nomaster
	follows "port taken out of the bridge: silent" silent a 10.78.0.1
}

test_begin forward
setup_router
router
setup_bridge
bridge
test_end
