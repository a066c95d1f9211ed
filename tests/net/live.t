#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# attach --live: counters and the pings' way in one, detached at the end; what was attached
# before stays so.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

live='' # its process

start_live() # OPTION...
{
	rm -f "$test_dir/out" # what another one said is not waited for
	nsenter --net="$(ns_path b)" env --default-signal=INT "$ICMPX" attach eth0 --live "$@" \
		>"$test_dir/out" 2>"$test_dir/err" </dev/null &
	live=$!
	ok "it begins to trace" wait_until 10 grep -q "^icmpx trace: backend" "$test_dir/out"
}

end_live() # SIGNAL
{
	kill -"$1" "$live"
	wait "$live"
	status=$?
}

shown() # REGEX
{
	grep -qE "$1" "$test_dir/out"
}

one_more() # true when a ping answered at the driver was shown
{
	reaches a 10.92.0.1
	shown "answered at the driver"
}

test_begin_seeing live
ns_add a b
ns_join a eth0 b eth0
must in_ns a ip addr add 10.92.0.2/24 dev eth0
must in_ns b ip addr add 10.92.0.1/24 dev eth0

start_live
is "attached meanwhile" "$(state_of b)" attached
ok "a ping answered at the driver is shown" wait_until 5 one_more
end_live INT
is "Ctrl-C: status" "$status" 0
ok "its way" shown "[*●] xdp_reply"
ok "the kernel's first answer, too" shown "icmp_echo"
ok "the counters" shown "^replied_v4 +[1-9]"
is "detached" "$(state_of b)" ""
is "no complaint" "$(cat "$test_dir/err")" ""

attach b eth0 --lease 60
start_live --lease 60
end_live TERM
is "attached before: SIGTERM: status" "$status" 0
is "attached before: stays so" "$(state_of b)" attached
ok "and says so" grep -q "eth0: stays attached" "$test_dir/err"
must in_ns b "$ICMPX" detach eth0

# While its probes are loaded, which takes a while.
nsenter --net="$(ns_path b)" env --default-signal=INT "$ICMPX" attach eth0 --live \
	>"$test_dir/out" 2>"$test_dir/err" </dev/null &
live=$!
wait_until 5 test -e "$(pin_dir b eth0)/config"
kill -INT $live
was_early=$(grep -c "^icmpx trace" "$test_dir/out")
wait $live
is "Ctrl-C before the trace begins: status" $? 0
is "before: it was" "$was_early" 0
is "before: detached" "$(state_of b)" ""

in_ns b "$ICMPX" attach eth0 --live --json >/dev/null 2>&1
is "not with --json" $? 2
in_ns b "$ICMPX" attach eth0 lo --live >/dev/null 2>&1
is "not on two interfaces" $? 2
is "and nothing is attached" "$(state_of b)" ""

test_end
