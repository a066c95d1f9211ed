// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <arpa/inet.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "trace_live.h"

static void add(struct trace_live *live, __u64 ns, __u16 seq, enum ping_end end)
{
	struct ping ping = {
		.packet = {.family = 4,
			   .kind = ICMPX_KIND_REQUEST,
			   .id = htons(9),
			   .seq = htons(seq)},
		.end = end,
		.first = 5000000000ull,
	};
	const struct budget budget = {
		.spans = {{.stage = STAGE_SEND, .leg = ICMPX_KIND_REQUEST, .ns = ns / 4},
			  {.stage = STAGE_WIRE, .leg = ICMPX_KIND_REQUEST, .ns = ns - ns / 4}},
		.count = 2,
		.total = ns,
	};

	memcpy(ping.packet.source, "\x0a\0\0\x01", 4);
	memcpy(ping.packet.destination, "\x0a\0\0\x02", 4);
	trace_live_ping(live, &ping, &budget);
}

static void each_second(void **state)
{
	struct trace_live *live = calloc(1, sizeof(*live));

	(void)state;
	assert_non_null(live);
	for (int i = 1; i <= 10; i++)
		add(live, i, i, PING_COMPLETE);
	add(live, 1000, 11, PING_NO_REPLY); /* counts, but has no round trip */
	trace_live_sample(live, 2);
	assert_true(spark_last(&live->p50) == 5);
	assert_true(spark_last(&live->p99) == 10);
	assert_true(spark_last(&live->rate) == 5.5);
	/* The next second begins with nothing. */
	add(live, 3, 12, PING_COMPLETE);
	trace_live_sample(live, 1);
	assert_true(spark_last(&live->p50) == 3 && spark_last(&live->p99) == 3);
	assert_true(spark_last(&live->rate) == 1);
	trace_live_sample(live, 1);
	assert_true(isnan(spark_last(&live->p50)) && isnan(spark_last(&live->p99)));
	assert_true(spark_last(&live->rate) == 0);
	assert_true(spark_most(&live->p99) == 10);
	free(live);
}

static char *text_of(const struct trace_live *live)
{
	static const struct trace_view view = {.width = 120};
	struct capture capture;

	render_trace_live_text(capture_begin(&capture), live, 1000000000000000000ll, &view);
	return capture_end(&capture);
}

static void the_slowest(void **state)
{
	struct trace_live *live = calloc(1, sizeof(*live));
	char *text = text_of(live);

	(void)state;
	assert_null(strstr(text, "slowest"));
	free(text);
	add(live, 400, 1, PING_COMPLETE);
	add(live, 1600, 2, PING_ANSWERED);
	add(live, 9000, 3, PING_NO_REPLY);
	add(live, 800, 4, PING_COMPLETE);
	add(live, 1600, 5, PING_COMPLETE); /* not slower: the first one stays */
	trace_live_sample(live, 1);
	text = text_of(live);
	assert_non_null(strstr(text, "\nslowest: 1.60us, 10.0.0.1 -> 10.0.0.2, id 9 seq 2, "
				     "2001-09-09 01:46:45; 1.20us of it wire, request\n"));
	/* 800 ns, to 1/16. */
	assert_non_null(strstr(text, "\np50, all          816ns"));
	assert_non_null(strstr(text, "\npings/s             5.0"));
	free(text);
	free(live);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(each_second),
	cmocka_unit_test(the_slowest),
};

int main(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
