#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# icmpx trace: recordings say what was seen live, to anybody; damaged ones are errors.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

peer4=10.89.0.1 peer6=fd89::1

setup()
{
	ns_add a b
	ns_join a eth0 b eth0
	must in_ns a ip addr add 10.89.0.2/24 dev eth0
	must in_ns b ip addr add $peer4/24 dev eth0
	must in_ns a ip addr add fd89::2/64 dev eth0 nodad
	must in_ns b ip addr add $peer6/64 dev eth0 nodad
	recording=$test_dir/recording
}

described()
{
	[ ! -x /usr/bin/perl ] || "${0%/*}/schema_check"
}

# What may differ: where the lines of paths and names come between.
pings_of()
{
	grep '"type":"ping"\|"type":"end"'
}

same() # DESCRIPTION OPTION... -- COMMAND: live and replayed
{
	local what=$1 live=$test_dir/live replayed=$test_dir/replayed
	shift
	in_ns a "$ICMPX" trace --json --record "$recording" "$@" >"$live" 2>"$test_dir/errors"
	is "$what: recorded" $? 0
	"$ICMPX" trace --json --replay "$recording" >"$replayed"
	is "$what: replayed" $? 0
	ok "$what: both as described" eval "described <$live && described <$replayed"
	ok "$what: pings" grep -q '"type":"ping"' "$live"
	ok "$what: the same header" cmp <(head -n 1 "$live") <(head -n 1 "$replayed")
	ok "$what: the same pings" cmp <(pings_of <"$live") <(pings_of <"$replayed")
	ok "$what: the same paths" cmp <(grep '"type":"path"' "$live" | sort) \
		<(grep '"type":"path"' "$replayed" | sort)
	is "$what: the events" "$("$tools/recorded" "$recording" | wc -l)" \
		"$("$tools/ndjson" end events <"$live")"
}

live_and_replayed()
{
	local many=${ICMPX_VM:+1000} # emulation is slow
	many=${many:-10000}
	same "raw socket" -- ping -n -q -c 20 -i 0.01 $peer4
	same "IPv6" -- ping -n -q -c 20 -i 0.01 $peer6
	same "UDP" --udp 9999 -- bash -c "echo >/dev/udp/$peer4/9999"
	same "icmpx's own" --ping $peer4 -c 3 -i 0.01
	same "flood" -- ping -n -f -q -c $((many / 50)) $peer4
	is "$many pings: each is assembled" "$(in_ns a "$ICMPX" trace --json -- \
		ping -n -f -q -c "$many" $peer4 2>/dev/null | "$tools/ndjson" end pings lost)" "$many 0"
}

filters()
{
	must in_ns a "$ICMPX" trace --record "$recording" -- ping -n -q -c 5 -i 0.01 -e 7 $peer4
	is "replay --seq" "$("$ICMPX" trace --json --replay "$recording" --seq 2-3 |
		"$tools/ndjson" ping seq | xargs)" "2 3"
	is "replay --id of another" "$("$ICMPX" trace --json --replay "$recording" --id 8 |
		"$tools/ndjson" end pings)" 0
	is "replay --host" "$("$ICMPX" trace --json --replay "$recording" --host $peer4 |
		"$tools/ndjson" end pings)" 5
	is "replay -c" "$("$ICMPX" trace --json --replay "$recording" -c 2 |
		"$tools/ndjson" ping seq | xargs)" "1 2"
	is "replay from a pipe" "$("$ICMPX" trace --json --replay /dev/stdin < <(cat "$recording") |
		"$tools/ndjson" end pings)" 5
	is "it is its owner's alone" "$(stat -c %a "$recording")" 600
}

unprivileged()
{
	chmod 755 "$test_dir"
	cp "$ICMPX" "$test_dir/icmpx"
	chown 65534 "$recording"
	is "nobody may replay it" "$(setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all \
		--inh-caps=-all "$test_dir/icmpx" trace --json --replay "$recording" |
		"$tools/ndjson" end pings)" 5
}

refused() # WORDS FILE: one line on standard error, exit status 1
{
	local error status
	error=$(timeout 10 "$ICMPX" trace --json --replay "$2" 2>&1 >"$test_dir/out")
	status=$?
	echo "status $status: $error"
	[ $status = 1 ] && [ "$(wc -l <<<"$error")" = 1 ] && [[ $error = *"$1"* ]]
}

with_byte() # OFFSET BYTE: a copy of the recording with another byte there
{
	cp "$recording" "$test_dir/damaged"
	# shellcheck disable=SC2059 # a byte, in octal
	printf "\\$2" | dd of="$test_dir/damaged" bs=1 seek="$1" conv=notrunc status=none
}

damaged()
{
	local size middle
	size=$(stat -c %s "$recording")
	middle=$((size / 2))
	: >"$test_dir/empty"
	ok "an empty file" refused "at byte 0" "$test_dir/empty"
	ok "no recording" refused "at byte 0" "$0"
	ok "a directory" refused "$test_dir: " "$test_dir"
	ok "no file" refused "No such file" "$test_dir/nope"
	head -c $middle "$recording" >"$test_dir/cut"
	ok "cut off: where" refused "at byte " "$test_dir/cut"
	ok "cut off: what is whole is shown" grep -q '"type":"header"' "$test_dir/out"
	ok "cut off: as described" described <"$test_dir/out"
	head -c $((size - 1)) "$recording" >"$test_dir/cut"
	ok "a byte less" refused "at byte " "$test_dir/cut"
	is "a byte less: all pings are there" "$("$tools/ndjson" end pings <"$test_dir/out")" 5
	{ cat "$recording"; echo; } >"$test_dir/longer"
	ok "something behind the end" refused "at byte $size" "$test_dir/longer"
	with_byte $middle 377
	cmp -s "$recording" "$test_dir/damaged" && with_byte $middle 1
	ok "a wrong byte in the middle" refused "at byte " "$test_dir/damaged"
	with_byte 8 11
	ok "another version" refused "version" "$test_dir/damaged"
}

full_disk() # OPTION...
{
	local error status
	error=$(in_ns a "$ICMPX" trace "$@" -- ping -n -q -c 3 -i 0.01 $peer4 2>&1 >/dev/null </dev/null)
	status=$?
	echo "status $status: $error"
	[ $status = 1 ] && [[ $error = *"No space left on device"* ]]
}

# Whose file it becomes, and what is not touched.
existing()
{
	local file=$test_dir/existing
	(umask 0 && echo old >"$file")
	must in_ns a "$ICMPX" trace --record "$file" -- ping -n -q -c 1 $peer4
	is "--record: one that all might read is its owner's" "$(stat -c %a "$file")" 600
	is "--record: it is a recording" "$("$ICMPX" trace --json --replay "$file" |
		"$tools/ndjson" end pings)" 1
	echo kept >"$test_dir/kept"
	ln -s "$test_dir/kept" "$test_dir/link"
	ok "--record: a link is refused" complains 1 "a symbolic link to a file" \
		in_ns a "$ICMPX" trace --record "$test_dir/link" -- true
	echo kept >"$test_dir/others"
	chown 65534 "$test_dir/others"
	ok "--record: somebody else's file is refused" complains 1 "somebody else's file" \
		in_ns a "$ICMPX" trace --record "$test_dir/others" -- true
	is "--record: both are as they were" "$(cat "$test_dir/kept" "$test_dir/others" | xargs)" \
		"kept kept"
	is "--record: to a pipe" "$(in_ns a "$ICMPX" trace --record >(cat >"$test_dir/piped") -- \
		ping -n -q -c 1 $peer4 >/dev/null
		wait_until 3 test -s "$test_dir/piped"
		"$ICMPX" trace --json --replay "$test_dir/piped" | "$tools/ndjson" end pings)" 1
	# As somebody lays a link into a directory of all, for root to write through.
	ln -s "$test_dir/kept" "$test_dir/laid"
	chown -h 65534 "$test_dir/laid"
	ok "-o: somebody else's link is not followed" complains 1 "Permission denied" \
		"$ICMPX" trace --replay "$recording" -o "ndjson=$test_dir/laid"
	is "-o: it is as it was" "$(cat "$test_dir/kept")" kept
}

unwritable()
{
	local status
	ok "--record to a full disk" full_disk --record /dev/full
	in_ns a "$ICMPX" trace --record "$test_dir/no/such" -- true 2>"$test_dir/errors"
	is "--record to nowhere: exit status" $? 1
	ok "--record to nowhere: which file" grep -q "$test_dir/no/such" "$test_dir/errors"
	"$ICMPX" trace --replay "$recording" >/dev/full 2>"$test_dir/errors"
	status=$?
	is "output to a full disk: exit status" $status 1
	ok "output to a full disk: says so" grep -q "No space left" "$test_dir/errors"
}

test_begin_seeing trace-record
setup
live_and_replayed
filters
unprivileged
damaged
existing
unwritable
test_end
