#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119 # no options are meant
# icmpx export goes on answering, in bounded memory, whatever its clients do: a thousand at once,
# those that say nothing, never read, are slow, or talk nonsense.
set -uo pipefail
# shellcheck source=tests/net/export_lib.sh
. "${0%/*}/export_lib.sh"

address=127.0.0.1:9917
memory_max=$((32 * 1024)) # KiB, at its highest
# A sanitizer keeps what was freed.
! ldd "$ICMPX" | grep -q libasan || memory_max=$((4 * memory_max))

answers()
{
	grep -q "^icmpx_build_info" <(body)
}

# Clients that stay until this test lets go of their standard input.
hold() # idle|deaf N
{
	mkfifo "$test_dir/hold"
	in_ns b "$client" "$1" $address "$2" <"$test_dir/hold" >"$test_dir/held" 2>&1 7>&- &
	holder=$!
	exec 7<>"$test_dir/hold"
	wait_until 20 grep -qx "$2" "$test_dir/held"
}

let_go()
{
	exec 7>&-
	wait "$holder"
	rm "$test_dir/hold"
}

descriptors()
{
	find "/proc/$exporter/fd" -mindepth 1 2>/dev/null | wc -l
}

few_descriptors()
{
	[ "$(descriptors)" -le $((idle_descriptors + 2)) ]
}

crowd()
{
	local ms
	hold idle 1000
	is "1,000 connections that ask nothing" "$(cat "$test_dir/held")" 1000
	ms=$(now_ms)
	ok "in their midst it answers" answers
	ms=$(($(now_ms) - ms))
	ok "at once ($ms ms)" test $ms -lt $((2000 * patience))
	ok "with descriptors for 64 at most" test "$(descriptors)" -le $((idle_descriptors + 64))
	let_go
	hold deaf 60
	is "60 that ask and never read" "$(cat "$test_dir/held")" 60
	ok "in their midst it answers, too" answers
	let_go
	is "1,000 at once: each gets its page" "$(in_ns b "$client" storm $address 1000)" 1000
}

nonsense()
{
	local seed=${ICMPX_SEED:-$RANDOM}
	is "200 requests of nonsense (ICMPX_SEED=$seed)" "$(in_ns b "$client" garbage $address "$seed" 200)" 200
	ok "then it answers" answers
}

test_begin export-load
export_setup
start_exporter
ok "it answers" answers
idle_descriptors=$(descriptors)
crowd
in_ns b "$client" slow $address >"$test_dir/slow" &
slow=$!
nonsense
wait $slow
seconds=$(cat "$test_dir/slow")
ok "one that is slow has ten seconds ($seconds)" test "$seconds" -ge 9 -a "$seconds" -le $((13 * patience))
ok "all connections are over" wait_until 15 few_descriptors
highest=$(proc_status VmHWM)
ok "memory at its highest ($highest KiB)" test "$highest" -lt $memory_max
ok "connections that were cut off are counted" \
	test "$(body | metric icmpx_export_http_cut_off_total)" -gt 900
hold idle 10
stop_exporter
is "SIGTERM amid connections: status" $exporter_status 0
let_go
test_end
