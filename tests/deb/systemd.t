#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The package's services under systemd, in a VM: see in_guest. The small Debian is its initramfs.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

kernel=6.12
# shellcheck disable=SC2034 # read by guest.sh
guest_seconds=300 memory=2048 append="systemd.log_level=warning"

# What boots by itself and is of no use here.
masked=(apt-daily{,-upgrade}.timer dpkg-db-backup.timer e2scrub_{all.timer,reap.service} man-db.timer
	systemd-tmpfiles-clean.timer systemd-{journal-flush,update-utmp,hwdb-update,random-seed}.service
	systemd-{udev-trigger,sysusers,modules-load,remount-fs,user-sessions,binfmt}.service
	kmod-static-nodes.service modprobe@{configfs,drm,efi_pstore,fuse,dm_mod,loop}.service
	dev-{hugepages,mqueue}.mount sys-fs-fuse-connections.mount sys-kernel-{debug,tracing,config}.mount
	getty.target proc-sys-fs-binfmt_misc.automount)

archive() # what is in this directory, but documents and what only apt wants
{
	find . \( -path ./usr/share/doc -o -path ./usr/share/man -o -path ./usr/share/locale \
		-o -path ./usr/share/zsh -o -path ./usr/lib/udev/hwdb.bin -o -path ./var/cache/apt \
		-o -path ./var/lib/apt/lists -o -path ./var/lib/man-db/auto-update \) -prune \
		-o -print0 | cpio --quiet -0 -o -H newc -R 0:0
}

# The small Debian, with what the package depends on, so that dpkg alone can install it. Its
# machine-id says that it does not boot for the first time, which would enable all units.
make_guest_base() # FILE
{
	local root=$work/base unit
	mkdir "$root"
	tar -xf "$deb_out/base.tar" -C "$root"
	xargs chroot "$root" apt-get -qq -o APT::Sandbox::User=root install >/dev/null 2>&1 \
		<"$deb_out/base.depends"
	for unit in "${masked[@]}"; do
		ln -sf /dev/null "$root/etc/systemd/system/$unit"
	done
	echo 0123456789abcdef0123456789abcdef >"$root/etc/machine-id"
	ln -s usr/lib/systemd/systemd "$root/init"
	cc -O2 -static -o "$root/usr/sbin/poweroff-vm" "$vm_src/poweroff.c"
	(cd "$root" && archive) >"$work/base.cpio"
	rm -rf "$root"
	mv "$work/base.cpio" "$1"
}

# The packages and the job that systemd starts.
make_job() # DIRECTORY
{
	local units=$1/etc/systemd/system
	make_test "$1"
	mkdir -p "$units/multi-user.target.wants"
	cat >"$units/job.service" <<-END
		[Service]
		ExecStart=/bin/bash /test/in_guest
	END
	ln -s ../job.service "$units/multi-user.target.wants/job.service"
}

need_tools cpio setpriv "${qemu_of[amd64]%% *}"
make_work
find_package
need_kernel "$kernel"
guest_base=$deb_out/guest.cpio
if [ ! "$guest_base" -nt "$deb_out/base.tar" ] || [ "$0" -nt "$guest_base" ]; then
	make_guest_base "$guest_base"
fi
mkdir "$work/systemd"
make_job "$work/root"
(cd "$work/root" && archive) | cat "$guest_base" "$vm_out/$kernel/kernel/modules.cpio" - \
	>"$work/systemd/initrd"
start_guest systemd "$kernel" -chardev null,id=commands
status=0
wait "$guest" || status=$?
check_guest systemd "$status"
exit "$(job_status systemd)"
