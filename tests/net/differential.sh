# shellcheck shell=bash disable=SC2154 # of lib.sh
# SPDX-License-Identifier: GPL-2.0-only
# The hosts of the differential test (flows_lib.c): a sends, b is the kernel that is asked,
# without icmpx and with it. For the tests that say how many frames, of which seed, and with
# what lease (frames, seed, lease).

join=ns_join # what the two are joined with; see cards.sh, too
vid=5
percent=30 # of all frames, which XDP must answer
vlan=() # set when this kernel has VLAN devices

sender_up() # no addresses: the kernel here answers nothing
{
	in_ns a sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
	must in_ns a ip link set eth0 mtu "$1"
}

# No limit on errors, no fragment that times out: nothing may depend on time.
target_sysctls()
{
	in_ns b sysctl -qw net.ipv4.icmp_ratemask=0 net.ipv6.icmp.ratelimit=0 \
		net.ipv4.ipfrag_time=3600 net.ipv6.ip6frag_time=3600 net.ipv4.ipfrag_max_dist=0 \
		net.ipv4.ipfrag_high_thresh=1000000000 net.ipv6.ip6frag_high_thresh=1000000000
	in_ns b sysctl -qw net.ipv4.icmp_msgs_per_sec=100000000 \
		net.ipv4.icmp_msgs_burst=100000000 2>/dev/null # not in a namespace before 6.11
}

# Lines for `ip -batch`, one process for all of them: each is dear in a VM.
neighbours() # DEVICE ADDRESS/LAST-BYTE-OF-MAC...
{
	local device=$1 item
	shift
	for item; do
		echo "neigh replace ${item%/*} lladdr 02:00:00:00:0a:${item#*/} nud permanent dev $device"
	done
}

addresses() # DEVICE ADDRESS...
{
	local device=$1 item
	shift
	for item; do
		echo "addr add $item dev $device"
	done
}

vlan_up() # where the kernel has VLAN devices
{
	in_ns b ip link add link eth0 name "eth0.$vid" type vlan id $vid \
		egress 0:2 6:5 2>/dev/null || return
	vlan=(-t "$vid")
	must in_ns b ip -batch - < <(
		echo "link set eth0.$vid up"
		addresses "eth0.$vid" 10.77.5.1/24 fd77:5::1/64
		neighbours "eth0.$vid" 10.77.5.2/02 fd77:5::2/02
	)
}

# The hosts of flows_lib.c.
target_up() # MTU
{
	local device quick=()
	must in_ns b ip -batch - < <(
		echo "link set eth0 down"
		echo "link set eth0 address 02:00:00:00:0b:01 mtu $1 addrgenmode none"
		echo "link set eth0 up"
		addresses eth0 10.77.0.1/24 10.77.0.99/24 fd77::1/64 fd77::99/64 fe80::b/64
		addresses lo 192.0.2.1/32 2001:db8:2::1/128
		neighbours eth0 10.77.0.2/02 10.77.0.3/03 10.77.0.5/05 fd77::2/02 fd77::3/03 fe80::a/02
		echo "route add default via 10.77.0.2"
		echo "route add default via fd77::2 dev eth0"
		echo "route add 198.51.100.200 via 10.77.0.2 mtu 600"
		echo "route add 2001:db8:8::/64 via fd77::2 dev eth0 mtu 1280"
	)
	vlan_up
	for device in eth0 ${vlan[0]:+eth0.$vid}; do # a neighbour that is not there is known at once
		quick+=("net.ipv4.neigh.${device/./\/}.mcast_solicit=0"
			"net.ipv6.neigh.${device/./\/}.mcast_solicit=0")
	done
	in_ns b sysctl -qw "${quick[@]}"
}

link_up() # MTU SYSCTL...
{
	ns_add a b
	"$join" a eth0 b eth0
	sender_up "$1"
	target_sysctls
	[ $# -eq 1 ] || must in_ns b sysctl -eqw "${@:2}" # -e: a kernel lacks some; the VLAN device inherits them
	target_up "$1"
}

link_down()
{
	ns_delete "$test_prefix-a"
	ns_delete "$test_prefix-b"
}

send() # OPTION...
{
	in_ns a "$tools/differential" -n "$frames" -s "$seed" "${vlan[@]}" "$@" eth0
}

verdict() # DESCRIPTION COMMAND...: whose output is comments already
{
	if "${@:2}"; then
		pass "$1"
	else
		fail "$1" "seed $seed"
	fi
}

with_icmpx() # DESCRIPTION MODE TRUST SYSCTL...
{
	local options=()
	link_up "$mtu" "${@:4}"
	[ "$2" = generic ] || must in_ns a "$tools/xdp_pass" eth0 native
	[ "$3" = flow ] || options=(-a)
	attach b eth0 --mode "$2" --trust "$3" --lease "$lease" --any-interface
	verdict "$1, $2, --trust $3: no divergence" \
		send -r "$test_dir/replies" -p "$(pin_dir b eth0)" -P $((lease < 60 ? percent / 2 : percent)) "${options[@]}"
	must in_ns b "$ICMPX" detach eth0
	link_down
}

compare() # DESCRIPTION MTU TRUST SYSCTL...: plain kernel, itself again, native, generic
{
	local description=$1 mtu=$2 trust=$3 options=()
	shift 3
	[ "$trust" = flow ] || options=(-a)
	link_up "$mtu" "$@"
	send -w "$test_dir/replies" "${options[@]}" || bail "no answers from the plain kernel"
	link_down
	link_up "$mtu" "$@"
	verdict "$description: the plain kernel answers the same again" \
		send -r "$test_dir/replies" "${options[@]}"
	link_down
	with_icmpx "$description" native "$trust" "$@"
	with_icmpx "$description" generic "$trust" "$@"
}
