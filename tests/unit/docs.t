#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The manual page and the completion say what the program does, and nothing else: commands,
# options, verdicts and lessons are compared both ways.
set -uo pipefail

top=$(cd "${0%/*}/../.." && pwd)
icmpx=$(realpath -m "${ICMPX:-$top/build/icmpx}")
page=$top/docs/icmpx.8
# shellcheck source=tests/unit/lists_lib.sh
. "$top/tests/unit/lists_lib.sh"

program_commands()
{
	"$icmpx" --help | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p' | sort
}

# Long options of one command, but those of every command.
program_options() # COMMAND
{
	"$icmpx" help "$1" | sed -nE 's/^ {2,6}(-., )?--([a-z0-9-]+).*/\2/p' |
		grep -vxE "$everywhere" | sort
}

everywhere="json|verbose|help|usage|version"

page_section() # HEADING
{
	sed -n "/^\.Sh $1\$/,/^\.Sh /p" "$page"
}

page_commands()
{
	page_section COMMANDS | sed -n 's/^\.Ss //p' | sort
}

page_options() # COMMAND
{
	page_section COMMANDS | sed -n "/^\.Ss $1\$/,/^\.S[sh] /p" | options_of_items
}

options_of_items()
{
	sed -nE 's/^\.It Fl ([^ ]+ , )?-([a-z0-9-]+).*/\2/p' | sort
}

# "name: help" of every entry of a list.
page_list() # HEADING
{
	page_section "$1" | sed -n '/^\.It Sy /{N;s/^\.It Sy \(.*\)\n/\1: /p}'
}

header_list() # MACRO
{
	sed -n "/^#define $1(X)/,/^\$/p" "$top/include/verdicts.h" |
		sed -nE 's/^\tX\([^"]*"([^"]+)", *"([^"]+)"\).*/\1: \2/p'
}

# Words that are offered behind "icmpx WORD... ".
completed() # WORD...
{
	(
		# shellcheck source=docs/icmpx.bash-completion
		. "$top/docs/icmpx.bash-completion"
		# shellcheck disable=SC2034 # read by the completion
		COMP_WORDS=(icmpx "$@")
		# shellcheck disable=SC2034
		COMP_CWORD=$#
		_icmpx
		printf '%s\n' "${COMPREPLY[@]}"
	)
}

completed_options() # COMMAND
{
	completed "$1" -- | sed 's/^--//' | grep -vxE "$everywhere" | sort
}

# All that is asked, at once.
ask_zsh() # WORDS...
{
	local dir
	dir=$(mktemp -d)
	cp "$top/docs/icmpx.zsh-completion" "$dir/_icmpx"
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

# One option has two spellings.
zsh_options() # COMMAND
{
	zsh_offered "$1 --" | sed 's/^--//' | grep -vxE "$everywhere|no-color"
}

zsh_values=("attach --mode" "attach --trust" "trace --backend" "trace --stacks" "trace --type"
	"trace --output")

zsh_same()
{
	local words command
	mapfile -t command < <(program_commands)
	ask_zsh "" "help " "${command[@]/%/ --}" "${zsh_values[@]/%/ }"
	same "zsh: commands" "$(program_commands)" "$(zsh_offered "")"
	same "zsh: topics of help" "$(program_commands)" "$(zsh_offered "help ")"
	same "zsh: common options" "$(echo "${everywhere//|/$'\n'}" | sort)" \
		"$(zsh_offered "status --" | sed 's/^--//')"
	for words in "${zsh_values[@]}"; do
		# shellcheck disable=SC2086 # words
		same "zsh: values of $words" "$(completed $words "" | tr -d = | sort)" \
			"$(zsh_offered "$words ")"
	done
	for words in "${command[@]}"; do
		same "zsh: options of $words" "options
$(program_options "$words")" "options
$(zsh_options "$words")"
	done
}

make_list() # VARIABLE... of the Makefile
{
	awk -v names=" $* " 'index(names, " " $1 " ") && $2 == ":=" { on = 1; $1 = $2 = "" }
		on { on = sub(/\\$/, ""); print }' "$top/Makefile" "$top"/mk/*.mk | xargs -n 1 | sort
}

# What each Debian build has is not named there.
build_dependencies()
{
	sed -n '/^Build-Depends:/,/^[^ B]/s/^ \([^ ,]*\).*/\1/p' "$top/debian/control" |
		grep -v '^debhelper-compat$' | sort
}

# tests/net/experiment.t holds the numbers against the kernels.
experiment=$top/docs/experiment.md

kernels()
{
	sed -n 's/^EXPERIMENT := //p' "$top"/mk/tests.mk | tr ' ' '\n'
}

kernels_with_facts()
{
	sed -nE '/^## The five facts/,/^## The path/s/^\| ([0-9][^|]*) \| [^|]+ \| 1 socket, 2 setsockopt, 1 sendto, 2 recvfrom \| 2 2 2 2 2 2 2 \| 1 \| 2 \| 0 of [1-9][0-9]* \| 0 of [1-9][0-9]* \|$/\1/p' \
		"$experiment"
}

kernels_in_tables() # "5 SERIES": how many rows each has
{
	sed -nE 's/^\| ([0-9][^|]*) \|.*/\1/p' "$experiment" | sort -V | uniq -c | sed 's/^ *//'
}

kernels_explained() # each call that was live is one that the code has
{
	sed -nE '/^## The static call graph/,/^## The loop/s/^\| ([0-9][^|]*) (\| [0-9]+ ){8}\| 0 \|$/\1/p' "$experiment"
}

same "manual page: commands" "$(program_commands)" "$(page_commands)"
same "completion: commands" "$(program_commands)" "$(completed "" | sort)"
same "completion: topics of help" "$(program_commands)" "$(completed help "" | sort)"
for command in $(program_commands); do
	same "manual page: options of $command" "options
$(program_options "$command")" "options
$(page_options "$command")"
	same "completion: options of $command" "options
$(program_options "$command")" "options
$(completed_options "$command")"
done
merge=$("$icmpx" trace merge --help | sed -nE 's/^ {2,6}(-., )?--([a-z0-9-]+).*/\2/p' |
	grep -vxE "$everywhere" | sort)
same "manual page: options of trace merge" "$merge" \
	"$(sed -n '/^\.Cm trace merge$/,/^\.Pp/s/^\.Op Fl -//p' "$page" | sort)"
same "completion: options of trace merge" "$merge" \
	"$(completed trace merge -- | sed 's/^--//' | grep -vxE "$everywhere" | sort)"
same "completion: recordings of trace merge" "$top/docs/icmpx.8" \
	"$(completed trace merge "$top/docs/icmpx.8" "$top/docs/icmpx.8")"
same "manual page: common options" "$(echo "${everywhere//|/$'\n'}" | sort)" \
	"$(page_section "COMMON OPTIONS" | options_of_items)"
same "completion: common options" "$(echo "${everywhere//|/$'\n'}" | sort)" \
	"$(completed status -- | sed 's/^--//' | sort)"
same "completion: values" $'auto\nnative\ngeneric' "$(completed attach --mode "")"
same "completion: values behind a sign" $'native' "$(completed attach --mode = n)"
formats=$("$icmpx" trace -o none 2>&1 | sed -n 's/.*there are //p' | tr -d ' ' | tr , '\n')
same "completion: formats" "$formats" "$(completed trace -o "" | tr -d =)"
same "completion: files behind a format" "$top/docs/icmpx.8" \
	"$(completed trace -o pcapng = "$top/docs/icmpx.8")"
same "zsh: made of the options (make completion)" \
	"$("$top/docs/zsh-completion" "$icmpx")" "$(cat "$top/docs/icmpx.zsh-completion")"
if command -v zsh >/dev/null; then
	zsh_same
else
	count=$((count + 1))
	echo "ok $count - zsh: what it offers # SKIP zsh: not installed"
fi
same "package: version" "$(make_list VERSION)" \
	"$(sed -n '1s/^icmpx (\(.*\)) .*/\1/p' "$top/debian/changelog")"
same "package: build dependencies" "$(make_list DEPS DEPS_EXPORTER DEPS_SCREENS DEPS_PERFETTO DEPS_LIBXDP DEPS_REPORT | grep -vxE 'gcc|make|linux-libc-dev|libc6-dev')" \
	"$(build_dependencies)"
same "manual page: formats" "$formats" \
	"$(sed -n '/^\.It Fl o /,/^\.El/s/^\.It Cm //p' "$page")"
same "manual page: verdicts" "$(header_list ICMPX_VERDICTS)" "$(page_list VERDICTS)"
same "manual page: lessons" "$(header_list ICMPX_LESSONS)" "$(page_list LESSONS)"
same "manual page: no warnings" "warnings:" "warnings:$(man -l --warnings "$page" 2>&1 >/dev/null)"
same "experiment: each kernel has the paper's numbers" "$(kernels)" "$(kernels_with_facts)"
same "experiment: each kernel is in five tables" "$(kernels | sort -V | sed 's/^/5 /')" \
	"$(kernels_in_tables)"
same "experiment: each live call is explained" "$(kernels)" "$(kernels_explained)"
echo "1..$count"
exit $failed
