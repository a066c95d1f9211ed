#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# musl.t FILE...: each compiles against musl's headers, with the compiler's options in FLAGS, so that
# what glibc alone has is not used. With argp.h and sys/queue.h, which musl's distributions have as
# packages of their own (argp-standalone, bsd-compat-headers). Nothing is linked: Debian has no
# libraries for musl. No privilege needed.
set -uo pipefail

# What else is in /usr/include is glibc's.
libraries=(argp.h asm asm-generic bpf cap-ng.h curses.h elfutils gelf.h google json-c libelf.h libmnl
	linux microhttpd.h ncurses.h ncurses_dll.h protobuf-c sys/queue.h term.h unctrl.h xdp yajl zconf.h
	zlib.h)
count=0
failed=0

result() # STATUS DESCRIPTION [OUTPUT]
{
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		failed=1
		[ -z "${3-}" ] || printf '%s\n' "$3" | sed 's/^/# /'
	fi
}

compiles() # FILE
{
	# shellcheck disable=SC2086 # words
	musl-gcc -fsyntax-only -std=gnu11 -Werror=implicit-function-declaration -Werror=implicit-int \
		-Werror=int-conversion -D__THROW= -D__BEGIN_DECLS= -D__END_DECLS= ${FLAGS-} -idirafter "$include" "$1" 2>&1
}

command -v musl-gcc >/dev/null || { echo "1..0 # SKIP musl-gcc is not installed (musl-tools)"; exit 0; }
include=$(mktemp -d)
trap 'rm -rf "$include"' EXIT
trap 'exit 143' HUP INT TERM
# What these two ask for of glibc's, and do without.
mkdir "$include/sys" "$include/bits"
: >"$include/sys/cdefs.h"
: >"$include/bits/floatn.h"
for name in "${libraries[@]}"; do
	for dir in /usr/include "/usr/include/$(gcc -print-multiarch)"; do
		[ ! -e "$dir/$name" ] || ln -s "$dir/$name" "$include/$name"
	done
done

# That it fails where it should: glibc has this, musl has not.
printf '%s\n' '#include <string.h>' 'const char *f(void) { return strerrorname_np(1); }' >"$include/own.c"
if compiles "$include/own.c" >/dev/null; then
	result 1 "a function of glibc alone is refused"
else
	result 0 "a function of glibc alone is refused"
fi
for file; do
	output=$(compiles "$file")
	result $? "$file" "$output"
done
echo "1..$count"
exit $failed
