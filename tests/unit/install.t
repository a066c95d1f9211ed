#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# make install puts everything where its variables say, below DESTDIR, with no word of DESTDIR in any
# of it: the units start the program that was installed, the documents' links hold; uninstall takes
# all of that away again.
set -uo pipefail

top=$(cd "${0%/*}/../.." && pwd)
# shellcheck source=tests/net/lib.sh
. "$top/tests/net/lib.sh"
build=${ICMPX_BUILD:-build}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

target() # install|uninstall VARIABLE=VALUE...
{
	make --no-print-directory -C "$top" BUILD="$build" DESTDIR="$dir" "$@" >"$dir.log" 2>&1 ||
		sed 's/^/# /' "$dir.log"
	rm -f "$dir.log"
}

started() # the programs that units and examples start
{
	find "$dir" \( -name 'icmpx*.service' -o -name 'icmpx*.conf' \) -exec cat {} + |
		sed -nE 's/^Exec[A-Za-z]+=-?(\/[^ ]*icmpx) .*/\1/p' | sort -u
}

# Of the installed documents: links to files that are not there. LICENSE is the distribution's.
broken() # DOCDIR
{
	local file link
	grep -oH '](\([^)#]*\)' "$dir$1"/*.md | sed 's/:](/ /' | while read -r file link; do
		case $link in
		"" | http* | LICENSE) continue ;;
		/*) link=$dir$link ;;
		*) link=${file%/*}/$link ;;
		esac
		[ -e "$link" ] || echo "${file##*/}: $link"
	done
}

try() # DESCRIPTION PROGRAM UNITDIR VARIABLE=VALUE...
{
	target install "${@:4}"
	is "$1: the program" "$("$dir$2" --version | head -n 1)" "$("$top/$build/icmpx" --version | head -n 1)"
	is "$1: units" "$(cd "$dir$3" && echo ./*)" "./icmpx-export.service ./icmpx@.service"
	is "$1: what units start" "$(started)" "$2"
	is "$1: no DESTDIR in it" "$(grep -rIl "$dir" "$dir")" ""
	target uninstall "${@:4}"
	is "$1: uninstall leaves nothing" "$(find "$dir" -type f)" ""
	rm -rf "${dir:?}"/*
}

try "as it is" /usr/local/sbin/icmpx /usr/local/lib/systemd/system PREFIX=/usr/local
try "a distribution" /usr/sbin/icmpx /usr/lib/systemd/system PREFIX=/usr
try "one without sbin" /usr/bin/icmpx /usr/lib/systemd/system PREFIX=/usr BINDIR=/usr/bin
try "by the name of sbin" /opt/bin/icmpx /opt/units PREFIX=/opt SBINDIR=/opt/bin UNITDIR=/opt/units

# What others have there, by whatever name, is left as it is.
mkdir -p "$dir/usr/share/doc/icmpx" "$dir/usr/share/icmpx" "$dir/usr/lib/systemd/system"
echo '[x](docs/y.png) [z](deploy/grafana/z)' >"$dir/usr/share/doc/icmpx/site.md"
touch "$dir/usr/share/icmpx/local.json" "$dir/usr/lib/systemd/system/other.service"
target install PREFIX=/usr
is "others' documents are not changed" "$(cat "$dir/usr/share/doc/icmpx/site.md")" \
	'[x](docs/y.png) [z](deploy/grafana/z)'
target uninstall PREFIX=/usr
is "others' files stay" "$(cd "$dir" && find . -type f | sort | xargs)" \
	"./usr/lib/systemd/system/other.service ./usr/share/doc/icmpx/site.md ./usr/share/icmpx/local.json"
mkdir -p "$dir/usr/share/doc/other"
touch "$dir/usr/share/doc/other/copyright"
target install PREFIX=/usr DOCDIR=/usr/share/doc
target uninstall PREFIX=/usr DOCDIR=/usr/share/doc
is "nor those beside a shared folder" "$(ls "$dir/usr/share/doc/other")" copyright
rm -rf "${dir:?}"/*

# A build's directory is one of its own, and nothing else in it is cleaned away.
mkdir -p "$dir/keep/gen"
touch "$dir/keep/thesis.txt"
make --no-print-directory -C "$top" BUILD="$dir/keep" clean >/dev/null 2>&1
is "clean leaves what it did not make" "$(ls "$dir/keep")" thesis.txt
for place in . .. / ../..; do
	is "BUILD=$place is refused" \
		"$(make --no-print-directory -C "$top" BUILD=$place -n clean 2>&1 | grep -c 'no directory to build in')" 1
done
rm -rf "${dir:?}"/*

target install PREFIX=/usr
is "links of the documents" "$(broken /usr/share/doc/icmpx)" ""
is "alerts and dashboard" "$(cd "$dir/usr/share/icmpx" && find . -type f | sort | xargs)" \
	"./grafana/icmpx.json ./prometheus/icmpx-fleet.rules.yml ./prometheus/icmpx.rules.yml"
is "a page for each command" \
	"$(cd "$dir/usr/share/man/man8" && echo ./*.8 | tr ' ' '\n' | sed 's|\./icmpx-*||; s/\.8//; s/-/ /g' | sort | xargs)" \
	"$("$top/$build/icmpx" help --table | awk -F '\t' '$1 == "command" && $2 != "help" { print $2 }' | sort | xargs)"
test_end
