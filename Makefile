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

# tests/unit/*.c and tests/prog/*.c are test programs (*.t); those of net/ and
# bench/ are tools; *_lib.c beside them is linked into each.
test_src  = $(filter-out %.bpf.c %_lib.c,$(wildcard tests/$(1)/*.c))
UNIT_T   := $(patsubst %.c,$(BUILD)/%.t,$(call test_src,unit))
PROG_T   := $(patsubst %.c,$(BUILD)/%.t,$(call test_src,prog))
NET_BIN  := $(patsubst %.c,$(BUILD)/%,$(call test_src,net))
BENCH_BIN := $(patsubst %.c,$(BUILD)/%,$(call test_src,bench))
TEST_LIB_OBJ = $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/$(1)/*_lib.c))

# The page of `icmpx report`: one for all machines, as are the recordings of its --demo.
REPORT_DIR  := build/report
REPORT_SRC  := $(wildcard report/*.html report/*.css report/*.js report/*.mjs)
REPORT_DEMO := $(shell sed -n 's/^\tX([a-z]*, "\(.*\.rec\)").*/\1/p' user/embedded.c)
REPORT_GZ   := $(REPORT_DIR)/page.html.gz $(REPORT_DEMO:%=$(REPORT_DIR)/%.gz)

# The page that draws the Grafana dashboard for the tests, with Grafana's packages.
DASHBOARD_DIR := build/dashboard
DASHBOARD_SRC := $(addprefix tests/dashboard/,bundle.mjs main.jsx panel.jsx plugins.js prometheus.js package.json)

.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
.PHONY: all tests deps screenshots demo check check-vm vm-table arm64 experiment experiment-doc golden path-data \
	check-clang soak asan valgrind bench bench-short fleet-size lint completion deb check-deb install uninstall clean

all: $(BUILD)/icmpx

tests: all $(UNIT_T) $(PROG_T) $(NET_BIN) $(BENCH_BIN) $(BUILD)/tests/vm/callgraph

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

# What package-lock.json says, from the npm registry; its scripts are not run.
NPM_QUIET := --ignore-scripts --no-audit --no-fund --loglevel=error
define npm_rule
$(2)/node_modules/.package-lock.json: $(1)/package.json $(1)/package-lock.json $(4)
	@mkdir -p $(2)
	$$(say) NPM $(2)/node_modules
	$$(Q)cp $(1)/package.json $(1)/package-lock.json $(2)/
	$$(Q)cd $(2) && $(3) ci $(NPM_QUIET) >npm.log 2>&1 || \
		{ cat npm.log >&2; false; }
	$$(Q)touch $$@
endef
# Debian 12's npm (9.2) cannot read overrides that put another package in a package's place.
NPM_10 := $(DASHBOARD_DIR)/npm/node_modules/npm/bin/npm-cli.js
$(NPM_10):
	$(say) NPM $@
	$(Q)npm install $(NPM_QUIET) --no-save --prefix $(DASHBOARD_DIR)/npm npm@10.8.2 >/dev/null
	$(Q)touch $@
$(eval $(call npm_rule,report,$(REPORT_DIR),npm))
$(eval $(call npm_rule,tests/dashboard,$(DASHBOARD_DIR),node $(abspath $(NPM_10)),$(NPM_10)))

$(REPORT_DIR)/page.html: $(REPORT_SRC) $(REPORT_DIR)/node_modules/.package-lock.json
	$(say) BUNDLE $@
	$(Q)NODE_PATH=$(abspath $(REPORT_DIR))/node_modules node report/bundle.mjs $@

$(DASHBOARD_DIR)/page.html: $(DASHBOARD_SRC) $(foreach d,$(DASHBOARD_DIR) $(REPORT_DIR),$(d)/node_modules/.package-lock.json)
	$(say) BUNDLE $@
	$(Q)node tests/dashboard/bundle.mjs $(REPORT_DIR) $(DASHBOARD_DIR)

$(REPORT_DIR)/%.gz: $(REPORT_DIR)/%
	$(Q)gzip -9nc $< >$@

$(REPORT_DIR)/%.rec.gz: tests/golden/%.rec
	@mkdir -p $(@D)
	$(Q)gzip -9nc $< >$@

$(BUILD)/user/embedded.o: $(REPORT_GZ)

define test_rule
$(BUILD)/tests/$(1)/%$(2): $(BUILD)/tests/$(1)/%.o $(call TEST_LIB_OBJ,$(1)) $(3)
	$$(say) LD $$@
	$$(Q)$$(CC) $$(LDFLAGS_ALL) -o $$@ $$^ $$(pkg_libs) -lcmocka
endef
$(eval $(call test_rule,unit,.t,$(LIB_OBJ)))
$(eval $(call test_rule,prog,.t,))
$(eval $(call test_rule,net,,$(LIB_OBJ)))
$(eval $(call test_rule,bench,,$(foreach l,frames oracle table,$(BUILD)/tests/prog/$(l)_lib.o)))

$(BUILD)/tests/vm/callgraph: $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/vm/callgraph*.c))
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ -lcapstone

# --- what is needed from Debian ---------------------------------------------

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

# --- the two commands -------------------------------------------------------

# A second make, since the first one looked for the tools before they were there.
demo: deps
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tests/demo.sh

# What computes alone, and what waits most of its time, runs side by side; the others measure, or
# watch what all do.
TESTS_UNIT = $(filter-out $(LEAVE_OUT),$(UNIT_T) $(wildcard tests/unit/*.t))
TESTS_WAIT = $(filter-out $(LEAVE_OUT),$(wildcard tests/net/policy-*.t) tests/net/clients.t tests/net/export-load.t)
TESTS_REST = $(PROG_T) $(filter-out $(LEAVE_OUT) $(TESTS_WAIT),$(wildcard tests/net/*.t))
PROVE    := prove --timer --exec ''
# Whoever runs this may have signals ignored (nohup), which nobody below can undo but env.
RUN_ENV   = env --default-signal=HUP,INT,QUIT,PIPE,TERM ICMPX=$(abspath $(BUILD))/icmpx ICMPX_BUILD=$(BUILD)

check: deps
	$(Q)$(MAKE) --no-print-directory run-tests

.PHONY: run-tests
run-tests: tests $(DASHBOARD_DIR)/page.html
	$(Q)status=0; \
	$(RUN_ENV) $(PROVE) -j 2 $(TESTS_UNIT) || status=1; \
	$(RUN_ENV) $(PROVE) -j 4 $(TESTS_WAIT) || status=1; \
	$(RUN_ENV) $(PROVE) $(TESTS_REST) || status=1; \
	exit $$status

# --- more proof -------------------------------------------------------------

# FRAMES and SEED choose; each run prints its seed.
soak: deps
	$(Q)$(MAKE) --no-print-directory tests
	$(Q)$(RUN_ENV) ICMPX_FRAMES=$(or $(FRAMES),1000000) ICMPX_SEED=$(SEED) $(PROVE) -v tests/net/differential.t

# The programs as other compilers make them; the Makefile's own is Debian's default.
CLANGS ?= 16 19
check-clang: deps
	$(call need,$(CLANGS:%=clang-%))
	$(Q)for v in $(CLANGS); do \
		echo "clang-$$v"; \
		$(MAKE) --no-print-directory CLANG=clang-$$v BUILD=$(BUILD)/clang-$$v run-prog || exit; \
	done

.PHONY: run-prog
run-prog: $(PROG_T)
	$(Q)$(PROVE) $(PROG_T)

# The same tests on an instrumented binary; the BPF programs are the same. Not the long ones of
# which those are the subject, nor floods: it is too slow for their rates; nor those that spend
# their time in other programs.
ASAN := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
ASAN_MAKE = $(MAKE) --no-print-directory BUILD=build/asan SANITIZE='$(ASAN)' CFLAGS='-O1 -g'
asan: deps
	$(Q)$(ASAN_MAKE) LEAVE_OUT='$(wildcard tests/net/policy-*.t) tests/net/fault.t \
		tests/net/trace-filters.t tests/net/trace-flood.t tests/net/differential.t \
		tests/net/export-prometheus.t tests/net/dashboard.t tests/unit/dashboard.t \
		tests/unit/report-browser.t tests/unit/schema.t' run-tests

.PHONY: asan-build
asan-build: deps
	$(Q)$(ASAN_MAKE) tests

# VM_KERNELS="6.1 6.12" chooses kernels, VM_TESTS="tests/net/vlan.t" tests; without these it is
# what tests/vm/plan has for a short run, with VM_FULL=1 all tests on all kernels.
check-vm: vm-ready $(if $(findstring arm64,$(or $(VM_KERNELS),$(if $(VM_TESTS),,arm64))),arm64)
	$(Q)$(if $(VM_TESTS),tests/vm/run $(if $(VM_KERNELS),-k "$(VM_KERNELS)") -t "$(VM_TESTS)", \
		tests/vm/matrix $(if $(VM_FULL),-f) $(VM_KERNELS))

# The README's table of what works on which kernel.
vm-table: vm-ready arm64
	$(Q)tests/vm/matrix $(if $(VM_FULL),-f) -w

# What takes long in these, beforehand: all kernels, and what is compiled for arm64.
vm-kernels: arm64
	$(Q)tests/vm/matrix -n

.PHONY: vm-kernels vm-ready
vm-ready:
	$(call need,$(build_deps) $(DEPS_CHECK) $(DEPS_VM))
	$(Q)$(MAKE) --no-print-directory tests

# The same for arm64, in build/arm64, against Debian's libraries for it in build/vm/arm64/root.
arm64:
	$(call need,$(build_deps) $(DEPS_CHECK) $(DEPS_VM) $(DEPS_ARM64))
	$(Q)tests/vm/sysroot $@ $(filter %-dev,$(DEPS) $(DEPS_CHECK) $(DEPS_VM))
	$(Q)$(MAKE) --no-print-directory BUILD=build/arm64 ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- \
		SYSROOT=$(abspath build/vm/$@/root) tests

# The published experiment, on one kernel of VM_KERNELS; -doc: docs/experiment.md anew, by all.
EXPERIMENT := 5.10 6.1 6.1-rt 6.12 6.18 7
experiment: vm-ready
	$(Q)tests/vm/experiment $(VM_KERNELS)

experiment-doc: vm-ready
	$(Q)tests/vm/experiment -q $(EXPERIMENT)
	$(Q)tests/vm/experiment-doc $(EXPERIMENT) >$(BUILD)/experiment.md
	$(Q)mv $(BUILD)/experiment.md docs/experiment.md

# The recordings of tests/golden/ anew, by the kernels of VM_KERNELS.
golden: vm-ready
	$(Q)tests/golden/make $(VM_KERNELS)

# include/edges-*.h anew, by the kernels of VM_KERNELS.
path-data: vm-ready
	$(Q)tests/vm/path-data $(VM_KERNELS)

# docs/*.png anew: what the tests' browser sees of a report, and of the Grafana dashboard.
screenshots: deps
	$(call need,pngquant)
	$(Q)$(MAKE) --no-print-directory all $(DASHBOARD_DIR)/page.html
	$(Q)$(RUN_ENV) node tests/unit/report_screenshot.mjs $(REPORT_DIR)/report.png
	$(Q)pngquant --force --strip --output docs/report.png 128 $(REPORT_DIR)/report.png
	$(Q)$(RUN_ENV) tests/net/dashboard_screenshot.sh $(DASHBOARD_DIR)/dashboard.png
	$(Q)pngquant --force --strip --output docs/dashboard.png 128 $(DASHBOARD_DIR)/dashboard.png

bench: deps
	$(Q)$(MAKE) --no-print-directory tests
	$(Q)$(RUN_ENV) tests/bench/run.sh

bench-short: deps
	$(Q)$(MAKE) --no-print-directory tests
	$(Q)$(RUN_ENV) tests/bench/run.sh --short

# The tables of docs/fleet.md anew, from a real exporter and a real Prometheus.
fleet-size: deps
	$(Q)$(MAKE) --no-print-directory tests
	$(Q)$(RUN_ENV) tests/net/fleet_size.sh >$(BUILD)/fleet.md
	$(Q)sed -i -e '/^<!-- sizes -->/,/^<!-- end of sizes -->/{/^<!--/!d}' \
		-e '/^<!-- sizes -->/r $(BUILD)/fleet.md' docs/fleet.md

TEST_DIRS := unit prog net bench
C_FILES  := vmlinux.h $(wildcard include/*.h bpf/*.[ch] user/*.[ch] tests/*/*.[ch])
SH_FILES := .ci/run deploy/debian/build debian/icmpx.postinst debian/icmpx.postrm debian/icmpx.prerm \
	    $(wildcard tests/*.sh tests/*/*.sh tests/*/*.t docs/*.bash-completion) \
	    $(shell grep -lsE '^\#!.*(ba)?sh' tests/vm/* tests/golden/* tests/deb/* 2>/dev/null)

lint:
	$(call need,$(build_deps) $(DEPS_CHECK) $(DEPS_LINT))
	$(Q)$(MAKE) --no-print-directory tests
	$(Q)$(MAKE) --no-print-directory run-lint

.PHONY: run-lint
run-lint:
	$(say) FORMAT
	$(Q)clang-format --dry-run -Werror $(C_FILES)
	$(say) TIDY
	$(Q)printf '%s\n' $(filter-out %.bpf.c,$(filter %.c,$(C_FILES))) | \
		FLAGS='$(subst ',,$(CPPFLAGS_ALL)) -std=gnu11 $(TEST_DIRS:%=-Itests/%)' \
		xargs -P $$(nproc) -n 12 sh -c 'clang-tidy --quiet "$$@" -- $$FLAGS' tidy 2>/dev/null
	$(say) CPPCHECK
	$(Q)cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability \
		--inline-suppr --suppress=missingIncludeSystem -Iinclude -Iuser \
		'-DLIBBPF_OPTS(TYPE,NAME,...)=struct TYPE NAME' \
		$(filter-out %.bpf.c,$(filter %.c,$(C_FILES)))
	$(say) SHELL
	$(Q)shellcheck -x -P SCRIPTDIR $(SH_FILES)
	$(say) MAN
	$(Q)mandoc -T lint -W warning docs/icmpx.8

# --- installation -----------------------------------------------------------

BINDIR = $(DESTDIR)$(PREFIX)/sbin
MANDIR = $(DESTDIR)$(PREFIX)/share/man/man8
COMPDIR = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSHDIR = $(DESTDIR)$(PREFIX)/share/zsh/site-functions
UNITDIR = $(DESTDIR)$(PREFIX)/lib/systemd/system
UNITS   = icmpx@.service icmpx-export.service

install: all
	install -D -m 755 $(BUILD)/icmpx $(BINDIR)/icmpx
	install -D -m 644 docs/icmpx.8 $(MANDIR)/icmpx.8
	install -D -m 644 docs/icmpx.bash-completion $(COMPDIR)/icmpx
	install -D -m 644 docs/icmpx.zsh-completion $(ZSHDIR)/_icmpx
	install -D -m 644 -t $(UNITDIR) $(UNITS:%=deploy/systemd/%)
	sed -i 's|/usr/local/|$(PREFIX)/|' $(UNITS:%=$(UNITDIR)/%)

uninstall:
	rm -f $(BINDIR)/icmpx $(MANDIR)/icmpx.8 $(COMPDIR)/icmpx $(ZSHDIR)/_icmpx $(UNITS:%=$(UNITDIR)/%)

# The zsh completion anew, by the options; tests/unit/docs.t compares.
completion: all
	$(Q)docs/zsh-completion $(BUILD)/icmpx >$(BUILD)/icmpx.zsh-completion
	$(Q)mv $(BUILD)/icmpx.zsh-completion docs/

# --- a Debian package -------------------------------------------------------

# In build/deb, made in a copy of what is checked out, so that nothing else here changes.
deb:
	$(call need,$(build_deps) $(DEPS_DEB))
	$(Q)deploy/debian/build $(BUILD)/deb

# Installed, used, upgraded and purged in a small Debian, then run by systemd in a VM.
check-deb: deb
	$(call need,$(DEPS_CHECK) $(DEPS_VM))
	$(Q)$(PROVE) tests/deb/*.t

clean:
	$(Q)rm -rf $(filter-out $(BUILD)/vm,$(wildcard $(BUILD)/*))

-include $(shell find $(BUILD) -name '*.d' -not -path '$(BUILD)/vm/*' \
	-not -path '$(BUILD)/arm64/*' 2>/dev/null)
