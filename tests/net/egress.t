#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Qdiscs and tc filters that replies made at the driver go past: what attach and doctor say of
# them, and that it is so.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

peer4=10.86.0.2 local4=10.86.0.1
peer6=fd86::2 local6=fd86::1

attach_eth0()
{
	in_ns b "$ICMPX" attach eth0 --any-interface --lease 3600 >"$test_dir/out" 2>"$test_dir/err"
}

# By attach, on standard error, and by doctor, before and after.
both_say() # DESCRIPTION WORDS
{
	in_ns b "$ICMPX" doctor eth0 >"$test_dir/doctor"
	ok "$1: doctor says it" grep -qF "! $2" "$test_dir/doctor"
	ok "$1: attach" attach_eth0
	ok "$1: attach says it" grep -qF "warning: eth0: $2" "$test_dir/err"
	is "$1: and nothing else" "$(wc -l <"$test_dir/err")" 1
	is "$1: as JSON" "$(in_ns b "$ICMPX" attach --json eth0 --any-interface --lease 3600 2>/dev/null |
		"$tools/json" warnings)" 1
	is "$1: as doctor's JSON" "$(in_ns b "$ICMPX" doctor --json eth0 |
		"$tools/json" interface warnings)" 1
}

none_say()
{
	ok "$1: attach" attach_eth0
	is "$1: nothing to warn of" "$(cat "$test_dir/err")" ""
	is "$1: nor for doctor" "$(in_ns b "$ICMPX" doctor --json eth0 |
		"$tools/json" interface warnings)" 0
}

detach()
{
	must in_ns b "$ICMPX" detach eth0
}

lacks() # DESCRIPTION ERROR
{
	pass "$1 # SKIP ${2//$'\n'/ }"
}

leases()
{
	in_ns b "$ICMPX" leases --json | "$tools/json" leases
}

plain()
{
	none_say "a veth as it is"
	must in_ns b tc qdisc replace dev eth0 root pfifo
	none_say "a queue that does no more"
	must in_ns b tc qdisc del dev eth0 root
	detach
}

shaped()
{
	local error
	error=$(in_ns b tc qdisc add dev eth0 root tbf rate 1mbit burst 10k latency 10ms 2>&1) ||
		{ lacks "tbf" "$error"; return; }
	both_say "tbf" "qdisc tbf: replies made at the driver leave past it"
	must in_ns b tc qdisc del dev eth0 root
	detach
}

twice() # replies that came more than once
{
	in_ns a ping -n -q -c 5 -i 0.05 -W 1 $local4 | grep -oE '\+[0-9]+ dup' | tr -dc 0-9
}

duplicated()
{
	local error
	error=$(in_ns b tc qdisc add dev eth0 root netem duplicate 100% 2>&1) ||
		{ lacks "netem" "$error"; return; }
	# Ping ends at the last one, and does not wait for its copy.
	is "netem: the kernel's replies come twice" "$(twice)" 4
	both_say "netem" "qdisc netem: replies made at the driver leave past it"
	warms "netem" b eth0 reaches a $local4
	is "netem: those made at the driver do not" "$(twice)" ""
	must in_ns b tc qdisc del dev eth0 root
	detach
}

copies()
{
	in_ns b cat /proc/net/dev | awk '$1 == "m1:" { print $3 }'
}

filter() # ACTION...: on all that leaves and is ICMP; false: the kernel has none such
{
	must in_ns b tc qdisc replace dev eth0 clsact
	in_ns b tc filter add dev eth0 egress protocol ip u32 match ip protocol 1 0xff action "$@" \
		2>"$test_dir/err"
}

no_filter()
{
	detach
	must in_ns b tc qdisc del dev eth0 clsact
}

filtered()
{
	local before
	must in_ns b ip link add m0 type veth peer name m1
	must in_ns b ip link set m0 up
	must in_ns b ip link set m1 up
	if ! filter mirred egress mirror dev m0; then
		lacks "mirred" "$(cat "$test_dir/err")"
		return
	fi
	both_say "mirror" "a tc filter (u32) mirrors what leaves"
	before=$(copies)
	ok "mirror: pings" in_ns a ping -n -q -c 5 -i 0.05 -W 1 $local4
	ok "mirror: a copy of each" test "$(($(copies) - before))" -ge 5
	is "mirror: nothing is learned" "$(leases)" 0
	no_filter
	must filter mirred egress mirror dev m0 continue
	both_say "mirror, continue" "a tc filter (u32) mirrors what leaves"
	must wait_until 3 at_driver b eth0 reaches a $local4
	before=$(copies)
	ok "mirror, continue: pings" in_ns a ping -n -q -c 5 -i 0.05 -W 1 $local4
	is "mirror, continue: no copies" "$(($(copies) - before))" 0
	no_filter
	must filter mirred egress redirect dev m0
	both_say "redirect" "a tc filter (u32) before the learner redirects"
	ok "redirect: no reply" silent a $local4
	is "redirect: nothing is learned" "$(leases)" 0
	no_filter
	if filter drop; then
		both_say "drop" "a tc filter (u32) at egress is before the learner"
		is "drop: nothing is learned" "$(leases)" 0
		no_filter
	else
		lacks "drop" "$(cat "$test_dir/err")"
		must in_ns b tc qdisc del dev eth0 clsact
	fi
	must in_ns b tc qdisc add dev eth0 clsact
	must in_ns b tc filter add dev eth0 ingress protocol ip u32 match ip protocol 1 0xff classid 1:1
	both_say "ingress" "tc at ingress has filters or programs"
	no_filter
}

tcx()
{
	local point words
	for point in egress ingress; do
		words="a tc program (tcx) at egress"
		[ $point = egress ] || words="tc at ingress has filters or programs"
		in_ns b "$tools/tcx_pass" eth0 $point "$ICMPX" attach eth0 --any-interface >"$test_dir/out" \
			2>"$test_dir/err"
		if [ $? = 3 ]; then
			lacks "tcx" "kernel 6.6: $(cat "$test_dir/err")"
			return
		fi
		ok "tcx at $point" grep -qF "warning: eth0: $words" "$test_dir/err"
	done
	detach
}

test_begin egress
hosts_up
plain
shaped
duplicated
filtered
tcx
test_end
