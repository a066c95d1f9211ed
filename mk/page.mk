# SPDX-License-Identifier: GPL-2.0-only
# Pages that node makes: that of `icmpx report`, and the tests' one of the dashboard.

# The page of `icmpx report`, and the recordings of its --demo.
REPORT_SRC  := $(wildcard report/*.html report/*.css report/*.js report/*.mjs)
REPORT_DEMO := $(shell sed -n 's/^\tX([a-z]*, "\(.*\.rec\)").*/\1/p' user/embedded.c)
REPORT_GZ   := $(PAGE_GZ) $(REPORT_DEMO:%=$(REPORT_DIR)/%.gz)

# The page that draws the Grafana dashboard for the tests, with Grafana's packages.
DASHBOARD_DIR := build/dashboard
DASHBOARD_SRC := $(addprefix tests/dashboard/,bundle.mjs main.jsx panel.jsx plugins.js prometheus.js package.json)

# What package-lock.json says, from the npm registry; its scripts are not run.
NPM_QUIET := --ignore-scripts --no-audit --no-fund --loglevel=error
define npm_rule
$(2)/node_modules/.package-lock.json: $(1)/package.json $(1)/package-lock.json $(4)
	@mkdir -p $(2)
	$$(say) NPM $(2)/node_modules
	$$(Q)cp $(1)/package.json $(1)/package-lock.json $(2)/
	$$(Q)cd $(2) && $(3) ci $(NPM_QUIET) >npm.log 2>&1 || \
		{ cat npm.log >&2; echo "npm did not bring what $(1)/ needs; WITH_REPORT=no builds without" >&2; false; }
	$$(Q)touch $$@
endef
# Debian 12's npm (9.2) cannot read overrides that put another package in a package's place.
NPM_DIR := $(DASHBOARD_DIR)/npm
NPM_10  := $(NPM_DIR)/node_modules/npm/bin/npm-cli.js
$(NPM_10): $(NPM_DIR)/node_modules/.package-lock.json
$(eval $(call npm_rule,tests/dashboard/npm,$(NPM_DIR),npm))
$(eval $(call npm_rule,report,$(REPORT_DIR),npm))
$(eval $(call npm_rule,tests/dashboard,$(DASHBOARD_DIR),node $(abspath $(NPM_10)),$(NPM_10)))

$(REPORT_DIR)/page.html: $(REPORT_SRC) $(REPORT_DIR)/node_modules/.package-lock.json
	$(say) BUNDLE $@
	$(Q)NODE_PATH=$(abspath $(REPORT_DIR))/node_modules node report/bundle.mjs $@

# What `make dist` has put into its archive is taken as it is: no node, no npm, no network.
ifneq ($(wildcard report/page.html.gz),)
$(REPORT_DIR)/page.html.gz: report/page.html.gz
	@mkdir -p $(@D)
	$(Q)cp $< $@
endif

$(DASHBOARD_DIR)/page.html: $(DASHBOARD_SRC) $(foreach d,$(DASHBOARD_DIR) $(REPORT_DIR),$(d)/node_modules/.package-lock.json)
	$(say) BUNDLE $@
	$(Q)node tests/dashboard/bundle.mjs $(REPORT_DIR) $(DASHBOARD_DIR)

$(REPORT_DIR)/%.gz: $(REPORT_DIR)/%
	$(Q)gzip -9nc $< >$@

$(REPORT_DIR)/%.rec.gz: tests/golden/%.rec
	@mkdir -p $(@D)
	$(Q)gzip -9nc $< >$@

# By its whole path, so that a build can be started elsewhere.
$(BUILD)/user/embedded.o: $(REPORT_GZ)
$(BUILD)/user/embedded.o: CPPFLAGS_ALL += -DICMPX_REPORT_DIR='"$(abspath $(REPORT_DIR))"'
