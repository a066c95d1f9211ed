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

may_install = command -v apt-get >/dev/null || \
	{ echo "not here, nor apt-get to install it:" $$missing "(docs/building.md says what for)" >&2; exit 3; }; \
	[ "$$(id -u)" = 0 ] || { echo "root is to install:" $$missing >&2; exit 1; }

# $(call need,PACKAGES): installs those that are missing.
define need
	@missing=$$(for p in $(1); do \
		dpkg-query -W -f '$${db:Status-Status}' $$p 2>/dev/null | grep -q '^installed' || echo $$p; \
	done); \
	if [ -n "$$missing" ]; then \
		$(may_install); \
		echo "installing:" $$missing; \
		{ apt-get update -q || true; } >/dev/null 2>&1; \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -q -o DPkg::Lock::Timeout=300 --no-install-recommends $$missing >/dev/null; \
	fi
endef

# deps-build: for the program and make demo; deps-unit: for make check-unit, too; deps: for make check.
deps-build:
	$(call need,$(DEPS) $(DEPS_DEMO) $(parts_here))

deps-unit:
	$(call need,$(DEPS) $(DEPS_DEMO) $(DEPS_UNIT) $(parts_here))

deps:
	$(call need,$(deps_all))

# An old release has not all that parts want; it is told when it has not what the core does. Before
# apt-get update, when nothing is known yet, all are there.
parts_here = $(foreach p,$(DEPS_PARTS),$(if $(call has,! dpkg -s $(p) && apt-cache show make && ! apt-cache show $(p)),,$(p)))

.PHONY: deps deps-build deps-unit
