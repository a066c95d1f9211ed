#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What icmpx says of pings against what the kernel's own function tracer (ftrace) says of them, and
# what was measured of kernels of this series (include/edges-*.h) against this one.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

# What stacks cannot show, beside functions that have returned: those that end with a jump to
# the next one, and that cannot be inferred either, since there is a way round them.
#  neigh_resolve_output: until the neighbour's link header is kept, then it is not called
#  sock_recvmsg: recvmmsg() leaves it out after the first message
hidden_tp=" neigh_resolve_output sock_recvmsg "
# Of errors, whose reader
#  tp: may end with a jump to ip_recv_error(), as other sockets' readers do
#  fn: asks for packets too, and there is none
hidden_error_tp=" raw_recvmsg rawv6_recvmsg ping_recvmsg "
hidden_error_fn=" skb_recv_datagram __skb_recv_datagram "

declare -A said=() # "PING WHAT": what witness_check says of it, a blank before each

read_said()
{
	local number what function rest
	said=()
	while read -r number what function rest; do
		[[ "${said[$number $what]:-} " = *" $function "* ]] ||
			said[$number $what]+=" $function${rest:+ ($rest)}"
	done <"$test_dir/said"
}

but() # LIST HIDDEN: sets `rest`
{
	local function
	rest=
	for function in $1; do
		[[ $2 = *" $function "* ]] || rest+=" $function"
	done
}

check_ping() # DESCRIPTION BACKEND NUMBER
{
	local hidden='' rest
	is "$1, $2: all that icmpx shows was called, in this order" "${said[$3 wrong]:-}" ""
	is "$1, $2: all that is inferred was called" "${said[$3 inferred]:-}" ""
	if [ "$2" = tp ]; then
		hidden=$hidden_tp
		[[ $1 != *exceeded* ]] || hidden+=$hidden_error_tp
	fi
	but "${said[$3 missing]:-}" "$hidden"
	is "$1, $2: no function is missing" "$rest${rest:+;${said[$3 during]:-}}" ""
	if [ "$2" = fn ]; then # probes at functions leave nothing out
		[[ $1 != *exceeded* ]] || hidden=$hidden_error_fn
		but "${said[$3 returned]:-}" "$hidden"
		is "$1, fn: each function was noticed" "$rest" ""
	fi
}

check() # NAME BACKEND SENT OPTION...
{
	local status=0 number=0 line
	witness "$1" "$3" --backend "$2" "${@:4}" || status=$?
	if [ $status = 3 ]; then
		pass "$1, $2 # SKIP backend $2: $(head -n 1 "$test_dir/errors")"
		return
	fi
	"$tools/witness_check" "$filter" "$test_dir/$1.trace" "$test_dir/$1.rec" \
		>"$test_dir/said" 2>&1
	is "$1, $2: each was traced" "$(grep -v '^[0-9]' "$test_dir/said")" "pings $(wc -l <<<"$3")"
	read_said
	while IFS= read -r line; do
		number=$((number + 1))
		check_ping "${line##* # }" "$2" $number
	done <<<"$3"
	diag "$1, $2: had returned before anything was noticed, of some:" \
		"$(sed -n 's/^[0-9]* returned //p' "$test_dir/said" | sort -u | tr '\n' ' ')"
}

test_begin_seeing witness
# shellcheck source=tests/net/witness_lib.sh
. "${0%/*}/witness_lib.sh"
need_ftrace function_graph
set_up_net # before: devices tell their groups to the network for a while
set_up_ftrace
check calls tp "$(pings)"
check pings fn "$(pings)"
check datagrams fn "$(datagrams)" --udp $udp_port
if [ -s "$test_dir/datagrams.rec" ]; then
	is "what is measured here is what was measured before" "$(edges compare pings datagrams)" ""
else
	pass "what is measured here is what was measured before # SKIP backend fn: $(
		head -n 1 "$test_dir/errors")"
fi
test_end
