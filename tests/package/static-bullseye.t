#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The program of `make static` on Debian 11, whose libraries are too old to build it: the demo, and
# names, for which its /etc/nsswitch.conf would have glibc load a library of that system.
set -uo pipefail
# shellcheck source=tests/distros/lib.sh
. "$(dirname "$0")/../distros/lib.sh"

static=$top/build/static/icmpx-amd64

# Both the kernel's and the driver's answers, and nothing left.
demo_shows()
{
	grep -q '^complete' "$suite_out/log/demo" && grep -q 'attached nowhere' "$suite_out/log/demo"
}

# hesiod is one of Debian 11's own; before "files", so that it is looked for.
resolves()
{
	[ -n "$(find "$suite_out"/root/{,usr/}lib/ -name 'libnss_hesiod*.so*')" ] || return
	echo 'hosts: hesiod files dns' >"$suite_out/root/etc/nsswitch.conf"
	echo '127.0.0.9 by.name' >>"$suite_out/root/etc/hosts"
	(in_suite root /usr/local/sbin/icmpx trace --ping by.name -c 1 2>&1) |
		tee "$suite_out/log/names" | grep -E "^ping .*127\.0\.0\.9"
}

begin
[ -f "$static" ] || skip_all "the static program" "no $static (make static)"
use_suite bullseye
make_base bullseye || skip_all "a Debian mirror with bullseye" "see above"
unpack_suite root
cp "$static" "$suite_out/root/usr/local/sbin/icmpx"
cp "$top/tests/demo.sh" "$suite_out/root/demo.sh"
step "packages of the demo" packages root sh -ec 'apt-get -q update
	apt-get -q install -y --no-install-recommends iproute2 iputils-ping procps util-linux'
step "the demo" demo root env ICMPX=/usr/local/sbin/icmpx bash /demo.sh
ok "it shows what it should" demo_shows
ok "a name, whatever nsswitch.conf says" resolves
test_end
