# SPDX-License-Identifier: GPL-2.0-only
# icmpx: see README.md. V=1 shows the commands.

.DEFAULT_GOAL := all

VERSION := 0.1.0
PREFIX  ?= /usr/local
BUILD   := build

# Where make and the shell would take one name for two, or sources for what was built from them.
quote := '
ifneq ($(words $(CURDIR))$(findstring $(quote),$(CURDIR)),1)
$(error icmpx is not built in a directory with a space or a quote in its name: $(CURDIR))
endif
ifneq ($(filter $(patsubst %//,%/,$(abspath $(BUILD))/)%,$(CURDIR)/),)
$(error BUILD=$(BUILD) is no directory to build in)
endif

# To compile for another machine, as `make arm64` does: its libraries are below SYSROOT.
SYSROOT ?=
ifeq ($(origin CC),default)
CC      := $(CROSS_COMPILE)gcc
endif
CLANG   ?= clang
BPFTOOL ?= $(firstword $(shell command -v bpftool) /usr/sbin/bpftool)

# What is built for, by the compiler's word; and as libbpf's headers have it (__TARGET_ARCH_...).
ARCH     ?= $(firstword $(subst -, ,$(shell $(CC) -dumpmachine 2>/dev/null)))
BPF_ARCH := $(shell echo $(ARCH) | sed -E 's/^(x86_64|amd64|i[3-6]86)$$/x86/; s/^aarch64.*/arm64/; s/^armv.*/arm/; \
	    s/^(powerpc|ppc).*/powerpc/; s/^s390x$$/s390/; s/^(riscv|mips|sparc|loongarch).*/\1/')

CFLAGS  ?= -O2 -g
# WERROR=1: for who works on icmpx; a newer compiler's new warning is no reason not to build.
WERROR_FLAG = $(if $(filter 1,$(WERROR)),-Werror)
# Where this icmpx comes from and where its bugs go: printed where they are given.
HOMEPAGE ?=
BUGS     ?=
# Asked only when something is compiled, so that `make deps` runs without them.
multiarch  = $(shell $(CC) -print-multiarch)
pkg_cflags = $(shell $(pkg_config) --cflags $(PKGS))
# argp is in glibc; other C libraries have it as a library of its own.
argp_libs  = $(if $(shell $(CC) $(SYSROOT_FLAG) -E -dM -include limits.h -x c /dev/null | grep -w __GLIBC__),,-largp)
pkg_libs   = $(shell $(pkg_config) --libs $(PKGS)) $(argp_libs)

include mk/parts.mk

WARN     := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wno-missing-field-initializers
# No path of this directory in what is built: two builds in two places are the same.
PATH_FLAG = -ffile-prefix-map=$(CURDIR)=.
CPPFLAGS_ALL = -D_GNU_SOURCE -DICMPX_VERSION='"$(VERSION)"' -Iinclude -Iuser -I$(GEN) -I$(BUILD)/skel \
	       -I$(BUILD)/proto $(pkg_cflags) $(CPPFLAGS)
SYSROOT_FLAG = $(SYSROOT:%=--sysroot=%)
CFLAGS_ALL   = -std=gnu11 $(WARN) $(WERROR_FLAG) $(PATH_FLAG) $(CFLAGS) $(SANITIZE) $(SYSROOT_FLAG)
LDFLAGS_ALL  = $(LDFLAGS) $(SANITIZE) $(SYSROOT_FLAG)
# The C library's headers for <linux/types.h>'s asm/, which clang's bpf target does not find.
BPF_CFLAGS = -g -O2 -target bpf -mcpu=v3 -D__TARGET_ARCH_$(BPF_ARCH) -Wall -Wextra -Wno-unused-parameter $(WERROR_FLAG) \
	     $(PATH_FLAG) -I. -Iinclude -Ibpf $(pkg_cflags) $(SYSROOT_FLAG) -idirafter $(SYSROOT)/usr/include/$(multiarch)

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-7s %s\n'
endif

USER_SRC := $(filter-out $(NOT_BUILT),$(wildcard user/*.c))
PROTO_C  := $(if $(filter PERFETTO,$(PARTS_IN)),$(BUILD)/proto/perfetto.pb-c.c)
USER_OBJ := $(USER_SRC:%.c=$(BUILD)/%.o) $(PROTO_C:.c=.o)
LIB_OBJ  := $(filter-out $(BUILD)/user/main.o $(BUILD)/user/cmd_%.o,$(USER_OBJ))
# All but the commands, for the tests.
LIB      := $(BUILD)/libicmpx.a
BPF_OBJ  := $(patsubst bpf/%.bpf.c,$(BUILD)/bpf/%.bpf.o,$(wildcard bpf/*.bpf.c))
TEST_BPF := $(patsubst %.bpf.c,$(BUILD)/%.bpf.o,$(wildcard tests/*/*.bpf.c))
SKELS    := $(patsubst bpf/%.bpf.c,$(BUILD)/skel/%.skel.h,$(wildcard bpf/*.bpf.c)) \
	    $(foreach f,$(wildcard tests/*/*.bpf.c),$(BUILD)/skel/$(notdir $(f:.bpf.c=.skel.h)))

.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
.PHONY: all demo clean

all: $(BUILD)/icmpx

# What is left out or added changes the list of objects, and with it $(GEN)/with.h.
$(BUILD)/icmpx: $(USER_OBJ) $(GEN)/with.h
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) $(pkg_libs)

$(LIB): $(LIB_OBJ) $(GEN)/with.h
	$(say) AR $@
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

$(BUILD)/bpf/%.bpf.o: bpf/%.bpf.c | $(GEN)/with.h
	@mkdir -p $(@D)
	$(say) BPF $@
	$(Q)$(CLANG) $(BPF_CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/tests/%.bpf.o: tests/%.bpf.c | $(GEN)/with.h
	@mkdir -p $(@D)
	$(say) BPF $@
	$(Q)$(CLANG) $(BPF_CFLAGS) -MMD -MP -c $< -o $@

define skel_rule
$(BUILD)/skel/$(notdir $(1:.bpf.o=.skel.h)): $(1)
	@mkdir -p $$(@D)
	$$(say) SKEL $$@
	$$(Q)$$(BPFTOOL) gen skeleton $$< name $$(subst .,_,$$(basename $$(notdir $$<))) >$$@ 2>$$@.log || { cat $$@.log >&2; false; }
endef
$(foreach o,$(BPF_OBJ) $(TEST_BPF),$(eval $(call skel_rule,$(o))))

$(BUILD)/proto/%.pb-c.c $(BUILD)/proto/%.pb-c.h &: user/%.proto
	@mkdir -p $(@D)
	$(say) PROTO $@
	$(Q)protoc-c --proto_path=user --c_out=$(BUILD)/proto $<

$(BUILD)/proto/%.o: $(BUILD)/proto/%.c
	$(say) CC $@
	$(Q)$(CC) $(CFLAGS_ALL) -c $< -o $@

$(BUILD)/%.o: %.c | $(SKELS) $(PROTO_C) $(GEN)/with.h $(GEN)/errno_names.h
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(CPPFLAGS_ALL) -I$(dir $<) $(CFLAGS_ALL) -MMD -MP -c $< -o $@

# --- the two commands -------------------------------------------------------

# A second make, since the first one looked for the tools before they were there.
demo: deps-build
	$(Q)$(MAKE) --no-print-directory all $(DEMO_RATE)
	$(Q)tests/demo.sh

include $(filter-out mk/parts.mk,$(sort $(wildcard mk/*.mk)))

# Of a directory that somebody else named, what is built into it and no more.
CLEANED := gen skel proto user bpf tests
clean:
	$(Q)rm -f $(BUILD)/icmpx $(LIB)
	$(Q)rm -rf $(if $(filter build,$(BUILD)),$(filter-out build/vm,$(wildcard build/*)),$(CLEANED:%=$(BUILD)/%))

-include $(shell find $(BUILD) -name '*.d' -not -path '$(BUILD)/vm/*' \
	-not -path '$(BUILD)/arm64/*' 2>/dev/null)
