#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# icmpx trace: it starts quickly, ends when it should and as it should, and leaves nothing.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

peer4=10.91.0.1

setup()
{
	ns_add a b
	ns_join a eth0 b eth0
	must in_ns a ip addr add 10.91.0.2/24 dev eth0
	must in_ns b ip addr add $peer4/24 dev eth0
	chmod 755 "$test_dir"
	cp "$ICMPX" "$test_dir/icmpx"
}

# What the process $tracer has of BPF: "prog 12", "map 7", "link 3".
held()
{
	sed -n 's/^\(prog\|map\|link\)_id:[[:space:]]*/\1 /p' /proc/"$tracer"/fdinfo/* 2>/dev/null | sort -u
}

remains() # something of $objects
{
	local kind id
	while read -r kind id; do
		bpftool "$kind" show id "$id" >/dev/null 2>&1 && echo "$kind $id" && return 0
	done <<<"$objects"
	return 1
}

start() # OPTION...: in the background, tracing when this returns; $tracer, $child, $objects
{
	rm -f "$test_dir/json"
	# SIGINT is ignored in what this shell has in the background.
	nsenter --net="$(ns_path a)" env --default-signal=INT "$ICMPX" trace --json \
		--netns "$test_prefix-a" "$@" >"$test_dir/json" 2>"$test_dir/errors" &
	tracer=$!
	wait_until 10 test -s "$test_dir/json" || bail "it does not start: $(cat "$test_dir/errors")"
	objects=$(held)
	child=$(pgrep -P $tracer)
}

left_nothing() # DESCRIPTION
{
	ok "$1: had programs, maps and links" test "$(cut -d ' ' -f 1 <<<"$objects" | sort -u | xargs)" = "link map prog"
	ok "$1: none of them is left" wait_until 5 not remains
}

ended_well()
{
	tail -n 1 "$test_dir/json" | grep -q '^{"type":"end"' && [ ! -s "$test_dir/errors" ]
}

signals()
{
	local signal
	for signal in INT TERM; do
		start
		must in_ns a ping -n -q -c 1 $peer4
		kill -$signal $tracer
		wait $tracer
		is "SIG$signal: exit status" $? 0
		ok "SIG$signal: the end is written" ended_well
		is "SIG$signal: with the ping" "$("$tools/ndjson" end pings <"$test_dir/json")" 1
		left_nothing "SIG$signal"
		start -- sleep 300
		kill -$signal $tracer
		wait $tracer
		is "SIG$signal, with a command: exit status" $? 0
		ok "SIG$signal, with a command: which is ended, too" not test -d "/proc/$child"
		ok "SIG$signal, with a command: the end is written" ended_well
	done
	start -- bash -c 'trap "" TERM; while :; do sleep 1; done'
	kill -TERM $tracer
	wait $tracer
	is "a command that ignores SIGTERM: exit status" $? 0
	ok "a command that ignores SIGTERM: is killed" not test -d "/proc/$child"
}

killed()
{
	start -- sleep 300
	kill -KILL $tracer
	wait $tracer 2>/dev/null
	left_nothing "SIGKILL"
	ok "SIGKILL: the command goes on" test -d "/proc/$child"
	kill "$child"
}

# The reader of its output goes.
reader_gone()
{
	local statuses
	timeout $((20 * patience)) nsenter --net="$(ns_path a)" "$ICMPX" trace --json -- \
		ping -n -q -i 0.02 -e 91 $peer4 2>"$test_dir/errors" | head -n 1 >"$test_dir/json"
	statuses=("${PIPESTATUS[@]}")
	is "EPIPE: exit status" "${statuses[0]}" 1
	is "EPIPE: the first line is the header" "$("$tools/ndjson" header schema <"$test_dir/json")" 1
	is "EPIPE: nothing is said" "$(grep icmpx: "$test_dir/errors")" ""
	ok "EPIPE: the command is ended" not pgrep -f "^ping -n -q -i 0.02 -e 91 $peer4"
}

command_ends()
{
	local status
	for status in 0 3; do
		in_ns a "$ICMPX" trace --json -- bash -c "exit $status" >"$test_dir/json" 2>"$test_dir/errors"
		is "a command that ends with $status: exit status" $? 0
		ok "a command that ends with $status: the end is written" ended_well
	done
	in_ns a "$ICMPX" trace -c 1 -- ping -n -q -i 0.01 $peer4 >"$test_dir/out" 2>/dev/null
	is "-c 1: exit status" $? 0
	is "-c 1: one ping" "$(grep -c '^ping ' "$test_dir/out")" 1
	in_ns a "$ICMPX" trace -- /nosuch/command >/dev/null 2>"$test_dir/errors"
	is "no such command: exit status" $? 1
	ok "no such command: says so" grep -qx "icmpx: /nosuch/command: .*: No such file or directory" \
		"$test_dir/errors"
	in_ns a "$ICMPX" trace merg A B >/dev/null 2>"$test_dir/errors"
	is "no such command, but one of its own: exit status" $? 1
	ok "no such command, but one of its own: says so" \
		grep -qx "icmpx: merg: .*: No such file or directory; did you mean 'trace merge'?" "$test_dir/errors"
	in_ns a "$ICMPX" trace --graph --backend tp -- true >/dev/null 2>"$test_dir/errors"
	is "--graph without the functions' times: exit status" $? 0
	ok "--graph without the functions' times: says so" \
		grep -qx "icmpx: --graph: no durations: .* fn, this is tp" "$test_dir/errors"
}

refused() # STATUS WORDS OPTION...: nothing on standard output, and no trace
{
	local error status
	error=$("${as[@]}" "$test_dir/icmpx" trace "${@:3}" 2>&1 >"$test_dir/out" </dev/null)
	status=$?
	echo "status $status: $error"
	[ $status = "$1" ] && [ ! -s "$test_dir/out" ] && [[ $error = *"$2"* ]]
}

usage()
{
	local options
	as=()
	for options in --nope --id=65536 --id=-1 --id=x --id= --seq=5-3 --seq=65536 --seq=1- --seq=x \
		--type=ping --type= --pid=0 --pid=x --udp=0 --udp=65536 --backend=x --stacks=x --count=0 \
		--interval=x "--ping=h --interval=-1" "--ping=h --size=65508" --slow=1 --slow=-1ms \
		--slow=x --timeout=x --interval=1 --size=1 "--udp=5 --id=1" "--udp=5 --seq=1" \
		"--udp=5 --type=echo" "--ping=h --pid=1" "--ping=h --host=::1" "--ping=h --id=1" \
		"--ping=h -- true" "--replay=f --record=g" "--replay=f --ping=h" "--replay=f --pid=1" \
		"--replay=f --dev=lo" "--replay=f -- true"; do
		# shellcheck disable=SC2086 # words
		ok "usage: $options" refused 2 "icmpx trace: " $options
	done
	ok "--host that there is not" refused 2 "nosuch.invalid" --host nosuch.invalid
	ok "nine --host" refused 2 "more than 8" --host ::1 --host ::2 --host ::3 --host ::4 --host ::5 \
		--host ::6 --host ::7 --host ::8 --host ::9
}

one_line() # WORDS
{
	refused 1 "$1" -- true && [ "$("${as[@]}" "$test_dir/icmpx" trace -- true 2>&1 | wc -l)" = 1 ]
}

capabilities()
{
	local cap
	for cap in bpf perfmon; do
		as=(setpriv --bounding-set="-$cap,-sys_admin" --inh-caps=-all)
		ok "without CAP_${cap^^}" one_line "tracing needs CAP_${cap^^}"
	done
	as=(setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all)
	ok "without any privilege" one_line "tracing needs CAP_"
}

# Of three, the best: the machine may be busy. In emulation all takes longer.
starts_quickly()
{
	local best
	best=$(for _ in 1 2 3; do
		in_ns a "$ICMPX" trace -v --backend tp -- true 2>&1 >/dev/null
	done | sed -n 's/.*loaded in \([0-9]*\) ms, attached in \([0-9]*\) ms; symbols read in \([0-9]*\) ms.*/\1 \2 \3/p' |
		awk '{ sum = $1 + $2 + $3 } NR == 1 || sum < best { best = sum } END { print best }')
	ok "starts in ${best:-?} ms" test "${best:-9999999}" -lt $((1000 * patience * patience))
}

test_begin_seeing trace-end
setup
signals
killed
reader_gone
command_ends
usage
capabilities
starts_quickly
test_end
