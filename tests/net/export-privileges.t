#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# icmpx export: what it may do, as root, as another user, and as one that never was root; and that
# it reads all the same. Kernels before 5.19 want CAP_BPF of who opens a pin.
set -uo pipefail
# shellcheck source=tests/net/export_lib.sh
. "${0%/*}/export_lib.sh"

# CAP_DAC_READ_SEARCH is bit 2, CAP_BPF bit 39: which kernels want that, the exporter finds out.
capabilities()
{
	local set
	for set in CapEff CapPrm; do
		proc_status $set | grep -qxE '0000000000000004|0000008000000004' || return
	done
}

privileges()
{
	local ambient=(setpriv --reuid 65534 --regid 65534 --clear-groups
		"--inh-caps=-all,+bpf,+dac_read_search" "--ambient-caps=+bpf,+dac_read_search")
	start_exporter --listen '[::1]:9917'
	page="http://[::1]:9917/metrics"
	ok "IPv6" grep -q "^icmpx_build_info" <(body)
	page=http://127.0.0.1:9917/metrics
	ok "root keeps what it needs alone" capabilities
	stop_exporter
	start_exporter --user nobody
	is "--user: the user" "$(proc_status Uid)" "$(id -u nobody)"
	is "--user: no group" "$(proc_status Groups)" ""
	ok "--user: capabilities" capabilities
	is "--user: the bounding set" "$(proc_status CapBnd)" 0000000000000000
	is "--user: for good" "$(proc_status NoNewPrivs)" 1
	ok "--user: it reads" wait_until 5 agrees body
	stop_exporter
	exporter_as=("${ambient[@]}")
	start_exporter
	ok "never root: it reads" wait_until 5 agrees body
	ok "never root: capabilities" capabilities
	ok "never root: nothing is partial" grep -q '^icmpx_attachments{state="partial"} 0' <(body)
	hidden_namespace
	stop_exporter
	exporter_as=()
}

# One that only a process holds, which the exporter may not look at.
hidden_namespace()
{
	local stale
	stale=$(body | metric 'icmpx_attachments{state="stale"}')
	mkfifo "$test_dir/hidden"
	# shellcheck disable=SC2016 # for that shell
	unshare --net bash -c 'ip link add d0 type veth peer name d1 && "$1" attach d0 --mode generic
		read -r -t 60 _ <>"$2"; "$1" detach --all' - "$ICMPX" "$test_dir/hidden" >"$test_dir/unshared" 2>&1 &
	ok "never root: a namespace that it cannot see" wait_until 5 counts_elsewhere
	is "never root: is not gone" "$(body | metric 'icmpx_attachments{state="stale"}')" "$stale"
	echo >"$test_dir/hidden"
	wait $!
}

counts_elsewhere()
{
	[ "$(body | metric 'icmpx_attachments{state="elsewhere"}')" -ge 1 ]
}

test_begin export-privileges
export_setup
must in_ns a ping -n -q -i 0.01 -c 11 $local4
privileges
test_end
