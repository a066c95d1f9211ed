#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# icmpx trace: its output: on a terminal and not, 80 columns, colours, marks, statistics.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

peer4=10.88.0.1 peer6=fd88::1

setup()
{
	ns_add a b
	ns_join a eth0 b eth0
	must in_ns a ip addr add 10.88.0.2/24 dev eth0
	must in_ns b ip addr add $peer4/24 dev eth0
	must in_ns a ip addr add fd88::2/64 dev eth0 nodad
	must in_ns b ip addr add $peer6/64 dev eth0 nodad
	export LC_ALL=C.UTF-8
	unset NO_COLOR
	recording=$test_dir/recording
	must in_ns a "$ICMPX" trace --record "$recording" -- ping -n -q -c 3 -i 0.01 $peer4
	must in_ns a "$ICMPX" trace --record "$recording.6" -- ping -n -q -c 1 $peer6
}

# On a terminal of its own of 80 columns. Its end of line is CR LF.
on_terminal() # COMMAND...: on one with colours, whatever this runs on, if any
{
	env -u NO_COLOR TERM=screen script -qec "stty cols 80 rows 24; exec $*" /dev/null </dev/null
}

uncoloured()
{
	sed 's/\x1b\[[0-9;]*m//g'
}

too_wide() # the lines above 80 columns
{
	tr -d '\r' | uncoloured | grep -E '^.{81}'
}

replay() # OPTION...
{
	"$ICMPX" trace --replay "$recording" "$@"
}

width()
{
	local options
	for options in "" "-v" "--explain" "--compare" "--stats" "--compare --explain -v" "--graph"; do
		# shellcheck disable=SC2086 # words
		is "a pipe is 80 columns wide: $options" "$(replay $options | too_wide)" ""
		# shellcheck disable=SC2086
		is "IPv6: a pipe is 80 columns wide: $options" \
			"$("$ICMPX" trace --replay "$recording.6" $options | too_wide)" ""
		command -v script >/dev/null || continue
		is "a terminal of 80 columns: $options" \
			"$(on_terminal "$ICMPX" trace --replay "$recording" "$options" | too_wide)" ""
	done
}

coloured() # COMMAND...
{
	[ "$("$@" | grep -c $'\033\\[')" -gt 0 ]
}

colours()
{
	ok "no colour on a pipe" not coloured replay
	ok "no colour on a pipe: --stats" not coloured replay --stats
	command -v script >/dev/null || return
	ok "colours on a terminal" coloured on_terminal "$ICMPX" trace --replay "$recording"
	ok "none with --no-colour" not coloured on_terminal "$ICMPX" trace --replay "$recording" --no-colour
	ok "none with --no-color" not coloured on_terminal "$ICMPX" trace --replay "$recording" --no-color
	ok "none with NO_COLOR" not coloured on_terminal env NO_COLOR=1 "$ICMPX" trace --replay "$recording"
	ok "an empty NO_COLOR is none" coloured on_terminal env NO_COLOR= "$ICMPX" trace --replay "$recording"
	is "nothing but the colours differs" \
		"$(on_terminal "$ICMPX" trace --replay "$recording" | tr -d '\r' | uncoloured)" "$(replay)"
}

marks()
{
	ok "UTF-8: marks" grep -q '● net_dev_queue' <(replay)
	is "LC_ALL=C: ASCII alone" "$(LC_ALL=C replay | LC_ALL=C grep -c '[^ -~]')" 0
	is "LC_ALL=C: --stats too" "$(LC_ALL=C replay --stats | LC_ALL=C grep -c '[^ -~]')" 0
	is "LC_ALL=C: --compare too" "$(LC_ALL=C replay --compare --explain | LC_ALL=C grep -c '[^ -~]')" 0
	ok "LC_ALL=C: its hops" grep -q 'net_dev_queue' <(LC_ALL=C replay)
}

described()
{
	[ ! -x /usr/bin/perl ] || "${0%/*}/schema_check"
}

types() # of the JSON's lines, each run once
{
	grep -o '^{"type":"[a-z]*"' | cut -d '"' -f 4 | uniq | xargs
}

json()
{
	local json=$test_dir/json
	in_ns a "$ICMPX" trace --json --compare -- ping -n -q -c 2 -i 0.01 $peer4 >"$json" 2>/dev/null
	ok "JSON is as described" described <"$json"
	is "JSON: the header is first" "$(types <"$json" | cut -d ' ' -f 1)" header
	is "JSON: the comparison comes before the end" "$(types <"$json" | grep -o 'compare end$')" "compare end"
	is "JSON: the kernel" "$("$tools/ndjson" header schema kernel clock <"$json")" \
		"1 $(uname -r) CLOCK_MONOTONIC"
	in_ns a "$ICMPX" trace --json --stats -- ping -n -q -c 20 -i 0.01 $peer4 >"$json" 2>/dev/null
	ok "JSON: --stats is as described" described <"$json"
	is "JSON: --stats has no pings" "$(types <"$json")" "header stats end"
	is "JSON: --stats: pings" "$("$tools/ndjson" stats pings <"$json")" 20
	is "JSON: --stats: each has its stages" \
		"$("$tools/ndjson" stats.stages stage leg count <"$json" | grep '^driver')" \
		$'driver request 20\ndriver reply 20'
	is "JSON: the command's output is not in it" \
		"$(in_ns a "$ICMPX" trace --json -- ping -n -c 1 $peer4 2>/dev/null | grep -vc '^{"type"')" 0
	ok "JSON: no colours on a terminal" not coloured on_terminal "$ICMPX" trace --json --replay "$recording"
}

# Those above a time, and none above a longer one; the counts at the end are of all.
slow()
{
	local limit
	is "--slow 1ns: all" "$(replay --slow 1ns --json | grep -c '"type":"ping"')" 3
	is "--slow 10s: none" "$(replay --slow 10s --json | grep -c '"type":"ping"')" 0
	is "--slow 10s: all are counted" "$(replay --slow 10s --json | "$tools/ndjson" end pings)" 3
	limit=$(replay --json | "$tools/ndjson" ping span_ns | sort -n | tail -n 1)
	is "--slow: the slowest" "$(replay --slow "${limit}ns" --json | "$tools/ndjson" ping span_ns)" "$limit"
	is "--slow: by its text" "$(replay --slow "${limit}ns" | grep -c '^ping ')" 1
}

statistics()
{
	local text
	text=$(in_ns a "$ICMPX" trace --stats -- ping -n -q -c 20 -i 0.01 $peer4 2>/dev/null)
	ok "--stats: no single pings" not grep -q '^ping ' <<<"$text"
	ok "--stats: percentiles" grep -qE 'P50 +P90 +P99' <<<"$text"
	ok "--stats: a stage over all" grep -qE '^ *driver .*\b20\b' <<<"$text"
	ok "--stats: the count at the end" grep -q '^20 pings: 20 complete' <<<"$text"
	ok "--stats: no control characters on a pipe" not grep -q $'\033' <<<"$text"
}

# On a terminal it is live: the other screen, and back at the end.
live()
{
	local screen=$test_dir/screen what="--stats on a terminal"
	command -v script >/dev/null || return
	on_terminal nsenter --net="$(ns_path a)" "$ICMPX" trace --stats -- \
		ping -n -q -c 150 -i 0.01 $peer4 >"$screen"
	is "$what: exit status" $? 0
	ok "$what: another screen" grep -q $'\033\\[?1049h' "$screen"
	ok "$what: which it leaves" grep -q $'\033\\[?1049l' "$screen"
	ok "$what: what is shown there" grep -q 'P50' <(tr '\n' ' ' <"$screen" | sed $'s/\033\\[?1049l.*//')
	is "$what: the result stays behind it" \
		"$(tr -d '\r' <"$screen" | sed -n $'/\033\\[?1049l/,$p' | uncoloured | grep -c '^150 pings')" 1
	is "$what: the cursor is shown again" \
		"$(grep -o $'\033\\[?25[hl]' "$screen" | tail -n 1 | tr '\033' E)" 'E[?25h'
}

explanations()
{
	ok "--explain: what a function does" grep -qE 'icmp_echo +echo request' <(replay --explain | tr -s '\n ' ' ')
	ok "--explain: not without it" not grep -q 'echo request: is it' <(replay)
	ok "--compare: documented against live" grep -q 'same' <(replay --compare)
	ok "--graph: the hops nevertheless" grep -q 'net_dev_queue' <(replay --graph)
	ok "the first line says backend and probes" grep -qE '^icmpx trace: backend (tp|fn)[^,]*, [0-9]+ of [0-9]+ probes' \
		<(replay)
}

test_begin_seeing trace-output
setup
width
colours
marks
json
slow
statistics
live
explanations
test_end
