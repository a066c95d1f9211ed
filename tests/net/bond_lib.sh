# shellcheck shell=bash disable=SC2154 # of lib.sh
# SPDX-License-Identifier: GPL-2.0-only
# A host b with a bond of two ports, at a switch in a that sends each frame to both of them.

bond_local=10.81.0.1 bond_peer=10.81.0.2

bond_up() # BOND-OPTION...
{
	local error port
	ns_add a b
	error=$(in_ns b ip link add bond0 type bond miimon 100 "$@" 2>&1) ||
		skip_all "no bonds (CONFIG_BONDING)" "$error"
	# What it has learned it forgets at once.
	must in_ns a ip link add br0 type bridge ageing_time 0
	for port in 0 1; do
		ns_join a p$port b s$port
		must in_ns b ip link set s$port down
		must in_ns b ip link set s$port master bond0
		must in_ns b ip link set s$port up
		must in_ns a ip link set p$port master br0
	done
	must in_ns a ip link set br0 up
	must in_ns b ip link set bond0 up
	must in_ns a ip addr add $bond_peer/24 dev br0
	must in_ns b ip addr add $bond_local/24 dev bond0
	ok "the bond is up" wait_until 10 reaches a $bond_local
}

fates() # COUNT [PING-OPTION...]: of pings from a: replies, and what came twice
{
	in_ns a ping -n -q -c "$1" -i 0.05 -W 1 "${@:2}" $bond_local |
		awk '/transmitted/ { for (i = 1; i < NF; i++) {
			if ($(i + 1) == "received,") got = $i
			if ($(i + 1) == "duplicates,") twice = substr($i, 2) } }
			END { print got + 0, twice + 0 }'
}
