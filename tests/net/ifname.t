#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Interfaces whose names have what a terminal obeys, quotes, and what is no UTF-8: no command that
# shows them shows that, to people, to parsers of JSON or to Prometheus.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

peer4=10.85.0.2 local4=10.85.0.1
names=($'e\e[31mX' $'q"\\\x27{}' $'u\xff\xc2\x9bX' $'c\x01\x7f\x08' $'\xe2\x80\xa6\xf0\x9f\x90\xa7')

# A control character, or what is no UTF-8. Tabs and ends of lines are text.
is_raw()
{
	LC_ALL=C tr -d '\t\n' <"$1" | LC_ALL=C grep -qaP '[\x00-\x1f\x7f]|\xc2[\x80-\x9f]' ||
		! perl -0777 -ne 'exit !utf8::decode($_)' "$1"
}

shown() # DESCRIPTION COMMAND...: of icmpx in b: text and messages, and nothing raw in them
{
	in_ns b "$ICMPX" "${@:2}" >"$test_dir/shown" 2>&1 </dev/null
	ok "$1: shows something" test -s "$test_dir/shown"
	ok "$1: nothing raw" not is_raw "$test_dir/shown"
}

json_of() # DESCRIPTION COMMAND...: the same of its JSON, which can be parsed
{
	shown "$1, JSON" "$2" --json "${@:3}"
	ok "$1: JSON" "$tools/json" <"$test_dir/shown"
}

rename() # NAME
{
	must in_ns b ip link set dev "$link" down
	must in_ns b ip link set dev "$link" name "$1"
	link=$1
	must in_ns b ip link set dev "$link" up
	must in_ns b ip addr replace $local4/24 dev "$link"
	ok "up" wait_until 5 reaches a $local4
}

trace()
{
	in_ns a ping -n -q -i 0.2 $local4 >/dev/null 2>&1 &
	shown "trace" trace -c 3
	json_of_lines "trace" trace -c 3
	kill $!
}

json_of_lines()
{
	shown "$1, JSON" "$2" --json "${@:3}"
	ok "$1: JSON of lines" "$tools/ndjson" header kernel <"$test_dir/shown"
}

each() # NAME
{
	rename "$1"
	shown "attach" attach -- "$link"
	must wait_until 3 at_driver b "$link" reaches a $local4
	json_of "replace" attach -- "$link"
	shown "status" status
	shown "stats" stats
	shown "leases" leases
	shown "doctor" doctor -- "$link"
	json_of "status" status
	json_of "stats" stats
	json_of "leases" leases
	json_of "doctor" doctor -- "$link"
	shown "an error" detach -- "no$link"
	must in_ns b "$ICMPX" export --textfile "$test_dir/page"
	ok "export: nothing raw" not is_raw "$test_dir/page"
	ok "export: its attachment" grep -q '^icmpx_attachment_info{device="' "$test_dir/page"
	! command -v promtool >/dev/null ||
		ok "export: promtool" promtool check metrics <"$test_dir/page"
	trace
	shown "detach" detach -- "$link"
	must in_ns b "$ICMPX" attach -- "$link"
	json_of "detach" detach -- "$link"
}

# Two names that are shown alike would be one and the same series to Prometheus.
alike()
{
	must in_ns b ip link add $'e\x01' type veth peer name $'e\x02'
	must in_ns b ip link set dev $'e\x01' up
	must in_ns b "$ICMPX" attach -- $'e\x01' $'e\x02'
	is "two names stay two" "$(in_ns b "$ICMPX" status --json |
		grep -oE '"interface": *"e.*x0[12]' | sort -u | wc -l)" 2
	must in_ns b "$ICMPX" detach --all
}

test_begin ifname
ns_add a b
ns_join a eth0 b eth0
must in_ns a ip addr add $peer4/24 dev eth0
link=eth0
for name in "${names[@]}"; do
	each "$name"
done
alike
test_end
