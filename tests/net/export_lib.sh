# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What the tests of icmpx export share: a machine that is pinged, an exporter on it, and clients.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

client=$(realpath "${0%/*}")/http_client
peer4=10.83.0.2 local4=10.83.0.1
peer6=fd83::2 local6=fd83::1
page=http://127.0.0.1:9917/metrics
exporter=

export_setup()
{
	ns_add a b
	ns_join a eth0 b eth0
	must in_ns a ip addr add $peer4/24 dev eth0
	must in_ns b ip addr add $local4/24 dev eth0
	must in_ns a ip addr add $peer6/64 dev eth0 nodad
	must in_ns b ip addr add $local6/64 dev eth0 nodad
	attach b eth0 --lease 3600
}

get() # [METHOD] [HEADER: VALUE...]: the page, with its head
{
	in_ns b "$client" get $page "$@"
}

# shellcheck disable=SC2120
body()
{
	get "$@" | sed '1,/^$/d'
}

status_of() # URL [METHOD]
{
	in_ns b "$client" get "$@" | sed -n '1s/^HTTP[^ ]* \([0-9]*\) .*/\1/p'
}

# Prefix it with the command that runs it, in exporter_as.
exporter_as=()

# shellcheck disable=SC2120 # for the tests
start_exporter() # OPTION...
{
	rm -f "$test_dir/out"
	nsenter "--net=$(ns_path b)" "${exporter_as[@]}" "$ICMPX" export "$@" >"$test_dir/out" 2>&1 &
	exporter=$!
	wait_until 10 grep -q "serving" "$test_dir/out" || bail "$(cat "$test_dir/out")"
}

stop_exporter() # sets exporter_status
{
	kill "$exporter"
	wait "$exporter"
	# shellcheck disable=SC2034 # for the tests
	exporter_status=$?
}

metric() # PATTERN: the value of the sample whose line begins so, on the page on standard input
{
	awk -v pattern="$1" 'index($0, pattern) == 1 { print $NF }'
}

proc_status() # FIELD of the exporter
{
	awk -v field="$1:" '$1 == field { print $2 }' "/proc/$exporter/status"
}
