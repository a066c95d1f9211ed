# SPDX-License-Identifier: GPL-2.0-only
# A Debian package.

# In build/deb, made in a copy of what is checked out, so that nothing else here changes.
deb:
	$(call need,$(deps_build) $(DEPS_DEB))
	$(Q)$(if $(filter yes,$(HAVE_REPORT)),$(MAKE) --no-print-directory -s $(PAGE_GZ))
	$(Q)deploy/debian/build $(BUILD)/deb $(if $(filter yes,$(HAVE_REPORT)),$(PAGE_GZ))

# Installed, used, upgraded and purged in a small Debian, then run by systemd in a VM.
check-deb: deb
	$(call need,$(DEPS_CHECK) $(DEPS_VM) mmdebstrap)
	$(Q)$(PROVE) tests/deb/*.t

.PHONY: deb check-deb
