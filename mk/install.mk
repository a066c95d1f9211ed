# SPDX-License-Identifier: GPL-2.0-only
# Installation, and a Debian package.

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


# In build/deb, made in a copy of what is checked out, so that nothing else here changes.
deb:
	$(call need,$(build_deps) $(DEPS_DEB))
	$(Q)deploy/debian/build $(BUILD)/deb

# Installed, used, upgraded and purged in a small Debian, then run by systemd in a VM.
check-deb: deb
	$(call need,$(DEPS_CHECK) $(DEPS_VM))
	$(Q)$(PROVE) tests/deb/*.t
