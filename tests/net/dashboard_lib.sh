# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2034,SC2119 # for those that use it; no options are meant
# What the dashboard shows: a Prometheus that scrapes icmpx export --trace each second, and all
# kinds of pings.
# shellcheck source=tests/net/export_lib.sh
. "${0%/*}/export_lib.sh"
# shellcheck source=tests/net/prometheus_lib.sh
. "${0%/*}/prometheus_lib.sh"

top=$(realpath "${0%/*}/../..")
scrape=1 # seconds
clients=(10.83.0.1{1..5})

# Its kernel holds back all but one reply a second to each peer.
dashboard_setup()
{
	local address
	export GOMEMLIMIT=200MiB
	export_setup
	attach b eth0 --limit 200,20
	for address in "${clients[@]}"; do
		must in_ns a ip addr add "$address/24" dev eth0
	done
	must in_ns b sysctl -q net.ipv4.icmp_ratemask=1 net.ipv4.icmp_ratelimit=1000
	start_exporter --trace
	start_prometheus <<-E
		global: {scrape_interval: ${scrape}s}
		scrape_configs:
		  - job_name: icmpx
		    static_configs: [{targets: ['127.0.0.1:9917'], labels: {instance: web1}}]
	E
}

# Of one kind, so many a second.
pings() # SECONDS RATE TARGET [PING-OPTION...]
{
	in_ns a ping -n -q -i "$(awk "BEGIN { print 1 / $2 }")" -c $(($1 * $2)) -W 1 "${@:4}" "$3" >/dev/null
}

# More and more clients; within that, for a fifth of the time each, more than the limit, and
# fragments, which are the kernel's.
traffic() # SECONDS
{
	local part=$(($1 / 5)) running=() i
	pings "$1" 20 $local4 &
	running+=($!)
	pings "$1" 10 $local6 &
	running+=($!)
	for i in "${!clients[@]}"; do
		sleep "$(awk "BEGIN { print $part / 5 }")"
		pings $((part * 3)) 5 $local4 -I "${clients[i]}" &
		running+=($!)
	done
	pings $part 400 $local4
	pings $part 15 $local4 -s 3000
	wait "${running[@]}"
}

# node with the rest, where Prometheus is reached; what a browser leaves when it is killed goes away.
in_browser() # SCRIPT ARGUMENT...
{
	TMPDIR=$test_dir nsenter "--net=$(ns_path b)" node "$top/tests/dashboard/$1" "${@:2}"
}
