#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The manual pages say what the program does, and nothing else: commands, options, verdicts and
# lessons are compared both ways. So are the package's lists, and the experiment's tables.
set -uo pipefail

top=$(cd "${0%/*}/../.." && pwd)
icmpx=$(realpath -m "${ICMPX:-$top/build/icmpx}")
man=$top/docs/man
# shellcheck source=tests/unit/lists_lib.sh
. "$top/tests/unit/lists_lib.sh"

program_commands()
{
	"$icmpx" --help | sed -nE 's/^  ([a-z]+( [a-z]+)?)  +[a-z].*/\1/p' | sort
}

# Options of one command, "c count" or "- host", but those of every command.
program_options() # COMMAND...
{
	"$icmpx" help "$@" | options_of_help | grep -vE "$everywhere"
}

options_of_help()
{
	sed -nE 's/^ {6}--([a-z0-9-]+).*/- \1/p; s/^  -(.), --([a-z0-9-]+).*/\1 \2/p' | sort -k 2
}

everywhere="^. (json|verbose|help|usage|version)$"

page() # COMMAND
{
	echo "$man/icmpx${1:+-}${1// /-}.8"
}

page_section() # FILE HEADING
{
	sed -n "/^\.Sh $2\$/,/^\.Sh /p" "$1"
}

options_of_items()
{
	sed -nE 's/^\.It Fl -([a-z0-9-]+).*/- \1/p; s/^\.It Fl (.) , -([a-z0-9-]+).*/\1 \2/p' |
		sort -k 2
}

# "name: help" of every entry of a list.
page_list() # HEADING
{
	page_section "$(page stats)" "$1" | sed -n '/^\.It Sy /{N;s/^\.It Sy \(.*\)\n/\1: /p}'
}

# What is wrong with all pages, nothing said if none.
page_faults()
{
	local file name heading
	for file in "$man"/*.8; do
		name=${file##*/}
		for heading in NAME SYNOPSIS DESCRIPTION "EXIT STATUS" EXAMPLES "SEE ALSO"; do
			grep -qx "\.Sh $heading" "$file" || echo "$name: no $heading"
		done
		grep -qx "\.Dt ${name%.8} 8" <(sed '/^\.Dt /s/.*/\L&/; s/^\.dt /.Dt /' "$file") ||
			echo "$name: another name in .Dt"
		sed -n 's/^\.Xr \(icmpx[a-z-]*\) 8.*/\1/p' "$file" | while read -r name; do
			[ -f "$man/$name.8" ] || echo "${file##*/}: $name: no such page"
		done
		{ man -l --warnings "$file" >/dev/null; } 2>&1
	done
}

header_list() # MACRO
{
	sed -n "/^#define $1(X)/,/^\$/p" "$top/include/verdicts.h" |
		sed -nE 's/^\tX\([^"]*"([^"]+)", *"([^"]+)"\).*/\1: \2/p'
}

make_list() # VARIABLE...
{
	awk -v names=" $* " 'index(names, " " $1 " ") && $2 == ":=" { on = 1; $1 = $2 = "" }
		on { on = sub(/\\$/, ""); print }' "$top/Makefile" "$top"/mk/*.mk | xargs -n 1 | sort
}

# What each Debian build has is not named there, nor what comes with libbpf-dev; the page comes
# built.
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

same "manual page: commands" "$(program_commands)" "$({
	page_section "$(page "")" COMMANDS | sed -n 's/^\.It Xr icmpx-\([a-z-]*\) 8$/\1/p' | tr - ' '
	echo help
} | sort)"
same "manual pages: one for each command, and one for all" "$({
	echo icmpx.8
	program_commands | grep -vx help | sed 's/ /-/g; s/.*/icmpx-&.8/'
} | sort)" "$(cd "$man" && printf '%s\n' *.8 | sort)"
while read -r command; do
	# shellcheck disable=SC2086 # words
	same "manual page: options of $command" "options
$(program_options $command)" "options
$(options_of_items <"$(page "$command")")"
done < <(program_commands | grep -vx help)
same "manual page: common options" "$("$icmpx" help status | options_of_help)" \
	"$(page_section "$(page "")" "COMMON OPTIONS" | options_of_items)"
same "manual page: formats" \
	"$("$icmpx" trace -o none 2>&1 | sed -n 's/.*there are //p' | tr -d ' ' | tr , '\n')" \
	"$(sed -n '/^\.It Fl o /,/^\.El/s/^\.It Cm //p' "$(page trace)")"
same "manual page: verdicts" "$(header_list ICMPX_VERDICTS)" "$(page_list VERDICTS)"
same "manual page: lessons" "$(header_list ICMPX_LESSONS)" "$(page_list LESSONS)"
same "manual pages: sections, references, no warnings" "faults:" "faults:$(page_faults)"
same "package: version" "$(make_list VERSION)" \
	"$(sed -n '1s/^icmpx (\(.*\)) .*/\1/p' "$top/debian/changelog")"
same "package: build dependencies" "$(make_list DEPS DEPS_EXPORTER DEPS_SCREENS DEPS_PERFETTO DEPS_LIBXDP |
	grep -vxE 'gcc|make|linux-libc-dev|libc6-dev|libelf-dev' | sed 's/^pkg-config$/pkgconf/' | sort)" \
	"$(build_dependencies)"
same "experiment: each kernel has the paper's numbers" "$(kernels)" "$(kernels_with_facts)"
same "experiment: each kernel is in five tables" "$(kernels | sort -V | sed 's/^/5 /')" \
	"$(kernels_in_tables)"
same "experiment: each live call is explained" "$(kernels)" "$(kernels_explained)"
echo "1..$count"
exit $failed
