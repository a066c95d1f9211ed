# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2034 # failed: for the tests
# For tests that hold what a document lists to what the sources list.
count=0
failed=0

same() # DESCRIPTION WANT GOT: lists of lines
{
	count=$((count + 1))
	if [ -n "$2" ] && [ "$2" = "$3" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		failed=1
		diff <(echo "$2") <(echo "$3") | sed 's/^/# /'
	fi
}
