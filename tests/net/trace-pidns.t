#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# icmpx trace in a container: the command, its children and --pid are known there by other
# numbers than to the kernel.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

# shellcheck disable=SC2034 # read by hosts_up
local4=10.93.0.1 peer4=10.93.0.2 local6=fd93::1 peer6=fd93::2
wanted=77 other=4242 # echo identifiers

inside() # COMMAND...: in a PID namespace of its own
{
	in_ns a unshare --pid --fork --kill-child --mount-proc timeout $((20 * patience)) "$@"
}

pings() # DESCRIPTION COUNT COMMAND...: icmpx traces so many that are wanted, and none else
{
	local status=0
	inside "${@:3}" >"$test_dir/json" 2>/dev/null || status=$?
	is "$1: exit status" $status 0
	is "$1" "$("$tools/ndjson" ping id <"$test_dir/json" | sort | uniq -c | xargs)" "$2 $wanted"
}

test_begin_seeing trace-pidns
hosts_up
nsenter --net="$(ns_path a)" ping -n -q -i 0.02 -w 300 -e $other $local4 >/dev/null &
disown # no word of its end

pings "a command" 1 "$ICMPX" trace --json --backend tp -- ping -n -q -c 1 -e $wanted $local4
pings "its children" 2 "$ICMPX" trace --json -- \
	bash -c "ping -n -q -c 2 -i 0.01 -e $wanted $local4; true"
pings "those in a namespace of their own" 1 "$ICMPX" trace --json --backend tp -- \
	unshare --pid --fork ping -n -q -c 1 -e $wanted $local4
# shellcheck disable=SC2016 # the inner shell's
pings "--pid" 3 bash -c 'ping -n -q -i 0.02 -e "$2" "$3" >/dev/null &
	exec "$1" trace --json --backend tp -c 3 --pid $!' - "$ICMPX" $wanted $local4
test_end
