#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Readers that are stopped (SIGSTOP) in the middle of a flood: the kernel goes on answering, and
# what a trace could not be given is counted at its end.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

local4=10.96.0.1
# 41 fragments each way, a call path with each: some 100 kB of records a ping, in a ring of 32 MiB.
count=450

stopped() # PID
{
	[[ $(cat /proc/"$1"/stat 2>/dev/null) = *') T '* ]]
}

is_whole() # a ping now: those of before may still be in the ring
{
	reaches a $local4 && sleep 0.2 &&
		[ "$("$tools/ndjson" ping end lost <"$test_dir/json" | tail -n 1)" = "complete 0" ]
}

trace_stopped()
{
	local tracer sent got lost
	nsenter --net="$(ns_path a)" env --default-signal=INT "$ICMPX" trace --json --backend tp \
		--stacks always --host $local4 >"$test_dir/json" 2>"$test_dir/errors" &
	tracer=$!
	wait_until 40 test -s "$test_dir/json" || bail "no trace: $(cat "$test_dir/errors")"
	kill -STOP $tracer
	wait_until 5 stopped $tracer || bail "it does not stop"
	in_ns a timeout -s INT $((20 * patience)) ping -n -q -f -c $count -s 60000 $local4 >"$test_dir/ping"
	read -r sent got < <(awk '/packets transmitted/ { print $1, $4 }' "$test_dir/ping")
	# not all: fragments are lost where the sender is quicker than the receiver
	ok "trace stopped: the flood is answered: $got of $sent" test "${got:-0}" -gt $((${sent:-0} / 2))
	ok "trace stopped: another ping is" reaches a $local4
	kill -CONT $tracer
	ok "trace goes on: a later ping is whole" wait_until 30 is_whole
	kill -INT $tracer
	wait $tracer
	is "trace goes on: exit status" $? 0
	is "trace goes on: it complains of nothing" "$(cat "$test_dir/errors")" ""
	lost=$("$tools/ndjson" end lost <"$test_dir/json")
	ok "trace goes on: its end says how many records were lost: $lost" test "${lost:-0}" -gt 0
	is "trace goes on: as many pings as the end says" \
		"$("$tools/ndjson" ping id <"$test_dir/json" | wc -l)" \
		"$("$tools/ndjson" end pings <"$test_dir/json")"
	no_more_bpf "trace: nothing is left in the kernel" "$objects"
}

replies() # as the last line of stats says
{
	tail -n 1 "$test_dir/stats" | "$tools/json" interfaces 0 verdicts replied_v4 frames
}

has_counted() # REPLIES
{
	[ "$(replies)" = "$1" ]
}

stats_stopped()
{
	local watcher
	attach b eth0 --lease 3600
	warms "stats: the fast path" b eth0 reaches a $local4
	nsenter --net="$(ns_path b)" "$ICMPX" stats --watch --json eth0 >"$test_dir/stats" &
	watcher=$!
	wait_until 5 test -s "$test_dir/stats" || bail "no stats"
	kill -STOP $watcher
	wait_until 5 stopped $watcher || bail "it does not stop"
	must in_ns a ping -n -q -f -c 2000 $local4
	kill -CONT $watcher
	ok "stats go on: with all replies of meanwhile" \
		wait_until 5 has_counted "$(counter b eth0 replied_v4)"
	kill -TERM $watcher
	wait $watcher
	is "stats go on: exit status" $? 0
	ok "stats: detach" in_ns b "$ICMPX" detach eth0
	no_more_bpf "stats: nothing is left in the kernel" "$objects"
}

test_begin fault-stop
ns_add a b
ns_join a eth0 b eth0
must in_ns a ip addr add 10.96.0.2/24 dev eth0
must in_ns b ip addr add $local4/24 dev eth0
must in_ns a ping -n -q -c 1 -W 5 $local4
objects=$(bpf_objects)
trace_stopped
stats_stopped
test_end
