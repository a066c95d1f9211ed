#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# dashboard_screenshot.sh PNG: of deploy/grafana/icmpx.json after 80 seconds of pings, for docs/metrics.md.
set -uo pipefail
# shellcheck source=tests/net/dashboard_lib.sh
. "${0%/*}/dashboard_lib.sh"

seconds=80
file=$(realpath "$1")
test_begin dashboard_screenshot
dashboard_setup
from=$(date +%s)
traffic $seconds
must in_browser screenshot.mjs "$file" "$api" "$from" $((from + seconds)) $scrape
stop_prometheus
stop_exporter
