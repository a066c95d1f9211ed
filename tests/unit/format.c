// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "format.h"
#include "lease.h"
#include "table.h"

static struct text text;

static void scaled(void **state)
{
	(void)state;
	assert_string_equal(format_scaled(0, &text), "0");
	assert_string_equal(format_scaled(0.25, &text), "0.2");
	assert_string_equal(format_scaled(9.9, &text), "9.9");
	assert_string_equal(format_scaled(9.96, &text), "10");
	assert_string_equal(format_scaled(42, &text), "42");
	assert_string_equal(format_scaled(999, &text), "999");
	assert_string_equal(format_scaled(999.96, &text), "1.0k");
	assert_string_equal(format_scaled(1000, &text), "1.0k");
	assert_string_equal(format_scaled(999949, &text), "999.9k");
	assert_string_equal(format_scaled(999951, &text), "1.0M");
	assert_string_equal(format_scaled(1.5e9, &text), "1.5G");
	assert_string_equal(format_scaled(1.8446744073709551615e19, &text), "18.4E");
}

static void durations(void **state)
{
	(void)state;
	assert_string_equal(format_duration(-1, &text), "0s");
	assert_string_equal(format_duration(59.9, &text), "59s");
	assert_string_equal(format_duration(60, &text), "1m00s");
	assert_string_equal(format_duration(3599, &text), "59m59s");
	assert_string_equal(format_duration(3600, &text), "1h00m");
	assert_string_equal(format_duration(86399, &text), "23h59m");
	assert_string_equal(format_duration(90000, &text), "1d01h");
}

static void times(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	assert_string_equal(format_time(0, &text), "1970-01-01 00:00:00");
	assert_string_equal(format_time(1136214245, &text), "2006-01-02 15:04:05");
	assert_string_equal(format_time(~0ULL >> 1, &text), "@9223372036854775807");
}

static void addresses(void **state)
{
	__be32 v4[4] = {htonl(0x0a000001)}, none[4] = {};
	__be32 v6[4] = {htonl(0x20010db8), 0, 0, htonl(1)};

	(void)state;
	assert_string_equal(format_address(false, v4, true, &text), "10.0.0.1");
	assert_string_equal(format_address(true, v6, true, &text), "2001:db8::1");
	assert_string_equal(format_address(false, none, true, &text), "any");
	assert_string_equal(format_address(true, none, true, &text), "any");
	assert_string_equal(format_address(false, none, false, &text), "0.0.0.0");
	assert_string_equal(format_address(true, none, false, &text), "::");
}

static void vlans(void **state)
{
	const __u32 outer = ICMPX_VLAN_PRESENT | ICMPX_VLAN_AD | 100;
	const __u32 inner = ICMPX_VLAN_PRESENT | 4094;

	(void)state;
	assert_string_equal(format_vlan(0, &text), "-");
	assert_string_equal(format_vlan(ICMPX_VLAN_PRESENT, &text), "0");
	assert_string_equal(format_vlan(inner, &text), "4094");
	assert_string_equal(format_vlan(outer | inner << 16, &text), "100ad.4094");
}

static void errnos(void **state)
{
	(void)state;
	assert_string_equal(format_errno(-EPERM, &text), "EPERM");
	assert_string_equal(format_errno(EPERM, &text), "EPERM");
	assert_string_equal(format_errno(-524, &text), "ENOTSUPP");
	assert_string_equal(format_errno(-9999, &text), "errno 9999");
}

static void table_lines(void **state)
{
	struct table *table = table_new("lrl");
	struct capture capture;
	char *printed;

	(void)state;
	table_cell(table, "NAME");
	table_cell(table, "COUNT");
	table_cell(table, "MEANING");
	table_cell(table, "a");
	table_cell(table, "%d", 7);
	table_cell(table, "%s", "");
	table_cell(table, "longer");
	table_cell(table, "1234567");
	table_cell(table, "text");
	table_print(table, capture_begin(&capture), 1);
	printed = capture_end(&capture);
	assert_string_equal(printed, " NAME      COUNT  MEANING\n"
				     " a             7\n"
				     " longer  1234567  text\n");
	free(printed);
	table_free(table);
}

/* No memory for a table is no crash. */
static void table_of_nothing(void **state)
{
	struct capture capture;
	char *printed;

	(void)state;
	table_cell(NULL, "x");
	table_print(NULL, capture_begin(&capture), 0);
	printed = capture_end(&capture);
	assert_string_equal(printed, "");
	free(printed);
	table_free(NULL);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(scaled),      cmocka_unit_test(durations),
	cmocka_unit_test(times),       cmocka_unit_test(addresses),
	cmocka_unit_test(vlans),       cmocka_unit_test(errnos),
	cmocka_unit_test(table_lines), cmocka_unit_test(table_of_nothing),
};

UNIT_MAIN(tests)
