# SPDX-License-Identifier: GPL-2.0-only
# What is needed from Debian, and how it comes.

# The core, and the parts of mk/parts.mk but the page of `icmpx report`, whose npm is as large as all
# of these. Where npm is there, it may be of a Node.js with which Debian's is in conflict.
DEPS       := clang gcc libc6-dev make pkgconf bpftool linux-libc-dev \
	      libbpf-dev libelf-dev libmnl-dev libjson-c-dev libcap-ng-dev libyajl-dev zlib1g-dev
DEPS_PARTS := $(DEPS_EXPORTER) $(DEPS_SCREENS) $(DEPS_PERFETTO) $(DEPS_LIBXDP)
DEPS_PAGE   = $(if $(shell command -v npm),,$(DEPS_REPORT))
DEPS_DEMO  := iproute2 iputils-ping util-linux
DEPS_UNIT  := libcmocka-dev perl
DEPS_CHECK := libcapstone-dev iputils-arping fping busybox-static nftables ethtool \
	      strace tmux valgrind man-db procps protobuf-compiler tshark prometheus libyaml-libyaml-perl zsh fish \
	      chromium fonts-dejavu-core
DEPS_LINT  := clang-format clang-tidy cppcheck shellcheck mandoc
DEPS_VM    := qemu-system-x86 cpio kmod xz-utils zstd lz4 debian-archive-keyring \
	      bash coreutils
DEPS_DEB   := build-essential debhelper dpkg-dev lintian
DEPS_ARM64 := gcc-aarch64-linux-gnu qemu-system-arm

deps_build = $(DEPS) $(DEPS_PARTS) $(DEPS_DEMO)
deps_all   = $(deps_build) $(DEPS_PAGE) $(DEPS_UNIT) $(DEPS_CHECK)

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

# deps-build: for the program and make demo; deps-unit: for make check-unit, too; deps: for make check.
deps-build:
	$(call need,$(deps_build))

deps-unit:
	$(call need,$(deps_build) $(DEPS_UNIT))

deps:
	$(call need,$(deps_all))

.PHONY: deps deps-build deps-unit
