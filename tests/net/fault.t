#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# attach, replace and detach killed (SIGKILL) before each system call that changes
# something: `status` tells the truth, pings go on, `detach` removes all there is.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

export ASAN_OPTIONS=detect_leaks=0 # LeakSanitizer cannot work under strace

mode=() # as in the attach command
# Emulation is slow: every ninth step there, others on each kernel.
stride=${ICMPX_VM:+9}
stride=${stride:-1}
offset=$(($(uname -r | cksum | cut -d ' ' -f 1) % stride))
rounds=${ICMPX_VM:+2}
rounds=${rounds:-5}
ping_interval=${ICMPX_VM:+0.02}
ping_interval=${ping_interval:-0.005}
foreign_clsact=false # whether it is somebody else's: neither made nor removed by icmpx

setup()
{
	ns_add a b
	ns_join a eth0 b eth0
	must in_ns a ip addr add 10.78.0.2/24 dev eth0
	must in_ns b ip addr add 10.78.0.1/24 dev eth0
	must reaches a 10.78.0.1 -W 2
}

# What there is, by other means than icmpx's ---------------------------------

has_xdp()
{
	in_ns b ip -d link show dev eth0 | grep -c 'prog/xdp id' >/dev/null
}

has_learner()
{
	in_ns b tc filter show dev eth0 egress | grep -c icmpx_learn >/dev/null
}

has_clsact()
{
	in_ns b tc qdisc show dev eth0 | grep -c clsact >/dev/null
}

has_pins()
{
	[ -e "$(pin_dir b eth0)" ]
}

nothing_left()
{
	! has_xdp && ! has_learner && ! has_pins && { $foreign_clsact || ! has_clsact; }
}

what_there_is()
{
	local what=
	for what in xdp learner clsact pins; do
		"has_$what" && printf '%s ' $what
	done
}

# libxdp attaches before there are pins to be made.
has_all_pins()
{
	local dir name
	dir=$(pin_dir b eth0)
	for name in leases_v4 leases_v6 requests_v4 requests_v6 lessons verdicts; do
		[ -e "$dir/$name" ] || return 1
	done
	[ -e "$dir/config" ] || [ -e "$dir/config_new" ]
}

true_state()
{
	if has_xdp && has_learner && has_all_pins; then
		echo attached
	elif has_xdp || has_learner; then
		echo partial
	elif has_pins; then
		echo stale
	fi
}

# Pings that go on -----------------------------------------------------------

ping_start()
{
	# not in_ns, whose shell would be what is killed
	nsenter --net="$(ns_path a)" ping -n -i "$ping_interval" -c 20000 10.78.0.1 >"$test_dir/ping" 2>&1 &
	ping_pid=$!
}

ping_stop()
{
	kill -INT $ping_pid
	wait $ping_pid
}

# The last one may have been on its way when ping was stopped.
ping_lost() # prints how many were, of how many
{
	awk -F '[= ]' '/icmp_seq=/ { for (i = 1; i < NF; i++) if ($i == "icmp_seq") seen[$(i + 1)] = 1 }
		/packets transmitted/ { for (i = 1; i < $1; i++) if (!seen[i]) lost++
			print lost + 0, $1 + 0 }' "$test_dir/ping"
}

# Steps ----------------------------------------------------------------------

changing='mkdir,mkdirat,rmdir,unlink,unlinkat,rename,renameat,renameat2,link,symlink,mount,umount2'
changing+=,bpf,sendto,sendmsg

# The system calls of a traced run that changed something, as NAME NUMBER.
changes() # TRACE
{
	awk -F '(' '{ count[$1]++ }
		/ = -1 E/ { next }
		$1 == "bpf" && !/BPF_(OBJ_PIN|LINK_CREATE|LINK_UPDATE|PROG_ATTACH|PROG_DETACH)/ { next }
		$1 ~ /^send/ && !/RTM_(NEW|SET|DEL)/ { next }
		$1 ~ /^[a-z0-9]+$/ { print $1, count[$1] }' "$1"
}

trace() # FILE COMMAND...
{
	in_ns b strace -o "$1" -e trace="$changing" "$ICMPX" "${@:2}"
}

killed_at() # SYSCALL NUMBER COMMAND...: true when it was
{
	( # a subshell, which keeps the shell's word on the killed job to itself
		in_ns b strace -o /dev/null -e trace="$1" -e inject="$1:signal=KILL:when=$2" \
			"$ICMPX" "${@:3}"
		exit $?
	) >/dev/null 2>&1
	[ $? -eq 137 ]
}

# Leaves nothing behind, by way of a new attach each second time.
recover() # NUMBER
{
	local status=0
	if [ $(($1 % 2)) -eq 0 ]; then
		in_ns b "$ICMPX" attach eth0 || status=1
		[ "$(state_of b)" = attached ] || status=1
	fi
	[ -z "$(true_state)" ] || in_ns b "$ICMPX" detach eth0 || status=1
	return $status
}

# One kill and what follows it; the reason when something is wrong.
step() # NUMBER PREPARE SYSCALL NUMBER COMMAND...
{
	local number=$1 state
	$2 >/dev/null 2>&1 || { echo "cannot prepare"; return; }
	killed_at "${@:3}" || { echo "was not killed"; return; }
	state=$(state_of b) || { echo "status failed"; return; }
	[ "$state" = "$(true_state)" ] ||
		echo "status says '$state', there is: $(what_there_is)"
	reaches a 10.78.0.1 >/dev/null || echo "no ping"
	recover "$number" >"$test_dir/out" 2>&1 || echo "recovery: $(<"$test_dir/out")"
	nothing_left || { echo "left behind: $(what_there_is)"; scrub; }
}

scrub() # after a failure
{
	in_ns b "$ICMPX" detach --all
	in_ns b ip link set eth0 xdp off
	in_ns b ip link set eth0 xdpgeneric off
	$foreign_clsact || in_ns b tc qdisc del dev eth0 clsact
	rm -rf "$(pin_dir b eth0)"
} >/dev/null 2>&1

from_nothing()
{
	[ -z "$(true_state)" ] || in_ns b "$ICMPX" detach eth0
}

from_attached()
{
	in_ns b "$ICMPX" attach eth0 "${mode[@]}"
}

each_step() # DESCRIPTION PREPARE COMMAND...
{
	local description=$1 prepare=$2 line number=0 why wrong=() lost sent tried=0
	shift 2
	must "$prepare"
	must trace "$test_dir/trace" "$@"
	ping_start
	while read -r line; do
		number=$((number + 1))
		[ $((number % stride)) -eq $offset ] || continue
		tried=$((tried + 1))
		# shellcheck disable=SC2086 # two words
		why=$(step $number "$prepare" $line "$@")
		[ -z "$why" ] || wrong+=("step $number, before $line: $why")
	done < <(changes "$test_dir/trace"; echo exit_group 1)
	ping_stop
	read -r lost sent < <(ping_lost)
	if [ ${#wrong[@]} -eq 0 ] && [ $tried -gt 0 ]; then
		pass "$description: killed at $tried of $number steps"
	else
		fail "$description: killed at $tried of $number steps" "${wrong[@]}"
	fi
	if $foreign_clsact; then # the kernel drops frames for a moment when one is made or removed
		is "$description: none of $sent pings lost meanwhile" "$lost" 0
	else
		diag "$description: $lost of $sent pings lost"
	fi
}

together() # attach, attach and detach at the same time
{
	local wrong=() round
	for ((round = 0; round < rounds; round++)); do
		in_ns b "$ICMPX" attach eth0 &
		in_ns b "$ICMPX" attach eth0 &
		in_ns b "$ICMPX" detach eth0 &
		wait
		[ "$(state_of b)" = "$(true_state)" ] ||
			wrong+=("status: '$(state_of b)', there is: $(what_there_is)")
		from_nothing
		nothing_left || { wrong+=("left behind: $(what_there_is)"); scrub; }
	done >/dev/null 2>&1
	is "attach, attach and detach at the same time" "${wrong[*]}" ""
}

test_begin fault
error=$(strace -o /dev/null true 2>&1) || skip_all "ptrace (CAP_SYS_PTRACE)" "$error"
setup
each_step attach from_nothing attach eth0
each_step replace from_attached attach eth0 --lease 5
each_step detach from_attached detach eth0
together
must in_ns b tc qdisc add dev eth0 clsact
foreign_clsact=true
each_step "attach beside a clsact" from_nothing attach eth0
must in_ns a "$tools/xdp_pass" eth0 native
mode=(--mode native)
each_step "native attach" from_nothing attach eth0 "${mode[@]}"
each_step "native replace" from_attached attach eth0 "${mode[@]}" --lease 5
each_step "native detach" from_attached detach eth0
ok "the clsact that was there before is left alone" has_clsact
test_end
