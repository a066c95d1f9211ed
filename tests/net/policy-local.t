#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What this machine is told not to answer, icmpx stops answering within one lease.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

setup()
{
	ns_add a b
	ns_join a eth0 b eth0
	local address
	for address in 10.78.0.2/24 10.78.0.3/24; do
		must in_ns a ip addr add $address dev eth0
	done
	must in_ns a ip addr add fd78::2/64 dev eth0 nodad
	must in_ns b ip addr add 10.78.0.1/24 dev eth0
	must in_ns b ip addr add 10.78.0.99/24 dev eth0
	must in_ns b ip addr add fd78::1/64 dev eth0 nodad
	must in_ns b ip addr add fd78::99/64 dev eth0 nodad
	attach b eth0 --lease "$short_lease"
}

shows_ttl() # TARGET TTL
{
	[[ $(in_ns a ping -n -c 1 -W "$ping_wait" "$1") == *"ttl=$2 "* ]]
}

echo_sysctls()
{
	local name target
	for name in net.ipv4.icmp_echo_ignore_all net.ipv6.icmp.echo_ignore_all; do
		target=10.78.0.1
		[[ $name != *ipv6* ]] || target=fd78::1
		warms "before $name=1" b eth0 reaches a $target
		must in_ns b sysctl -qw $name=1
		follows "$name=1: silent" silent a $target
		must in_ns b sysctl -qw $name=0
		follows "$name=0: answered" reaches a $target
	done
}

hop_limits()
{
	warms "before ip_default_ttl=33" b eth0 reaches a 10.78.0.1
	must in_ns b sysctl -qw net.ipv4.ip_default_ttl=33
	follows "ip_default_ttl=33: replies have it" shows_ttl 10.78.0.1 33
	ok "... at the driver too" wait_until 2 at_driver b eth0 shows_ttl 10.78.0.1 33
	warms "before hop_limit=77" b eth0 reaches a fd78::1
	must in_ns b sysctl -qw net.ipv6.conf.eth0.hop_limit=77
	follows "hop_limit=77: replies have it" shows_ttl fd78::1 77
	ok "... at the driver too" wait_until 2 at_driver b eth0 shows_ttl fd78::1 77
}

other_peer_goes_on()
{
	at_driver b eth0 reaches a 10.78.0.1 -I 10.78.0.2 ||
		at_driver b eth0 reaches a 10.78.0.1 -I 10.78.0.2 # the lease had ended
}

firewall()
{
	warms "before nft drops a peer" b eth0 reaches a 10.78.0.1 -I 10.78.0.3
	must in_ns b nft -f - <<<'table inet t {
		chain in { type filter hook input priority 0
			ip saddr 10.78.0.3 icmp type echo-request drop
			ip6 daddr fd78::99 icmpv6 type echo-request drop
		}
	}'
	follows "nft drops requests of one peer: silent" silent a 10.78.0.1 -I 10.78.0.3
	ok "... the other peer is answered at the driver" wait_until 2 other_peer_goes_on
	ok "... and so is the other address" wait_until 2 at_driver b eth0 reaches a fd78::1
	ok "... and not the filtered one" silent a fd78::99
	must in_ns b nft delete table inet t
	follows "rule removed: answered" reaches a 10.78.0.1 -I 10.78.0.3
	warms "before nft drops replies" b eth0 reaches a 10.78.0.1
	must in_ns b nft -f - <<<'table inet t {
		chain out { type filter hook output priority 0
			icmp type echo-reply drop
		}
	}'
	follows "nft drops replies: silent" silent a 10.78.0.1
	must in_ns b nft delete table inet t
}

mangling()
{
	warms "before nft mangles replies" b eth0 reaches a 10.78.0.1
	must in_ns b nft -f - <<<'table inet t {
		chain out { type route hook output priority 0
			icmp type echo-reply ip dscp set cs5
		}
	}'
	follows "nft sets the replies' DSCP: left to the kernel" by_kernel b eth0 reaches a 10.78.0.1
	must in_ns b nft delete table inet t
}

addresses()
{
	local address length=24
	for address in 10.78.0.99 fd78::99; do
		[[ $address != *:* ]] || length=64
		warms "before $address goes" b eth0 reaches a $address
		must in_ns b ip addr del $address/$length dev eth0
		follows "$address removed: silent" silent a $address
	done
}

# Another payload than the request's: a cache of it would be wrong at once.
user_space_responder()
{
	local lessons
	must in_ns b sysctl -qw net.ipv4.icmp_echo_ignore_all=1
	follows "kernel silenced" silent a 10.78.0.1
	in_ns b "$tools/responder" 20 &
	ok "a user-space responder answers" wait_until 2 reaches a 10.78.0.1
	lessons=$(counter b eth0 not_equal)
	follows "its replies never become a lease" by_kernel b eth0 reaches a 10.78.0.1
	ok "... which the learner refused" test "$(counter b eth0 not_equal)" -gt "$lessons"
	kill $! && wait $! 2>/dev/null
	must in_ns b sysctl -qw net.ipv4.icmp_echo_ignore_all=0
}

link_down()
{
	warms "before the link goes down" b eth0 reaches a 10.78.0.1
	must in_ns b ip link set eth0 down
	ok "link down: silent" silent a 10.78.0.1
	must in_ns b ip link set eth0 up
	warms "link up" b eth0 reaches a 10.78.0.1
}

detached()
{
	ok "detach" in_ns b "$ICMPX" detach eth0
	ok "detached: the kernel answers at once" reaches a 10.78.0.1
}

test_begin local
setup
echo_sysctls
hop_limits
firewall
mangling
addresses
user_space_responder
link_down
detached
test_end
