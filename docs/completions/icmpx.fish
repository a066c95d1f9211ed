# SPDX-License-Identifier: GPL-2.0-only
# Completion for icmpx(8). Made by docs/completion: see `make completion'.

# The command that has been typed: one word or two.
function __icmpx_command
	set -l words (commandline -opc)
	set -e words[1]
	if contains -- "$words[1..2]" 'trace merge' 'help trace'
		echo "$words[1..2]"
	else
		echo "$words[1]"
	end
end

function __icmpx_is
	test (__icmpx_command) = "$argv"
end

function __icmpx_netns
	path basename /run/netns/*
	__fish_complete_pids
end

# FORMAT=FILE
function __icmpx_files
	set -l word (string replace -r -- '^(--output=|-o)' '' (commandline -ct))
	if string match -q -- '*=*' $word
		set -l format (string replace -r -- '=.*' '=' $word)
		for file in (__fish_complete_path (string replace -r -- '^[^=]*=' '' $word))
			echo $format$file
		end
	else
		string join \n -- $argv
	end
end

complete -c icmpx -f
complete -c icmpx -n '__icmpx_is' -s h -l help -d 'list the commands'
complete -c icmpx -n '__icmpx_is' -s V -l version -d 'print the version'
complete -c icmpx -n '__icmpx_is' -a attach -d 'put the fast path on interfaces'
complete -c icmpx -n '__icmpx_is' -a detach -d 'remove the fast path'
complete -c icmpx -n '__icmpx_is' -a status -d 'what is attached, how, since when'
complete -c icmpx -n '__icmpx_is' -a stats -d 'counters of every verdict, and the kernel\'s own'
complete -c icmpx -n '__icmpx_is' -a leases -d 'the flows that are answered at the driver now'
complete -c icmpx -n '__icmpx_is' -a export -d 'all counters for Prometheus, over HTTP or in a file'
complete -c icmpx -n '__icmpx_is' -a trace -d 'the path of pings through the kernel, live'
complete -c icmpx -n '__icmpx_is trace' -a merge -d 'the recordings of two machines as one'
complete -c icmpx -n '__icmpx_is help trace' -a merge -d 'the recordings of two machines as one'
complete -c icmpx -n '__icmpx_is' -a report -d 'recordings as a page in HTML'
complete -c icmpx -n '__icmpx_is' -a doctor -d 'what this kernel offers, and what would be used'
complete -c icmpx -n '__icmpx_is' -a help -d 'explain a command'

complete -c icmpx -n '__icmpx_is attach' -s h -l help -d 'explain this command'
complete -c icmpx -n '__icmpx_is attach' -l usage -d 'print its options in short'
complete -c icmpx -n '__icmpx_is attach' -s V -l version -d 'print the version'
complete -c icmpx -n '__icmpx_is attach' -l mode -x -a 'auto native generic' -d 'what works here (auto), or XDP in the driver or behind it'
complete -c icmpx -n '__icmpx_is attach' -l trust -x -a 'flow address' -d 'flow: answer only flows that the kernel has answered; address: any peer, for local addresses that the kernel has answered (flow)'
complete -c icmpx -n '__icmpx_is attach' -l lease -x -d 'ask the kernel again this often, 1 to 3600 (10)'
complete -c icmpx -n '__icmpx_is attach' -l limit -x -d 'drop echo requests above this rate per source'
complete -c icmpx -n '__icmpx_is attach' -l limit-new -x -d 'drop echo requests without a lease above this rate in all'
complete -c icmpx -n '__icmpx_is attach' -l observe -d 'count what would be answered, answer nothing'
complete -c icmpx -n '__icmpx_is attach' -l ipv4-only -d 'leave IPv6 to the kernel'
complete -c icmpx -n '__icmpx_is attach' -l ipv6-only -d 'leave IPv4 to the kernel'
complete -c icmpx -n '__icmpx_is attach' -l any-interface -d 'also where a request could come in by another interface: no rule here goes by the incoming one'
complete -c icmpx -n '__icmpx_is attach' -l live -d 'stay, show the counters and the path of the pings as they pass, detach at the end'
complete -c icmpx -n '__icmpx_is attach' -s j -l json -d 'print JSON'
complete -c icmpx -n '__icmpx_is attach' -s v -l verbose -d 'more: libbpf\'s messages, the verifier\'s log'
complete -c icmpx -n '__icmpx_is attach' -a '(__fish_print_interfaces)'

complete -c icmpx -n '__icmpx_is detach' -s h -l help -d 'explain this command'
complete -c icmpx -n '__icmpx_is detach' -l usage -d 'print its options in short'
complete -c icmpx -n '__icmpx_is detach' -s V -l version -d 'print the version'
complete -c icmpx -n '__icmpx_is detach' -l all -d 'all interfaces of this network namespace, and what stale pins are left'
complete -c icmpx -n '__icmpx_is detach' -s j -l json -d 'print JSON'
complete -c icmpx -n '__icmpx_is detach' -s v -l verbose -d 'more: libbpf\'s messages, the verifier\'s log'
complete -c icmpx -n '__icmpx_is detach' -a '(__fish_print_interfaces)'

complete -c icmpx -n '__icmpx_is status' -s h -l help -d 'explain this command'
complete -c icmpx -n '__icmpx_is status' -l usage -d 'print its options in short'
complete -c icmpx -n '__icmpx_is status' -s V -l version -d 'print the version'
complete -c icmpx -n '__icmpx_is status' -s j -l json -d 'print JSON'
complete -c icmpx -n '__icmpx_is status' -s v -l verbose -d 'more: libbpf\'s messages, the verifier\'s log'
complete -c icmpx -n '__icmpx_is status' -a '(__fish_print_interfaces)'

complete -c icmpx -n '__icmpx_is stats' -s h -l help -d 'explain this command'
complete -c icmpx -n '__icmpx_is stats' -l usage -d 'print its options in short'
complete -c icmpx -n '__icmpx_is stats' -s V -l version -d 'print the version'
complete -c icmpx -n '__icmpx_is stats' -s w -l watch -d 'go on, with rates, every SECONDS (1) until Ctrl-C'
complete -c icmpx -n '__icmpx_is stats' -l plain -d 'with --watch: no full screen on a terminal'
complete -c icmpx -n '__icmpx_is stats' -s c -l per-cpu -d 'each processor\'s share too'
complete -c icmpx -n '__icmpx_is stats' -s j -l json -d 'print JSON'
complete -c icmpx -n '__icmpx_is stats' -s v -l verbose -d 'more: libbpf\'s messages, the verifier\'s log'
complete -c icmpx -n '__icmpx_is stats' -a '(__fish_print_interfaces)'

complete -c icmpx -n '__icmpx_is leases' -s h -l help -d 'explain this command'
complete -c icmpx -n '__icmpx_is leases' -l usage -d 'print its options in short'
complete -c icmpx -n '__icmpx_is leases' -s V -l version -d 'print the version'
complete -c icmpx -n '__icmpx_is leases' -s j -l json -d 'print JSON'
complete -c icmpx -n '__icmpx_is leases' -s v -l verbose -d 'more: libbpf\'s messages, the verifier\'s log'
complete -c icmpx -n '__icmpx_is leases' -a '(__fish_print_interfaces)'

complete -c icmpx -n '__icmpx_is export' -s h -l help -d 'explain this command'
complete -c icmpx -n '__icmpx_is export' -l usage -d 'print its options in short'
complete -c icmpx -n '__icmpx_is export' -s V -l version -d 'print the version'
complete -c icmpx -n '__icmpx_is export' -l listen -x -d 'serve there (127.0.0.1:9917); [ADDRESS]:PORT'
complete -c icmpx -n '__icmpx_is export' -l textfile -r -F -d 'no server: write FILE, for node_exporter\'s textfile collector'
complete -c icmpx -n '__icmpx_is export' -l interval -x -d 'write FILE again and again, until Ctrl-C'
complete -c icmpx -n '__icmpx_is export' -l trace -d 'the times of each stage of all pings of this machine, too'
complete -c icmpx -n '__icmpx_is export' -l user -x -a '(__fish_complete_users)' -d 'be this user once all is open'

complete -c icmpx -n '__icmpx_is trace' -s h -l help -d 'explain this command'
complete -c icmpx -n '__icmpx_is trace' -l usage -d 'print its options in short'
complete -c icmpx -n '__icmpx_is trace' -s V -l version -d 'print the version'
complete -c icmpx -n '__icmpx_is trace' -l host -x -a '(__fish_print_hostnames)' -d 'to or from it; may be given again, up to 8 addresses'
complete -c icmpx -n '__icmpx_is trace' -l id -x -d 'with this echo identifier'
complete -c icmpx -n '__icmpx_is trace' -l seq -x -d 'with these sequence numbers'
complete -c icmpx -n '__icmpx_is trace' -l type -x -a 'echo reply error' -d 'echo requests, replies or ICMP errors; may be given again'
complete -c icmpx -n '__icmpx_is trace' -l dev -x -a '(__fish_print_interfaces)' -d 'that pass this device (of --netns)'
complete -c icmpx -n '__icmpx_is trace' -l netns -x -a '(__icmpx_netns)' -d 'that pass this network namespace: a name, a PID or a path'
complete -c icmpx -n '__icmpx_is trace' -l pid -x -a '(__fish_complete_pids)' -d 'that this process or its children send or receive'
complete -c icmpx -n '__icmpx_is trace' -l udp -x -d 'not pings: UDP datagrams from or to this port, and ICMP errors about them'
complete -c icmpx -n '__icmpx_is trace' -l ping -x -a '(__fish_print_hostnames)' -d 'icmpx sends the pings itself; without the privilege to trace, too'
complete -c icmpx -n '__icmpx_is trace' -s i -l interval -x -d 'between pings (1)'
complete -c icmpx -n '__icmpx_is trace' -s s -l size -x -d 'of data behind the ICMP header (56)'
complete -c icmpx -n '__icmpx_is trace' -s c -l count -x -d 'after N pings'
complete -c icmpx -n '__icmpx_is trace' -l timeout -x -d 'how long to wait for a reply (10)'
complete -c icmpx -n '__icmpx_is trace' -l explain -d 'what each function does'
complete -c icmpx -n '__icmpx_is trace' -l graph -d 'an indented tree, with durations (backend fn)'
complete -c icmpx -n '__icmpx_is trace' -l compare -d 'at the end, the documented paths against the live one'
complete -c icmpx -n '__icmpx_is trace' -l stats -d 'no single pings, but the time of each stage over all'
complete -c icmpx -n '__icmpx_is trace' -l slow -x -d 'only pings that take TIME (200us) or more, or have such a stage'
complete -c icmpx -n '__icmpx_is trace' -l plain -d 'with --stats: no full screen, only the numbers at the end'
complete -c icmpx -n '__icmpx_is trace' -l no-colour -d 'no colours on a terminal'
complete -c icmpx -n '__icmpx_is trace' -s o -l output -x -a '(__icmpx_files pcapng= perfetto= chrome= folded= ndjson=)' -d 'write the pings to FILE, too: pcapng, perfetto, chrome, folded or ndjson; may be given again'
complete -c icmpx -n '__icmpx_is trace' -l record -r -F -d 'write what is seen to FILE, too'
complete -c icmpx -n '__icmpx_is trace' -l replay -r -F -d 'show a recording; needs no privilege'
complete -c icmpx -n '__icmpx_is trace' -l backend -x -a 'auto tp fn' -d 'tracepoints, kernel functions too, or what works here (auto)'
complete -c icmpx -n '__icmpx_is trace' -l stacks -x -a 'paths always never' -d 'when to take the call path to a probe: once a path (paths), always or never'
complete -c icmpx -n '__icmpx_is trace' -s j -l json -d 'print JSON'
complete -c icmpx -n '__icmpx_is trace' -s v -l verbose -d 'more: libbpf\'s messages, the verifier\'s log'
complete -c icmpx -n '__icmpx_is trace' -a '(__fish_complete_subcommand --fcs-skip=2 -i -s -c -o --id --seq --dev --pid --udp --host --type --ping --size --slow --netns --count --output --record --replay --stacks --timeout --backend --interval)'

complete -c icmpx -n '__icmpx_is trace merge' -s h -l help -d 'explain this command'
complete -c icmpx -n '__icmpx_is trace merge' -l usage -d 'print its options in short'
complete -c icmpx -n '__icmpx_is trace merge' -s V -l version -d 'print the version'
complete -c icmpx -n '__icmpx_is trace merge' -l explain -d 'what each function does'
complete -c icmpx -n '__icmpx_is trace merge' -l stats -d 'no single pings, but the time of each stage over all'
complete -c icmpx -n '__icmpx_is trace merge' -l no-colour -d 'no colours on a terminal'
complete -c icmpx -n '__icmpx_is trace merge' -s j -l json -d 'print JSON'
complete -c icmpx -n '__icmpx_is trace merge' -s v -l verbose -d 'more: libbpf\'s messages, the verifier\'s log'
complete -c icmpx -n '__icmpx_is trace merge' -F

complete -c icmpx -n '__icmpx_is report' -s h -l help -d 'explain this command'
complete -c icmpx -n '__icmpx_is report' -l usage -d 'print its options in short'
complete -c icmpx -n '__icmpx_is report' -s V -l version -d 'print the version'
complete -c icmpx -n '__icmpx_is report' -s o -l output -r -F -d 'write it there (report.html); -: standard output'
complete -c icmpx -n '__icmpx_is report' -l demo -d 'of recordings that icmpx brings along'
complete -c icmpx -n '__icmpx_is report' -F

complete -c icmpx -n '__icmpx_is doctor' -s h -l help -d 'explain this command'
complete -c icmpx -n '__icmpx_is doctor' -l usage -d 'print its options in short'
complete -c icmpx -n '__icmpx_is doctor' -s V -l version -d 'print the version'
complete -c icmpx -n '__icmpx_is doctor' -s t -l try -d 'attach to the interface for a moment, where that may interrupt its link too'
complete -c icmpx -n '__icmpx_is doctor' -s j -l json -d 'print JSON'
complete -c icmpx -n '__icmpx_is doctor' -s v -l verbose -d 'more: libbpf\'s messages, the verifier\'s log'
complete -c icmpx -n '__icmpx_is doctor' -a '(__fish_print_interfaces)'

complete -c icmpx -n '__icmpx_is help' -s h -l help -d 'explain this command'
complete -c icmpx -n '__icmpx_is help' -l usage -d 'print its options in short'
complete -c icmpx -n '__icmpx_is help' -s V -l version -d 'print the version'
complete -c icmpx -n '__icmpx_is help' -a 'attach detach status stats leases export trace report doctor help'
