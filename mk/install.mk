# SPDX-License-Identifier: GPL-2.0-only
# Installation.

# Where things are when they run; DESTDIR comes before each when they are installed, and is no part of
# any. Of BINDIR and SBINDIR the program takes the one that is given, else sbin.
DATADIR  ?= $(PREFIX)/share
SBINDIR  ?= $(or $(BINDIR),$(PREFIX)/sbin)
# Not lib64: what comes there is the same for all machines.
LIBDIR   ?= $(PREFIX)/lib
UNITDIR  ?= $(LIBDIR)/systemd/system
MANDIR   ?= $(DATADIR)/man
DOCDIR   ?= $(DATADIR)/doc/icmpx
BASHDIR  ?= $(DATADIR)/bash-completion/completions
FISHDIR  ?= $(DATADIR)/fish/vendor_completions.d
ZSHDIR   ?= $(DATADIR)/zsh/site-functions
MAN_PAGES := $(notdir $(wildcard docs/man/*.8))
UNITS    := icmpx@.service icmpx-export.service
# Dashboards and alerts, which Grafana and Prometheus read as they are.
SHARED   := grafana/icmpx.json prometheus/icmpx.rules.yml prometheus/icmpx-fleet.rules.yml
EXAMPLES := prometheus/prometheus.yml systemd/icmpx-export-trace.conf \
	    kubernetes/icmpx.yaml kubernetes/detach.yaml container/Dockerfile container/Dockerfile.static
# In one folder there, pictures too, with the links between them made so.
DOCS     := README.md HACKING.md $(notdir $(wildcard docs/*.md docs/*.png))


INSTALLED = $(SBINDIR)/icmpx $(MAN_PAGES:%=$(MANDIR)/man8/%) $(BASHDIR)/icmpx $(FISHDIR)/icmpx.fish $(ZSHDIR)/_icmpx \
	    $(UNITS:%=$(UNITDIR)/%) $(SHARED:%=$(DATADIR)/icmpx/%) $(EXAMPLES:%=$(DOCDIR)/examples/%) \
	    $(DOCS:%=$(DOCDIR)/%)
# Folders that nobody else has, innermost first.
FOLDERS   = $(addprefix $(DATADIR)/icmpx/,grafana prometheus) $(DATADIR)/icmpx \
	    $(addprefix $(DOCDIR)/examples/,prometheus systemd kubernetes container) $(DOCDIR)/examples $(DOCDIR)
# As a file's sed has it.
in_sed    = $(subst &,\&,$(1))

install: all
	install -D -m 755 $(BUILD)/icmpx "$(DESTDIR)$(SBINDIR)/icmpx"
	install -D -m 644 -t "$(DESTDIR)$(MANDIR)/man8" $(MAN_PAGES:%=docs/man/%)
	$(if $(HOMEPAGE),sed -i 's|^\.\\" HOMEPAGE$$|.Pp\n.Lk $(call in_sed,$(HOMEPAGE))|' "$(DESTDIR)$(MANDIR)/man8/icmpx.8")
	$(if $(BUGS),sed -i 's|^\.\\" BUGS$$|.Sh BUGS\nReport bugs to $(call in_sed,$(BUGS))|' "$(DESTDIR)$(MANDIR)/man8/icmpx.8")
	install -D -m 644 docs/completions/icmpx.bash "$(DESTDIR)$(BASHDIR)/icmpx"
	install -D -m 644 docs/completions/icmpx.fish "$(DESTDIR)$(FISHDIR)/icmpx.fish"
	install -D -m 644 docs/completions/icmpx.zsh "$(DESTDIR)$(ZSHDIR)/_icmpx"
	install -D -m 644 -t "$(DESTDIR)$(UNITDIR)" $(UNITS:%=deploy/systemd/%)
	for f in $(SHARED); do install -D -m 644 deploy/$$f "$(DESTDIR)$(DATADIR)/icmpx/$$f" || exit; done
	for f in $(EXAMPLES); do install -D -m 644 deploy/$$f "$(DESTDIR)$(DOCDIR)/examples/$$f" || exit; done
	sed -i 's|/usr/local/sbin/icmpx|$(SBINDIR)/icmpx|' $(UNITS:%="$(DESTDIR)$(UNITDIR)"/%) \
		"$(DESTDIR)$(DOCDIR)/examples/systemd/icmpx-export-trace.conf"
	install -D -m 644 -t "$(DESTDIR)$(DOCDIR)" README.md HACKING.md $(filter-out docs/README.md docs/HACKING.md,$(DOCS:%=docs/%))
	cd "$(DESTDIR)$(DOCDIR)" && sed -i -e 's|](\.\./|](|g' -e 's|](docs/|](|g' \
		-e 's!](deploy/\(grafana/\|prometheus/icmpx\)!]($(DATADIR)/icmpx/\1!g' -e 's|](deploy/|](examples/|g' \
		$(filter %.md,$(DOCS))

# What install has put there, and folders of its own that are empty then; nothing that others have.
uninstall:
	for f in $(INSTALLED); do rm -f "$(DESTDIR)$$f" || exit; done
	for d in $(FOLDERS); do rmdir "$(DESTDIR)$$d" 2>/dev/null || :; done

.PHONY: install uninstall
