#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What icmpx says of a ping against what the kernel's own function tracer (ftrace) says of it.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

tracing= # where tracefs is mounted
options="funcgraph-abstime funcgraph-tail funcgraph-proc funcgraph-cpu funcgraph-duration"
no_options="funcgraph-irqs funcgraph-overhead latency-format"

# Writes to one of ftrace's files; the error's name where that is refused.
tell_ftrace() # FILE TEXT
{
	local output
	# shellcheck disable=SC2016 # for the inner shell
	output=$(LC_ALL=C "$BASH" -c 'echo "$2" >"$1"' - "$tracing/$1" "$2" 2>&1) && return
	case $output in
		*'not permitted'*) echo EPERM ;;
		*'ermission denied'*) echo EACCES ;;
		*'o such file'*) echo ENOENT ;;
		*'busy'*) echo EBUSY ;;
		*'nvalid argument'*) echo EINVAL ;;
		*) echo "${output##*: }" ;;
	esac
	return 1
}

need_ftrace()
{
	local error
	mkdir "$tracing"
	error=$(LC_ALL=C mount -t tracefs tracefs "$tracing" 2>&1) ||
		skip_all "tracefs" "${error##*: }"
	error=$(tell_ftrace tracing_on 0) || skip_all "ftrace function tracer" "$error"
	[ "$(cat "$tracing/current_tracer")" = nop ] || skip_all "ftrace function tracer" EBUSY
	error=$(tell_ftrace current_tracer function_graph) ||
		skip_all "ftrace function tracer" "$error"
}

end_ftrace()
{
	tell_ftrace tracing_on 0
	tell_ftrace current_tracer nop
	tell_ftrace set_ftrace_filter ''
	tell_ftrace trace_clock local
	tell_ftrace trace ''
	umount "$tracing"
} >/dev/null

# All functions that icmpx knows and ftrace can see, whatever the compiler appended.
set_up_ftrace()
{
	local option
	tell_ftrace trace_clock mono >/dev/null
	"$tools/witness_check" names >"$test_dir/names"
	awk -v names="$test_dir/names" '
		BEGIN { while ((getline name <names) > 0) known[name] = 1 }
		{ base = $1; sub(/\..*/, "", base) }
		base in known && $1 !~ /\.cold/ { print $1 }
	' "$tracing/available_filter_functions" >"$test_dir/filter"
	# all at once: for each write the kernel goes through all its functions
	tell_ftrace set_ftrace_filter "$(cat "$test_dir/filter")" >/dev/null
	for option in $options; do
		tell_ftrace trace_options "$option" >/dev/null
	done
	for option in $no_options; do
		tell_ftrace trace_options "no$option" >/dev/null
	done
	tell_ftrace current_tracer function_graph >/dev/null
}

# What stacks cannot show, beside functions that have returned: those that end with a jump to
# the next one, and that cannot be inferred either, since there is a way round them.
#  neigh_resolve_output: until the neighbour's link header is kept, then it is not called
#  sock_recvmsg: recvmmsg() leaves it out after the first message
but_hidden() # BACKEND
{
	if [ "$1" = tp ]; then
		grep -vxF -e neigh_resolve_output -e sock_recvmsg
	else
		cat
	fi
}

# Sets `json` and `trace`. Fails where the backend does not work here (status 3).
witness() # BACKEND NS PING-ARGUMENTS...
{
	local status=0
	json=$test_dir/json trace=$test_dir/trace
	tell_ftrace trace '' >/dev/null
	tell_ftrace tracing_on 1 >/dev/null
	# shellcheck disable=SC2016 # for the inner shell
	in_ns "$2" "$ICMPX" trace --json --compare --backend "$1" -- \
		sh -c 'exec ping "$@" >/dev/null' - -n -q -c 1 -W $((2 * patience)) "${@:3}" \
		>"$json" 2>"$test_dir/errors" || status=$?
	tell_ftrace tracing_on 0 >/dev/null
	cat "$tracing/trace" >"$trace"
	return $status
}

check() # DESCRIPTION BACKEND NS PING-ARGUMENTS...
{
	local status=0 what returned
	witness "${@:2}" || status=$?
	if [ $status = 3 ]; then
		pass "$1, $2 # SKIP backend $2: $(head -n 1 "$test_dir/errors")"
		return
	fi
	for what in shown missing; do
		"$tools/witness_check" $what "$test_dir/filter" "$trace" "$json" \
			>"$test_dir/$what" 2>&1
	done
	is "$1, $2: all that icmpx shows was called, in this order" \
		"$(cat "$test_dir/shown")" ""
	is "$1, $2: no function is missing" \
		"$(sed '/^returned /d; s/^missing //' "$test_dir/missing" | but_hidden "$2")" ""
	returned=$(sed -n 's/^returned //p' "$test_dir/missing")
	# probes at functions leave nothing out
	[ "$2" != fn ] || is "$1, fn: each function was noticed" "$returned" ""
	[ -z "$returned" ] || diag "$1, $2: $(wc -w <<<"$returned") that had returned before" \
		"anything was noticed: ${returned//$'\n'/ }"
}

ping_sockets() # NS FROM TO: the groups that may use them
{
	must in_ns "$1" sysctl -qw net.ipv4.ping_group_range="$2 $3"
}

test_begin witness
tracing=$test_dir/tracing
trap 'end_ftrace; cleanup' EXIT
need_ftrace
set_up_ftrace
ns_add a b
ns_join a e0 b e0
must in_ns a ip addr add 10.9.0.1/24 dev e0
must in_ns b ip addr add 10.9.0.2/24 dev e0
must in_ns a ip addr add fd09::1/64 dev e0 nodad
must in_ns b ip addr add fd09::2/64 dev e0 nodad
for address in 10.9.0.2 fd09::2; do # neighbours know each other
	must wait_until 5 in_ns a ping -n -q -c 1 -W 1 $address
done

for backend in tp fn; do
	ping_sockets a 1 0
	check "raw socket, IPv4" $backend a 10.9.0.2
	check "raw socket, IPv6" $backend a fd09::2
	check "loopback" $backend a 127.0.0.1
	ping_sockets a 0 0
	check "ping socket, IPv4" $backend a 10.9.0.2
	check "ping socket, IPv6" $backend a fd09::2
done
test_end
