#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# icmpx trace: filters are the kernel's: beside a flood that is not meant not one record of it
# arrives, and what is meant does.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

wanted=77 flood=4242 # echo identifiers
flooder='' pinger='' ping_options=()
pace=${ICMPX_VM:+-i 0.005} # of the flood, where there is one slow processor for all

# a and b are joined twice, by eth0 and eth1; the flood goes from a to b, or from c to d.
setup()
{
	local pair
	ns_add a b c d
	ns_join a eth0 b eth0
	ns_join a eth1 b eth1
	ns_join c eth0 d eth0
	for pair in a/eth0/0/2 b/eth0/0/1 b/eth0/0/3 a/eth1/1/2 b/eth1/1/1 c/eth0/2/2 d/eth0/2/1; do
		# shellcheck disable=SC2086 # words
		set -- ${pair//\// }
		must in_ns "$1" ip addr add "10.86.$3.$4/24" dev "$2"
		must in_ns "$1" ip addr add "fd86:$3::$4/64" dev "$2" nodad
	done
	must in_ns a ip route add 10.86.9.0/24 via 10.86.0.1
	must in_ns b ip route add 10.86.9.0/24 via 10.86.0.2
	must in_ns b sysctl -qw net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0
}

end_job() # PID
{
	kill "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}

# Sequence numbers begin anew after 99.
start_flood() # NAME ADDRESS
{
	nsenter --net="$(ns_path "$1")" timeout 300 bash -c \
		"while ping -n -f -q $pace -c 99 -e $flood $2; do :; done" >/dev/null 2>&1 &
	flooder=$!
}

stop_flood()
{
	end_job "$flooder"
}

echoes() # NAME: echo requests that came in
{
	in_ns "$1" cat /proc/net/snmp6 /proc/net/snmp | awk '$1 == "Icmp6InEchos" { sum += $2 }
		$1 == "Icmp:" && $2 ~ /[0-9]/ { sum += $10 } END { print sum }'
}

more_echoes() # NAME THAN
{
	[ "$(echoes "$1")" -gt "$2" ]
}

# The recording and the JSON of `icmpx trace -c COUNT OPTION...` in NAME, while pings with the
# identifier that is wanted go from a to ADDRESS. ping_options: theirs.
catch() # COUNT ADDRESS NAME OPTION...
{
	local tracer
	rm -f "$test_dir/json"
	nsenter --net="$(ns_path "$3")" timeout 60 "$ICMPX" trace --json --record "$test_dir/recording" \
		--count "$1" "${@:4}" >"$test_dir/json" 2>"$test_dir/errors" &
	tracer=$!
	wait_until 10 test -s "$test_dir/json"
	nsenter --net="$(ns_path a)" timeout 60 ping -n -q -i 0.01 -e $wanted \
		"${ping_options[@]}" "$2" >/dev/null 2>&1 &
	pinger=$!
	wait $tracer
	status=$?
	end_job $pinger
}

query() # TYPE[.LIST] MEMBER...
{
	"$tools/ndjson" "$@" <"$test_dir/json"
}

others() # CONDITION: the first records that are not as awk's CONDITION says
{
	"$tools/recorded" "$test_dir/recording" |
		awk '{ probe = $1; kind = $2; id = $3; seq = $4; source = $5; destination = $6
		       netns = $7; tgid = $9 }
		     !('"$1"') && ++count <= 5; END { if (count > 5) print count, "in all" }'
}

described()
{
	[ ! -x /usr/bin/perl ] || "${0%/*}/schema_check" <"$test_dir/json"
}

complete_pings() # IDENTIFIER
{
	[ "$(query ping end id | grep -c "^complete $1\$")" -gt 0 ]
}

only() # DESCRIPTION CONDITION: what was caught is that alone
{
	is "$1: exit status" "$status" 0
	ok "$1: JSON is as described" described
	is "$1: no record of anything else" "$(others "$2")" ""
}

# FLOODED is the namespace that the flood goes to.
catches() # DESCRIPTION FLOODED COUNT ADDRESS NAME OPTION...
{
	local before
	before=$(echoes "$2")
	catch "${@:3}"
	only "$1" "id == $wanted"
	is "$1: pings" "$(query ping id | sort | uniq -c | xargs)" "$3 $wanted"
	ok "$1: seen from end to end" complete_pings $wanted
	ok "$1: beside a flood" wait_until 5 more_echoes "$2" $((before + 200))
}

identity()
{
	start_flood a 10.86.0.1
	catches "--id" b 5 10.86.0.1 a --id $wanted
	catches "--seq" b 4 10.86.0.1 a --netns "$test_prefix-a" --seq 100-103
	is "--seq: these" "$(query ping seq | sort -u | xargs)" "100 101 102 103"
	is "--seq: no record of another" "$(others "seq >= 100 && seq <= 103")" ""
	catches "--seq, one" b 1 10.86.0.1 a --netns "$test_prefix-a" --seq 100
	catches "--host" b 5 10.86.0.3 a --host 10.86.0.3
	catches "--host, twice" b 5 10.86.0.3 a --host 10.86.0.3 --host 10.86.0.77
	catches "--host, --seq and --id" b 3 10.86.0.1 a --host 10.86.0.1 --seq 100-65535 --id $wanted
	stop_flood
	start_flood a fd86:0::1
	catches "IPv6: --id" b 5 fd86:0::1 a --id $wanted
	catches "IPv6: --host" b 5 fd86:0::3 a --host fd86:0::3
	catches "IPv6: --host and --seq" b 2 fd86:0::3 a --host fd86:0::3 --seq 100-101
	catches "--host of the other family" b 5 10.86.0.1 a --host 10.86.0.1
	stop_flood
}

place()
{
	local sleeper
	start_flood a 10.86.1.1
	catches "--dev" b 5 10.86.0.1 a --dev eth0
	catches "--dev of --netns" b 5 fd86:0::1 c --netns "$test_prefix-b" --dev eth0
	catches "--dev and --id" b 5 10.86.1.1 a --dev eth1 --id $wanted
	stop_flood
	start_flood c fd86:2::1
	catches "--netns NAME" d 5 10.86.0.1 c --netns "$test_prefix-a"
	catches "--netns of the responder" d 5 10.86.0.1 c --netns "$test_prefix-b"
	nsenter --net="$(ns_path b)" sleep 300 &
	sleeper=$!
	catches "--netns PID" d 5 fd86:0::1 c --netns $sleeper
	end_job $sleeper
	stop_flood
}

# The numbers in events are the machine's.
is_first_pidns()
{
	[ "$(stat -L -c %i /proc/self/ns/pid)" = $((0xeffffffc)) ]
}

# A process that is there already, and the command that is traced.
process()
{
	local before pid
	start_flood a 10.86.0.1
	nsenter --net="$(ns_path a)" ping -n -q -i 0.02 -w 60 -e $wanted 10.86.0.1 >/dev/null &
	pid=$!
	before=$(echoes b)
	in_ns a timeout 60 "$ICMPX" trace --json --record "$test_dir/recording" -c 5 --pid $pid \
		>"$test_dir/json" 2>/dev/null
	status=$?
	end_job $pid
	only "--pid" "id == $wanted"
	ok "--pid: seen from end to end" complete_pings $wanted
	if is_first_pidns; then
		is "--pid: its process" "$(query ping process | grep -vc "\"tgid\": $pid,")" 0
	else
		pass "--pid: its process # SKIP the machine's own PID namespace: in a container"
	fi
	in_ns a timeout 60 "$ICMPX" trace --json --record "$test_dir/recording" --seq 2-3 -- \
		bash -c "ping -n -q -c 4 -i 0.01 -e $wanted 10.86.0.1; true" >"$test_dir/json" 2>/dev/null
	status=$?
	only "the command's, and --seq" "id == $wanted && seq >= 2 && seq <= 3"
	is "the command's, and --seq: complete" "$(query ping end seq | grep complete | sort | xargs)" \
		"complete 2 complete 3"
	in_ns a timeout 60 "$ICMPX" trace --json --record "$test_dir/recording" -- \
		sleep 0.3 >"$test_dir/json" 2>/dev/null
	is "a command that does not ping: no records" "$(query end events pings)" "0 0"
	ok "--pid: beside a flood" wait_until 5 more_echoes b $((before + 200))
	stop_flood
}

# Requests, replies and errors of one and the same flow, all of them of one kind.
types()
{
	local at="$test_prefix-a"
	catch 5 10.86.0.1 a --netns "$at" --type echo --id $wanted
	only "--type echo" "kind == 1"
	is "--type echo: pings" "$(query ping id | uniq -c | xargs)" "5 $wanted"
	catch 5 10.86.0.1 a --netns "$at" --type reply --id $wanted
	only "--type reply" "kind == 2"
	catch 5 10.86.0.1 a --netns "$at" --type echo --type reply
	only "--type, twice" "kind == 1 || kind == 2"
	ok "--type, twice: both" complete_pings $wanted
	start_flood a 10.86.0.1
	ping_options=(-t 1)
	catch 5 10.86.9.9 a --netns "$at" --type error
	ping_options=()
	stop_flood
	only "--type error" "kind == 3 && id == $wanted"
	is "--type error: pings" "$(query ping end reporter | sort -u)" "error 10.86.0.1"
}

# Nothing passes: the kernel hands over nothing at all.
nothing()
{
	local before tracer
	start_flood a 10.86.0.1
	rm -f "$test_dir/json"
	nsenter --net="$(ns_path a)" timeout 60 "$ICMPX" trace --json --host 10.86.0.99 \
		>"$test_dir/json" 2>/dev/null &
	tracer=$!
	wait_until 10 test -s "$test_dir/json"
	before=$(echoes b)
	ok "a filter that matches nothing: a flood" wait_until 5 more_echoes b $((before + 500))
	kill -INT $tracer
	wait $tracer
	is "a filter that matches nothing: exit status" $? 0
	is "a filter that matches nothing: no records" "$(query end events orphans lost pings)" "0 0 0 0"
	stop_flood
}

refused() # WORDS OPTION...: one line, exit status 1
{
	local error
	error=$("$ICMPX" trace "${@:2}" 2>&1 >/dev/null </dev/null)
	[ $? = 1 ] && [ "$(wc -l <<<"$error")" = 1 ] && [[ $error = *"$1"* ]]
}

refusals()
{
	ok "--netns that there is not" refused "--netns: 'nope'" --netns nope
	ok "--netns of no process" refused "--netns: '4194304'" --netns 4194304
	ok "--dev that there is not" refused "--dev: 'nope'" --dev nope
	ok "--dev that --netns has not" refused "--dev: 'eth9'" --netns "$test_prefix-a" --dev eth9
}

test_begin_seeing trace-filters
setup
identity
place
process
types
nothing
refusals
test_end
