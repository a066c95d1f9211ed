#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A NIC pulled out while icmpx answers at its driver, shows it or traces it: nothing hangs, status
# tells the truth, and nothing is left in the kernel. Each time it is put in again.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/net/cards.sh
. "${0%/*}/cards.sh"

monitor=/dev/ttyS3
plugged=true
declare -A pid_of=() # of the commands that run on

need_monitor()
{
	local error
	[ -n "${ICMPX_VM:-}" ] || skip_all "QEMU's monitor" "not a guest of tests/vm/run"
	error=$( (: <>$monitor) 2>&1) || skip_all "QEMU's monitor" "${error##*: }"
	exec 3<>$monitor
}

# Behind an empty line: the port may have echoed some of the monitor's greeting to it.
tell_qemu() # COMMAND
{
	printf '\n%s\n' "$1" >&3
}

unplug()
{
	tell_qemu "device_del nic1"
	plugged=false
}

plug()
{
	$plugged ||
		tell_qemu "device_add virtio-net-pci,netdev=h1,id=nic1,mac=52:54:00:00:00:02,romfile="
	plugged=true
}

b_up()
{
	must in_ns b ip addr add 10.95.0.1/24 dev eth0
	must in_ns b ip addr add fd95::1/64 dev eth0 nodad
}

plug_again()
{
	plug
	wait_until 10 cards_are 1 || bail "no card after device_add"
	card_to "$(own_cards)" b eth0
	b_up
	ok "$1: put in again, it works" wait_until 5 reaches a 10.95.0.1
}

# Not bpftool's own, which it looks with.
objects() # the kernel's BPF programs, maps and links
{
	local kind
	for kind in prog map link; do
		bpftool $kind show | sed -nE "/name (pid_iter|bpftool|libbpf)/d; s/^([0-9]+): .*/$kind \\1/p"
	done
}

as_before()
{
	[ "$(objects)" = "$before" ]
}

nothing_left() # CASE
{
	is "$1: nothing is left to report" "$(state_of b)" ""
	is "$1: nor pinned" "$(find $bpffs/icmpx $bpffs/xdp -mindepth 1 2>/dev/null)" ""
	ok "$1: nor in the kernel" wait_until 5 as_before ||
		diag "$(diff <(echo "$before") <(objects))"
}

replies() # MINIMUM
{
	[ "$(counter b eth0 replied_v4)" -ge "$1" ]
}

unplug_under_load() # CASE: pings go on meanwhile
{
	local pings goal=$(($(counter b eth0 replied_v4) + 20))
	nsenter --net="$(ns_path a)" ping -n -q -i 0.01 10.95.0.1 >/dev/null 2>&1 &
	pings=$!
	ok "$1: pings are answered at the driver" wait_until 5 replies $goal
	unplug
	ok "$1: the card is gone" wait_until 10 not in_ns b ip link show dev eth0
	kill -9 $pings
	wait $pings 2>/dev/null
}

start() # NAME ARGUMENT...: sets pid_of[NAME]
{
	nsenter --net="$(ns_path b)" env --default-signal=INT "$ICMPX" "${@:2}" \
		>"$test_dir/$1" 2>"$test_dir/$1.err" </dev/null &
	pid_of[$1]=$!
}

begun() # NAME REGEX: probes take their time when emulated
{
	ok "$1: begins" wait_until 30 grep -q "$2" "$test_dir/$1"
}

gone() # PID
{
	! kill -0 "$1" 2>/dev/null
}

stop() # NAME: by Ctrl-C; removing probes takes time, too
{
	kill -INT "${pid_of[$1]}"
	ok "$1: ends" wait_until 30 gone "${pid_of[$1]}"
	wait "${pid_of[$1]}"
	status=$?
}

stats_of_it()
{
	ok "stats --watch: ends" wait_until 5 gone "${pid_of["stats --watch"]}"
	wait "${pid_of["stats --watch"]}"
	is "stats --watch: status" $? 1
	is "stats --watch: why" "$(cat "$test_dir/stats --watch.err")" \
		"icmpx: eth0: no such interface in this network namespace"
}

stats_of_all()
{
	ok "stats --watch of all: says so" \
		wait_until 5 grep -q "attached nowhere" "$test_dir/stats --watch of all"
	stop "stats --watch of all"
	is "stats --watch of all: status" $status 0
}

trace_of_it()
{
	stop "trace --dev"
	is "trace --dev: status" $status 0
	ok "trace --dev: has seen pings" grep -q "answered at the driver" "$test_dir/trace --dev"
}

attached()
{
	attach b eth0 --mode native
	warms "attached" b eth0 reaches a fd95::1
	start "stats --watch" stats eth0 --watch
	start "stats --watch of all" stats --watch
	start "trace --dev" trace --dev eth0 --backend tp
	begun "stats --watch" "^VERDICT"
	begun "stats --watch of all" "^VERDICT"
	begun "trace --dev" "^icmpx trace: backend"
	unplug_under_load "attached"
	is "attached: stale" "$(state_of b)" stale
	ok "attached: status says why" grep -q "the interface is gone" <(in_ns b "$ICMPX" status)
	stats_of_it
	stats_of_all
	trace_of_it
	ok "attached: detach --all" in_ns b "$ICMPX" detach --all
	nothing_left "attached"
}

# It has to take away what the interface has left.
live()
{
	start "attach --live" attach eth0 --live --mode native
	begun "attach --live" "^icmpx trace: backend"
	unplug_under_load "attach --live"
	stop "attach --live"
	is "attach --live: status" $status 0
	is "attach --live: no complaint" "$(cat "$test_dir/attach --live.err")" ""
	ok "attach --live: says so" grep -q "^eth0: no such interface" "$test_dir/attach --live"
	nothing_left "attach --live"
}

test_begin unplug
need_monitor
need_cards
trap 'cleanup; plug' EXIT
ns_add a b
cards_join a eth0 b eth0
must in_ns a ip addr add 10.95.0.2/24 dev eth0
must in_ns a ip addr add fd95::2/64 dev eth0 nodad
b_up
before=$(objects)
attached
plug_again "attached"
live
plug_again "attach --live"
test_end
