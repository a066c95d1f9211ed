#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Both halves in short, for machines that are slow: a ping traced at tracepoints; pings answered
# by the kernel first, then at the driver, counted and shown; and nothing left behind.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

test_begin_seeing smoke
# shellcheck source=tests/net/trace_lib.sh
. "${0%/*}/trace_lib.sh"
# shellcheck source=tests/net/trace_paths.sh
. "${0%/*}/trace_paths.sh"

peer4=10.95.0.2 local4=10.95.0.1
peer6=fd95::2 local6=fd95::1

setup()
{
	hosts_up
	must in_ns a sysctl -qw net.ipv4.ping_group_range="1 0"
	must wait_until 3 reaches a $local4
	must wait_until 3 reaches a $local6
}

traced()
{
	local queue=()
	trace "trace" a --backend tp -- ping -n -c 1 $local4
	is "trace: one ping, with both ends" \
		"$(query ping end family source destination socket sender_netns responder_netns)" \
		"complete ipv4 $peer4 $local4 raw ${ns_inode[a]} ${ns_inode[b]}"
	is "trace: its system calls" "$(query ping.hops syscall | grep -v '^-' | sort -u | tr '\n' ' ')" \
		"recvmsg sendto "
	passes "trace: sends" "request sender" "${sends[@]}" "!raw_sendmsg" "${ip_out[@]}"
	passes "trace: answers" "any responder" "${softirq[@]}" "${ip_in[@]}" "!icmp_rcv" \
		"!icmp_echo" "!icmp_reply" "${ip_out[@]}"
	# Without it, a raw socket's queue is between two tracepoints (to 6.1).
	if is_set sk_data_ready; then
		queue=("!raw_rcv" "${queues[@]}")
	fi
	passes "trace: receives" "reply sender" "${ip_in[@]}" "${queue[@]}" "!icmp_rcv"
	passes "trace: reads" "reply sender" "!icmp_rcv" recvmsg "!____sys_recvmsg" \
		"raw_recvmsg" "${copies[@]}"
}

answered() # FAMILY TARGET
{
	ok "$1: the first ping is the kernel's" by_kernel b eth0 reaches a "$2"
	warms "$1" b eth0 reaches a "$2"
	ok "$1: stats" grep -qE "^replied_$1 +[1-9]" <(in_ns b "$ICMPX" stats eth0)
}

setup
traced
attach b eth0 --lease 3600
is "status: attached" "$(state_of b)" attached
answered v4 $local4
answered v6 $local6
pins=$(pin_dir b eth0)
ok "detach" in_ns b "$ICMPX" detach eth0
is "status: nothing" "$(state_of b)" ""
ok "no pins" [ ! -e "$pins" ]
ok "pings go on" reaches a $local4
test_end
