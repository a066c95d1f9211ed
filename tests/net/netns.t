#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Whose pins are whose: network namespaces that are gone, whose inode number another one has, that
# are alive where nobody can look, and interfaces of one name in several.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

# A bpffs of this test's own: others sweep up what is stale, too.
[ -n "${ICMPX_OWN_BPFFS:-}" ] || ICMPX_OWN_BPFFS=1 exec unshare -m bash "$0"

local4=10.103.0.1

states() # NAME INODE: of the attachments with that number, seen from a namespace
{
	in_ns "$1" "$ICMPX" status --json | awk -F '[ ",:]+' -v netns="$2" '
		$2 == "netns" { own = $3 == netns } $2 == "state" && own { print $3 }'
}

is_state() # NAME INODE STATE
{
	[ "$(states "$1" "$2")" = "$3" ]
}

pins_of() # INODE
{
	compgen -G "$bpffs/icmpx/$1-*"
}

link_up() # NAME
{
	ns_join a "p$1" "$1" eth0
	must in_ns a ip addr add 10.103.0.2/24 dev "p$1"
	must in_ns "$1" ip addr add $local4/24 dev eth0
	must in_ns a ping -n -q -c 1 -W 5 -I "p$1" $local4
}

prog() # NAME: of XDP, by the kernel's word
{
	in_ns "$1" ip -d link show eth0 | sed -n 's/.*prog\/xdp id \([0-9]*\).*/\1/p'
}

has_cookies() # Linux 5.14
{
	! kernel_before 5.14
}

# The lowest free number is the next one's, and so is the interface's index. Sets old, the number of
# a namespace that is gone with icmpx attached in it, and name, of one that has it now.
reuse_number() # NAME...: to try
{
	ns_add b
	link_up b
	attach b eth0
	old=${ns_inode[b]}
	must ip netns delete "$test_prefix-b"
	wait_until 5 is_state a "$old" stale
	for name in "$@"; do
		ns_add "$name"
		[ "${ns_inode[$name]}" != "$old" ] || break
	done
	if [ "${ns_inode[$name]}" != "$old" ]; then
		pass "the number is not given again # SKIP $old"
		return 1
	fi
	link_up "$name"
	must in_ns "$name" tc qdisc add dev eth0 clsact
}

reused_number()
{
	local old name
	reuse_number r1 r2 r3 r4 r5 r6 r7 r8 || return
	if has_cookies; then
		is "another namespace with the number: stale from elsewhere" "$(states a "$old")" stale
	fi
	is "... stale in it" "$(states "$name" "$old")" stale
	ok "... nothing is attached there" complains 1 "eth0: icmpx is not attached to it" \
		in_ns "$name" "$ICMPX" stats eth0
	must in_ns "$name" "$ICMPX" detach --all
	ok "... detach --all leaves its clsact alone" \
		grep -q clsact <(in_ns "$name" tc qdisc show dev eth0)
	is "... and no pins" "$(pins_of "$old")" ""
}

# The same, but the new one is attached to over the old one's pins.
reused_number_attach()
{
	local old name
	reuse_number s1 s2 s3 s4 s5 s6 s7 s8 || return
	ok "attach over the pins of one that is gone" in_ns "$name" "$ICMPX" attach eth0
	is "... attached" "$(states "$name" "$old")" attached
	is "... elsewhere from elsewhere" "$(states a "$old")" elsewhere
	warms "... works" "$name" eth0 reaches a $local4 -I "p$name"
	ok "... detach" in_ns "$name" "$ICMPX" detach eth0
	ok "... its clsact was there before" grep -q clsact <(in_ns "$name" tc qdisc show dev eth0)
	is "... no pins" "$(pins_of "$old")" ""
}

left_alone() # NAME DESCRIPTION: alive where it cannot be seen by its name
{
	local inode=${ns_inode[$1]}
	is "$2: elsewhere" "$(states a "$inode")" elsewhere
	ok "... no advice to detach" not grep -q 'detach --all' <(in_ns a "$ICMPX" status)
	in_ns a "$ICMPX" detach --all >"$test_dir/out" 2>&1
	ok "... detach --all says that it leaves it alone" grep -q 'left alone' "$test_dir/out"
	ok "... and does" test -n "$(pins_of "$inode")"
	ok "... by its name, too" not in_ns a "$ICMPX" detach eth0
	ok "... and does" test -n "$(pins_of "$inode")"
}

# Its mount is another mount namespace's alone.
other_mounts()
{
	local keeper inode
	ns_add h
	link_up h
	inode=${ns_inode[h]}
	attach h eth0
	unshare -m sleep 300 &
	keeper=$!
	sleep 0.3
	must umount "/run/netns/$test_prefix-h"
	left_alone h "mounted in another mount namespace"
	kill $keeper
	wait $keeper
	ok "... that is gone: stale" wait_until 10 is_state a "$inode" stale
	ok "... detach --all" in_ns a "$ICMPX" detach --all
	is "... no pins" "$(pins_of "$inode")" ""
	rm -f "/run/netns/$test_prefix-h"
} 2>/dev/null

# What a process has open, and no more; then a socket, which nobody can enter.
only_a_descriptor() # DESCRIPTION REDIRECTION
{
	local keeper inode
	ns_add h
	link_up h
	inode=${ns_inode[h]}
	attach h eth0
	# shellcheck disable=SC2016 # of the shell inside
	nsenter --net="$(ns_path h)" bash -c "exec 9$2 && exec nsenter --net=/proc/$$/ns/net sleep 300" &
	keeper=$!
	wait_until 5 grep -q sleep /proc/$keeper/comm || bail "no keeper"
	must umount "/run/netns/$test_prefix-h"
	left_alone h "$1"
	kill $keeper
	wait $keeper
	ok "... that is closed: stale" wait_until 10 is_state a "$inode" stale
	ok "... detach --all" in_ns a "$ICMPX" detach --all
	is "... no pins" "$(pins_of "$inode")" ""
	rm -f "/run/netns/$test_prefix-h"
} 2>/dev/null

# Who lacks the rights to ask the programs knows no more than that it does not see it.
unprivileged_view()
{
	local keeper
	ns_add h
	link_up h
	attach h eth0
	# shellcheck disable=SC2016 # of the shell inside
	nsenter --net="$(ns_path h)" bash -c \
		"exec 9<>/dev/udp/127.0.0.1/9 && exec nsenter --net=/proc/$$/ns/net sleep 300" &
	keeper=$!
	wait_until 5 grep -q sleep /proc/$keeper/comm || bail "no keeper"
	must umount "/run/netns/$test_prefix-h"
	ok "without CAP_PERFMON: not visible, or gone" grep -q 'not visible from here, or gone' \
		<(in_ns a setpriv --bounding-set=-all,+bpf --inh-caps=-all --no-new-privs "$ICMPX" status)
	kill $keeper
	wait $keeper
	wait_until 10 is_state a "${ns_inode[h]}" stale
	must in_ns a "$ICMPX" detach --all
	rm -f "/run/netns/$test_prefix-h"
} 2>/dev/null

# Every container has an eth0: whichever pins come first.
same_names()
{
	local low=x high=y
	ns_add x y
	[ "${ns_inode[x]}" -lt "${ns_inode[y]}" ] || { low=y; high=x; }
	link_up $low
	attach $low eth0
	must ip netns delete "$test_prefix-$low"
	link_up $high
	attach $high eth0
	wait_until 5 is_state a "${ns_inode[$low]}" stale
	is "stale pins of the same name come first: status by name" \
		"$(in_ns $high "$ICMPX" status eth0 --json | "$tools/json" attachments)" 1
	is "... is of the one that is here" "$(in_ns $high "$ICMPX" status eth0 --json |
		"$tools/json" attachments 0 state)" attached
	is "... detach" "$(in_ns $high "$ICMPX" detach eth0 2>&1)" "eth0: detached"
	is "... detaches the one that is here" "$(prog $high)" ""
	ok "... and no other" is_state a "${ns_inode[$low]}" stale
	ok "not attached, stale ones left: says both" complains 1 \
		"eth0: icmpx is not attached to it; stale pins of another interface" \
		in_ns $high "$ICMPX" detach eth0
	ok "... which stay" is_state a "${ns_inode[$low]}" stale
	must in_ns $high ip link del eth0
	ok "no such interface here: they go" in_ns $high "$ICMPX" detach eth0
	is "... no pins" "$(pins_of "${ns_inode[$low]}")" ""
	ok "... and said" not in_ns $high "$ICMPX" detach eth0
	must ip netns delete "$test_prefix-$high"
}

# Pins as former releases made them, without the cookie.
former_release()
{
	ns_add f
	link_up f
	attach f eth0 --lease 60
	must rm -f "$(pin_dir f eth0)"/netns_*
	is "without a cookie: attached" "$(state_of f)" attached
	is "... elsewhere from elsewhere" "$(states a "${ns_inode[f]}")" elsewhere
	warms "... answers" f eth0 reaches a $local4 -I pf
	attach f eth0 --lease 60
	if has_cookies; then
		ok "... replaced: it has one" compgen -G "$(pin_dir f eth0)/netns_*"
	fi
	ok "... the lease stays" at_driver f eth0 reaches a $local4 -I pf
	must rm -f "$(pin_dir f eth0)"/netns_*
	ok "... detach" in_ns f "$ICMPX" detach eth0
	is "... its clsact goes, too" "$(in_ns f tc qdisc show dev eth0 | grep -c clsact)" 0
	is "... no pins" "$(pins_of "${ns_inode[f]}")" ""
	must ip netns delete "$test_prefix-f"
}

test_begin netns
must mount -t bpf -o mode=0700 bpf $bpffs
ns_add a
reused_number
reused_number_attach
other_mounts
only_a_descriptor "only a descriptor of it is open" "</proc/self/ns/net"
only_a_descriptor "only a socket is left of it" "<>/dev/udp/127.0.0.1/9"
unprivileged_view
same_names
former_release
test_end
