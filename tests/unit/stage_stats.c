// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <string.h>
#include <json-c/json.h>

#include "stage_stats.h"

static void add_whole(struct stage_stats *stats, __u64 ns, enum ping_end end)
{
	const struct ping ping = {.end = end};
	const struct budget budget = {
		.spans = {{.stage = STAGE_WIRE, .leg = ICMPX_KIND_REQUEST, .ns = ns}},
		.count = 1,
		.total = ns,
	};

	stage_stats_add(stats, &ping, &budget);
}

static int by_value(const void *a, const void *b)
{
	__u64 x = *(const __u64 *)a, y = *(const __u64 *)b;

	return (x > y) - (x < y);
}

static void assert_near(__u64 got, __u64 exact)
{
	__u64 off = got > exact ? got - exact : exact - got;

	if (off > exact / 16)
		fail_msg("%llu is not within 1/16 of %llu", got, exact);
}

/* The percentile by its definition: the least of the sorted values that p% are not above. */
static __u64 exact_percentile(const __u64 *sorted, size_t count, unsigned int percent)
{
	return sorted[(count * percent + 99) / 100 - 1];
}

static void percentiles_of_random_values(void **state)
{
	static __u64 values[3000];

	(void)state;
	srand(7);
	for (int round = 0; round < 60; round++) {
		size_t count = 1 + rand() % (round % 2 ? 3000 : 12);
		_cleanup_(stage_stats) struct stage_stats *stats = stage_stats_new();
		struct stage_summary summary;
		__u64 sum = 0;

		for (size_t i = 0; i < count; i++) {
			values[i] = ((__u64)rand() << 20 ^ rand()) >> rand() % 48;
			sum += values[i];
			add_whole(stats, values[i], PING_COMPLETE);
		}
		qsort(values, count, sizeof(*values), by_value);
		assert_true(stage_stats_get(stats, STAGE_MAX, ICMPX_KIND_NONE, &summary));
		assert_int_equal(summary.count, count);
		assert_int_equal(summary.sum, sum);
		assert_int_equal(summary.min, values[0]);
		assert_int_equal(summary.max, values[count - 1]);
		assert_near(summary.p50, exact_percentile(values, count, 50));
		assert_near(summary.p90, exact_percentile(values, count, 90));
		assert_near(summary.p99, exact_percentile(values, count, 99));
		assert_true(summary.min <= summary.p50 && summary.p50 <= summary.p90 &&
			    summary.p90 <= summary.p99 && summary.p99 <= summary.max);
	}
}

static void small_values_are_exact(void **state)
{
	_cleanup_(stage_stats) struct stage_stats *stats = stage_stats_new();
	struct stage_summary summary;

	(void)state;
	assert_false(stage_stats_get(stats, STAGE_MAX, ICMPX_KIND_NONE, &summary));
	for (__u64 i = 0; i < 10; i++)
		add_whole(stats, i, PING_COMPLETE);
	assert_true(stage_stats_get(stats, STAGE_MAX, ICMPX_KIND_NONE, &summary));
	assert_int_equal(summary.min, 0);
	assert_int_equal(summary.p50, 4);
	assert_int_equal(summary.p90, 8);
	assert_int_equal(summary.p99, 9);
	assert_int_equal(summary.max, 9);
}

static void largest_values(void **state)
{
	_cleanup_(stage_stats) struct stage_stats *stats = stage_stats_new();
	__u64 counts[STAGE_STATS_LOG2];
	struct stage_summary summary;

	(void)state;
	add_whole(stats, ~0ULL, PING_COMPLETE);
	assert_true(stage_stats_get(stats, STAGE_MAX, ICMPX_KIND_NONE, &summary));
	assert_true(summary.p50 == ~0ULL && summary.max == ~0ULL && summary.min == ~0ULL);
	assert_true(stage_stats_log2(stats, STAGE_MAX, ICMPX_KIND_NONE, counts));
	assert_int_equal(counts[63], 1);
}

static void powers_of_two(void **state)
{
	static const __u64 values[] = {0, 1, 2, 3, 15, 16, 17, 31, 32, 1023, 1024, 1025};
	_cleanup_(stage_stats) struct stage_stats *stats = stage_stats_new();
	__u64 counts[STAGE_STATS_LOG2],
		want[STAGE_STATS_LOG2] = {
			[0] = 2, [1] = 2, [3] = 1, [4] = 3, [5] = 1, [9] = 1, [10] = 2,
		};

	(void)state;
	assert_false(stage_stats_log2(stats, STAGE_MAX, ICMPX_KIND_NONE, counts));
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		add_whole(stats, values[i], PING_COMPLETE);
	assert_true(stage_stats_log2(stats, STAGE_WIRE, ICMPX_KIND_REQUEST, counts));
	assert_memory_equal(counts, want, sizeof(want));
}

/* A stage that is passed twice on a leg counts once, with both; the same stage of another leg
 * is another row. */
static void stages_by_leg(void **state)
{
	_cleanup_(stage_stats) struct stage_stats *stats = stage_stats_new();
	const struct ping ping = {.end = PING_COMPLETE};
	const struct budget budget = {
		.spans = {{.stage = STAGE_QUEUE, .leg = ICMPX_KIND_REQUEST, .ns = 5},
			  {.stage = STAGE_WIRE, .leg = ICMPX_KIND_REQUEST, .ns = 100},
			  {.stage = STAGE_QUEUE, .leg = ICMPX_KIND_REQUEST, .ns = 2},
			  {.stage = STAGE_QUEUE, .leg = ICMPX_KIND_REPLY, .ns = 3}},
		.count = 4,
		.total = 110,
	};
	struct stage_summary summary;

	(void)state;
	stage_stats_add(stats, &ping, &budget);
	assert_true(stage_stats_get(stats, STAGE_QUEUE, ICMPX_KIND_REQUEST, &summary));
	assert_int_equal(summary.count, 1);
	assert_int_equal(summary.max, 7);
	assert_true(stage_stats_get(stats, STAGE_QUEUE, ICMPX_KIND_REPLY, &summary));
	assert_int_equal(summary.max, 3);
	assert_false(stage_stats_get(stats, STAGE_SEND, ICMPX_KIND_REQUEST, &summary));
	assert_true(stage_stats_get(stats, STAGE_MAX, ICMPX_KIND_NONE, &summary));
	assert_int_equal(summary.max, 110);
}

/* The whole is that of pings which went their whole way: a timeout is no round trip. */
static void whole_of_those_that_came_back(void **state)
{
	_cleanup_(stage_stats) struct stage_stats *stats = stage_stats_new();
	struct stage_summary summary;

	(void)state;
	add_whole(stats, 10, PING_NO_REPLY);
	add_whole(stats, 20, PING_INCOMPLETE);
	add_whole(stats, 30, PING_DROPPED);
	add_whole(stats, 40, PING_ERROR);
	assert_false(stage_stats_get(stats, STAGE_MAX, ICMPX_KIND_NONE, &summary));
	add_whole(stats, 50, PING_ANSWERED);
	assert_true(stage_stats_get(stats, STAGE_MAX, ICMPX_KIND_NONE, &summary));
	assert_int_equal(summary.count, 1);
	assert_int_equal(stage_stats_pings(stats), 5);
	assert_true(stage_stats_get(stats, STAGE_WIRE, ICMPX_KIND_REQUEST, &summary));
	assert_int_equal(summary.count, 5);
}

static struct stage_stats *example(void)
{
	struct stage_stats *stats = stage_stats_new();
	const struct ping ping = {.end = PING_COMPLETE};

	for (int i = 0; i < 4; i++) {
		const struct budget budget = {
			.spans = {{.stage = STAGE_TRANSMIT, .leg = ICMPX_KIND_REPLY, .ns = 1000},
				  {.stage = STAGE_QUEUE, .leg = ICMPX_KIND_REPLY, .ns = 12},
				  {.stage = STAGE_ICMP,
				   .leg = ICMPX_KIND_REQUEST,
				   .ns = i < 3 ? 2000 : 1234567}},
			.count = 3,
			.total = i < 3 ? 3012 : 1235579,
		};

		stage_stats_add(stats, &ping, &budget);
	}
	return stats;
}

static char *text_of(const struct stage_stats *stats, unsigned int width, bool colour)
{
	struct capture capture;

	render_stage_stats_text(capture_begin(&capture), stats, width, colour);
	return capture_end(&capture);
}

static void assert_lines_fit(const char *text, size_t width)
{
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		assert_true(strcspn(line, "\n") <= width);
}

static void text_has_rows_in_order(void **state)
{
	_cleanup_(stage_stats) struct stage_stats *stats = example();
	_cleanup_(free) char *text = text_of(stats, 0, false);
	const char *icmp = strstr(text, "\nicmp      request"), *transmit, *queue, *all;

	(void)state;
	assert_lines_fit(text, 80);
	assert_memory_equal(text, "STAGE", 5);
	transmit = strstr(text, "\ntransmit  reply");
	queue = strstr(text, "\nqueue     reply");
	all = strstr(text, "\nall ");
	assert_true(icmp && transmit && queue && all);
	assert_true(icmp < transmit && transmit < queue && queue < all);
	/* 4000 of 1244615 ns */
	assert_non_null(strstr(text, "1.00us  1.00us   0.3%"));
	assert_non_null(strstr(text, "1.23ms"));
	assert_non_null(strstr(text, "\nicmp, request: "));
	/* 2000 is in [1024, 2048), 1234567 in [2^20, 2^21), 9 empty ones between. */
	assert_non_null(strstr(text, "\n  1.02us  3 ####"));
	assert_non_null(strstr(text, "\n  2.05us  0\n"));
	assert_non_null(strstr(text, "\n  1.05ms  1 ####"));
	assert_null(strchr(text, '\033'));
}

static void text_of_any_width(void **state)
{
	_cleanup_(stage_stats) struct stage_stats *stats = example(), *none = stage_stats_new();
	_cleanup_(free) char *narrow = text_of(stats, 50, false),
			     *colour = text_of(stats, 80, true);
	_cleanup_(free) char *empty = text_of(none, 80, false), *tiny = text_of(stats, 1, false);

	(void)state;
	assert_lines_fit(narrow, 50);
	assert_null(strstr(narrow, "P90"));
	assert_non_null(strstr(narrow, "P99"));
	assert_non_null(strchr(colour, '\033'));
	assert_string_equal(empty, "no ping yet\n");
	assert_non_null(tiny);
}

static struct json_object *member(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	assert_true(json_object_object_get_ex(object, key, &value));
	return value;
}

static __u64 number(struct json_object *object, const char *key)
{
	return json_object_get_uint64(member(object, key));
}

static void json_has_all(void **state)
{
	_cleanup_(stage_stats) struct stage_stats *stats = example();
	struct json_object *document, *stage, *bar;
	struct capture capture;
	char *text;

	(void)state;
	render_stage_stats_json(capture_begin(&capture), stats);
	text = capture_end(&capture);
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	document = json_tokener_parse(text);
	assert_string_equal(json_object_get_string(member(document, "type")), "stats");
	assert_int_equal(number(document, "pings"), 4);
	assert_int_equal(number(member(document, "rtt"), "max_ns"), 1235579);
	assert_int_equal(json_object_array_length(member(document, "stages")), 3);
	stage = json_object_array_get_idx(member(document, "stages"), 0);
	assert_string_equal(json_object_get_string(member(stage, "stage")), "icmp");
	assert_string_equal(json_object_get_string(member(stage, "leg")), "request");
	assert_int_equal(number(stage, "count"), 4);
	assert_int_equal(number(stage, "min_ns"), 2000);
	assert_int_equal(number(stage, "sum_ns"), 1240567);
	assert_int_equal(json_object_array_length(member(stage, "histogram")), 2);
	bar = json_object_array_get_idx(member(stage, "histogram"), 1);
	assert_int_equal(number(bar, "from_ns"), 1 << 20);
	assert_int_equal(number(bar, "to_ns"), 1 << 21);
	assert_int_equal(number(bar, "count"), 1);
	json_object_put(document);
	free(text);
}

static void json_of_nothing(void **state)
{
	_cleanup_(stage_stats) struct stage_stats *stats = stage_stats_new();
	_cleanup_(free) char *text = NULL;
	struct capture capture;

	(void)state;
	render_stage_stats_json(capture_begin(&capture), stats);
	text = capture_end(&capture);
	assert_string_equal(text, "{\"type\":\"stats\",\"pings\":0,\"rtt\":null,\"stages\":[]}\n");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(percentiles_of_random_values),
	cmocka_unit_test(small_values_are_exact),
	cmocka_unit_test(largest_values),
	cmocka_unit_test(powers_of_two),
	cmocka_unit_test(stages_by_leg),
	cmocka_unit_test(whole_of_those_that_came_back),
	cmocka_unit_test(text_has_rows_in_order),
	cmocka_unit_test(text_of_any_width),
	cmocka_unit_test(json_has_all),
	cmocka_unit_test(json_of_nothing),
};

UNIT_MAIN(tests)
