# SPDX-License-Identifier: GPL-2.0-only
# What is needed from Debian, and how it comes.

DEPS := clang llvm gcc make pkg-config bpftool linux-libc-dev \
	libbpf-dev libxdp-dev libmnl-dev libjson-c-dev libcap-ng-dev libyajl-dev zlib1g-dev \
	libprotobuf-c-dev libmicrohttpd-dev libncurses-dev protobuf-c-compiler
# Where npm is there, it may be of a Node.js with which Debian's is in conflict.
DEPS_PAGE := nodejs npm
build_deps = $(DEPS) $(if $(shell command -v npm),,$(DEPS_PAGE))
DEPS_CHECK := libcmocka-dev libcapstone-dev perl iproute2 iputils-ping iputils-arping fping busybox-static nftables ethtool \
	      strace util-linux tmux valgrind man-db procps protobuf-compiler tshark prometheus libyaml-libyaml-perl zsh \
	      chromium fonts-dejavu-core
DEPS_LINT  := clang-format clang-tidy cppcheck shellcheck mandoc
DEPS_VM    := qemu-system-x86 cpio kmod xz-utils zstd lz4 debian-archive-keyring \
	      libc6-dev bash coreutils
DEPS_DEB   := build-essential debhelper dpkg-dev lintian mmdebstrap
DEPS_ARM64 := gcc-aarch64-linux-gnu qemu-system-arm

# $(call need,PACKAGES): installs those that are missing.
define need
	@missing=$$(for p in $(1); do \
		dpkg-query -W -f '$${db:Status-Status}' $$p 2>/dev/null | grep -q '^installed' || echo $$p; \
	done); \
	if [ -n "$$missing" ]; then \
		echo "installing:" $$missing; \
		{ apt-get update -q || true; } >/dev/null 2>&1; \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -q -o DPkg::Lock::Timeout=300 --no-install-recommends $$missing >/dev/null; \
	fi
endef

deps:
	$(call need,$(build_deps) $(DEPS_CHECK))
