// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <arpa/inet.h>
#include <string.h>

#include "leases.h"
#include "util.h"

static const __u64 multipliers[ICMPX_MULTIPLIERS] = {
	0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb,
	0xd6e8feb86659fd93, 0xa0761d6478bd642f, 0xff51afd7ed558ccd,
};

static struct icmpx_entry4 entry_v4(void)
{
	struct icmpx_entry4 entry = {
		.flow = {.peer = htonl(0x0a000002), .local = htonl(0x0a000001), .vlan = 0x1064},
		.lease = {.expires = 5000, .ttl = 64, .max_len = 84, .served = 3},
	};
	__u64 addrs;

	memcpy(&addrs, &entry.flow.peer, sizeof(addrs));
	entry.lease.seal =
		icmpx_seal_of(icmpx_hash4(multipliers, addrs, entry.flow.vlan), &entry.lease);
	return entry;
}

static void sealed_entry_is_a_row(void **state)
{
	struct icmpx_entry4 entry = entry_v4();
	struct lease_row row;

	(void)state;
	assert_true(lease_row_v4(&entry, multipliers, &row));
	assert_false(row.v6);
	assert_int_equal(row.flow.peer[0], htonl(0x0a000002));
	assert_int_equal(row.flow.local[0], htonl(0x0a000001));
	assert_int_equal(row.flow.vlan, 0x1064);
	assert_int_equal(row.lease.served, 3);
}

static void sealed_entry_is_a_row_v6(void **state)
{
	struct icmpx_entry6 entry = {
		.flow = {.peer = {htonl(0xfd000000), 0, 0, htonl(2)},
			 .local = {htonl(0xfd000000), 0, 0, htonl(1)}},
		.lease = {.expires = 5000, .ttl = 64, .label = htonl(0x12345)},
	};
	struct lease_row row;
	__u64 addrs[4];

	(void)state;
	memcpy(addrs, entry.flow.peer, sizeof(addrs));
	entry.lease.seal = icmpx_seal_of(icmpx_hash6(multipliers, addrs, 0), &entry.lease);
	assert_true(lease_row_v6(&entry, multipliers, &row));
	assert_true(row.v6);
	assert_int_equal(row.flow.local[3], htonl(1));
	entry.lease.label = 0;
	assert_false(lease_row_v6(&entry, multipliers, &row));
}

/* Never written, or half of two writes: not there. */
static void unsealed_entry_is_none(void **state)
{
	struct icmpx_entry4 empty = {}, entry = entry_v4();
	struct lease_row row;

	(void)state;
	assert_false(lease_row_v4(&empty, multipliers, &row));
	entry.lease.ttl = 63;
	assert_false(lease_row_v4(&entry, multipliers, &row));
	entry = entry_v4();
	entry.flow.peer = htonl(0x0a000003);
	assert_false(lease_row_v4(&entry, multipliers, &row));
	entry = entry_v4();
	entry.lease.expires++;
	assert_false(lease_row_v4(&entry, multipliers, &row));
}

static void times_by_jiffies(void **state)
{
	const struct lease_clock clock = {.jiffies = 4750, .hz = 250, .monotonic = 107.5};
	struct lease_row row = {.lease = {.expires = 5000, .learned = 100, .renewed = 106}};

	(void)state;
	lease_set_times(&row, &clock, 10);
	assert_int_equal(row.age, 7);
	assert_true(row.remaining == 1.0);
	row.lease.expires = 4750; /* not valid from then on */
	lease_set_times(&row, &clock, 10);
	assert_false(row.remaining > 0);
	row.lease.expires = 4500;
	lease_set_times(&row, &clock, 10);
	assert_true(row.remaining == -1.0);
	row.lease.learned = 108; /* learned since the clock was read */
	lease_set_times(&row, &clock, 10);
	assert_int_equal(row.age, 0);
}

/* All that were made before it are over. */
static void times_of_ended(void **state)
{
	const struct lease_clock clock = {.jiffies = 4750, .floor = 5000, .hz = 250};
	struct lease_row row = {.lease = {.expires = 5000}};

	(void)state;
	lease_set_times(&row, &clock, 10);
	assert_false(row.remaining > 0);
	row.lease.expires = 5001;
	lease_set_times(&row, &clock, 10);
	assert_true(row.remaining > 1.0);
}

/* 64 bits: a lease that expired weeks ago does not come back. */
static void times_long_ago(void **state)
{
	const struct lease_clock clock = {.jiffies = 1ULL << 33, .hz = 1000, .monotonic = 9e6};
	struct lease_row row = {.lease = {.expires = 5000}};

	(void)state;
	lease_set_times(&row, &clock, 10);
	assert_true(row.remaining < -8000000);
}

static void times_without_jiffies(void **state)
{
	const struct lease_clock clock = {.hz = 250, .monotonic = 107.5};
	struct lease_row row = {.lease = {.expires = 5000, .learned = 100, .renewed = 106}};

	(void)state;
	lease_set_times(&row, &clock, 10);
	assert_true(row.remaining == 8.5);
}

static struct lease_row row_of(const char *ifname, bool v6, __u32 peer, __u32 local, __u32 vlan)
{
	return (struct lease_row){
		.ifname = ifname,
		.v6 = v6,
		.flow = {.peer = {htonl(peer)}, .local = {htonl(local)}, .vlan = vlan},
	};
}

static void sorted(void **state)
{
	const struct lease_row want[] = {
		row_of("eth0", false, 0x0a000001, 9, 0),
		row_of("eth0", false, 0x0a000002, 1, 0),
		row_of("eth0", false, 0x0a000002, 1, 0x1001),
		row_of("eth0", false, 0xc0000001, 1, 0),
		row_of("eth0", true, 0x0a000001, 1, 0),
		row_of("eth1", false, 1, 1, 0),
	};
	struct lease_row rows[ARRAY_SIZE(want)];
	size_t n = ARRAY_SIZE(want);

	(void)state;
	for (size_t i = 0; i < n; i++)
		rows[(i * 5 + 2) % n] = want[i];
	leases_sort(rows, n);
	for (size_t i = 0; i < n; i++)
		assert_memory_equal(&rows[i].flow, &want[i].flow, sizeof(rows[i].flow));
	leases_sort(NULL, 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(sealed_entry_is_a_row),  cmocka_unit_test(sealed_entry_is_a_row_v6),
	cmocka_unit_test(unsealed_entry_is_none), cmocka_unit_test(times_by_jiffies),
	cmocka_unit_test(times_of_ended),         cmocka_unit_test(times_long_ago),
	cmocka_unit_test(times_without_jiffies),  cmocka_unit_test(sorted),
};

UNIT_MAIN(tests)
