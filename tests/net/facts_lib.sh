# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# The facts of the published experiment as lines "NUMBER BY WANT GOT", tabs between: the
# guest prints them, tests and docs/experiment.md are made of them.

fact() # NUMBER BY WANT GOT
{
	printf '%s\t%s\t%s\t%s\n' "$@"
}

# What is to be found for one number: of all witnesses, once where they agree.
got() # NUMBER [BY-REGEX] <FACTS
{
	awk -F '\t' -v number="$1" -v by="${2:-.}" '
		$1 == number && $2 ~ by && $4 != "" && !seen[$4]++ { printf "%s%s", between, $4; between = " / " }'
}

# A row's cells of the document's table.
fact_cells() # FACTS-FILE
{
	local number
	for number in 1 2 3 4; do
		printf ' %s |' "$(got $number "$([ $number != 1 ] || echo ftrace)" <"$1")"
	done
	printf ' %s |' "$(got 5 TCP <"$1")" "$(got 5 drivers <"$1")"
	echo
}

# The kernel's series, as tests/vm/fetch has them.
series_of() # RELEASE
{
	case $1 in
		6.1.*-rt-*) echo 6.1-rt ;;
		7.*) echo 7 ;;
		*) cut -d . -f 1,2 <<<"$1" ;;
	esac
}
