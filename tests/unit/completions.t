#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The completions are those of the program's options (`make completion`), and each shell offers by
# them what the help says.
set -uo pipefail

top=$(cd "${0%/*}/../.." && pwd)
icmpx=$(realpath -m "${ICMPX:-$top/build/icmpx}")
made=$top/docs/completions
# shellcheck source=tests/unit/lists_lib.sh
. "$top/tests/unit/lists_lib.sh"

# A command of two words is offered word by word.
program_words() # FIRST: what follows it, "" for the first ones
{
	"$icmpx" --help | sed -nE 's/^  ([a-z]+( [a-z]+)?)  +[a-z].*/\1/p' |
		sed -nE "s/^${1:+$1 }([a-z]+)$/\\1/p" | sort
}

# Of those with two spellings one is offered. All commands at once, since each is asked three times.
declare -A options
ask_program()
{
	local command line
	while IFS=$'\t' read -r line command _; do
		[ "$line" = command ] || continue
		commands+=("$command")
		# shellcheck disable=SC2086 # words
		options[$command]=$("$icmpx" help $command |
			sed -nE 's/^ {2,6}(-., )?(--[a-z0-9-]+).*/\2/p' | sort)
	done < <("$icmpx" help --table)
}

# Words that are offered behind "icmpx WORD... ".
bash_completion=$made/icmpx.bash
completed() # WORD...
{
	(
		# shellcheck source=docs/completions/icmpx.bash
		. "$bash_completion"
		# shellcheck disable=SC2034 # read by the completion
		COMP_WORDS=(icmpx "$@")
		# shellcheck disable=SC2034
		COMP_CWORD=$#
		_icmpx
		printf '%s\n' "${COMPREPLY[@]}"
	)
}

# All that is asked, at once.
ask_zsh() # WORDS...
{
	local dir
	dir=$(mktemp -d)
	cp "$made/icmpx.zsh" "$dir/_icmpx"
	zsh_offers=$(timeout --foreground 300 "$top/tests/unit/zsh_completed" "$dir" "${@/#/icmpx }")
	rm -r "$dir"
}

zsh_offered() # WORDS: behind "icmpx WORDS"
{
	local line
	while read -r line; do
		[ "${line#"icmpx $1="}" = "$line" ] || echo "${line#"icmpx $1="}"
	done <<<"$zsh_offers"
}


# The words that fish offers, as "LINE=WORD", without what it says of them.
ask_fish() # LINE...
{
	fish_offers=$(HOME=$dir fish --no-config -c "source $made/icmpx.fish
		for line in \$argv
			complete -C \"icmpx \$line\" | string replace -r '(\t.*)?\$' '' |
				string replace -r '^' \"\$line=\"
		end" -- "$@" | sort)
}

fish_offered() # LINE: behind "icmpx "
{
	local line
	while read -r line; do
		[ "${line#"$1="}" = "$line" ] || echo "${line#"$1="}"
	done <<<"$fish_offers"
}

values=("attach --mode" "attach --trust" "trace --backend" "trace --stacks" "trace --type"
	"trace --output")

program_values() # COMMAND OPTION
{
	"$icmpx" help --table |
		awk -F '\t' -v command="$1" -v name="${2#--}" '$1 == "option" && $2 == command && $4 == name {
			gsub(/\|/, "\n", $7); print $7 }' | sort
}

made_anew()
{
	local shell
	for shell in bash zsh fish; do
		same "$shell: made of the options (make completion)" \
			"$("$top/docs/completion" "$shell" "$icmpx")" "$(cat "$made/icmpx.$shell")"
	done
}

in_bash()
{
	local command words file=$top/tests/unit/completions.t
	same "bash: commands" "$(program_words "")" "$(completed "" | sort)"
	same "bash: topics of help" "$(program_words "")" "$(completed help "" | sort)"
	same "bash: second words" "$(program_words trace)" "$(completed help trace "")"
	same "bash: second words of a command" "$(program_words trace)" "$(completed trace "")"
	for command in "${commands[@]}"; do
		# shellcheck disable=SC2086 # words
		same "bash: options of $command" "${options[$command]}" \
			"$(completed $command -- | sort)"
	done
	for words in "${values[@]}"; do
		# shellcheck disable=SC2086
		same "bash: values of $words" "$(program_values $words)" "$(completed $words "" | sort)"
	done
	same "bash: values behind a sign" native "$(completed attach --mode = n)"
	same "bash: files behind a format" "$file" "$(completed trace -o pcapng = "$file")"
	same "bash: files behind a format behind a sign" "$file" \
		"$(completed trace --output = pcapng = "$file")"
	same "bash: recordings" "$file $file" \
		"$(completed trace merge "$file" "$file") $(completed report "$file")"
	same "bash: interfaces" lo "$(completed attach lo)"
	same "bash: the traced command" "true" "$(completed trace -c 3 -o pcapng = x -- true | head -n 1)"
	same "bash: no options of its own behind that" "none:" "none:$(completed trace -c 3 true --co)"
}

# Names that others give, each with its list where the completion looks for it: none is run, all
# are whole, and what they become in the line is that name and nothing else.
hostile()
{
	local here=$dir/hostile kind words name got bash_completion
	# shellcheck disable=SC2016 # not to be expanded
	local names=('$(touch ran)' '`touch ran`' '${x[$(touch ran)]}' 'two words' "it's" 'a"b' 'a;b\c')
	bash_completion=$here/completion
	mkdir -p "$here"/{files,net,netns}
	sed "s|/sys/class/net|$here/net|; s|/run/netns|$here/netns|" "$made/icmpx.bash" >"$bash_completion"
	for name in "${names[@]}"; do
		mkdir "$here/net/$name"
		: >"$here/netns/$name"
		: >"$here/files/$name"
	done
	for kind in "files:report" "files:trace merge" "files:trace --replay" "files:trace -o pcapng =" \
		"files:trace -- cat" "net:attach" "net:trace --dev" "netns:trace --netns"; do
		words=${kind#*:}
		# shellcheck disable=SC2086 # words
		got=$(cd "$here/files" && completed $words "")
		[ "${kind%%:*}" = files ] || got=$(cd "$here" && eval "printf '%s\n' ${got//$'\n'/ }")
		same "bash: odd names behind $words: whole" "$(printf '%s\n' "${names[@]}" | sort)" \
			"$(sort <<<"$got")"
	done
	same "bash: no name was run" "ran:" "ran:$(find "$here" -name ran)"
}

in_zsh()
{
	local command words
	ask_zsh "" "help " "help trace " "${commands[@]/%/ --}" "${values[@]/%/ }"
	same "zsh: commands" "$(program_words "")" "$(zsh_offered "")"
	same "zsh: topics of help" "$(program_words "")" "$(zsh_offered "help ")"
	same "zsh: second words" "$(program_words trace)" "$(zsh_offered "help trace ")"
	for command in "${commands[@]}"; do
		# shellcheck disable=SC2086 # words
		same "zsh: options of $command" "${options[$command]}" "$(zsh_offered "$command --")"
	done
	for words in "${values[@]}"; do
		# shellcheck disable=SC2086
		same "zsh: values of $words" "$(program_values $words | tr -d =)" "$(zsh_offered "$words ")"
	done
}

in_fish()
{
	local command words file=$top/tests/unit/completions.t
	ask_fish "" "help " "help trace " "trace merg" "attach --mode=n" "trace -o pcapng=$file" \
		"report $file" "attach lo" "trace --host ::1 -- tru" "${commands[@]/%/ --}" "${values[@]/%/ }"
	same "fish: commands" "$(program_words "")" "$(fish_offered "")"
	same "fish: topics of help" "$(program_words "")" "$(fish_offered "help ")"
	same "fish: second words" "$(program_words trace)" "$(fish_offered "help trace ")"
	same "fish: second words of a command" merge "$(fish_offered "trace merg" | grep -x merge)"
	for command in "${commands[@]}"; do
		# shellcheck disable=SC2086 # words
		same "fish: options of $command" "${options[$command]}" \
			"$(fish_offered "$command --")"
	done
	for words in "${values[@]}"; do
		# shellcheck disable=SC2086
		same "fish: values of $words" "$(program_values $words)" "$(fish_offered "$words ")"
	done
	same "fish: values behind a sign" --mode=native "$(fish_offered "attach --mode=n")"
	same "fish: files behind a format" "pcapng=$file" \
		"$(fish_offered "trace -o pcapng=$file" | grep -x "pcapng=$file")"
	same "fish: recordings" "$file" "$(fish_offered "report $file" | grep -x "$file")"
	same "fish: interfaces" lo "$(fish_offered "attach lo")"
	same "fish: the traced command" true \
		"$(fish_offered "trace --host ::1 -- tru" | grep -x true)"
}

if_installed() # SHELL
{
	if command -v "$1" >/dev/null; then
		case $1 in
			zsh) in_zsh ;;
			fish) in_fish ;;
		esac
	else
		count=$((count + 1))
		echo "ok $count - $1: what it offers # SKIP $1: not installed"
	fi
}

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
commands=()
ask_program
made_anew
in_bash
hostile
if_installed zsh
if_installed fish
echo "1..$count"
exit $failed
