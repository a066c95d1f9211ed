#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A lease comes from the kernel's own answer, in this namespace and to a request of this interface:
# who sends the same bytes through a socket of his own, from a container's macvlan, or has somebody
# send the request by another interface, gets none.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

id=4660
peer4=10.78.0.2 local4=10.78.0.1 peer6=fd78::2 local6=fd78::1

mac_of() # NAME IFACE
{
	in_ns "$1" ip -br link show dev "$2" | awk '{ print $3 }'
}

forge() # NAME ARGUMENT...
{
	in_ns "$1" "$tools/forge" "${@:2}"
}

setup()
{
	hosts_up
	ns_add c
	a=$(mac_of a eth0) b=$(mac_of b eth0)
	must in_ns b nft -f - <<<'table inet t { chain in { type filter hook input priority 0
		icmp type echo-request drop
		icmpv6 type echo-request drop
	}
	}'
}

leases() # of the interface, that are valid
{
	in_ns b "$ICMPX" leases --json eth0 | grep -c '"expired": *false'
}

lesson() # NAME: how often
{
	counter b eth0 "$1"
}

# What the kernel would have answered, were it not forbidden.
replies_by() # NAME SOCKET IFACE NUMBER
{
	forge a eth0 packet request "$b" "$a" 10.78.0.2 10.78.0.1 $id "$4" || return
	forge a eth0 packet request "$b" "$a" fd78::2 fd78::1 $id "$4" || return
	forge "$1" "$3" "$2" reply "$a" "$b" 10.78.0.1 10.78.0.2 $id "$4" || return
	forge "$1" "$3" "$2" reply "$a" "$b" fd78::1 fd78::2 $id "$4"
}

nobody_is_answered()
{
	is "$1: no lease" "$(leases)" 0
	is "... but looked at, both families" "$(($(lesson not_kernel) - refused))" 2
	refused=$(lesson not_kernel)
	ok "... and the firewall holds" silent a 10.78.0.1
	ok "... IPv6" silent a fd78::1
}

by_sockets()
{
	refused=0
	must reaches b 10.78.0.2 # both know each other's MAC
	must reaches b fd78::2
	must replies_by b packet eth0 1
	nobody_is_answered "a packet socket"
	must replies_by b raw eth0 2
	nobody_is_answered "a raw socket, root's"
	must in_ns b ip link add mv0 link eth0 type macvlan mode bridge
	must in_ns b ip link set mv0 netns "$test_prefix-c"
	must in_ns c ip link set mv0 up
	must replies_by c packet mv0 3
	nobody_is_answered "a packet socket of a container's macvlan"
}

# The container's kernel answers for itself, and what becomes of it is not this namespace's to say.
by_another_kernel()
{
	must in_ns c ip addr add 10.78.0.33/24 dev mv0
	ok "a macvlan's namespace answers" wait_until 3 reaches a 10.78.0.33
	ok "... once more" reaches a 10.78.0.33
	is "... no lease" "$(leases)" 0
}

by_the_kernel()
{
	must in_ns b nft delete table inet t
	ok "allowed again: answered at the driver" wait_until 3 at_driver b eth0 reaches a 10.78.0.1
	ok "... IPv6" wait_until 3 at_driver b eth0 reaches a fd78::1
}

# --- by another interface ----------------------------------------------------------------------

join_lan()
{
	ns_join b eth1 c eth1
	must in_ns b ip addr add 10.79.0.1/24 dev eth1
	must in_ns c ip addr add 10.79.0.2/24 dev eth1
	b1=$(mac_of b eth1) c1=$(mac_of c eth1)
	must in_ns b nft -f - <<<'table inet t { chain in { type filter hook input priority 0
		iifname "eth0" icmp type echo-request drop
		iifname "eth0" icmpv6 type echo-request drop
	}
	}'
	for name in all default eth0 eth1; do
		in_ns b sysctl -qw net.ipv4.conf.$name.rp_filter=0
	done
}

# a sends what is dropped, c the same by the other interface; the kernel's answer goes to a.
conspire() # NUMBER
{
	local i
	for i in 1 2 3 4 5; do
		forge a eth0 packet request "$b" "$a" 10.78.0.2 10.78.0.1 $id "$1$i" || return
		forge c eth1 packet request "$b1" "$c1" 10.78.0.2 10.78.0.1 $id "$1$i" || return
		forge a eth0 packet request "$b" "$a" fd78::2 fd78::1 $id "$1$i" || return
		forge c eth1 packet request "$b1" "$c1" fd78::2 fd78::1 $id "$1$i" || return
	done
}

warns() # WORDS OPTION...: attach says this of eth0
{
	in_ns b "$ICMPX" attach eth0 --lease 1 "${@:2}" 2>&1 | tee "$test_dir/said" | grep -F "$1"
}

leased() # both families, as status has them; others' namespaces may be listed, too
{
	in_ns b "$ICMPX" status --json | awk -F '[ ",:]+' -v netns="${ns_inode[b]}" '
		$2 == "netns" { own = $3 == netns }
		$2 ~ /^leases_ipv/ && own { printf "%s:%s ", $2, $3 }'
}

two_interfaces()
{
	join_lan
	ok "attach says that no leases are made, and why" warns "no leases of IPv4 and IPv6"
	is "... status, too" "$(leased)" "leases_ipv4:false leases_ipv6:false "
	sleep 1.1 # what was before
	must conspire 1
	is "the same request by another interface: no lease" "$(leases)" 0
	ok "... the rule holds" silent a 10.78.0.1
	ok "... IPv6" silent a fd78::1
	must in_ns b sysctl -qw net.ipv4.conf.eth1.rp_filter=1
	ok "rp_filter=1 there: IPv4 has leases" warns "no leases of IPv6"
	is "... status, too" "$(leased)" "leases_ipv4:true leases_ipv6:false "
	sleep 1.1
	must conspire 2
	is "... and the same request by another interface none" "$(leases)" 0
	must in_ns b nft delete table inet t
	ok "... who may is answered at the driver" wait_until 3 at_driver b eth0 reaches a 10.78.0.1
	ok "... IPv6 by the kernel" by_kernel b eth0 reaches a fd78::1
	must in_ns b ip link set eth1 down
	must in_ns b "$ICMPX" attach eth0 --lease 1
	is "an interface that is down is none" "$(leased)" "leases_ipv4:true leases_ipv6:true "
	must in_ns b ip link set eth1 up
	ok "... which status says when it is up" grep -F "requests can come in by eth1, too" \
		<(in_ns b "$ICMPX" status eth0)
	ok "a lease" wait_until 3 at_driver b eth0 reaches a fd78::1
	must in_ns b "$ICMPX" attach eth0 --lease 3600
	ok "attached again: it is over" by_kernel b eth0 reaches a fd78::1
	must in_ns b "$ICMPX" attach eth0 --lease 1 --any-interface
	is "--any-interface" "$(leased)" "leases_ipv4:true leases_ipv6:true "
	ok "... IPv6 at the driver" wait_until 3 at_driver b eth0 reaches a fd78::1
}

# A port's other ports are other ways in, its bridge is the same.
ports()
{
	must in_ns b ip link set eth1 down
	must in_ns b ip link add br0 type bridge
	must in_ns b ip link set eth0 master br0
	must in_ns b ip link set br0 up
	must in_ns b "$ICMPX" attach eth0
	is "a bridge's only port" "$(leased)" "leases_ipv4:true leases_ipv6:true "
	must in_ns b ip link set eth1 master br0
	must in_ns b ip link set eth1 up
	ok "... with another port" warns "come in by eth1, too"
	is "... none" "$(leased)" "leases_ipv4:false leases_ipv6:false "
}

test_begin origin
setup
attach b eth0 --lease 1
by_sockets
by_another_kernel
by_the_kernel
must in_ns c ip link del mv0
two_interfaces
ports
test_end
