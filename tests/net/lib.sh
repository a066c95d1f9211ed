# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What the tests in namespaces share: TAP, namespaces that go away, waiting.
#
# A test begins with   . "${0%/*}/lib.sh"; test_begin NAME   and ends with   test_end.
# Namespaces are named ix-NAME-PID-x; those of dead processes are leftovers, which the
# next run of the same test removes. Interface names repeat: each namespace has its own.

ICMPX=$(realpath -m "${ICMPX:-build/icmpx}")
tools=$(realpath -m "${ICMPX_BUILD:-build}")/tests/net
bpffs=/sys/fs/bpf

test_count=0
test_failed=0
test_prefix=
test_dir=
declare -A ns_inode=()

# TAP -----------------------------------------------------------------------

diag() # TEXT...
{
	printf '%s\n' "$@" | sed 's/^/# /'
}

pass() # DESCRIPTION
{
	test_count=$((test_count + 1))
	printf 'ok %d - %s\n' $test_count "$1"
}

fail() # DESCRIPTION [DETAIL...]
{
	test_count=$((test_count + 1))
	test_failed=$((test_failed + 1))
	printf 'not ok %d - %s\n' $test_count "$1"
	shift
	[ $# -eq 0 ] || diag "$@"
}

ok() # DESCRIPTION COMMAND...: passes when the command succeeds; its output explains
{
	local description=$1 output status
	shift
	output=$("$@" 2>&1)
	status=$?
	if [ $status -eq 0 ]; then
		pass "$description"
	else
		fail "$description" "$(printf '%q ' "$@"): status $status" "$output"
	fi
}

is() # DESCRIPTION GOT WANT
{
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "got:  $2" "want: $3"
	fi
}

not() # COMMAND...
{
	! "$@"
}

bail() # REASON: the set-up failed, nothing more can be said. Not "Bail out!", which ends all tests
{
	fail "set-up: $1"
	test_end
	exit 1
}

must() # COMMAND...: part of the set-up
{
	local output
	output=$("$@" 2>&1) || bail "$(printf '%q ' "$@"): $output"
}

skip_all() # CAPABILITY ERROR
{
	printf '1..0 # SKIP %s: %s\n' "$1" "$2"
	exit 0
}

# Waiting -------------------------------------------------------------------

patience=${ICMPX_VM:+4} # times as long: emulation is slow
patience=${patience:-1}
short_lease=${ICMPX_VM:+2} # seconds
# shellcheck disable=SC2034 # for the tests
short_lease=${short_lease:-1}

now_ms()
{
	echo $((${EPOCHREALTIME/./} / 1000))
}

deadline() # SECONDS from now, with a fraction, in ms
{
	local ms
	printf -v ms '%.3f' "$1"
	echo $(($(now_ms) + 10#${ms/./}))
}

wait_until() # WHOLE-SECONDS COMMAND...: tries until it succeeds or the time is up
{
	local end
	end=$(deadline $(($1 * patience)))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(now_ms)" -lt "$end" ] || return 1
		sleep 0.05
	done
}

holds_for() # SECONDS COMMAND...: succeeds each time until the time is up
{
	local end
	end=$(deadline "$1")
	shift
	while [ "$(now_ms)" -lt "$end" ]; do
		"$@" || return 1
		sleep 0.05
	done
}

# Namespaces ----------------------------------------------------------------

in_ns() # NAME COMMAND...: not `ip netns exec`, which hides bpffs
{
	nsenter --net="/run/netns/$test_prefix-$1" "${@:2}"
}

ns_path() # NAME
{
	echo "/run/netns/$test_prefix-$1"
}

ns_add() # NAME...
{
	local name
	for name; do
		must ip netns add "$test_prefix-$name"
		ns_inode[$name]=$(stat -L -c %i "/run/netns/$test_prefix-$name")
		in_ns "$name" sysctl -qw net.ipv6.conf.all.accept_dad=0 \
			net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_ra=0 \
			net.ipv6.conf.default.accept_ra=0
		must in_ns "$name" ip link set lo up
	done
}

ns_join() # NS1 IFACE1 NS2 IFACE2: with a veth pair, both ends up
{
	must in_ns "$1" ip link add "$2" type veth peer name "$4" netns "$test_prefix-$3"
	must in_ns "$1" ip link set "$2" up
	must in_ns "$3" ip link set "$4" up
}

# a and b, joined by eth0. Of the test: peer4, peer6 and local4, local6, their addresses.
hosts_up()
{
	ns_add a b
	ns_join a eth0 b eth0
	# shellcheck disable=SC2154 # of the test
	must in_ns a ip addr add "$peer4/24" dev eth0
	# shellcheck disable=SC2154 # of the test
	must in_ns b ip addr add "$local4/24" dev eth0
	# shellcheck disable=SC2154 # of the test
	must in_ns a ip addr add "$peer6/64" dev eth0 nodad
	# shellcheck disable=SC2154 # of the test
	must in_ns b ip addr add "$local6/64" dev eth0 nodad
}

pin_dir() # NAME IFACE: where icmpx has its pins for this interface
{
	echo "$bpffs/icmpx/${ns_inode[$1]}-$(in_ns "$1" ip -o link show dev "$2" | cut -d: -f1)"
}

# Ends what runs in a namespace, removes it and the pins of its interfaces.
ns_delete() # FULL-NAME
{
	local inode
	inode=$(stat -L -c %i "/run/netns/$1" 2>/dev/null) || return 0
	ip netns pids "$1" 2>/dev/null | xargs -r kill -9 2>/dev/null
	# libxdp's pins too, which no namespace's name leads to
	nsenter --net="/run/netns/$1" "$ICMPX" detach --all >/dev/null 2>&1
	ip netns delete "$1"
	rm -rf "$bpffs/icmpx/$inode"-*
}

delete_leftovers()
{
	local name pid
	for name in $(ip netns list | grep -o "^${test_prefix%-*}-[0-9]*-[^ ]*"); do
		pid=${name#"${test_prefix%-*}"-}
		pid=${pid%%-*}
		if ! [ -d "/proc/$pid" ] || [ "$pid" = $$ ]; then
			ns_delete "$name"
		fi
	done
}

cleanup()
{
	local name
	trap '' TERM INT HUP
	jobs -p | xargs -r kill 2>/dev/null # those in no namespace of the test's
	for name in $(ip netns list | grep -o "^$test_prefix-[^ ]*"); do
		ns_delete "$name"
	done
	rmdir "$bpffs/icmpx" 2>/dev/null
	rm -rf "$test_dir"
}

test_begin() # NAME
{
	test_prefix=ix-$1-$$
	[ "$(id -u)" = 0 ] || skip_all "CAP_NET_ADMIN" "EPERM"
	mountpoint -q $bpffs || must mount -t bpf bpf $bpffs
	[ -x "$ICMPX" ] || bail "$ICMPX: not built"
	[ -d "$tools" ] || bail "$tools: not built"
	delete_leftovers
	test_dir=$(mktemp -d)
	trap cleanup EXIT
	trap 'exit 143' TERM INT HUP
}

# For tests of what tracing sees. A vendor's kernel may hide tasks from it (hidden.c), and with
# them the softirqs that come on top of them; on a machine that is starved of its processor
# (starved.c) anything may come between two functions. There, and only there, such a test may
# fail twice, and says so.
test_begin_seeing() # NAME
{
	[ -n "${ICMPX_ATTEMPT-}" ] || test_attempts
	test_begin "$1"
}

test_attempts()
{
	local attempt output status hides child
	output=$(mktemp)
	for attempt in 1 2 3; do
		ICMPX_ATTEMPT=$attempt bash "$0" >"$output" &
		child=$!
		# shellcheck disable=SC2064 # this one
		trap "kill $child; wait $child; rm '$output'; exit 143" TERM INT HUP
		wait $child
		status=$?
		[ $status -ne 0 ] || break
		[ $attempt -lt 3 ] || break
		hides=$("$tools/hidden" 2>/dev/null || "$tools/starved") || break
		{
			echo "# ${0##*/} failed, attempt $attempt; $hides; once more:"
			grep -A 3 '^not ok' "$output"
		} >&2
	done
	cat "$output"
	rm "$output"
	exit $status
}

test_end()
{
	printf '1..%d\n' $test_count
	[ $test_failed -eq 0 ]
}

# icmpx ---------------------------------------------------------------------

attach() # NAME IFACE OPTION...
{
	must in_ns "$1" "$ICMPX" attach "${@:2}"
}

state_of() # NAME: of the interfaces of this namespace, attached or stale; others are elsewhere
{
	in_ns "$1" "$ICMPX" status --json | awk -F '[ ",:]+' -v netns="${ns_inode[$1]}" '
		$2 == "netns" { own = $3 == netns } $2 == "state" && own { print $3 }'
}

complains() # STATUS WORDS COMMAND...: that exit status, one line on standard error, no other output
{
	local error status
	error=$("${@:3}" 2>&1 >"$test_dir/stdout" </dev/null)
	status=$?
	echo "status $status: $error"
	[ $status = "$1" ] && [ ! -s "$test_dir/stdout" ] && [ "$(wc -l <<<"$error")" = 1 ] &&
		[[ $error = *"$2"* ]]
}

# Before 5.11 maps and programs count as locked memory, then as that of a control group.
kernel_before() # VERSION
{
	[ "$(printf '%s\n' "$1" "$(uname -r)" | sort -V | head -n 1)" != "$1" ]
}

# Programs, maps and links of the whole machine by their names: nobody else's in a VM; not
# bpftool's own. Elsewhere nothing, since others come and go.
bpf_objects()
{
	local kind
	[ -n "${ICMPX_VM:-}" ] || return 0
	for kind in prog map link; do
		bpftool -j "$kind" show 2>/dev/null | grep -oE '"(name|type)":"[^"]*"' |
			grep -vE 'iter|libbpf' | sort | sed "s/^/$kind /"
	done
}

bpf_as_before() # OBJECTS
{
	[ "$(bpf_objects)" = "$1" ]
}

no_more_bpf() # DESCRIPTION OBJECTS: nothing but those. The kernel takes its time to free them
{
	ok "$1" wait_until 5 bpf_as_before "$2"
}

counter() # NAME IFACE COUNTER...: their sum
{
	"$tools/peek" "/run/netns/$test_prefix-$1" "${@:2}"
}

# Pings ---------------------------------------------------------------------

ping_wait=${ICMPX_VM:+1} # seconds for a reply
ping_wait=${ping_wait:-0.3}

reaches() # NAME TARGET [PING-OPTION...]
{
	in_ns "$1" ping -n -q -c 1 -W "$ping_wait" "${@:3}" "$2"
}

silent() # NAME TARGET [PING-OPTION...]: no reply
{
	! reaches "$@"
}

at_driver() # NAME IFACE COMMAND...: a ping, which the fast path of NAME's IFACE answers
{
	local before
	before=$(counter "$1" "$2" replied_v4 replied_v6)
	"${@:3}" && [ "$(counter "$1" "$2" replied_v4 replied_v6)" -gt "$before" ]
}

by_kernel() # NAME IFACE COMMAND...: a ping, which the fast path does not answer
{
	local before
	before=$(counter "$1" "$2" replied_v4 replied_v6)
	"${@:3}" && [ "$(counter "$1" "$2" replied_v4 replied_v6)" -eq "$before" ]
}

warms() # DESCRIPTION NAME IFACE COMMAND...: the fast path comes to answer this ping
{
	ok "$1: answered at the driver" wait_until 3 at_driver "${@:2}"
}

# With --lease $short_lease: true after a lease and some time for scheduling, and from then on.
# Not what was true before: a lease asks the kernel once when it is about to end.
follows() # DESCRIPTION COMMAND...
{
	local description=$1
	shift
	sleep "$short_lease.1"
	if ! wait_until 1 "$@"; then
		fail "$description within one lease" "$(printf '%q ' "$@")"
	elif ! holds_for "$short_lease.3" "$@" >/dev/null 2>&1; then
		fail "$description and stays so" "$(printf '%q ' "$@")"
	else
		pass "$description"
	fi
}
