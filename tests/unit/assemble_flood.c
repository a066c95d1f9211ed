// SPDX-License-Identifier: GPL-2.0-only
/* Many pings at once: none is lost, mixed up, or kept for ever. */
#include "assemble_feed.h"

/* xorshift64*: the same on every machine. */
static __u64 next_random(__u64 *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dULL;
}

/* What feed_*() would feed, kept, so that it can be put in another order. */
struct stream {
	struct icmpx_event *events;
	size_t count, capacity;
};

static void stream_take(void *data, const struct ping *ping)
{
	struct stream *stream = data;

	for (__u32 i = 0; i < ping->count; i++) {
		if (ping->hops[i].synthetic)
			continue;
		if (stream->count == stream->capacity) {
			stream->capacity = stream->capacity ? 2 * stream->capacity : 1024;
			stream->events = reallocarray(stream->events, stream->capacity,
						      sizeof(*stream->events));
			assert_non_null(stream->events);
		}
		stream->events[stream->count++] = ping->hops[i].event;
	}
}

/* `count` round trips, at random distances, so that some overlap, sk_buffs reused. */
static void stream_make(struct stream *stream, int count, __u64 seed)
{
	const struct assemble_options small = {.max_open = 2};
	__u64 at = 1000;

	*stream = (struct stream){};
	for (int i = 0; i < count; i++) {
		struct feed feed = {};

		feed.assembler = assembler_new(&small, stream_take, stream);
		assert_non_null(feed.assembler);
		feed_round_trip(&feed, at, request_of(i >> 16, i), reply_of(i >> 16, i),
				0x1000 + 0x1000 * (next_random(&seed) % 8), next_random(&seed) % 2);
		assembler_flush(feed.assembler);
		assembler_free(feed.assembler);
		at += next_random(&seed) % 30;
	}
	assert_int_equal(stream->count, count * ROUND_TRIP_EVENTS);
}

struct arrival {
	__u64 time;
	struct icmpx_event event;
};

static int by_arrival(const void *a, const void *b)
{
	const struct arrival *x = a, *y = b;

	return x->time < y->time ? -1 : x->time > y->time;
}

/* Each event comes up to `jitter` ns late, as from several CPUs. */
static void stream_shuffle(struct stream *stream, __u64 jitter, __u64 seed)
{
	struct arrival *arrivals = calloc(stream->count, sizeof(*arrivals));

	assert_non_null(arrivals);
	for (size_t i = 0; i < stream->count; i++) {
		arrivals[i].event = stream->events[i];
		arrivals[i].event.cpu = next_random(&seed) % 4;
		arrivals[i].time = stream->events[i].time + next_random(&seed) % (jitter + 1);
	}
	qsort(arrivals, stream->count, sizeof(*arrivals), by_arrival);
	for (size_t i = 0; i < stream->count; i++)
		stream->events[i] = arrivals[i].event;
	free(arrivals);
}

static void feed_stream(struct feed *feed, const struct stream *stream)
{
	for (size_t i = 0; i < stream->count; i++)
		assert_int_equal(assembler_event(feed->assembler, &stream->events[i]), 0);
}

static void assert_each_whole_once(const struct feed *feed, int count)
{
	bool *seen = calloc(count, sizeof(*seen));

	assert_non_null(seen);
	assert_int_equal(feed->count, count);
	for (int i = 0; i < count; i++) {
		const struct ping *ping = &feed->pings[i];
		int number = ntohs(ping->packet.id) << 16 | ntohs(ping->packet.seq);

		assert_uint_in_range(number, 0, count - 1);
		assert_false(seen[number]);
		seen[number] = true;
		assert_int_equal(ping->end, PING_COMPLETE);
		assert_int_equal(ping->count, ROUND_TRIP_EVENTS + 2);
		assert_int_equal(ping->last - ping->first, 19 * US);
		for (__u32 k = 0; k < ping->count; k++) {
			assert_int_equal(ping->hops[k].event.packet.seq, ping->packet.seq);
			assert_int_equal(ping->hops[k].event.packet.id, ping->packet.id);
			assert_int_equal(ping->hops[k].copy, 0);
		}
	}
	free(seen);
}

#define FLOOD 10000

static void flood_is_complete(void **state)
{
	struct stream stream;
	struct feed feed;

	(void)state;
	stream_make(&stream, FLOOD, 1);
	stream_shuffle(&stream, 0, 1); /* in the order of time */
	feed_begin(&feed, NULL);
	feed_stream(&feed, &stream);
	assembler_flush(feed.assembler);
	assert_all_accounted(&feed);
	assert_each_whole_once(&feed, FLOOD);
	assert_int_equal(assembler_counts(feed.assembler)->orphans, 0);
	assert_int_equal(assembler_counts(feed.assembler)->late, 0);
	feed_end(&feed);
	free(stream.events);
}

static bool same_hops(const struct ping *a, const struct ping *b)
{
	if (a->count != b->count || a->first != b->first || a->last != b->last)
		return false;
	for (__u32 i = 0; i < a->count; i++)
		if (a->hops[i].event.probe != b->hops[i].event.probe ||
		    a->hops[i].event.time != b->hops[i].event.time ||
		    a->hops[i].leg != b->hops[i].leg || a->hops[i].side != b->hops[i].side ||
		    a->hops[i].benign != b->hops[i].benign)
			return false;
	return true;
}

static void order_within_the_window_does_not_matter(void **state)
{
	struct feed feeds[2];
	struct stream stream;

	(void)state;
	for (__u64 seed = 1; seed <= 5; seed++) {
		stream_make(&stream, 1000, seed);
		for (int i = 0; i < 2; i++) {
			stream_shuffle(&stream, i * 2 * MS, seed);
			feed_begin(&feeds[i], NULL);
			feed_stream(&feeds[i], &stream);
			assembler_flush(feeds[i].assembler);
			assert_all_accounted(&feeds[i]);
			assert_each_whole_once(&feeds[i], 1000);
			assert_int_equal(assembler_counts(feeds[i].assembler)->late, 0);
		}
		for (int i = 0; i < 1000; i++)
			assert_true(same_hops(&feeds[0].pings[i], &feeds[1].pings[i]));
		for (int i = 0; i < 2; i++)
			feed_end(&feeds[i]);
		free(stream.events);
	}
}

/* Even outside of it the headers bring together what can begin a ping, and what comes when
 * it has begun. */
static void late_events_find_their_ping(void **state)
{
	struct stream stream;
	struct feed feed;

	(void)state;
	stream_make(&stream, 1000, 9);
	stream_shuffle(&stream, 5 * MS, 9);
	feed_begin(&feed, NULL);
	feed_stream(&feed, &stream);
	assembler_flush(feed.assembler);
	assert_all_accounted(&feed);
	assert_int_equal(feed.count, 1000);
	for (int i = 0; i < 1000; i++) {
		const struct ping *ping = &feed.pings[i];

		assert_int_equal(ping->end, PING_COMPLETE);
		for (__u32 k = 0; k < ping->count; k++)
			assert_int_equal(ping->hops[k].event.packet.seq, ping->packet.seq);
	}
	assert_true(assembler_counts(feed.assembler)->late > 0);
	assert_true(assembler_counts(feed.assembler)->orphans < stream.count / 100);
	feed_end(&feed);
	free(stream.events);
}

/* One record in ten is lost: still each event is in one place, and no ping there twice
 * but where its rest came after it was handed on. */
static void lost_records(void **state)
{
	struct stream stream;
	struct feed feed;
	__u64 random = 4, lost = 0;

	(void)state;
	stream_make(&stream, 2000, 4);
	stream_shuffle(&stream, 1 * MS, 4);
	feed_begin(&feed, NULL);
	for (size_t i = 0; i < stream.count; i++) {
		struct icmpx_event *event = &stream.events[i];

		event->cpu = 0;
		lost += next_random(&random) % 10 == 0;
		if (event->lost == 0 && lost > assembler_counts(feed.assembler)->lost &&
		    next_random(&random) % 2)
			continue;
		event->lost = lost;
		assert_int_equal(assembler_event(feed.assembler, event), 0);
	}
	assembler_flush(feed.assembler);
	assert_all_accounted(&feed);
	assert_uint_in_range(feed.count, 1900, 2000);
	for (size_t i = 0; i < feed.count; i++)
		for (__u32 k = 0; k < feed.pings[i].count; k++)
			assert_int_equal(feed.pings[i].hops[k].event.packet.seq,
					 feed.pings[i].packet.seq);
	feed_end(&feed);
	free(stream.events);
}

/* Nobody answers: only so many are kept, the oldest go. */
static void oldest_are_pushed_out(void **state)
{
	const struct assemble_options options = {.max_open = 100};
	struct feed feed;

	(void)state;
	feed_begin(&feed, &options);
	for (int i = 0; i < 1000; i++)
		FEED(&feed, 10 * (i + 1), NET_DEV_QUEUE, .packet = request_of(1, i), .skb = i + 1,
		     .head = i + 1, AT_HERE, IN_CALL(SENDTO, 10 * i + 9));
	assembler_tick(feed.assembler, 20 * MS);
	assert_int_equal(feed.count, 900);
	for (int i = 0; i < 900; i++) {
		assert_int_equal(feed.pings[i].end, PING_INCOMPLETE);
		assert_int_equal(feed.pings[i].packet.seq, htons(i));
	}
	assembler_flush(feed.assembler);
	assert_int_equal(feed.count, 1000);
	assert_int_equal(assembler_counts(feed.assembler)->pushed_out, 900);
	assert_int_equal(assembler_counts(feed.assembler)->ends[PING_NO_REPLY], 100);
	assert_all_accounted(&feed);
	feed_end(&feed);
}

/* What has ended only waits: it goes first, and as what it is. */
static void ended_ones_make_room_first(void **state)
{
	const struct assemble_options options = {.max_open = 2};
	struct feed feed;

	(void)state;
	feed_begin(&feed, &options);
	feed_request(&feed, 10, request_of(1, 1), 0x1000);
	feed_round_trip(&feed, 100, request_of(1, 2), reply_of(1, 2), 0x2000, false);
	feed_request(&feed, 200, request_of(1, 3), 0x3000);
	assembler_tick(feed.assembler, 4 * MS);
	assert_int_equal(feed.count, 1);
	assert_int_equal(feed.pings[0].end, PING_COMPLETE);
	assert_int_equal(assembler_counts(feed.assembler)->pushed_out, 0);
	assembler_flush(feed.assembler);
	assert_all_accounted(&feed);
	feed_end(&feed);
}

static void hops_are_bounded(void **state)
{
	const struct assemble_options options = {.max_hops = 10};
	struct feed feed;

	(void)state;
	feed_begin(&feed, &options);
	feed_round_trip(&feed, 100, request_of(1, 1), reply_of(1, 1), 0x1000, false);
	assembler_flush(feed.assembler);
	assert_int_equal(feed.count, 1);
	assert_int_equal(feed.pings[0].end, PING_COMPLETE); /* that it was read is known */
	assert_int_equal(feed.pings[0].count, 10);
	assert_int_equal(feed.pings[0].left_out, ROUND_TRIP_EVENTS - 10);
	assert_int_equal(assembler_counts(feed.assembler)->hops_left_out, ROUND_TRIP_EVENTS - 10);
	assert_all_accounted(&feed);
	feed_end(&feed);
}

/* Times that do not advance do not make it hold on to everything. */
static void held_events_are_bounded(void **state)
{
	struct feed feed;

	(void)state;
	feed_begin(&feed, NULL);
	for (int i = 0; i < 100000; i++)
		FEED(&feed, 1, RECEIVE, .packet = request_of(1, i / 10), .skb = i + 1, AT_THERE,
		     SOFTIRQ);
	assert_true(assembler_counts(feed.assembler)->events >= 100000 - 65536);
	assembler_flush(feed.assembler);
	assert_int_equal(assembler_counts(feed.assembler)->events, 100000);
	assert_all_accounted(&feed);
	feed_end(&feed);
}

/* Damaged recordings: no event whatever is more than wrong. */
static void any_event_is_taken(void **state)
{
	const struct assemble_options options = {.max_open = 16, .max_hops = 20};
	struct feed feed;

	(void)state;
	for (__u64 seed = 1; seed <= 20; seed++) {
		__u64 random = seed;

		feed_begin(&feed, &options);
		for (int i = 0; i < 3000; i++) {
			struct icmpx_event event = {};

			for (size_t k = 0; k < sizeof(event); k += 8) {
				__u64 value = next_random(&random);

				memcpy((char *)&event + k, &value, 8);
			}
			/* Few values each, so that they meet. */
			event.probe %= i % 8 ? ICMPX_TP_MAX : 1000;
			event.time = i % 100 ? 1000 * i + event.time % 5000000 : event.time;
			event.skb %= 8;
			event.head %= 8;
			event.tid %= 3;
			event.entered %= 5;
			event.netns %= 4;
			event.flags &= 15;
			event.packet = packet_of(event.packet.kind % 5 ? event.packet.kind % 5 : 1,
						 event.packet.id % 2, event.packet.seq % 3, ALICE,
						 event.packet.ttl % 2 ? ALICE : BOB);
			if (i % 16 == 0)
				event.packet.kind = event.packet.family = i / 16 % 8;
			assert_int_equal(assembler_event(feed.assembler, &event), 0);
			if (i % 50 == 0)
				assembler_tick(feed.assembler, 1000 * i);
		}
		assembler_flush(feed.assembler);
		assert_all_accounted(&feed);
		assert_int_equal(assembler_counts(feed.assembler)->events, 3000);
		feed_end(&feed);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(flood_is_complete),
	cmocka_unit_test(order_within_the_window_does_not_matter),
	cmocka_unit_test(late_events_find_their_ping),
	cmocka_unit_test(lost_records),
	cmocka_unit_test(oldest_are_pushed_out),
	cmocka_unit_test(ended_ones_make_room_first),
	cmocka_unit_test(hops_are_bounded),
	cmocka_unit_test(held_events_are_bounded),
	cmocka_unit_test(any_event_is_taken),
};

UNIT_MAIN(tests)
