#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# icmpx trace --output, live: what is written is what a replay of the same trace writes, however it
# ends. Whether it is right is for tests/unit/export.t.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

peer4=10.95.0.1 peer6=fd95::1
formats=(pcapng perfetto chrome folded ndjson)

setup()
{
	ns_add a b
	ns_join a eth0 b eth0
	must in_ns a ip addr add 10.95.0.2/24 dev eth0
	must in_ns b ip addr add $peer4/24 dev eth0
	must in_ns a ip addr add fd95::2/64 dev eth0 nodad
	must in_ns b ip addr add $peer6/64 dev eth0 nodad
	mkdir "$test_dir/live" "$test_dir/replayed"
	recording=$test_dir/recording
}

# Options for a file of each format.
outputs() # DIRECTORY
{
	local format
	for format in "${formats[@]}"; do
		echo "-o $format=$test_dir/$1/$format"
	done
}

# Names of tasks and paths may become known between two lines.
comparable() # FILE
{
	case $1 in
		*/ndjson) grep '"type":"ping"\|"type":"end"' "$1" ;;
		*) cat "$1" ;;
	esac
}

same() # DESCRIPTION: what was written live and by a replay
{
	local format
	must rm -f "$test_dir"/replayed/*
	# shellcheck disable=SC2046 # words
	ok "$1: replayed" "$ICMPX" trace --replay "$recording" $(outputs replayed)
	for format in "${formats[@]}"; do
		ok "$1: $format" cmp <(comparable "$test_dir/live/$format") \
			<(comparable "$test_dir/replayed/$format")
	done
	is "$1: nothing else" "$(cd "$test_dir/live" && echo *)" "$(printf '%s\n' "${formats[@]}" |
		sort | xargs)"
	ok "$1: with pings" grep -q '"type":"ping"' "$test_dir/live/ndjson"
}

live() # DESCRIPTION OPTION...
{
	local what=$1
	shift
	must rm -f "$test_dir"/live/*
	# shellcheck disable=SC2046 # words
	ok "$what: traced" in_ns a "$ICMPX" trace --record "$recording" $(outputs live) "$@"
	same "$what"
}

interrupted() # SIGNAL
{
	local tracer status=0
	must rm -f "$test_dir"/live/* "$test_dir/text"
	# SIGINT is ignored in what this shell has in the background.
	# shellcheck disable=SC2046 # words
	nsenter --net="$(ns_path a)" env --default-signal=INT "$ICMPX" trace --record "$recording" \
		$(outputs live) --ping $peer4 -i 0.02 >"$test_dir/text" 2>"$test_dir/errors" &
	tracer=$!
	wait_until 10 grep -q "seq 3" "$test_dir/text"
	is "SIG$1: none is there yet" "$(find "$test_dir/live" -type f | grep -cv '\.tmp$')" 0
	kill -"$1" $tracer
	wait $tracer || status=$?
	is "SIG$1: ended" "$status $(<"$test_dir/errors")" "0 "
	same "SIG$1"
}

standard_output()
{
	in_ns a "$ICMPX" trace -o ndjson=- -- ping -n -c 1 $peer4 >"$test_dir/out" 2>"$test_dir/errors"
	is "standard output: one ping" "$("$tools/ndjson" ping seq <"$test_dir/out")" 1
	is "standard output: nothing but JSON" "$(grep -cv '^{.*}$' "$test_dir/out")" 0
	ok "standard output: the command's is elsewhere" grep -q "1 packets transmitted" "$test_dir/errors"
}

# By the time stamps of sockets alone.
unprivileged()
{
	chmod 755 "$test_dir"
	chmod 777 "$test_dir/live"
	must rm -f "$test_dir"/live/*
	cp "$ICMPX" "$test_dir/icmpx"
	in_ns a sysctl -qw net.ipv4.ping_group_range="0 2147483647"
	# shellcheck disable=SC2046 # words
	ok "without privilege" in_ns a setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$test_dir/icmpx" trace $(outputs live) --ping $peer4 -c 2 -i 0.01
	is "without privilege: its pings" "$("$tools/ndjson" ping end <"$test_dir/live/ndjson" | xargs)" \
		"complete complete"
	if command -v tshark >/dev/null; then
		ok "without privilege: a frame for each hop" "${0%/*}/../unit/pcapng_check" \
			"$test_dir/live/ndjson" "$test_dir/live/pcapng"
	else
		pass "without privilege: a frame for each hop # SKIP tshark: not found"
	fi
}

test_begin_seeing trace-export
setup
live "raw socket" -- ping -n -q -c 5 -i 0.01 $peer4
live "IPv6" -- ping -n -q -c 5 -i 0.01 $peer6
live "flood" -- ping -n -f -q -c 200 $peer4
interrupted INT
interrupted TERM
standard_output
unprivileged
test_end
