# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What the tests of icmpx export share: a machine that is pinged, an exporter on it, and clients.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

client=$(realpath "${0%/*}")/http_client
peer4=10.83.0.2 local4=10.83.0.1
peer6=fd83::2 local6=fd83::1
page=http://127.0.0.1:9917/metrics
exporter=

export_setup()
{
	ns_add a b
	ns_join a eth0 b eth0
	must in_ns a ip addr add $peer4/24 dev eth0
	must in_ns b ip addr add $local4/24 dev eth0
	must in_ns a ip addr add $peer6/64 dev eth0 nodad
	must in_ns b ip addr add $local6/64 dev eth0 nodad
	attach b eth0 --lease 3600
}

get() # [METHOD] [HEADER: VALUE...]: the page, with its head
{
	in_ns b "$client" get $page "$@"
}

# shellcheck disable=SC2120
body()
{
	get "$@" | LC_ALL=C sed '1,/^$/d' # which may be packed
}

status_of() # URL [METHOD]
{
	in_ns b "$client" get "$@" | sed -n '1s/^HTTP[^ ]* \([0-9]*\) .*/\1/p'
}

# Prefix it with the command that runs it, in exporter_as.
exporter_as=()

# shellcheck disable=SC2120 # for the tests
start_exporter() # OPTION...
{
	rm -f "$test_dir/out"
	nsenter "--net=$(ns_path b)" "${exporter_as[@]}" "$ICMPX" export "$@" >"$test_dir/out" 2>&1 &
	exporter=$!
	wait_until 10 grep -q "serving" "$test_dir/out" || bail "$(cat "$test_dir/out")"
}

stop_exporter() # sets exporter_status
{
	kill "$exporter"
	wait "$exporter"
	# shellcheck disable=SC2034 # for the tests
	exporter_status=$?
}

metric() # PATTERN: the value of the sample whose line begins so, on the page on standard input
{
	awk -v pattern="$1" 'index($0, pattern) == 1 { print $NF }'
}

proc_status() # FIELD of the exporter
{
	awk -v field="$1:" '$1 == field { print $2 }' "/proc/$exporter/status"
}

# Every verdict, lesson and counter of the kernel, as "name frames bytes" lines.
by_stats()
{
	in_ns b "$ICMPX" stats --json | perl -MJSON::PP -0777 -ne '
		my $d = decode_json($_);
		for my $group (qw(verdicts lessons)) {
			my $list = $d->{interfaces}[0]{$group};
			print "$_ $list->{$_}{frames} $list->{$_}{bytes}\n" for sort keys %$list;
		}
		print "kernel $_ $d->{kernel}{$_}{in_echos} $d->{kernel}{$_}{out_echo_replies}\n"
			for sort keys %{$d->{kernel}};'
}

by_page()
{
	perl -ne '
		$value{$2}{$1} = $3 if /^icmpx_(?:verdict|lesson)_(frames|bytes)_total\{device="eth0",.*?(?:verdict|lesson)="(\w+)".*\} (\d+)$/;
		$group{$2} = $1 if /^icmpx_(verdict|lesson)_frames_total.*(?:verdict|lesson)="(\w+)"/;
		$kernel{$2}{$1} = $3 if /^icmpx_kernel_echo_(requests|replies)_total\{family="(\w+)"\} (\d+)$/;
		END {
			for my $group (qw(verdict lesson)) {
				print "$_ $value{$_}{frames} $value{$_}{bytes}\n"
					for sort grep { $group{$_} eq $group } keys %value;
			}
			print "kernel $_ $kernel{$_}{requests} $kernel{$_}{replies}\n" for sort keys %kernel;
		}'
}

# Neighbour discovery is counted at any time, and a page is good for 100 ms: so not at once.
agrees() # COMMAND...: that prints a page
{
	local want got
	want=$(by_stats)
	got=$("$@" | by_page)
	[ -n "$want" ] && [ "$got" = "$want" ]
}
