#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What tests/vm/callgraph makes of a program whose calls are known: static ones, live ones, each
# kind of them.
set -uo pipefail

tool=$(realpath -m "${ICMPX_BUILD:-build}")/tests/vm/callgraph
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
count=0
failed=0

is() # DESCRIPTION GOT WANT
{
	count=$((count + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		printf '%s\n' "got:  $2" "want: $3" | sed 's/^/# /'
		failed=1
	fi
}

# "at_N" are the addresses behind calls, "patched" where a call returns to that the kernel has
# made two bytes long.
program()
{
	cat <<-'END'
		.globl _start
		.macro function name
		.type \name, @function
		\name: call __fentry__
		.endm
		_start:
		__fentry__: ret
		function __x64_sys_sendto
		call direct
		at_1: call hop
		at_2: je unused
		thunked: call __x86_indirect_thunk_rax
		call __SCT__choice
		at_3: call *8(%rax)
		at_4: call unused
		at_5: ret
		function direct
		jmp tail
		function tail
		ret
		function hop
		jmp *%rax
		function last
		ret
		function unused
		jmp .Lend
		.Lend: ret
		function pointed
		ret
		function stored
		ret
		function chosen
		ret
		__pi___x86_indirect_thunk_rax:
		__x86_indirect_thunk_rax: jmp *%rax
		__SCT__choice: jmp chosen
		.set patched, thunked + 2
	END
}

address() # NAME
{
	awk -v name="$1" '$3 == name { print $1 }' "$dir/all"
}

calls() # FUNCTION RETURN...: their addresses
{
	while [ $# -gt 0 ]; do
		echo "$(address "$1") $(address "$2")"
		shift 2
	done
}

said() # REGEX
{
	grep -E "^$1" "$dir/output" | xargs
}

if [ "$(uname -m)" != x86_64 ]; then
	echo "1..0 # SKIP x86-64: $(uname -m)"
	exit 0
fi
program >"$dir/program.s"
if ! gcc -nostdlib -static -no-pie -o "$dir/program" "$dir/program.s"; then
	printf '%s\n' "not ok 1 - the program assembles" 1..1
	exit 1
fi
nm "$dir/program" >"$dir/all"
awk '$3 !~ /^(at_.|patched|thunked)$/ { print $1, $3 }' "$dir/all" >"$dir/symbols"
calls direct at_1 tail at_1 hop at_2 last at_2 pointed patched chosen at_3 stored at_4 chosen at_5 \
	>"$dir/calls"
printf '%s\n' __x64_sys_sendto direct hop nothing >"$dir/names"
"$tool" "$dir/program" "$dir/symbols" "$dir/calls" "$dir/names" __x64_sys_sendto "nothing|last" \
	tail >"$dir/output"
is "it runs" "$?" 0
is "reached: by the code, live, both" "$(said reach)" "reach 5 8 4"
is "static calls of three functions, of those live" "$(said path)" "path 3 5 3"
is "a direct call" "$(said 'live direct')" "live direct 2"
is "a jump at the end" "$(said 'live tail ')" "live tail 1"
is "through a thunk that was patched, and through memory" "$(said 'live pointer')" "live pointer 2"
is "a jump through a pointer" "$(said 'live tail_pointer')" "live tail_pointer 1"
is "a static_call()" "$(said 'live static_call')" "live static_call 1"
is "what the code does not explain" "$(said 'live unexplained')" "live unexplained 1"
is "the way with the fewest pointers" "$(said 'link __x64_sys_sendto')" \
	"link __x64_sys_sendto last 1 1 __x64_sys_sendto -> hop *-> last"
is "no way" "$(said 'link last')" "link last tail - - none"
is "what the code leads to" "$(said loop)" "loop __x64_sys_sendto yes loop last no loop tail yes"
echo "1..$count"
exit $failed
