#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# static.t [SERIES...]: the program of `make static` needs no library: in an empty directory, in what
# deploy/container/Dockerfile.static makes, on Debian 11, and on other kernels (5.10 6.1 7) as the only
# program beside busybox (static_init).
set -uo pipefail
# shellcheck source=tests/package/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/vm/lib.sh
. "$top/tests/vm/lib.sh"
# shellcheck source=tests/vm/machines.sh
. "$vm_src/machines.sh"
# shellcheck source=tests/vm/guest.sh
. "$vm_src/guest.sh"

static=$top/build/static/icmpx-amd64
entry=$(sed -n 's/^ENTRYPOINT \["\(.*\)"\]$/\1/p' "$top/deploy/container/Dockerfile.static")
recording=$top/tests/golden/7-ping.rec
kernels=("$@")
[ $# -gt 0 ] || kernels=(5.10 6.1 7)

is_static() # FILE
{
	[ -s "$1" ] && ! readelf -ld "$1" | grep -E 'NEEDED|interpreter'
}

# Nothing but what was put into it, /proc and /sys.
in_root() # DIRECTORY COMMAND...
{
	# shellcheck disable=SC2016 # the inner one's
	unshare --mount --net bash -c 'mount -t proc proc "$0/proc" && mount -t sysfs sys "$0/sys" &&
		{ ip link set lo up; exec env -i PATH="$PATH" chroot "$0" "$@"; }' "$@"
}

empty()
{
	mkdir -p "$work/empty"/{proc,sys} && cp "$static" "$work/empty/icmpx" &&
		cp "$recording" "$work/empty/a.rec"
}

replays() # the same as the program that is linked as usual
{
	in_root "$work/empty" /icmpx trace --replay /a.rec --json >"$work/a" &&
		"$ICMPX" trace --replay "$recording" --json | cmp - "$work/a"
}

# The directory that its COPY lines make of build/static.
image()
{
	local from to
	mkdir -p "$work/image"/{proc,sys}
	grep -q '^FROM scratch$' "$top/deploy/container/Dockerfile.static" || return
	while read -r _ from to; do
		cp "$top/build/static/${from/%-*/-amd64}" "$work/image$to" || return
	done < <(grep '^COPY' "$top/deploy/container/Dockerfile.static")
	[ -x "$work/image$entry" ]
}

boots() # SERIES: TAP of its own, one line here
{
	local root=$work/$1/root status=0
	need_tools busybox cpio "${qemu_of[amd64]%% *}"
	mkdir -p "$root"/{bin,usr}
	ln -s usr/lib "$root/lib"
	cp "$(command -v busybox)" "$root/bin/busybox"
	cp "$static" "$root/bin/icmpx"
	cp "$package_src/static_init" "$root/init"
	cc -O2 -static -o "$root/bin/poweroff-vm" "$vm_src/poweroff.c" || return
	(cd "$root" && find . | cpio --quiet -o -H newc -R 0:0) |
		cat - "$vm_out/$1/kernel/modules.cpio" >"$work/$1/initrd"
	start_guest "$1" "$1" -chardev null,id=commands
	wait "$guest" || status=$?
	check_guest "$1" "$status" "static-$1" && [ "$(job_status "$1")" = 0 ]
}

on_kernel() # SERIES
{
	local series=$1
	if ! need_kernel "$series"; then
		fail "$series: a kernel to be had"
		return
	fi
	boots "$series" >"$work/tap"
	status=$?
	grep '^# ' "$work/tap" | head -n 1
	if [ $status = 0 ] && grep -q '^1\.\.' "$work/tap" && ! grep -q '^not ok' "$work/tap"; then
		pass "$series: $(grep -c '^ok' "$work/tap") checks beside busybox"
	else
		fail "$series: beside busybox" "$(grep -v '^ok' "$work/tap")" "$(grep -c '^ok' "$work/tap") ok"
	fi
}

[ "$(id -u)" = 0 ] || skip_all "root, for chroot: EPERM"
[ -f "$static" ] || skip_all "no static program (make static)"
make_work
ok "no dynamic section, no interpreter" is_static "$static"
ok "one program in a directory" empty
ok "--version" in_root "$work/empty" /icmpx --version
ok "doctor" in_root "$work/empty" /icmpx doctor
ok "trace --replay" replays
ok "what the Dockerfile copies" image
ok "it: doctor" in_root "$work/image" "$entry" doctor
for kernel in "${kernels[@]}"; do
	on_kernel "$kernel"
done
[ ! -f "$top/build/static/icmpx-arm64" ] ||
	ok "arm64: no dynamic section, no interpreter" is_static "$top/build/static/icmpx-arm64"
test_end
