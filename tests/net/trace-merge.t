#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# icmpx trace merge: one recording of two hosts and the router between them is taken apart (edit in
# tests/golden), so that each half is what that host alone would have seen. Both halves have one
# clock: the true offset is 0, or what one of them is then shifted by.
# shellcheck disable=SC2016 # Perl
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

edit=${0%/*}/../golden/edit

# a 10.91.1.2 - 10.91.1.1 r 10.91.2.1 - 10.91.2.2 b
setup()
{
	ns_add a r b
	ns_join a eth0 r eth0
	ns_join b eth0 r eth1
	must in_ns a ip addr add 10.91.1.2/24 dev eth0
	must in_ns r ip addr add 10.91.1.1/24 dev eth0
	must in_ns r ip addr add 10.91.2.1/24 dev eth1
	must in_ns b ip addr add 10.91.2.2/24 dev eth0
	must in_ns a ip route add default via 10.91.1.1
	must in_ns b ip route add default via 10.91.2.1
	must in_ns r sysctl -qw net.ipv4.ip_forward=1
	must wait_until 5 pings a 1 10.91.2.2
	must wait_until 5 pings b 1 10.91.1.2
}

pings() # NAME COUNT TARGET
{
	in_ns "$1" ping -n -q -c "$2" -i 0.02 -W 1 "$3" >/dev/null
}

# By the router, silently.
drops() # SOURCE COMMAND...
{
	must in_ns r ip rule add prio 10 from "$1" blackhole
	"${@:2}"
	must in_ns r ip rule del prio 10
}

record()
{
	# Of others' pings there may be any number, and what is lost of them is lost to the merge.
	"$ICMPX" trace --backend tp --host 10.91.1.2 --host 10.91.2.2 --json \
		--record "$test_dir/all" >"$test_dir/live" 2>"$test_dir/errors" &
	tracer=$!
	wait_until 30 grep -q '"type":"header"' "$test_dir/live" || bail "$(<"$test_dir/errors")"
	sleep 0.2
	pings a 5 10.91.2.2
	pings b 3 10.91.1.2
	drops 10.91.1.2 pings a 2 10.91.2.2
	drops 10.91.2.2 pings a 3 10.91.2.2
	pings a 2 10.91.2.2
	masqueraded
	sleep 1.5 # what has not come until then is lost
	kill $tracer
	wait $tracer
	is "recorded" $? 0
	is "no record lost" "$("$tools/ndjson" end lost <"$test_dir/live")" 0
}

# By the router, which rewrites the address: only the payload tells.
masqueraded()
{
	translated=0
	in_ns r nft -f - <<<'table ip t {
		chain c {
			type nat hook postrouting priority srcnat
			ip saddr 10.91.1.2 masquerade
		}
	}' 2>"$test_dir/nat" || return
	translated=4
	in_ns a "$ICMPX" trace --backend tp --ping 10.91.2.2 -c 4 -i 0.02 >/dev/null
	must in_ns r nft delete table ip t
}

halves()
{
	# System calls are of no namespace: the sender's half has them.
	"$edit" only "${ns_inode[a]},0" <"$test_dir/all" >"$test_dir/a"
	"$edit" only "${ns_inode[b]},0" <"$test_dir/all" >"$test_dir/b"
}

merge() # FILE FILE OPTION...
{
	"$ICMPX" trace merge --json "$@" >"$test_dir/json" 2>"$test_dir/errors"
	is "${*##*/}: merged" "$? $(<"$test_dir/errors")" "0 "
	[ -n "${ICMPX_VM-}" ] || ok "${*##*/}: as described" described
}

described()
{
	"${0%/*}/schema_check" <"$test_dir/json"
}

# A line for each object of that type, PROGRAM's value with it as $o. Without the hops, which are
# nearly all of it and would take long in a guest.
query() # TYPE PROGRAM
{
	sed 's/"parts":.*,"stages":/"stages":/' "$test_dir/json" | perl -MJSON::PP -ne '
		BEGIN { ($type, $program) = splice @ARGV, 0, 2 }
		$o = decode_json($_);
		print join(" ", eval $program), "\n" if $o->{type} eq $type;' "$1" "$2"
}

fates() # DESCRIPTION
{
	is "$1: what became of them" \
		"$(query merged '"$o->{sender} $o->{fate}"' | sort | uniq -c | xargs)" \
		"$((7 + translated)) a complete 3 a reply_lost 2 a request_lost 3 b complete"
	if [ $translated -gt 0 ]; then
		is "$1: through NAT" "$(query merge_end '$o->{by_cookie}')" $translated
	else
		pass "$1: through NAT # SKIP nft masquerade: $(grep -m 1 . "$test_dir/nat")"
	fi
	is "$1: none left over" "$(query merge_end 'map { values %{$o->{$_}} } qw(ambiguous odd)')" \
		"0 0 0 0"
}

one_clock()
{
	merge "$test_dir/a" "$test_dir/b"
	fates "one clock"
	is "one clock: is known as such" \
		"$(query merge '@{$o->{clock}}{qw(model offset_min_ns offset_max_ns)}')" "same 0 0"
	is "one clock: each way is known exactly" "$(query merged '
		grep { defined $_->{min_ns} && ($_->{min_ns} != $_->{ns} || $_->{max_ns} != $_->{ns}) }
			@{$o->{stages}}' | tr -d '\n')" ""
	one_ways >"$test_dir/truth"
	first=$(query merge '$o->{b}{started_ns}')
}

# What each way took: number, leg, ns, at least, at most.
one_ways()
{
	query merged 'map { "$o->{number} $_->{leg} $_->{ns} $_->{min_ns} $_->{max_ns}\n" }
		grep { defined $_->{ns} && $_->{stage} eq "one_way" } @{$o->{stages}}' |
		sed 's/^ //; /^$/d'
}

# B's clock is so far ahead when the first event of its half happens, and so much faster: then the
# true offset at any time is known, and so is each way's time, from when there was one clock.
other_clock() # NS PPM
{
	local what="$1 ns, $2 ppm"
	"$edit" clock "$1" "$2" <"$test_dir/b" >"$test_dir/shifted"
	merge "$test_dir/a" "$test_dir/shifted"
	fates "$what"
	is "$what: the truth is within the bounds" "$(query merge "
		my \$truth = $1 + (\$o->{clock}{at_ns} - $first) * $2 / 1e6;
		\$o->{clock}{offset_min_ns} <= \$truth + 5 && \$truth - 5 <= \$o->{clock}{offset_max_ns}
			? () : (\$truth, %{\$o->{clock}})")" ""
	is "$what: and so is each way's" "$(one_ways | paste -d ' ' - "$test_dir/truth" |
		awk '$1 $2 != $6 $7 || $8 < $4 - 200 || $8 > $5 + 200')" ""
	ok "$what: those are not worthless" [ "$(one_ways | awk '$5 > 1e6 * '"$patience" | wc -l)" -lt \
		"$(wc -l <"$test_dir/truth")" ]
}

refused() # DESCRIPTION STATUS WORDS ARGUMENT...
{
	ok "$1" complains "$2" "$3" "$ICMPX" trace merge "${@:4}"
}

bad_input()
{
	refused "one file twice" 2 "one file" "$test_dir/a" "$test_dir/a"
	cp "$test_dir/a" "$test_dir/copy"
	refused "one trace twice" 2 "the same trace" "$test_dir/a" "$test_dir/copy"
	refused "one recording" 2 "two recordings are wanted" "$test_dir/a"
	refused "three recordings" 2 "two recordings are wanted" "$test_dir/a" "$test_dir/b" x
	refused "no such file" 1 "No such file" "$test_dir/a" "$test_dir/none"
	refused "no recording" 1 "not an icmpx recording" "$test_dir/live" "$test_dir/b"
	refused "exports" 2 "--output writes one recording" -o folded=x "$test_dir/a" "$test_dir/b"
	refused "nothing in common" 1 "no ping went from one to the other" "$test_dir/a" \
		"${0%/*}/../golden/7-ping.rec"
	ok "merge comes first" complains 2 "merge comes first" "$ICMPX" trace --json merge a b
	"$edit" only 1 <"$test_dir/b" >"$test_dir/empty"
	refused "nothing recorded" 1 "no ping went from one to the other" "$test_dir/a" \
		"$test_dir/empty"
	ok "standard output is full" complains 1 "No space left" \
		bash -c '"$0" trace merge "$1" "$2" >/dev/full' "$ICMPX" "$test_dir/a" "$test_dir/b"
}

# What is whole of it is used; but it is no success.
cut_off()
{
	head -c -100 "$test_dir/b" >"$test_dir/cut"
	"$ICMPX" trace merge --json "$test_dir/a" "$test_dir/cut" >"$test_dir/json" \
		2>"$test_dir/errors"
	is "cut off: status" $? 1
	is "cut off: one line" "$(grep -c 'cut off' "$test_dir/errors") $(wc -l <"$test_dir/errors")" \
		"1 1"
	ok "cut off: as described" described
	ok "cut off: those before it" [ "$(query merge_end '$o->{joined}')" -gt 5 ]
	head -c 6000 "$test_dir/b" >"$test_dir/cut"
	refused "cut off before the first ping" 1 "cut off" "$test_dir/a" "$test_dir/cut"
}

test_begin_seeing trace-merge
[ -x /usr/bin/perl ] || skip_all "perl" "ENOENT"
setup
record
halves
one_clock
other_clock -100000000 150
if [ -z "${ICMPX_VM-}" ]; then
	other_clock 12345678901 0
	other_clock 987654321987654 -300
fi
bad_input
cut_off
test_end
