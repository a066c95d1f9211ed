# SPDX-License-Identifier: GPL-2.0-only
# The Debian releases that icmpx is for, each in a chroot made from the machine's own archive.

# DISTROS="bookworm trixie sid" chooses; DISTROS_FULL=1 has all of make check run there, too.
DISTROS ?= bullseye bookworm trixie sid
check-distros:
	$(call need,mmdebstrap debian-archive-keyring perl git)
	$(Q)env --default-signal=HUP,INT,QUIT,PIPE,TERM DISTROS_FULL=$(DISTROS_FULL) \
		$(PROVE) -v $(DISTROS:%=tests/distros/%.t)

.PHONY: check-distros
