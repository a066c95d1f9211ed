#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The archive of `make dist` is the same whoever makes it, and builds all there is, without network,
# node, npm or root.
set -uo pipefail
# shellcheck source=tests/package/lib.sh
. "$(dirname "$0")/lib.sh"

archive=$top/build/dist/icmpx-$version.tar.xz
page_gz=report/page.html.gz

# Its files as they are now, with what git knows of them, and the page's packages from the cache.
copy_checkout() # DIRECTORY
{
	git clone -q --no-hardlinks "$top" "$1" &&
		git -C "$top" ls-files -z | tar -C "$top" --null -T - -c | tar -C "$1" -x
}

# Other files' times, another umask, time zone, locale and directory.
made_elsewhere()
{
	copy_checkout "$work/a-longer-name/there" || return
	(cd "$work/a-longer-name/there" && umask 077 && TZ=Asia/Tokyo LC_ALL=C.UTF-8 \
		env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make dist) || return
	cmp "$work/a-longer-name/there/build/dist/${archive##*/}" "$archive"
}

unpack()
{
	mkdir "$work/home" "$work/release" && tar -xJf "$archive" -C "$work/release" &&
		chown -R nobody:nogroup "$work/home" "$work/release"
}

in_release() # COMMAND...
{
	(cd "$work/release/icmpx-$version" && alone "$@")
}

tools_are_away()
{
	in_release bash -c '! node --version && ! npm --version && ! ip -o link show up | grep .'
}

# The page that it writes begins as the shipped one does, up to the data.
page_of() # PROGRAM
{
	"$1" report --demo -o "$work/demo.html" || return
	zcat "$work/release/icmpx-$version/$page_gz" | sed '/@DATA@/,$d' >"$work/page.begin"
	[ "$(wc -c <"$work/page.begin")" -gt 1000 ] || return
	head -c "$(wc -c <"$work/page.begin")" "$work/demo.html" | cmp - "$work/page.begin"
}

has_all_parts() # PROGRAM
{
	"$1" --version | grep -E '^without: none$'
}

deb()
{
	in_release make deb && dpkg-deb -x "$work/release/icmpx-$version/build/deb"/icmpx_*.deb "$work/deb"
}

rpm_builds()
{
	mkdir -p "$work"/rpm/{SOURCES,SPECS}
	cp "$archive" "$work/rpm/SOURCES/"
	cp "$top/build/dist/icmpx.spec" "$work/rpm/SPECS/"
	chown -R nobody:nogroup "$work/rpm"
	# The names of Fedora's packages are not here; debuginfo wants tools of Fedora's own.
	(cd "$work/rpm" && alone rpmbuild -bb --nodeps --define "_topdir $work/rpm" \
		--define 'debug_package %{nil}' SPECS/icmpx.spec) || return
	(cd "$work" && mkdir fedora && cd fedora && rpm2cpio "$work"/rpm/RPMS/*/*.rpm | cpio --quiet -id)
}

# But for what Fedora's builders add, and a tag that it no longer has.
rpm_is_clean()
{
	rpmlint "$work/rpm/SPECS/icmpx.spec" "$work"/rpm/RPMS/*/*.rpm >"$work/rpmlint" 2>&1
	! grep -vE ' E: no-(signature|packager-tag|group-tag)$' "$work/rpmlint" | grep ': E: '
}

versions()
{
	printf '%s\n' "$(sed -n 's/^Version: *//p' "$top/packaging/rpm/icmpx.spec")" \
		"$(sed -n 's/^pkgver=//p' "$top/packaging/alpine/APKBUILD")" \
		"$(sed -n 's/^pkgver=//p' "$top/packaging/arch/PKGBUILD")" \
		"$(sed -nE '1s/.*\(([^)-]*).*/\1/p' "$top/debian/changelog")" |
		sort -u
}

# Each filled in with the sum of the archive.
sums()
{
	local sum
	sum=$(sha512sum <"$archive")
	grep -q "^${sum%% *}  icmpx-$version.tar.xz$" "$top/build/dist/APKBUILD" &&
		grep -q "^sha512sums=('${sum%% *}')$" "$top/build/dist/PKGBUILD"
}

begin
[ -f "$archive" ] || skip_all "no archive (make dist)"
is "all packages have the program's version" "$(versions)" "$version"
ok "APKBUILD and PKGBUILD have the archive's sum" sums
step "made in another place, the archive is the same" made_elsewhere
step "it unpacks" unpack
step "there is no node, no npm and no network" tools_are_away
step "make" in_release make -j2
ok "with all parts" has_all_parts "$work/release/icmpx-$version/build/icmpx"
step "the program has the page" page_of "$work/release/icmpx-$version/build/icmpx"
step "make check-unit" in_release make -j2 check-unit
step "make deb" deb
step "its program has the page" page_of "$work/deb/usr/sbin/icmpx"
if command -v rpmbuild >/dev/null; then
	step "rpmbuild, with its tests" rpm_builds
	step "its program has the page" page_of "$work/fedora/usr/sbin/icmpx"
	step "rpmlint has no errors" rpm_is_clean
else
	pass "rpmbuild # SKIP not installed"
fi
test_end
