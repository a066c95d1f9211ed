# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # of lib.sh and machines.sh, which are read before
# What run and two share: to make guests, to start them and to judge how they ended. Each
# guest has a name: its files are in $work/NAME, and what is left of it in build/vm/NAME or
# another DIRECTORY there.

guest_done=85 # QEMU's exit status after poweroff.c
guest_seconds=1800

cpus=1
memory=1024
append=

# shellcheck disable=SC2034 # for the scripts
guest_usage="  -s  processors (1)
  -m  memory in MiB (1024)
  -a  more parameters for the kernel"

guest_option() # LETTER VALUE
{
	case $1 in
		s) cpus=$2 ;;
		m) memory=$2 ;;
		a) append=$2 ;;
		*) return 1 ;;
	esac
}

# Fetched when missing only: a run must not change its kernels by itself.
need_kernel() # SERIES
{
	have_kernel "$1" || "$vm_src/fetch" "$1" >&2
}

make_work() # sets work, a directory for as long as the script runs
{
	mkdir -p "$vm_out"
	find "$vm_out" -maxdepth 1 -name 'run.*' -mmin +60 -exec rm -rf {} + # of runs that were killed
	work=$(mktemp -d "$vm_out/run.XXXXXX") # other runs may go on at the same time
	# shellcheck disable=SC2046 # a list of processes
	trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
	trap 'exit 130' INT TERM HUP
}

# Made anew after a change here or in what is installed, which shows in the directories.
make_base() # ARCHITECTURE
{
	local base=${base_of[$1]} root=${root_of[$1]} newer=none
	[ ! -e "$base" ] || newer=$(find "$vm_src" "$root"/usr/bin "$root"/usr/sbin \
		"$root"/usr/lib/*-linux-gnu -maxdepth 1 -newer "$base" -print -quit)
	[ -z "$newer" ] || "$vm_src/initramfs" base "$1" "$base"
}

make_archives() # SERIES...: what is the same in all guests of an architecture
{
	local kernel arch
	for kernel; do
		arch=$(arch_of "$kernel")
		[ ! -e "$work/payload-$arch" ] || continue
		need_tools "${qemu_of[$arch]%% *}" "${compiler_of[$arch]%% *}"
		[ -d "${root_of[$arch]}/usr" ] ||
			die "$status_unavailable" "$kernel: no programs for $arch (make $arch)"
		make_base "$arch"
		"$vm_src/initramfs" payload "$arch" "$work/payload-$arch"
	done
}

make_initrd() # NAME SERIES COMMAND: base, modules, payload and the job
{
	local job=$work/$1 arch
	arch=$(arch_of "$2")
	mkdir -p "$job/job"
	cp "$vm_out/$2/kernel/modules" "$job/job/modules"
	printf '%s\n' "$3" >"$job/job/command"
	(cd "$job" && find job | cpio --quiet -o -H newc -R 0:0) >"$job/job.cpio"
	cat "${base_of[$arch]}" "$vm_out/$2/kernel/modules.cpio" "$work/payload-$arch" \
		"$job/job.cpio" >"$job/initrd"
}

# Serial ports: the kernel's console, the job's output (stdout here), its exit status, and the
# caller's -chardev of the id "commands". All processors in one thread: with more, one boot in
# 15 died of an int3 that another processor had just patched away. Without random addresses,
# which make TCG translate a program anew each time: a new process in a third of the time. Killed
# in whatever way, this script takes QEMU along.
start_guest() # NAME SERIES QEMU-OPTION...: sets guest, its process
{
	local job=$work/$1 kernel=$vm_out/$2/kernel/vmlinux arch parameters
	arch=$(arch_of "$2")
	parameters="${parameters_of[$arch]} quiet panic=-1 oops=panic mitigations=off no_timer_check"
	parameters+=" tsc=reliable nowatchdog cryptomgr.notests=1 audit=0 apparmor=0 selinux=0"
	parameters+=" random.trust_cpu=on rcupdate.rcu_expedited=1 norandmaps $append"
	shift 2
	# shellcheck disable=SC2086 # a list of words
	setpriv --pdeathsig KILL timeout -k 5 "$guest_seconds" setpriv --pdeathsig KILL \
		${qemu_of[$arch]} -nodefaults -no-user-config -display none -no-reboot \
		-accel tcg,thread=single -smp "$cpus" -m "$memory" \
		-chardev "file,id=console,path=$job/console" -chardev stdio,id=output \
		-chardev "file,id=status,path=$job/status" \
		-kernel "$kernel" -initrd "$job/initrd" -append "$parameters" "$@" \
		</dev/null 2>"$job/qemu" &
	# shellcheck disable=SC2034 # for the scripts
	guest=$!
}

show_console() # NAME
{
	if [ -s "$work/$1/console" ]; then
		echo "$1: the console ends with:"
		tail -n 40 "$work/$1/console"
	fi
}

check_guest() # NAME STATUS [DIRECTORY]: has it ended by itself, without an oops?
{
	local why left=$vm_out/${3:-$1}
	mkdir -p "$left"
	cp "$work/$1/console" "$left/console"
	case $2 in
		"$guest_done")
			grep -qE 'Oops|BUG:|cut here|Kernel panic' "$work/$1/console" || return 0
			why="the kernel has found a bug in itself" ;;
		124) why="the VM did not end within $guest_seconds s" ;;
		*) why="the VM died: QEMU's exit status $2" ;;
	esac
	echo "$1: $why" >&2
	grep -v 'hub 0 is not connected' "$work/$1/qemu" >&2 || true
	show_console "$1" >&2
	return 1
}

job_status() # NAME
{
	tr -dc 0-9 <"$work/$1/status"
}
