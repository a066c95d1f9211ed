#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# docs/metrics.md says what metrics there are and with which labels, and nothing else: it is
# compared both ways with the list that the program writes from.
set -uo pipefail

top=$(cd "${0%/*}/../.." && pwd)
document=$top/docs/metrics.md
# shellcheck source=tests/unit/lists_lib.sh
. "$top/tests/unit/lists_lib.sh"

# Of the macro, as the document's rows: "| `icmpx_build_info` | info | version | ... |".
listed()
{
	printf '%s\n' '#include "metrics_list.h"' \
		'#define X(id, type, family, unit, labels, help) % #type @ family @ labels @ help @' \
		'METRICS(X)' | "${CC:-gcc}" -E -P -I"$top/user" - | tr '\n%' ' \n' |
		sed 's/" *"//g; s/"//g' | awk -F ' *@ *' '
			BEGIN { suffix["COUNTER"] = "_total"; suffix["INFO"] = "_info" }
			NF == 5 {
				sub(/^ */, "", $1)
				printf "| `%s%s` | %s | %s | %s |\n", $2, suffix[$1], tolower($1),
					$3 == "" ? "-" : $3, $4
			}'
}

table() # HEADING
{
	sed -n "/^## $1\$/,/^## /p" "$document" | grep "^| \`"
}

labels()
{
	table "All of them" | cut -d '|' -f 4 | tr -d ' ' | tr ',' '\n' | grep -vx -- - | sort -u
}

same "metrics" "$(listed)" "$(table "All of them")"
# shellcheck disable=SC2016 # Markdown
same "labels" "$(labels)" "$(table "The labels" | sed -E 's/^\| `([^`]*)`.*/\1/')"
echo "1..$count"
exit $failed
