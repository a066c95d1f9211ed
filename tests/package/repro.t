#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Two builds are one program and one package: in directories whose names differ, also in length, by
# two users, 400 days apart, with another umask, locale, time zone and order of files.
set -uo pipefail
# shellcheck source=tests/package/lib.sh
. "$(dirname "$0")/lib.sh"

page=$top/build/report/page.html.gz

copy() # DIRECTORY: what git knows of, and the page
{
	mkdir -p "$1" && git -C "$top" ls-files -z | tar -C "$top" --null -T - -c | tar -C "$1" -x &&
		cp "$page" "$1/report/page.html.gz"
}

copies()
{
	mkdir "$work/home"
	copy "$one" && copy "$other" && find "$other" -type f -exec touch -d 2025-01-02 {} + &&
		chown -R nobody:nogroup "$other" "${other%/*}" "$work/home"
}

in_one() # COMMAND...
{
	(cd "$one" && umask 022 && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL TZ=UTC LC_ALL=C "$@")
}

in_other() # COMMAND...
{
	(cd "$other" && umask 077 && alone env TZ=Asia/Tokyo LC_ALL=C.UTF-8 faketime -f +400d "$@")
}

# What differs is named.
same() # FILE of both
{
	local file status=0
	for file; do
		cmp "$one/$file" "$other/$file" || status=1
	done
	return $status
}

same_package()
{
	cmp "$one"/build/deb/icmpx_*.deb "$other"/build/deb/icmpx_*.deb
}

# Else the names of directories would only not differ.
names_no_directory() # FILE
{
	! grep -aF -e "$work" "$1"
}

begin
command -v faketime >/dev/null || skip_all "faketime is not installed"
[ -f "$page" ] || skip_all "the page is not built (make dist)"
one=$work/a/icmpx
other=$work/another-place/of-some-length/icmpx-again
step "two copies" copies
step "one is built" in_one make -j2
step "the other is built" in_other make -j2
ok "the programs are the same" same build/icmpx
ok "so are the BPF objects" same build/bpf/{echo,learn,trace_tp,trace_fn}.bpf.o
ok "no directory is named in it" names_no_directory "$one/build/icmpx"
step "one package is built" in_one deploy/debian/build build/deb
step "the other is built" in_other deploy/debian/build build/deb
ok "the packages are the same" same_package
test_end
