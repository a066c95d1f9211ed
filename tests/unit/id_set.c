// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "id_set.h"

static void holds_what_was_added(void **state)
{
	struct id_set set = {};

	(void)state;
	assert_false(id_set_has(&set, 7));
	for (__u32 i = 1; i <= 5000; i++)
		assert_int_equal(id_set_add(&set, i * 0x10000), 0);
	assert_int_equal(id_set_add(&set, 0x10000), 0);
	for (__u32 i = 1; i <= 5000; i++) {
		assert_true(id_set_has(&set, i * 0x10000));
		assert_false(id_set_has(&set, i * 0x10000 + 1));
	}
	id_set_free(&set);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(holds_what_was_added),
};

UNIT_MAIN(tests)
