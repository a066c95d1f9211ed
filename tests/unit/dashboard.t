#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The Grafana dashboard is one by Grafana's own types (@grafana/schema): no key that they do not
# know, no value that an option does not have.
set -uo pipefail

top=$(cd "${0%/*}/../.." && pwd)

if [ ! -e "$top/build/dashboard/page.html" ]; then
	echo "1..0 # SKIP @grafana/schema: not installed: make build/dashboard/page.html"
	exit 0
fi
output=$(node "$top/tests/dashboard/types.mjs" "$top/build/dashboard" 2>&1)
status=$?
[ $status -eq 0 ] || printf 'not '
echo "ok 1 - deploy/grafana/icmpx.json has Grafana's types"
[ -z "$output" ] || printf '%s\n' "$output" | sed 's/^/# /'
echo "1..1"
exit $status
