#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The program with all its parts, with none, and with all but one: each is built in the directory
# of the one before, says what it is, is linked with what that takes and nothing else, does what it
# can, and says in one line what it cannot.
set -uo pipefail

top=$(cd "${0%/*}/../.." && pwd)
build=build/parts
icmpx=$top/$build/icmpx
recording=$top/tests/golden/6.12-raw.rec
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
count=0
failed=0

all="report exporter screens perfetto libxdp"
declare -A library=([exporter]=libmicrohttpd [screens]=libncursesw [perfetto]=libprotobuf-c [libxdp]=libxdp)

check() # DESCRIPTION GOT WANT
{
	count=$((count + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $count - $1"
	else
		failed=1
		printf '%s\n' "not ok $count - $1"
		printf '%s\n' "got:  $2" "want: $3" | sed 's/^/# /'
	fi
}

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
	check "$what: ${*:2} says what it lacks" "$(says "${@:2}" | sed 's/built without .*/built without .../')" \
		"3 icmpx: $1: this icmpx was built without ..."
}

try() # NAME PART...: with these parts
{
	local what=$1 part needed
	built=${*:2}
	missing=$(for part in $all; do has "$part" || echo "$part"; done | xargs)
	if ! build "$built"; then
		check "$what: is built" no yes
		sed 's/^/# /' "$dir/log" | tail -n 20
		return
	fi
	# shellcheck disable=SC2086 # one word a part
	check "$what: --version tells" "$("$icmpx" --version | tail -n 2)" \
		"with: $(listed $built)
without: $(listed $missing)"
	needed=$(readelf -d "$icmpx" | sed -n 's/.*NEEDED.*\[\(.*\)\.so.*/\1/p')
	for part in exporter screens perfetto libxdp; do
		check "$what: linked with ${library[$part]}" \
			"$(grep -qx "${library[$part]}" <<<"$needed" && echo yes || echo no)" \
			"$(has "$part" && echo yes || echo no)"
	done
	check "$what: a recording is replayed" "$(says trace --replay "$recording")" "0 "
	if has report; then
		check "$what: report" "$(says report --demo -o "$dir/page.html")" "0 "
	else
		without report report --demo -o "$dir/none.html"
		check "$what: report writes nothing" "$(ls "$dir/none.html" 2>/dev/null)" ""
	fi
	if has exporter; then
		check "$what: export wants an address" "$(says export --listen nowhere)" \
			"2 icmpx: --listen: 'nowhere' is not ADDRESS:PORT or [ADDRESS]:PORT, in numbers"
	else
		without export export
	fi
	if has perfetto; then
		check "$what: perfetto" "$(says trace --replay "$recording" -o "perfetto=$dir/trace")" "0 "
	else
		check "$what: perfetto says what it lacks" \
			"$(says trace --replay "$recording" -o "perfetto=$dir/no")" \
			"3 icmpx trace: --output: this icmpx was built without the format perfetto"
	fi
	check "$what: a screen, or why there is none" \
		"$(on_terminal stats --watch | grep -c 'built without screens')" "$(has screens && echo 0 || echo 1)"
	check "$what: what doctor says of libxdp" \
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
check "none: an unknown word is refused" \
	"$(make --no-print-directory -C "$top" BUILD="$build" WITH_SCREENS=perhaps all 2>&1 | head -n 1)" \
	"WITH_PART is yes, no or auto, and not 'perhaps' (screens)"
echo "1..$count"
exit $failed
