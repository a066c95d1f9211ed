// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdlib.h>

#include "counters.h"

static void sums_all_processors(void **state)
{
	struct counters *counters = counters_new(3);

	(void)state;
	for (int cpu = 0; cpu < 3; cpu++) {
		counters->cpu[cpu * COUNTER_MAX] = (struct icmpx_counter){cpu + 1, 100};
		counters->cpu[cpu * COUNTER_MAX + COUNTER_MAX - 1].packets = 10;
	}
	counters_add_up(counters);
	assert_int_equal(counters->sum[0].packets, 6);
	assert_int_equal(counters->sum[0].bytes, 300);
	assert_int_equal(counters->sum[COUNTER_MAX - 1].packets, 30);
	assert_int_equal(counters->sum[1].packets, 0);
	counters_add_up(counters);
	assert_int_equal(counters->sum[0].packets, 6);
	free(counters);
}

static struct counters *snapshot(__u64 taken, __u64 packets, __u32 map_id)
{
	struct counters *counters = counters_new(1);

	counters->taken = taken;
	counters->map_ids[0] = map_id;
	counters->cpu[ICMPX_REPLIED_V4] = (struct icmpx_counter){packets, packets * 98};
	counters_add_up(counters);
	return counters;
}

static void rate_between_snapshots(void **state)
{
	struct counters *before = snapshot(1000000000, 100, 7);
	struct counters *now = snapshot(3000000000, 300, 7);
	struct rate rate;

	(void)state;
	assert_true(counters_rate(before, now, ICMPX_REPLIED_V4, &rate));
	assert_true(rate.frames > 99.999 && rate.frames < 100.001);
	assert_true(rate.bytes > 9799.9 && rate.bytes < 9800.1);
	assert_true(counters_rate(before, now, ICMPX_REPLIED_V6, &rate));
	assert_true(rate.frames == 0);
	free(before);
	free(now);
}

/* No snapshot before, no time, or counters that began anew: no rate is invented. */
static void no_rate(void **state)
{
	struct counters *now = snapshot(3000000000, 5, 7);
	struct counters *other = snapshot(1000000000, 100, 8);
	struct rate rate;

	(void)state;
	assert_false(counters_rate(NULL, now, 0, &rate));
	assert_false(counters_rate(other, now, 0, &rate));
	assert_false(counters_rate(now, now, 0, &rate));
	free(now);
	free(other);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(sums_all_processors),
	cmocka_unit_test(rate_between_snapshots),
	cmocka_unit_test(no_rate),
};

UNIT_MAIN(tests)
