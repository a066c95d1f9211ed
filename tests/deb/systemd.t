#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# systemd.t [SERIES]: the package's services under systemd, in a VM with that kernel (6.12): see
# in_guest. The small Debian is its initramfs.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

kernel=${1:-6.12}
# shellcheck disable=SC2034 # read by guest.sh
guest_seconds=600 memory=2048 append="systemd.log_level=warning"

# What boots by itself and is of no use here.
masked=(apt-daily{,-upgrade}.timer dpkg-db-backup.timer e2scrub_{all.timer,reap.service} man-db.timer
	systemd-tmpfiles-clean.timer systemd-{journal-flush,update-utmp,hwdb-update,random-seed}.service
	systemd-{sysusers,remount-fs,user-sessions,binfmt}.service
	kmod-static-nodes.service modprobe@{configfs,drm,efi_pstore,fuse,dm_mod,loop}.service
	dev-{hugepages,mqueue}.mount sys-fs-fuse-connections.mount sys-kernel-{debug,tracing,config}.mount
	getty.target proc-sys-fs-binfmt_misc.automount)

# The small Debian with the package installed and enabled for dummy0, which is there at boot. The
# machine-id says that it does not boot for the first time, which would enable all units.
make_root() # DIRECTORY
{
	local units=$1/etc/systemd/system unit
	unpack_base "$1"
	chroot "$1" apt-get -qq -o APT::Sandbox::User=root install /test/icmpx.deb >/dev/null 2>&1
	chroot "$1" systemctl -q enable icmpx@dummy0
	echo dummy >"$1/etc/modules-load.d/test.conf"
	echo options dummy numdummies=1 >"$1/etc/modprobe.d/test.conf"
	for unit in "${masked[@]}"; do
		ln -sf /dev/null "$units/$unit"
	done
	mkdir -p "$1/etc/systemd/system-generators"
	for unit in "$1"/lib/systemd/system-generators/*; do
		ln -s /dev/null "$1/etc/systemd/system-generators/${unit##*/}"
	done
	mkdir -p "$units/systemd-udev-trigger.service.d" "$units/multi-user.target.wants"
	printf '%s\n' '[Service]' ExecStart= \
		'ExecStart=udevadm trigger --action=add --subsystem-match=net' \
		>"$units/systemd-udev-trigger.service.d/test.conf"
	printf '%s\n' '[Service]' 'ExecStart=/bin/bash /test/in_guest' >"$units/job.service"
	ln -s ../job.service "$units/multi-user.target.wants/job.service"
	echo 0123456789abcdef0123456789abcdef >"$1/etc/machine-id"
	ln -s usr/lib/systemd/systemd "$1/init"
	cc -O2 -static -o "$1/usr/sbin/poweroff-vm" "$vm_src/poweroff.c"
}

archive() # DIRECTORY: without documents, what only apt wants, and what makes dpkg slow
{
	(cd "$1" && find . \( -path ./usr/share/doc -o -path ./usr/share/man \
		-o -path ./usr/share/locale -o -path ./usr/share/zsh -o -path ./usr/lib/udev/hwdb.bin -o -path ./var/cache/apt \
		-o -path ./var/lib/apt/lists -o -path ./var/lib/man-db/auto-update \) -prune \
		-o -print0 | cpio --quiet -0 -o -H newc -R 0:0)
}

need_tools cpio setpriv "${qemu_of[amd64]%% *}"
make_work
find_package
need_kernel "$kernel"
make_root "$work/root"
mkdir "$work/systemd"
archive "$work/root" | cat "$vm_out/$kernel/kernel/modules.cpio" - >"$work/systemd/initrd"
start_guest systemd "$kernel" -chardev null,id=commands
status=0
wait "$guest" || status=$?
check_guest systemd "$status"
exit "$(job_status systemd)"
