# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2016,SC2154 # Perl; of export_lib.sh
# A real Prometheus in the exporter's namespace, and what it says.

api=http://127.0.0.1:9990/api/v1
prometheus=

# Standard input is its answer; an expression of its data.
pick() # PERL
{
	perl -MJSON::PP -0777 -ne "my \$d = decode_json(\$_)->{data}; $1"
}

ask() # PATH [METHOD]
{
	in_ns b "$client" get "$api/$1" "${@:2}" | sed '1,/^$/d'
}

escaped() # TEXT
{
	perl -e '$_ = $ARGV[0]; s/([^A-Za-z0-9_.-])/sprintf "%%%02X", ord $1/ge; print' "$1"
}

value() # EXPRESSION: of its only series
{
	ask "query?query=$(escaped "$1")" | pick 'print $d->{result}[0]{value}[1] // "none"'
}

is_up()
{
	[ "$(value 'min(up{job="icmpx"})')" = 1 ]
}

# Debian's service and its data are not touched. Configuration on standard input.
start_prometheus() # OPTION...
{
	cat >"$test_dir/prometheus.yml"
	GOMAXPROCS=1 nsenter "--net=$(ns_path b)" prometheus \
		--config.file="$test_dir/prometheus.yml" --storage.tsdb.path="$test_dir/tsdb" \
		--web.listen-address=127.0.0.1:9990 --log.level=warn "$@" >"$test_dir/prometheus.log" 2>&1 &
	prometheus=$!
	wait_until 30 is_up || bail "prometheus: $(tail -n 3 "$test_dir/prometheus.log")"
}

stop_prometheus()
{
	kill "$prometheus"
	wait "$prometheus"
}
