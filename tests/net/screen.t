#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# stats --watch on a terminal: what is shown, keys, sizes; whatever ends it, the terminal is as
# it was. Where it is no terminal for that, blocks of text.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

# shellcheck disable=SC2034 # of hosts_up
peer4=10.93.0.2 local4=10.93.0.1 peer6=fd93::2 local6=fd93::1

watch() # OPTION...
{
	enter "clear; $(with_modes "\$ICMPX stats --watch $*"); echo status \$?"
	wait_until 15 is_screen || fail "stats --watch $*: a screen" "$(pane)"
}

shown() # NAME: the first number in its row
{
	pane | awk -v name="$1" '$1 == name { print $2; exit }'
}

as_counted() # NAME
{
	[ "$(shown "$1")" = "$(counter b eth0 "$1")" ] && [ "$(shown "$1")" -gt 0 ]
}

has_width() # COLUMNS: no line is longer
{
	! pane | grep -qE "^.{$(($1 + 1))}"
}

renewed()
{
	flood 3
	[ "$(counter b eth0 renewed)" -gt 0 ]
}

flood() # COUNT: pings, one after the other
{
	in_ns a ping -n -q -i 0.01 -c "$1" $local4 >/dev/null
}

contents()
{
	watch
	flood 60
	ok "the counters' values" wait_until 15 as_counted replied_v4
	ok "pings answered, in all" on_pane "^by icmpx, since attached +$(counter b eth0 replied_v4) "
	ok "interface, mode, since when" on_pane '^eth0: (generic|native), since 20'
	ok "kernel and interval" grep -qF "every 1 s, Linux $(uname -r)" <(pane)
	ok "the limit, and leases" grep -qE 'limit 5000/s .* a source; leases: 1 IPv4, 0 IPv6' <(pane_words)
	ok "the last minutes" wait_until 15 on_pane '^by icmpx .*[▂▃▄▅▆▇█]'
	ok "the kernel's answers" wait_until 15 on_pane '^by the kernel +[0-9.]+ +[0-9.]+ .*▁'
	ok "80 columns: a whole meaning" grep -q 'renewed or replaced by what the kernel sends now' \
		<(pane_words)
	ok "keys" on_pane 'q: leave'
}

# What a terminal gets is what has changed.
flicker()
{
	local raw=$test_dir/raw
	tmux_do pipe-pane -t test "cat >$raw"
	sleep 2.2
	tmux_do pipe-pane -t test
	ok "updates" test -s "$raw"
	is "no update clears the screen" "$(grep -cE $'\033\\[[23]?J' "$raw")" 0
	ok "nor writes all of it ($(stat -c %s "$raw") bytes)" test "$(stat -c %s "$raw")" -lt 3000
}

sizes()
{
	resize 200 50
	ok "200 columns: bytes, too" wait_until 15 on_pane 'FRAMES +/S +BYTES +/S +MEANING'
	resize 20 5
	# That the terminal has cut off itself begins like that, too: its second line does not.
	ok "20 by 5: its first lines" wait_until 15 on_pane '^  every 1 s, Linux$'
	keys Down Down Down
	ok "20 by 5: moved" wait_until 15 on_pane '^by icmpx'
	keys Home
	resize 1 1
	ok "1 by 1: lives" process icmpx
	resize 80 24
	ok "80 columns again" wait_until 15 on_pane 'FRAMES +/S +MEANING'
	ok "80 columns: no more" has_width 80
}

moves()
{
	watch -v
	ok "more than fits" wait_until 15 on_pane 'lines 1-23 of [0-9]'
	keys NPage
	ok "PgDn" wait_until 15 on_pane 'lines 24-46 of'
	keys End
	ok "End" wait_until 15 on_pane '^together'
	keys PPage
	ok "PgUp" wait_until 15 not on_pane '^together'
	keys Home Down
	ok "Home, Down" wait_until 15 on_pane 'lines 2-24 of'
	keys Up '?'
	ok "help" wait_until 15 on_pane 'Arrows, PgUp'
	keys '?'
	ok "less help" wait_until 15 on_pane 'lines 1-23 of'
}

hold()
{
	local before
	keys p
	ok "held still" wait_until 15 on_pane 'HELD STILL'
	before=$(pane)
	flood 20
	sleep 1.2
	is "nothing moves" "$(pane)" "$before"
	keys p
	ok "goes on" wait_until 15 as_counted replied_v4
}

# Each way out, with the status that the shell sees.
ends()
{
	keys q
	ok "q: status 0" wait_until 15 on_pane '^status 0'
	restored "q"
	watch
	keys C-c
	ok "Ctrl-C: status 0" wait_until 15 on_pane '^status 0'
	restored "Ctrl-C"
	for signal in TERM HUP; do
		watch
		kill -$signal "$(process icmpx)"
		ok "SIG$signal: status 0" wait_until 15 on_pane '^status 0'
		restored "SIG$signal"
	done
	for signal in SEGV ABRT QUIT; do
		watch
		kill -$signal "$(process icmpx)"
		ok "SIG$signal: ends it" wait_until 15 on_pane "^status $((128 + $(kill -l $signal)))"
		restored "SIG$signal"
	done
}

stops()
{
	enter "clear; \$ICMPX stats --watch"
	wait_until 15 is_screen
	keys C-z
	ok "Ctrl-Z: stopped" wait_until 15 on_pane 'Stopped'
	restored "Ctrl-Z"
	enter fg
	ok "fg: the screen again" wait_until 15 is_screen
	ok "fg: all of it" wait_until 15 on_pane '^PINGS ANSWERED'
	# Not by its own doing: the shell takes the terminal, and gives it back.
	kill -STOP "$(process icmpx)"
	ok "SIGSTOP: stopped" wait_until 15 on_pane 'Stopped'
	enter fg
	ok "SIGSTOP, fg: the screen again" wait_until 15 is_screen
	ok "SIGSTOP, fg: all of it" wait_until 15 on_pane '^PINGS ANSWERED'
	keys q
	wait_until 15 is_shell
	restored "stopped, gone on, left"
}

plain() # DESCRIPTION ENVIRONMENT OPTION
{
	rm -f "$test_dir/errors"
	enter "clear; $2 \$ICMPX stats --watch $3 2>$test_dir/errors"
	wait_until 15 test -e "$test_dir/errors"
	ok "$1: blocks of text" wait_until 15 on_pane '^together'
	is "$1: on the same screen" "$(of_pane alternate_on)" 0
	keys C-c
	wait_until 15 on_pane 'ready> *$'
}

no_screen()
{
	plain "TERM=dumb" "TERM=dumb" ""
	is "TERM=dumb: no complaint" "$(cat "$test_dir/errors")" ""
	plain "TERM unknown" "TERM=nonsense" ""
	is "TERM unknown: said once" "$(cat "$test_dir/errors")" \
		"icmpx: no screen of its own on a terminal of type nonsense: it is not in the terminfo database"
	plain "--plain" "" --plain
	is "--plain: no complaint" "$(cat "$test_dir/errors")" ""
}

other_locale()
{
	enter "clear; LC_ALL=C \$ICMPX stats --watch"
	wait_until 15 is_screen
	flood 30
	ok "LC_ALL=C: the last minutes" wait_until 15 on_pane '^by icmpx .*#'
	is "LC_ALL=C: ASCII alone" "$(pane | LC_ALL=C grep -c '[^ -~]')" 0
	keys q
	wait_until 15 is_shell
}

detached_meanwhile()
{
	watch
	must in_ns b "$ICMPX" detach eth0
	ok "detached: says so" wait_until 15 on_pane 'attached nowhere'
	attach b eth0
	ok "attached anew: counts from nothing" wait_until 15 on_pane '^by icmpx, since attached +0 '
	ok "and no rate is below it" not on_pane '^by .* -[0-9]'
}

gone() # PID; its parent may take its time to see that
{
	! grep -q '^State:.[^ZX]' "/proc/$1/status"
}

terminal_goes()
{
	local pid
	keys q
	wait_until 15 is_shell
	# The hangup may kill the sanitizer's search for leaks, which the process then waits for.
	enter "export ASAN_OPTIONS=\$ASAN_OPTIONS:detect_leaks=0"
	watch
	pid=$(process icmpx)
	close_terminal
	ok "ends with its terminal" wait_until 15 gone "$pid"
}

test_begin screen
# shellcheck source=tests/net/screen_lib.sh
. "${0%/*}/screen_lib.sh"
need_tmux
hosts_up
attach b eth0 --lease 1
ok "a lease is renewed" wait_until 15 renewed
attach b eth0 --limit 5000 --lease 3600
must flood 3
open_terminal b 80 24
modes "$test_dir/modes.before"
contents
flicker
sizes
keys q
wait_until 15 is_shell
moves
hold
ends
stops
no_screen
other_locale
detached_meanwhile
terminal_goes
test_end
