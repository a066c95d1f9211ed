# SPDX-License-Identifier: GPL-2.0-only
# One static program, for rescue systems, containers and other distributions: `make static`, and
# `make static-arm64`. STATIC=1 links whatever is built so, if the system has the archives.

ifeq ($(STATIC),1)
pkg_libs = $(shell $(pkg_config) --static --libs $(PKGS)) $(argp_libs)
$(BUILD)/icmpx: LDFLAGS_ALL += -static
$(BUILD)/user/static_names.o: CPPFLAGS_ALL += -DICMPX_STATIC
endif

# Debian's archives, of one release wherever this runs: 13's libelf.a lacks half of its functions.
# glibc and not musl, for which Debian has the C library alone.
STATIC_SUITE := bookworm
STATIC_ROOT   = $(abspath build/vm/static-$(1)/root)
STATIC_NEEDS := debian-archive-keyring
# libmicrohttpd's archive wants GnuTLS, for which Debian has no complete set of archives; npm's page
# comes where it can be made, as always.
STATIC_PARTS := WITH_EXPORTER=no WITH_SCREENS=yes WITH_PERFETTO=yes WITH_LIBXDP=yes

# $(call static,ARCHITECTURE,CROSS_COMPILE): in build/static/ARCHITECTURE, where its name is icmpx.
define static
	$(Q)packaging/static-root $(1) $(STATIC_SUITE) $(filter-out $(DEPS_EXPORTER),$(filter %-dev,$(DEPS) $(DEPS_PARTS)))
	$(Q)$(MAKE) --no-print-directory BUILD=build/static/$(1) CROSS_COMPILE=$(2) SYSROOT=$(STATIC_ROOT) STATIC=1 $(STATIC_PARTS) all
	$(Q)$(2)strip -o build/static/$(1)/icmpx.stripped build/static/$(1)/icmpx
	$(Q)mv build/static/$(1)/icmpx.stripped build/static/icmpx-$(1)
	$(Q)ls -l build/static/icmpx-$(1)
endef

.PHONY: static static-arm64 check-static
static:
	$(call need,$(deps_build) $(STATIC_NEEDS))
	$(call static,amd64,x86_64-linux-gnu-)

static-arm64:
	$(call need,$(deps_build) $(STATIC_NEEDS) $(DEPS_ARM64))
	$(call static,arm64,aarch64-linux-gnu-)

# On other kernels and on Debian 11; STATIC_KERNELS chooses.
check-static: static
	$(call need,$(DEPS_CHECK) $(DEPS_VM) mmdebstrap)
	$(Q)$(MAKE) --no-print-directory all
	$(Q)$(RUN_ENV) $(PROVE) tests/package/static-bullseye.t
	$(Q)$(RUN_ENV) $(PROVE) tests/package/static.t $(if $(STATIC_KERNELS),:: $(STATIC_KERNELS))
