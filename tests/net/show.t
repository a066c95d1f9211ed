#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# stats, leases, status and doctor: what they show is what happened, they end as they
# should, and doctor leaves nothing behind.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

peer4=10.79.0.2 local4=10.79.0.1
peer6=fd79::2 local6=fd79::1

setup()
{
	hosts_up
	attach b eth0 --lease 3600
}

show() # COMMAND...: icmpx in b
{
	in_ns b "$ICMPX" "$@"
}

json() # MEMBER...: of the document on standard input
{
	"$tools/json" "$@"
}

stat_of() # MEMBER... of the first interface
{
	show stats --json | json interfaces 0 "$@"
}

ping_all() # COUNT
{
	must in_ns a ping -n -q -i 0.01 -c "$1" $local4
	must in_ns a ping -n -q -i 0.01 -c "$1" $local6
}

counts()
{
	ping_all 11
	is "stats: IPv4 replies" "$(stat_of verdicts replied_v4 frames)" 10
	is "stats: IPv6 replies" "$(stat_of verdicts replied_v6 frames)" 10
	is "stats: bytes of frames" "$(stat_of verdicts replied_v4 bytes)" 980
	is "stats: lessons" "$(stat_of lessons learned frames)" 2
	is "stats: the kernel's own" "$(show stats --json | json kernel ipv4 out_echo_replies)" 1
	is "stats: pings answered in all" "$(show stats --json | json answered total)" 22
	is "stats: no rate without two looks" \
		"$(stat_of verdicts replied_v4 frames_per_second)" null
	ok "stats: text" show stats eth0
	ok "stats: the row" grep -qE '^replied_v4 +10 +980 ' <(show stats)
	ok "stats: no row of zeros" not grep -q '^drop_new' <(show stats)
	ok "stats: with -v there is" grep -qE '^drop_new +0 ' <(show stats -v)
	is "stats: each processor's share" "$(show stats --per-cpu | awk '
		/^replied_v4/ { on = 1; next } /^[^ ]/ { on = 0 } on { sum += $3 } END { print sum }')" 10
}

leases()
{
	local ttl
	is "leases: two" "$(show leases --json | json leases)" 2
	is "leases: peer" "$(show leases --json | json leases 0 peer)" $peer4
	is "leases: local address" "$(show leases --json | json leases 1 local)" $local6
	is "leases: replies served" "$(show leases --json | json leases 0 served_frames)" 10
	is "leases: longest datagram" "$(show leases --json | json leases 0 max_length_bytes)" 84
	ttl=$(show leases --json | json leases 0 expires_in_seconds)
	ok "leases: time to expiry ($ttl)" test "${ttl%.*}" -gt 3500 -a "${ttl%.*}" -le 3600
	ok "leases: text" grep -qE "^eth0 +$peer4 +$local4 +- .* 64 +84 +10\$" <(show leases)
	attach b eth0 --lease 1
	ok "leases: a shorter --lease ends those of before" grep -q '^0 valid' <(show leases)
}

watches()
{
	local lines
	in_ns a ping -n -q -i 0.01 $local4 >/dev/null 2>&1 &
	lines=$(show stats --watch --json | head -n 3 | tail -n 1)
	is "watch: rates" "$(echo "$lines" |
		json interfaces 0 verdicts replied_v4 frames_per_second |
		awk '{ print ($1 > 20 && $1 < 120) ? "right" : $1 }')" right
	kill $!
	nsenter --net="$(ns_path b)" "$ICMPX" stats --watch 3600 >"$test_dir/watched" &
	wait_until 5 grep -q together "$test_dir/watched"
	kill $!
	wait $!
	is "watch: SIGTERM ends it well" $? 0
	ok "watch: no control characters in a file" not grep -q $'\033' "$test_dir/watched"
}

refusals()
{
	ok "status: an interface without icmpx" refused 1 "lo: icmpx is not attached to it" status lo
	ok "stats: an interface without icmpx" refused 1 "lo: icmpx is not attached to it" stats lo
	ok "leases: no interface" refused 1 "nope: no such interface" leases nope
	ok "watch: not a number" refused 2 "'5x' is not a whole number" stats --watch 5x
	ok "watch: out of range" refused 2 "'0' is not in the range" stats --watch=0
	ok "doctor: no interface" refused 1 "nope: no such interface" doctor nope
	ok "stats: no privilege" unprivileged stats eth0
	ok "doctor: no privilege" unprivileged doctor
	ok "stats: a full disk" not to_full_disk stats
}

to_full_disk() # ICMPX-ARGUMENT...
{
	show "$@" >/dev/full
}

refused() # STATUS TEXT ICMPX-ARGUMENT...: one line on standard error, nothing else
{
	local error status
	error=$(show "${@:3}" 2>&1 >"$test_dir/out")
	status=$?
	echo "status $status: $error"
	[ $status = "$1" ] && [ ! -s "$test_dir/out" ] && [ "$(wc -l <<<"$error")" = 1 ] &&
		[[ $error = *"$2"* ]]
}

unprivileged() # ICMPX-ARGUMENT...
{
	local status
	in_ns b setpriv --reuid 65534 --regid 65534 --clear-groups "$ICMPX" "$@"
	status=$?
	[ $status = 1 ]
}

loaded() # what the kernel has of doctor's
{
	{ bpftool prog list; bpftool map list; bpftool link list; } 2>/dev/null | grep icmpx_trial
}

attached() # NAME
{
	in_ns "$1" ip -d link show eth0 | grep -o 'xdp[a-z]*'
}

doctor()
{
	local busy
	busy=$(show status --json | json attachments 0 echo_prog_id)
	ok "doctor: beside icmpx" show doctor eth0
	is "doctor: which stays" "$(show status --json | json attachments 0 echo_prog_id)" "$busy"
	must show detach eth0
	ok "doctor: on a free interface" show doctor eth0
	is "doctor: both modes work on veth" "$(show doctor eth0 --json | json interface native works
		)$(show doctor eth0 --json | json interface generic works)" truetrue
	ok "doctor: nothing stays loaded" wait_until 5 not loaded
	ok "doctor: nothing stays attached" not attached b
	in_ns a ping -n -q -i 0.005 -c 200 -W 1 $local4 >"$test_dir/ping" &
	for _ in 1 2 3 4 5; do must show doctor eth0; done
	wait $!
	ok "doctor: loses no ping" grep -q ' 0% packet loss' "$test_dir/ping"
	must in_ns b sysctl -qw net.ipv4.icmp_ratemask=6169
	ok "doctor: warns of a rate limit" grep -q '^! net.ipv4.icmp_ratemask = 6169' <(show doctor)
	show attach eth0 >/dev/null 2>"$test_dir/warning"
	ok "attach: does so too" grep -q icmp_ratemask "$test_dir/warning"
}

test_begin show
setup
counts
leases
watches
refusals
doctor
test_end
