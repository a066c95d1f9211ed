#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# One attach or detach at a time: also with two bpffs, as the host and a privileged container have
# them; and nobody can hold that up for ever.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

local4=10.102.0.1
patience_other=5 # seconds, as in pins_lock.c

# A bpffs of this test's own, which ends with it.
[ -n "${ICMPX_OWN_BPFFS:-}" ] || ICMPX_OWN_BPFFS=1 exec unshare -m bash "$0"

user() # COMMAND...: as nobody, in b
{
	in_ns b setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# Holds a lock on a file in the background, from when this returns; holder is its process.
hold() # FILE COMMAND...: in b, which then sleeps
{
	rm -f "$test_dir/held"
	# shellcheck disable=SC2016 # of the shell inside
	nsenter --net="$(ns_path b)" "${@:2}" sh -c 'exec 9<"$0" && flock 9 && echo held && exec sleep 120' \
		"$1" >"$test_dir/held" &
	holder=$!
	wait_until 5 grep -q held "$test_dir/held" || bail "cannot hold $1"
}

release()
{
	kill $holder
	wait $holder
} 2>/dev/null

took() # SECONDS-AT-LEAST SECONDS-AT-MOST COMMAND...
{
	local begin=$SECONDS
	"${@:3}" || return 1
	echo "took $((SECONDS - begin)) s"
	[ $((SECONDS - begin)) -ge "$1" ] && [ $((SECONDS - begin)) -le "$2" ]
}

nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)

held_by_a_user()
{
	local most=$((patience_other * 3 * patience))
	hold $bpffs "${nobody[@]}"
	ok "a user locks bpffs: attach" took 0 $((3 * patience)) in_ns b "$ICMPX" attach eth0
	ok "... detach" took 0 $((3 * patience)) in_ns b "$ICMPX" detach eth0
	release
	hold /proc/self/ns/net "${nobody[@]}"
	ok "a user locks the network namespace: attach says who" \
		took $((patience_other - 1)) $most complains 1 \
		"process $holder (sleep) holds the lock on this network namespace" \
		in_ns b "$ICMPX" attach eth0
	is "... nothing is attached" "$(in_ns b ip -d link show eth0 | grep -c prog/xdp)" 0
	is "... nor pinned" "$(ls $bpffs/icmpx 2>/dev/null)" ""
	release
	attach b eth0
	hold /proc/self/ns/net "${nobody[@]}"
	ok "... detach says who" took $((patience_other - 1)) $most complains 1 "process $holder (sleep)" \
		in_ns b "$ICMPX" detach eth0
	is "... still attached" "$(state_of b)" attached
	ok "... status waits for nobody" took 0 2 in_ns b "$ICMPX" status
	release
	ok "... afterwards, detach" in_ns b "$ICMPX" detach eth0
}

# Its name is what it says of itself.
held_by_a_liar()
{
	local name
	name=$(printf 'a\033[2J\nb')
	must cp "$(command -v sleep)" "$test_dir/$name"
	rm -f "$test_dir/held"
	# shellcheck disable=SC2016 # of the shell inside
	nsenter --net="$(ns_path b)" sh -c 'exec 9</proc/self/ns/net && flock 9 && echo held && exec "$0" 120' \
		"$test_dir/$name" >"$test_dir/held" &
	holder=$!
	wait_until 5 grep -q held "$test_dir/held" || bail "cannot hold"
	sleep 0.2
	ok "a name with control characters: none is printed" complains 1 "process $holder (a?[2J" \
		in_ns b "$ICMPX" attach eth0
	release
}

elsewhere() # COMMAND...: in b with a bpffs of its own
{
	# shellcheck disable=SC2016 # of the shell inside
	unshare -m sh -c 'mount -t bpf -o mode=0700 bpf "$0" && exec "$@"' $bpffs \
		nsenter --net="$(ns_path b)" "$@"
}

prog() # of XDP, by the kernel's word
{
	in_ns b ip -d link show eth0 | sed -n 's/.*prog\/xdp id \([0-9]*\).*/\1/p'
}

# What is said to be attached is, whoever came second.
two_bpffs()
{
	local round wrong=() status1 status2 there
	for ((round = 0; round < 8; round++)); do
		in_ns b "$ICMPX" attach eth0 >"$test_dir/1" 2>&1 &
		# shellcheck disable=SC2016 # of the shell inside
		elsewhere sh -c '"$0" attach eth0 >"$1/2" 2>&1; echo $? >"$1/status"
			"$0" status --json >"$1/there"' "$ICMPX" "$test_dir"
		wait $!
		status1=$?
		status2=$(<"$test_dir/status")
		there=$("$tools/json" attachments 0 state <"$test_dir/there")
		[ "$status1$status2" = 00 ] || wrong+=("round $round: exit status $status1, $status2")
		[ -n "$(prog)" ] || wrong+=("round $round: no program is there")
		[ "$(in_ns b tc filter show dev eth0 egress | grep -c icmpx_learn)" = 1 ] ||
			wrong+=("round $round: no learner")
		case $(state_of b)-$there in
		attached-* | partial-attached) ;;
		*) wrong+=("round $round: status $(state_of b), there: $there") ;;
		esac
		in_ns b "$ICMPX" detach eth0 >/dev/null || wrong+=("round $round: no detach")
		[ -z "$(prog)" ] || wrong+=("round $round: a program is left")
		in_ns b tc qdisc show dev eth0 | grep -q clsact && wrong+=("round $round: clsact is left")
	done
	is "two attaches at once with two bpffs, $round times" "${wrong[*]}" ""
}

# The second one's programs are in the place of the first one's, whose maps stand still.
taken_over()
{
	attach b eth0 --lease 60
	must in_ns a ping -n -q -c 3 -i 0.05 $local4
	must elsewhere "$ICMPX" attach eth0 --lease 60
	is "taken over: status" "$(state_of b)" partial
	ok "... stats shows no frozen counters" complains 1 "those of other programs than are attached" \
		in_ns b "$ICMPX" stats eth0
	ok "... nor leases frozen leases" complains 1 "those of other programs than are attached" \
		in_ns b "$ICMPX" leases eth0
	is "... nor options" "$(in_ns b "$ICMPX" status --json | "$tools/json" attachments 0 options)" null
	ok "... attach takes it back" in_ns b "$ICMPX" attach eth0 --lease 60
	is "... attached" "$(state_of b)" attached
	warms "... with counters that count" b eth0 reaches a $local4
	must elsewhere "$ICMPX" attach eth0
	ok "... or detach removes all" in_ns b "$ICMPX" detach eth0
	is "... program, learner and clsact" "$(prog)$(in_ns b tc qdisc show dev eth0 | grep clsact)" ""
}

# libxdp's dispatcher is out of reach from where its pins are not.
hidden_dispatcher()
{
	attach b eth0
	ok "libxdp's dispatcher: from another bpffs, attach says so" complains 1 \
		"whose pins are not in this bpffs" elsewhere "$ICMPX" attach eth0
	is "... status" "$(elsewhere "$ICMPX" status --json | "$tools/json" attachments 0 state)" partial
	ok "... detach says so" complains 1 "whose pins are not in this bpffs" \
		elsewhere "$ICMPX" detach eth0
	is "... all is as it was" "$(state_of b)" attached
	ok "... detach from here" in_ns b "$ICMPX" detach eth0
	is "... program, learner and clsact" "$(prog)$(in_ns b tc qdisc show dev eth0 | grep clsact)" ""
}

test_begin lock
must mount -t bpf bpf $bpffs # as the kernel has it: mode 1777
ns_add a b
ns_join a eth0 b eth0
must in_ns a ip addr add 10.102.0.2/24 dev eth0
must in_ns b ip addr add $local4/24 dev eth0
must in_ns a ping -n -q -c 1 -W 5 $local4
held_by_a_user
held_by_a_liar
if "$ICMPX" doctor --json | tr -d ' \n' | grep -q '"freplace",[^}]*"works":true'; then
	hidden_dispatcher
else
	two_bpffs
	taken_over
fi
test_end
