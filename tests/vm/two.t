#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Two machines: a pings b, whose driver answers, and sees so in its own trace. Arguments are
# those of tests/vm/two, as  two.t -k "5.10 7".
set -euo pipefail
cd "$(dirname "$0")/../.."

read -r -d '' asker <<'END' || true
. tests/net/lib.sh
ip addr add 10.96.0.1/24 dev eth0
ip addr add fd96::1/64 dev eth0 nodad
ip link set eth0 up
ask() # FAMILY TARGET: five replies, which the peer's driver gives from the second one on
{
	local got
	ok "$1: the peer can be reached" wait_until 10 ping -n -q -c 1 -W 2 "$2"
	got=$(ping -n -c 5 -i 0.2 -W 2 "$2" | tee /tmp/replies | grep -c 'bytes from')
	is "$1: five pings, five replies" "$got" 5
	diag "$(tail -n 1 /tmp/replies)"
}
ok "the peer is there" meet attached
ask IPv4 10.96.0.2
ask IPv6 fd96::2
$ICMPX trace -- ping -n -c 3 -i 0.2 10.96.0.2 >/tmp/trace 2>/tmp/errors
is "trace: status" $? 0
is "trace: all are complete" "$(tail -n 1 /tmp/trace)" "3 pings: 3 complete; 0 records lost"
is "trace: each has been away" "$(grep -c '^  wire .* driver, wire and the other machine' /tmp/trace)" 3
diag "$(head -n 2 /tmp/trace; cat /tmp/errors; grep -A 9 '^stages' /tmp/trace | tail -n 9)"
ok "the peer has seen it all" meet asked
ok "the peer has detached" meet detached
ok "the kernel answers again" ping -n -q -c 1 -W 5 10.96.0.2
ok "the end" meet end
test_end
END

read -r -d '' answerer <<'END' || true
. tests/net/lib.sh
ip addr add 10.96.0.2/24 dev eth0
ip addr add fd96::2/64 dev eth0 nodad
ip link set eth0 up
at_least() # NUMBER COUNTER...
{
	[ "$("$tools/peek" /proc/self/ns/net eth0 "${@:2}")" -ge "$1" ]
}
ok "attach" $ICMPX attach eth0 --mode native --lease 3600
ok "ready" meet attached
ok "asked" meet asked 240
ok "each family's first ping went to the kernel" at_least 2 pass_no_lease
ok "IPv4: the others were answered at the driver" at_least 8 replied_v4
ok "IPv6: the others were answered at the driver" at_least 5 replied_v6
diag "$($ICMPX stats eth0)"
ok "detach" $ICMPX detach eth0
ok "detached" meet detached
ok "the end" meet end
test_end
END

exec tests/vm/two "$@" "$asker" "$answerer"
