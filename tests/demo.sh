#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What icmpx does, in one go: two namespaces, the call path of a ping, pings with leases
# cold and warm, the counters, the same flood answered by the kernel and at the driver.
set -euo pipefail

icmpx=${ICMPX:-build/icmpx}
here='icmpx-demo-a'
there='icmpx-demo-b'
pings=20000

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

say()
{
	printf '\n\033[1m# %s\033[0m\n' "$*"
}

show()
{
	printf '$ icmpx %s\n' "$*"
	in_ns "$there" "$icmpx" "$@"
}

setup()
{
	local ns
	cleanup
	ip netns add "$here"
	ip netns add "$there"
	for ns in "$here" "$there"; do # addresses are there at once
		in_ns "$ns" sysctl -q -w net.ipv6.conf.default.accept_dad=0
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

# Bounded in count and time; prints the summary alone.
flood()
{
	in_ns "$here" timeout 60 ping -q -f -c "$pings" "$1" | tail -n 2
}

trap cleanup EXIT
trap 'exit 130' INT TERM
setup

say "The way of one ping through the kernel, both sides, and where its time went"
echo '$ icmpx trace -- ping -c 1 10.77.0.2'
way=$(in_ns "$here" "$icmpx" trace -- ping -q -c 1 10.77.0.2)
printf '%s\n' "$way"
[[ $way != *$'\n0 pings'* ]] || { echo "demo: the trace has seen no ping" >&2; exit 1; }

say "A flood of $pings pings, answered by the kernel"
flood 10.77.0.2

say "Attached: nothing is answered at the driver before the kernel has answered it once"
show attach eth0

say "Leases cold: the first ping of a flow goes to the kernel, whose reply becomes the lease"
in_ns "$here" ping -c 1 10.77.0.2 | sed -n 2p
in_ns "$here" ping -c 1 fd77::2 | sed -n 2p
show leases

say "Leases warm: the same pings, answered at the driver"
in_ns "$here" ping -c 3 -i 0.2 10.77.0.2 | sed -n 2,4p
in_ns "$here" ping -c 3 -i 0.2 fd77::2 | sed -n 2,4p
show stats

say "The kernel is told not to answer pings: so neither does the driver, within one lease"
show attach eth0 --lease 1
in_ns "$there" sysctl -q -w net.ipv4.icmp_echo_ignore_all=1
in_ns "$here" ping -q -c 5 -i 0.5 -W 1 10.77.0.2 | sed -n 4p || true
in_ns "$there" sysctl -q -w net.ipv4.icmp_echo_ignore_all=0

say "The same flood, answered at the driver"
show attach eth0
flood 10.77.0.2
show leases

say "The way of a ping that is answered at the driver: the stages alone"
in_ns "$here" "$icmpx" trace -- ping -q -c 1 10.77.0.2 | sed -n '/^stages/,/^$/p'

say "Gone without a trace"
show detach eth0
show status
