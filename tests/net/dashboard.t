#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the Grafana dashboard shows of real pings, by a real Prometheus: drawn by Grafana's own panel
# components (@grafana/ui) in a headless Chromium, not by a Grafana server.
set -uo pipefail
# shellcheck source=tests/net/dashboard_lib.sh
. "${0%/*}/dashboard_lib.sh"

seconds=5
chromium=${CHROMIUM:-/usr/bin/chromium}
command -v prometheus >/dev/null || skip_all "prometheus" "not installed"
[ -x "$chromium" ] || skip_all "chromium" "$chromium: not there"
[ -e "$top/build/dashboard/page.html" ] || skip_all "@grafana/ui" "not installed: make build/dashboard/page.html"

test_begin_seeing dashboard
dashboard_setup
traffic $seconds
to=$(date +%s)
in_browser check.mjs "$api" $((to - seconds)) "$to" $scrape >"$test_dir/complaints" 2>"$test_dir/error" ||
	bail "$(cat "$test_dir/error")"
while IFS= read -r check; do
	is "$check" "$(awk -F '\t' -v check="$check" '$1 == check { print $2 }' "$test_dir/complaints")" ""
done < <(cut -f 1 "$test_dir/complaints" | uniq)
stop_prometheus
stop_exporter
test_end
