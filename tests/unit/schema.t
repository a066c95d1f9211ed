#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# docs/trace-schema.md is what the JSON is: its lists of names are those of the headers, both ways;
# what the renderer writes is as described, and all that is described is written; and the checker
# that the live tests use sees what is wrong.
set -uo pipefail

top=$(cd "${0%/*}/../.." && pwd)
build=${ICMPX_BUILD:-$top/build}
document=$top/docs/trace-schema.md
check=$top/tests/net/schema_check
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
samples=$dir/samples
merged=$dir/merged
# shellcheck source=tests/unit/lists_lib.sh
. "$top/tests/unit/lists_lib.sh"

result() # STATUS DESCRIPTION
{
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		failed=1
	fi
}

# "name: meaning" of a list of the document; with a layer, "name: layer: meaning".
document_list() # HEADING
{
	# shellcheck disable=SC2016 # Markdown
	sed -n "/^## $1\$/,/^##* /p" "$document" | grep '^| `' |
		sed -E 's/^\| `([^`]*)` \| (.*) \|$/\1: \2/; s/ \| /: /'
}

# The same of a macro. The compiler knows best how it goes on over lines.
header_list() # HEADER MACRO PARAMETERS WHAT
{
	printf '#include "%s"\n#define X(%s) \001 %s\n%s(X)\n' "$1" "$3" "$4" "$2" |
		"${CC:-gcc}" -E -P -I"$top/include" -I"$top/user" - | tr '\001' '\n' |
		sed -nE 's/^ *"([^"]*)" *"(.*)" *$/\1: \2/; T; s/" *"/: /; s/; \[0\].*//; p'
}

# Of a function the first name.
probe_list()
{
	local layers='s/^([^:]*): ([A-Z]+): /\1: \L\2\E: /'

	header_list probes.h ICMPX_TRACEPOINTS "id, name, layer, help" "name #layer help" |
		sed -E "$layers"
	header_list probes.h ICMPX_FUNCTIONS "id, names, layer, skb, help" "names #layer help" |
		sed -E "s/^([^:|]*)\|[^:]*:/\1:/; $layers"
}

# The names in a function's table.
function_names() # FILE FUNCTION
{
	sed -n "/ \*$2(/,/^}/p" "$top/user/$1" | sed -n '/names\[\] = {/,/};/p' | grep -o '"[a-z]*"' |
		tr -d '"'
}

same "the list of ends" "$(header_list assemble.h PING_ENDS "id, name, title" "name title")" \
	"$(document_list ends)"
same "the list of stages" "$(header_list stages.h STAGES "id, name, title" "name title")" \
	"$(document_list stages)"
same "the list of layers" "$(header_list probes.h ICMPX_LAYERS "id, name, title" "name title")" \
	"$(document_list layers)"
same "the list of fates" "$(header_list merge.h MERGE_FATES "id, name, title" "name title")" \
	"$(document_list fates)"
same "the list of results" "$(header_list compare.h COMPARE_RESULTS "id, name, title" "name title")" \
	"$(document_list results)"
same "the list of documented paths" \
	"$(header_list documented.h ICMPX_DOCUMENTED_PATHS "id, name, title, source" "name title")" \
	"$(document_list documented)"
same "the list of probes" "$(probe_list)" \
	"$(document_list probes | grep -vE '^(sys_enter: syscall|unknown: other): ')"
same "the list of legs" "$(function_names trace.c trace_kind_name)" \
	"$(document_list legs | sed 's/:.*//')"
same "the list of sides" "$(function_names assemble_names.c hop_side_name)" \
	"$(document_list sides | sed 's/:.*//')"
same "the schema's number" \
	"$(sed -n 's/^#define TRACE_SCHEMA \([0-9]*\).*/\1/p' "$top/user/trace.h")" \
	"$(sed -nE 's/.*number of this description: \*\*([0-9]+)\*\*.*/\1/p' "$document")"

ICMPX_SAMPLES=$samples "$build/tests/unit/render_trace_json.t" >/dev/null
result $? "samples of the renderer"
ICMPX_SAMPLES=$merged "$build/tests/unit/render_merge.t" >/dev/null
result $? "samples of a merge"
"$check" <"$merged" 2>"$dir/messages"
result $? "samples of a merge are as described"
sed 's/^/# /' "$dir/messages"
"$check" <"$samples" 2>"$dir/messages"
result $? "samples are as described"
sed 's/^/# /' "$dir/messages"
# shellcheck disable=SC2016 # Markdown
same "all that is described is written" "all" "all$(
	sed -n '/^# Objects$/,/^# Names$/s/^| `\([a-z_0-9]*\)`.*/\1/p' "$document" | sort -u |
		while read -r member; do
			grep -q "\"$member\":" "$samples" "$merged" || echo " $member"
		done
)"

# The samples, changed: the checker must say so.
wrong() # DESCRIPTION MESSAGE SED...
{
	sed -E "${@:3}" "$samples" >"$dir/wrong"
	! "$check" <"$dir/wrong" 2>"$dir/messages" && grep -qF "$2" "$dir/messages" &&
		! cmp -s "$samples" "$dir/wrong"
	result $? "seen: $1"
}

# The same of a merge.
wrong_merged() # DESCRIPTION MESSAGE SED...
{
	local samples=$merged
	wrong "$@"
}

wrong "no line" "there is none" -n ''
wrong "not JSON" "not JSON" '3s/"hops"/hops/'
wrong "cut off" "cut off" -z 's/\n$//'
wrong "type not first" "type is not the first member" '3s/^\{"type":"ping",(.*)\}$/{\1,"type":"ping"}/'
wrong "an unknown object" "object pong is not described" '3s/"ping"/"pong"/'
wrong "an object of an object" "object hop is not described" '3s/"ping"/"hop"/'
wrong "no header" "header is not the first" 1d
# shellcheck disable=SC2016 # a program for sed
wrong "lines after the end" "after the end" '3{h;d};$G'
wrong "two headers" "header is not the first" '1p'
wrong "an unknown member" "ping.extra: not described" '3s/"number"/"extra":1,&/'
wrong "an unknown member of a hop" "ping.hops[0].extra: not described" '3s/"probe"/"extra":1,&/'
wrong "a missing member" "ping.end: missing" '3s/"end":"[a-z]*",//'
wrong "a missing member of a hop" "ping.hops[0].cpu: missing" '3s/"cpu":[0-9]*,//'
wrong "text for an integer" "ping.number: text, not integer" '3s/"number":1/"number":"1"/'
wrong "an integer for text" "header.kernel: integer, not text" '1s/"kernel":"[^"]*"/"kernel":6/'
wrong "a fraction for an integer" "ping.lost: number, not integer" '3s/"lost":0/"lost":0.5/'
wrong "an integer for a boolean" "ping.duplicate: integer, not boolean" '3s/("duplicate":)false/\10/'
wrong "null" "ping.first_ns: null, not integer" '3s/("first_ns":)[0-9]*/\1null/'
wrong "no list" "ping.hops: not a list" '3s/"hops":\[.*\],"stages"/"hops":{},"stages"/'
wrong "no object" "path.frames[0]: not an object" '2s/"frames":\[/&1,/'
wrong "no address" "ping.source: not an address" '3s/"10\.0\.0\.1"/"10.0.0.256"/'
wrong "another clock" "header.clock: not CLOCK_MONOTONIC" '1s/CLOCK_MONOTONIC/CLOCK_BOOTTIME/'
wrong "an unknown probe" "'icmp_rvc' is not one of the probes" '3s/"icmp_rcv","layer/"icmp_rvc","layer/'
wrong "an unknown end" "'over' is not one of the ends" '3s/"complete"/"over"/'
wrong "an unknown leg" "'lag' is not one of the legs" '3s/"leg":"reply"/"leg":"lag"/'
wrong "an unknown side" "'inside' is not one of the sides" '3s/"side":"responder"/"side":"inside"/'
wrong "an unknown layer" "'ether' is not one of the layers" '2s/"layer":"link"/"layer":"ether"/'
wrong "an unknown stage" "'stay' is not one of the stages" '3s/"stage":"[a-z]*"/"stage":"stay"/'
wrong "a missing count" "end.ends.error: missing" 's/("ends":.*)"error":[0-9]*,/\1/'
wrong "a count of nothing" "end.ends.over: not described" 's/"ends":\{/&"over":1,/'
wrong "stages that do not sum" "ping.stages: their sum is" '3s/"ns":[0-9]/&1/'
wrong "a span that is none" "ping.span_ns" '3s/("last_ns":)/\11/'
wrong "a number twice" "ping.number: does not rise" '4s/"number":2/"number":1/'
wrong "hops not by time" "ping.hops: not by time" '3s/("hops":\[\{"time_ns":)/\19/'
wrong "no path of that id" "was not written before" 2d
wrong "ports of a ping" "ping: has destination_port source_port" \
	'3s/"id":4660,"seq":1/"source_port":4660,"destination_port":1/'
wrong_merged "a merge without its first line" "header is not the first" 1d
# shellcheck disable=SC2016 # a program for sed
wrong_merged "lines after the end of a merge" "after the end" '2{h;d};$G'
wrong_merged "an unknown fate" "'gone' is not one of the fates" '2s/"fate":"[a-z_]*"/"fate":"gone"/'
wrong_merged "an unknown machine" "'c' is not one of the machines" '2s/"sender":"a"/"sender":"c"/'
wrong_merged "a merge's stages that do not sum" "merged.stages: their sum is" '2s/"ns":[0-9]/&1/'
wrong_merged "a time on the wire beyond its bounds" "not within its bounds" '2s/"min_ns":[0-9]+/"min_ns":99999999999/'
wrong_merged "an offset beyond its bounds" "merged.offset_ns" '2s/("offset_max_ns":)-?[0-9]+/\1-99999999999999/'
wrong_merged "hops of a part not by time" "ping.hops: not by time" '2s/("hops":\[\{"time_ns":)/\19/'
echo "1..$count"
exit $failed
