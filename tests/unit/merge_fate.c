// SPDX-License-Identifier: GPL-2.0-only
/* What a merge says became of a ping, and where it says nothing. */
#include "unit.h"

#include "merge_scene.h"

static void losses_and_their_direction(void **state)
{
	struct scene scene = some_pings(-(__s64)(40 * SECOND));

	(void)state;
	add_exchange(&scene, (struct exchange){.request_lost = true});
	add_exchange(&scene, (struct exchange){.reply_lost = true});
	add_exchange(&scene, (struct exchange){.reply_lost = true});
	add_exchange(&scene, (struct exchange){.sender = MACHINE_B, .request_lost = true});
	add_exchange(&scene, (struct exchange){.sender = MACHINE_B, .reply_lost = true});
	add_exchange(&scene, (struct exchange){.dropped = true});
	add_exchange(&scene, (struct exchange){.unread = true});
	record_on(&scene, 3 * SECOND);
	join(&scene);
	assert_int_equal(scene.merge.count, 11);
	assert_fates(&scene, COMPLETE, 4);
	assert_fates(&scene, REQUEST_LOST, 2);
	assert_fates(&scene, REPLY_LOST, 3);
	assert_fates(&scene, NOT_ANSWERED, 1);
	assert_fates(&scene, NOT_READ, 1);
	assert_int_equal(scene.merge.list[4].fate, FATE_REQUEST_LOST);
	assert_int_equal(scene.merge.list[4].sender, MACHINE_A);
	assert_int_equal(scene.merge.list[7].fate, FATE_REQUEST_LOST);
	assert_int_equal(scene.merge.list[7].sender, MACHINE_B);
	assert_int_equal(scene.merge.list[8].fate, FATE_REPLY_LOST);
	assert_int_equal(scene.merge.counts.alone[MACHINE_A], 0);
	scene_end(&scene);
}

/* The trace ended right after: it may have come later. */
static void at_the_end_nothing_is_claimed(void **state)
{
	struct scene scene = some_pings(40 * SECOND);

	(void)state;
	add_exchange(&scene, (struct exchange){.request_lost = true});
	add_exchange(&scene, (struct exchange){.reply_lost = true});
	record_on(&scene, 100 * MS);
	join(&scene);
	assert_fates(&scene, REQUEST_LOST, 0);
	assert_fates(&scene, REPLY_LOST, 0);
	assert_fates(&scene, UNKNOWN, 1);
	assert_int_equal(scene.merge.counts.alone[MACHINE_A], 1);
	scene_end(&scene);
}

static void where_records_were_lost_nothing_is_claimed(void **state)
{
	struct scene scene = some_pings(40 * SECOND);

	(void)state;
	add_exchange(&scene, (struct exchange){.request_lost = true});
	add_exchange(&scene, (struct exchange){.reply_lost = true});
	record_on(&scene, 5 * SECOND);
	scene.merge.sides[MACHINE_A].lost = scene.merge.sides[MACHINE_B].lost = 1;
	join(&scene);
	assert_fates(&scene, COMPLETE, 4);
	assert_fates(&scene, REQUEST_LOST, 0);
	assert_fates(&scene, REPLY_LOST, 0);
	scene_end(&scene);
}

/* Before the first that B recorded it may not have recorded at all. Nor is a ping of others
 * any of B's business. */
static void not_recorded_is_not_lost(void **state)
{
	struct scene scene = {.offset = SECOND, .now = 9 * SECOND};

	(void)state;
	add_exchange(&scene, (struct exchange){.unseen = {[MACHINE_B] = true}});
	for (int i = 0; i < 3; i++)
		add_exchange(&scene, (struct exchange){});
	add_exchange(&scene, (struct exchange){.unseen = {[MACHINE_B] = true}, .nat = false});
	scene.merge.sides[MACHINE_A].pings[4].identities[0].destination[3] = 77;
	record_on(&scene, 5 * SECOND);
	join(&scene);
	assert_int_equal(scene.merge.count, 3);
	assert_int_equal(scene.merge.counts.alone[MACHINE_A], 2);
	scene_end(&scene);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(losses_and_their_direction),
	cmocka_unit_test(at_the_end_nothing_is_claimed),
	cmocka_unit_test(where_records_were_lost_nothing_is_claimed),
	cmocka_unit_test(not_recorded_is_not_lost),
};

UNIT_MAIN(tests)
