// SPDX-License-Identifier: GPL-2.0-only
/* Files of /proc, as several kernels write them. */
#include "unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "settings.h"
#include "snmp.h"
#include "sockets.h"

static void snmp_v4(void **state)
{
	FILE *file = file_of(
		"Ip: Forwarding DefaultTTL InReceives\n"
		"Ip: 2 64 14\n"
		"Icmp: InMsgs InErrors InCsumErrors InDestUnreachs InEchos InEchoReps OutMsgs "
		"OutEchos OutEchoReps\n"
		"Icmp: 9 1 2 3 4000000000 5 6 7 18446744073709551615\n"
		"IcmpMsg: InType8\n"
		"IcmpMsg: 4\n");
	struct echo_snmp echo;

	(void)state;
	assert_int_equal(snmp_parse_v4(file, &echo), 0);
	assert_true(echo.known);
	assert_true(echo.in_echos == 4000000000ULL);
	assert_true(echo.out_replies == 18446744073709551615ULL);
	assert_int_equal(echo.checksum_errors, 2);
	assert_false(echo.has_limited_host || echo.has_limited_global);
	fclose(file);
}

static void snmp_v4_bad(void **state)
{
	static const char *const texts[] = {"", "Icmp: InEchos\n", "Icmp: InEchos\nIp: 1\n",
					    "Icmp: InMsgs\nIcmp: 1\n", "Tcp: InEchos\nTcp: 1\n"};
	struct echo_snmp echo;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		FILE *file = file_of(texts[i]);

		assert_int_equal(snmp_parse_v4(file, &echo), -EINVAL);
		fclose(file);
	}
}

static void snmp_v6(void **state)
{
	FILE *file = file_of("Ip6InReceives                   \t7\n"
			     "Icmp6InEchos                    \t12\n"
			     "Icmp6InEchoReplies              \t1\n"
			     "Icmp6OutEchos                   \t2\n"
			     "Icmp6OutEchoReplies             \t11\n"
			     "Icmp6OutRateLimitHost           \t21\n");
	struct echo_snmp echo;

	(void)state;
	assert_int_equal(snmp_parse_v6(file, &echo), 0);
	assert_true(echo.known && echo.in_echos == 12 && echo.out_replies == 11);
	assert_true(echo.has_limited_host && echo.limited_host == 21);
	assert_false(echo.has_limited_global);
	fclose(file);
	file = file_of("Ip6InReceives 7\n");
	assert_int_equal(snmp_parse_v6(file, &echo), -EINVAL);
	assert_false(echo.known);
	fclose(file);
}

#define V4_HEAD                                                                                    \
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  "      \
	"timeout inode ref pointer drops\n"

static void raw_sockets(void **state)
{
	FILE *file = file_of(
		V4_HEAD
		"  62: 0100007F:0001 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000"
		"        0 129189 2 000000000467337e 3\n"
		" 255: 00000000:00FF 00000000:0000 07 00000000:00000000 00:00000000 00000000     0"
		"        0 5 2 000000000467337e 0\n");
	struct open_socket *list = NULL;
	size_t count = 0;
	__be32 loopback;

	(void)state;
	assert_int_equal(sockets_parse(file, false, false, &list, &count), 0);
	assert_int_equal(count, 1); /* the other is for another protocol */
	/* The test's line is what a little-endian machine prints. */
	loopback = 0x0100007f;
	assert_int_equal(list[0].local[0], loopback);
	assert_false(list[0].ping);
	assert_int_equal(list[0].uid, 1000);
	assert_int_equal(list[0].inode, 129189);
	assert_int_equal(list[0].drops, 3);
	free(list);
	fclose(file);
}

static void ping_sockets(void **state)
{
	FILE *file = file_of(V4_HEAD "   67: 00000000000000000000000000000000:003A "
				     "00000000000000000000000000000000:0000 07"
				     " 00000000:00000680 00:00000000 00000000     0        0 "
				     "129191 2 00000000d8de611f 0\n"
				     "not a socket\n");
	struct open_socket *list = NULL;
	size_t count = 0;

	(void)state;
	assert_int_equal(sockets_parse(file, true, true, &list, &count), 0);
	assert_int_equal(count, 1);
	assert_true(list[0].ping && list[0].v6);
	assert_int_equal(list[0].number, 0x3a);
	free(list);
	fclose(file);
}

static struct setting explained(const char *path, const char *value)
{
	struct setting setting = {};

	snprintf(setting.value, sizeof(setting.value), "%s", value);
	assert_true(settings_explain(path, &setting));
	assert_non_null(setting.meaning);
	return setting;
}

/* What a lease does not carry over is warned of, and nothing else is. */
static void warnings(void **state)
{
	static const struct {
		const char *path, *value;
		bool warn;
	} cases[] = {
		{"net/ipv4/icmp_ratemask", "6168", false},
		{"net/ipv4/icmp_ratemask", "6169", true},
		{"net/ipv4/icmp_ratemask", "0", false},
		{"net/ipv6/icmp/ratemask", "0-1,3-127", false},
		{"net/ipv6/icmp/ratemask", "0-1,3-129", true},
		{"net/ipv6/icmp/ratemask", "129", true},
		{"net/ipv6/icmp/ratemask", "", false},
		{"net/ipv6/flowlabel_reflect", "0", false},
		{"net/ipv6/flowlabel_reflect", "3", false},
		{"net/ipv6/flowlabel_reflect", "4", true},
		{"net/ipv6/flowlabel_reflect", "7", true},
		{"net/ipv4/icmp_echo_ignore_all", "1", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(explained(cases[i].path, cases[i].value).warn, cases[i].warn);
}

static void meanings(void **state)
{
	struct setting unknown = {.value = "1"};

	(void)state;
	assert_string_equal(explained("net/ipv4/ping_group_range", "1 0").meaning,
			    "nobody may open a ping socket: ping needs a raw one");
	assert_string_equal(explained("net/ipv4/ping_group_range", "0 2147483647").meaning,
			    "every group may open a ping socket");
	assert_string_equal(explained("net/ipv4/ping_group_range", "100 200").meaning,
			    "these groups may open a ping socket");
	assert_string_equal(explained("net/ipv4/icmp_echo_ignore_all", "0").meaning,
			    "echo requests are answered");
	assert_false(settings_explain("net/ipv4/tcp_ecn", &unknown));
}

static void number_lists(void **state)
{
	(void)state;
	assert_true(settings_list_has("0-1,3-127", 0));
	assert_true(settings_list_has("0-1,3-127", 127));
	assert_false(settings_list_has("0-1,3-127", 2));
	assert_false(settings_list_has("0-1,3-127", 128));
	assert_false(settings_list_has("", 0));
	assert_false(settings_list_has("x", 0));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(snmp_v4),     cmocka_unit_test(snmp_v4_bad),  cmocka_unit_test(snmp_v6),
	cmocka_unit_test(raw_sockets), cmocka_unit_test(ping_sockets), cmocka_unit_test(warnings),
	cmocka_unit_test(meanings),    cmocka_unit_test(number_lists),
};

UNIT_MAIN(tests)
