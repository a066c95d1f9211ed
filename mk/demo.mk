# SPDX-License-Identifier: GPL-2.0-only
# What `make demo` measures with. The bench's other tools want libraries of the tests; this one is
# linked by itself, so that the demo needs nothing but what the program does.

DEMO_RATE := $(BUILD)/tests/bench/rate

$(DEMO_RATE): $(patsubst %,$(BUILD)/tests/%.o,bench/rate bench/bench_lib bench/flood_lib bench/live_lib \
		prog/frames_lib prog/oracle_lib)
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(pkg_libs)
