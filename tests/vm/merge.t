#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Two machines, started at different times, b's clock made to run faster: what both recorded of
# their pings is merged here. The offset that icmpx finds is held against one that datagrams
# with time stamps give (tests/net/timesync.c); both are intervals that the truth lies in.
# Arguments are those of tests/vm/two, as  merge.t -k "5.10 7". With MERGE_KEEP=DIRECTORY the two
# recordings are left there; MERGE_TRACE is options of the traces.
# shellcheck disable=SC2016 # Perl
set -uo pipefail
cd "$(dirname "$0")/../.." || exit

read -r -d '' common <<'END' || true
. tests/net/lib.sh
set_up() # ADDRESS
{
	ip addr add 10.96.0.$1/24 dev eth0
	ip addr add fd96::$1/64 dev eth0 nodad
	ip link set eth0 up
}
record()
{
	$ICMPX trace $options --json --record /tmp/recording >/tmp/trace 2>/tmp/errors &
	tracer=$!
	ok "records" wait_until 60 grep -q '"type":"header"' /tmp/trace
	sleep 0.5
}
give() # what was recorded, on standard output
{
	sleep 2 # what did not come until then is lost
	kill $tracer
	wait $tracer
	is "trace: status" $? 0
	echo "recording"
	gzip -c /tmp/recording | base64
	echo "end"
}
END

read -r -d '' asker <<'END' || true
set_up 1
ask()
{
	echo "offset $("$tools/timesync" ask 10.96.0.2 7096 20)"
}
ok "the peer is there" meet ready
ok "the peer can be reached" wait_until 20 ping -n -q -c 1 -W 2 10.96.0.2
ok "and by IPv6" wait_until 20 ping -n -q -c 1 -W 2 fd96::2
record
ok "both record" meet recording
ask
ok "pings" ping -n -q -i 0.1 -c 6 -W 5 10.96.0.2
ok "IPv6" ping -n -q -i 0.1 -c 3 -W 5 fd96::2
$ICMPX trace --backend tp --ping 10.96.0.2 -c 3 -i 0.1 >/dev/null
is "icmpx's own" $? 0
ok "the peer's turn" meet turn
ok "the peer has pinged" meet pinged
ip neigh replace 10.96.0.2 lladdr 02:00:00:00:00:99 dev eth0
ping -n -q -i 0.1 -c 2 -W 1 10.96.0.2 >/dev/null
is "two requests are lost" $? 1
ip neigh replace 10.96.0.2 lladdr 52:54:00:00:00:0b dev eth0
ok "there is something to lose" meet lossy
ping -n -q -i 0.1 -c 3 -W 1 10.96.0.2 >/dev/null
is "three replies are lost" $? 1
ok "lost" meet lost
ok "mended" meet mended
ok "pings again" ping -n -q -i 0.1 -c 2 -W 5 10.96.0.2
ask
give
ok "the end" meet end
test_end
END

read -r -d '' answerer <<'END' || true
set_up 2
"$tools/timesync" faster 400
"$tools/timesync" serve 10.96.0.2 7096 &
server=$!
ok "ready" meet ready
record
ok "both record" meet recording
ok "my turn" meet turn 240
ok "pings" ping -n -q -i 0.1 -c 4 -W 5 10.96.0.1
ok "pinged" meet pinged
ip neigh replace 10.96.0.1 lladdr 02:00:00:00:00:99 dev eth0
ok "its replies go astray" meet lossy
ok "lost" meet lost 240
ip neigh replace 10.96.0.1 lladdr 52:54:00:00:00:0a dev eth0
ok "mended" meet mended
sleep 2
give
ok "the end" meet end 240
kill $server
test_end
END

# What the guests have written, but the recordings.
show_guests()
{
	grep -vE '^# [ab]: ([A-Za-z0-9+/=]{4,}$|recording$|end$)|^1\.\.' "$work/guests"
}

unpack() # a|b
{
	sed -n '/^recording$/,/^end$/p' "build/vm/two/$1/output" | grep -vxE 'recording|end' |
		base64 -d | gzip -d >"$work/$1.rec"
}

# Of the merge's JSON: a line for each object of that type, PROGRAM's value with it as $o.
query() # TYPE PROGRAM
{
	perl -MJSON::PP -ne '
		BEGIN { ($type, $program) = splice @ARGV, 0, 2 }
		$o = decode_json($_);
		print join(" ", eval $program), "\n" if $o->{type} eq $type;' "$1" "$2" <"$work/json"
}

# Intervals that hold one truth overlap.
overlap() # MIN MAX MIN MAX
{
	diag "from $1 to $2, and from $3 to $4"
	[ "$1" -le "$4" ] && [ "$3" -le "$2" ]
}

# Between the two times at which the guests were asked.
offsets()
{
	sed -n 's/^offset //p' build/vm/two/a/output | tr ' ' '\n' | sort -n | sed -n '1p;$p' | xargs
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
common="options='${MERGE_TRACE---backend tp}'"$'\n'$common
tests/vm/two -d 3 "$@" "$common"$'\n'"$asker" "$common"$'\n'"$answerer" >"$work/guests"
guests=$?
# shellcheck source=tests/net/lib.sh
. tests/net/lib.sh
show_guests | sed 's/^\(not \)\{0,1\}ok/# guest: &/'
is "the guests' own tests" $guests 0
unpack a
unpack b
[ -z "${MERGE_KEEP-}" ] || cp "$work"/[ab].rec "$MERGE_KEEP/"
"$ICMPX" trace merge --json "$work/a.rec" "$work/b.rec" >"$work/json" 2>"$work/errors"
is "merge: status" "$? $(<"$work/errors")" "0 "
ok "as described" tests/net/schema_check <"$work/json"
is "what became of them" "$(query merged '"$o->{sender} $o->{fate}"' | sort | uniq -c | xargs)" \
	"14 a complete 3 a reply_lost 2 a request_lost 4 b complete"
is "nothing is left over" "$(query merge_end 'map { values %{$o->{$_}} } qw(ambiguous odd datagrams)' |
	tr ' ' '\n' | sort -u)" 0
# shellcheck disable=SC2046 # two numbers each
ok "the offset is where the datagrams' stamps have it" \
	overlap $(query merge '@{$o->{clock}}{qw(offset_min_ns offset_max_ns)}') $(offsets)
ok "B's clock is the faster one" [ "$(query merge '$o->{clock}{rate_max_ppb}')" -gt 0 ]
is "each way is within its bounds, and both are the whole" "$(query merged '
	my @wire = grep { $_->{stage} eq "one_way" && defined $_->{ns} } @{$o->{stages}};
	my $sum = 0; $sum += $_->{ns} for @wire;
	(grep { $_->{ns} < $_->{min_ns} || $_->{ns} > $_->{max_ns} } @wire) ||
		(defined $o->{wire_ns} && $sum != $o->{wire_ns}) ? $o->{number} : ()' | tr -d '\n')" ""
read -r min max <<<"$(query merge '@{$o->{clock}}{qw(offset_min_ns offset_max_ns)}')"
"$ICMPX" trace merge --json "$work/b.rec" "$work/a.rec" >"$work/back"
mv "$work/back" "$work/json"
# shellcheck disable=SC2046 # two numbers
ok "the other way round it is the opposite" overlap "$min" "$max" \
	$(query merge 'map { -$o->{clock}{$_} } qw(offset_max_ns offset_min_ns)')
test_end
