// SPDX-License-Identifier: GPL-2.0-only
/* icmpx's own pings: their events, their pace, who may. */
#include "pinger_lib.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include <cap-ng.h>
#include <netinet/in.h>
#include <sys/stat.h>

static void loopback(const char *host, bool raw, unsigned int size)
{
	struct pinger *pinger = wire_start(host, 3, size);
	const struct pinger_counts *counts = pinger_counts(pinger);
	struct told told = {};
	struct stat netns;

	assert_int_equal(pinger_is_raw(pinger), raw);
	wire_run(pinger, &told);
	assert_int_equal(counts->sent, 3);
	assert_int_equal(counts->received, 3);
	assert_int_equal(counts->duplicates, 0);
	assert_int_equal(counts->errors, 0);
	assert_int_equal(told.count, 15);
	for (size_t i = 0; i < 3; i++)
		told_whole(&told, i, i + 1);
	assert_true(counts->rtt_min && counts->rtt_min <= counts->rtt_max);
	assert_true(counts->rtt_min * 2 + counts->rtt_max <= counts->rtt_sum);
	assert_int_equal(stat("/proc/self/ns/net", &netns), 0);
	assert_int_equal(told.events[0].netns, (__u32)netns.st_ino);
	pinger_close(pinger);
}

static void loopback_v4(void **state)
{
	(void)state;
	loopback("127.0.0.1", false, 56);
	loopback("127.0.0.1", false, 0);
	loopback("127.0.0.1", false, 65507);
}

static void loopback_v6(void **state)
{
	(void)state;
	loopback("::1", false, 56);
	loopback("::1", false, 7);
}

static void loopback_raw_v4(void **state)
{
	(void)state;
	loopback("127.0.0.1", true, 56);
	loopback("127.0.0.1", true, 0);
	loopback("127.0.0.1", true, 1001); /* odd: the checksum's last byte */
}

static void loopback_raw_v6(void **state)
{
	(void)state;
	loopback("::1", true, 56);
	loopback("::1", true, 0);
}

/* Called late each time, by less than an interval: that does not add up. */
static void interval_does_not_drift(void **state)
{
	struct pinger *pinger = wire_start("127.0.0.1", 0, 56);
	struct told told = {};
	__u64 next, due;

	(void)state;
	assert_int_equal(pinger_run(pinger, told_add, &told, &due), 0);
	while (!pinger_counts(pinger)->sent)
		assert_int_equal(pinger_run(pinger, told_add, &told, &due), 0);
	for (size_t sent = 2; sent <= 6; sent++) {
		while (wire_now() < due + 5 * MS)
			poll(NULL, 0, 1);
		assert_int_equal(pinger_run(pinger, told_add, &told, &next), 0);
		assert_int_equal(pinger_counts(pinger)->sent, sent);
		if (wire_now() < due + 20 * MS) /* else this machine is too busy */
			assert_int_equal(next, due + 20 * MS);
		due = next;
	}
	pinger_close(pinger);
}

/* One that was stopped for long does not catch up by a burst. */
static void no_burst_after_a_stop(void **state)
{
	struct pinger *pinger = wire_start("127.0.0.1", 0, 56);
	struct told told = {};
	__u64 next = 0, sent;

	(void)state;
	while (!pinger_counts(pinger)->sent)
		assert_int_equal(pinger_run(pinger, told_add, &told, &next), 0);
	while (wire_now() < next + 100 * MS)
		poll(NULL, 0, 10);
	assert_int_equal(pinger_run(pinger, told_add, &told, &next), 0);
	assert_int_equal(pinger_counts(pinger)->sent, 2);
	assert_int_equal(pinger_run(pinger, told_add, &told, &next), 0);
	sent = told_get(&told, ICMPX_TP_USER_SEND, 1)->time;
	assert_int_equal(pinger_counts(pinger)->sent, 3);
	assert_int_equal(pinger_run(pinger, told_add, &told, &next), 0);
	if (wire_now() < sent + 20 * MS)
		assert_int_equal(pinger_counts(pinger)->sent, 3);
	pinger_close(pinger);
}

static void assert_refused(const struct pinger_options *options, int err, const char *part)
{
	struct pinger *pinger = NULL;
	char why[256] = "";

	assert_int_equal(pinger_open(options, &pinger, why, sizeof(why)), err);
	assert_null(pinger);
	if (!strstr(why, part))
		fail_msg("\"%s\" does not say \"%s\"", why, part);
}

static void refusals(void **state)
{
	struct pinger_options options = {.host = "192.0.2.9", .count = 1};

	(void)state;
	options.size = 65508;
	assert_refused(&options, -EMSGSIZE, "at most 65507");
	options.size = 0xffffffff;
	assert_refused(&options, -EMSGSIZE, "at most 65507");
	options.size = 56;
	options.host = "0.0.0.0";
	assert_refused(&options, -EINVAL, "not one host's");
	options.host = "224.0.0.1";
	assert_refused(&options, -EINVAL, "not one host's");
	options.host = "ff02::1";
	assert_refused(&options, -EINVAL, "not one host's");
	options.host = "fe80::1";
	assert_refused(&options, -EINVAL, "fe80::1%eth0");
	options.host = "198.51.100.1";
	assert_refused(&options, -ENETUNREACH, "ip route get 198.51.100.1");
	options.host = "192.0.2.255";
	assert_refused(&options, -EACCES, "192.0.2.255 cannot be reached");
	options.host = "127.0.0.1";
	options.family = AF_INET6;
	assert_refused(&options, -ENOENT, "127.0.0.1: cannot be resolved");
	options.host = "256.0.0.1.invalid.";
	assert_refused(&options, -ENOENT, "256.0.0.1.invalid.: cannot be resolved");
}

static void without_privilege(void **state)
{
	const struct pinger_options options = {.host = "127.0.0.1", .count = 1};

	(void)state;
	allow_ping_sockets(false);
	capng_get_caps_process();
	capng_update(CAPNG_DROP, CAPNG_EFFECTIVE, CAP_NET_RAW);
	assert_int_equal(capng_apply(CAPNG_SELECT_CAPS), 0);
	assert_refused(&options, -EPERM, "CAP_NET_RAW");
	assert_refused(&options, -EPERM, "net.ipv4.ping_group_range");
	allow_ping_sockets(true);
	loopback("127.0.0.1", false, 56);
	capng_update(CAPNG_ADD, CAPNG_EFFECTIVE, CAP_NET_RAW);
	assert_int_equal(capng_apply(CAPNG_SELECT_CAPS), 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(loopback_v4, ping_sockets),
	cmocka_unit_test_setup(loopback_v6, ping_sockets),
	cmocka_unit_test_setup(loopback_raw_v4, raw_sockets),
	cmocka_unit_test_setup(loopback_raw_v6, raw_sockets),
	cmocka_unit_test_setup(interval_does_not_drift, ping_sockets),
	cmocka_unit_test_setup(no_burst_after_a_stop, ping_sockets),
	cmocka_unit_test_setup(refusals, ping_sockets),
	cmocka_unit_test_setup(without_privilege, ping_sockets),
};

WIRE_MAIN(tests)
