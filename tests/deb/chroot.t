#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The package in a small Debian without systemd running: see in_chroot. Its namespaces of mounts,
# processes and network are its own, and so is its bpffs.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

enter() # DIRECTORY: as process 1 of the namespaces
{
	mount --make-rprivate /
	mount --bind "$1" "$1"
	cd "$1"
	mount -t proc proc proc
	mount -t sysfs sys sys
	mount -t bpf bpf sys/fs/bpf
	mount -t tmpfs -o mode=755 dev dev
	cp -a /dev/{null,zero,full,random,urandom,tty} dev/
	mkdir -p dev/{pts,shm}
	mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
	ln -s pts/ptmx dev/ptmx
	ln -s /proc/self/fd dev/fd
	mount -t tmpfs tmpfs run
	exec chroot . env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM=dumb \
		DEBIAN_FRONTEND=noninteractive bash /test/in_chroot
}

if [ "${1-}" = enter ]; then
	enter "$2"
fi
make_work
find_package
unpack_base "$work/root"
unshare --mount --net --pid --fork --kill-child "$0" enter "$work/root"
