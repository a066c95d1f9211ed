# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# The published experiment, a ping to 127.0.0.1, and its five facts as numbers: by what icmpx
# says of it (tp, fn), and by ftrace, which watches beside it. For lib.sh, trace_lib.sh; what
# watches needs ftrace_lib.sh.

# shellcheck disable=SC2154 # of trace_lib.sh and ftrace_lib.sh
watched=$test_dir/watched # "TASK FUNCTION" each, in order
filter=$test_dir/filter

# Names that one kernel or the other has, in the order of the loop.
loop_functions=(ip_push_pending_frames ip_output "__dev_queue_xmit|dev_queue_xmit"
	"netif_receive_skb|__netif_receive_skb|netif_receive_skb_internal|__netif_receive_skb_one_core"
	ip_rcv ip_local_deliver icmp_rcv)
socket_names="__x64_sys_socket|__arm64_sys_socket|__sys_socket"
system_calls='^__(x64|arm64)_sys_(socket|setsockopt|sendto|recvfrom)$'
# What transmits or receives. Not timers of TCP, which go off by themselves.
transport='^_*(tcp|udp)(lite)?(v?[46])?_.*(xmit|transmit|send|output|push|rcv|recv|receive|deliver)'
drivers='[[](virtio_net|e1000|e1000e)[]]$'

# What the documents say. The options are busybox's: broadcast, receive buffer.
order_wanted="1 socket, 2 setsockopt, 1 sendto, 2 recvfrom"
loop_wanted="2 2 2 2 2 2 2"

loop_passed() # how often icmpx saw each of the loop
{
	local name counts=
	for name in "${loop_functions[@]}"; do
		counts+=" $(times_passed "$name")"
	done
	echo "${counts# }"
}

# The watch -------------------------------------------------------------------

available() # REGEX: of what ftrace can see
{
	grep -E "$1" "$functions" | cut -d ' ' -f 1 | sort -u
}

set_up_watch()
{
	local loop
	loop=$(printf '|%s' "${loop_functions[@]}" ping_rcv)
	available "$transport" >"$test_dir/transport"
	available "$drivers" >"$test_dir/drivers"
	{
		available "$system_calls"
		available "^(${loop#|})$"
		cat "$test_dir/transport" "$test_dir/drivers"
	} >"$filter"
	filter_ftrace "$filter" >/dev/null
}

watch() # COMMAND...
{
	local status=0
	tell_ftrace trace '' >/dev/null
	tell_ftrace tracing_on 1 >/dev/null
	"$@" || status=$?
	tell_ftrace tracing_on 0 >/dev/null
	sed -n 's/^ *\([^ ].*\)-[0-9]* *\[[0-9]*\].*[0-9]: \([^ ]*\).* <-.*/\1 \2/p' \
		"$tracing/trace" >"$watched"
	return $status
}

# The ping of the experiment, and what icmpx says of it. Again where its end is missed: a reply
# that waits for its reader for more than 100 ms, as in an emulator, is taken for dropped on
# kernels without the tracepoint that shows it at the socket (5.10, 6.1).
experiment() # BACKEND
{
	local try
	for try in 1 2 3; do
		watch run_trace a --backend "$1" -- busybox ping -c 1 127.0.0.1 || return
		query ping end | grep -qvx complete || return 0
		echo "try $try: $(query ping end)"
	done
}

times_watched() # NAME[|NAME...]: as times_passed() of trace_lib.sh
{
	awk -v names="|$1|" 'index(names, "|" $NF "|") && ++count[$NF] > most { most = count[$NF] }
		END { print most + 0 }' "$watched"
}

loop_watched()
{
	local name counts=
	for name in "${loop_functions[@]}"; do
		counts+=" $(times_watched "$name")"
	done
	echo "${counts# }"
}

# The system calls of one program, each run of one and the same once with its number.
order_watched() # PROGRAM
{
	sed -nE "s/^$1 __(x64|arm64)_sys_//p" "$watched" |
		grep -xE 'socket|setsockopt|sendto|recvfrom' | uniq -c |
		awk '{ printf "%s%s %s", between, $1, $2; between = ", " }'
}

# By whatever task of the whole machine.
touched() # FILE: of names
{
	awk '{ print $NF }' "$watched" | grep -xFf "$1" | sort | uniq -c
}

of_watched() # FILE: "0 of 123"
{
	echo "$(touched "$1" | wc -l) of $(wc -l <"$1")"
}

# All functions that one program calls from its socket on: "FUNCTION RETURN" each, two addresses.
# Not those of interrupts.
take_calls() # PROGRAM COMMAND...
{
	local program=$1
	shift
	tell_ftrace current_tracer nop
	tell_ftrace set_ftrace_filter ''
	tell_ftrace buffer_size_kb 20000
	tell_ftrace trace_options irq-info
	tell_ftrace trace_options sym-addr
	tell_ftrace trace ''
	tell_ftrace current_tracer function
	# shellcheck disable=SC2016 # for the inner shell
	"$BASH" -c 'cd "$0" && echo $$ >set_ftrace_pid && echo 1 >tracing_on && exec "$@"' \
		"$tracing" "$@" >/dev/null
	tell_ftrace tracing_on 0
	awk -v task="$program-" -F '[<>]' '
		/_sys_exit_group </ { on = 0 }
		/_sys_socket </ { on = 1 }
		on && index($1, task) && / <-/ && !/\] [^ ]*[hHzZ][^ ]* +[0-9.]+: / { print $2, $5 }
	' "$tracing/trace"
}

# Facts -----------------------------------------------------------------------

facts_of_icmpx() # BACKEND
{
	[ "$1" != fn ] || fact 1 "$1" "1 socket, 1 sendto" \
		"$(times_passed "$socket_names") socket, $(times_passed sendto) sendto"
	fact 2 "$1" "$loop_wanted" "$(loop_passed)"
	# tp sees it where it leaves a stack; not where it ends with a jump.
	[ "$1 $(times_passed ping_rcv)" = "tp 0" ] || fact 3 "$1" 1 "$(times_passed ping_rcv)"
	fact 4 "$1" 2 "$(times_passed recvfrom)"
	fact 5 "$1" "" "$(passed_of '^_*(tcp|udp)|^virtnet_|^e1000')"
}

facts_of_ftrace()
{
	fact 1 ftrace "$order_wanted" "$(order_watched busybox)"
	fact 2 ftrace "$loop_wanted" "$(loop_watched)"
	fact 3 ftrace 1 "$(times_watched ping_rcv)"
	fact 4 ftrace 2 "$(times_watched "__x64_sys_recvfrom|__arm64_sys_recvfrom")"
	fact 5 "ftrace, TCP and UDP" "0 of $(wc -l <"$test_dir/transport")" \
		"$(of_watched "$test_dir/transport")"
	fact 5 "ftrace, drivers of NICs" "0 of $(wc -l <"$test_dir/drivers")" \
		"$(of_watched "$test_dir/drivers")"
}
