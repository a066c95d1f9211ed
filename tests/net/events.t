#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the fast path answers, as events: all of it, in all namespaces, for one reader.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

test_begin events
ns_add a b
ns_join a eth0 b eth0
must in_ns a ip addr add 10.83.0.2/24 dev eth0
must in_ns b ip addr add 10.83.0.1/24 dev eth0
must in_ns a ip addr add 2001:db8:83::2/64 dev eth0
must in_ns b ip addr add 2001:db8:83::1/64 dev eth0

watch() # OUTPUT: a reader, in the other namespace; its process id to $reader
{
	: >"$1"
	nsenter --net="$(ns_path a)" "$tools/events" >"$1" 2>&1 &
	reader=$!
	wait_until 5 grep -q '^watched' "$1" || bail "no reader: $(cat "$1")"
}

unwatch() # PROCESS SIGNAL
{
	kill "-$2" "$1"
	wait "$1" 2>/dev/null
}

found() # OUTPUT KIND: how many attachments are watched, silent or busy
{
	grep '^watched' "$1" | grep -o "$2 [0-9]*" | cut -d ' ' -f 2
}

seen() # OUTPUT: events of what is attached here
{
	grep -c " $here\$" "$1"
}

has_seen() # OUTPUT COUNT
{
	[ "$(seen "$1")" -eq "$2" ]
}

first=$test_dir/first second=$test_dir/second third=$test_dir/third
attach b eth0 --lease 60
pins=$(pin_dir b eth0)
here="${ns_inode[b]} ${pins##*-}"
warms "IPv4" b eth0 reaches a 10.83.0.1 -s 100
warms "IPv6" b eth0 reaches a 2001:db8:83::1 -s 100
watch "$first"
reader_1=$reader
ok "a ping at the driver" at_driver b eth0 reaches a 10.83.0.1 -e 4660 -t 33 -s 100
ok "is one event" wait_until 3 has_seen "$first" 1
is "with the request's identity" "$(tail -n 1 "$first")" \
	"4 4660 1 10.83.0.2 10.83.0.1 33 128 $here"
ok "the same of IPv6" at_driver b eth0 reaches a 2001:db8:83::1 -e 65535 -t 7 -s 100
ok "is one event" wait_until 3 has_seen "$first" 2
is "with the request's identity" "$(tail -n 1 "$first")" \
	"6 65535 1 2001:db8:83::2 2001:db8:83::1 7 148 $here"
ok "what the kernel answers" by_kernel b eth0 reaches a 10.83.0.1 -s 1450
ok "100 pings" reaches a 10.83.0.1 -c 100 -i 0.002
ok "are 100 events, and there is none of the kernel's answers" \
	wait_until 3 has_seen "$first" 102

watch "$second"
is "a second reader finds it busy" "$(($(found "$second" busy) >= 1))" 1
ok "and takes nothing" reaches a 10.83.0.1
ok "from the first" wait_until 3 has_seen "$first" 103
unwatch "$reader" TERM
is "the second one saw none" "$(seen "$second")" 0
ok "replace" in_ns b "$ICMPX" attach eth0 --lease 60 --limit 1000000
ok "a ping" at_driver b eth0 reaches a 10.83.0.1
ok "the reader sees on" wait_until 3 has_seen "$first" 104

unwatch "$reader_1" KILL
ok "killed: pings go on" reaches a 10.83.0.1 -c 3 -i 0.01
watch "$third"
ok "a ping" at_driver b eth0 reaches a 10.83.0.1 -e 99
ok "the next reader sees that alone" wait_until 3 has_seen "$third" 1
is "it is the one" "$(grep -c "^4 99 1 .* $here\$" "$third")" 1
unwatch "$reader" TERM
is "none is lost" "$(grep '^lost' "$third")" "lost 0"
ok "nobody watches: a ping" at_driver b eth0 reaches a 10.83.0.1

must rm "$pins/events"
watch "$second"
is "an attachment without a ring is silent" "$(($(found "$second" silent) >= 1))" 1
unwatch "$reader" TERM
ok "replace" in_ns b "$ICMPX" attach eth0 --lease 60
watch "$first"
ok "a ping" at_driver b eth0 reaches a 10.83.0.1
ok "it has a ring again" wait_until 3 has_seen "$first" 1
ok "detach under the reader" in_ns b "$ICMPX" detach eth0
is "nothing is left" "$(find "$pins" 2>/dev/null)" ""
unwatch "$reader" TERM
test_end
