#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# icmpx trace: which of its backends it takes on which kernel, what it says of that, what it
# refuses; and --graph, whose tree is that of the functions' calls and returns.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

test_begin backends
# shellcheck source=tests/net/trace_lib.sh
. "${0%/*}/trace_lib.sh"

peer4=10.97.0.1
graph=$test_dir/graph

has_symbol() # NAME
{
	grep -q " [tT] $1\$" /proc/kallsyms
}

# By other means than icmpx's trials: kprobe.multi has a function of its own where the kernel is
# built with FPROBE, kprobes have a kind of perf events.
expected() # "BACKEND METHOD"
{
	if has_symbol bpf_kprobe_multi_link_attach && has_symbol bpf_kprobe_multi_link_release; then
		echo "fn kprobe.multi"
	elif [ -e /sys/bus/event_source/devices/kprobe/type ]; then
		echo "fn kprobe"
	else
		echo "tp -"
	fi
}

missing() # those that are listed as missing, one a line
{
	query header missing | grep -oE '[A-Za-z0-9_]+'
}

chosen()
{
	local want probes possible
	want=$(expected)
	trace "auto" a -- ping -n -q -c 1 $peer4
	is "auto: the backend" "$(query header backend method)" "$want"
	ok "auto: the text says so" grep -qE \
		"^icmpx trace: backend $(sed 's/ -$//; s/ \(.*\)/ \\(\1\\)/' <<<"$want"), [0-9]+ of [0-9]+ probes" "$text"
	read -r probes possible < <(query header probes possible)
	is "auto: what is missing is listed, and nothing else" "$(missing | wc -l)" $((possible - probes))
	is "auto: what is listed as missing is not seen" \
		"$(query ping.hops probe | sort -u | grep -xF -f <(missing))" ""
	[ "${want% *}" = fn ] || is "auto: why not fn" "$(query header why | grep -c kprobe)" 1
}

by() # BACKEND: one ping, which is not shown as text
{
	in_ns a "$ICMPX" trace --json --backend "$1" -- ping -n -q -c 1 $peer4 >"$json" 2>"$errors"
	is "$1: exit status" $? 0
}

forced()
{
	local want
	want=$(expected)
	by tp
	is "tp: the backend" "$(query header backend method)" "tp -"
	is "tp: no function has fired" "$(query ping.hops probe | grep -cxE 'raw_sendmsg|icmp_rcv')" 0
	if [ "${want% *}" = tp ]; then
		ok "fn: refused" complains 3 "backend fn: kprobe.multi: " \
			in_ns a "$ICMPX" trace --backend fn -- true
		return
	fi
	by fn
	is "fn: the backend" "$(query header backend method)" "$want"
	is "fn: functions have fired" "$(query ping.hops probe | grep -cxE 'raw_sendmsg|icmp_rcv')" 3
}

# "DEPTH BEGIN END NAME" of each line of the tree, in us; "- -" where no duration is known.
tree()
{
	awk '
		/^(request|reply|stages)/ { next }
		match($0, / [*o.] [A-Za-z_]/) {
			depth = RSTART
			name = substr($0, RSTART + 3)
			sub(/ .*/, "", name)
			lead = substr($0, 1, RSTART)
			gsub(/ ms/, "ms", lead)
			known = split(lead, column, " ") == 2
			for (i = 1; i <= 2; i++)
				time[i] = column[i] ~ /ms$/ ? column[i] * 1000 : column[i]
			print depth, known ? time[1] : "-", known ? time[1] + time[2] : "-", name
		}' "$graph"
}

timed() # those with a duration
{
	tree | grep -v ' - '
}

# A call is made and returns within its caller; what is beside it comes when it has returned. Times
# are rounded to 10 us at worst. A softirq comes on top of whatever runs: that is a tree of its own,
# and so is a system call.
badly_nested()
{
	tree | awk '
		$4 ~ /^handle_softirqs$|^__do_softirq$|^_*sys_|^(send|recv)(to|from|msg)$/ { count = 0 }
		{
			while (count && depth[count] >= $1) {
				if (end[count] != "-" && $2 != "-" && end[count] > $2 + 21)
					print name[count] " has not returned when " $4 " begins beside it"
				count--
			}
			for (i = count; i && $2 != "-"; i--)
				if (end[i] != "-" && ($2 < begin[i] - 21 || $3 > end[i] + 21))
					print $4 " is not within " name[i]
			depth[++count] = $1
			begin[count] = $2
			end[count] = $3
			name[count] = $4
		}'
}

depth_of() # NAME: of each, in order
{
	timed | awk -v name="$1" '$4 == name { print $1 }' | tr '\n' ' '
}

is_under() # CALLER CALLEE: the first of each
{
	local caller callee
	read -r caller _ < <(depth_of "$1")
	read -r callee _ < <(depth_of "$2")
	[ "${caller:-99}" -lt "${callee:-0}" ]
}

graphs()
{
	if [ "$(expected)" = "tp -" ]; then
		pass "--graph # SKIP kprobes: $(query header why)"
		return
	fi
	in_ns a "$ICMPX" trace --json --graph --record "$test_dir/recording" -- \
		ping -n -q -c 1 $peer4 >"$json" 2>"$errors"
	is "--graph: exit status" $? 0
	LC_ALL=C "$ICMPX" trace --replay "$test_dir/recording" --graph -v >"$graph"
	ok "--graph: $(timed | wc -l) functions have durations" test "$(timed | wc -l)" -gt 40
	is "--graph: each call is within its caller's" "$(badly_nested)" ""
	ok "--graph: icmp_rcv is under ip_protocol_deliver_rcu" is_under ip_protocol_deliver_rcu icmp_rcv
	ok "--graph: icmp_echo is under icmp_rcv" is_under icmp_rcv icmp_echo
	ok "--graph: ip_push_pending_frames is under raw_sendmsg" \
		is_under raw_sendmsg ip_push_pending_frames
	# A probe on a return stands in the stack where the caller was.
	is "--graph: where a packet is freed is a place in the kernel" \
		"$(query ping.hops probe location | grep -c '^kfree_skb .*trampoline')" 0
}

ns_add a b
ns_join a eth0 b eth0
must in_ns a ip addr add 10.97.0.2/24 dev eth0
must in_ns b ip addr add $peer4/24 dev eth0
must in_ns a sysctl -qw net.ipv4.ping_group_range="1 0"
must in_ns a ping -n -q -c 1 -W 5 $peer4
chosen
forced
graphs
test_end
