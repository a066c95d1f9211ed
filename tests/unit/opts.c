// SPDX-License-Identifier: GPL-2.0-only
/* Option values: all of the text, in range, or an error. */
#include "unit.h"

#include <errno.h>

#include "opts.h"

static void numbers(void **state)
{
	static const struct {
		const char *text;
		int err;
		__u64 value;
	} cases[] = {
		{"1", 0, 1},
		{"007", 0, 7},
		{"3600", 0, 3600},
		{"0", -ERANGE, 0},
		{"3601", -ERANGE, 0},
		{"18446744073709551615", -ERANGE, 0},
		{"18446744073709551616", -ERANGE, 0},
		{"99999999999999999999999999", -ERANGE, 0},
		{"", -EINVAL, 0},
		{" 1", -EINVAL, 0},
		{"1 ", -EINVAL, 0},
		{"+1", -EINVAL, 0},
		{"-1", -EINVAL, 0},
		{"0x10", -EINVAL, 0},
		{"1.5", -EINVAL, 0},
		{"1e3", -EINVAL, 0},
		{"ten", -EINVAL, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		__u64 value = 0;

		assert_int_equal(parse_number(cases[i].text, 1, 3600, &value), cases[i].err);
		assert_true(value == cases[i].value);
	}
}

static void largest_number(void **state)
{
	__u64 value = 0;

	(void)state;
	assert_int_equal(parse_number("18446744073709551615", 0, ~0ULL, &value), 0);
	assert_true(value == ~0ULL);
}

static void limits(void **state)
{
	static const char *const bad[] = {"",    ",",   "5,",    ",5",   "0",        "5,0",
					  "5,x", "x,5", "5,5,5", "5 ,5", "10000001", "1,10000001"};
	__u32 pps = 0, burst = 0;

	(void)state;
	assert_int_equal(parse_limit("100", &pps, &burst), 0);
	assert_true(pps == 100 && burst == 100);
	assert_int_equal(parse_limit("100,7", &pps, &burst), 0);
	assert_true(pps == 100 && burst == 7);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_true(parse_limit(bad[i], &pps, &burst) < 0);
		assert_true(pps == 100 && burst == 7);
	}
}

static void names(void **state)
{
	static const char *const colours[] = {"red", "green", NULL};

	(void)state;
	assert_int_equal(parse_enum("green", colours), 1);
	assert_int_equal(parse_enum("gree", colours), -EINVAL);
	assert_int_equal(parse_enum("greens", colours), -EINVAL);
	assert_int_equal(parse_enum("Red", colours), -EINVAL);
	assert_int_equal(parse_enum("", colours), -EINVAL);
}

static void interfaces(void **state)
{
	__u32 ifindex = 0;

	(void)state;
	assert_int_equal(parse_interface("lo", &ifindex), 0);
	assert_int_equal(ifindex, 1);
	assert_int_equal(parse_interface("no-such-iface", &ifindex), -ENODEV);
	assert_int_equal(parse_interface("", &ifindex), -EINVAL);
	assert_int_equal(parse_interface("sixteen-letters!", &ifindex), -EINVAL);
	assert_int_equal(parse_interface("a/b", &ifindex), -EINVAL);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(numbers), cmocka_unit_test(largest_number), cmocka_unit_test(limits),
	cmocka_unit_test(names),   cmocka_unit_test(interfaces),
};

UNIT_MAIN(tests)
