#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The rules for Prometheus do what they say, and they and the dashboard ask for metrics and labels
# that there are.
set -uo pipefail

top=$(cd "${0%/*}/../.." && pwd)
rules=$top/deploy/prometheus/icmpx.rules.yml
fleet=$top/deploy/prometheus/icmpx-fleet.rules.yml
config=$top/deploy/prometheus/prometheus.yml
dashboard=$top/deploy/grafana/icmpx.json
count=0
failed=0

result() # STATUS DESCRIPTION [DETAIL]
{
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		failed=1
		printf '%s\n' "${3:-}" | sed 's/^/# /'
	fi
}

documented() # metrics, with the suffixes of histograms
{
	# shellcheck disable=SC2016 # Markdown
	sed -nE 's/^\| `([a-z_0-9]+)` \| ([a-z]+) \|.*/\1 \2/p' "$top/docs/metrics.md" |
		awk '$2 == "histogram" { print $1 "_bucket\n" $1 "_sum\n" $1 "_count"; next } { print $1 }'
}

asked() # FILE: metrics in its expressions, without those that rules record
{
	grep -vE '^ *(#|summary:|description:|"(title|description|uid|text)":)' "$1" |
		grep -oE '(^|[^a-z_:])(icmpx|process)_[a-z0-9_]+[^a-z0-9_:]' | grep -oE '(icmpx|process)_[a-z0-9_]+' |
		sort -u
}

labels_asked() # FILE: those that are matched, grouped by, or named in a text
{
	# shellcheck disable=SC2016 # of Prometheus' templates
	{
		grep -oE '[{,][a-z]+(=~|!~|!=|=)\\?"' "$1" | grep -oE '[a-z]+'
		grep -oE '(by|on|without|ignoring) ?\([a-z, ]*\)' "$1" | sed 's/^[a-z]*//' | grep -oE '[a-z]+'
		grep -oE '\$labels\.[a-z]+' "$1" | sed 's/.*\.//'
	} | sort -u
}

known_labels()
{
	# shellcheck disable=SC2016 # Markdown
	sed -n '/^## The labels/,/^## /s/^| `\([a-z]*\)`.*/\1/p' "$top/docs/metrics.md"
	printf '%s\n' job instance le
}

unknown() # WHAT-THERE-IS WHAT-IS-ASKED
{
	[ -n "$2" ] || echo "nothing is asked for"
	comm -13 <(sort -u <<<"$1") <(sort -u <<<"$2")
}

for file in "$rules" "$fleet" "$dashboard"; do
	missing=$(unknown "$(documented)" "$(asked "$file")")
	result "$([ -z "$missing" ]; echo $?)" "${file##*/}: metrics that there are" "$missing"
	missing=$(unknown "$(known_labels)" "$(labels_asked "$file")")
	result "$([ -z "$missing" ]; echo $?)" "${file##*/}: labels that there are" "$missing"
done
output=$(perl -MJSON::PP -0777 -ne '
	my $d = decode_json($_);
	my %ids;
	$ids{$_->{id}}++ && die "two panels with id $_->{id}\n" for @{$d->{panels}};
	@{$d->{panels}} or die "no panels\n"' "$dashboard" 2>&1)
result $? "the dashboard is JSON" "$output"
tested() # RULES TESTS
{
	local output alerts tested
	output=$(promtool check rules "$1" 2>&1)
	result $? "${1##*/}: promtool check rules" "$output"
	output=$(promtool test rules "$2" 2>&1)
	result $? "${1##*/}: promtool test rules" "$output"
	alerts=$(sed -n 's/^ *- alert: //p' "$1" | sort)
	tested=$(grep -oE 'alertname: [A-Za-z]+' "$2" | cut -d ' ' -f 2 | sort -u)
	result "$([ "$alerts" = "$tested" ]; echo $?)" "${1##*/}: each alert is tested" \
		"$(diff <(echo "$alerts") <(echo "$tested"))"
}

# Debian's promtool knows no Kubernetes: its part is checked as another list of targets.
checked_config()
{
	local dir status
	dir=$(mktemp -d)
	cp "$rules" "$fleet" "$dir"
	perl -0pe 's/kubernetes_sd_configs:\n.*?(?=\n    relabel)/file_sd_configs: [{files: [pods.json]}]/s' \
		"$config" >"$dir/prometheus.yml"
	promtool check config --lint-fatal "$dir/prometheus.yml" 2>&1
	status=$?
	rm -r "$dir"
	return $status
}

if command -v promtool >/dev/null; then
	tested "$rules" "$top/tests/unit/rules.test.yml"
	tested "$fleet" "$top/tests/unit/fleet.test.yml"
	output=$(checked_config)
	result $? "promtool check config" "$output"
	missing=$(sed -n 's/^ *- record: //p' "$fleet" | grep -vE '^job[a-z_]*:icmpx_')
	result "$([ -z "$missing" ]; echo $?)" "a server above gets all sums by their names" "$missing"
else
	count=$((count + 1))
	echo "ok $count - rules and configuration # SKIP promtool: not installed"
fi
echo "1..$count"
exit $failed
