# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # read by the scripts that source this file
# What the tests of the package share: the package, the same with a higher version, and a small
# Debian to put them in.

deb_src=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../vm/lib.sh
. "$deb_src/../vm/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../vm/machines.sh
. "$vm_src/machines.sh"
# shellcheck source-path=SCRIPTDIR source=../vm/guest.sh
. "$vm_src/guest.sh"

deb_out=$top/build/deb
next_version=9999
example=icmpx-export-trace.conf

find_package() # sets package
{
	package=$(find "$deb_out" -maxdepth 1 -name 'icmpx_*.deb')
	[ -n "$package" ] || die "$status_unavailable" "no package (make deb)"
	"$deb_src/base" "$package"
}

# The same, but newer.
make_next() # FILE
{
	dpkg-deb -R "$package" "$work/next"
	sed -i "s/^Version:.*/Version: $next_version/" "$work/next/DEBIAN/control"
	dpkg-deb --root-owner-group -Znone -b "$work/next" "$1" >/dev/null
}

# The small Debian, with the packages and the tests in /test.
unpack_base() # DIRECTORY
{
	mkdir -p "$1/test"
	tar -xf "$deb_out/base.tar" -C "$1"
	cp "$package" "$1/test/icmpx.deb"
	make_next "$1/test/next.deb"
	cp "$top/tests/net/lib.sh" "$top/tests/unit/zsh_completed" "$deb_src"/in_* "$1/test"
	dpkg-deb --fsys-tarfile "$package" |
		tar -xO "./usr/share/doc/icmpx/examples/systemd/$example" >"$1/test/$example"
}
