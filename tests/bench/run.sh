#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# run.sh [--short]: what the fast path costs and what it gains, and what a trace costs: one
# table, and the same as JSON in build/bench.json. The runs of the three programs take turns,
# and in each of them the rows do. Exits 1 when something did not work, not when a target is missed.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/../net/lib.sh"

build=${ICMPX_BUILD:-build}
bench=$(realpath -m "$build")/tests/bench
runs=8 prog=(-n 6) live=(-n 5 -f 131072 -p 2000) trace=(-n 2 -b 5 -s 2)
case ${1-} in
--short) runs=2 prog=(-n 2 -r 50001) live=(-n 2 -f 65536 -p 1000) trace=(-n 1 -b 2 -s 1) ;;
'') ;;
*)
	echo "usage: run.sh [--short]" >&2
	exit 2
	;;
esac

# As live_bench.c has them; what is attached to the end under test.
pairs=(k-gro k-pass generic native swap t-kernel t-generic t-native)
declare -A mode=([generic]=generic [native]=native [t-generic]=generic [t-native]=native)

mac() # NAME IFACE
{
	in_ns "$1" ip -br link show dev "$2" | awk '{ print $3 }'
}

# Neighbours are known for good and nothing is sent by timers, so that nothing but the
# requests and replies of the benchmark is on the way.
join_pair() # HERE THERE IFACE NUMBER
{
	local here there net
	ns_join "$1" "$3" "$2" "$3"
	here=$(mac "$1" "$3")
	there=$(mac "$2" "$3")
	for net in 198.18.$4./24 2001:2:0:$4::/64; do
		must in_ns "$1" ip address add "${net%/*}1/${net#*/}" dev "$3"
		must in_ns "$2" ip address add "${net%/*}2/${net#*/}" dev "$3"
		must in_ns "$1" ip neighbour replace "${net%/*}2" lladdr "$there" dev "$3" nud permanent
		must in_ns "$2" ip neighbour replace "${net%/*}1" lladdr "$here" dev "$3" nud permanent
	done
}

setup()
{
	local i
	ns_add here there traced answering
	for i in here there traced answering; do
		in_ns $i sysctl -qw net.ipv6.conf.default.addr_gen_mode=1
	done
	for i in "${!pairs[@]}"; do
		join_pair here there "${pairs[i]}" $((i + 1))
	done
	join_pair traced answering trace 1
	for i in "${!mode[@]}"; do
		attach there "$i" --any-interface --mode "${mode[$i]}" --lease 3600
	done
}

[ "$(id -u)" = 0 ] || bail "needs root"
test_begin bench
setup
files=()
for ((run = 0; run < runs; run++)); do
	"$bench/prog_bench" "${prog[@]}" -j "$test_dir/prog$run" >/dev/null || exit 1
	in_ns here "$bench/live_bench" "${live[@]}" -j "$test_dir/live$run" "$ICMPX" \
		"$(ns_path there)" || exit 1
	in_ns traced "$bench/trace_bench" "${trace[@]}" -j "$test_dir/trace$run" "$ICMPX" \
		"$test_dir/traced" || exit 1
	files+=("$test_dir/prog$run" "$test_dir/live$run" "$test_dir/trace$run")
done
echo "$(uname -sr), $(nproc) CPUs: $runs runs of" \
	"prog_bench ${prog[*]}, live_bench ${live[*]} and trace_bench ${trace[*]} in turns"
"$bench/bench_report" "$build/bench.json" "${files[@]}"
