#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Too little memory for icmpx's programs and maps: attach and trace say so in one line and leave
# nothing; what is attached already goes on under any pressure. In a VM, whose memory it is.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

local4=10.94.0.1
group=/sys/fs/cgroup/icmpx-test

setup()
{
	ns_add a b
	ns_join a eth0 b eth0
	must in_ns a ip addr add 10.94.0.2/24 dev eth0
	must in_ns a ip addr add 10.94.0.3/24 dev eth0
	must in_ns b ip addr add $local4/24 dev eth0
	objects=$(bpf_objects)
}

nothing_left()
{
	! in_ns b ip -d link show dev eth0 | grep -q 'prog/xdp id' &&
		! in_ns b tc qdisc show dev eth0 | grep -q clsact && ! [ -e $bpffs/icmpx ]
}

# Maps count as the memory of who makes them, in its control group.
grouped() # BYTES COMMAND...: in b
{
	echo "$1" >$group/memory.max
	# shellcheck disable=SC2016 # for the inner shell
	in_ns b sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' $group "${@:2}"
}

refused()
{
	# More than the process itself wants, but for the kernel's BTF: it is not killed, its maps are
	# refused.
	# shellcheck disable=SC2016 # for the inner shell
	ok "attach" complains 1 "eth0: cannot load the learner: Cannot allocate memory" \
		grouped 2M unshare --mount sh -c \
		'mount -t tmpfs none /sys/kernel/btf && exec "$0" "$@"' "$ICMPX" attach eth0
	ok "... nothing is left" nothing_left
	ok "trace" complains 1 "trace: cannot load the tracing programs: Cannot allocate memory" \
		grouped 28M "$ICMPX" trace --backend tp -- true
	no_more_bpf "nothing is left in the kernel" "$objects"
}

# What is attached has all its memory.
goes_on()
{
	must grouped 64M "$ICMPX" attach eth0 --lease 3600
	warms "before the pressure" b eth0 reaches a $local4 -I 10.94.0.2
	grouped 8M tail /dev/zero >/dev/null 2>&1
	is "a process beside it wants all memory: it is killed" $? 137
	ok "... pings are answered at the driver" at_driver b eth0 reaches a $local4 -I 10.94.0.2
	must sh -c "echo 0 >$group/memory.max"
	ok "no memory is left: answered at the driver" \
		at_driver b eth0 reaches a $local4 -I 10.94.0.2
	warms "no memory is left: a new flow" b eth0 reaches a $local4 -I 10.94.0.3
	is "no memory is left: status" "$(state_of b)" attached
	ok "no memory is left: detach" in_ns b "$ICMPX" detach eth0
	ok "... nothing is left" nothing_left
	no_more_bpf "nothing is left in the kernel at the end" "$objects"
}

# Before Linux 5.11 it is locked memory. Root may have any amount of that.
locked() # COMMAND...
{
	in_ns b setpriv --bounding-set=-sys_resource --inh-caps=-sys_resource \
		prlimit --memlock=65536:65536 "$@"
}

locked_memory()
{
	if kernel_before 5.11; then
		ok "attach" complains 1 "Operation not permitted; perhaps RLIMIT_MEMLOCK" \
			locked "$ICMPX" attach eth0
		ok "... nothing is left" nothing_left
		ok "trace" complains 1 "Operation not permitted; perhaps RLIMIT_MEMLOCK" \
			locked "$ICMPX" trace --backend tp -- true
		no_more_bpf "nothing is left in the kernel" "$objects"
	else
		ok "RLIMIT_MEMLOCK does not matter" locked "$ICMPX" attach eth0
		must in_ns b "$ICMPX" detach eth0
	fi
}

test_begin fault-memory
[ -n "${ICMPX_VM:-}" ] || skip_all "a machine of its own (tests/vm)" "this one's memory is others'"
setup
locked_memory
if ! kernel_before 5.11; then
	must sh -c "echo +memory >/sys/fs/cgroup/cgroup.subtree_control"
	must mkdir $group
	trap 'rmdir $group; cleanup' EXIT
	refused
	goes_on
fi
test_end
