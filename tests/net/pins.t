#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Pins that are missing, in part or all, and those that do not suit: status and stats tell the truth,
# attach makes whole in one step, detach leaves nothing. An attach that fails at its very end says
# what is attached. An upgrade that counts more than before loses no count.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

# A bpffs of this test's own: others sweep up what is stale, too.
[ -n "${ICMPX_OWN_BPFFS:-}" ] || ICMPX_OWN_BPFFS=1 exec unshare -m bash "$0"

local4=10.104.0.1

prog() # of XDP, by the kernel's word
{
	in_ns b ip -d link show eth0 | sed -n 's/.*prog\/xdp id \([0-9]*\).*/\1/p'
}

echo_id() # which may be in a dispatcher
{
	in_ns b "$ICMPX" status eth0 --json | "$tools/json" attachments 0 echo_prog_id
}

has_clsact()
{
	in_ns b tc qdisc show dev eth0 | grep clsact >/dev/null
}

nothing_left()
{
	[ -z "$(prog)" ] && ! has_clsact && ! [ -e "$pins" ]
}

missing() # PIN...: one way to lose it, and both ways out
{
	attach b eth0 --lease 60
	must in_ns a ping -n -q -c 2 -i 0.05 $local4
	(cd "$pins" && rm "$@") || bail "no pin: $*"
	is "without $*: partial" "$(state_of b)" partial
	ok "... stats does not show a part for the whole" complains 1 "eth0: its pins are" \
		in_ns b "$ICMPX" stats eth0
	ok "... nor leases" complains 1 "eth0: its pins are" in_ns b "$ICMPX" leases eth0
	ok "... attach makes it whole" in_ns b "$ICMPX" attach eth0 --lease 60
	is "... attached" "$(state_of b)" attached
	warms "... counts" b eth0 reaches a $local4
	(cd "$pins" && rm "$@")
	ok "... detach" in_ns b "$ICMPX" detach eth0
	ok "... leaves nothing" nothing_left
}

all_missing()
{
	attach b eth0
	must rm -r "$pins"
	is "without any pin: partial" "$(state_of b)" partial
	ok "... detach" in_ns b "$ICMPX" detach eth0
	ok "... leaves nothing: the clsact was its own" nothing_left
	must in_ns b tc qdisc add dev eth0 clsact
	attach b eth0
	must rm -r "$pins"
	ok "without any pin, beside a clsact: detach" in_ns b "$ICMPX" detach eth0
	ok "... leaves that alone" has_clsact
	must in_ns b tc qdisc del dev eth0 clsact
}

kept_counters()
{
	attach b eth0 --lease 60
	must in_ns a ping -n -q -c 5 -i 0.05 $local4
	must rm "$pins/leases_v4"
	attach b eth0 --lease 60
	is "one pin was missing: the counters go on" "$(counter b eth0 replied_v4)" 4
	must in_ns b "$ICMPX" detach eth0
}

# Every call that renames fails, as in a read-only bpffs: the programs are at work by then.
late_error()
{
	local out status old
	if ! out=$(strace -o /dev/null true 2>&1); then
		pass "an error at the very end # SKIP ptrace: $out"
		return
	fi
	attach b eth0
	old=$(echo_id)
	out=$(ASAN_OPTIONS=detect_leaks=0 in_ns b strace -o /dev/null \
		-e inject=rename,renameat,renameat2:error=EROFS "$ICMPX" attach eth0 2>&1)
	status=$?
	is "an error at the very end: exit status" $status 1
	ok "... another program is attached" test "$(echo_id)" != "$old"
	ok "... it says so, and why" grep -qE "it is attached, but .*Read-only file system; attached now: XDP program $(echo_id), learner" \
		<<<"$out"
	is "... status: attached" "$(state_of b)" attached
	warms "... pings are answered" b eth0 reaches a $local4
	ok "... attach puts it in order" in_ns b "$ICMPX" attach eth0
	ok "... no second generation" not compgen -G "$pins/*_new"
	ok "... detach" in_ns b "$ICMPX" detach eth0
	ok "... leaves nothing" nothing_left
}

# A verdict and a lesson more than the former version had.
outgrown()
{
	local before verdicts=20 lessons=3 # without the last ones
	must in_ns b "$tools/older" eth0 $verdicts $lessons
	is "an older version's: attached" "$(state_of b)" attached
	must in_ns a ping -n -q -c 5 -i 0.05 $local4
	before=$(counter b eth0 replied_v4 pass_no_lease)
	is "... counts" "$before" 5
	must in_ns a arping -q -c 1 -I eth0 $local4
	is "... but not what it has no room for" "$(counter b eth0 pass_not_ip)" 0
	in_ns a ping -n -q -i 0.002 -c 3000 $local4 >"$test_dir/ping" 2>&1 &
	sleep 0.5
	ok "... replace" in_ns b "$ICMPX" attach eth0 --lease 60
	wait $!
	ok "... no ping is lost" grep -q ' 0% packet loss' "$test_dir/ping"
	is "... every one is counted, before, while and after" "$(counter b eth0 replied_v4 pass_no_lease \
		pass_expired pass_length pass_label pass_dst_mac pass_src_mac pass_renew)" 3005
	must in_ns a arping -q -c 1 -I eth0 $local4
	ok "... the new verdict, too" test "$(counter b eth0 pass_not_ip)" -gt 0
	before=$(counter b eth0 replied_v4 pass_no_lease)
	ok "... replace once more" in_ns b "$ICMPX" attach eth0 --lease 60
	is "... all is kept" "$(counter b eth0 replied_v4 pass_no_lease)" "$before"
	ok "... detach" in_ns b "$ICMPX" detach eth0
	ok "... leaves nothing" nothing_left
}

test_begin pins
must mount -t bpf -o mode=0700 bpf $bpffs
ns_add a b
ns_join a eth0 b eth0
must in_ns a ip addr add 10.104.0.2/24 dev eth0
must in_ns b ip addr add $local4/24 dev eth0
must in_ns a ping -n -q -c 1 -W 5 $local4
pins=$(pin_dir b eth0)
missing verdicts
missing lessons
missing leases_v4 leases_v6
missing events
missing config
missing echo learn
all_missing
kept_counters
late_error
outgrown
test_end
