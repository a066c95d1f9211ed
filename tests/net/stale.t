#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Interfaces that go, come back, change name or namespace while icmpx is attached.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

setup()
{
	ns_add a b
	link_up
}

link_up() # with the same index each time
{
	must in_ns a ip link add eth0 index 10 type veth peer name eth0 index 10 \
		netns "$test_prefix-b"
	must in_ns a ip link set eth0 up
	must in_ns b ip link set eth0 up
	must in_ns a ip addr add 10.78.0.2/24 dev eth0
	must in_ns b ip addr add 10.78.0.1/24 dev eth0
}

pins_of() # NAME
{
	compgen -G "$bpffs/icmpx/${ns_inode[$1]}-*"
}

deleted()
{
	attach b eth0
	warms "attached" b eth0 reaches a 10.78.0.1
	must in_ns a ip link del eth0
	is "interface deleted: stale" "$(state_of b)" stale
	ok "detach --all" in_ns b "$ICMPX" detach --all
	is "... nothing is left to report" "$(state_of b)" ""
	ok "... nor pinned" not pins_of b
}

# The index is taken again: the pins are not those of the new interface.
replaced()
{
	link_up
	attach b eth0
	must in_ns a ip link del eth0
	link_up
	is "another interface with the index: stale" "$(state_of b)" stale
	ok "ping through it" wait_until 2 reaches a 10.78.0.1
	ok "attach to it" in_ns b "$ICMPX" attach eth0 --lease "$short_lease"
	is "... attached" "$(state_of b)" attached
	warms "... and works" b eth0 reaches a 10.78.0.1
	ok "detach by name" in_ns b "$ICMPX" detach eth0
	ok "... nothing is left" not pins_of b
}

renamed()
{
	attach b eth0 --lease "$short_lease"
	must in_ns b ip link set eth0 down
	must in_ns b ip link set eth0 name other0
	must in_ns b ip link set other0 up
	is "interface renamed: attached" "$(state_of b)" attached
	if [[ $(in_ns b "$ICMPX" status other0) == other0:* ]]; then
		pass "status has today's name"
	else
		fail "status has today's name" "$(in_ns b "$ICMPX" status other0)"
	fi
	warms "renamed" b other0 reaches a 10.78.0.1
	is "detach by the old name: no such interface" \
		"$(in_ns b "$ICMPX" detach eth0 2>/dev/null; echo $?)" 1
	ok "detach by the new name" in_ns b "$ICMPX" detach other0
	ok "... nothing is left" not pins_of b
	must in_ns b ip link set other0 down
	must in_ns b ip link set other0 name eth0
	must in_ns b ip link set eth0 up
}

gone() # PIN-DIRECTORY
{
	! [ -e "$1" ]
}

says_stale() # NAME PINS: the pins are reported as stale in that namespace
{
	in_ns "$1" "$ICMPX" status --json | awk -F '[",:[:space:]]+' -v pins="$2" '
		$2 == "state" { state = $3 } $2 == "pins" && $3 == pins { exit state != "stale" }
		END { if (state == "") exit 1 }'
}

namespace_gone()
{
	local pins
	attach b eth0
	pins=$(pins_of b)
	ok "namespace lives: not stale from elsewhere" not says_stale a "$pins"
	ok "... and detach --all from elsewhere leaves it alone" \
		test "$(in_ns a "$ICMPX" detach --all >/dev/null 2>&1; state_of b)" = attached
	must ip netns delete "$test_prefix-b"
	ok "namespace gone: stale" wait_until 5 says_stale a "$pins"
	ok "detach --all from elsewhere" in_ns a "$ICMPX" detach --all
	ok "... nothing is left" gone "$pins"
}

# The interface takes its XDP program along, not the filter.
moved()
{
	ns_add b c
	link_up
	attach b eth0
	must in_ns b ip link set eth0 netns "$test_prefix-c"
	is "moved away: stale here" "$(state_of b)" stale
	ok "detach --all here" in_ns b "$ICMPX" detach --all
	ok "... nothing is left here" not pins_of b
	must in_ns c ip link set eth0 up
	must in_ns c ip addr add 10.78.0.1/24 dev eth0
	ok "ping in the new namespace" wait_until 2 reaches a 10.78.0.1
	ok "attach in the new namespace" in_ns c "$ICMPX" attach eth0 --lease "$short_lease"
	warms "... works" c eth0 reaches a 10.78.0.1
	ok "detach" in_ns c "$ICMPX" detach eth0
	is "... and no program is left" "$(in_ns c ip -d link show dev eth0 | grep -c prog/xdp)" 0
	ok "... nor pins" not pins_of c
}

test_begin stale
setup
deleted
replaced
renamed
namespace_gone
moved
test_end
