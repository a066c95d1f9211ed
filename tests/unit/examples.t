#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Each example of the help, the manual pages, README.md and docs/ is run, without any capability and
# in a network namespace of its own: its options are right, and where that takes no privilege it
# does what it says.
set -uo pipefail

top=$(cd "${0%/*}/../.." && pwd)
icmpx=$(realpath -m "${ICMPX:-$top/build/icmpx}")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
count=0
failed=0
declare -A tried

of_help() # WORDS: the command of each line that begins with one
{
	"$icmpx" help "$@" | sed -nE 's/^  (icmpx [^ ]+( [^ ]+)*)( {2,}.*)?$/\1/p'
}

of_page() # FILE
{
	sed -nE '/^\.Sh EXAMPLES$/,/^\.Sh SEE/{s/^\.Dl //p; /^\.Bd -literal/,/^\.Ed/{/^\./d; p}}' "$1"
}

# Two may stand in one line, with a comment behind them.
of_document() # FILE
{
	sed -nE 's/^ {4}(\$ )?(icmpx [a-z]+( .*)?)$/\2/p' "$1" | sed 's/ *#.*//; s/; /\n/g' |
		grep -E "^icmpx ($(paste -sd "|" "$dir/commands"))( |$)"
}

# With what an example may name beside it.
prepare()
{
	local name
	for name in FILE A ping.rec a.rec; do
		cp "$top/tests/golden/6.12-merge-a.rec" "$dir/$name"
	done
	for name in B b.rec; do
		cp "$top/tests/golden/6.12-merge-b.rec" "$dir/$name"
	done
	alone=(unshare -n)
	[ "$(id -u)" = 0 ] || alone=(unshare -rn)
	alone+=(setpriv --inh-caps=-all --bounding-set=-all --no-new-privs)
	if ! "${alone[@]}" true 2>"$dir/why"; then
		echo "1..0 # SKIP CAP_SYS_ADMIN (unshare): $(head -n 1 "$dir/why")"
		exit 0
	fi
}

# The part of icmpx that an example takes, if this one was built without it.
lacking() # COMMAND
{
	local part=
	case $1 in
		"icmpx report"*) part=report ;;
		"icmpx export"*) part=exporter ;;
		*perfetto=*) part=perfetto ;;
	esac
	[ -n "$part" ] && [[ " $without," = *" $part,"* ]] && echo "$part"
}

# 2 is wrong usage, and 124 one that goes on until interrupted.
fits() # STATUS COMMAND
{
	case $2 in
		"icmpx help"* | "icmpx report"* | "icmpx trace merge"* | "icmpx trace --replay"*)
			[ "$1" = 0 ] ;;
		"icmpx export" | "icmpx export --textfile"*"--interval"* | "icmpx stats --watch"*"--plain"*)
			[ "$1" = 124 ] || [ "$1" = 1 ] ;; # the address may be in use, the interface not there
		"icmpx "*)
			[ "$1" = 0 ] || [ "$1" = 1 ] ;;
		*)
			false ;;
	esac
}

try() # WHERE EXAMPLE
{
	local words status limit=60 command=${2#nsenter --net=/run/netns/blue }
	[ -z "${tried[$2]-}" ] || return
	tried[$2]=1
	! fits 124 "$command" || limit=1
	read -ra words <<<"$command"
	(cd "$dir" && TERM=dumb PAGER='' exec timeout -k 5 $limit "${alone[@]}" "$icmpx" "${words[@]:1}") \
		>"$dir/out" 2>&1 </dev/null
	status=$?
	count=$((count + 1))
	if [ $status = 3 ] && lacking "$command" >"$dir/part"; then
		echo "ok $count - $1: $2 # SKIP built without $(<"$dir/part")"
	elif fits $status "$command"; then
		echo "ok $count - $1: $2"
	else
		echo "not ok $count - $1: $2"
		echo "# status $status: $(head -n 3 "$dir/out")"
		failed=1
	fi
}

all()
{
	local command page line
	while read -r command; do
		# shellcheck disable=SC2086 # words
		while read -r line; do
			try "icmpx help $command" "$line"
		done < <(of_help $command)
	done <"$dir/commands"
	for page in "$top"/README.md "$top"/docs/*.md; do
		while read -r line; do
			try "${page##*/}" "$line"
		done < <(of_document "$page")
	done
	for page in "$top"/docs/man/*.8; do
		while read -r line; do
			try "${page##*/}" "$line"
		done < <(of_page "$page")
	done
}

prepare
"$icmpx" help --table | sed -n 's/^command\t\([^\t]*\)\t.*/\1/p' >"$dir/commands"
without=$("$icmpx" --version | sed -n 's/^without: //p')
all
# Three at least for each command.
if [ $count -lt 60 ]; then
	echo "# only $count examples found"
	failed=1
fi
echo "1..$count"
exit $failed
