#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2016 # Perl
# fleet_size.sh [HOSTS]: what scraping icmpx costs, measured, and what so many hosts (10000) would
# cost, computed from that: Markdown, for docs/fleet.md. An exporter with one attached interface,
# and a Prometheus that takes it for 20 and then for 220 hosts, each by an address of its own on
# lo. Some three minutes.
set -uo pipefail
# shellcheck source=tests/net/export_lib.sh
. "${0%/*}/export_lib.sh"
# shellcheck source=tests/net/prometheus_lib.sh
. "${0%/*}/prometheus_lib.sh"

hosts=${1:-10000}
interval=30 # seconds, of deploy/prometheus/prometheus.yml
scrapes=100 # for the exporter's processor time
seconds=150 # at one scrape a second: whole chunks of 120 samples

# As Prometheus asks for it. A page is good for 100 ms: each of these is a new one.
exporter_cost() # sets series, bytes, packed, cpu_us, rss
{
	local before after i
	body "Accept-Encoding: gzip" >"$test_dir/packed"
	gunzip <"$test_dir/packed" >"$test_dir/page"
	series=$(grep -vc '^#' "$test_dir/page")
	bytes=$(stat -c %s "$test_dir/page")
	packed=$(stat -c %s "$test_dir/packed")
	before=$(metric process_cpu_seconds_total <"$test_dir/page")
	for ((i = 0; i < scrapes; i++)); do
		body "Accept-Encoding: gzip" >"$test_dir/packed"
		sleep 0.11
	done
	gunzip <"$test_dir/packed" >"$test_dir/page"
	after=$(metric process_cpu_seconds_total <"$test_dir/page")
	cpu_us=$(awk "BEGIN { print int(($after - $before) / $scrapes * 1e6) }")
	rss=$(metric process_resident_memory_bytes <"$test_dir/page")
}

targets() # COUNT
{
	local i
	for ((i = 0; i < $1; i++)); do
		printf "'127.0.%d.%d:9917'," $((1 + i / 200)) $((1 + i % 200))
	done
}

# Its memory after its own collection, its processor time, its samples.
prometheus_cost() # COUNT: prints "rss cpu-seconds samples disk"
{
	local before
	rm -rf "$test_dir/tsdb"
	start_prometheus --web.enable-admin-api <<-E
		global: {scrape_interval: 1s}
		scrape_configs:
		  - job_name: icmpx
		    static_configs: [{targets: [$(targets "$1")]}]
		  - job_name: self
		    static_configs: [{targets: ['127.0.0.1:9990']}]
	E
	before="$(value 'process_cpu_seconds_total{job="self"}') $(appended)"
	sleep $seconds
	ask admin/tsdb/snapshot POST >/dev/null
	printf '%s %s %s %s %s\n' "$(value 'process_resident_memory_bytes{job="self"}')" \
		"$(value 'process_cpu_seconds_total{job="self"}')" "$(appended)" "$before" \
		"$(du -sb "$test_dir/tsdb/snapshots" | cut -f 1)" |
		awk '{ print $1, $2 - $4, $3 - $5, $3, $6 }'
	stop_prometheus
}

appended()
{
	value 'sum(prometheus_tsdb_head_samples_appended_total)'
}

report()
{
	awk -v hosts="$hosts" -v interval=$interval -v series="$series" -v bytes="$bytes" \
		-v packed="$packed" -v cpu="$cpu_us" -v rss="$rss" -v few="$few" -v many="$many" '
		function row(name, format, number) { printf "| %s | " format " |\n", name, number }
		BEGIN {
			split(few, f, " ")
			split(many, m, " ")
			memory = (m[1] - f[1]) / (200 * series)
			processor = (m[2] - f[2]) / (m[3] - f[3]) * 1e6
			disk = (m[5] - f[5]) / (m[4] - f[4])
			samples = hosts * series / interval
			print "| measured | |\n|---|---|"
			row("series of a host, one interface", "%d", series)
			row("bytes of a scrape", "%d", packed)
			row("the same not compressed", "%d", bytes)
			row("processor time of the exporter for a scrape, µs", "%d", cpu)
			row("memory of the exporter, MiB", "%.1f", rss / 1048576)
			row("memory of Prometheus for a series, bytes", "%d", memory)
			row("processor time of Prometheus for a sample, µs", "%.2f", processor)
			row("disk for a sample, bytes", "%.2f", disk)
			printf "\n| computed: %d hosts, every %d s | |\n|---|---|\n", hosts, interval
			row("series", "%d", hosts * series)
			row("samples a second", "%d", samples)
			row("on the network, Mbit/s", "%.1f", hosts * packed * 8 / interval / 1e6)
			row("memory of Prometheus, GiB", "%.1f", hosts * series * memory / 1073741824)
			row("processors of Prometheus, of this machine", "%.2f", samples * processor / 1e6)
			row("disk for 15 days, GiB", "%.0f", samples * disk * 86400 * 15 / 1073741824)
			row("processor time on each host", "%.4f %%", cpu / 1e4 / interval)
		}'
}

test_begin fleet-size >&2
export_setup
must in_ns a ping -n -q -i 0.01 -c 100 $local4
start_exporter --listen 0.0.0.0:9917
nsenter "--net=$(ns_path a)" timeout 600 ping -n -q -i 0.2 $local4 >/dev/null &
pinger=$!
exporter_cost
few=$(prometheus_cost 20)
many=$(prometheus_cost 220)
stop_exporter
kill $pinger
report
