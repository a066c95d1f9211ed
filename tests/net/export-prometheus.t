#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2016,SC2119 # Perl; no options are meant
# A real Prometheus reads what icmpx exports, in both formats, and what it then tells is what stats
# says; the recording rules and each expression of the dashboard work on it.
set -uo pipefail
# shellcheck source=tests/net/export_lib.sh
. "${0%/*}/export_lib.sh"
# shellcheck source=tests/net/prometheus_lib.sh
. "${0%/*}/prometheus_lib.sh"

top=$(realpath "${0%/*}/../..")
# Every counter of stats as Prometheus has it; both as "name frames bytes".
told()
{
	ask "query?query=$(escaped '{__name__=~"icmpx_(verdict|lesson)_(frames|bytes)_total"}')" | pick '
		for my $series (@{$d->{result}}) {
			my $m = $series->{metric};
			my $name = $m->{verdict} // $m->{lesson};
			$v{$name}{$1} = $series->{value}[1] if $m->{__name__} =~ /_(frames|bytes)_total$/;
		}
		print "$_ $v{$_}{frames} $v{$_}{bytes}\n" for sort keys %v;'
}

counted()
{
	in_ns b "$ICMPX" stats --json | perl -MJSON::PP -0777 -ne '
		my $i = decode_json($_)->{interfaces}[0];
		my %v = (%{$i->{verdicts}}, %{$i->{lessons}});
		print "$_ $v{$_}{frames} $v{$_}{bytes}\n" for sort keys %v;'
}

agree()
{
	local before
	before=$(counted)
	[ -n "$before" ] && [ "$(told)" = "$before" ]
}

numbers()
{
	must in_ns a ping -n -q -i 0.01 -c 50 $local4
	must in_ns a ping -n -q -i 0.01 -c 30 $local6
	ok "all counters are those of stats" wait_until 10 agree
	is "IPv4 replies" "$(value 'icmpx_verdict_frames_total{verdict="replied_v4"}')" 49
	is "the kernel's replies" "$(value 'sum(icmpx_kernel_echo_replies_total)')" 2
	is "both families' leases" "$(value 'sum(icmpx_leases{state="valid"})')" 2
	is "it took OpenMetrics" "$(ask metadata?metric=icmpx_verdict_bytes |
		pick 'print $d->{icmpx_verdict_bytes}[0]{unit}')" bytes
	is "info is info" "$(ask metadata?metric=icmpx_build | pick 'print $d->{icmpx_build}[0]{type}')" info
	is "no scrape failed" "$(value 'min_over_time(up{job="icmpx"}[1m])')" 1
	diag "$(value 'scrape_samples_scraped') series, $(value 'scrape_duration_seconds') s a scrape"
}

rule()
{
	[ "$(value 'instance:icmpx_replies:rate5m > 0')" != none ]
}

# Of every panel, with its variables filled in: an error is a mistake in it, no data is none.
expressions()
{
	perl -MJSON::PP -0777 -ne '
		for my $panel (@{decode_json($_)->{panels}}) {
			for (map { $_->{expr} } @{$panel->{targets} // []}) {
				s/\$__rate_interval/1m/g;
				s/\$(job|instance|device)/.*/g;
				print "$_\n";
			}
		}' "$top/deploy/grafana/icmpx.json"
}

dashboard()
{
	local expression status failed='' count=0 data=0
	while IFS= read -r expression; do
		status=$(ask "query?query=$(escaped "$expression")" |
			perl -MJSON::PP -0777 -ne 'my $d = decode_json($_);
				print $d->{status}, " ", scalar @{$d->{data}{result} // []}')
		count=$((count + 1))
		[ "${status% *}" = success ] || failed+="$expression"$'\n'
		[ "${status#* }" = 0 ] || data=$((data + 1))
	done < <(expressions)
	is "the dashboard's $count expressions are right" "$failed" ""
	ok "and show something ($data)" test $data -ge 12
}

command -v prometheus >/dev/null || skip_all "prometheus" "not installed"
test_begin export-prometheus
export GOMEMLIMIT=200MiB
export_setup
start_exporter
start_prometheus <<-E
	global: {scrape_interval: 1s, evaluation_interval: 1s}
	rule_files: [$top/deploy/prometheus/icmpx.rules.yml, $top/deploy/prometheus/icmpx-fleet.rules.yml]
	scrape_configs:
	  - job_name: icmpx
	    static_configs: [{targets: ['127.0.0.1:9917']}]
E
numbers
ok "a recorded rule" wait_until 20 rule
is "no rule failed" "$(ask rules | pick 'print join ", ", map { $_->{name} } grep { $_->{health} eq "err" } map { @{$_->{rules}} } @{$d->{groups}}')" ""
dashboard
stop_prometheus
stop_exporter
test_end
