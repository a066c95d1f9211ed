#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Beside somebody else's XDP program, through libxdp's dispatcher: both run, the
# other one's drops hold, each comes and goes alone.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

test_begin dispatcher
"$ICMPX" doctor --json | tr -d ' \n' | grep -q '"freplace",[^}]*"works":true' ||
	skip_all "freplace (libxdp's dispatcher)" "$("$ICMPX" doctor | awk '$1 == "freplace" { print $2 }')"
ns_add a b
ns_join a eth0 b eth0
must in_ns a ip addr add 10.81.0.2/24 dev eth0
must in_ns b ip addr add 10.81.0.1/24 dev eth0

other() # add|remove|count
{
	in_ns b "$tools/dispatch" "$1" eth0 skb
}

programs() # in the dispatcher
{
	in_ns b ip -d link show dev eth0 | grep -c xdp_dispatcher
}

option() # IFACE NAME: of what is attached
{
	in_ns b "$ICMPX" status "$1" --json | grep -o "\"$2\": *[^,]*" | head -n 1 | sed 's/.*: *//'
}

moves() # COMMAND...: the other program's counter does
{
	local before
	before=$(other count) || return 1
	"$@" || return 1
	[ "$(other count)" -gt "$before" ]
}

is "nothing is there" "$(programs)" 0
ok "attach alone" in_ns b "$ICMPX" attach eth0 --any-interface --lease 60
is "a dispatcher is there" "$(programs)" 1
warms "a ping is answered at the driver" b eth0 reaches a 10.81.0.1
ok "another program beside it" other add
ok "the other program sees the pings that icmpx answers" \
	moves at_driver b eth0 reaches a 10.81.0.1
ok "what it drops is not answered" silent a 10.81.0.1 -s 333
is "no other mode than the other program's" \
	"$(in_ns b "$ICMPX" attach eth0 --any-interface --mode native >/dev/null 2>&1; echo $?)" 1
ok "still answered at the driver after that" at_driver b eth0 reaches a 10.81.0.1
ok "replace" in_ns b "$ICMPX" attach eth0 --any-interface --lease 5
is "two programs in the dispatcher" "$(find $bpffs/xdp -name 'prog*-prog' | wc -l)" 2
warms "the shorter lease is learned" b eth0 reaches a 10.81.0.1
ok "still answered at the driver, past the other program" \
	moves at_driver b eth0 reaches a 10.81.0.1
ok "detach" in_ns b "$ICMPX" detach eth0
ok "the other program is still there" moves reaches a 10.81.0.1
ok "what it drops is dropped" silent a 10.81.0.1 -s 333
ok "attach where it is" in_ns b "$ICMPX" attach eth0 --any-interface --lease 60
warms "answered at the driver" b eth0 reaches a 10.81.0.1
ok "the other program goes" other remove
ok "alone, it changes the mode" in_ns b "$ICMPX" attach eth0 --any-interface --mode native --lease 60
ok "and back" in_ns b "$ICMPX" attach eth0 --any-interface --lease 60
warms "answered at the driver again" b eth0 reaches a 10.81.0.1
ok "icmpx is still there" at_driver b eth0 reaches a 10.81.0.1
ok "detach the last" in_ns b "$ICMPX" detach eth0
is "nothing is left" "$(programs)$(in_ns b tc qdisc show dev eth0 | grep -c clsact)" 00

# A bridge has no native XDP.
must in_ns b ip link add br0 type bridge
must in_ns b ip addr add 10.81.1.1/24 dev br0
must in_ns b ip link set br0 up
ns_join a eth1 b eth1
must in_ns b ip link set eth1 master br0
must in_ns a ip addr add 10.81.1.2/24 dev eth1
ok "attach to a bridge, generic" in_ns b "$ICMPX" attach br0 --any-interface --mode generic --lease 60
warms "a ping is answered at the driver" b br0 reaches a 10.81.1.1
before=$(option br0 echo_prog_id)
is "native, alone in a dispatcher, is refused: exit status" \
	"$(in_ns b "$ICMPX" attach br0 --any-interface --mode native >/dev/null 2>&1; echo $?)" 3
is "the old program is back" "$(option br0 echo_prog_id)" "$before"
is "in its mode" "$(option br0 mode)" '"generic"'
is "in a dispatcher" "$(option br0 dispatcher)" true
ok "still answered at the driver" at_driver b br0 reaches a 10.81.1.1
ok "replace in the same mode" in_ns b "$ICMPX" attach br0 --any-interface --mode generic --lease 60
ok "still answered at the driver" at_driver b br0 reaches a 10.81.1.1
ok "detach" in_ns b "$ICMPX" detach br0
is "nothing is left in bpffs" "$(find $bpffs/icmpx $bpffs/xdp 2>/dev/null)" ""

ok "attach" in_ns b "$ICMPX" attach eth0 --any-interface
must in_ns b ip link del eth0
ok "interface deleted: detach --all" in_ns b "$ICMPX" detach --all
is "nothing is left in bpffs" "$(find $bpffs/icmpx $bpffs/xdp 2>/dev/null)" ""

# Two containers whose interfaces have the same index: libxdp's pins are named by that alone.
must in_ns a ip link del eth1
ns_add c d
ns_join a eth0 b eth0
ns_join c eth0 d eth0
must in_ns a ip addr add 10.81.0.2/24 dev eth0
must in_ns b ip addr add 10.81.0.1/24 dev eth0
must in_ns c ip addr add 10.81.0.2/24 dev eth0
must in_ns d ip addr add 10.81.0.1/24 dev eth0

same_index() # so that they are
{
	local index
	index=$(in_ns b ip -o link show dev eth0 | cut -d: -f1)
	[ "$index" = "$(in_ns d ip -o link show dev eth0 | cut -d: -f1)" ] && return
	must in_ns d ip link del eth0
	must in_ns c ip link add eth0 type veth peer name eth0 index "$index" netns "$test_prefix-d"
	must in_ns c ip link set eth0 up
	must in_ns d ip link set eth0 up
	must in_ns c ip addr add 10.81.0.2/24 dev eth0
	must in_ns d ip addr add 10.81.0.1/24 dev eth0
}
same_index
attach b eth0 --any-interface --lease 60
attach d eth0 --any-interface --lease 60
warms "the same index in two namespaces: one" b eth0 reaches a 10.81.0.1
warms "... the other" d eth0 reaches c 10.81.0.1
ok "... replace one" in_ns b "$ICMPX" attach eth0 --any-interface --lease 30
ok "... the other goes on" at_driver d eth0 reaches c 10.81.0.1
ok "... detach one" in_ns b "$ICMPX" detach eth0
ok "... the other goes on" at_driver d eth0 reaches c 10.81.0.1
is "... in its dispatcher" "$(in_ns d "$ICMPX" status --json | grep -c '"dispatcher": *true')" 1
ok "... somebody else's program beside it" in_ns d "$tools/dispatch" add eth0 skb
ok "... attach the one again" in_ns b "$ICMPX" attach eth0 --any-interface --lease 60
ok "... detach the other" in_ns d "$ICMPX" detach eth0
ok "... somebody else's stays" silent c 10.81.0.1 -s 333
ok "... and goes alone" in_ns d "$tools/dispatch" remove eth0 skb
is "... nothing is on it" "$(in_ns d ip -d link show dev eth0 | grep -c prog/xdp)" 0
warms "... the one goes on" b eth0 reaches a 10.81.0.1
ok "... detach it" in_ns b "$ICMPX" detach eth0
is "nothing is left in bpffs" "$(find $bpffs/icmpx $bpffs/xdp 2>/dev/null)" ""

# Somebody cleans up libxdp's pins: what is in the dispatcher goes with them.
attach d eth0 --any-interface
must rm -r $bpffs/xdp
ok "libxdp's pins are lost: not attached" test "$(state_of d)" != attached
ok "... attach mends it" in_ns d "$ICMPX" attach eth0 --any-interface --lease 60
warms "... and works" d eth0 reaches c 10.81.0.1
must rm -r $bpffs/xdp
ok "... or detach" in_ns d "$ICMPX" detach eth0
is "... leaves no empty dispatcher" "$(in_ns d ip -d link show dev eth0 | grep -c prog/xdp)" 0
is "nothing is left in bpffs" "$(find $bpffs/icmpx $bpffs/xdp 2>/dev/null)" ""
test_end
