# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # read by the scripts that source this file
# What fetch, initramfs and run agree on: where things are, what is there, how to give up.

vm_src=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$vm_src/../.." && pwd)
vm_out=$top/build/vm

all_series="5.10 6.1 6.1-rt 6.12 6.18 7 6.12-arm64"

status_usage=2
status_unavailable=3

die() # STATUS MESSAGE...
{
	local status=$1
	shift
	echo "${0##*/}: $*" >&2
	exit "$status"
}

need_tools() # NAME...
{
	local tool
	for tool; do
		command -v "$tool" >/dev/null ||
			die "$status_unavailable" "$tool: not installed (make deps)"
	done
}

have_kernel() # SERIES: fetched, and by the present scripts?
{
	local version=$vm_out/$1/kernel/version
	[ "$version" -nt "$vm_src/fetch" ] && [ "$version" -nt "$vm_src/modules.list" ]
}
