// SPDX-License-Identifier: GPL-2.0-only
/* How long a ping that has ended is kept for what may still come of it: on a machine that is
 * starved of its processor longer than on others. */
#include "assemble_feed.h"

#define S 1000000 /* us */

/* Whether what comes so many us after a ping's end is still taken to be of it. */
static bool takes(struct feed *feed, __u64 at, __u16 seq, __u64 late)
{
	__u64 orphans = assembler_counts(feed->assembler)->orphans;

	feed_round_trip(feed, at, request_of(7, seq), reply_of(7, seq), 0x1000 * seq, false);
	FEED(feed, at + 20 + late, RECEIVE, .packet = reply_of(7, seq), .skb = 1, AT_HERE, SOFTIRQ);
	assembler_tick(feed->assembler, (at + 20 + late + S / 2) * US);
	return assembler_counts(feed->assembler)->orphans == orphans;
}

/* From one event to the next one of a softirq. */
static void starve(struct feed *feed, __u64 at, __u16 seq, __u64 gap)
{
	FEED(feed, at, RECEIVE, .packet = request_of(8, seq), .skb = 2, AT_THERE, SOFTIRQ);
	FEED(feed, at + gap, CONSUME, .packet = request_of(8, seq), .skb = 2, AT_THERE, SOFTIRQ);
}

static void quick_machine(void **state)
{
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	starve(&feed, 1 * S, 1, 2000);
	assert_true(takes(&feed, 2 * S, 1, 5000));
	assert_false(takes(&feed, 4 * S, 2, 25000));
	feed_end(&feed);
}

static void starved_machine(void **state)
{
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	starve(&feed, 1 * S, 1, 8000);
	assert_true(takes(&feed, 1 * S + 10000, 1, 25000));
	feed_end(&feed);
}

/* Halved each second in which nothing of that kind is seen. */
static void starved_once(void **state)
{
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	starve(&feed, 1 * S, 1, 8000);
	for (__u16 seq = 1; seq < 4; seq++)
		takes(&feed, 2 * S * seq, seq, 100);
	assert_false(takes(&feed, 10 * S, 9, 25000));
	feed_end(&feed);
}

static void not_for_ever(void **state)
{
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	starve(&feed, 1 * S, 1, 900000);
	assert_true(takes(&feed, 2 * S, 1, 150000));
	starve(&feed, 3 * S, 2, 900000);
	assert_false(takes(&feed, 4 * S, 2, 250000));
	feed_end(&feed);
}

/* From the request to the reply, time goes by elsewhere. */
static void wire_is_no_starvation(void **state)
{
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	FEED(&feed, 1 * S, RECEIVE, .packet = request_of(8, 1), .skb = 2, AT_THERE, SOFTIRQ);
	FEED(&feed, 1 * S + 30000, RECEIVE, .packet = reply_of(8, 1), .skb = 2, AT_THERE, SOFTIRQ);
	assert_false(takes(&feed, 1 * S + 40000, 1, 25000));
	feed_end(&feed);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(quick_machine),         cmocka_unit_test(starved_machine),
	cmocka_unit_test(starved_once),          cmocka_unit_test(not_for_ever),
	cmocka_unit_test(wire_is_no_starvation),
};

UNIT_MAIN(tests)
