#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What is bundled into the page of `icmpx report` is under licences that go with GPL-2.0-only, and
# debian/copyright says which. Of what the last build of the page has noted; no privilege needed.
set -uo pipefail

top=$(cd "${0%/*}/../.." && pwd)
page=$top/build/report/page.html
# shellcheck source=tests/unit/lists_lib.sh
. "$top/tests/unit/lists_lib.sh"

skip() # REASON
{
	echo "1..0 # SKIP $1"
	exit 0
}

command -v node >/dev/null || skip "node is not there"
[ -f "$page.bundled.json" ] || skip "the page was not built here (make build/report/page.html)"

of_bundle() # EXPRESSION of JavaScript: lines of it
{
	node -e "const { packages, files } = JSON.parse(require('fs').readFileSync(process.argv[1]));
		console.log(($1).join('\n'))" "$page.bundled.json"
}

locked() # LICENCE...: packages of the lock file that say so
{
	node -e "const { packages } = JSON.parse(require('fs').readFileSync(process.argv[1]));
		for (const [path, { license }] of Object.entries(packages))
			if (process.argv.slice(2).some((one) => license?.includes(one))) console.log(path);
		" "$top/report/package-lock.json" "$@"
}

# Else the lines below would say nothing.
same "Plot and d3 are bundled" "$(printf '%s\n' @observablehq/plot d3-scale)" \
	"$(of_bundle 'packages.map(({ name }) => name)' | grep -E '^(@observablehq/plot|d3-scale)$')"
same "the licences of what is bundled" "$(printf '%s\n' BSD-3-Clause ISC MIT)" \
	"$(of_bundle 'packages.flatMap(({ parts }) => parts.map(({ id }) => id))' | sort -u)"
same "no file of a package that the lock file has under Apache-2.0" none \
	"$(of_bundle files | grep -F -f <(locked Apache | sed 's|$|/|') || echo none)"
same "no file of d3-scale-chromatic, which has ColorBrewer's schemes" none \
	"$(of_bundle files | grep d3-scale-chromatic || echo none)"
same "no notice in the page of either" none "$(grep -iE 'apache|colorbrewer' "$page" || echo none)"
same "debian/copyright is what make copyright writes" \
	"$(node "$top/report/copyright.mjs" "$page.bundled.json" "$top/debian/copyright")" \
	"$(cat "$top/debian/copyright")"
echo "1..$count"
exit $failed
