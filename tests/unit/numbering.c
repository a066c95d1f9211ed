// SPDX-License-Identifier: GPL-2.0-only
/* Numbers are given once, in order, and no more of them than there is memory for. */
#include "unit.h"

#include "numbering.h"

static int find(struct numbering *numbering, __u32 a, __u32 b, bool want)
{
	const struct numbering_key key = {.word = {a, b}};
	bool fresh;
	int number = numbering_find(numbering, &key, &fresh);

	assert_int_equal(fresh, want);
	return number;
}

static void in_order(void **state)
{
	struct numbering numbering = {};

	(void)state;
	assert_int_equal(find(&numbering, 7, 0, true), 0);
	assert_int_equal(find(&numbering, 0, 7, true), 1);
	assert_int_equal(find(&numbering, 7, 0, false), 0);
	assert_int_equal(find(&numbering, 7, 1, true), 2);
	assert_int_equal(find(&numbering, 0, 7, false), 1);
	numbering_free(&numbering);
}

static void too_many(void **state)
{
	struct numbering numbering = {};

	(void)state;
	for (int i = 0; i < NUMBERING_MAX; i++)
		assert_int_equal(find(&numbering, i, 0, true), i);
	assert_int_equal(find(&numbering, NUMBERING_MAX, 0, true), NUMBERING_MAX);
	assert_int_equal(find(&numbering, NUMBERING_MAX + 1, 0, false), NUMBERING_MAX);
	assert_int_equal(find(&numbering, NUMBERING_MAX - 1, 0, false), NUMBERING_MAX - 1);
	numbering_free(&numbering);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(in_order),
	cmocka_unit_test(too_many),
};

UNIT_MAIN(tests)
