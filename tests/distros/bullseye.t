#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Debian 11 has not what icmpx is built with: make says so, in one line, and what to do.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

begin
use_suite bullseye
make_base bullseye || skip_all "a Debian mirror with bullseye" "see above"
unpack_suite root
copy_source root
step "its own compilers and libraries" packages root sh -ec 'apt-get -q update
	apt-get -q install -y --no-install-recommends make gcc libc6-dev clang bpftool pkg-config \
		libbpf-dev libelf-dev libmnl-dev libjson-c-dev libcap-ng-dev libyajl-dev zlib1g-dev'
run make root sh -c "$as_user make"
is "make fails" $? 2
is "in one line, and make's own" "$(grep -vc '^make: ' "$suite_out/log/make")" 1
ok "it names the library" grep 'libbpf 1\.0 .*0\.3' "$suite_out/log/make"
ok "and what runs here" grep 'make static' "$suite_out/log/make"
test_end
