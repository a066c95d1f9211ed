# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Pings that icmpx traces and the kernel's own function tracer (ftrace) watches: for witness.t,
# and for measuring what include/edges-*.h have (witness_data.sh).
#
# a and c are hosts, b is between them; in a VM, n and m have the two network cards:
#   a 10.9.0.1 - 10.9.0.2 b 10.9.1.2 - 10.9.1.1 c     n 10.9.2.1 - 10.9.2.2 m

# shellcheck disable=SC2154 # of lib.sh

# shellcheck source=tests/net/ftrace_lib.sh
. "${0%/*}/ftrace_lib.sh"
# shellcheck source=tests/net/cards.sh
. "${0%/*}/cards.sh"
filter=$test_dir/filter
options="funcgraph-abstime funcgraph-tail funcgraph-proc funcgraph-cpu funcgraph-duration"
no_options="funcgraph-irqs funcgraph-overhead latency-format"

# All functions that icmpx knows and ftrace can see, whatever the compiler appended.
set_up_ftrace()
{
	local option error
	tell_ftrace trace_clock mono >/dev/null
	"$tools/witness_check" names >"$test_dir/names"
	awk -v names="$test_dir/names" '
		BEGIN { while ((getline name <names) > 0) known[name] = 1 }
		{ base = $1; sub(/\..*/, "", base) }
		base in known && $1 !~ /\.cold/ { print $1 }
	' "$functions" >"$filter"
	error=$(filter_ftrace "$filter") || skip_all "ftrace function filter" "$error"
	for option in $options; do # the tracer's
		tell_ftrace trace_options "$option" >/dev/null
	done
	for option in $no_options; do
		tell_ftrace trace_options "no$option" >/dev/null
	done
}

join() # NS1 IFACE1 ADDRESS1 NS2 IFACE2 ADDRESS2: addresses without "10.9." and "fd09:"
{
	must in_ns "$1" ip addr add "10.9.$3/24" dev "$2"
	must in_ns "$4" ip addr add "10.9.$6/24" dev "$5"
	must in_ns "$1" ip addr add "fd09:${3//./::}/64" dev "$2" nodad
	must in_ns "$4" ip addr add "fd09:${6//./::}/64" dev "$5" nodad
}

set_up_net()
{
	local address
	ns_add a b c
	ns_join a e0 b e0
	ns_join c e0 b e1
	join a e0 0.1 b e0 0.2
	join c e0 1.1 b e1 1.2
	must in_ns a ip route add default via 10.9.0.2
	must in_ns a ip route add default via fd09:0::2
	must in_ns c ip route add default via 10.9.1.2
	must in_ns c ip route add default via fd09:1::2
	must in_ns b sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
		net.ipv4.icmp_ratemask=0
	cards && set_up_cards
	for address in 10.9.1.1 fd09:1::1; do # neighbours know each other
		must wait_until 5 reaches a $address
	done
}

cards() # whether there are two
{
	[ -n "${ICMPX_VM:-}" ]
}

set_up_cards()
{
	local address
	ns_add n m
	cards_join n e0 m e0
	join n e0 2.1 m e0 2.2
	for address in 10.9.2.2 fd09:2::2; do
		must wait_until 5 reaches n $address
	done
}

# What is sent, in this order, each with one packet to follow. A line each: namespace, kind of
# socket, command, what it is.
pings()
{
	local wait=$((2 * patience))
	sed "s/PING/ping -n -q -c 1 -W $wait/" <<-'END'
		a raw  PING 10.9.0.2 # raw socket, IPv4
		a raw  PING fd09:0::2 # raw socket, IPv6
		a raw  PING 127.0.0.1 # loopback
		a raw  PING ::1 # loopback, IPv6
		a raw  PING 10.9.1.1 # forwarded
		a raw  PING fd09:1::1 # forwarded, IPv6
		a raw  PING -t 1 10.9.1.1 # time exceeded
		a raw  PING -t 1 fd09:1::1 # time exceeded, IPv6
		a new  PING 10.9.0.2 # new neighbour
		a new  PING fd09:0::2 # new neighbour, IPv6
		a ping PING 10.9.0.2 # ping socket, IPv4
		a ping PING fd09:0::2 # ping socket, IPv6
		a ping PING -t 1 10.9.1.1 # ping socket, time exceeded
		a ping PING -t 1 fd09:1::1 # ping socket, time exceeded, IPv6
	END
	! cards || sed "s/PING/ping -n -q -c 1 -W $wait/" <<-'END'
		n raw  PING 10.9.2.2 # network card
		n raw  PING fd09:2::2 # network card, IPv6
	END
}

datagrams()
{
	cat <<-'END'
		a udp  10.9.0.2 # UDP
		a udp  fd09:0::2 # UDP, IPv6
		a long 127.0.0.1 # UDP in pieces
		a long ::1 # UDP in pieces, IPv6
		a port 10.9.0.2 # port unreachable
		a port fd09:0::2 # port unreachable, IPv6
	END
}

udp_port=7093

datagram() # NS TO-NS ADDRESS BYTES: the command that sends one to who reads it
{
	echo "in_ns $2 $tools/udp receive $3 $udp_port | {
		read -r bound; in_ns $1 $tools/udp send $3 $udp_port $4; cat; }"
}

# The lines' commands, for a shell that icmpx traces.
script_of() # LINES...
{
	local ns kind command
	# shellcheck disable=SC2016 # for that shell
	printf '%s\n' 'in_ns() { nsenter --net="$NETNS-$1" "${@:2}"; }' \
		'sockets() { in_ns "$1" sysctl -qw net.ipv4.ping_group_range="$2 $3"; }'
	while read -r ns kind command; do
		command=${command%% #*}
		case $kind in
			raw) echo "sockets $ns 1 0; in_ns $ns $command" ;;
			ping) echo "sockets $ns 0 0; in_ns $ns $command" ;;
			new) echo "sockets $ns 1 0; in_ns $ns ip neigh flush dev e0; in_ns $ns $command" ;;
			udp) datagram "$ns" b "$command" 8 ;;
			long) datagram "$ns" "$ns" "$command" 20000 ;;
			port) echo "in_ns $ns $tools/udp send $command $udp_port 8" ;;
		esac
	done
}

# Traces what is sent, as $test_dir/NAME.rec and $test_dir/NAME.trace, with the call path of each
# event: one is otherwise taken for another one that is as deep. Fails where the backend does not
# work here (status 3).
witness() # NAME SENT OPTION...
{
	local status=0
	script_of <<<"$2" >"$test_dir/script"
	tell_ftrace trace '' >/dev/null
	tell_ftrace tracing_on 1 >/dev/null
	NETNS=/run/netns/$test_prefix "$ICMPX" trace --json --stats --stacks always \
		--record "$test_dir/$1.rec" "${@:3}" -- "$BASH" "$test_dir/script" >"$test_dir/output" 2>"$test_dir/errors" \
		</dev/null || status=$?
	tell_ftrace tracing_on 0 >/dev/null
	cat "$tracing/trace" >"$test_dir/$1.trace"
	return $status
}

# What was called between functions of call paths. With backend fn: it has all call paths that tp
# has.
edges() # measure|compare RUN...
{
	local run files=()
	for run in "${@:2}"; do
		files+=("$test_dir/$run.trace" "$test_dir/$run.rec")
	done
	"$tools/witness_edges" "$1" "$filter" "${files[@]}"
}
