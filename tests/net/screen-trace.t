#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# trace --stats and attach --live on a terminal: what is shown, and what stays behind it.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

# shellcheck disable=SC2034 # of hosts_up
peer4=10.94.0.2 local4=10.94.0.1 peer6=fd94::2 local6=fd94::1

begin() # COMMAND: one that takes the screen
{
	enter "clear; $(with_modes "$1"); echo status \$?"
	wait_until 20 is_screen || fail "$1: a screen" "$(pane)"
}

flood() # COUNT
{
	in_ns a ping -n -q -i 0.01 -c "$1" $local4 >/dev/null
}

rows() # of the table: STAGE to the row of the whole
{
	sed -n '/^STAGE /,/^all /p' <<<"$1"
}

at_the_end()
{
	on_pane '^all ' && on_pane '^status'
}

of_all_pings()
{
	local screen
	begin "\$ICMPX trace --stats --dev eth0 --no-colour"
	flood 50
	ok "how many, and how they ended" wait_until 15 on_pane '^50 pings: 50 (complete|answered)'
	screen=$(pane)
	ok "backend" grep -q '^icmpx trace: backend' <<<"$screen"
	ok "median and 99th percentile, now and most" \
		grep -qE '^p50, all +[0-9.]+[a-z]+ +[0-9.]+[a-z]+ .*[▂▃▄▅▆▇█]' <<<"$screen"
	ok "pings a second" grep -qE '^pings/s .*[▂▃▄▅▆▇█]' <<<"$screen"
	ok "the slowest one" grep -qE "^slowest: [0-9.]+[a-z]+, $peer4 -> $local4, id [0-9]+ seq " \
		<<<"$screen"
	is "the slowest is the maximum of all" "$(sed -nE 's/^slowest: ([^,]*),.*/\1/p' <<<"$screen")" \
		"$(awk '$1 == "all" { print $7 }' <<<"$screen")"
	ok "stages" test "$(rows "$screen" | wc -l)" -ge 6
	keys End
	ok "histograms" wait_until 15 on_pane '^ +[0-9.]+[a-z]+ +[0-9]+ #'
	keys q
	ok "q: status 0" wait_until 15 on_pane '^status 0'
	restored "q"
}

# What is printed at the end is what the screen had, of the same pings.
report()
{
	local screen
	begin "\$ICMPX trace --stats --dev eth0 >/dev/tty"
	flood 30
	wait_until 15 on_pane '^30 pings: 30'
	screen=$(rows "$(pane)")
	resize 100 200
	wait_until 15 on_pane '^all: from'
	keys C-c
	ok "the report behind it" wait_until 15 at_the_end
	is "says the same" "$(rows "$(pane)")" "$screen"
	ok "with the trace's header" on_pane '^icmpx trace: backend'
	ok "Ctrl-C: status 0" on_pane '^status 0'
	resize 100 40
}

# It has a terminal that is not its own now.
command_output()
{
	begin "\$ICMPX trace --stats -- ping -n -c 8 -i 0.25 $peer4"
	wait_until 15 on_pane '^[1-9] ping'
	ok "a command's output is not on the screen" not on_pane 'bytes from'
	ok "but behind it" wait_until 20 scrolled '^8 packets transmitted'
	ok "all of it" scrolled '^64 bytes from .*icmp_seq=1 '
	wait_until 15 on_pane '^status'
	enter "clear; \$ICMPX trace --stats -- nonsense; echo status \$?"
	ok "a command that cannot be run" wait_until 20 on_pane '^icmpx: nonsense: cannot run it'
	ok "its status" wait_until 15 on_pane '^status 1'
	rm -f "$test_dir/modes.after"
	restored "a command that cannot be run"
	tmux_do clear-history -t test
	enter "clear; \$ICMPX trace --stats --plain -- ping -n -c 2 -i 0.01 $peer4"
	ok "--plain: as everywhere" wait_until 20 on_pane '^2 pings'
	ok "--plain: the command writes itself" scrolled 'bytes from'
}

crash()
{
	begin "\$ICMPX trace --stats"
	kill -SEGV "$(process icmpx)"
	ok "SIGSEGV: ends it" wait_until 15 on_pane '^status 139'
	restored "SIGSEGV"
}

detached()
{
	[ -z "$(state_of b)" ]
}

both_halves()
{
	tmux_do clear-history -t test
	begin "\$ICMPX attach eth0 --live"
	flood 5
	ok "live: the counters" wait_until 15 on_pane '^replied_v4 +[1-9]'
	ok "live: 80 columns" on_pane 'FRAMES +/S +MEANING'
	keys End
	ok "live: a ping" wait_until 15 on_pane '^stages'
	keys q
	ok "live: q: status 0" wait_until 15 on_pane '^status 0'
	ok "live: the report behind it has the bytes" scrolled 'FRAMES +/S +BYTES +/S +MEANING'
	ok "live: detached" detached
	restored "live"
	begin "\$ICMPX attach eth0 --live"
	close_terminal
	ok "live: detached when the terminal goes" wait_until 20 detached
}

test_begin_seeing screen-trace
# shellcheck source=tests/net/screen_lib.sh
. "${0%/*}/screen_lib.sh"
need_tmux
hosts_up
must in_ns a ping -n -q -c 1 $local4
open_terminal b 100 40
modes "$test_dir/modes.before"
of_all_pings
report
command_output
crash
both_halves
test_end
