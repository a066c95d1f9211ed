#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# attach, replace and detach killed (SIGKILL) before each system call that changes
# something: `status` tells the truth, pings go on, `detach` removes all there is.
set -uo pipefail
. "${0%/*}/lib.sh"

export ASAN_OPTIONS=detect_leaks=0 # LeakSanitizer cannot work under strace

setup() # NATIVE: a program on a's end
{
	ns_add a b
	ns_join a eth0 b eth0
	must in_ns a ip addr add 10.78.0.2/24 dev eth0
	must in_ns b ip addr add 10.78.0.1/24 dev eth0
	must reaches a 10.78.0.1 -W 2
	ns_status_clean || bail "$(in_ns b "$ICMPX" status)"
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

ns_status_clean()
{
	! has_xdp && ! has_learner && ! has_clsact && ! has_pins
}

what_there_is()
{
	local what=
	for what in xdp learner clsact pins; do
		"has_$what" && printf '%s ' $what
	done
}

true_state()
{
	if has_xdp && has_learner; then
		echo attached
	elif has_xdp || has_learner; then
		echo partial
	elif has_pins; then
		echo stale
	fi
}

reported_state() # of b: the tests beside this one show as elsewhere
{
	in_ns b "$ICMPX" status --json | awk -F '[ ",:]+' -v netns="${ns_inode[b]}" '
		$2 == "netns" { own = $3 == netns } $2 == "state" && own { print $3 }'
}

# Pings that go on -----------------------------------------------------------

ping_start()
{
	# not in_ns, whose shell would be what is killed
	nsenter --net="$(ns_path a)" ping -n -i 0.005 -c 20000 10.78.0.1 >"$test_dir/ping" 2>&1 &
	ping_pid=$!
}

# The last one may be on its way when ping is stopped.
ping_lost()
{
	kill -INT $ping_pid
	wait $ping_pid
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
	if [ $(($1 % 2)) -eq 0 ]; then
		in_ns b "$ICMPX" attach eth0 || return
		[ "$(reported_state)" = attached ] || return
	fi
	[ -z "$(true_state)" ] || in_ns b "$ICMPX" detach eth0
}

# One kill and what follows it; the reason when something is wrong.
step() # NUMBER PREPARE SYSCALL NUMBER COMMAND...
{
	local number=$1 state
	$2 >/dev/null 2>&1 || { echo "cannot prepare"; return; }
	killed_at "${@:3}" || { echo "was not killed"; return; }
	state=$(reported_state) || { echo "status failed"; return; }
	[ "$state" = "$(true_state)" ] ||
		echo "status says '$state', there is: $(what_there_is)"
	recover "$number" >"$test_dir/out" 2>&1 || echo "recovery: $(<"$test_dir/out")"
	ns_status_clean || { echo "left behind: $(what_there_is)"; scrub; }
}

scrub() # after a failure
{
	in_ns b "$ICMPX" detach --all
	in_ns b ip link set eth0 xdp off
	in_ns b ip link set eth0 xdpgeneric off
	in_ns b tc qdisc del dev eth0 clsact
	rm -rf "$(pin_dir b eth0)"
} >/dev/null 2>&1

from_nothing()
{
	[ -z "$(true_state)" ] || in_ns b "$ICMPX" detach eth0
}

from_attached()
{
	in_ns b "$ICMPX" attach eth0
}

each_step() # DESCRIPTION PREPARE COMMAND...
{
	local description=$1 prepare=$2 line number=0 why wrong=() lost sent
	shift 2
	must $prepare
	must trace "$test_dir/trace" "$@"
	ping_start
	while read -r line; do
		number=$((number + 1))
		# shellcheck disable=SC2086 # two words
		why=$(step $number "$prepare" $line "$@")
		[ -z "$why" ] || wrong+=("step $number, before $line: $why")
	done < <(changes "$test_dir/trace"; echo exit_group 1)
	read -r lost sent < <(ping_lost)
	if [ ${#wrong[@]} -eq 0 ] && [ $number -gt 5 ]; then
		pass "$description: killed at each of $number steps"
	else
		fail "$description: killed at each of $number steps" "${wrong[@]}"
	fi
	is "$description: none of $sent pings lost meanwhile" "$lost" 0
}

together() # attach, attach and detach at the same time
{
	local wrong=() i
	for i in 1 2 3 4 5; do
		in_ns b "$ICMPX" attach eth0 &
		in_ns b "$ICMPX" attach eth0 &
		in_ns b "$ICMPX" detach eth0 &
		wait
		[ "$(reported_state)" = "$(true_state)" ] ||
			wrong+=("status: '$(reported_state)', there is: $(what_there_is)")
		from_nothing
		ns_status_clean || wrong+=("left behind: $(what_there_is)")
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
must in_ns a "$tools/xdp_pass" eth0 native
each_step "attach, native" from_nothing attach eth0 --mode native
test_end
