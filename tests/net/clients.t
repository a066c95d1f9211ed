#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Real clients see no difference: the same output (but for times) and exit status, no reply
# lost, with icmpx in the mode that it chooses itself.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

setup()
{
	ns_add a b
	ns_join a eth0 b eth0
	must in_ns a ip addr add 10.78.0.2/24 dev eth0
	must in_ns a ip addr add fd78::2/64 dev eth0 nodad
	must in_ns b ip addr add 10.78.0.1/24 dev eth0
	must in_ns b ip addr add fd78::1/64 dev eth0 nodad
	must in_ns b sysctl -qw net.ipv4.icmp_ratemask=0
}

# What does not depend on the clock.
without_times()
{
	sed -E -e 's/time[=<]?[0-9. ]*ms//; /^(rtt|round-trip)/d; s/[0-9.]+ ?(ms|usec)//g' \
		-e 's/xmt\/rcv.*min.*//; s/, ipg\/ewma.*//' \
		-e 's/TS:.*|^\t[0-9]+ (absolute|not).*|^\t-?[0-9]+$//; s/^(\t[0-9.]+\t).*/\1/' \
		-e 's/^(\[ *[0-9.]+\]|\(.*\))//; s/\[([0-9A-F]{2}:){5}[0-9A-F]{2}\]/[MAC]/' \
		-e 's/[0-9.]+ avg.*//; s/min\/avg\/max = .*//; s/\x08//g'
}

run_client() # FILE COMMAND...
{
	local file=$1 status
	shift
	in_ns a timeout 30 "$@" 2>&1 </dev/null | without_times >"$file"
	status=${PIPESTATUS[0]}
	echo "exit status $status" >>"$file"
}

clients=()

client() # COUNTER COMMAND...: with icmpx, it makes that counter count; "": none
{
	clients+=("$(printf '%q ' "$@")")
}

list_clients()
{
	local size many=${ICMPX_VM:+300} # emulation is slow
	many=${many:-2000}
	client replied_v4 ping -n -c 5 -i 0.01 10.78.0.1
	client replied_v6 ping -n -c 5 -i 0.01 fd78::1
	client replied_v4 ping -n -q -f -c "$many" 10.78.0.1
	client replied_v6 ping -n -q -f -c "$many" fd78::1
	client replied_v4 ping -n -q -l 50 -c 500 -i 0.001 10.78.0.1
	for size in 0 1 7 8 15 16 17 1471 1472; do
		client replied_v4 ping -n -c 3 -i 0.01 -W 1 -s $size 10.78.0.1
	done
	for size in 0 1 8 16 1451 1452; do
		client replied_v6 ping -n -c 3 -i 0.01 -W 1 -s $size fd78::1
	done
	for size in 1473 2048 9000 65507; do
		client pass_fragment ping -n -c 3 -i 0.01 -W 1 -s $size 10.78.0.1
	done
	for size in 1453 9000 65527; do
		client pass_fragment ping -n -c 3 -i 0.01 -W 1 -s $size fd78::1
	done
	client replied_v4 ping -n -c 3 -i 0.01 -M "do" -s 1472 10.78.0.1
	client "" ping -n -c 3 -i 0.01 -W 1 -M "do" -s 1473 10.78.0.1
	client replied_v4 ping -n -c 3 -i 0.01 -M dont 10.78.0.1
	client replied_v4 ping -n -c 3 -i 0.01 -Q 0xb8 -t 3 -p a5 10.78.0.1
	client replied_v6 ping -n -c 3 -i 0.01 -Q 0xb8 -t 3 -p a5 fd78::1
	client replied_v6 ping -n -c 3 -i 0.01 -F 0x12345 fd78::1
	client replied_v4 ping -n -c 3 -i 0.01 -I eth0 10.78.0.1
	client pass_options ping -n -c 3 -i 0.01 -R 10.78.0.1
	client pass_options ping -n -c 3 -i 0.01 -T tsonly 10.78.0.1
	client pass_options ping -n -c 3 -i 0.01 -T tsandaddr 10.78.0.1
	client "" ping -n -c 2 -i 0.01 -W 1 -b 10.78.0.255
	client "" ping -n -c 1 -W 1 ff02::1%eth0
	client "" ping -n -c 1 -W 1 10.78.0.77
	client replied_v4 fping -q -c 20 -p 10 10.78.0.1
	client replied_v6 fping -6 -q -c 20 -p 10 fd78::1
	client replied_v4 fping -q -c 20 -p 10 -b 1000 10.78.0.1
	client replied_v4 busybox ping -c 3 -i 0.01 10.78.0.1
	client replied_v6 busybox ping -6 -c 3 -i 0.01 fd78::1
	client replied_v4 busybox ping -c 3 -i 0.01 -s 1400 10.78.0.1
	client pass_not_ip arping -c 3 -I eth0 10.78.0.1
	client pass_not_ip arping -c 1 -w 1 -I eth0 10.78.0.77
}

counted() # COUNTER COMMAND...
{
	local before
	before=$(counter b eth0 "$1")
	run_client /dev/null "${@:2}"
	[ "$(counter b eth0 "$1")" -gt "$before" ]
}

compare() # INDEX COUNTER COMMAND...
{
	local plain=$test_dir/$1.plain now=$test_dir/$1.icmpx verdict=$2 before=0
	shift 2
	[ -z "$verdict" ] || before=$(counter b eth0 "$verdict")
	run_client "$now" "$@"
	if ! diff "$plain" "$now" >"$test_dir/diff"; then
		fail "$*" "$(<"$test_dir/diff")"
	elif [ -z "$verdict" ] || [ "$(counter b eth0 "$verdict")" -gt "$before" ] ||
		wait_until 2 counted "$verdict" "$@"; then
		pass "$*"
	else
		fail "$*" "$verdict never counted"
	fi
}

test_begin clients
setup
list_clients
for i in "${!clients[@]}"; do
	eval "set -- ${clients[i]}"
	shift
	run_client "$test_dir/$i.plain" "$@"
done
attach b eth0
for i in "${!clients[@]}"; do
	eval "compare $i ${clients[i]}"
done
test_end
