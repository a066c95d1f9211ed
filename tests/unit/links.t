#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The documents lead somewhere: each link and its heading, each file that is named. The packages are
# those of the Makefile, and the first two documents that people read are short.
# shellcheck disable=SC2016 # backquotes are Markdown's
set -uo pipefail

top=${ICMPX_TOP:-$(cd "${0%/*}/../.." && pwd)}
# shellcheck source=tests/unit/lists_lib.sh
. "$(dirname "$0")/lists_lib.sh"
cd "$top" || exit 1

documents()
{
	find . -name '*.md' -not -path './build/*' -not -path './.git/*' -not -path '*/node_modules/*' |
		sed 's|^\./||' | sort
}

# Without what is shown as it is: fenced or indented, but not the lines of a list's item.
prose() # FILE
{
	awk '
		/^```/ { fenced = !fenced; next }
		fenced { next }
		/^ *([-*]|[0-9]+\.) / { list = 1 }
		/^[^ ]/ && !/^([-*]|[0-9]+\.) / { list = 0 }
		/^    / && !list { next }
		{ print }
	' "$1"
}

# As GitHub makes them; a heading that comes again gets a number.
anchors() # FILE
{
	prose "$1" | sed -nE 's/^#+ +//p' | tr '[:upper:]' '[:lower:]' |
		sed -E 's/[^a-z0-9 _-]//g; s/ /-/g' |
		awk '{ print seen[$0]++ ? $0 "-" seen[$0] - 1 : $0 }'
}

links() # FILE: what stands between the parentheses
{
	prose "$1" | sed 's/`[^`]*`//g' | grep -oE '\]\([^)]+\)' | sed 's/^](//; s/)$//' |
		grep -vE '^(https?|mailto):'
}

# "FILE#ANCHOR" for each heading of each document.
all_anchors()
{
	local document
	documents | while read -r document; do
		anchors "$document" | sed "s|^|$document#|"
	done
}

# "DOCUMENT: LINK", of those that lead nowhere.
broken_links()
{
	local document link path anchor known
	known=$'\n'$(all_anchors)$'\n'
	documents | while read -r document; do
		links "$document" | while read -r link; do
			path=${link%%#*} anchor=${link#"${link%%#*}"}
			[[ $document != */* || -z $path ]] || path=${document%/*}/$path
			path=${path:-$document}
			while [[ $path =~ ^(.*/)?[^/.]+/\.\./(.*)$ ]]; do
				path=${BASH_REMATCH[1]}${BASH_REMATCH[2]}
			done
			if ! [ -e "$path" ] ||
				[[ -n $anchor && $known != *$'\n'"$path$anchor"$'\n'* ]]; then
				echo "$document: $link"
			fi
		done
	done
}

# Of this tree, by the folder that they begin with; "*" and words in capitals stand for anything.
folders='bpf|include|user|tests|docs|mk|deploy|report|debian|packaging|\.ci'

named() # FILE: the files that are named in `backquotes`
{
	prose "$1" | grep -oE '`[^`]+`' | tr -d '`' | grep -xE "($folders)/[^ ]*"
}

missing_files()
{
	local document name
	documents | while read -r document; do
		named "$document" | sort -u | while read -r name; do
			[ -e "$name" ] || compgen -G "$(sed -E 's/[A-Z]{2,}/*/g' <<<"$name")" >/dev/null ||
				echo "$document: $name"
		done
	done
}

# Documents that comments and scripts send their readers to.
missing_documents()
{
	grep -rhoIE '(^|[^a-zA-Z/.-])docs/[a-z0-9-]+\.md' "${sources[@]}" | sed 's/.*docs/docs/' |
		sort -u | while read -r name; do
		[ -e "$name" ] || echo "$name"
	done
}
sources=(Makefile bpf include user tests deploy debian mk)

# "VARIABLE PACKAGE" for each, of the Makefile's parts and of the table in the document.
packages_of_make()
{
	awk '$1 ~ /^DEPS/ && $2 == ":=" { name = $1; on = 1; $1 = $2 = ""; $0 = $0 }
		on { on = sub(/\\$/, ""); for (i = 1; i <= NF; i++) if ($i !~ /[$()]/) print name, $i }' \
		mk/*.mk | sort
}

packages_of_document()
{
	sed -nE '/^<!-- packages/,/^<!-- end of packages/s/^\| `(DEPS[A-Z_0-9]*)` \|[^|]*\| ([^|]*) \|$/\1 \2/p' \
		docs/building.md | awk '{ for (i = 2; i <= NF; i++) print $1, $i }' | sort
}

short() # LIMIT FILE
{
	local lines
	lines=$(wc -l <"$2") && [ "$lines" -le "$1" ] && echo short || echo "$lines lines"
}

same "links lead somewhere" "broken:" "broken:$(broken_links)"
same "files that documents name are there" "missing:" "missing:$(missing_files)"
same "documents that files name are there" "missing:" "missing:$(missing_documents)"
same "building.md: packages" "$(packages_of_make)" "$(packages_of_document)"
same "README.md has at most 200 lines" short "$(short 200 README.md)"
same "HACKING.md has at most 150 lines" short "$(short 150 HACKING.md)"
echo "1..$count"
exit $failed
