# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# For tests of full-screen views: a shell in a namespace on a terminal of tmux, keys and what is
# shown. After test_begin.

# shellcheck disable=SC2154 # of lib.sh
tmux_socket=$test_dir/tmux

need_tmux()
{
	local name
	command -v tmux >/dev/null || skip_all tmux ENOENT
	locale -a 2>/dev/null | grep -qix 'c\.utf-*8' || skip_all "locale C.UTF-8" ENOENT
	infocmp screen >/dev/null 2>&1 || skip_all "terminfo of screen" ENOENT
	# A developer's settings are not the test's.
	for name in TMUX NO_COLOR LINES COLUMNS; do
		unset "$name"
	done
	trap 'tmux_do kill-server >/dev/null 2>&1; cleanup' EXIT
}

tmux_do() # COMMAND...
{
	LC_ALL=C.UTF-8 tmux -u -S "$tmux_socket" -f /dev/null "$@"
}

# All of it in the namespace, so that it goes with that.
open_terminal() # NAME COLUMNS ROWS
{
	must tmux_do new-session -d -s test -x "$2" -y "$3" \
		"exec nsenter --net=$(ns_path "$1") env -u TMUX TERM=screen LC_ALL=C.UTF-8 \
		ASAN_OPTIONS=handle_segv=0:handle_abort=0 ICMPX=$ICMPX HISTFILE= PS1='ready> ' \
		bash --norc --noprofile -i"
	wait_until 15 on_pane '^ready>' || bail "no shell on a terminal"
}

close_terminal()
{
	tmux_do kill-session -t test
}

resize() # COLUMNS ROWS
{
	tmux_do resize-window -t test -x "$1" -y "$2"
}

pane() # what is shown
{
	tmux_do capture-pane -p -t test
}

on_pane() # REGEX
{
	pane | grep -qE -- "$1"
}

scrolled() # REGEX: what is shown or has left it at the top
{
	tmux_do capture-pane -p -S - -t test | grep -qE -- "$1"
}

pane_words() # in one line, with single blanks
{
	pane | tr -s '\n ' ' '
}

keys() # KEY...
{
	tmux_do send-keys -t test "$@"
}

enter() # COMMAND: as the user types it
{
	tmux_do send-keys -t test -l "$1"
	keys Enter
}

of_pane() # FORMAT: "alternate_on", "cursor_flag"
{
	tmux_do display-message -p -t test "#{$1}"
}

is_screen()
{
	[ "$(of_pane alternate_on)$(of_pane cursor_flag)" = 10 ]
}

is_shell() # the terminal is as before: main screen, cursor, prompt
{
	[ "$(of_pane alternate_on)$(of_pane cursor_flag)" = 01 ] && on_pane '^ready> *$'
}

process() # NAME: that runs there
{
	local tty
	tty=$(of_pane pane_tty)
	pgrep -t "${tty#/dev/}" -x "$1"
}

# What the shell does not put right, as it does at a prompt: the terminal's modes right behind
# the command.
with_modes() # COMMAND
{
	echo "bash -c '$1; status=\$?; stty -a >$test_dir/modes.after; exit \$status'"
}

modes() # FILE: the terminal's, as a command at the prompt finds them
{
	rm -f "$1"
	enter "clear; stty -a >$1.new; mv $1.new $1"
	wait_until 15 test -s "$1"
	wait_until 15 on_pane '^ready> *$'
}

restored() # DESCRIPTION: after the end of a screen
{
	if ! wait_until 15 is_shell; then
		fail "$1: the terminal's screen" "$(of_pane alternate_on) $(of_pane cursor_flag)" \
			"$(pane)"
		return
	fi
	[ -e "$test_dir/modes.after" ] || modes "$test_dir/modes.after"
	is "$1: the terminal is as it was" "$(cat "$test_dir/modes.after")" \
		"$(cat "$test_dir/modes.before")"
	rm "$test_dir/modes.after"
}
