#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# No memory error, no leak, no descriptor left open; nothing grows with time.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

test_begin leaks
command -v valgrind >/dev/null || skip_all "valgrind" "ENOENT"
if grep -q libasan "$ICMPX"; then
	skip_all "valgrind of a binary without AddressSanitizer" "its own checks run instead"
fi
ns_add a b
ns_join a eth0 b eth0
must in_ns a ip addr add 10.80.0.2/24 dev eth0
must in_ns b ip addr add 10.80.0.1/24 dev eth0

clean() # COMMAND OPTION...
{
	in_ns b valgrind -q --leak-check=full --show-leak-kinds=definite,indirect,possible \
		--errors-for-leak-kinds=definite,indirect,possible --error-exitcode=99 \
		--suppressions="${0%/*}/valgrind.supp" "$ICMPX" "$@"
}

ok "attach" clean attach eth0
ok "a ping" reaches a 10.80.0.1
ok "replace" clean attach eth0 --trust address --limit 1000
ok "status" clean status
ok "status --json" clean status --json
ok "stats" clean stats --per-cpu
ok "stats --json" clean stats --json
ok "leases" clean leases
ok "doctor" clean doctor eth0 --json
is "attach refused: exit status 1" "$(clean attach nosuch 2>/dev/null; echo $?)" 1

# Descriptors, then resident kB, after 100 rounds and after all.
mapfile -t grown < <(in_ns b "$tools/rounds" eth0 10000)
read -r fds_before kb_before <<<"${grown[0]:-none none}"
read -r fds_after kb_after <<<"${grown[1]:-nothing nothing}"
is "10,000 rounds of stats: as many descriptors" "$fds_after" "$fds_before"
is "10,000 rounds of stats: as much memory" "$kb_after" "$kb_before"

ok "detach" clean detach eth0
test_end
