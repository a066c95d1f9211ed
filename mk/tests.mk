# SPDX-License-Identifier: GPL-2.0-only
# The tests: what is built for them, and every way to run them.

# tests/unit/*.c and tests/prog/*.c are test programs (*.t); those of net/ and
# bench/ are tools; *_lib.c beside them is linked into each.
test_src  = $(filter-out %.bpf.c %_lib.c,$(wildcard tests/$(1)/*.c))
UNIT_T   := $(patsubst %.c,$(BUILD)/%.t,$(call test_src,unit))
PROG_T   := $(patsubst %.c,$(BUILD)/%.t,$(call test_src,prog))
NET_BIN  := $(patsubst %.c,$(BUILD)/%,$(call test_src,net))
BENCH_BIN := $(patsubst %.c,$(BUILD)/%,$(call test_src,bench))
TEST_LIB_OBJ = $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/$(1)/*_lib.c))

tests: all $(UNIT_T) $(PROG_T) $(NET_BIN) $(BENCH_BIN) $(BUILD)/tests/vm/callgraph

define test_rule
$(BUILD)/tests/$(1)/%$(2): $(BUILD)/tests/$(1)/%.o $(call TEST_LIB_OBJ,$(1)) $(3)
	$$(say) LD $$@
	$$(Q)$$(CC) $$(LDFLAGS_ALL) -o $$@ $$^ $$(pkg_libs) -lcmocka
endef
$(eval $(call test_rule,unit,.t,$(LIB)))
$(eval $(call test_rule,prog,.t,$(LIB)))
$(eval $(call test_rule,net,,$(LIB)))
$(eval $(call test_rule,bench,,$(foreach l,frames oracle table,$(BUILD)/tests/prog/$(l)_lib.o)))

$(BUILD)/tests/vm/callgraph: $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/vm/callgraph*.c))
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ -lcapstone

# What computes alone, and what waits most of its time, runs side by side; the others measure, or
# watch what all do.
TESTS_UNIT = $(filter-out $(LEAVE_OUT),$(UNIT_T) $(wildcard tests/unit/*.t))
TESTS_WAIT = $(filter-out $(LEAVE_OUT),$(wildcard tests/net/policy-*.t) tests/net/clients.t tests/net/export-load.t)
TESTS_REST = $(PROG_T) $(filter-out $(LEAVE_OUT) $(TESTS_WAIT),$(wildcard tests/net/*.t))
PROVE    := prove --timer --exec ''
# Whoever runs this may have signals ignored (nohup), which nobody below can undo but env.
RUN_ENV   = env --default-signal=HUP,INT,QUIT,PIPE,TERM ICMPX=$(abspath $(BUILD))/icmpx ICMPX_BUILD=$(BUILD)

# Scripts that want no more than make check-unit.
UNIT_SCRIPTS := $(addprefix tests/unit/,golden.t help.t matrix.t metrics_doc.t)

# T="net/trace-drops unit/stages": just those.
T_NAMES   = $(patsubst tests/%,%,$(basename $(T)))
T_FILES   = $(foreach t,$(T_NAMES),$(or $(wildcard tests/$(t).t),$(patsubst %.c,$(BUILD)/%.t,$(wildcard tests/$(t).c)),$(t)))
T_UNKNOWN = $(filter-out tests/%.t $(BUILD)/%.t,$(T_FILES))
no_test   = no test $(T_UNKNOWN); T has names below tests/ without their ending: net/trace-drops unit/stages

T_DEPS    = $(if $(filter-out $(BUILD)/tests/unit/% $(BUILD)/tests/prog/% $(UNIT_SCRIPTS),$(T_FILES)),deps,deps-unit)

check: $(if $(T),$(if $(T_UNKNOWN),,$(T_DEPS)),deps)
	$(if $(T_UNKNOWN),@echo "make check: $(no_test)" >&2; exit 2)
	$(Q)$(MAKE) --no-print-directory $(if $(T),run-some,run-tests)

.PHONY: check run-tests run-some tests
run-tests: tests $(DASHBOARD_DIR)/page.html
	$(Q)status=0; \
	$(RUN_ENV) $(PROVE) -j 2 $(TESTS_UNIT) || status=1; \
	$(RUN_ENV) $(PROVE) -j 4 $(TESTS_WAIT) || status=1; \
	$(RUN_ENV) $(PROVE) $(TESTS_REST) || status=1; \
	exit $$status

# Scripts of tests/unit take tools of tests/net alone; others may take any.
run-some: all $(if $(filter tests/unit/%,$(T_FILES)),$(NET_BIN)) \
	  $(if $(filter-out tests/unit/%,$(filter tests/%,$(T_FILES))) $(findstring callgraph,$(T)),tests) $(if $(findstring dashboard,$(T)),$(DASHBOARD_DIR)/page.html) \
	  $(filter $(BUILD)/%,$(T_FILES))
	$(Q)$(RUN_ENV) $(PROVE) $(T_FILES)

# What takes no root, no npm and no network: the build's packages and cmocka will do.
check-unit: all $(UNIT_T) $(addprefix $(BUILD)/tests/net/,json ndjson)
	$(Q)$(RUN_ENV) tests/run $(UNIT_T) $(UNIT_SCRIPTS)
.PHONY: check-unit

# The program with all parts, without each, without any; and the unit tests of the last one.
check-parts: deps
	$(Q)$(PROVE) tests/parts/parts.t
	$(Q)$(MAKE) --no-print-directory BUILD=build/parts WERROR=1 $(PARTS:%=WITH_%=no) check-unit
.PHONY: check-parts

# --- more proof -------------------------------------------------------------

# FRAMES and SEED choose; each run prints its seed.
.PHONY: soak check-clang run-prog asan check-vm vm-table arm64 experiment experiment-doc golden path-data \
	screenshots bench bench-short fleet-size lint
soak: deps
	$(Q)$(MAKE) --no-print-directory tests
	$(Q)$(RUN_ENV) ICMPX_FRAMES=$(or $(FRAMES),1000000) ICMPX_SEED=$(SEED) $(PROVE) -v tests/net/differential.t

# The programs as other compilers make them, and how much of the verifier's million each needs; the
# Makefile's own is Debian's default.
CLANGS ?= 16 19
check-clang: deps
	$(call need,$(CLANGS:%=clang-%))
	$(Q)for v in $(CLANGS); do \
		echo "clang-$$v"; \
		$(MAKE) --no-print-directory CLANG=clang-$$v BUILD=$(BUILD)/clang-$$v run-prog || exit; \
	done

run-prog: $(PROG_T)
	$(Q)$(PROVE) --comments $(PROG_T)

# The same tests on an instrumented binary; the BPF programs are the same. Not the long ones of
# which those are the subject, nor floods: it is too slow for their rates; nor those that spend
# their time in other programs; nor examples, run without the rights that looking for leaks takes.
ASAN := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
ASAN_MAKE = $(MAKE) --no-print-directory BUILD=build/asan SANITIZE='$(ASAN)' CFLAGS='-O1 -g'
asan: deps
	$(Q)$(ASAN_MAKE) LEAVE_OUT='$(wildcard tests/net/policy-*.t) tests/net/fault.t \
		tests/net/failover.t tests/net/known.t tests/net/trace-filters.t tests/net/trace-flood.t tests/net/differential.t \
		tests/net/export-prometheus.t tests/net/dashboard.t tests/unit/dashboard.t \
		tests/unit/report-browser.t tests/unit/schema.t tests/unit/examples.t' run-tests

.PHONY: asan-build
asan-build: deps
	$(Q)$(ASAN_MAKE) tests

# VM_KERNELS="6.1 6.12" chooses kernels, VM_TESTS="tests/net/vlan.t" tests; without these it is
# what tests/vm/plan has for a short run, with VM_FULL=1 all tests on all kernels.
check-vm: vm-ready $(if $(findstring arm64,$(or $(VM_KERNELS),$(if $(VM_TESTS),,arm64))),arm64)
	$(Q)$(if $(VM_TESTS),tests/vm/run $(if $(VM_KERNELS),-k "$(VM_KERNELS)") -t "$(VM_TESTS)", \
		tests/vm/matrix $(if $(VM_FULL),-f) $(VM_KERNELS))

# docs/kernels.md: the table of what works on which kernel.
vm-table: vm-ready arm64
	$(Q)tests/vm/matrix $(if $(VM_FULL),-f) -w

# What takes long in these, beforehand: all kernels, and what is compiled for arm64.
vm-kernels: arm64
	$(Q)tests/vm/matrix -n

.PHONY: vm-kernels vm-ready
vm-ready:
	$(call need,$(deps_all) $(DEPS_VM))
	$(Q)$(MAKE) --no-print-directory tests

# The same for arm64, in build/arm64, against Debian's libraries for it in build/vm/arm64/root.
arm64:
	$(call need,$(deps_all) $(DEPS_VM) $(DEPS_ARM64))
	$(Q)tests/vm/sysroot $@ $(filter %-dev,$(deps_all) $(DEPS_VM))
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
SH_FILES := .ci/run tests/run deploy/debian/build debian/icmpx.postinst debian/icmpx.postrm debian/icmpx.prerm \
	    packaging/dist packaging/static-root packaging/alpine/APKBUILD packaging/arch/PKGBUILD \
	    $(wildcard tests/*.sh tests/*/*.sh tests/*/*.t docs/completions/*.bash) \
	    $(shell grep -lsE '^\#!.*(ba)?sh' tests/vm/* tests/golden/* tests/deb/* tests/distros/* 2>/dev/null)

lint:
	$(call need,$(deps_all) $(DEPS_LINT))
	$(Q)$(MAKE) --no-print-directory tests
	$(Q)$(MAKE) --no-print-directory run-lint

.PHONY: run-lint
run-lint:
	$(say) FORMAT
	$(Q)clang-format --dry-run -Werror $(C_FILES)
	$(say) TIDY
	$(Q)printf '%s\n' $(filter-out %.bpf.c,$(filter %.c,$(C_FILES))) | \
		FLAGS='$(subst ',,$(CPPFLAGS_ALL)) -DICMPX_REPORT_DIR="" -std=gnu11 $(TEST_DIRS:%=-Itests/%)' \
		xargs -P $$(nproc) -n 12 sh -c 'clang-tidy --quiet "$$@" -- $$FLAGS' tidy 2>/dev/null
	$(say) CPPCHECK
	$(Q)cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability \
		--inline-suppr --suppress=missingIncludeSystem -Iinclude -Iuser \
		'-DLIBBPF_OPTS(TYPE,NAME,...)=struct TYPE NAME' \
		$(filter-out %.bpf.c,$(filter %.c,$(C_FILES)))
	$(say) SHELL
	$(Q)shellcheck -x -P SCRIPTDIR $(SH_FILES)
	$(say) MAN
	$(Q)mandoc -T lint -W warning docs/man/*.8
