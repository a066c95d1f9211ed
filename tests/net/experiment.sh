#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# experiment.sh [symbols]: the published experiment, for tests/vm/experiment. Prints files, a line
# "\001NAME" before each: what icmpx and ftrace say of the ping, all the calls of another one,
# the kernel's symbols if asked for.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

test_begin experiment
# shellcheck source=tests/net/trace_lib.sh
. "${0%/*}/trace_lib.sh"
# shellcheck source=tests/net/ftrace_lib.sh
. "${0%/*}/ftrace_lib.sh"
# shellcheck source=tests/net/facts_lib.sh
. "${0%/*}/facts_lib.sh"
# shellcheck source=tests/net/experiment_lib.sh
. "${0%/*}/experiment_lib.sh"

file() # NAME: what follows
{
	printf '\001%s\n' "$1"
}

packed()
{
	gzip -1 -c | base64
}

facts()
{
	local backend
	for backend in tp fn; do
		experiment $backend >/dev/null || bail "$backend: $(cat "$errors")"
		facts_of_icmpx $backend
		facts_of_ftrace
	done
}

# Names that are others today, of the documented paths that the ping took.
renamed()
{
	"$tools/ndjson" compare.paths rows <"$compared" | tr -d '\n' | sed 's/}/}\n/g' |
		grep '"result": *"renamed"' |
		sed -nE 's/.*"documented": *"([^"]*)".*"live": *"([^"]*)".*/\1 \2/p' | sort -u
}

# Names that begin or end a section are at functions, too.
symbols()
{
	awk '$2 ~ /^[tTwW]$/ && NF == 3 && $3 !~ /^__pfx_|_text_(start|end)$/ { print $1, $3 }' \
		/proc/kallsyms
}

need_ftrace function
set_up_watch
ns_add a b
file release
uname -r
file facts
facts
file path
cat "$text"
file compare
LC_ALL=C "$ICMPX" trace --replay "$test_dir/recording" --compare |
	awk '/DOCUMENTED/ && !on { on = 1; print before } on; { before = $0 }'
file renamed
renamed
file passed
"$tools/ndjson" compare.functions name count <"$compared"
file loop
printf '%s\n' "${loop_functions[@]}"
file calls # where no ping has been before
take_calls busybox nsenter --net="$(ns_path b)" busybox ping -c 1 127.0.0.1 | packed
if [ "${1:-}" = symbols ]; then
	file symbols
	symbols | packed
fi
file end
[ $test_failed -eq 0 ]
