# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # for the tests
# What the tests of what is given away share: TAP, a directory, a user who is not root, and no tools
# beyond those of a buildd.

package_src=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$package_src/../.." && pwd)
# shellcheck source=tests/net/lib.sh
. "$package_src/../net/lib.sh"
version=$(sed -n 's/^VERSION := //p' "$top/Makefile")

skip_all() # REASON
{
	echo "1..0 # SKIP $1"
	exit 0
}

begin()
{
	[ "$(id -u)" = 0 ] || skip_all "root, for namespaces of mounts and network: EPERM"
	work=$(mktemp -d)
	chmod 755 "$work"
	trap 'rm -rf "$work"' EXIT
	trap 'exit 143' HUP INT TERM
}

# As nobody, without network, node and npm; with HOME in the work directory.
alone() # COMMAND...
{
	# shellcheck disable=SC2016 # the inner one's
	unshare --net --mount bash -c '
		for tool in node nodejs npm npx; do
			! file=$(command -v $tool) || mount --bind /dev/null "$(realpath "$file")" || exit
		done
		exec setpriv --reuid nobody --regid nogroup --clear-groups \
			env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL HOME="$0" "$@"' "$work/home" "$@"
}

# The end of its output explains a failure.
step() # DESCRIPTION COMMAND...
{
	local start=$SECONDS log=$work/log
	if "${@:2}" >"$log" 2>&1 </dev/null; then
		pass "$1"
		diag "$((SECONDS - start)) s"
	else
		fail "$1" "$(tail -n 30 "$log")"
		return 1
	fi
}
