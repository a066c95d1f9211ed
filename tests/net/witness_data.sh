#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What this kernel calls between the functions of call paths, for tests/vm/path-data: the release
# and machine, then what witness_edges measures. For a guest of tests/vm/run.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${0%/*}/lib.sh"

test_begin path-data
# shellcheck source=tests/net/witness_lib.sh
. "${0%/*}/witness_lib.sh"
need_ftrace function_graph
set_up_net
set_up_ftrace
witness pings "$(pings)" --backend fn || bail "trace: $(<"$test_dir/errors")"
witness datagrams "$(datagrams)" --backend fn --udp $udp_port ||
	bail "trace --udp: $(<"$test_dir/errors")"
echo "kernel $(uname -r) $(uname -m)"
edges measure pings datagrams
