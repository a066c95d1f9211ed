#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# icmpx export: its pages and files, that their numbers are those of stats, and what it refuses.
set -uo pipefail
# shellcheck source=tests/net/export_lib.sh
. "${0%/*}/export_lib.sh"

lint() # FILE: as Prometheus' own tool sees it
{
	if command -v promtool >/dev/null; then
		ok "$2: promtool" promtool check metrics <"$1"
	else
		pass "$2: promtool # SKIP promtool: not installed"
	fi
}

pages()
{
	start_exporter
	is "page: the older format" "$(get | grep -i '^content-type')" \
		"Content-Type: text/plain; version=0.0.4; charset=utf-8"
	is "page: OpenMetrics for who asks" \
		"$(get "Accept: application/openmetrics-text" | grep -i '^content-type')" \
		"Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8"
	is "page: OpenMetrics has its end" \
		"$(body "Accept: application/openmetrics-text" | tail -n 1)" "# EOF"
	is "page: HEAD has no body" "$(body HEAD)" ""
	is "page: packed for who takes that" \
		"$(get "Accept-Encoding: gzip" | grep -a -i '^content-encoding')" "Content-Encoding: gzip"
	is "page: not for who does not" "$(get "Accept-Encoding: br" | grep -i '^content-encoding')" ""
	ok "packed: the same page, a third at most" is_packed
	body >"$test_dir/page"
	lint "$test_dir/page" "page"
	is "status of /" "$(status_of "${page%metrics}")" 200
	is "status of /-/healthy" "$(status_of "${page%metrics}-/healthy")" 200
	is "status of another path" "$(status_of "${page}x")" 404
	is "status of POST" "$(status_of $page POST)" 405
	ok "POST: what is allowed" grep -q "^Allow: GET, HEAD$" <(get POST)
	ok "what was answered is counted" wait_until 5 counted # a page is good for 100 ms
	is "nobody was cut off" "$(body | metric icmpx_export_http_cut_off_total)" 0
}

# Between two of them time goes on, and with it the values.
is_packed()
{
	body "Accept-Encoding: gzip" >"$test_dir/packed"
	body >"$test_dir/page"
	diff <(gunzip <"$test_dir/packed" | series) <(series <"$test_dir/page") &&
		(($(stat -c %s "$test_dir/packed") * 3 < $(stat -c %s "$test_dir/page")))
}

series()
{
	sed 's/ [^ ]*$//'
}

counted()
{
	body | grep -q 'icmpx_export_http_responses_total{code="405"} 2'
}

numbers()
{
	must in_ns a ping -n -q -i 0.01 -c 11 $local4
	must in_ns a ping -n -q -i 0.01 -c 6 $local6
	sleep 0.1 # a page is good so long
	body >"$test_dir/page"
	is "IPv4 replies" "$(metric 'icmpx_verdict_frames_total{device="eth0",ifindex="2",verdict="replied_v4"' <"$test_dir/page")" 10
	ok "all counters are those of stats" wait_until 5 agrees body
	is "valid leases" "$(grep '^icmpx_leases.*"valid"' "$test_dir/page" | awk '{ n += $NF } END { print n }')" \
		"$(in_ns b "$ICMPX" leases --json | grep -c '"expired": *false')"
	is "attached" "$(metric 'icmpx_attachments{state="attached"}' <"$test_dir/page")" 1
	ok "how it is attached" grep -q '^icmpx_attachment_info{.*mode="generic",trust="flow"' "$test_dir/page"
}

# A name that has to be escaped, and one that is no UTF-8.
names()
{
	local quoted='e"x\y'
	must in_ns b ip link add "$quoted" type veth peer name p0
	must in_ns b ip link add $'e\xff' type veth peer name p1
	attach b "$quoted" --mode generic
	attach b $'e\xff' --mode generic
	sleep 0.1
	body >"$test_dir/page"
	ok "a name with a quote" grep -qF 'icmpx_attachment_info{device="e\"x\\y",' "$test_dir/page"
	ok "a name of other bytes" grep -qF $'icmpx_attachment_info{device="e\xef\xbf\xbd",' "$test_dir/page"
	lint "$test_dir/page" "such names"
	must in_ns b ip link del "$quoted"
	sleep 0.1
	body >"$test_dir/page"
	is "an interface that is gone leaves stale pins" \
		"$(metric 'icmpx_attachments{state="stale"}' <"$test_dir/page")" 1
	must in_ns b "$ICMPX" detach $'e\xff'
}

one_line() # STATUS TEXT COMMAND...: ends so, with one line that has the text
{
	local output status
	output=$("${@:3}" 2>&1)
	status=$?
	echo "status $status: $output"
	[ $status -eq "$1" ] && [ "$(wc -l <<<"$output")" -eq 1 ] && [[ $output == *"$2"* ]]
}

serves()
{
	[ "$(status_of $page)" = 200 ]
}

refusals()
{
	local nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all)
	ok "a port that is taken" one_line 1 "127.0.0.1:9917: cannot listen: Address already in use" \
		in_ns b "$ICMPX" export
	kill -HUP "$exporter"
	ok "SIGHUP: it goes on" holds_for 0.5 serves
	stop_exporter
	is "SIGTERM: status" $exporter_status 0
	ok "an address that is none" one_line 2 "is not ADDRESS:PORT" in_ns b "$ICMPX" export --listen x
	ok "an address that is not here" one_line 1 "192.0.2.1:9917: cannot listen" \
		in_ns b "$ICMPX" export --listen 192.0.2.1:9917
	ok "a user that is none" one_line 1 "no such user" in_ns b "$ICMPX" export --user no-such-user
	# Where all may look into bpffs, the registry itself is still root's.
	ok "without privilege" one_line 1 "run it as root" in_ns b "${nobody[@]}" "$ICMPX" export
}

textfile() # FILE
{
	in_ns b "$ICMPX" export --textfile "$1" && cat "$1"
}

textfiles()
{
	local file=$test_dir/dir/icmpx.prom reader
	mkdir "$test_dir/dir"
	ok "textfile: once" in_ns b "$ICMPX" export --textfile "$file"
	lint "$file" "textfile"
	ok "textfile: numbers" wait_until 5 agrees textfile "$file"
	is "textfile: all may read it" "$(stat -c %a "$file")" 644
	is "textfile: nothing else is left" "$(ls -A "$test_dir/dir")" icmpx.prom
	ok "textfile: no names of node_exporter's" not grep -q '^process_' "$file"
	ok "textfile: not writable" one_line 1 "cannot write: No such file or directory" \
		in_ns b "$ICMPX" export --textfile "$test_dir/none/icmpx.prom"
	# A directory in its place: the old one stays, and no temporary file.
	mkdir "$test_dir/dir/d.prom"
	ok "textfile: cannot be replaced" one_line 1 "cannot write" in_ns b "$ICMPX" export --textfile "$test_dir/dir/d.prom"
	is "textfile: nothing is left then either" "$(ls -A "$test_dir/dir")" $'d.prom\nicmpx.prom'
	nsenter "--net=$(ns_path b)" "$ICMPX" export --textfile "$file" --interval 1 &
	exporter=$!
	reader=$(stat -c %i "$file")
	ok "textfile: again and again, each a new one" wait_until 5 other_inode "$file" "$reader"
	is "textfile: whole" "$(tail -n 1 "$file" | cut -d ' ' -f 1)" icmpx_export_collect_duration_seconds
	kill -HUP "$exporter"
	reader=$(stat -c %i "$file")
	ok "textfile: SIGHUP: it goes on" wait_until 5 other_inode "$file" "$reader"
	stop_exporter
	is "textfile: SIGTERM" $exporter_status 0
	ln -s "$test_dir/elsewhere" "$test_dir/dir/link.prom"
	ok "textfile: a link is not replaced" one_line 1 "cannot write" \
		in_ns b "$ICMPX" export --textfile "$test_dir/dir/link.prom"
	ok "textfile: nor followed" test -L "$test_dir/dir/link.prom" -a ! -e "$test_dir/elsewhere"
	ok "--interval alone" one_line_usage in_ns b "$ICMPX" export --interval 1
	ok "two ways at once" one_line_usage in_ns b "$ICMPX" export --textfile x --listen 127.0.0.1:1
}

other_inode() # FILE INODE
{
	[ "$(stat -c %i "$1")" != "$2" ]
}

one_line_usage() # COMMAND...
{
	one_line 2 "--" "$@"
}

test_begin export
export_setup
pages
numbers
names
refusals
textfiles
test_end
