// SPDX-License-Identifier: GPL-2.0-only
/* Two recordings become one: who belongs together, what became of it, and how long it was on
 * the wire, where the truth is known. */
#include "unit.h"

#include "merge_scene.h"

static __u64 chance(__u64 most)
{
	return (__u64)random() * most / RAND_MAX;
}

/* --- the wire ------------------------------------------------------------------ */

static const struct merge_stage *wire_of(const struct merge_budget *budget, __u8 leg)
{
	for (size_t i = 0; i < budget->count; i++)
		if (budget->list[i].stage == STAGE_ONE_WAY && budget->list[i].leg == leg)
			return &budget->list[i];
	return NULL;
}

/* While a packet is on its way, the clocks drift apart by so many ns. */
#define DRIFT 150

static void holds(const struct merge_stage *stage, __u64 truth)
{
	assert_non_null(stage);
	assert_true(stage->known);
	assert_true(stage->min <= truth + DRIFT && truth <= stage->max + DRIFT);
	assert_true(stage->min <= stage->ns && stage->ns <= stage->max);
}

/* Both ping, the delays differ each way; in each ping the truth is between the bounds. */
static void truth_is_within_the_bounds(void **state)
{
	static const __s64 offsets[] = {0, 123456789, -987654321012};

	(void)state;
	for (size_t o = 0; o < ARRAY_SIZE(offsets); o++) {
		struct scene scene = {.offset = offsets[o], .rate = 90e-6, .now = 5000 * SECOND};
		__u64 there[200], back[200];

		for (size_t i = 0; i < 200; i++) {
			there[i] = 10 * US + chance(900 * US);
			back[i] = 40 * US + chance(300 * US);
			add_exchange(&scene, (struct exchange){.sender = i % 3 == 0,
							       .there = there[i],
							       .back = back[i]});
		}
		join(&scene);
		assert_int_equal(scene.merge.count, 200);
		assert_int_equal(scene.merge.counts.joined, 200);
		assert_fates(&scene, COMPLETE, 200);
		assert_int_equal(clock_fit_model(scene.merge.clock), CLOCK_LINE);
		for (size_t i = 0; i < 200; i++) {
			const struct merged *merged = &scene.merge.list[i];
			struct merge_budget budget;
			__u64 sum = 0;
			__s64 truth;

			assert_int_equal(merged->sender, i % 3 == 0);
			truth = scene.offset +
				(__s64)(scene.rate * (double)merged->seen[MACHINE_A]->ping.first);
			assert_true(merged->offset.min <= truth + DRIFT);
			assert_true(merged->offset.max >= truth - DRIFT);
			merge_budget_make(merged, &budget);
			holds(wire_of(&budget, ICMPX_KIND_REQUEST), there[i]);
			holds(wire_of(&budget, ICMPX_KIND_REPLY), back[i]);
			/* Clocks of different rates: a ns or so. */
			assert_uint_in_range(budget.wire, there[i] + back[i] - DRIFT,
					     there[i] + back[i] + DRIFT);
			for (size_t j = 0; j < budget.count; j++)
				sum += budget.list[j].ns;
			assert_int_equal(sum, merged->seen[merged->sender]->ping.last -
						      merged->seen[merged->sender]->ping.first);
		}
		scene_end(&scene);
	}
}

/* As far apart as recordings can be (RECORD_TIME_MAX, 1 << 60), in any order: whatever comes of
 * it, nothing overflows, which the sanitizer tells, and no bound is beyond the other. */
static void times_at_their_limits(void **state)
{
	static const __u64 edges[] = {1, SECOND, 1ull << 40, (1ull << 60) - SECOND, 1ull << 60};

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct scene scene = {.now = SECOND};

		for (int i = 0; i < 12; i++)
			add_exchange(&scene, (struct exchange){.sender = i % 2});
		for (int machine = 0; machine < MACHINE_MAX; machine++) {
			struct merge_side *side = &scene.merge.sides[machine];

			side->epoch = random() % 2 ? -(1ll << 60) : 1ll << 62;
			side->ended = 1ull << 60;
			for (size_t i = 0; i < side->count; i++) {
				struct ping *ping = &side->pings[i].ping;

				if (random() % 3)
					continue;
				for (__u32 hop = 0; hop < ping->count; hop++)
					ping->hops[hop].event.time = edges[random() % 5];
				merge_cross(&side->pings[i]);
			}
		}
		join(&scene);
		for (size_t i = 0; i < scene.merge.count; i++) {
			struct merge_budget budget;

			merge_budget_make(&scene.merge.list[i], &budget);
			for (size_t j = 0; j < budget.count; j++)
				assert_true(budget.list[j].min <= budget.list[j].max);
		}
		scene_end(&scene);
	}
}

static void one_machine_has_one_clock(void **state)
{
	struct scene scene = {.offset = 0, .now = SECOND};
	struct merge_budget budget;

	(void)state;
	strcpy(scene.merge.sides[MACHINE_A].boot, "6c8d9f5e");
	strcpy(scene.merge.sides[MACHINE_B].boot, "6c8d9f5e");
	add_exchange(&scene, (struct exchange){.there = 77 * US, .back = 3 * US});
	join(&scene);
	assert_int_equal(clock_fit_model(scene.merge.clock), CLOCK_SAME);
	merge_budget_make(&scene.merge.list[0], &budget);
	assert_int_equal(wire_of(&budget, ICMPX_KIND_REQUEST)->ns, 77 * US);
	assert_int_equal(wire_of(&budget, ICMPX_KIND_REQUEST)->min, 77 * US);
	assert_int_equal(wire_of(&budget, ICMPX_KIND_REPLY)->ns, 3 * US);
	assert_int_equal(wire_of(&budget, ICMPX_KIND_REPLY)->max, 3 * US);
	scene_end(&scene);
}

/* Nothing came back: no number is made up. */
static void without_replies_no_times(void **state)
{
	struct scene scene = {.offset = 5 * SECOND, .now = SECOND};
	struct merge_budget budget;

	(void)state;
	for (int i = 0; i < 5; i++)
		add_exchange(&scene, (struct exchange){.reply_lost = true});
	record_on(&scene, 20 * SECOND);
	join(&scene);
	assert_int_equal(scene.merge.counts.joined, 5);
	merge_budget_make(&scene.merge.list[2], &budget);
	assert_false(wire_of(&budget, ICMPX_KIND_REQUEST)->known);
	assert_false(scene.merge.list[2].offset.has_min);
	assert_true(scene.merge.list[2].offset.has_max);
	/* Those that the next ones of B show to have come while A was recording. */
	assert_fates(&scene, UNKNOWN, 1);
	assert_fates(&scene, REPLY_LOST, 4);
	scene_end(&scene);
}

/* --- who belongs together ------------------------------------------------------------ */

static void nat_between_them(void **state)
{
	struct scene scene = {.offset = -(__s64)(3 * SECOND), .now = 9 * SECOND};

	(void)state;
	for (int i = 0; i < 5; i++)
		add_exchange(&scene, (struct exchange){.nat = true, .cookie = htole64(COOKIE)});
	join(&scene);
	assert_int_equal(scene.merge.counts.joined, 5);
	assert_int_equal(scene.merge.counts.by_cookie, 5);
	assert_true(merged_is_rewritten(&scene.merge.list[0]));
	scene_end(&scene);
}

/* The time, counted bytes, letters: others have them, too. */
static void what_others_have_in_their_payload(void **state)
{
	static const __u64 cookies[] = {0, 0x0000000065123456, 0x0f0e0d0c0b0a0908,
					0x6867666564636261, 0x4242424242424242};

	(void)state;
	for (size_t c = 0; c < ARRAY_SIZE(cookies); c++) {
		struct scene scene = {.offset = -(__s64)(3 * SECOND), .now = 9 * SECOND};

		for (int i = 0; i < 5; i++)
			add_exchange(&scene,
				     (struct exchange){.nat = true, .cookie = htole64(cookies[c])});
		join(&scene);
		assert_int_equal(scene.merge.counts.joined, 0);
		assert_int_equal(scene.merge.counts.alone[MACHINE_A], 5);
		scene_end(&scene);
	}
}

/* One identifier, the same numbers again and again: the clock tells which is which. */
static void numbers_come_again(void **state)
{
	struct scene scene = some_pings(77 * SECOND);
	__u64 at[3][5];

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (__u16 seq = 1; seq <= 5; seq++)
			at[round][seq - 1] = add_exchange(
				&scene, (struct exchange){.id = 300,
							  .seq = seq,
							  .request_lost = round == 1 && seq == 2});
		scene.now += 30 * SECOND;
	}
	record_on(&scene, 3 * SECOND);
	join(&scene);
	assert_int_equal(scene.merge.counts.joined, 4 + 14);
	assert_fates(&scene, COMPLETE, 18);
	assert_fates(&scene, REQUEST_LOST, 1);
	assert_int_equal(scene.merge.counts.ambiguous[MACHINE_A], 0);
	for (size_t i = 4; i < scene.merge.count; i++) {
		const struct merged *merged = &scene.merge.list[i];

		assert_int_equal(merged->seen[MACHINE_A]->request.out,
				 at[(i - 4) / 5][(i - 4) % 5]);
		if (merged->seen[MACHINE_B])
			assert_int_equal(merged->seen[MACHINE_B]->request.in,
					 merged->seen[MACHINE_A]->request.out + 30 * US +
						 77 * SECOND);
	}
	scene_end(&scene);
}

/* Nothing tells them apart: then it is said, and not guessed. */
static void what_is_ambiguous_is_not_joined(void **state)
{
	struct scene scene = {.offset = SECOND, .now = 9 * SECOND};

	(void)state;
	for (int round = 0; round < 2; round++)
		for (__u16 seq = 1; seq <= 3; seq++)
			add_exchange(&scene, (struct exchange){.seq = seq});
	join(&scene);
	assert_int_equal(scene.merge.counts.joined, 0);
	assert_int_equal(scene.merge.counts.ambiguous[MACHINE_A], 6);
	assert_int_equal(scene.merge.counts.ambiguous[MACHINE_B], 6);
	scene_end(&scene);
}

/* But the cookies of two runs of icmpx do. */
static void cookies_tell_runs_apart(void **state)
{
	struct scene scene = {.offset = SECOND, .now = 9 * SECOND};

	(void)state;
	for (__u64 round = 0; round < 2; round++)
		for (__u16 seq = 1; seq <= 3; seq++)
			add_exchange(&scene, (struct exchange){.seq = seq,
							       .cookie = COOKIE + (round << 56)});
	join(&scene);
	assert_int_equal(scene.merge.counts.joined, 6);
	assert_int_equal(scene.merge.counts.by_cookie, 0);
	scene_end(&scene);
}

/* A's recording has one half, B's the other one of two pings with the same number: joined, they
 * would have been on the wire for an hour. */
static void those_at_odds_are_left_out(void **state)
{
	struct scene scene = some_pings(-(__s64)(2 * SECOND));

	(void)state;
	add_exchange(&scene, (struct exchange){.seq = 900, .unseen = {[MACHINE_B] = true}});
	scene.now += 3600 * SECOND;
	add_exchange(&scene, (struct exchange){.seq = 900, .unseen = {[MACHINE_A] = true}});
	join(&scene);
	assert_int_equal(scene.merge.counts.joined, 4);
	assert_int_equal(scene.merge.counts.odd[MACHINE_A], 1);
	assert_int_equal(scene.merge.counts.odd[MACHINE_B], 1);
	assert_int_equal(clock_fit_model(scene.merge.clock), CLOCK_LINE);
	scene_end(&scene);
}

/* Both are of the sender. */
static void two_of_one_end(void **state)
{
	struct scene scene = {.now = 9 * SECOND}, other = {.now = 9 * SECOND};

	(void)state;
	for (int i = 0; i < 3; i++) {
		add_exchange(&scene, (struct exchange){.unseen = {[MACHINE_B] = true}});
		add_exchange(&other, (struct exchange){.unseen = {[MACHINE_B] = true}});
	}
	scene.merge.sides[MACHINE_B] = other.merge.sides[MACHINE_A];
	join(&scene);
	assert_int_equal(scene.merge.counts.joined, 0);
	assert_int_equal(scene.merge.counts.alone[MACHINE_B], 3);
	scene_end(&scene);
}

/* Two routers on the way: the one with the larger TTL is nearer to the sender. */
static void routers(void **state)
{
	struct merge_ping near = {.request = {.arrived = true, .left = true, .ttl_in = 63}};
	struct merge_ping far = {.request = {.arrived = true, .left = true, .ttl_in = 62}};
	enum machine sender;

	(void)state;
	assert_true(merge_sender(&near, &far, &sender));
	assert_int_equal(sender, MACHINE_A);
	assert_true(merge_sender(&far, &near, &sender));
	assert_int_equal(sender, MACHINE_B);
	assert_false(merge_sender(&near, &near, &sender));
}

/* --- where it crosses ------------------------------------------------------------------- */

static void crossings(void **state)
{
	struct exchange exchange = {.id = 7, .seq = 1};
	struct icmpx_packet packet = packet_of(&exchange, false);
	struct hop hops[8];
	struct ping ping = {.hops = hops, .packet = packet};
	struct merge_side side = {};

	(void)state;
	/* Queued, to the bridge, to the card; once more (DUP!). */
	add_hop(&ping, ICMPX_KIND_REQUEST, ICMPX_TP_NET_DEV_QUEUE, 90, 0, &packet);
	add_hop(&ping, ICMPX_KIND_REQUEST, ICMPX_TP_NET_DEV_START, 100, 0, &packet);
	add_hop(&ping, ICMPX_KIND_REQUEST, ICMPX_TP_NET_DEV_START, 120, COOKIE, &packet);
	add_hop(&ping, ICMPX_KIND_REQUEST, ICMPX_TP_NET_DEV_START, 500, 0, &packet);
	hops[3].copy = 1;
	/* The softirq began before the packet was there. */
	add_hop(&ping, ICMPX_KIND_REPLY, ICMPX_TP_RECEIVE, 190, 0, &packet);
	hops[4].event.flags = ICMPX_CARRIED;
	add_hop(&ping, ICMPX_KIND_REPLY, ICMPX_TP_RECEIVE, 200, 0, &packet);
	add_hop(&ping, ICMPX_KIND_REPLY, ICMPX_TP_RECEIVE, 220, 0, &packet);
	assert_int_equal(merge_side_add(&side, &ping), 0);
	assert_int_equal(side.pings[0].request.out, 120);
	assert_int_equal(side.pings[0].reply.in, 200);
	assert_false(side.pings[0].request.arrived || side.pings[0].reply.left);
	assert_int_equal(side.pings[0].cookie, COOKIE);
	assert_int_equal(side.pings[0].identity_count, 1);

	/* In fragments: of the first that left it is sure that it had not arrived. */
	hops[1].event.flags = ICMPX_FRAGMENT;
	assert_int_equal(merge_side_add(&side, &ping), 0);
	assert_int_equal(side.pings[1].request.out, 100);

	/* Queued, but dropped there: it never left. */
	ping.count = 1;
	assert_int_equal(merge_side_add(&side, &ping), 0);
	assert_false(side.pings[2].request.left);
	merge_side_destroy(&side);
}

/* Answered before there is a packet of its own: it arrives and leaves at once. */
static void at_the_driver(void **state)
{
	struct scene scene = {.offset = SECOND, .now = 9 * SECOND};
	struct merge_budget budget;
	struct merge_side *side = &scene.merge.sides[MACHINE_B];

	(void)state;
	for (int i = 0; i < 3; i++) {
		add_exchange(&scene, (struct exchange){.there = 40 * US, .back = 90 * US});
		side->pings[i].ping.count = 1;
		side->pings[i].ping.hops[0].event.probe = ICMPX_TP_XDP_REPLY;
		merge_cross(&side->pings[i]);
	}
	join(&scene);
	assert_fates(&scene, COMPLETE, 3);
	merge_budget_make(&scene.merge.list[0], &budget);
	assert_int_equal(budget.wire, 40 * US + 20 * US + 90 * US); /* the responder's 20, too */
	assert_true(budget.whole);
	scene_end(&scene);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(truth_is_within_the_bounds),
	cmocka_unit_test(times_at_their_limits),
	cmocka_unit_test(one_machine_has_one_clock),
	cmocka_unit_test(without_replies_no_times),
	cmocka_unit_test(nat_between_them),
	cmocka_unit_test(what_others_have_in_their_payload),
	cmocka_unit_test(numbers_come_again),
	cmocka_unit_test(what_is_ambiguous_is_not_joined),
	cmocka_unit_test(cookies_tell_runs_apart),
	cmocka_unit_test(those_at_odds_are_left_out),
	cmocka_unit_test(two_of_one_end),
	cmocka_unit_test(routers),
	cmocka_unit_test(crossings),
	cmocka_unit_test(at_the_driver),
};

UNIT_MAIN(tests)
