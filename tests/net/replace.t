#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# attach on an attached interface: what stays, what goes, what changes.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

test_begin replace
ns_add a b
ns_join a eth0 b eth0
must in_ns a ip addr add 10.82.0.2/24 dev eth0
must in_ns b ip addr add 10.82.0.1/24 dev eth0

leases() # how many are valid
{
	in_ns b "$ICMPX" leases | grep -c '^eth0 '
}

option() # NAME [IFACE]: of what is attached
{
	in_ns b "$ICMPX" status "${2:-eth0}" --json | grep -o "\"$1\": *[^,]*" | head -n 1 | sed 's/.*: *//'
}

ok "attach" in_ns b "$ICMPX" attach eth0 --lease 60
warms "a ping is answered at the driver" b eth0 reaches a 10.82.0.1
before=$(counter b eth0 replied_v4)
is "one lease" "$(leases)" 1

ok "replace" in_ns b "$ICMPX" attach eth0 --lease 30 --limit 1000,100
is "counters stay" "$(($(counter b eth0 replied_v4) >= before))" 1
is "a lease that would end beyond the new --lease goes" "$(leases)" 0
warms "and comes again" b eth0 reaches a 10.82.0.1
is "the new options are there" "$(option lease_seconds)" 30
ok "replace with the same" in_ns b "$ICMPX" attach eth0 --lease 30
is "the lease stays" "$(leases)" 1
ok "answered at the driver at once" at_driver b eth0 reaches a 10.82.0.1

ok "replace with --trust address" in_ns b "$ICMPX" attach eth0 --lease 30 --trust address
is "leases of flows are not those of addresses" "$(leases)" 0
warms "learned anew" b eth0 reaches a 10.82.0.1
ok "and back" in_ns b "$ICMPX" attach eth0 --lease 30
is "leases of addresses are not those of flows" "$(leases)" 0

ok "replace in another mode" in_ns b "$ICMPX" attach eth0 --mode native
is "it is native" "$(option mode)" '"native"'
ok "and back by itself" in_ns b "$ICMPX" attach eth0
is "it is generic" "$(option mode)" '"generic"'
ok "--observe answers nothing" in_ns b "$ICMPX" attach eth0 --observe
ok "the kernel answers" wait_until 3 by_kernel b eth0 reaches a 10.82.0.1
ok "detach" in_ns b "$ICMPX" detach eth0

# A bridge has no native XDP.
must in_ns b ip addr del 10.82.0.1/24 dev eth0
must in_ns b ip link add br0 type bridge
must in_ns b ip addr add 10.82.0.1/24 dev br0
must in_ns b ip link set br0 up
must in_ns b ip link set eth0 master br0
ok "attach to a bridge" in_ns b "$ICMPX" attach br0 --lease 60
warms "a ping is answered at the driver" b br0 reaches a 10.82.0.1
before=$(option echo_prog_id br0)
is "native is refused: exit status" \
	"$(in_ns b "$ICMPX" attach br0 --mode native >/dev/null 2>&1; echo $?)" 3
is "the old program is back" "$(option echo_prog_id br0)" "$before"
is "in its mode" "$(option mode br0)" '"generic"'
ok "still answered at the driver" at_driver b br0 reaches a 10.82.0.1
ok "detach" in_ns b "$ICMPX" detach br0
test_end
