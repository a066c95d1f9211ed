#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Tagged requests: answered where a VLAN device answers, silent where it has gone.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

tagged=10.78.5.1

vlan_add() # NS
{
	in_ns "$1" ip link add link eth0 name eth0.5 type vlan id 5 egress 0:3
}

vlan_up() # NS ADDRESS...
{
	local name=$1
	shift
	must in_ns "$name" ip link set eth0.5 up
	for address; do
		must in_ns "$name" ip addr add "$address" dev eth0.5 nodad
	done
}

# Whether a's VLAN devices leave the tag beside the frame, for the card to put in: then
# XDP in b does not see it.
offload() # on|off
{
	must in_ns a ethtool -K eth0 txvlan "$1" tx-vlan-stag-hw-insert "$1"
}

setup()
{
	local error
	command -v ethtool >/dev/null || skip_all "ethtool" "ENOENT"
	ns_add a b
	ns_join a eth0 b eth0
	error=$(vlan_add a 2>&1) || skip_all "no VLAN devices (CONFIG_VLAN_8021Q)" "$error"
	must in_ns a ip addr add 10.78.0.2/24 dev eth0
	must in_ns b ip addr add 10.78.0.1/24 dev eth0
	vlan_up a 10.78.5.2/24 fd78:5::2/64
	attach b eth0 --lease "$short_lease" --any-interface
}

hidden_tag()
{
	offload on
	ok "hidden tag, no VLAN device: silent" silent a $tagged
	must vlan_add b
	vlan_up b $tagged/24 fd78:5::1/64
	follows "hidden tag: left to the kernel" by_kernel b eth0 reaches a $tagged
	ok "hidden tag, IPv6: left to the kernel" by_kernel b eth0 reaches a fd78:5::1
	must in_ns b ip link del eth0.5
	ok "hidden tag, VLAN device removed: silent" silent a $tagged
}

tag_comes_and_goes()
{
	offload off
	ok "no VLAN device: silent" silent a $tagged
	must vlan_add b
	vlan_up b $tagged/24 fd78:5::1/64
	warms "VLAN device added, IPv4" b eth0 reaches a $tagged
	warms "VLAN device added, IPv6" b eth0 reaches a fd78:5::1
	warms "ping -I eth0.5" b eth0 reaches a $tagged -I eth0.5
	warms "untagged beside it" b eth0 reaches a 10.78.0.1
	ok "reply has the tag's priority" wait_until 3 priority_at_driver 3
	must in_ns b ip link set eth0.5 type vlan egress 0:6
	follows "other egress priority: replies have it" has_priority 6
	must in_ns b ip link del eth0.5
	follows "VLAN device removed: silent" silent a $tagged
	ok "untagged is not" wait_until 2 at_driver b eth0 reaches a 10.78.0.1
}

# PRIORITY of a tagged reply, counted by a's firewall.
has_priority() # PRIORITY
{
	in_ns a nft -f - <<-EOF || return
		add table netdev t
		flush table netdev t
		add chain netdev t in { type filter hook ingress device "eth0" priority 0; }
		add rule netdev t in vlan id 5 vlan pcp $1 counter
	EOF
	reaches a $tagged || return
	[[ $(in_ns a nft list table netdev t) == *"packets 1 "* ]]
}

priority_at_driver() # PRIORITY
{
	at_driver b eth0 has_priority "$1"
}

# The same addresses, another tag: no tag may be taken for another.
other_tag()
{
	must vlan_add b
	vlan_up b $tagged/24
	warms "tag 5" b eth0 reaches a $tagged
	must in_ns b ip link del eth0.5
	must in_ns b ip link add link eth0 name eth0.6 type vlan id 6
	must in_ns b ip link set eth0.6 up
	must in_ns b ip addr add $tagged/24 dev eth0.6
	follows "address moved to VLAN 6: VLAN 5 is silent" silent a $tagged
	must in_ns b ip link del eth0.6
}

stacked()
{
	local name=a address=10.78.7.2/24
	for name in a b; do
		must in_ns $name ip link add link eth0 name outer type vlan id 100 protocol 802.1ad
		must in_ns $name ip link add link outer name inner type vlan id 7
		must in_ns $name ip link set outer up
		must in_ns $name ip link set inner up
	done
	must in_ns a ip addr add 10.78.7.2/24 dev inner
	must in_ns b ip addr add 10.78.7.1/24 dev inner
	warms "two tags" b eth0 reaches a 10.78.7.1
	must in_ns b ip link del inner
	follows "inner VLAN device removed: silent" silent a 10.78.7.1
}

# icmpx on the VLAN device itself sees no tag.
on_vlan_device()
{
	must in_ns b "$ICMPX" detach eth0
	must vlan_add b
	vlan_up b $tagged/24
	attach b eth0.5 --lease "$short_lease" --any-interface
	warms "icmpx on the VLAN device" b eth0.5 reaches a $tagged
	must in_ns b ip addr del $tagged/24 dev eth0.5
	follows "its address removed: silent" silent a $tagged
	ok "detach from the VLAN device" in_ns b "$ICMPX" detach eth0.5
}

test_begin vlan
setup
hidden_tag
tag_comes_and_goes
other_tag
stacked
on_vlan_device
test_end
