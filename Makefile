# SPDX-License-Identifier: GPL-2.0-only
# icmpx: see README.md. V=1 shows the commands.

VERSION := 0.1.0
PREFIX  ?= /usr/local
BUILD   := build

CC      ?= gcc
CLANG   ?= clang
BPFTOOL ?= $(firstword $(shell command -v bpftool) /usr/sbin/bpftool)
PKGS    := libbpf libxdp libmnl json-c libcap-ng

CFLAGS  ?= -O2 -g
# Asked only when something is compiled, so that `make deps` runs without them.
pkg_cflags = $(shell pkg-config --cflags $(PKGS))
pkg_libs   = $(shell pkg-config --libs $(PKGS))

WARN     := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wno-missing-field-initializers
CPPFLAGS_ALL = -D_GNU_SOURCE -DICMPX_VERSION='"$(VERSION)"' -Iinclude -Iuser -I$(BUILD)/skel $(pkg_cflags) $(CPPFLAGS)
CFLAGS_ALL   = -std=gnu11 $(WARN) $(CFLAGS) $(SANITIZE)
LDFLAGS_ALL  = $(LDFLAGS) $(SANITIZE)
# The C library's headers for <linux/types.h>'s asm/, which clang's bpf target does not find.
BPF_CFLAGS = -g -O2 -target bpf -mcpu=v3 -Wall -Wextra -Werror -Iinclude -Ibpf $(pkg_cflags) \
	     -idirafter /usr/include/$(shell $(CC) -print-multiarch)

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-7s %s\n'
endif

# An instrumented build goes elsewhere: make SANITIZE=-fsanitize=... BUILD=build/asan
USER_SRC := $(wildcard user/*.c)
USER_OBJ := $(USER_SRC:%.c=$(BUILD)/%.o)
LIB_OBJ  := $(filter-out $(BUILD)/user/main.o,$(USER_OBJ))
BPF_OBJ  := $(patsubst bpf/%.bpf.c,$(BUILD)/bpf/%.bpf.o,$(wildcard bpf/*.bpf.c))
TEST_BPF := $(patsubst %.bpf.c,$(BUILD)/%.bpf.o,$(wildcard tests/*/*.bpf.c))
SKELS    := $(patsubst bpf/%.bpf.c,$(BUILD)/skel/%.skel.h,$(wildcard bpf/*.bpf.c)) \
	    $(foreach f,$(wildcard tests/*/*.bpf.c),$(BUILD)/skel/$(notdir $(f:.bpf.c=.skel.h)))

# tests/unit/*.c and tests/prog/*.c are test programs (*.t); those of net/ and
# bench/ are tools; *_lib.c beside them is linked into each.
test_src  = $(filter-out %.bpf.c %_lib.c,$(wildcard tests/$(1)/*.c))
UNIT_T   := $(patsubst %.c,$(BUILD)/%.t,$(call test_src,unit))
PROG_T   := $(patsubst %.c,$(BUILD)/%.t,$(call test_src,prog))
NET_BIN  := $(patsubst %.c,$(BUILD)/%,$(call test_src,net))
BENCH_BIN := $(patsubst %.c,$(BUILD)/%,$(call test_src,bench))
TEST_LIB_OBJ = $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/$(1)/*_lib.c))

.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
.PHONY: all tests clean

all: $(BUILD)/icmpx

tests: all $(UNIT_T) $(PROG_T) $(NET_BIN) $(BENCH_BIN)

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

$(BUILD)/%.o: %.c | $(SKELS)
	@mkdir -p $(@D)
	$(say) CC $@
	$(Q)$(CC) $(CPPFLAGS_ALL) -I$(dir $<) $(CFLAGS_ALL) -MMD -MP -c $< -o $@

define test_rule
$(BUILD)/tests/$(1)/%$(2): $(BUILD)/tests/$(1)/%.o $(call TEST_LIB_OBJ,$(1)) $(LIB_OBJ)
	$$(say) LD $$@
	$$(Q)$$(CC) $$(LDFLAGS_ALL) -o $$@ $$^ $$(pkg_libs) -lcmocka
endef
$(eval $(call test_rule,unit,.t))
$(eval $(call test_rule,prog,.t))
$(eval $(call test_rule,net,))
$(eval $(call test_rule,bench,))

clean:
	$(Q)rm -rf $(filter-out vm,$(wildcard $(BUILD)/[!v]*))

-include $(shell find $(BUILD) -name '*.d' -not -path '$(BUILD)/vm/*' 2>/dev/null)
