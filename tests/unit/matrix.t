#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel matrix's table: it is made of what the tests said, and what was covered nowhere,
# failed, or is claimed otherwise fails it.
set -uo pipefail

table=${0%/*}/../vm/table
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
count=0
failed=0

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

result() # KERNEL TEST STATUS LINE...
{
	mkdir -p "$dir/$1/results/$(dirname "$2")"
	printf '%s\n' "${@:4}" "# exit status $3, 5 ms" >"$dir/$1/results/$2"
}

begin() # rows and the results of two kernels, with which all is well
{
	rm -rf "${dir:?}"/*
	printf '%s\n' 'Echo | t/echo.t' 'Other | t/o*.t' >"$dir/rows"
	result 5 t/echo.t 0 'ok 1 - a' 'ok 2 - b # SKIP kprobe: ENOENT' 1..2
	result 5 t/other.t 0 '1..0 # SKIP VRF devices: EOPNOTSUPP'
	result 6 t/echo.t 0 'ok 1 - a' 'ok 2 - b' 1..2
	result 6 t/other.t 0 'ok 1 - c' 1..1
}

run() # OPTION...: sets `lines`, the table's cells, and `complaints`
{
	complaints=$("$table" --rows "$dir/rows" --results "$dir" "$@" 2>&1 >"$dir/table.md")
	status=$?
	lines=$(tr -s ' ' <"$dir/table.md")
}

begin
run 5 6
check "all is well: status" "$status" 0
check "no complaint" "$complaints" ""
check "the table, and what was left out" "$lines" "| | 5 | 6 |
|---|---|---|
| Echo | in part | yes |
| Other | no | yes |

- not on 5: Echo: kprobe; Other: VRF devices"

begin
printf '%s\n' '<!-- matrix -->' '| | 5 | 6 |' '|---|---|---|' '| Echo | yes | yes |' \
	'| Other | no | yes |' '<!-- end of matrix -->' >"$dir/kernels.md"
run --against "$dir/kernels.md" 5 6
check "as the document has it: status" "$status" 0
sed -i '/Other/s/no/yes/' "$dir/kernels.md"
run --against "$dir/kernels.md" 5 6
check "not as the document has it" "$status $complaints" \
	"1 table: $dir/kernels.md: Other on 5: yes, and now no"
rm -r "$dir/5"
mkdir -p "$dir/5/results"
run --part --against "$dir/kernels.md" 5 6
check "what a run leaves out does not contradict it" "$status $complaints" "0 "

begin
run 5
check "a capability on no kernel: whole tests, and parts" "$status $complaints" \
	"1 table: covered nowhere: t/echo.t, b (kprobe)
table: covered nowhere: t/other.t, all (VRF devices)"
run --part 5
check "not asked of a part of the kernels" "$status $complaints" "0 "

begin
result 6 t/echo.t 1 'ok 1 - a' 'not ok 2 - b' 1..2
run 5 6
check "a failed test" "$status ${complaints%%$'\n'*}" "1 table: 6: t/echo.t failed"
check "and in the table" "$(grep Echo "$dir/table.md" | head -n 1)" "| Echo | in part | **fails** |"
begin
result 6 t/echo.t 0 'ok 1 - a' 'ok 2 - b' 1..3
run 5 6
check "a test that ended too early has failed" "$status $complaints" "1 table: 6: t/echo.t failed"
begin
result 6 t/echo.t 255 '# not run: the VM died before'
run 5 6
check "a test that was not run has failed" "$status ${complaints##*$'\n'}" "1 table: covered nowhere: \
t/echo.t, b (kprobe)"

begin
result 6 t/new.t 0 'ok 1 - a' 1..1
printf '%s\n' 'More | t/more.t' >>"$dir/rows"
run 5 6
check "a test without a row, and a row without a test" "$status $complaints" \
	"1 table: row without a test: More
table: t/new.t: in no row"
echo "1..$count"
exit $failed
