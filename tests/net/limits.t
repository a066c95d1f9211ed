#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# icmpx with as few privileges as its documents name, with one less, with none, and without the
# kernel's BTF: it works, or one line says what is missing, and nothing is left.
set -uo pipefail

# A view of the mounts of its own, with a bpffs that the unprivileged user may write to.
[ "$(id -u)" != 0 ] || [ -n "${limits_inside:-}" ] || limits_inside=1 exec unshare --mount "$0"

# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

peer4=10.92.0.2 local4=10.92.0.1
nobody=(--reuid 65534 --regid 65534 --clear-groups)
least=bpf,net_admin,perfmon

setup()
{
	must mount -t bpf bpf $bpffs
	must chown 65534:65534 $bpffs
	must chmod 700 $bpffs
	ns_add a b
	ns_join a eth0 b eth0
	must in_ns a ip addr add $peer4/24 dev eth0
	must in_ns b ip addr add $local4/24 dev eth0
	# a ping socket takes no privilege
	must in_ns a sysctl -qw net.ipv4.ping_group_range="0 2147483647"
	must in_ns b sysctl -qw net.ipv4.ping_group_range="0 2147483647"
	chmod 755 "$test_dir"
	cp "$ICMPX" "$test_dir/icmpx"
	# before 5.11, what else CAP_SYS_RESOURCE would be for
	locked=()
	! kernel_before 5.11 || locked=(prlimit --memlock=unlimited:unlimited)
	with $least doctor eth0 >"$test_dir/doctor"
	dispatches=false # can libxdp's dispatcher load here?
	! grep -q '^ *freplace *ok' "$test_dir/doctor" || dispatches=true
	objects=$(bpf_objects)
}

# CAPABILITIES (bpf,perfmon or "") COMMAND...: icmpx in b, as the unprivileged user with these
with()
{
	local caps=-all
	[ -z "$1" ] || caps+=,+${1//,/,+}
	in_ns b "${locked[@]}" setpriv "${nobody[@]}" --bounding-set="$caps" --inh-caps="$caps" \
		--ambient-caps="$caps" "$test_dir/icmpx" "${@:2}"
}

# Another user's pins are nothing to root, who takes no others' registry for icmpx's.
counter() # NAME IFACE COUNTER...: their sum
{
	if [ "$(stat -c %u $bpffs)" = 0 ]; then
		"$tools/peek" "/run/netns/$test_prefix-$1" "${@:2}"
	else
		with "$least" stats --json "$2" | awk -v wanted=" ${*:3} " '
			{ gsub(/[ ",:{]+/, " ") }
			NF == 1 { at = index(wanted, " " $1 " ") }
			$1 == "frames" && at { sum += $2 }
			END { print sum + 0 }'
	fi
}

root_with() # CAPABILITIES COMMAND...: the same as root
{
	local caps=-all,+${1//,/,+}
	in_ns b "${locked[@]}" setpriv --bounding-set="$caps" --inh-caps="$caps" \
		"$test_dir/icmpx" "${@:2}"
}

has_all() # PINS: by other means than icmpx's, all of the fast path is there; has_none: nothing
{
	in_ns b ip -d link show dev eth0 | grep -q 'prog/xdp id' &&
		in_ns b tc filter show dev eth0 egress | grep -q icmpx_learn && [ -e "$1" ]
}

has_none() # PINS
{
	! in_ns b ip -d link show dev eth0 | grep -q 'prog/xdp id' &&
		! in_ns b tc qdisc show dev eth0 | grep -q clsact && ! [ -e "$1" ]
}

trace_header() # MEMBER...: of the trace of one own ping, by "${as[@]}", which sees it
{
	"${as[@]}" trace --json --ping $peer4 -c 1 >"$test_dir/json" 2>"$test_dir/errors" ||
		cat "$test_dir/errors"
	"$tools/ndjson" header "$@" <"$test_dir/json"
}

traced() # of the trace: its ping's end, and whether it saw more than time stamps
{
	"$tools/ndjson" ping end <"$test_dir/json"
	"$tools/ndjson" ping.hops probe <"$test_dir/json" | grep -cx net_dev_queue
}

least_privilege()
{
	local pins said why=CAP_SYS_ADMIN
	pins=$(pin_dir b eth0)
	$dispatches || why="is not possible here"
	said=$(with $least attach eth0 --lease 60 2>&1)
	is "bpf, net_admin, perfmon: attach" $? 0
	is "... alone, and says why" "$(grep -c "a single program: libxdp's dispatcher .*$why" <<<"$said")" 1
	ok "... it is there" has_all "$pins"
	warms "... and works" b eth0 reaches a $local4
	is "... status" "$(with $least status eth0 | head -n 1 | cut -d , -f 1)" "eth0: attached"
	ok "... stats" grep -qE '^replied_v4 +[1-9]' <(with $least stats)
	ok "... leases" grep -q '^1 valid' <(with $least leases)
	ok "... replace" with $least attach eth0 --lease 100
	ok "... still answered at the driver" at_driver b eth0 reaches a $local4
	ok "... doctor: it runs alone" grep -q '^ *programs *one ' "$test_dir/doctor"
	as=(with "$least")
	is "... trace: by tracepoints, and says why" "$(trace_header backend why)" \
		"tp no functions: /proc/kallsyms takes CAP_SYSLOG"
	is "... it sees the way" "$(traced | tr '\n' ' ')" "complete 2 "
	ok "... trace --backend fn" complains 1 "backend fn: /proc/kallsyms takes CAP_SYSLOG" \
		with $least trace --backend fn -- true
	ok "... detach" with $least detach eth0
	ok "... nothing is left" has_none "$pins"
}

# Probes on functions: with CAP_SYSLOG as root has them, but that plain kprobes take
# CAP_SYS_ADMIN where kernel.perf_event_paranoid is 3.
functions()
{
	local want
	as=(in_ns b "$ICMPX")
	want=$(trace_header backend method)
	if [ "${want#* }" = kprobe ] && [ "$(cat /proc/sys/kernel/perf_event_paranoid)" -gt 2 ]; then
		ok "with syslog: trace --backend fn" complains 1 "kprobe: EACCES (CAP_SYS_ADMIN," \
			with bpf,perfmon,syslog trace --backend fn -- true
		return
	fi
	as=(with "bpf,perfmon,syslog")
	is "with syslog: the same backend as root's" "$(trace_header backend method)" "$want"
	is "... it sees the way" "$(traced | head -n 1)" complete
}

# In libxdp's dispatcher, where the kernel can, which is CAP_SYS_ADMIN's to look into.
beside_root()
{
	local before pins
	must chown 0:0 $bpffs # CAP_DAC_OVERRIDE is not among the least
	must in_ns b "$ICMPX" attach eth0 --lease 60
	pins=$(pin_dir b eth0)
	before=$(in_ns b "$ICMPX" status)
	is "root's: status with less is the same" "$(root_with $least status)" "$before"
	if $dispatches; then
		ok "root's: attach" complains 1 "takes CAP_SYS_ADMIN" root_with $least attach eth0
		ok "root's: detach" complains 1 "takes CAP_SYS_ADMIN" root_with $least detach eth0
	else
		ok "root's: attach" root_with $least attach eth0
	fi
	ok "root's: it is still there" has_all "$pins"
	ok "root's: another user's status" complains 1 "cannot list what is attached" with "" status
	ok "root's: another user's stats" complains 1 "CAP_BPF is missing" with "" stats
	ok "root's: another user's detach" complains 1 "CAP_BPF is missing" with "" detach eth0
	must in_ns b "$ICMPX" detach eth0
	must chown 65534:65534 $bpffs
	ok "root's: nothing is left" has_none "$pins"
}

refuses() # CAPABILITY-MISSING COMMAND...
{
	local caps
	caps=$(tr , '\n' <<<$least | grep -vx "$1" | paste -sd ,)
	complains 1 "CAP_${1^^}" with "$caps" "${@:2}"
}

one_less()
{
	local cap pins
	pins=$(pin_dir b eth0)
	for cap in bpf net_admin perfmon; do
		ok "without CAP_${cap^^}: attach" refuses $cap attach eth0
		ok "... nothing is left" has_none "$pins"
		[ $cap = net_admin ] || ok "... trace" refuses $cap trace -- true
		[ $cap = perfmon ] || ok "... detach" refuses $cap detach eth0
	done
	with bpf,perfmon doctor >"$test_dir/doctor"
	is "without CAP_NET_ADMIN: doctor: exit status" $? 1
	ok "... says so" grep -q "^ *attach *no *CAP_NET_ADMIN is missing" "$test_dir/doctor"
	no_more_bpf "nothing is left in the kernel" "$objects"
}

# kernel.unprivileged_bpf_disabled: 1 cannot be taken back, so it comes last and in VMs alone.
no_privilege()
{
	local value values
	values=$(cat /proc/sys/kernel/unprivileged_bpf_disabled)
	[ -z "${ICMPX_VM:-}" ] || values="0 2 1"
	for value in $values; do
		[ -z "${ICMPX_VM:-}" ] || must sysctl -qw kernel.unprivileged_bpf_disabled="$value"
		ok "no privilege, BPF of the unprivileged $value: attach" complains 1 \
			"CAP_BPF is missing" with "" attach eth0
		ok "... trace" complains 1 "tracing needs CAP_BPF" with "" trace -- true
	done
	as=(with "")
	is "... trace --ping: time stamps" "$(trace_header backend why)" "none tracing needs CAP_BPF"
	is "... which tell its stages" "$("$tools/ndjson" ping.stages stage <"$test_dir/json" |
		sort -u | tr '\n' ' ')$("$tools/ndjson" ping end <"$test_dir/json")" \
		"queue receive send wire complete"
	ok "... trace --ping --backend tp" complains 1 "tracing needs CAP_BPF" \
		with "" trace --ping $peer4 -c 1 --backend tp
}

without_btf() # COMMAND...: icmpx in b
{
	# shellcheck disable=SC2016 # for the inner shell
	in_ns b unshare --mount sh -c 'mount -t tmpfs none /sys/kernel/btf && exec "$0" "$@"' \
		"$ICMPX" "$@"
}

no_btf()
{
	must chown 0:0 $bpffs
	ok "no BTF: attach" without_btf attach eth0 --lease 60
	warms "no BTF" b eth0 reaches a $local4
	ok "no BTF: trace" complains 3 "this kernel has no BTF" without_btf trace -- true
	as=(without_btf)
	is "no BTF: trace --ping: time stamps" "$(trace_header backend)" none
	is "... complete" "$("$tools/ndjson" ping end <"$test_dir/json")" complete
	without_btf doctor eth0 >"$test_dir/doctor"
	is "no BTF: doctor: exit status" $? 0
	ok "no BTF: doctor: says what needs it" grep -q '^ *BTF *no: trace needs it' "$test_dir/doctor"
	ok "no BTF: detach" without_btf detach eth0
	must chown 65534:65534 $bpffs
}

test_begin limits
error=$(setpriv --bounding-set=-all --inh-caps=-all --ambient-caps=-all true 2>&1) ||
	skip_all "setpriv's capabilities" "$error"
setup
least_privilege
functions
beside_root
one_less
no_btf
no_privilege
test_end
