# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What the tests of `icmpx trace` share: one run, as JSON, as text and compared with the
# documents, all of them of the same events; and what they say.
#
# A function's name in an expectation may have alternatives ("a|b": kernels differ), and before
# it "!": seen for certain, not inferred; "fn:": expected where functions are probed, if this
# kernel has it (calls without a packet: no tracepoint is on their way).

# shellcheck disable=SC2154 # of lib.sh
json=$test_dir/trace.json text=$test_dir/trace.txt errors=$test_dir/trace.err
compared=$test_dir/compare.json

run_trace() # NAME OPTION... -- COMMAND
{
	local recording=$test_dir/recording status=0
	in_ns "$1" timeout $((30 * patience)) "$ICMPX" trace --json --record "$recording" "${@:2}" \
		>"$json" 2>"$errors" </dev/null || status=$?
	LC_ALL=C "$ICMPX" trace --replay "$recording" >"$text" 2>>"$errors" &&
		"$ICMPX" trace --replay "$recording" --compare --json >"$compared" 2>>"$errors" &&
		return "$status"
}

query() # TYPE[.LIST] MEMBER...: of the run's JSON
{
	"$tools/ndjson" "$@" <"$json"
}

described() # JSON-FILE...: as docs/trace-schema.md says
{
	local file
	[ -x /usr/bin/perl ] || return 0 # in small guests
	for file; do
		"${BASH_SOURCE[0]%/*}/schema_check" <"$file" || return 1
	done
}

hops_of_two() # hops that are in more than one ping, or twice in one
{
	query ping.hops time_ns probe cpu | sort | uniq -d
}

# The rendered functions, "LEG SIDE MARK FUNCTION" each. Marks as without UTF-8: "*" fired, "o"
# in a call path, "." inferred. A continued heading is indented.
rendered()
{
	awk '
		/^(request|reply|datagram|ICMP error), (sender|responder|forwarder)/ {
			sub(/^ICMP /, "")
			leg = $1
			side = $2
			sub(/,/, "", leg)
			sub(/:/, "", side)
		}
		/^(ping|udp|stages:) / { leg = "" }
		leg && match($0, / [*o.] /) {
			split(substr($0, RSTART), word, " ")
			print leg, side, word[1], word[2]
		}' "$text"
}

known() # the functions, probes and system calls that were seen, as JSON has them
{
	query path.frames function
	query ping.hops probe
	query ping.hops function
	query ping.hops syscall
}

# What is rendered as inferred may be seen elsewhere; what is rendered as seen must be.
unfounded()
{
	known >"$test_dir/known"
	rendered | awk -v file="$test_dir/known" '
		BEGIN { while ((getline name <file) > 0) seen[name] = 1 }
		$3 != "." && !($4 in seen)'
}

trace() # DESCRIPTION NAME OPTION... -- COMMAND
{
	local description=$1
	shift
	if ! run_trace "$@"; then
		fail "$description: traced" "$(tail -n 20 "$errors")"
		return
	fi
	ok "$description: JSON is as described" described "$json" "$compared"
	is "$description: no hop belongs to two pings" "$(hops_of_two)" ""
	is "$description: what is marked as seen was seen" "$(unfounded)" ""
	is "$description: no record lost" "$(query end lost)" 0
}

# Functions -------------------------------------------------------------------

expected_here() # NAME, without "fn:": does this backend see calls without a packet?
{
	local name
	[ "$(query header backend)" = fn ] || return 1
	for name in ${1//|/ }; do
		! query header missing | grep -qw -- "$name" || return 1
	done
}

in_order() # LEG SIDE FUNCTION...: prints the first one that does not come after those before it
{
	local leg=$1 side=$2 expected=() name
	shift 2
	for name; do
		if [ "${name#fn:}" = "$name" ]; then
			expected+=("$name")
		elif expected_here "${name#fn:}"; then
			expected+=("${name#fn:}")
		fi
	done
	rendered | awk -v leg="$leg" -v side="$side" -v list="${expected[*]}" '
		function wanted(i)
		{
			certain = want[i] ~ /^!/
			names = "|" want[i] "|"
			sub(/!/, "", names)
		}
		BEGIN { count = split(list, want, " "); i = 1; wanted(i) }
		i <= count && (leg == "any" || $1 == leg) && (side == "any" || $2 == side) &&
			index(names, "|" $4 "|") && (!certain || $3 != ".") { wanted(++i) }
		END { if (i <= count) print want[i] }'
}

# "any" leg: what makes an answer is under way for the request still; "any" side: the driver
# crosses from one to the other.
passes() # DESCRIPTION "LEG SIDE" FUNCTION...: it passes these, in this order
{
	local description=$1 leg=${2% *} side=${2#* } missing
	shift 2
	missing=$(in_order "$leg" "$side" "$@")
	if [ -z "$missing" ]; then
		pass "$description"
	else
		fail "$description" "$leg, $side: $missing is not there, or not in this place:" \
			"$(rendered | grep "^${leg/any/[a-z]*} ${side/any/[a-z]*} " | cut -d ' ' -f 3-)"
	fi
}

times_passed() # NAME[|NAME...]: how often; of names that may be on one way: the most
{
	"$tools/ndjson" compare.functions name count <"$compared" |
		awk -v names="|$1|" 'index(names, "|" $1 "|") && $2 > most { most = $2 }
			END { print most + 0 }'
}

passed_of() # REGEX: those of the functions that were passed
{
	"$tools/ndjson" compare.functions name <"$compared" | grep -E "$1" | sort -u
}

# Hops and stages -------------------------------------------------------------

hops() # PROBE LEG SIDE: how many
{
	query ping.hops probe leg side | grep -cx "$1 $2 $3"
}

has_hop() # PROBE LEG SIDE
{
	[ "$(hops "$@")" -gt 0 ]
}

is_set() # PROBE: is there such a tracepoint here?
{
	! query header missing | grep -qw -- "$1"
}

stages() # their names, in order, each run of one and the same once
{
	query ping.stages stage | uniq | tr '\n' ' '
}

has_stage() # STAGE LEG SIDE
{
	query ping.stages stage leg side | grep -qx "$1 $2 $3"
}
