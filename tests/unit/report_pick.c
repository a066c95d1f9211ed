// SPDX-License-Identifier: GPL-2.0-only
/* Of many texts some: no more than there are places, all of the highest, the others evenly. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report_pick.h"

#define PLACES 20
#define MANY   10000

static char *text_of(unsigned int number)
{
	char *text = NULL;

	assert_true(asprintf(&text, "%u", number) > 0);
	return text;
}

/* Number i has the score of(i); what was not wanted was never made. */
static void fill(struct report_pick *pick, unsigned int count, __u64 (*of)(unsigned int))
{
	assert_int_equal(report_pick_init(pick, PLACES), 0);
	for (unsigned int i = 0; i < count; i++)
		if (report_pick_wants(pick, of(i)))
			report_pick_add(pick, of(i), text_of(i));
	assert_int_equal(pick->seen, count);
}

static bool has(const struct report_pick *pick, unsigned int number)
{
	const char *text;

	for (size_t i = 0; (text = report_pick_text(pick, i)); i++)
		if ((unsigned int)atoi(text) == number)
			return true;
	return false;
}

static size_t count_of(const struct report_pick *pick)
{
	size_t count = 0;

	while (report_pick_text(pick, count))
		count++;
	return count;
}

static __u64 rising(unsigned int number)
{
	return number;
}

static __u64 falling(unsigned int number)
{
	return MANY - number;
}

static __u64 scattered(unsigned int number)
{
	return number * 7919ull % MANY;
}

static __u64 same(unsigned int number)
{
	(void)number;
	return 1;
}

static void few_are_all_there(void **state)
{
	struct report_pick pick;

	(void)state;
	fill(&pick, PLACES / 2, rising);
	assert_int_equal(count_of(&pick), PLACES / 2);
	for (unsigned int i = 0; i < PLACES / 2; i++)
		assert_true(has(&pick, i));
	report_pick_free(&pick);
}

/* Whatever the order: by what they are, not by when they came. */
static void the_highest_stay(void **state)
{
	static __u64 (*const orders[])(unsigned int) = {rising, falling, scattered};

	(void)state;
	for (size_t order = 0; order < 3; order++) {
		struct report_pick pick;

		fill(&pick, MANY, orders[order]);
		assert_uint_in_range(count_of(&pick), PLACES / 2 + PLACES / 4, PLACES);
		for (unsigned int i = 0; i < MANY; i++)
			if (orders[order](i) > MANY - PLACES / 2)
				assert_true(has(&pick, i));
		report_pick_free(&pick);
	}
}

static void the_others_are_even(void **state)
{
	struct report_pick pick;
	unsigned int in_quarter[4] = {0};
	const char *text;

	(void)state;
	fill(&pick, MANY, same);
	for (size_t i = 0; i < pick.evenly_count; i++) {
		text = report_pick_text(&pick, i);
		in_quarter[4 * atoi(text) / MANY]++;
	}
	for (int i = 0; i < 4; i++)
		assert_uint_in_range(in_quarter[i], PLACES / 16, PLACES / 4);
	report_pick_free(&pick);
}

static void none_is_there_twice(void **state)
{
	struct report_pick pick;
	bool seen[MANY] = {false};
	const char *text;

	(void)state;
	fill(&pick, MANY, scattered);
	for (size_t i = 0; (text = report_pick_text(&pick, i)); i++) {
		assert_false(seen[atoi(text)]);
		seen[atoi(text)] = true;
	}
	report_pick_free(&pick);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(few_are_all_there),
	cmocka_unit_test(the_highest_stay),
	cmocka_unit_test(the_others_are_even),
	cmocka_unit_test(none_is_there_twice),
};

UNIT_MAIN(tests)
