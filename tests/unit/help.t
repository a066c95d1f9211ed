#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Help as people ask for it: by -h, --help, -? and help, what was probably meant by a word that is
# none, and a pager for what is longer than the terminal.
set -uo pipefail

top=$(cd "${0%/*}/../.." && pwd)
icmpx=$(realpath -m "${ICMPX:-$top/build/icmpx}")
# shellcheck source=tests/unit/lists_lib.sh
. "$top/tests/unit/lists_lib.sh"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mapfile -t commands < <("$icmpx" help --table | sed -n 's/^command\t\([^\t]*\)\t.*/\1/p')

lines() # NAME TEXT: each line with that name, where there is one
{
	[ -z "$2" ] || printf '%s\n' "$1: ${2//$'\n'/$'\n'$1: }"
}

asked() # WORDS...: the status, and what is said where
{
	local status
	"$icmpx" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
	lines status "$status"
	lines out "$(<"$dir/out")"
	lines err "$(<"$dir/err")"
}

forms()
{
	local command way want
	want=$(asked)
	same "no command: the list, as an error" "status: 2
$(asked help | sed -n 's/^out/err/p')" "$want"
	for way in -h --help '-?'; do
		same "icmpx $way" "$(asked help)" "$(asked "$way")"
	done
	for command in "${commands[@]}"; do
		# shellcheck disable=SC2086 # words
		want=$(asked help $command)
		same "icmpx help $command: usage first, three examples" "status: 0
out: Usage: icmpx $command
examples: 3 or more" "$(sed -n "1p; 2s/^\(out: Usage: icmpx $command\) .*/\1/p" <<<"$want")
examples: $(sed '1,/^out: Examples:/d' <<<"$want" | grep -c '^out:   icmpx ' | sed 's/^[3-9]$/3 or more/')"
		for way in -h --help; do
			# shellcheck disable=SC2086
			same "icmpx $command $way" "$want" "$(asked $command "$way")"
		done
		same "icmpx help $command: no line is too long, none ends with a blank" "lines:" \
			"lines:$(grep -E '^out: (.{80}|.* $)' <<<"$want")"
	done
	for way in -h --help '-?'; do
		same "icmpx $way trace merge" "$(asked help trace merge)" "$(asked "$way" trace merge)"
	done
	same "icmpx --usage" "status: 0
$(asked help | sed -n 2p)" "$(asked --usage)"
	same "the list fits 24 rows, with the prompt below it" "lines: 23 or less" \
		"lines: $("$icmpx" help | awk 'END { print (NR > 23 ? NR : "23 or less") }')"
	same "-?" "$(asked help trace merge)" "$(asked trace merge '-?')"
	same "the beginning of --help" "$(asked help attach)" "$(asked attach --he)"
	same "-h before what is wrong" "$(asked help trace)" "$(asked trace -c 3 -h --wrong)"
	same "-h behind the traced command is that one's" "status: 2" \
		"$(asked trace --count=0 -- true -h | sed 1q)"
	same "help that cannot be written is none" "status: 1" \
		"status: $("$icmpx" trace -h >/dev/full 2>"$dir/err"; echo $?)"
}

meant() # WORDS THE-LINE
{
	# shellcheck disable=SC2086 # words
	same "meant: icmpx $1" "status: 2
err: icmpx$2" "$(asked $1)"
}

meanings()
{
	meant stat ": no command 'stat'; did you mean 'status' or 'stats'?"
	meant tarce ": no command 'tarce'; did you mean 'trace'?"
	meant "merge a b" ": no command 'merge'; did you mean 'trace merge'?"
	meant "help trace mrge" ": no command 'trace mrge'; did you mean 'trace merge'?"
	meant frobnicate ": no command 'frobnicate'; icmpx help lists them"
	meant --hlep ": no option '--hlep' before the command; did you mean '--help'?"
	meant "--json status" ": no option '--json' before the command; icmpx help COMMAND lists those behind it"
	meant "trace --hots ::1" " trace: no option '--hots'; did you mean '--host'?"
	meant "trace --hots=::1" " trace: no option '--hots'; did you mean '--host'?"
	meant "trace -vc 3 --hots=::1" " trace: no option '--hots'; did you mean '--host'?"
	meant "trace merge --stast a b" " trace merge: no option '--stast'; did you mean '--stats'?"
	meant "stats eth0 --wathc" " stats: no option '--wathc'; did you mean '--watch'?"
	meant "status --frobnicate" " status: no option '--frobnicate'; icmpx help status lists them"
	meant "stats -x" " stats: no option '-x'; icmpx help stats lists them"
	meant "stats -vx" " stats: no option '-x'; icmpx help stats lists them"
	meant "attach --mode=nativ x" \
		" attach: --mode: 'nativ' is not one of auto, native, generic; did you mean 'native'?"
	meant "trace --type=ech" \
		" trace: --type: 'ech' is not one of echo, reply, error; did you mean 'echo'?"
	meant "trace --output=pcap=x" \
		" trace: --output: no format 'pcap'; there are pcapng, perfetto, chrome, folded, ndjson; did you mean 'pcapng'?"
	meant "trace -json -- true" " trace: no option '-json'; did you mean '--json'?"
	meant "trace -c 3 -host=::1 true" " trace: no option '-host'; did you mean '--host'?"
	meant "attach -observe eth0" " attach: no option '-observe'; did you mean '--observe'?"
	meant "detach -all" " detach: no option '-all'; did you mean '--all'?"
	meant --usaeg ": no option '--usaeg' before the command; did you mean '--usage'?"
	# What is no option of icmpx is none of its business; a value may look like one.
	same "options of the traced command, values like options" "status: 2
err: icmpx trace: --count: '0' is not in the range 1 to 1000000000" \
		"$(asked trace --host ::1 --record --hots --count=0 -- true --hots)"
	same "nor is one dash there" "status: 2" \
		"$(asked trace --host ::1 --record -json --count=0 true -json | sed 1q)"
	same "-help is -h" "$(asked help trace)" "$(asked trace -help)"
}

# What was typed may have come from elsewhere: no terminal is to obey it.
controls()
{
	local odd=$'\e[31mfoo\a\xc2\x9b' safe='?[31mfoo???'
	same "controls: a command" "status: 2
err: icmpx: no command '$safe'; icmpx help lists them" "$(asked "$odd")"
	same "controls: a topic" "$(asked "$odd")" "$(asked help "$odd")"
	same "controls: an option before the command" "status: 2
err: icmpx: no option '--$safe' before the command; icmpx help COMMAND lists those behind it" \
		"$(asked "--$odd")"
	same "controls: an option" "status: 2
err: icmpx trace: no option '--$safe'; icmpx help trace lists them" "$(asked trace "--$odd=1")"
	same "controls: a short option" "status: 2
err: icmpx trace: no option '-?'; icmpx help trace lists them" "$(asked trace $'-\e')"
	same "controls: one of several values" "status: 2
err: icmpx trace: --type: '$safe' is not one of echo, reply, error" "$(asked trace --type="$odd")"
	same "controls: a number" "status: 2
err: icmpx trace: --count: '$safe' is not a whole number from 1 to 1000000000" \
		"$(asked trace --count="$odd")"
	same "controls: a file that there is not" "err: icmpx: $safe: cannot read: No such file or directory" \
		"$(asked trace --replay "$odd" | grep '^err')"
}

# On a terminal of that size; WHAT is run by a shell. Each line as it is, without its return.
on_terminal() # ROWS TERM WHAT
{
	TERM=$2 timeout 60 script -qec "stty rows $1 cols 80; $3" /dev/null </dev/null | tr -d '\r'
}

pagers()
{
	local mark="sed s/^/paged:/" want paged
	want=$("$icmpx" help trace)
	paged=${want//$'\n'/$'\n'paged:}
	same "a long text goes through the pager" "paged:$paged" \
		"$(on_terminal 24 xterm "PAGER='$mark' '$icmpx' help trace")"
	same "so does that of -h" "paged:$paged" \
		"$(on_terminal 24 xterm "PAGER='$mark' '$icmpx' trace -h")"
	same "not where there is room" "$want" \
		"$(on_terminal 200 xterm "PAGER='$mark' '$icmpx' help trace")"
	same "not on a dumb terminal" "$want" \
		"$(on_terminal 24 dumb "PAGER='$mark' '$icmpx' help trace")"
	same "not with an empty PAGER" "$want" "$(on_terminal 24 xterm "PAGER= '$icmpx' help trace")"
	same "not with PAGER=cat" "$want" "$(on_terminal 24 xterm "PAGER=cat '$icmpx' help trace")"
	same "not where standard output is no terminal" "$want" "$(PAGER=$mark "$icmpx" help trace)"
	same "a pager that there is not: the text is there" "$want" \
		"$(on_terminal 24 xterm "PAGER=no-such-pager '$icmpx' help trace" | grep -v no-such-pager)"
	same "without less: the text is there" "$want" \
		"$(on_terminal 24 xterm "unset PAGER; PATH=/nowhere '$icmpx' help trace")"
	same "a pager that wants no more is no error" "status 0" \
		"$(on_terminal 24 xterm "PAGER=true '$icmpx' help trace; echo status \$?")"
}

forms
meanings
controls
if command -v script >/dev/null; then
	pagers
else
	count=$((count + 1))
	echo "ok $count - pagers # SKIP script (util-linux): not installed"
fi
echo "1..$count"
exit $failed
