#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a browser makes of a report: it loads, says what its marks are, sorts, filters, fits a phone,
# is readable and prints. In a headless Chromium, without network or privilege.
set -uo pipefail

here=$(cd "${0%/*}" && pwd)
chromium=${CHROMIUM:-/usr/bin/chromium}
ICMPX=$(realpath -m "${ICMPX:-$here/../../build/icmpx}")
export ICMPX

if [ ! -x "$chromium" ]; then
	echo "1..0 # SKIP $chromium: not there"
	exit 0
fi
# Whatever ends it: pages and the browser's profile go.
TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
trap 'exit 1' HUP INT TERM
node "$here/report_browser.mjs"
