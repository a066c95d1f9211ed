# SPDX-License-Identifier: GPL-2.0-only
# docs/completions anew, by the options of the program; tests/unit/docs.t compares.

.PHONY: completion
completion: all
	$(Q)for shell in bash zsh fish; do \
		docs/completion $$shell $(BUILD)/icmpx >$(BUILD)/completion && \
		mv $(BUILD)/completion docs/completions/icmpx.$$shell || exit; \
	done
