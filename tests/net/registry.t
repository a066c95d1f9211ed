#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Who can write in bpffs cannot have root delete or make anything elsewhere, nor have icmpx believe
# what is not its own: an unprivileged user where bpffs has the kernel's default mode, and uid 0 in a
# container that may do no more than pin.
set -uo pipefail
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

local4=10.101.0.1

# A bpffs of this test's own, which ends with it.
[ -n "${ICMPX_OWN_BPFFS:-}" ] || ICMPX_OWN_BPFFS=1 exec unshare -m bash "$0"

user() # COMMAND...: as nobody
{
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

fresh_bpffs() # OPTION...: of mount
{
	must mount -t bpf "$@" bpf $bpffs
}

victims='passwd shadow fstab'
plant_victims()
{
	victim=$test_dir/victim
	must mkdir -p "$victim"
	must chmod 755 "$test_dir" "$victim"
	for file in $victims; do echo x >"$victim/$file"; done
}

victims_live()
{
	[ "$(cd "$victim" && echo *)" = "fstab passwd shadow" ]
}

# Each command that would go into the registry: exit status, words, and nothing touched.
all_refuse() # WORDS WHAT
{
	local command
	for command in "attach eth0" "detach --all" "detach eth0" "status" "stats"; do
		# shellcheck disable=SC2086 # its words
		ok "$2: $command says so" complains 1 "$1" in_ns b "$ICMPX" $command
	done
	is "$2: nothing is attached" "$(in_ns b ip -d link show eth0 | grep -c prog/xdp)" 0
	ok "$2: files elsewhere stay" victims_live
}

# The kernel's default mode is 1777.
by_an_unprivileged_user()
{
	local inode=${ns_inode[b]}
	fresh_bpffs
	is "default: the mode of bpffs" "$(stat -c %a $bpffs)" 1777
	must user mkdir $bpffs/icmpx
	must user ln -s "$victim" "$bpffs/icmpx/$inode-$index"
	all_refuse "icmpx belongs to nobody (uid 65534)" "a user's directory"
	must rm -r $bpffs/icmpx
	must user ln -s "$victim" $bpffs/icmpx
	all_refuse "icmpx is not a directory" "a user's link"
	must rm $bpffs/icmpx
	must mkdir -m 777 $bpffs/icmpx
	all_refuse "can be written by others than root (mode 0777)" "a directory for all"
	must rmdir $bpffs/icmpx
	must chown 65534 $bpffs
	all_refuse "$bpffs belongs to nobody" "a user's bpffs"
	must chown 0 $bpffs
	must chmod 777 $bpffs
	all_refuse "can be written by others than root (mode 0777)" "bpffs for all, not sticky"
	must chmod 1777 $bpffs
	ok "none of it: attach" in_ns b "$ICMPX" attach eth0
	is "... is root's alone" "$(stat -c '%U %a' $bpffs/icmpx)" "root 700"
	ok "... a user cannot move it" not user mv $bpffs/icmpx $bpffs/mine
	ok "... nor look into it" not user ls $bpffs/icmpx
	ok "... detach" in_ns b "$ICMPX" detach eth0
	is "... nothing is left" "$(ls $bpffs)" "$default_files"
	must umount $bpffs
}

# libxdp's directory is as good a place for a link.
in_libxdps_directory()
{
	fresh_bpffs -o mode=0700
	attach b eth0
	must mkdir -p -m 700 $bpffs/xdp
	must ln -s "$victim" "$bpffs/xdp/dispatch-$index-1"
	must mkdir "$bpffs/xdp/dispatch-$index-2"
	must ln -s "$victim/passwd" "$bpffs/xdp/dispatch-$index-2/passwd"
	must ln -s "$victim/shadow" "$bpffs/xdp/dispatch-$index-2/prog0-prog"
	ok "links in libxdp's directory: detach" in_ns b "$ICMPX" detach eth0
	ok "... they stay" test -L "$bpffs/xdp/dispatch-$index-1" -a -L "$bpffs/xdp/dispatch-$index-2/passwd"
	ok "... files elsewhere, too" victims_live
	must umount $bpffs
}

# uid 0 with CAP_BPF alone, and bpffs to write in: root's files are its own.
container() # COMMAND...
{
	setpriv --bounding-set=-all,+bpf --inh-caps=-all --no-new-privs "$@"
}

by_a_container()
{
	local pins
	fresh_bpffs -o mode=0700
	attach b eth0
	pins=$(pin_dir b eth0)
	must container mv "$pins" $bpffs/icmpx/old
	must container ln -s "$victim" "$pins"
	is "a container's link: status" "$(state_of b)" partial
	ok "... detach names what it leaves" complains 1 "$pins is not a directory that icmpx made" \
		in_ns b "$ICMPX" detach eth0
	is "... and takes off the programs" "$(in_ns b ip -d link show eth0 | grep -c prog/xdp)" 0
	is "... and its clsact" "$(in_ns b tc qdisc show dev eth0 | grep -c clsact)" 0
	ok "... files elsewhere stay" victims_live
	ok "... so does the link" test -L "$pins"
	ok "attach does not follow it" complains 1 "$pins is not a directory that icmpx made" \
		in_ns b "$ICMPX" attach eth0
	is "... and leaves nothing" "$(in_ns b ip -d link show eth0 | grep -c prog/xdp)" 0
	must rm "$pins"
	attach b eth0
	must container mkdir "$pins/mine"
	ok "something else in the pins: detach names it" complains 1 "something in it that icmpx has not made" \
		in_ns b "$ICMPX" detach eth0
	ok "... and leaves it" test -d "$pins/mine"
	must rmdir "$pins/mine" "$pins"
	attach b eth0
	must container rm "$pins/verdicts"
	must container ln -s ../../old/verdicts "$pins/verdicts"
	is "a link in a pin's stead: status" "$(state_of b)" partial
	ok "... detach" in_ns b "$ICMPX" detach eth0
	must umount $bpffs
}

# As deploy/kubernetes mounts it for the exporter.
read_only()
{
	fresh_bpffs -o mode=0700
	attach b eth0
	# shellcheck disable=SC2016 # of the shell inside
	ok "mounted read-only: the container can plant nothing" not unshare -m sh -c '
		mount -o remount,bind,ro '$bpffs' && exec "$@"' sh \
		setpriv --bounding-set=-all,+bpf --inh-caps=-all --no-new-privs ln -s /etc $bpffs/icmpx/1-2
	ok "... and reads the counters" unshare -m sh -c '
		mount -o remount,bind,ro '$bpffs' && exec "$@"' sh \
		nsenter --net="$(ns_path b)" setpriv --bounding-set=-all,+bpf --inh-caps=-all \
		--no-new-privs "$ICMPX" stats eth0
	ok "... detach" in_ns b "$ICMPX" detach eth0
	must umount $bpffs
}

test_begin registry
ns_add a b
ns_join a eth0 b eth0
must in_ns b ip addr add $local4/24 dev eth0
index=$(in_ns b ip -o link show eth0 | cut -d: -f1)
plant_victims
fresh_bpffs
default_files=$(ls $bpffs)
must umount $bpffs
by_an_unprivileged_user
in_libxdps_directory
by_a_container
read_only
test_end
