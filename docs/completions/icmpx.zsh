#compdef icmpx
# SPDX-License-Identifier: GPL-2.0-only
# Completion for icmpx(8). Made by docs/completion: see `make completion'.

_icmpx_commands()
{
	local -a commands=(
		'attach:put the fast path on interfaces'
		'detach:remove the fast path'
		'status:what is attached, how, since when'
		'stats:counters of every verdict, and the kernel'\''s own'
		'leases:the flows that are answered at the driver now'
		'export:all counters for Prometheus, over HTTP or in a file'
		'trace:the path of pings through the kernel, live'
		'report:recordings as a page in HTML'
		'doctor:what this kernel offers, and what would be used'
		'help:explain a command'
	)
	_describe -t commands command commands
}

# What follows one word of a name of two.
_icmpx_second() # WORD
{
	local -a commands=()
	case $1 in
		trace) commands=('merge:the recordings of two machines as one') ;;
	esac
	(( $#commands )) && _describe -t commands command commands
}

_icmpx_topics()
{
	if (( CURRENT == 1 )); then
		_icmpx_commands
	elif (( CURRENT == 2 )); then
		_icmpx_second $words[1]
	fi
}

_icmpx_traced()
{
	(( CURRENT > 1 )) || _icmpx_second trace
	_normal
}

_icmpx_netns()
{
	local -a names=(/run/netns/*(N:t))
	_describe -t netns 'network namespace' names
	_pids
}

# FORMAT=FILE
_icmpx_files() # FORMAT=...
{
	if compset -P '[a-z]##='; then
		_files
	else
		compadd -S = ${@%=}
	fi
}

_icmpx_options() # COMMAND
{
	case $1 in
		'attach')
			_arguments -s -S \
				'(- *)'{-h,--help}'[explain this command]' \
				'(- *)--usage[print its options in short]' \
				'(- *)'{-V,--version}'[print the version]' \
				'--mode=[what works here (auto), or XDP in the driver or behind it]:auto|native|generic:(auto native generic)' \
				'--trust=[flow\: answer only flows that the kernel has answered; address\: any peer, for local addresses that the kernel has answered (flow)]:flow|address:(flow address)' \
				'--lease=[ask the kernel again this often, 1 to 3600 (10)]:SECONDS:' \
				'--limit=[drop echo requests above this rate per source]:PPS\[,BURST\]:' \
				'--limit-new=[drop echo requests without a lease above this rate in all]:PPS:' \
				'--observe[count what would be answered, answer nothing]' \
				'--ipv4-only[leave IPv6 to the kernel]' \
				'--ipv6-only[leave IPv4 to the kernel]' \
				'--any-interface[also where a request could come in by another interface\: no rule here goes by the incoming one]' \
				'--live[stay, show the counters and the path of the pings as they pass, detach at the end]' \
				'(-j --json)'{-j,--json}'[print JSON]' \
				'(-v --verbose)'{-v,--verbose}'[more\: libbpf'\''s messages, the verifier'\''s log]' \
				'*:interface:_net_interfaces' ;;
		'detach')
			_arguments -s -S \
				'(- *)'{-h,--help}'[explain this command]' \
				'(- *)--usage[print its options in short]' \
				'(- *)'{-V,--version}'[print the version]' \
				'--all[all interfaces of this network namespace, and what stale pins are left]' \
				'(-j --json)'{-j,--json}'[print JSON]' \
				'(-v --verbose)'{-v,--verbose}'[more\: libbpf'\''s messages, the verifier'\''s log]' \
				'*:interface:_net_interfaces' ;;
		'status')
			_arguments -s -S \
				'(- *)'{-h,--help}'[explain this command]' \
				'(- *)--usage[print its options in short]' \
				'(- *)'{-V,--version}'[print the version]' \
				'(-j --json)'{-j,--json}'[print JSON]' \
				'(-v --verbose)'{-v,--verbose}'[more\: libbpf'\''s messages, the verifier'\''s log]' \
				'*:interface:_net_interfaces' ;;
		'stats')
			_arguments -s -S \
				'(- *)'{-h,--help}'[explain this command]' \
				'(- *)--usage[print its options in short]' \
				'(- *)'{-V,--version}'[print the version]' \
				'(-w --watch)'{-w-,--watch=-}'[go on, with rates, every SECONDS (1) until Ctrl-C]::SECONDS:' \
				'--plain[with --watch\: no full screen on a terminal]' \
				'(-c --per-cpu)'{-c,--per-cpu}'[each processor'\''s share too]' \
				'(-j --json)'{-j,--json}'[print JSON]' \
				'(-v --verbose)'{-v,--verbose}'[more\: libbpf'\''s messages, the verifier'\''s log]' \
				'*:interface:_net_interfaces' ;;
		'leases')
			_arguments -s -S \
				'(- *)'{-h,--help}'[explain this command]' \
				'(- *)--usage[print its options in short]' \
				'(- *)'{-V,--version}'[print the version]' \
				'(-j --json)'{-j,--json}'[print JSON]' \
				'(-v --verbose)'{-v,--verbose}'[more\: libbpf'\''s messages, the verifier'\''s log]' \
				'*:interface:_net_interfaces' ;;
		'export')
			_arguments -s -S \
				'(- *)'{-h,--help}'[explain this command]' \
				'(- *)--usage[print its options in short]' \
				'(- *)'{-V,--version}'[print the version]' \
				'--listen=[serve there (127.0.0.1\:9917); \[ADDRESS\]\:PORT]:ADDRESS\:PORT:' \
				'--textfile=[no server\: write FILE, for node_exporter'\''s textfile collector]:FILE:_files' \
				'--interval=[write FILE again and again, until Ctrl-C]:SECONDS:' \
				'--trace[the times of each stage of all pings of this machine, too]' \
				'--user=[be this user once all is open]:USER:_users' ;;
		'trace')
			_arguments -s -S \
				'(- *)'{-h,--help}'[explain this command]' \
				'(- *)--usage[print its options in short]' \
				'(- *)'{-V,--version}'[print the version]' \
				'*--host=[to or from it; may be given again, up to 8 addresses]:HOST:_hosts' \
				'--id=[with this echo identifier]:ID:' \
				'--seq=[with these sequence numbers]:A\[-B\]:' \
				'*--type=[echo requests, replies or ICMP errors; may be given again]:echo|reply|error:(echo reply error)' \
				'--dev=[that pass this device (of --netns)]:DEVICE:_net_interfaces' \
				'--netns=[that pass this network namespace\: a name, a PID or a path]:NETNS:_icmpx_netns' \
				'--pid=[that this process or its children send or receive]:PID:_pids' \
				'--udp=[not pings\: UDP datagrams from or to this port, and ICMP errors about them]:PORT:' \
				'--ping=[icmpx sends the pings itself; without the privilege to trace, too]:HOST:_hosts' \
				'(-i --interval)'{-i+,--interval=}'[between pings (1)]:SECONDS:' \
				'(-s --size)'{-s+,--size=}'[of data behind the ICMP header (56)]:BYTES:' \
				'(-c --count)'{-c+,--count=}'[after N pings]:N:' \
				'--timeout=[how long to wait for a reply (10)]:SECONDS:' \
				'--explain[what each function does]' \
				'--graph[an indented tree, with durations (backend fn)]' \
				'--compare[at the end, the documented paths against the live one]' \
				'--stats[no single pings, but the time of each stage over all]' \
				'--slow=[only pings that take TIME (200us) or more, or have such a stage]:TIME:' \
				'--plain[with --stats\: no full screen, only the numbers at the end]' \
				'--no-colour[no colours on a terminal]' \
				'*'{-o+,--output=}'[write the pings to FILE, too\: pcapng, perfetto, chrome, folded or ndjson; may be given again]:FORMAT=FILE:{_icmpx_files pcapng= perfetto= chrome= folded= ndjson=}' \
				'--record=[write what is seen to FILE, too]:FILE:_files' \
				'--replay=[show a recording; needs no privilege]:FILE:_files' \
				'--backend=[tracepoints, kernel functions too, or what works here (auto)]:auto|tp|fn:(auto tp fn)' \
				'--stacks=[when to take the call path to a probe\: once a path (paths), always or never]:paths|always|never:(paths always never)' \
				'(-j --json)'{-j,--json}'[print JSON]' \
				'(-v --verbose)'{-v,--verbose}'[more\: libbpf'\''s messages, the verifier'\''s log]' \
				'*:::command:_icmpx_traced' ;;
		'trace merge')
			_arguments -s -S \
				'(- *)'{-h,--help}'[explain this command]' \
				'(- *)--usage[print its options in short]' \
				'(- *)'{-V,--version}'[print the version]' \
				'--explain[what each function does]' \
				'--stats[no single pings, but the time of each stage over all]' \
				'--no-colour[no colours on a terminal]' \
				'(-j --json)'{-j,--json}'[print JSON]' \
				'(-v --verbose)'{-v,--verbose}'[more\: libbpf'\''s messages, the verifier'\''s log]' \
				'*:recording:_files' ;;
		'report')
			_arguments -s -S \
				'(- *)'{-h,--help}'[explain this command]' \
				'(- *)--usage[print its options in short]' \
				'(- *)'{-V,--version}'[print the version]' \
				'(-o --output)'{-o+,--output=}'[write it there (report.html); -\: standard output]:FILE:_files' \
				'--demo[of recordings that icmpx brings along]' \
				'*:recording:_files' ;;
		'doctor')
			_arguments -s -S \
				'(- *)'{-h,--help}'[explain this command]' \
				'(- *)--usage[print its options in short]' \
				'(- *)'{-V,--version}'[print the version]' \
				'(-t --try)'{-t,--try}'[attach to the interface for a moment, where that may interrupt its link too]' \
				'(-j --json)'{-j,--json}'[print JSON]' \
				'(-v --verbose)'{-v,--verbose}'[more\: libbpf'\''s messages, the verifier'\''s log]' \
				':interface:_net_interfaces' ;;
		'help')
			_arguments -s -S \
				'(- *)'{-h,--help}'[explain this command]' \
				'(- *)--usage[print its options in short]' \
				'(- *)'{-V,--version}'[print the version]' \
				'*:::command:_icmpx_topics' ;;
	esac
}

_icmpx()
{
	local curcontext=$curcontext context state state_descr line
	local -A opt_args

	_arguments -C '(- *)'{-h,--help}'[list the commands]' \
		'(- *)'{-V,--version}'[print the version]' \
		':command:_icmpx_commands' '*:: :->rest'
	[[ $state = rest ]] || return
	if (( CURRENT > 2 )) && [[ $words[1] = trace && $words[2] = (merge) ]]; then
		local name="$words[1] $words[2]"
		shift words
		(( CURRENT-- ))
		_icmpx_options $name
		return
	fi
	_icmpx_options $words[1]
}

_icmpx "$@"
