# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # read by the scripts that source this file
# A small Debian of any release, to be entered as by its user: no tools to build with, apt's
# packages kept for the next time. All is below build/vm/distros/SUITE; one run of it at a time.

distros_src=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../vm/lib.sh
. "$distros_src/../vm/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../vm/apt.sh
. "$vm_src/apt.sh"
# shellcheck source-path=SCRIPTDIR source=../net/lib.sh
. "$top/tests/net/lib.sh"

# What is checked out, there; and how it is used there, by root and by its owner.
source=/home/user/icmpx
as_root="cd $source &&"
as_user="cd $source && exec setpriv --reuid 1000 --regid 1000 --clear-groups env HOME=/home/user"

cleanup()
{
	trap '' TERM INT HUP
	jobs -p | xargs -r kill -9 2>/dev/null
	[ -z "${suite_out-}" ] || rm -rf "$suite_out"/root*
}

begin()
{
	trap cleanup EXIT
	trap 'exit 143' TERM INT HUP
	[ "$(id -u)" = 0 ] || skip_all "root, to make a chroot" "EPERM"
}

suites_of() # RELEASE: what of the archive belongs to it
{
	case $1 in
		sid | testing) echo "$1" ;;
		bullseye) echo "$1" ;; # an archive, whose security has lists of what is gone
		*) echo "$1 $1-updates $1-security" ;;
	esac
}

use_suite() # RELEASE: sets suite_out; for as long as the script runs
{
	suite_out=$vm_out/distros/$1
	mkdir -p "$suite_out/archives/partial" "$suite_out/log"
	exec {suite_lock}>"$suite_out/lock"
	flock "$suite_lock"
	rm -rf "$suite_out"/root* "$suite_out"/log/* # of runs that were killed
}

# Anew after a day, since the packages of security updates go with their lists.
make_base() # RELEASE: suite_out/base.tar
{
	local base=$suite_out/base.tar
	local series=$1 arch
	if [ -n "$(find "$base" -newer "$distros_src/lib.sh" -mtime -1 2>/dev/null)" ]; then
		return
	fi
	need_tools mmdebstrap
	arch=$(dpkg --print-architecture)
	# shellcheck disable=SC2046 # a list
	(write_sources $(suites_of "$1") >"$suite_out/sources.list") || return
	# An archived suite is as good as a current one here.
	mmdebstrap --quiet --variant=minbase --skip=cleanup/apt/lists \
		--aptopt='Acquire::Languages "none"' --aptopt='Acquire::Check-Valid-Until "false"' \
		--aptopt='Acquire::Retries "3"' --dpkgopt=force-unsafe-io \
		"$1" "$suite_out/base.new.tar" "$suite_out/sources.list" {suite_lock}>&- >&2 || return
	mv "$suite_out/base.new.tar" "$base"
}

unpack_suite() # NAME: a fresh one, as suite_out/NAME, whose packages start no services
{
	local start=$suite_out/$1/usr/sbin/policy-rc.d
	mkdir "$suite_out/$1"
	tar -xf "$suite_out/base.tar" -C "$suite_out/$1"
	printf '#!/bin/sh\nexit 101\n' >"$start"
	chmod +x "$start"
}

# In place of the calling shell, so to be called as (in_suite ...) or in the background. Nothing
# stays behind, not even when that caller's parent is killed: see enter.
in_suite() # NAME COMMAND...
{
	exec {suite_lock}>&-
	export BIND="$suite_out/archives:/var/cache/apt/archives ${BIND-}"
	exec "$distros_src/enter" "$suite_out/$1" "${@:2}" </dev/null
}

# Standard output, for $(...).
suite_says() # NAME COMMAND...
{
	(in_suite "$@" 2>/dev/null)
}

# In the background, so that a signal to the script ends it at once.
run() # LOG ROOT COMMAND...
{
	in_suite "${@:2}" >"$suite_out/log/$1" 2>&1 &
	wait $!
}

step() # DESCRIPTION LOG ROOT COMMAND...: status as the command's
{
	local start=$SECONDS status=0
	run "${@:2}" || status=$?
	if [ $status -eq 0 ]; then
		pass "$1"
		diag "$((SECONDS - start)) s"
	else
		fail "$1" "status $status after $((SECONDS - start)) s; the end of $suite_out/log/$2:" \
			"$(tail -n 30 "$suite_out/log/$2")"
	fi
	return $status
}

# What is checked out, with changes that are not committed yet, as a user would clone it.
copy_source() # NAME
{
	local there=$suite_out/$1$source
	mkdir -p "$there"
	# shellcheck disable=SC2016 # the inner one's
	git -C "$top" ls-files -z --cached --others --exclude-standard |
		(cd "$top" && xargs -0 sh -c 'for f; do [ ! -e "$f" ] || printf "%s\0" "$f"; done' -) |
		tar -C "$top" --null -T - -c | tar -C "$there" -x --no-same-owner
	chown -R 1000:1000 "${there%/*}"
	echo 'user:x:1000:1000::/home/user:/bin/sh' >>"$suite_out/$1/etc/passwd"
}
