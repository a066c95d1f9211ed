# SPDX-License-Identifier: GPL-2.0-only
# Musl's distributions, as far as Debian goes: everything compiles.
check-musl: $(SKELS) $(PROTO_C) $(GEN)/with.h $(GEN)/errno_names.h
	$(call need,musl-tools)
	$(Q)FLAGS='$(subst ',,$(CPPFLAGS_ALL)) -DICMPX_REPORT_DIR=""' $(PROVE) tests/package/musl.t :: $(wildcard user/*.c)
.PHONY: check-musl
