#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `icmpx report`: a page has what a replay of its recording says, loads nothing, and is there whole
# or not at all. What a browser makes of it: report-browser.t. No privilege needed.
set -uo pipefail

here=$(cd "${0%/*}" && pwd)
golden=$here/../golden
# shellcheck source=tests/net/lib.sh
. "$here/../net/lib.sh"
test_dir=$(mktemp -d)
trap 'rm -rf "$test_dir"' EXIT
page=$test_dir/page.html
data=$here/report_data

made() # RECORDING...
{
	"$ICMPX" report "$@" -o "$page" 2>&1
}

# One JSON object a line, with its members in order.
ordered()
{
	perl -MJSON::PP -ne 'print JSON::PP->new->canonical->encode(decode_json($_)), "\n"'
}

replayed() # RECORDING: as `report_data lines` has it
{
	{
		"$ICMPX" trace --replay "$1" --json | grep '"type":"ping"'
		"$ICMPX" trace --replay "$1" --json --stats | grep '"type":"stats"'
		"$ICMPX" trace --replay "$1" --json --compare | grep '"type":"compare"'
	} | ordered | perl -pe 's/"path":\d+,//g if /"type":"ping"/'
}

# Every mark and name of the first ping's text, whose drops are sentences.
functions_of() # RECORDING
{
	LC_ALL=C "$ICMPX" trace --replay "$1" --verbose --count 1 | grep -v '\* fired  o in' |
		sed -nE 's/^.* ([*o.x]) ([^ ]+)( .*)?$/\1 \2/p' |
		sed 's/^\*/fired/; s/^o/seen/; s/^\./inferred/; s/^x.*/fired kfree_skb/;
			s/^fired freed$/fired kfree_skb/'
}

every_recording()
{
	local recording name
	for name in 5.10-port 6.1-twins 6.12-drop 6.18-leases 6.18-stopped 6.18-unreachable 7-fn 7-nat 7-raw6; do
		recording=$golden/$name.rec
		ok "$name: made" made "$recording"
		is "$name: pings, stages and paths are those of a replay" \
			"$("$data" lines <"$page" | perl -pe 's/"path":\d+,//g if /"type":"ping"/')" \
			"$(replayed "$recording")"
		is "$name: all are in the table and drawn" "$("$data" pings <"$page")" \
			"$("$ICMPX" trace --replay "$recording" --json | "$tools/ndjson" ping number end |
				sed 's/.*/0 & 1/' | sort)"
		is "$name: functions and marks are those of the text" "$("$data" path 1 <"$page")" \
			"$(functions_of "$recording")"
	done
}

explained() # the explanations of --explain
{
	made "$golden/7-fn.rec"
	is "each function's explanation" \
		"$("$data" help <"$page" | grep -E '^(ip_rcv|icmp_echo):')" \
		"icmp_echo: echo request: is it to be answered?
ip_rcv: IPv4 packet received; netfilter PRE_ROUTING"
}

fates()
{
	made "$golden/6.12-drop.rec"
	is "where it died, why, what to do" "$("$data" drop <"$page")" \
		"nft_do_chain+0x40e|NETFILTER_DROP|a firewall rule dropped it|nft list ruleset; iptables-save -c; nft monitor trace"
	made "$golden/6.18-unreachable.rec"
	is "which error, and where it was dropped" "$("$data" drop <"$page")" \
		"ip_error+0x96|NOT_SPECIFIED|no route to its destination, or forwarding is off|ip route get ADDR from SOURCE iif IFACE; sysctl net.ipv4.ip_forward
destination unreachable: host unreachable"
	made "$golden/7-raw.rec"
	is "none, if it came through" "$("$data" drop <"$page")" ""
}

# What would make a browser load something.
loads()
{
	grep -aoiE '<(link|script|img|iframe|object|embed|video|audio|source|base|form|a)[^>]*(href|src|action|data)=[^>]*>' \
		"$page" | grep -vE '<link rel="icon" href="data:,">|<a class="skip" href="#way">'
	sed -n '/<style>/,/<\/style>/p' "$page" | grep -E '@import|url\('
}

alone()
{
	made "$golden/7-raw.rec"
	is "nothing is loaded" "$(loads)" ""
	ok "nor allowed to be" grep -q "default-src 'none'; script-src 'sha256-[^']*'; style-src 'unsafe-inline'" "$page"
	is "the licences of what is in it" \
		"$(grep -cE '^(.*<pre>)?(@observablehq/plot|d3-scale|d3-shape) [0-9.]+ \(ISC\)$' "$page")" 3
}

# A task and a device of foreign names.
hostile()
{
	local evil='</script><script>x()</script><!-- & "'
	"$golden/edit" rename ping "$evil" <"$golden/7-raw.rec" |
		"$golden/edit" rename eth0 '<img src=x>' >"$test_dir/hostile.rec"
	ok "hostile names" made "$test_dir/hostile.rec"
	is "end no element" "$(grep -o '</script' "$page" | wc -l) $(loads)" "2 "
	is "and are in the data as they are" "$("$data" get drawn.0.ping.process.name <"$page")" "$evil"
	cp "$golden/7-raw.rec" "$test_dir/<b>&.rec"
	ok "a hostile file name" made "$test_dir/<b>&.rec"
	is "is in the data, too" "$("$data" get recordings.0.name <"$page") $(grep -c '<b>&' "$page")" \
		"$test_dir/<b>&.rec 0"
}

# 4,000 pings, of which a page has at most 1,000 and 100.
bounded()
{
	"$golden/edit" repeat 100 5000000000 <"$golden/6.18-floods.rec" >"$test_dir/many.rec"
	ok "many" made "$test_dir/many.rec"
	is "how many" "$("$data" get pings <"$page") $("$data" get stats.pings <"$page")" "4000 4000"
	is "not all are there" "$("$data" pings <"$page" |
		awk '{ drawn += $4; rows++ } END { print (rows > 500 && rows <= 1100), (drawn > 50 && drawn <= 100) }')" "1 1"
	is "of those that are drawn half are slowest ones, of which there are 100" \
		"$("$data" lines <"$page" | "$tools/ndjson" ping span_ns | sort -n | uniq -c |
			awk '{ most = $1 } END { print (most >= 50) }')" 1
	ok "the page is no larger than a few MB" [ "$(stat -c %s "$page")" -lt 4000000 ]
}

# One that was dropped, behind 700 that were not seen whole.
worst()
{
	"$golden/edit" lose 12 4 <"$golden/7-raw.rec" |
		"$golden/edit" repeat 700 5000000000 >"$test_dir/parts.rec"
	ok "many incomplete ones and a drop" made "$test_dir/parts.rec" "$golden/6.12-drop.rec"
	is "how many are incomplete" "$("$data" get recordings.0.end.ends.incomplete <"$page")" 700
	is "the drop is drawn" "$("$data" pings <"$page" | grep dropped)" "1 1 dropped 1"
}

together()
{
	ok "several recordings" made "$golden/7-raw.rec" "$golden/6.12-drop.rec"
	is "each by its own name and kernel" "$("$data" get recordings.1.name <"$page") \
$("$data" get recordings.1.header.kernel <"$page" | cut -d . -f -2)" "$golden/6.12-drop.rec 6.12"
	is "each with its pings" "$("$data" pings <"$page")" "0 1 complete 1
1 1 dropped 1"
}

demo()
{
	mkdir "$test_dir/empty"
	ok "a demo, with no file but the program" eval "cd '$test_dir/empty' && env -i '$ICMPX' report --demo"
	is "which is report.html" "$(cd "$test_dir/empty" && echo *)" report.html
	is "of a fast path, a drop, an error" \
		"$("$data" pings <"$test_dir/empty/report.html" | cut -d ' ' -f 3 | sort | uniq -c | tr -s ' ')" \
		" 25 complete
 1 dropped
 1 error"
	ok "its recordings are the golden ones" eval "'$ICMPX' report '$golden'/{6.18-leases,7-fn,6.12-drop,6.18-unreachable}.rec \
		-o - | sed 's,$golden/,,g' | cmp - '$test_dir/empty/report.html'"
}

# Bad input, and what cannot be written ----------------------------------------

# Status, number of lines on standard error, what is left there.
outcome() # ARGUMENT...
{
	local status=0
	(cd "$test_dir/files" && "$ICMPX" report "$@") >"$test_dir/out" 2>"$test_dir/err" || status=$?
	echo "$status $(wc -l <"$test_dir/err") $(cd "$test_dir/files" && echo *)"
}

says() # TEXT
{
	grep -qF -- "$1" "$test_dir/err" || { cat "$test_dir/err"; false; }
}

fresh()
{
	rm -rf "$test_dir/files"
	mkdir "$test_dir/files"
}

raw=$golden/7-raw.rec

usage()
{
	fresh
	is "no recording" "$(outcome)" "2 1 *"
	is "a recording and --demo" "$(outcome --demo "$raw")" "2 1 *"
	is "no such recording" "$(outcome none.rec)" "1 1 *"
	ok "says so" says "icmpx: none.rec: cannot read: No such file or directory"
	is "one of two is not there" "$(outcome "$raw" none.rec)" "1 1 *"
	is "a directory" "$(outcome .)" "1 1 *"
	is "the recording itself" "$(cp "$raw" "$test_dir/files/x"; outcome x -o ./x)" "1 1 x"
	ok "which is as it was" cmp "$raw" "$test_dir/files/x"
}

damaged()
{
	fresh
	head -c 17000 "$raw" >"$test_dir/cut.rec"
	echo nothing >"$test_dir/none.rec"
	: >"$test_dir/empty.rec"
	is "no recording: no page" "$(outcome "$test_dir/none.rec")" "1 1 *"
	ok "says so" says "none.rec: not an icmpx recording, at byte 0"
	is "an empty file" "$(outcome "$test_dir/empty.rec")" "1 1 *"
	is "one that was cut off: what it has" "$(outcome "$test_dir/cut.rec")" "1 1 report.html"
	ok "says where" says "cut.rec: cut off in the middle of a record, at byte"
	is "and on the page" "$("$data" get recordings.0.damage <"$test_dir/files/report.html")" \
		"cut off in the middle of a record"
	fresh
	is "behind a whole one" "$(outcome "$raw" "$test_dir/none.rec")" "1 1 *"
}

# The old page stays until there is a whole new one.
unwritable()
{
	fresh
	is "a directory that is not there" "$(outcome "$raw" -o no/x)" "1 1 *"
	ok "says so" says "icmpx: no/x: cannot write: No such file or directory"
	is "a device that is full" "$(outcome "$raw" -o /dev/full)" "1 1 *"
	ok "says so" says "icmpx: /dev/full: cannot write: No space left on device"
	is "standard output that is full" "$(cd "$test_dir/files" && "$ICMPX" report "$raw" -o - \
		2>&1 >/dev/full | head -n 1)" "icmpx: standard output: No space left on device"
	echo old >"$test_dir/files/report.html"
	is "a file that may not grow" "$(
		trap '' XFSZ
		ulimit -f 64
		outcome "$raw")" "1 1 report.html"
	is "the old one is there" "$(<"$test_dir/files/report.html")" old
	exec 9>"$test_dir/files/report.html.tmp"
	flock 9
	is "another one is writing it" "$(outcome "$raw")" "1 1 report.html report.html.tmp"
	exec 9>&-
	is "in its place" "$(outcome "$raw")" "0 0 report.html"
	ok "a whole one" [ "$(tail -n 1 "$test_dir/files/report.html")" = "</html>" ]
	is "standard output" "$(outcome "$raw" -o -)" "0 0 report.html"
	ok "the same" cmp "$test_dir/out" "$test_dir/files/report.html"
	"$ICMPX" report "$raw" -o - 2>"$test_dir/err" | :
	is "no reader: status, and no complaint" "${PIPESTATUS[0]} $(<"$test_dir/err")" "1 "
}

disk() # in a namespace of its own
{
	local script="mount -t tmpfs -o size=64k none '$test_dir/files' && cd '$test_dir/files' &&
		'$ICMPX' report '$raw'; echo \$? *"
	fresh
	if ! unshare -m true 2>"$test_dir/err"; then
		pass "a disk that is full # SKIP CAP_SYS_ADMIN: $(head -n 1 "$test_dir/err")"
		return
	fi
	is "a disk that is full" "$(unshare -m bash -c "$script" 2>"$test_dir/err")" "1 *"
	ok "says so" says "icmpx: report.html: cannot write: No space left on device"
}

every_recording
explained
fates
alone
hostile
bounded
worst
together
demo
usage
damaged
unwritable
disk
test_end
