#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# icmpx trace --output: each recording in each format, read by others: tshark, protoc, Perl's JSON;
# it is what --json says of the same pings. And the files: whole or not at all.
set -uo pipefail

here=$(cd "${0%/*}" && pwd)
golden=$here/../golden
# shellcheck source=tests/net/lib.sh
. "$here/../net/lib.sh"
test_dir=$(mktemp -d)
trap 'rm -rf "$test_dir"' EXIT

# export_FORMAT: what that recording becomes
convert() # NAME
{
	local format options=()
	for format in pcapng perfetto chrome folded ndjson; do
		options+=(-o "$format=$test_dir/$1.$format")
	done
	"$ICMPX" trace --replay "$golden/$1.rec" "${options[@]}" >"$test_dir/$1.txt"
}

# Sum by leg, side and stage, and of all.
folded_sums() # FILE
{
	awk '
		!/^[^;]+ [^;]+;[^;]+(;[^;]+)* [1-9][0-9]*$/ { print "no stack:", $0 }
		{ split($0, frame, ";"); sum[frame[1] " " frame[2]] += $NF; all += $NF }
		END { for (stage in sum) printf "%s %d\n", stage, sum[stage]; printf "all %d\n", all }' \
		"$1" | sort
}

stage_sums() # JSON
{
	{
		"$tools/ndjson" ping.stages leg side stage ns <"$1"
		"$tools/ndjson" ping span_ns <"$1" | sed 's/^/all /'
	} | awk '
		{ ns = $NF; sub(/ [0-9]+$/, ""); sum[$0] += ns }
		END { for (stage in sum) if (sum[stage]) printf "%s %d\n", stage, sum[stage] }' | sort
}

# The functions of stacks are those of call paths and probes.
unknown_frames() # NAME
{
	{
		"$tools/ndjson" path.frames function <"$test_dir/$1.ndjson"
		"$tools/ndjson" ping.hops probe <"$test_dir/$1.ndjson"
		"$tools/ndjson" ping.hops function <"$test_dir/$1.ndjson"
	} | sort -u >"$test_dir/known"
	sed 's/ [0-9]*$//' "$test_dir/$1.folded" | cut -d ';' -f 3- | tr ';' '\n' | sort -u |
		comm -23 - "$test_dir/known"
}

every_format() # NAME
{
	ok "$1: written" convert "$1"
	ok "$1: text as without" cmp <("$ICMPX" trace --replay "$golden/$1.rec") "$test_dir/$1.txt"
	ok "$1: ndjson: as --json" cmp <("$ICMPX" trace --replay "$golden/$1.rec" --json) \
		"$test_dir/$1.ndjson"
	ok "$1: pcapng: a frame for each hop with a packet" \
		"$here/pcapng_check" "$test_dir/$1.ndjson" "$test_dir/$1.pcapng"
	ok "$1: chrome: pings, stages, hops and flows" \
		"$here/timeline_check" "$test_dir/$1.ndjson" "$test_dir/$1.chrome"
	ok "$1: perfetto: is read" \
		eval "'$here/perfetto_events' '$test_dir/$1.perfetto' >'$test_dir/$1.events'"
	ok "$1: perfetto: pings, stages, hops and flows" \
		"$here/timeline_check" "$test_dir/$1.ndjson" "$test_dir/$1.events"
	is "$1: folded: all of the spans" "$(folded_sums "$test_dir/$1.folded")" \
		"$(stage_sums "$test_dir/$1.ndjson")"
	is "$1: folded: of functions that were seen" "$(unknown_frames "$1")" ""
}

frames() # NAME FILTER: how many
{
	tshark -r "$test_dir/$1.pcapng" -Y "$2" 2>/dev/null | wc -l
}

filters()
{
	is "a drop, by its comment" "$(frames 6.12-drop 'frame.comment contains "dropped in nft_do_chain" &&
		frame.comment contains "(NETFILTER_DROP)"')" 1
	is "nothing else is dropped" "$(frames 6.12-drop 'frame.comment contains "dropped in"') \
$(frames 7-raw 'frame.comment contains "dropped in"')" "1 0"
	is "hops by probe, leg and side" \
		"$(frames 7-raw 'frame.comment contains "netif_receive_skb, reply, sender"')" 1
	is "a ping by its number" "$(frames 6.18-again 'frame.packet_id == 3')" \
		"$("$tools/ndjson" ping.hops probe <"$test_dir/7-raw.ndjson" | grep -cvE '^sys_|sk_data_ready')"
	is "answered at the driver: XDP_TX" "$(frames 6.18-fast 'frame.verdict.ebpf_xdp == 3')" 2
	ok "capinfos takes it" capinfos "$test_dir/7-raw.pcapng"
	is "kernel and program" "$(capinfos "$test_dir/7-raw.pcapng" |
		sed -n 's/^Capture \(oper-sys\|application\): *//p' | sed 's/ 7\..*/ 7/; s/ [0-9.]*,/,/')" \
		$'Linux 7\nicmpx, backend tp'
}

# Files -----------------------------------------------------------------------

raw=$golden/7-raw.rec

# Status, number of lines on standard error, what is left beside the recording.
outcome() # ARGUMENT...: of `icmpx trace`
{
	local status=0
	(cd "$test_dir/files" && "$ICMPX" trace "$@") >"$test_dir/out" 2>"$test_dir/err" || status=$?
	echo "$status $(wc -l <"$test_dir/err") $(cd "$test_dir/files" && echo *)"
}

fresh()
{
	rm -rf "$test_dir/files"
	mkdir "$test_dir/files"
}

says() # TEXT
{
	grep -qF -- "$1" "$test_dir/err" || { cat "$test_dir/err"; false; }
}

usage()
{
	fresh
	is "an unknown format" "$(outcome --replay "$raw" -o pcap=x)" "2 1 *"
	ok "says which there are" says "no format 'pcap'; there are pcapng, perfetto, chrome, folded, ndjson"
	is "no file" "$(outcome --replay "$raw" -o folded)" "2 1 *"
	is "an empty one" "$(outcome --replay "$raw" -o folded=)" "2 1 *"
	is "twice the same" "$(outcome --replay "$raw" -o folded=x -o chrome=x)" "2 1 *"
	is "standard output twice" "$(outcome --replay "$raw" -o folded=- -o chrome=-)" "2 1 *"
	is "standard output and --json" "$(outcome --replay "$raw" -o folded=- --json)" "2 1 *"
	is "standard output and --stats" "$(outcome --replay "$raw" -o folded=- --stats)" "2 1 *"
	is "the recording that is read" \
		"$(cp "$raw" "$test_dir/files/x"; outcome --replay x -o folded=./x)" "1 1 x"
	ok "which is as it was" cmp "$raw" "$test_dir/files/x"
}

refused() # before the command runs
{
	fresh
	is "a directory that is not there" "$(outcome -o folded=no/x -- touch ran)" "1 1 *"
	ok "says what and why" says "icmpx: no/x: cannot write: No such file or directory"
	mkdir "$test_dir/files/d"
	is "a directory" "$(outcome -o folded=d -- touch ran)" "1 1 d"
	is "and none of those before it" "$(outcome -o ndjson=x -o folded=d -- touch ran)" "1 1 d"
	rmdir "$test_dir/files/d"
	exec 9>"$test_dir/files/x.tmp"
	flock 9
	is "another one is writing it" "$(outcome -o folded=x -- touch ran)" "1 1 x.tmp"
	ok "says so" says "icmpx: x: cannot write: another icmpx is writing it"
	exec 9>&-
	echo old | tee "$test_dir/files/x.tmp" >"$test_dir/files/x"
	is "a leftover is taken over" "$(outcome --replay "$raw" -o folded=x)" "0 0 x"
	ok "nothing of it is left" cmp <("$ICMPX" trace --replay "$raw" -o folded=-) "$test_dir/files/x"
}

places()
{
	fresh
	is "standard output" "$(outcome --replay "$raw" -o ndjson=-)" "0 0 *"
	ok "nothing else is there" cmp "$test_dir/7-raw.ndjson" "$test_dir/out"
	is "a terminal is not for captures" \
		"$(script -qec "'$ICMPX' trace --replay '$raw' -o pcapng=-" /dev/null </dev/null | wc -l)" 1
	"$ICMPX" trace --replay "$raw" -o folded=>(cat >"$test_dir/piped") -o chrome="$test_dir/files/c" \
		>/dev/null
	wait_until 5 cmp "$test_dir/piped" "$test_dir/7-raw.folded"
	ok "a pipe" cmp "$test_dir/piped" "$test_dir/7-raw.folded"
	ln -s c "$test_dir/files/link"
	is "by a link" "$(outcome --replay "$raw" -o folded=link)" "0 0 c link"
	ok "which stays one" cmp "$(readlink -f "$test_dir/files/link")" "$test_dir/7-raw.folded"
	ok "of two formats of one kind, each" eval "'$ICMPX' trace --replay '$raw' \
		-o folded='$test_dir/files/1' -o folded='$test_dir/files/2' >/dev/null &&
		cmp '$test_dir/files/1' '$test_dir/files/2'"
	is "as many as were asked for" \
		"$("$ICMPX" trace --replay "$golden/6.18-floods.rec" -c 3 -o ndjson=- |
			"$tools/ndjson" ping number | tr '\n' ' ')" "1 2 3 "
}

# The old file stays until there is a whole new one.
full()
{
	fresh
	echo old >"$test_dir/files/x"
	is "a device that is full" "$(outcome --replay "$raw" -o folded=/dev/full)" "1 1 x"
	ok "says so" says "icmpx: /dev/full: cannot write: No space left on device"
	is "a file that may not grow" "$(
		trap '' XFSZ
		ulimit -f 16
		outcome --replay "$golden/6.18-floods.rec" --stats -o folded=y -o chrome=x)" "1 1 x y"
	ok "says so" says "icmpx: x: cannot write: File too large"
	is "the old file is there" "$(<"$test_dir/files/x")" old
	is "killed by that" "$(
		ulimit -f 16
		{ outcome --replay "$golden/6.18-floods.rec" --stats -o ndjson=x; } 2>/dev/null |
			cut -d ' ' -f 3-)" "x y"
	is "the old file is there" "$(<"$test_dir/files/x")" old
}

disk() # in a namespace of its own
{
	local script="mount -t tmpfs -o size=32k none '$test_dir/files' && cd '$test_dir/files' &&
		'$ICMPX' trace --replay '$golden/6.18-floods.rec' -o ndjson=x -o folded=y >/dev/null 2>err
		echo \$? \$(wc -l <err) *; cat err >&2"
	fresh
	if ! unshare -m true 2>"$test_dir/err"; then
		pass "a disk that is full # SKIP CAP_SYS_ADMIN: $(head -n 1 "$test_dir/err")"
		return
	fi
	is "a disk that is full" "$(unshare -m bash -c "$script" 2>"$test_dir/err")" "1 1 err y"
	ok "says so" says "icmpx: x: cannot write: No space left on device"
}

damaged()
{
	fresh
	head -c 17000 "$raw" >"$test_dir/cut"
	echo nothing >"$test_dir/none"
	is "a recording that was cut off: what it has" \
		"$(outcome --replay "$test_dir/cut" -o chrome=x -o ndjson=y)" "1 1 x y"
	ok "whole" "$here/timeline_check" "$test_dir/files/y" "$test_dir/files/x"
	is "no recording: no file" "$(outcome --replay "$test_dir/none" -o chrome=z)" "1 1 x y"
}

# While the rest of the recording is waited for.
interrupted() # SIGNAL
{
	local pid status=0
	fresh
	mkfifo "$test_dir/fifo.$1"
	(cd "$test_dir/files" && exec "$ICMPX" trace --replay "$test_dir/fifo.$1" -o folded=x -o chrome=y) \
		>/dev/null 2>&1 &
	pid=$!
	exec 8>"$test_dir/fifo.$1"
	head -c 9000 "$raw" >&8
	wait_until 5 test -e "$test_dir/files/x.tmp" -a -e "$test_dir/files/y.tmp"
	ok "SIG$1: it is under way" test -e "$test_dir/files/x.tmp"
	kill -"$1" $pid
	wait $pid 2>/dev/null || status=$?
	exec 8>&-
	is "SIG$1: a replay leaves nothing" "$((status - 128)) $(cd "$test_dir/files" && echo *)" \
		"$(kill -l "$1") *"
}

for recording in "$golden"/*.rec; do
	name=${recording##*/}
	every_format "${name%.rec}"
done
filters
usage
refused
places
full
disk
damaged
interrupted TERM
interrupted HUP
test_end
