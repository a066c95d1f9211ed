#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# icmpx on a kernel that is locked down for confidentiality, where no BPF program may read the
# kernel's memory: the fast path works, trace says why it does not. Until reboot, so that the
# kernel has to be booted so: tests/vm/run -a lockdown=confidentiality.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

test_begin lockdown
grep -qF '[confidentiality]' /sys/kernel/security/lockdown 2>/dev/null ||
	skip_all "lockdown=confidentiality" \
		"$(cat /sys/kernel/security/lockdown 2>/dev/null || echo "no securityfs")"
ns_add a b
ns_join a eth0 b eth0
must in_ns a ip addr add 10.93.0.2/24 dev eth0
must in_ns b ip addr add 10.93.0.1/24 dev eth0
objects=$(bpf_objects)
why="this kernel lets no program read its memory, as with lockdown=confidentiality"

icmpx() # COMMAND...: in b
{
	in_ns b "$ICMPX" "$@"
}

icmpx doctor eth0 >"$test_dir/doctor"
is "doctor: attach is possible" $? 0
ok "doctor: says that it is locked down" grep -q '^ *lockdown *confidentiality' "$test_dir/doctor"
ok "doctor: and what programs may not" grep -q '^ *probe_read_kernel *EINVAL' "$test_dir/doctor"
ok "attach" icmpx attach eth0 --lease 60
warms "a ping" b eth0 reaches a 10.93.0.1
is "status" "$(state_of b)" attached
ok "stats" grep -qE '^replied_v4 +[1-9]' <(icmpx stats)
ok "leases" grep -q '^1 valid' <(icmpx leases)
for backend in auto tp fn; do
	ok "trace, backend $backend" complains 3 "$why" icmpx trace --backend $backend -- true
done
icmpx trace --json --ping 10.93.0.2 -c 1 >"$test_dir/json"
is "trace --ping: exit status" $? 0
is "trace --ping: time stamps, and why" \
	"$("$tools/ndjson" header backend why <"$test_dir/json" | cut -c -40)" "none ${why:0:35}"
is "trace --ping: complete" "$("$tools/ndjson" ping end <"$test_dir/json")" complete
ok "detach" icmpx detach eth0
icmpx attach eth0 --live >/dev/null 2>"$test_dir/errors"
is "attach --live: exit status" $? 3
ok "attach --live: says why" grep -qF "$why" "$test_dir/errors"
is "attach --live: nothing is left" "$(state_of b)$(in_ns b tc qdisc show dev eth0 | grep clsact)" ""
no_more_bpf "nothing is left in the kernel" "$objects"
test_end
