# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # read by the scripts that source this; of lib.sh
# What differs between the guests' architectures, which have Debian's names.

arch_of() # SERIES
{
	case $1 in
		*-arm64) echo arm64 ;;
		*) echo amd64 ;;
	esac
}

# where its programs are: here, or where sysroot puts them
declare -A root_of=([amd64]="" [arm64]=$vm_out/arm64/root)

# what make builds for it, and how
declare -A build_of=([amd64]=build [arm64]=build/arm64)
declare -A compiler_of=([amd64]=cc [arm64]="aarch64-linux-gnu-gcc --sysroot=${root_of[arm64]}")

declare -A base_of=([amd64]=$vm_out/base.cpio [arm64]=$vm_out/arm64/base.cpio)

declare -A strip_of=([amd64]=strip [arm64]=aarch64-linux-gnu-strip)

# QEMU, its machine with a way out for poweroff.c, and its serial ports: the kernel's console,
# then ttyS1 to ttyS3 of init. Without fast string instructions, which TCG carries out byte by
# byte: a quarter quicker.
declare -A qemu_of=(
	[amd64]="qemu-system-x86_64 -M pc -cpu max,-erms,-fsrm
		-device isa-debug-exit,iobase=0xf4,iosize=0x04
		-serial chardev:console -serial chardev:output -serial chardev:status
		-serial chardev:commands"
	[arm64]="qemu-system-aarch64 -M virt -cpu cortex-a57
		-semihosting-config enable=on,userspace=on
		-serial chardev:console -chardev null,id=unused
		-device pci-serial-4x,chardev1=unused,chardev2=output,chardev3=status,chardev4=commands"
)

# Page table isolation, which arm64's KASLR wants whatever mitigations= says, makes QEMU flush
# its TLB at each system call: it would take twice as long.
declare -A parameters_of=([amd64]="console=ttyS0" [arm64]="console=ttyAMA0 kpti=off")
