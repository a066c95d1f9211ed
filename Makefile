# SPDX-License-Identifier: GPL-2.0-only
# icmpx: see README.md. V=1 shows the commands.

VERSION := 0.1.0
PREFIX  ?= /usr/local
BUILD   := build

# To compile for another machine, as `make arm64` does: its libraries are below SYSROOT.
ARCH    ?= $(subst aarch64,arm64,$(subst x86_64,x86,$(shell uname -m)))
SYSROOT ?=
ifeq ($(origin CC),default)
CC      := $(CROSS_COMPILE)gcc
endif
CLANG   ?= clang
BPFTOOL ?= $(firstword $(shell command -v bpftool) /usr/sbin/bpftool)
PKGS    := libbpf libxdp libmnl json-c libcap-ng yajl zlib libprotobuf-c libmicrohttpd ncursesw

CFLAGS  ?= -O2 -g
# Asked only when something is compiled, so that `make deps` runs without them.
multiarch  = $(shell $(CC) -print-multiarch)
pkg_config = $(if $(SYSROOT),PKG_CONFIG_SYSROOT_DIR=$(SYSROOT) \
	     PKG_CONFIG_LIBDIR=$(SYSROOT)/usr/lib/$(multiarch)/pkgconfig) pkg-config
pkg_cflags = $(shell $(pkg_config) --cflags $(PKGS))
pkg_libs   = $(shell $(pkg_config) --libs $(PKGS))

WARN     := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wno-missing-field-initializers
CPPFLAGS_ALL = -D_GNU_SOURCE -DICMPX_VERSION='"$(VERSION)"' -DICMPX_REPORT_DIR='"$(REPORT_DIR)"' -Iinclude -Iuser -I$(BUILD)/skel -I$(BUILD)/proto $(pkg_cflags) $(CPPFLAGS)
SYSROOT_FLAG = $(SYSROOT:%=--sysroot=%)
CFLAGS_ALL   = -std=gnu11 $(WARN) $(CFLAGS) $(SANITIZE) $(SYSROOT_FLAG)
LDFLAGS_ALL  = $(LDFLAGS) $(SANITIZE) $(SYSROOT_FLAG)
# The C library's headers for <linux/types.h>'s asm/, which clang's bpf target does not find.
BPF_CFLAGS = -g -O2 -target bpf -mcpu=v3 -D__TARGET_ARCH_$(ARCH) -Wall -Wextra -Wno-unused-parameter -Werror -I. -Iinclude -Ibpf $(pkg_cflags) \
	     $(SYSROOT_FLAG) -idirafter $(SYSROOT)/usr/include/$(multiarch)

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-7s %s\n'
endif

USER_SRC := $(wildcard user/*.c)
PROTO_C  := $(patsubst user/%.proto,$(BUILD)/proto/%.pb-c.c,$(wildcard user/*.proto))
USER_OBJ := $(USER_SRC:%.c=$(BUILD)/%.o) $(PROTO_C:.c=.o)
LIB_OBJ  := $(filter-out $(BUILD)/user/main.o $(BUILD)/user/cmd_%.o,$(USER_OBJ))
BPF_OBJ  := $(patsubst bpf/%.bpf.c,$(BUILD)/bpf/%.bpf.o,$(wildcard bpf/*.bpf.c))
TEST_BPF := $(patsubst %.bpf.c,$(BUILD)/%.bpf.o,$(wildcard tests/*/*.bpf.c))
SKELS    := $(patsubst bpf/%.bpf.c,$(BUILD)/skel/%.skel.h,$(wildcard bpf/*.bpf.c)) \
	    $(foreach f,$(wildcard tests/*/*.bpf.c),$(BUILD)/skel/$(notdir $(f:.bpf.c=.skel.h)))

.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
.PHONY: all tests deps screenshots demo check check-vm vm-table arm64 experiment experiment-doc golden path-data \
	check-clang soak asan valgrind bench bench-short fleet-size lint completion deb check-deb install uninstall clean

all: $(BUILD)/icmpx

$(BUILD)/icmpx: $(USER_OBJ)
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(pkg_libs)

$(BUILD)/bpf/%.bpf.o: bpf/%.bpf.c
	@mkdir -p $(@D)
	$(say) BPF $@
	$(Q)$(CLANG) $(BPF_CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/tests/%.bpf.o: tests/%.bpf.c
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

$(BUILD)/%.o: %.c | $(SKELS) $(PROTO_C)
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(CPPFLAGS_ALL) -I$(dir $<) $(CFLAGS_ALL) -MMD -MP -c $< -o $@

# --- the two commands -------------------------------------------------------

# A second make, since the first one looked for the tools before they were there.
demo: deps
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tests/demo.sh

include $(sort $(wildcard mk/*.mk))

clean:
	$(Q)rm -rf $(filter-out $(BUILD)/vm,$(wildcard $(BUILD)/*))

-include $(shell find $(BUILD) -name '*.d' -not -path '$(BUILD)/vm/*' \
	-not -path '$(BUILD)/arm64/*' 2>/dev/null)
