#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel is the oracle: the same frames get the same answers with and without icmpx.
# differential.t [-n FRAMES] [-s SEED] [-l LEASE], or ICMPX_FRAMES, ICMPX_SEED, ICMPX_LEASE:
# so many generated frames for each way to attach. A short lease also ends while they run.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/differential.sh
. "${0%/*}/differential.sh"

frames=${ICMPX_FRAMES:-$([ -n "${ICMPX_VM:-}" ] && echo 300 || echo 12000)}
seed=${ICMPX_SEED:-$(($(now_ms) % 1000000000))}
lease=${ICMPX_LEASE:-3600}
while getopts l:n:s: option; do
	case $option in
	l) lease=$OPTARG ;;
	n) frames=$OPTARG ;;
	s) seed=$OPTARG ;;
	*) exit 2 ;;
	esac
done

test_begin diff
compare "MTU 1500" 1500 flow
compare "MTU 1500" 1500 address
percent=20 # messages above 2047 bytes are not for XDP
compare "MTU 3000" 3000 flow
percent=30
compare "other sysctls" 1500 flow net.ipv4.ip_default_ttl=33 \
	net.ipv6.conf.all.hop_limit=77 net.ipv6.conf.eth0.hop_limit=78 \
	net.ipv4.icmp_echo_ignore_broadcasts=0 net.ipv4.conf.all.rp_filter=1 \
	net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 \
	net.ipv4.conf.eth0.send_redirects=0 net.ipv4.conf.default.send_redirects=0 \
	net.ipv4.conf.all.accept_source_route=1 \
	net.ipv4.icmp_echo_enable_probe=1 net.ipv4.conf.eth0.drop_unicast_in_l2_multicast=1 \
	net.ipv6.conf.eth0.drop_unicast_in_l2_multicast=1
compare "flow label reflection" 1500 flow net.ipv6.flowlabel_reflect=4
diag "${vlan[*]:-without VLAN devices: this kernel has none}"
test_end
