#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What icmpx does, in one go: two namespaces, the path of a ping, pings with leases cold and warm,
# the counters, what the kernel's settings still decide, and the rates of kernel and driver.
set -euo pipefail

icmpx=$(realpath -m "${ICMPX:-build/icmpx}")
rate=$(realpath -m "${ICMPX_BUILD:-build}")/tests/bench/rate
here='icmpx-demo-a'
there='icmpx-demo-b'
pings=20000 # of a flood, where live XDP frames cannot be had

cleanup()
{
	if ip netns list | grep -qw "$there"; then
		in_ns "$there" "$icmpx" detach --all >/dev/null 2>&1 || true
	fi
	ip netns del "$here" 2>/dev/null || true
	ip netns del "$there" 2>/dev/null || true
}

# nsenter and not `ip netns exec`, which hides bpffs.
in_ns()
{
	local ns=$1
	shift
	nsenter --net="/run/netns/$ns" "$@"
}

# As sysctl does, which is not everywhere.
set_to() # VALUE NAMESPACE NAME
{
	in_ns "$2" sh -c "echo $1 >/proc/sys/$3"
}

say()
{
	if [ -t 1 ]; then
		printf '\n\033[1m# %s\033[0m\n' "$*"
	else
		printf '\n# %s\n' "$*"
	fi
}

show()
{
	printf '$ icmpx %s\n' "$*"
	in_ns "$there" "$icmpx" "$@" 2>&1 | fold -s -w 79
}

setup()
{
	local ns
	cleanup
	ip netns add "$here"
	ip netns add "$there"
	for ns in "$here" "$there"; do # addresses are there at once
		set_to 0 "$ns" net/ipv6/conf/default/accept_dad
	done
	ip link add eth0 netns "$here" type veth peer name eth0 netns "$there"
	ip -n "$here" addr add 10.77.0.1/24 dev eth0
	ip -n "$there" addr add 10.77.0.2/24 dev eth0
	ip -n "$here" addr add fd77::1/64 dev eth0 nodad
	ip -n "$there" addr add fd77::2/64 dev eth0 nodad
	ip -n "$here" link set eth0 up
	ip -n "$there" link set eth0 up
	ready "$here"
	ready "$there"
}

# The kernel tells IPv6 of a link at most once a second; until then neighbours are not answered.
ready() # NAMESPACE
{
	local i
	for ((i = 0; i < 50; i++)); do
		[ -z "$(ip -n "$1" -6 addr show dev eth0 scope link)" ] || return 0
		sleep 0.1
	done
}

mac() # NAMESPACE IFACE
{
	ip -n "$1" -br link show dev "$2" | awk '{ print $3 }'
}

# For `rate`, which expects these names and addresses: a pair for each way to answer. Neighbours are
# known for good and there is no IPv6, so that nothing but pings is on the way.
setup_rate()
{
	local ns iface net number=0
	for ns in "$here" "$there"; do
		set_to 1 "$ns" net/ipv6/conf/default/disable_ipv6
	done
	for iface in k-gro k-pass generic native; do
		number=$((number + 1))
		net=198.18.$number
		ip link add "$iface" netns "$here" type veth peer name "$iface" netns "$there"
		ip -n "$here" addr add $net.1/24 dev "$iface"
		ip -n "$there" addr add $net.2/24 dev "$iface"
		ip -n "$here" link set "$iface" up
		ip -n "$there" link set "$iface" up
		ip -n "$here" neigh replace $net.2 lladdr "$(mac "$there" "$iface")" \
			dev "$iface" nud permanent
		ip -n "$there" neigh replace $net.1 lladdr "$(mac "$here" "$iface")" \
			dev "$iface" nud permanent
	done
	for iface in generic native; do
		in_ns "$there" "$icmpx" attach "$iface" --any-interface --mode "$iface" --lease 3600 >/dev/null 2>&1
	done
}

# Bounded in count and time; prints what it took.
flood()
{
	in_ns "$here" timeout 60 ping -q -f -c "$pings" 10.77.0.2 | sed -n 's/.*time /  /p'
}

flood_both()
{
	echo "So a flood of $pings pings by ping itself, which is not much faster than the kernel:"
	show attach eth0
	in_ns "$here" ping -q -c 1 10.77.0.2 >/dev/null
	printf 'answered at the driver: '
	flood
	show detach eth0
	printf 'answered by the kernel: '
	flood
}

show_rates()
{
	local status=0
	if ! [ -x "$rate" ]; then
		echo "$rate is not built."
		flood_both
		return
	fi
	setup_rate
	in_ns "$here" "$rate" "$icmpx" "/run/netns/$there" || status=$?
	[ "$status" != 3 ] || flood_both # what is missing, it has said
	[ "$status" = 3 ] || return "$status"
}

trap cleanup EXIT
trap 'exit 130' INT TERM HUP
[ "$(id -u)" = 0 ] || { echo "demo: needs root: it makes network namespaces" >&2; exit 3; }
echo "icmpx in two network namespaces of this machine ($here, $there)"
echo "that a veth pair joins. Nothing else is touched, and both are gone at the end."
setup
in_ns "$here" ping -q -c 1 10.77.0.2 >/dev/null # so that neighbours are known

say "The path of one ping through the kernel, both sides, and where its time went"
echo '$ icmpx trace -- ping -c 1 10.77.0.2'
path=$(in_ns "$here" "$icmpx" trace -- ping -q -c 1 10.77.0.2)
printf '%s\n' "$path"
[[ $path != *$'\n0 pings'* ]] || { echo "demo: the trace has seen no ping" >&2; exit 1; }

say "Attached: the driver answers nothing that the kernel has not answered before"
show attach eth0

say "The first ping of a flow goes to the kernel, whose reply becomes a lease"
in_ns "$here" ping -c 1 10.77.0.2 | sed -n 2p
in_ns "$here" ping -c 1 fd77::2 | sed -n 2p
show leases

say "While a lease holds, pings are answered at the driver (replied_v4, replied_v6)"
in_ns "$here" ping -c 3 -i 0.2 10.77.0.2 | sed -n 2,4p
in_ns "$here" ping -c 3 -i 0.2 fd77::2 | sed -n 2,4p
show stats

say "The path of such a ping: the stages alone"
in_ns "$here" "$icmpx" trace -- ping -q -c 1 10.77.0.2 | sed -n '/^stages/,/^$/p' | sed '$d'

say "The kernel decides: told to be silent, it is obeyed within one lease"
show attach eth0 --lease 1
echo '$ sysctl net.ipv4.icmp_echo_ignore_all=1; ping -c 5 -i 0.5 10.77.0.2'
set_to 1 "$there" net/ipv4/icmp_echo_ignore_all
in_ns "$here" ping -q -c 5 -i 0.5 -W 1 10.77.0.2 | sed -n 4p || true
set_to 0 "$there" net/ipv4/icmp_echo_ignore_all

say "How many pings a second one core answers: the kernel, and icmpx at the driver"
show_rates

say "Gone without a trace"
show detach --all
show status
printf '\nNext: %s doctor eth0; %s trace -- ping -c 1 HOST; README.md\n' "${ICMPX:-build/icmpx}" "${ICMPX:-build/icmpx}"
