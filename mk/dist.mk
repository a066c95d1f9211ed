# SPDX-License-Identifier: GPL-2.0-only
# The archive of a release, and what proves that it builds alone.

DIST := $(BUILD)/dist/icmpx-$(VERSION).tar.xz

DEPS_RPM := rpm rpmlint

# Whoever builds it where and when: one program, one package.
check-repro: deps
	$(call need,$(DEPS_DEB) faketime)
	$(Q)$(MAKE) --no-print-directory $(PAGE_GZ)
	$(Q)$(PROVE) tests/package/repro.t

.PHONY: dist copyright check-dist check-repro

# What git knows of, and the page of `icmpx report`, so that it builds without node, npm and network.
dist: $(REPORT_DIR)/page.html.gz
	$(Q)packaging/dist $(DIST) $<

# The page's part of debian/copyright anew, by the lock file; tests/unit/licences.t compares.
copyright: $(REPORT_DIR)/page.html
	$(Q)node report/copyright.mjs $<.bundled.json debian/copyright >$(BUILD)/copyright
	$(Q)mv $(BUILD)/copyright debian/copyright

# By git and npm first; then everything in what was unpacked, without them.
check-dist: deps
	$(call need,$(DEPS_DEB) $(DEPS_RPM) cpio)
	$(Q)$(MAKE) --no-print-directory dist
	$(Q)$(PROVE) tests/package/dist.t
