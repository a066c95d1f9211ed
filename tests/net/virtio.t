#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Native XDP by a NIC's driver, virtio-net: the kernel's answers to all that a wire can bring,
# each verdict met, and a card that works on when icmpx has gone.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/cards.sh
. "${0%/*}/cards.sh"
# shellcheck source=tests/net/differential.sh
. "${0%/*}/differential.sh"

frames=100 # beside those made by hand
seed=${ICMPX_SEED:-$(($(now_ms) % 1000000000))}
lease=3600
join=join_cards

join_cards() # NS1 IFACE1 NS2 IFACE2: promiscuous, or the card keeps others' frames from XDP
{
	cards_join "$@"
	must in_ns "$3" ip link set "$4" promisc on
}

attach_native() # OPTION...
{
	ok "attach --mode native${*:+ $*}" in_ns b "$ICMPX" attach eth0 --mode native "$@"
}

xdp_of_kernel() # as `ip` has it from the kernel: xdp is native
{
	in_ns b ip -o link show dev eth0 | grep -oE ' xdp(generic|offload|multi)? ' | tr -d ' '
}

mode_of_status()
{
	in_ns b "$ICMPX" status --json | awk -F '"' '$2 == "mode" { print $4 }'
}

same_answers()
{
	link_up 1500
	send -w "$test_dir/replies" || bail "no answers from the plain kernel"
	link_down
	link_up 1500
	attach_native --lease $lease
	is "the kernel calls it native" "$(xdp_of_kernel)" xdp
	is "so does status" "$(mode_of_status)" native
	verdict "frames get the plain kernel's answers" \
		send -r "$test_dir/replies" -p "$(pin_dir b eth0)" -P $percent
}

# A host like others beside those of the frames: it asks for the target's MAC address.
pinger_up()
{
	in_ns a sysctl -qw net.ipv6.conf.eth0.disable_ipv6=0
	must in_ns a ip addr add 10.77.0.4/24 dev eth0
	must in_ns a ip addr add fd77::4/64 dev eth0 nodad
	[ ${#vlan[@]} -gt 0 ] || return
	must in_ns a ip link add link eth0 name "eth0.$vid" type vlan id $vid
	must in_ns a ip link set "eth0.$vid" up
	must in_ns a ip addr add 10.77.5.4/24 dev "eth0.$vid"
}

taught() # DESCRIPTION TARGET [PING-OPTION...]: the first by the kernel, then at the driver
{
	ok "$1: first by the kernel" wait_until 3 by_kernel b eth0 reaches a "${@:2}"
	ok "$1: then at the driver" wait_until 3 at_driver b eth0 reaches a "${@:2}"
}

pings()
{
	pinger_up
	taught "IPv4" 10.77.0.1
	taught "IPv6" fd77::1
	taught "IPv4, all the MTU" 10.77.0.1 -s 1472
	ok "IPv4, in fragments: by the kernel" by_kernel b eth0 reaches a 10.77.0.1 -s 4000
	ok "IPv6, in fragments: by the kernel" by_kernel b eth0 reaches a fd77::1 -s 4000
	if [ ${#vlan[@]} -gt 0 ]; then
		taught "VLAN $vid" 10.77.5.1
	else
		pass "VLAN $vid # SKIP CONFIG_VLAN_8021Q: no such device"
	fi
}

burst() # TARGET [PING-OPTION...]: more pings than a limit of 3 in a second allows
{
	in_ns a ping -n -q -c 20 -i 0.01 -W 0.1 "$@" >/dev/null
}

expired()
{
	reaches a 10.77.0.99
	[ "$(counter b eth0 pass_expired)" -gt 0 ]
}

# What options are needed for, or time.
other_verdicts()
{
	attach_native --lease $lease --limit 3 --limit-new 1
	in_ns b sysctl -qw net.ipv4.icmp_echo_ignore_all=1
	burst 10.77.0.99 # no reply, so no lease
	in_ns b sysctl -qw net.ipv4.icmp_echo_ignore_all=0
	attach_native --lease $lease --limit 3 --observe
	burst 10.77.0.1
	burst fd77::1
	attach_native --trust address --ipv4-only --lease 1
	ok "a lease expires" wait_until 5 expired
	attach_native --lease 2
	ok "a lease is renewed" wait_until 5 renewed
	must in_ns a "$tools/forge" eth0 packet too-big "$(card_mac b)" "$(card_mac a)" \
		10.77.0.4 10.77.0.1 1 1
	attach_native --trust address --ipv4-only --lease 1
	ok "--ipv4-only: IPv6 by the kernel" by_kernel b eth0 reaches a fd77::1
	must in_ns a ip addr add 240.0.0.1/32 dev lo
	ok "--trust address: no answer to 240.0.0.1" silent a 10.77.0.1 -I 240.0.0.1
}

card_mac() # NAME
{
	in_ns "$1" ip -br link show dev eth0 | awk '{ print $3 }'
}

renewed()
{
	reaches a 10.77.0.1 && [ "$(counter b eth0 pass_renew)" -gt 0 ]
}

verdicts_missing()
{
	"$tools/peek" "$(ns_path b)" eth0 | awk '/^(replied|observed|drop|pass)_/ && !$2 { print $1 }'
}

detached()
{
	ok "detach" in_ns b "$ICMPX" detach eth0
	is "no program is left" "$(xdp_of_kernel)" ""
	ok "the card works on" wait_until 3 reaches a 10.77.0.1
	ok "the card works on, IPv6" reaches a fd77::1
	ok "the card works on, fragments" reaches a 10.77.0.1 -s 4000
}

# Frames of more than a page: for programs that take them in pieces, which this driver runs
# from 6.3 on.
large()
{
	must in_ns a ip link set eth0 mtu 9000
	must in_ns b ip link set eth0 mtu 9000
	if in_ns b "$ICMPX" attach eth0 --mode native >"$test_dir/out" 2>&1; then
		is "MTU 9000: native" "$(xdp_of_kernel)" xdp
		taught "MTU 9000, native" 10.77.0.1
	else
		ok "MTU 9000: native refused with its reason" \
			grep -q "no native XDP at an MTU of 9000: .*MTU" "$test_dir/out"
		ok "MTU 9000: attach" in_ns b "$ICMPX" attach eth0
		taught "MTU 9000, generic" 10.77.0.1
	fi
	diag "$(cat "$test_dir/out")"
	ok "MTU 9000: a frame of that size by the kernel" \
		by_kernel b eth0 reaches a 10.77.0.1 -s 8972
	ok "MTU 9000: detach" in_ns b "$ICMPX" detach eth0
}

test_begin virtio
need_cards
same_answers
pings
other_verdicts
is "each verdict was met" "$(verdicts_missing | paste -sd ' ')" ""
detached
large
link_down
test_end
