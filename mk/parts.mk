# SPDX-License-Identifier: GPL-2.0-only
# What the program is built with. The core is always there; a part is built where what it needs is,
# or as WITH_PART=yes|no says. `make parts` lists them.

CORE := libbpf libmnl json-c libcap-ng yajl zlib
# The first one whose interface is no longer changing; Debian 11 has 0.3.
LIBBPF_MIN := 1.0

PARTS := REPORT EXPORTER SCREENS PERFETTO LIBXDP

#  what it is (as user/parts.h has it); its library for pkg-config; Debian's packages for it; the
#  files of user/ that call it, each of which has a FILE_without.c in its stead
PART_REPORT    := report
DEPS_REPORT    := nodejs npm
FILES_REPORT   := embedded

PART_EXPORTER  := exporter
PKGS_EXPORTER  := libmicrohttpd
DEPS_EXPORTER  := libmicrohttpd-dev
FILES_EXPORTER := http

PART_SCREENS   := screens
PKGS_SCREENS   := ncursesw
DEPS_SCREENS   := libncurses-dev
FILES_SCREENS  := terminal terminal_info

PART_PERFETTO  := perfetto
PKGS_PERFETTO  := libprotobuf-c
DEPS_PERFETTO  := libprotobuf-c-dev protobuf-c-compiler
FILES_PERFETTO := export_perfetto

PART_LIBXDP    := libxdp
PKGS_LIBXDP    := libxdp
DEPS_LIBXDP    := libxdp-dev
FILES_LIBXDP   := hook_dispatcher

pkg_config = $(if $(SYSROOT),PKG_CONFIG_SYSROOT_DIR=$(SYSROOT) \
	     PKG_CONFIG_LIBDIR=$(SYSROOT)/usr/lib/$(multiarch)/pkgconfig) pkg-config
# $(call has,WORDS): whether a shell command succeeds.
has = $(shell { $(1); } >/dev/null 2>&1 && echo yes)

# The page of `icmpx report`: one for all machines.
REPORT_DIR := build/report
PAGE_GZ    := $(REPORT_DIR)/page.html.gz

there_REPORT   := $(or $(wildcard report/page.html.gz $(PAGE_GZ)),$(call has,command -v node && command -v npm))
there_PERFETTO := $(call has,$(pkg_config) --exists $(PKGS_PERFETTO) && command -v protoc-c)
$(foreach p,EXPORTER SCREENS LIBXDP,$(eval there_$(p) := $(call has,$(pkg_config) --exists $(PKGS_$(p)))))

# Each is yes or no from here on.
$(foreach p,$(PARTS),$(eval HAVE_$(p) := \
	$(or $(filter yes no,$(WITH_$(p))),$(if $(there_$(p)),yes,no))))

PARTS_IN  := $(foreach p,$(PARTS),$(if $(filter yes,$(HAVE_$(p))),$(p)))
PARTS_OUT := $(filter-out $(PARTS_IN),$(PARTS))

PKGS := $(CORE) $(foreach p,$(PARTS_IN),$(PKGS_$(p)))
# Files of user/ that are not for this program.
NOT_BUILT := $(foreach p,$(PARTS_IN),$(FILES_$(p):%=user/%_without.c)) \
	     $(foreach p,$(PARTS_OUT),$(FILES_$(p):%=user/%.c))

# --- what is generated from that ----------------------------------------------

GEN := $(BUILD)/gen

# What cannot be built here, in one line, before anything is.
define check_parts
	@for p in $(foreach p,$(PARTS),$(PART_$(p))=$(or $(WITH_$(p)),auto)); do \
		case $${p#*=} in yes | no | auto) ;; \
		*) echo "WITH_PART is yes, no or auto, and not '$${p#*=}' ($${p%=*})" >&2; exit 2 ;; esac; \
	done
	@for p in $(firstword $(CC)) $(firstword $(CLANG)) $(or $(BPFTOOL),bpftool) pkg-config; do \
		command -v $$p >/dev/null || missing="$$missing $$p"; \
	done; \
	for p in $(if $(call has,command -v pkg-config),$(CORE)); do \
		$(pkg_config) --exists $$p || missing="$$missing $$p$$($(pkg_config) --print-errors --exists $$p 2>&1 | \
			sed -n "s/^Package '\(.*\)', required by .*/ (for \1)/p")"; \
	done; \
	[ -z "$$missing" ] || { echo "icmpx is built with what is not here:$$missing (Debian: make deps-build;" \
		"docs/building.md)" >&2; exit 1; }
	@$(pkg_config) --atleast-version=$(LIBBPF_MIN) libbpf || { \
		echo "icmpx is built with libbpf $(LIBBPF_MIN) or later, and here is $$($(pkg_config) --modversion libbpf);" \
			"a program from a newer system runs here: make static" >&2; exit 1; }
	@$(foreach p,$(PARTS),$(if $(filter yes,$(WITH_$(p))),$(if $(there_$(p)),, \
		echo "WITH_$(p)=yes: it needs $(DEPS_$(p)), which is not here" >&2; exit 1;)))true
endef

$(GEN)/with.h: FORCE
	@mkdir -p $(@D)
	$(check_parts)
	@printf '#define WITH_%s %d\n' $(foreach p,$(PARTS),$(p) $(if $(filter yes,$(HAVE_$(p))),1,0)) >$@.new
	@printf '#define ICMPX_%s "%s"\n' HOMEPAGE '$(HOMEPAGE)' BUGS '$(BUGS)' >>$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; $(list_parts); fi

# The C library's names of errors, which few of them tell (glibc 2.32: strerrorname_np).
$(GEN)/errno_names.h: Makefile mk/parts.mk
	@mkdir -p $(@D)
	@$(CC) $(SYSROOT_FLAG) -E -dM -include errno.h -x c /dev/null | \
		sed -nE 's/^#define (E[A-Z0-9]+) ([0-9]+)$$/X(\1, \2)/p' | LC_ALL=C sort >$@

define list_parts
$(foreach p,$(PARTS_IN),echo '  with    $(PART_$(p))';) \
$(foreach p,$(PARTS_OUT),echo '  without $(PART_$(p)) \
	($(if $(filter no,$(WITH_$(p))),as WITH_$(p)=no says,Debian: apt install $(DEPS_$(p))))';) true
endef

.PHONY: parts FORCE
parts:
	$(check_parts)
	@$(list_parts)
FORCE:
