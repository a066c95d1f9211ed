#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Recordings of several kernels (tests/golden/make) are replayed as what happened then: so many
# pings, of this client, over this socket, by the documented call paths. Without root, and without
# those kernels.
set -uo pipefail

net=${0%/*}/../net
golden=${0%/*}/../golden
# shellcheck source=tests/net/lib.sh
. "$net/lib.sh"
test_dir=$(mktemp -d)
trap 'rm -rf "$test_dir"' EXIT
# shellcheck source=tests/net/trace_lib.sh
. "$net/trace_lib.sh"
# shellcheck source=tests/net/trace_paths.sh
. "$net/trace_paths.sh"

# For trace() of trace_lib.sh, in place of a live run.
run_trace() # RECORDING
{
	: >"$errors"
	"$ICMPX" trace --replay "$1" --json >"$json" 2>>"$errors" &&
		LC_ALL=C "$ICMPX" trace --replay "$1" >"$text" 2>>"$errors" &&
		"$ICMPX" trace --replay "$1" --compare --json >"$compared" 2>>"$errors"
}

widest() # columns of the longest line
{
	awk 'length > most { most = length } END { print most + 0 }' "$text"
}

# What holds for any recording; sets what, recording.
replay() # SERIES SCENARIO
{
	what=$1-$2
	recording=$golden/$what.rec
	trace "$what" "$recording"
	is "$what: of that kernel" "$(query header kernel | grep -o "^${1//./\\.}\\.")" "$1."
	ok "$what: JSON: once more the same" cmp <("$ICMPX" trace --replay "$recording" --json) "$json"
	ok "$what: text: once more the same" cmp <(LC_ALL=C "$ICMPX" trace --replay "$recording") "$text"
	ok "$what: 80 columns are enough" [ "$(widest)" -le 80 ]
}

# Namespaces by the last part of their names, as tests/golden/record calls them: a and c send.
facts() # MEMBER...: of all pings, sorted
{
	query ping "$@" | sed 's/ix-golden-[0-9]*-//g' | sort
}

many() # COUNT LINE: that line so often
{
	local i
	for ((i = 0; i < $1; i++)); do
		echo "$2"
	done
}

# One ping of a to b, answered and read.
answered() # FAMILY PROTOCOL SOURCE DESTINATION SOCKET
{
	is "$what: one ping, with both ends" \
		"$(facts end family protocol source destination seq socket sender_netns_name \
			responder_netns_name at_driver duplicate lost)" \
		"complete $1 $2 $3 $4 1 $5 a b false false 0"
	is "$what: no event without a ping" "$(query end orphans)" 0
	is "$what: of ping" "$(query ping process | grep -o '"name": *"[^"]*"')" '"name": "ping"'
}

# How often each step of a round trip over veth is passed, whatever the kernel.
round_trip()
{
	is "$what: each way once: queue, driver, other end" \
		"$(hops net_dev_queue request sender) $(hops net_dev_start_xmit request sender) \
$(hops netif_receive_skb request responder) $(hops net_dev_queue reply responder) \
$(hops net_dev_start_xmit reply responder) $(hops netif_receive_skb reply sender)" "1 1 1 1 1 1"
	is "$what: sent once, read once" \
		"$(query ping.hops probe leg syscall result | grep sys_exit)" \
		"sys_exit request sendto 64
sys_exit reply recvmsg $(($1))"
	is "$what: nothing was dropped" \
		"$(query ping.hops probe benign | grep kfree_skb | grep -cv true)" 0
}

# What tracepoints show of a round trip on any kernel. That a socket has it: from 6.12 on.
passes_seen() # SENDMSG RCV RECVMSG
{
	local queued=()
	! is_set sk_data_ready || queued=("$2" "!__sock_queue_rcv_skb" "!sock_def_readable" "!sk_data_ready")
	passes "$what: sends" "request sender" sendto "!__sys_sendto" "!$1" ip_append_data \
		"!ip_push_pending_frames" ip_output "!ip_finish_output2" "${xmit[@]}"
	passes "$what: comes in" "any responder" "!net_rx_action" "!process_backlog" \
		"!netif_receive_skb" ip_rcv ip_local_deliver "!ip_protocol_deliver_rcu" "!icmp_rcv" \
		"!icmp_echo"
	passes "$what: is answered" "any responder" "!icmp_echo" icmp_reply icmp_push_reply \
		"!ip_push_pending_frames" ip_output "!ip_finish_output2" "${xmit[@]}"
	passes "$what: comes back" "reply sender" "!netif_receive_skb" ip_rcv ip_local_deliver \
		"!ip_protocol_deliver_rcu" "${queued[@]}" recvmsg
	passes "$what: is read" "reply sender" recvmsg "!____sys_recvmsg" inet_recvmsg "!$3" \
		skb_recv_datagram "!skb_copy_datagram_iter" "!skb_copy_datagram_iovec"
	is "$what: one request, one reply" "$(times_passed icmp_rcv) $(times_passed icmp_echo)" "2 1"
}

raw()
{
	replay "$1" raw
	answered ipv4 icmp 10.90.1.2 10.90.1.1 raw
	round_trip 84
	passes_seen raw_sendmsg raw_rcv raw_recvmsg
}

# All of the documented path, by tracepoints alone.
raw_whole()
{
	raw "$1"
	passes_raw
	is "$what: to the raw socket, and to ping_rcv" \
		"$(times_passed raw_rcv) $(times_passed ping_rcv)" "1 1"
}

functions()
{
	replay "$1" fn
	is "$what: backend" "$(query header backend)" fn
	answered ipv4 icmp 10.90.1.2 10.90.1.1 raw
	passes_raw
	is "$what: one request, one reply" "$(times_passed icmp_rcv) $(times_passed icmp_echo) \
$(times_passed raw_rcv) $(times_passed ping_rcv)" "2 1 1 1"
}

ping_socket()
{
	replay "$1" ping
	answered ipv4 icmp 10.90.1.2 10.90.1.1 ping
	round_trip 64 # without the IP header
	passes_seen ping_v4_sendmsg ping_rcv ping_recvmsg
	is "$what: no raw socket" "$(passed_of '^(raw_rcv|raw_sendmsg|raw_recvmsg)$')" ""
}

raw6()
{
	replay "$1" raw6
	answered ipv6 icmpv6 fd90:1::2 fd90:1::1 raw
	round_trip 64
	passes_raw6
	is "$what: nothing of IPv4" "$(passed_of '^(ip_rcv|icmp_rcv|icmp_echo|ip_output)$')" ""
}

ping6()
{
	replay "$1" ping6
	answered ipv6 icmpv6 fd90:1::2 fd90:1::1 ping
	round_trip 64
	passes_ping6
}

# Busybox sets no filter: its raw socket has the request too.
loop()
{
	replay "$1" loop
	is "$what: one ping, both ends here" \
		"$(facts end source destination seq socket sender_netns_name responder_netns_name)" \
		"complete 127.0.0.1 127.0.0.1 0 raw a a"
	is "$what: two packets, the request too" \
		"$(query ping.hops probe leg copied_bytes | grep copy_datagram_iovec)" \
		"skb_copy_datagram_iovec request 84
skb_copy_datagram_iovec reply 84"
	is "$what: the loop, twice; ping_rcv once" "$(times_passed ip_output) \
$(times_passed icmp_rcv) $(times_passed raw_rcv) $(times_passed ping_rcv)" "2 2 2 1"
	is "$what: no driver but that of lo" "$(passed_of '^(veth|loopback)_xmit$')" loopback_xmit
}

# UDP to a port that nobody has: the error is about the datagram, and its sender is told.
port()
{
	replay "$1" port
	is "$what: an error about it" \
		"$(facts end protocol source destination destination_port reporter \
			sender_netns_name responder_netns_name)" \
		"error udp 10.90.1.2 10.90.1.1 7090 10.90.1.1 a b"
	is "$what: port unreachable" \
		"$(query ping.hops leg icmp_type icmp_code | grep ^error | sort -u)" "error 3 3"
	is "$what: the datagram there, the error back" "$(hops netif_receive_skb udp responder) \
$(hops net_dev_start_xmit error responder) $(hops netif_receive_skb error sender)" "1 1 1"
	is "$what: write() takes 8 bytes" \
		"$(query ping.hops probe leg syscall result | grep 'sys_exit udp')" "sys_exit udp write 8"
	passes "$what: taken" "error sender" ip_local_deliver "!icmp_rcv" icmp_unreach \
		udp_err
}

unreachable()
{
	replay "$1" unreachable
	is "$what: an error about it" \
		"$(facts end protocol source destination seq reporter sender_netns_name)" \
		"error icmp 10.90.1.2 10.90.3.1 1 10.90.1.1 a"
	is "$what: host unreachable" \
		"$(query ping.hops leg icmp_type icmp_code | grep ^error | sort -u)" "error 3 1"
	passes "$what: made" "any responder" "!ip_error" "!__icmp_send|icmp_send"
	passes "$what: taken" "error sender" ip_local_deliver "!icmp_rcv" icmp_unreach \
		"!raw_icmp_error|raw_err" "!inet_sk_error_report"
}

# By a rule of nftables in b.
drop()
{
	replay "$1" drop
	is "$what: it dies there" "$(facts end source destination seq sender_netns_name \
responder_netns_name)" "dropped 10.90.1.2 10.90.1.1 1 a b"
	is "$what: where and why" \
		"$(query ping.hops probe leg side location reason | grep ^kfree_skb | sed 's/+[^ ]*//')" \
		"kfree_skb request responder nft_do_chain NETFILTER_DROP"
	is "$what: no reply" "$(query ping.hops leg | grep -c reply)" 0
}

# Asked for 10.90.8.1, which b made c's 10.90.2.2 and back.
nat()
{
	replay "$1" nat
	is "$what: one ping, for that address" "$(facts end source destination seq socket \
		sender_netns_name responder_netns_name)" "complete 10.90.1.2 10.90.8.1 1 raw a c"
	is "$what: no event without a ping" "$(query end orphans)" 0
	is "$what: there and back through the router" "$(hops netif_receive_skb request forwarder) \
$(hops netif_receive_skb request responder) $(hops netif_receive_skb reply forwarder) \
$(hops netif_receive_skb reply sender)" "1 1 1 1"
	passes "$what: router" "request forwarder" ip_rcv ip_forward ip_output "!net_dev_start_xmit"
}

fast()
{
	replay "$1" fast
	is "$what: two, at the driver" "$(facts end seq at_driver sender_netns_name)" \
		"complete 1 true a
complete 2 true a"
	is "$what: one answer each" "$(hops xdp_reply request responder)" 2
	is "$what: the responder's stack has no part" "$(passed_of '^(icmp_echo|icmp_reply)$') \
$(hops net_dev_queue reply responder)" " 0"
	is "$what: and none of its stages" \
		"$(query ping.stages stage side | grep -E '^(icmp|transmit|receive|queue) responder')" ""
	is "$what: the answer is one" "$(query ping.stages stage side | grep -c 'xdp responder')" 2
}

# One lease after the other: a second each, four pings a second.
leases()
{
	replay "$1" leases
	is "$what: all of them" "$(query ping end seq | sort -k 2 -n)" \
		"$(for seq in {1..24}; do echo "complete $seq"; done)"
	is "$what: one in four by the stack, from the first on" "$(query ping seq at_driver |
		sed -n 's/ false//p' | sort -n | tr '\n' ' ')" "1 5 9 13 17 21 "
	is "$what: each is answered once, here or there" \
		"$(query ping.stages stage side | grep -E '^(icmp|xdp) ' | sort | uniq -c | tr -s ' ')" \
		" 6 icmp responder
 18 xdp responder"
}

# Two hosts, the same id and sequence numbers to the same address at the same time.
twins()
{
	local seq want=
	replay "$1" twins
	for seq in 1 2 3; do
		want+="complete 7 $seq 10.90.1.2 10.90.9.1 raw a b false"$'\n'
		want+="complete 7 $seq 10.90.2.2 10.90.9.1 raw c b false"$'\n'
	done
	is "$what: each host's own" "$(facts end id seq source destination socket \
		sender_netns_name responder_netns_name duplicate)" "$(sort <<<"${want%?}")"
	ok "$what: they do overlap" overlap
	is "$what: each has its 150 ms once" \
		"$(query ping.stages ns stage side | awk '$1 > 140e6 { print $2, $3 }' | uniq -c |
			tr -s ' ')" " 6 queue responder"
	foreign_hops
}

overlap() # one is under way before another one has ended
{
	query ping first_ns last_ns | sort -n |
		awk '$1 < last { found = 1 } { last = $2 } END { exit !found }'
}

# A hop of the sender's side is in the sender's namespace.
foreign_hops()
{
	is "$what: no hop of the other host" "$(LC_ALL=C "$ICMPX" trace --replay "$recording" --json |
		perl -MJSON::PP -ne '
			my $ping = decode_json($_);
			next if $ping->{type} ne "ping";
			print "$ping->{source} $_->{probe}\n"
				for grep { $_->{side} eq "sender" && defined $_->{netns} &&
					$_->{netns} != $ping->{sender_netns} } @{$ping->{hops}};')" ""
}

# Two processes, one after the other, with the same id and sequence numbers.
again()
{
	replay "$1" again
	is "$what: four pings, none a duplicate" "$(facts end id seq duplicate)" \
		"complete 65535 1 false
complete 65535 1 false
complete 65535 2 false
complete 65535 2 false"
	is "$what: of two processes" "$(query ping process | sort -u | wc -l)" 2
	is "$what: each sent and read once" \
		"$(query ping.hops probe syscall | grep sys_exit | sort | uniq -c | tr -s ' ')" \
		" 4 sys_exit recvmsg
 4 sys_exit sendto"
}

reorder=1900000 # ns; 2 ms is what the assembler waits

# As if what one of the CPUs wrote had come later.
reordered()
{
	local late
	for late in 0 1; do
		"$golden/edit" late $late $reorder <"$recording" >"$test_dir/late"
		ok "$what: CPU $late comes late: another order" not cmp -s "$recording" "$test_dir/late"
		"$ICMPX" trace --replay "$test_dir/late" --json >"$test_dir/late.json"
		is "$what: CPU $late comes late: the same pings" "$(pings_alone <"$test_dir/late.json")" \
			"$(pings_alone <"$json")"
		is "$what: CPU $late comes late: nothing too late" \
			"$("$tools/ndjson" end late orphans <"$test_dir/late.json")" "0 0"
	done
}

# On two CPUs at the same time.
floods()
{
	local want
	replay "$1" floods
	want=$(sort < <(many 20 "complete 100 10.90.1.2 a false"; many 20 "complete 101 10.90.2.2 c false"))
	is "$what: all of both" "$(facts end id source sender_netns_name duplicate)" "$want"
	is "$what: each number once" "$(query ping id seq | sort -u | wc -l)" 40
	is "$what: on two CPUs" "$(query ping.hops cpu | sort -u | tr '\n' ' ')" "0 1 "
	foreign_hops
	reordered
}

# Each ping on two CPUs.
steered()
{
	replay "$1" steered
	is "$what: all five" "$(facts end seq sender_netns_name duplicate)" \
		"$(for seq in 1 2 3 4 5; do echo "complete $seq a false"; done)"
	is "$what: sent and read on one CPU, answered on the other" \
		"$(query ping.hops probe leg side cpu | sort -u | grep -E 'net_dev_start_xmit|sys_exit|receive_skb re.*responder')" \
		"net_dev_start_xmit reply responder 1
net_dev_start_xmit request sender 0
netif_receive_skb request responder 1
sys_exit reply sender 0
sys_exit request sender 0"
	reordered
}

pings_alone() # whatever the order in which they end
{
	grep '"type":"ping"' | sed 's/"number":[0-9]*,//' | sort
}

# The reader of the ring buffer slept while a flood filled it; cut to the last pings of the flood
# that were seen, the last one in part, and three later ones.
stopped()
{
	what=$1-stopped
	recording=$golden/$what.rec
	run_trace "$recording" || fail "$what: replayed" "$(<"$errors")"
	ok "$what: JSON is as described" described "$json" "$compared"
	is "$what: no hop belongs to two pings" "$(hops_of_two)" ""
	ok "$what: records were lost" [ "$(query end lost)" -gt 0 ]
	is "$what: nothing but the one in part" "$(query ping id end | sort | uniq -c | tr -s ' ')" \
		" 4 200 complete
 1 200 incomplete
 3 201 complete"
	is "$what: which says that records were lost" \
		"$(query ping end lost | grep incomplete)" "incomplete $(query end lost)"
	is "$what: before and after, none is" "$(query ping lost | sort -n | uniq -c | sort -n |
		tail -n 1 | tr -s ' ')" " 6 0"
	ok "$what: the text says so" grep -q "$(query end lost) records lost" "$text"
}

# Whatever record of a ping is lost: it was answered, and nothing else is said of it.
lost_one() # NAME
{
	local at count=0 lost claims=
	what=$1
	recording=$golden/$1.rec
	count=$("$ICMPX" trace --replay "$recording" --json | "$tools/ndjson" end events)
	for ((at = 0; at < count; at++)); do
		"$golden/edit" lose $at 1 <"$recording" >"$test_dir/lossy"
		"$ICMPX" trace --replay "$test_dir/lossy" --json >"$json"
		lost=$((at + 1 < count)) # behind the last one comes none that could tell
		[ "$(query end pings lost)" = "1 $lost" ] &&
			query ping end lost | grep -qx "\(complete\|received\|incomplete\) $lost" ||
			claims+="without event $at: $(query end pings lost): $(query ping end lost)"$'\n'
		described "$json" || claims+="without event $at: not as described"$'\n'
	done
	ok "$what: has events" [ "$count" -gt 10 ]
	is "$what: no false claim without one of its records" "$claims" ""
}

# Edited so that the pings are still the same.
same_pings() # DESCRIPTION NAME EDIT...
{
	local members=(end id seq source destination socket at_driver duplicate)
	"$golden/edit" "${@:3}" <"$golden/$2.rec" >"$test_dir/edited"
	is "$2: the same pings, $1" \
		"$("$ICMPX" trace --replay "$test_dir/edited" --json | "$tools/ndjson" ping "${members[@]}" | sort)" \
		"$("$ICMPX" trace --replay "$golden/$2.rec" --json | "$tools/ndjson" ping "${members[@]}" | sort)"
}

# Two machines (tests/vm/merge.t), whose clocks datagrams with time stamps found to be between 2.469
# and 2.463 s apart.
merged()
{
	what=$1
	"$ICMPX" trace merge --json "$golden/$1-a.rec" "$golden/$1-b.rec" >"$json"
	is "$what: merged" $? 0
	ok "$what: as described" described "$json"
	is "$what: what became of them, sent by whom" \
		"$(query merged fate sender | sort | uniq -c | xargs)" \
		"14 complete a 4 complete b 3 reply_lost a 2 request_lost a"
	is "$what: one machine's clock was ahead by 2.4 s" \
		"$(sed -nE 's/.*"offset_min_ns":-(246[3-9]).*"offset_max_ns":-(246[3-9]).*/ahead/p' \
			<(head -n 1 "$json"))" ahead
	ok "$what: 80 columns are enough" [ "$(LC_ALL=C "$ICMPX" trace merge "$golden/$1-a.rec" \
		"$golden/$1-b.rec" | tee "$text" | awk 'length > most { most = length } END { print most }')" -le 80 ]
	is "$what: each way's time, with what it may be off" \
		"$(grep -cE '^wire, [AB] to [AB]: [0-9.]+ [um]s \+- [0-9.]+ [um]s \([0-9.]+ [um]s to' "$text")" \
		$((18 * 2 + 3))
}

for series in 5.10 6.1 6.12; do
	raw $series
done
raw_whole 7
for series in 5.10 6.12 7; do
	functions $series
done
for series in 6.1 6.18 7; do
	ping_socket $series
done
raw6 7
ping6 6.12
loop 6.18
port 5.10
port 7
unreachable 6.18
drop 6.12
nat 7
fast 6.18
leases 6.18
twins 6.1
again 6.18
floods 6.18
steered 6.18
stopped 6.18
merged 6.12-merge
lost_one 7-raw
lost_one 7-ping
for name in 6.1-raw 6.18-again 6.1-twins 6.18-floods 7-port; do
	same_pings "were all packets at one address" $name one-address
	same_pings "were it all 20 times as fast" $name faster 20
done
test_end
