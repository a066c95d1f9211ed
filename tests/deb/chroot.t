#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The package in a small Debian without systemd running: see in_chroot. Its namespaces of mounts,
# processes and network are its own, and so is its bpffs.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

make_work
find_package
unpack_base "$work/root"
UNSHARE_NET=yes "$top/tests/distros/enter" "$work/root" bash /test/in_chroot
