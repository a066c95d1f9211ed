#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Network namespaces, interfaces and their driver that vanish while icmpx is attached to them and
# a trace goes on: both tell the truth and end as they should, nothing stays behind.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

peer4=10.95.0.2 local4=10.95.0.1

link_up() # ends of an earlier one went with it
{
	ns_join a eth0 b eth0
	must in_ns a ip addr add $peer4/24 dev eth0
	must in_ns b ip addr add $local4/24 dev eth0
}

# In the background, tracing when this returns; pings are on their way. By tracepoints, since probes
# on a driver's functions would keep its module.
trace_start() # OPTION...
{
	rm -f "$test_dir/json"
	env --default-signal=INT "$ICMPX" trace --json --backend tp "$@" \
		>"$test_dir/json" 2>"$test_dir/errors" &
	tracer=$!
	wait_until 40 test -s "$test_dir/json" || bail "no trace: $(cat "$test_dir/errors")"
	nsenter --net="$(ns_path a)" ping -n -q -i 0.05 -c 1200 $local4 >/dev/null 2>&1 &
	pinger=$!
	wait_until 10 grep -q '"type":"ping"' "$test_dir/json" || bail "no ping is traced"
}

# Status and the JSON's end; the pings may have gone the way of their namespace.
trace_ends() # DESCRIPTION
{
	sleep 0.5
	ok "$1: the trace goes on" kill -0 $tracer
	kill -INT $pinger $tracer 2>/dev/null
	wait $pinger
	wait $tracer
	is "$1: the trace's exit status" $? 0
	ok "$1: it has seen pings" test "$("$tools/ndjson" end pings <"$test_dir/json")" -gt 0
	is "$1: it complains of nothing" "$(cat "$test_dir/errors")" ""
}

pins_of() # INODE
{
	compgen -G "$bpffs/icmpx/$1-*"
}

states() # INODE: of its attachments, seen from a
{
	in_ns a "$ICMPX" status --json | awk -F '[ ",:]+' -v netns="$1" '
		$2 == "netns" { own = $3 == netns } $2 == "state" && own { print $3 }'
}

is_stale() # INODE
{
	[ "$(states "$1")" = stale ]
}

namespace_gone()
{
	local inode
	ns_add b
	link_up
	inode=${ns_inode[b]}
	attach b eth0
	trace_start --netns "$test_prefix-b"
	must ip netns delete "$test_prefix-b"
	ok "namespace gone: stale" wait_until 5 is_stale "$inode"
	trace_ends "namespace gone"
	ok "namespace gone: detach --all" in_ns a "$ICMPX" detach --all
	ok "namespace gone: no pins are left" not pins_of "$inode"
	no_more_bpf "namespace gone: nothing is left in the kernel" "$objects"
}

interface_gone()
{
	ns_add b
	link_up
	attach b eth0
	trace_start --netns "$test_prefix-b" --dev eth0
	must in_ns a ip link delete eth0
	is "interface gone: stale" "$(state_of b)" stale
	trace_ends "interface gone"
	ok "interface gone: detach --all" in_ns b "$ICMPX" detach --all
	ok "interface gone: no pins are left" not pins_of "${ns_inode[b]}"
}

# attach --live ends what it began, whatever has become of that.
live_gone()
{
	local live
	link_up
	nsenter --net="$(ns_path b)" env --default-signal=INT "$ICMPX" attach eth0 --live \
		>"$test_dir/live" 2>"$test_dir/errors" &
	live=$!
	wait_until 40 grep -q 'backend' "$test_dir/live" || bail "no --live: $(cat "$test_dir/errors")"
	must in_ns a ip link delete eth0
	kill -INT $live
	wait $live
	is "attach --live, interface gone: no pins are left" "$(pins_of "${ns_inode[b]}")" ""
	is "attach --live, interface gone: nothing is attached" "$(state_of b)" ""
	no_more_bpf "attach --live, interface gone: nothing is left in the kernel" "$objects"
}

driver_gone()
{
	if [ -z "${ICMPX_VM:-}" ] || ! error=$(modprobe -n -r veth 2>&1); then
		pass "driver gone # SKIP veth as a module nobody else uses: ${error:-no VM}"
		return
	fi
	link_up
	attach b eth0 --mode native
	trace_start --netns "$test_prefix-b"
	ok "driver gone: rmmod" modprobe -r veth
	is "driver gone: so is the interface" "$(in_ns b ip -o link show type veth)" ""
	is "driver gone: stale" "$(state_of b)" stale
	ok "driver gone: stats say so" complains 1 "eth0: no such interface" \
		in_ns b "$ICMPX" stats eth0
	trace_ends "driver gone"
	ok "driver gone: detach --all" in_ns b "$ICMPX" detach --all
	ok "driver gone: no pins are left" not pins_of "${ns_inode[b]}"
	no_more_bpf "driver gone: nothing is left in the kernel" "$objects"
	must modprobe veth
	link_up
	attach b eth0
	warms "driver back" b eth0 reaches a $local4
	ok "driver back: detach" in_ns b "$ICMPX" detach eth0
}

test_begin fault-gone
ns_add a
objects=$(bpf_objects)
namespace_gone
interface_gone
live_gone
driver_gone
test_end
