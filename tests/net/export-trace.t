#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119 # no options are meant
# icmpx export --trace: how pings ended and where their time went. It sees all pings of the machine,
# also those of others: so many or more.
set -uo pipefail
# shellcheck source=tests/net/export_lib.sh
. "${0%/*}/export_lib.sh"

count_of() # PATTERN
{
	body | metric "$1"
}

at_least() # PATTERN NUMBER
{
	local got
	got=$(count_of "$1")
	[ "${got:-0}" -ge "$2" ]
}

bucket_sums()
{
	body | perl -ne '
		$bucket{$1} = $2 if /^icmpx_trace_(?:ping|stage)_duration_seconds_bucket\{(.*?),?le="\+Inf"\} (\d+)$/;
		$count{$1 // ""} = $2 if /^icmpx_trace_(?:ping|stage)_duration_seconds_count(?:\{(.*)\})? (\d+)$/;
		END { print "$_: $bucket{$_} is not $count{$_}\n" for grep { $bucket{$_} != $count{$_} } keys %count;
			print "none\n" unless %count }'
}

test_begin_seeing export-trace
export_setup
start_exporter --trace --user nobody
is "it is the user" "$(proc_status Uid)" "$(id -u nobody)"
is "and has no right to trace any more" "$(proc_status CapBnd)" 0000000000000000
must in_ns a ping -n -q -i 0.02 -c 40 $local4
must in_ns a ping -n -q -i 0.02 -c 20 $local6
ok "pings that were answered" wait_until 5 at_least 'icmpx_trace_pings_total{end="complete"}' 60
ok "their durations" at_least icmpx_trace_ping_duration_seconds_count 60
ok "the sender's stage" at_least \
	'icmpx_trace_stage_duration_seconds_count{stage="send",leg="request",side="sender"}' 60
# The first of each family went to the kernel, the others were answered at the driver.
ok "the kernel's stage" at_least \
	'icmpx_trace_stage_duration_seconds_count{stage="icmp",leg="request",side="responder"}' 2
ok "the driver's stage" at_least \
	'icmpx_trace_stage_duration_seconds_count{stage="xdp",leg="request",side="responder"}' 58
is "buckets hold all" "$(bucket_sums)" ""
is "nothing was lost" "$(count_of icmpx_trace_lost_events_total)" 0
ok "how it is traced" grep -q '^icmpx_trace_info{backend="tp",' <(body)
if command -v promtool >/dev/null; then
	ok "promtool" promtool check metrics <<<"$(body)"
else
	pass "promtool # SKIP promtool: not installed"
fi
body >"$test_dir/page"
diag "$(grep -vc '^#' "$test_dir/page") series, $(wc -c <"$test_dir/page") bytes, $(proc_status VmHWM) KiB"
stop_exporter
is "SIGTERM: status" $exporter_status 0
test_end
