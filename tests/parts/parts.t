#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The program with all its parts, with none, and with all but one: each is built in the directory
# of the one before, says what it is, is linked with what that takes and nothing else, does what it
# can, and says in one line what it cannot.
set -uo pipefail

top=$(cd "${0%/*}/../.." && pwd)
# shellcheck source=tests/net/lib.sh
. "$top/tests/net/lib.sh"
build=build/parts
icmpx=$top/$build/icmpx
recording=$top/tests/golden/6.12-raw.rec
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

all="report exporter screens perfetto libxdp"
declare -A library=([exporter]=libmicrohttpd [screens]=libncursesw [perfetto]=libprotobuf-c [libxdp]=libxdp)

listed() # PART...
{
	local words="${*:-none}"
	echo "${words// /, }"
}

# Its exit status, and what it says on stderr.
says() # COMMAND...
{
	local status=0
	"$icmpx" "$@" >"$dir/out" 2>"$dir/err" </dev/null || status=$?
	echo "$status $(cat "$dir/err")"
}

# What it says on a terminal within two seconds, after which it is ended.
on_terminal() # COMMAND...
{
	TERM=xterm timeout -k 5 30 script -qec "timeout 2 '$icmpx' $*" /dev/null 2>&1 </dev/null | tr -d '\r'
}

build() # PARTS THAT ARE IN
{
	local part args=()
	for part in $all; do
		case " $* " in
		*" $part "*) args+=("WITH_${part^^}=yes") ;;
		*) args+=("WITH_${part^^}=no") ;;
		esac
	done
	make -j "$(nproc)" --no-print-directory -C "$top" BUILD="$build" WERROR=1 "${args[@]}" all >"$dir/log" 2>&1
}

has() # PART: whether it is in $built
{
	[[ " $built " = *" $1 "* ]]
}

without() # PART COMMAND...: that it cannot, in one line
{
	is "$what: ${*:2} says what it lacks" "$(says "${@:2}" | sed 's/built without .*/built without .../')" \
		"3 icmpx: $1: this icmpx was built without ..."
}

try() # NAME PART...: with these parts
{
	local what=$1 part needed
	built=${*:2}
	missing=$(for part in $all; do has "$part" || echo "$part"; done | xargs)
	if ! build "$built"; then
		is "$what: is built" no yes
		sed 's/^/# /' "$dir/log" | tail -n 20
		return
	fi
	# shellcheck disable=SC2086 # one word a part
	is "$what: --version tells" "$("$icmpx" --version | tail -n 2)" \
		"with: $(listed $built)
without: $(listed $missing)"
	needed=$(readelf -d "$icmpx" | sed -n 's/.*NEEDED.*\[\(.*\)\.so.*/\1/p')
	for part in exporter screens perfetto libxdp; do
		is "$what: linked with ${library[$part]}" \
			"$(grep -qx "${library[$part]}" <<<"$needed" && echo yes || echo no)" \
			"$(has "$part" && echo yes || echo no)"
	done
	is "$what: a recording is replayed" "$(says trace --replay "$recording")" "0 "
	if has report; then
		is "$what: report" "$(says report --demo -o "$dir/page.html")" "0 "
	else
		without report report --demo -o "$dir/none.html"
		is "$what: report writes nothing" "$(ls "$dir/none.html" 2>/dev/null)" ""
	fi
	if has exporter; then
		is "$what: export wants an address" "$(says export --listen nowhere)" \
			"2 icmpx: --listen: 'nowhere' is not ADDRESS:PORT or [ADDRESS]:PORT, in numbers"
	else
		without export export
	fi
	if has perfetto; then
		is "$what: perfetto" "$(says trace --replay "$recording" -o "perfetto=$dir/trace")" "0 "
	else
		is "$what: perfetto says what it lacks" \
			"$(says trace --replay "$recording" -o "perfetto=$dir/no")" \
			"3 icmpx trace: --output: this icmpx was built without the format perfetto"
	fi
	is "$what: a screen, or why there is none" \
		"$(on_terminal stats --watch | grep -c 'built without screens')" "$(has screens && echo 0 || echo 1)"
	is "$what: what doctor says of libxdp" \
		"$("$icmpx" doctor --json | grep -c 'without libxdp (not built in)')" \
		"$(has libxdp && echo 0 || echo 1)"
}

built=
missing=
# shellcheck disable=SC2086 # one word a part
try "all" $all
for part in $all; do
	# shellcheck disable=SC2046 # one word a part
	try "all but $part" $(tr ' ' '\n' <<<"$all" | grep -vx "$part")
done
try "none"
is "none: an unknown word is refused" \
	"$(make --no-print-directory -C "$top" BUILD="$build" WITH_SCREENS=perhaps all 2>&1 | head -n 1)" \
	"WITH_PART is yes, no or auto, and not 'perhaps' (screens)"
test_end
