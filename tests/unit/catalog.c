// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "catalog.h"
#include "trace.h"

static void unknown_is_null(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();

	(void)state;
	assert_null(catalog_path(catalog, 1));
	for (int kind = 0; kind < NAME_KIND_MAX; kind++)
		assert_null(catalog_name(catalog, kind, 0));
	assert_int_equal(catalog_set_name(catalog, NAME_TASK, 7, "ping"), 0);
	assert_null(catalog_name(catalog, NAME_TASK, 8));
	assert_null(catalog_name(catalog, NAME_TGID, 7));
}

static void names_are_copied(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	char text[] = "ping";

	(void)state;
	assert_int_equal(catalog_set_name(catalog, NAME_TASK, 0, text), 0);
	text[0] = 'P';
	assert_string_equal(catalog_name(catalog, NAME_TASK, 0), "ping");
	assert_int_equal(catalog_set_name(catalog, NAME_TASK, 0, "fping"), 0);
	assert_string_equal(catalog_name(catalog, NAME_TASK, 0), "fping");
	assert_int_equal(catalog_set_name(catalog, NAME_TASK, ~0ULL, ""), 0);
	assert_string_equal(catalog_name(catalog, NAME_TASK, ~0ULL), "");
}

/* The same ifindex in each namespace. */
static void devices_are_by_namespace(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();

	(void)state;
	assert_int_equal(catalog_set_name(catalog, NAME_DEVICE, 0xf000000800000002, "veth0"), 0);
	assert_int_equal(
		catalog_set_name(catalog, NAME_DEVICE, catalog_device_key(0xf0000009, 2), "veth1"),
		0);
	assert_string_equal(catalog_name(catalog, NAME_DEVICE, catalog_device_key(0xf0000008, 2)),
			    "veth0");
	assert_string_equal(catalog_name(catalog, NAME_DEVICE, 0xf000000900000002), "veth1");
}

static void names_are_safe(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	const struct path_frame frame = {.name = "icmp\33_rcv"};

	(void)state;
	for (int kind = 0; kind < NAME_KIND_MAX; kind++) {
		assert_int_equal(catalog_set_name(catalog, kind, 1, "\33]0;me\7\x7f"), 0);
		assert_string_equal(catalog_name(catalog, kind, 1), "?]0;me??");
	}
	assert_int_equal(catalog_set_path(catalog, 1, &frame, 1), 0);
	assert_string_equal(catalog_path(catalog, 1)->frames[0].name, "icmp?_rcv");
}

static void paths_are_copied_with_their_probes(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	char name[] = "icmp_rcv";
	const struct path_frame frames[] = {
		{.name = name, .offset = 0x1a3, .probe = 999},
		{.name = "consume_skb", .offset = 4}, /* both a tracepoint and a function */
		{.name = "ret_from_fork", .offset = 0x31},
		{.name = "raw_err"}, /* raw_icmp_error's older name */
	};
	const struct path *path;

	(void)state;
	assert_int_equal(catalog_set_path(catalog, 77, frames, 4), 0);
	name[0] = 'X';
	path = catalog_path(catalog, 77);
	assert_non_null(path);
	assert_int_equal(path->id, 77);
	assert_int_equal(path->count, 4);
	assert_string_equal(path->frames[0].name, "icmp_rcv");
	assert_int_equal(path->frames[0].offset, 0x1a3);
	assert_int_equal(path->frames[0].probe, ICMPX_FN_ICMP_RCV);
	assert_int_equal(path->frames[1].probe, ICMPX_FN_CONSUME_SKB);
	assert_int_equal(path->frames[1].offset, 4);
	assert_int_equal(path->frames[2].probe, -1);
	assert_int_equal(path->frames[3].probe, ICMPX_FN_RAW_ERR);
	assert_int_equal(catalog_set_path(catalog, 78, NULL, 0), 0);
	assert_int_equal(catalog_path(catalog, 78)->count, 0);
}

struct heard {
	int paths, names;
	__u32 id;
	enum name_kind kind;
	__u64 key;
	char text[64];
};

static void hear_path(void *data, const struct path *path)
{
	struct heard *heard = data;

	heard->paths++;
	heard->id = path->id;
}

static void hear_name(void *data, enum name_kind kind, __u64 key, const char *text)
{
	struct heard *heard = data;

	heard->names++;
	heard->kind = kind;
	heard->key = key;
	snprintf(heard->text, sizeof(heard->text), "%s", text);
}

static void listener_hears_new_names(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	struct heard heard = {0};
	const struct catalog_listener listener = {hear_path, hear_name, &heard};
	const char *kept;

	(void)state;
	catalog_set_name(catalog, NAME_TASK, 1, "before");
	catalog_listen(catalog, &listener);
	assert_int_equal(heard.names, 1); /* what was there */
	assert_int_equal(heard.key, 1);
	assert_string_equal(heard.text, "before");
	heard.names = 0;
	catalog_set_name(catalog, NAME_NETNS, 2, "red\n");
	assert_int_equal(heard.names, 1);
	assert_int_equal(heard.kind, NAME_NETNS);
	assert_int_equal(heard.key, 2);
	assert_string_equal(heard.text, "red?");
	kept = catalog_name(catalog, NAME_NETNS, 2);
	catalog_set_name(catalog, NAME_NETNS, 2, "red\n"); /* equal: kept */
	assert_int_equal(heard.names, 1);
	assert_ptr_equal(catalog_name(catalog, NAME_NETNS, 2), kept);
	catalog_set_name(catalog, NAME_NETNS, 2, "blue");
	assert_int_equal(heard.names, 2);
	assert_string_equal(heard.text, "blue");
	catalog_listen(catalog, NULL);
	catalog_set_name(catalog, NAME_NETNS, 2, "green");
	assert_int_equal(heard.names, 2);
	assert_int_equal(heard.paths, 0);
}

static void listener_hears_new_paths(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	struct heard heard = {0};
	const struct catalog_listener listener = {hear_path, hear_name, &heard};
	struct path_frame frames[] = {{.name = "ip_rcv", .offset = 1}, {.name = "icmp_rcv"}};
	const struct path *kept;

	(void)state;
	catalog_listen(catalog, &listener);
	catalog_set_path(catalog, 5, frames, 2);
	assert_int_equal(heard.paths, 1);
	assert_int_equal(heard.id, 5);
	kept = catalog_path(catalog, 5);
	catalog_set_path(catalog, 5, frames, 2);
	assert_int_equal(heard.paths, 1);
	assert_ptr_equal(catalog_path(catalog, 5), kept);
	frames[1].offset = 9; /* each part of it counts */
	catalog_set_path(catalog, 5, frames, 2);
	assert_int_equal(heard.paths, 2);
	assert_int_equal(catalog_path(catalog, 5)->frames[1].offset, 9);
	frames[0].name = "ipv6_rcv";
	catalog_set_path(catalog, 5, frames, 2);
	assert_int_equal(heard.paths, 3);
	assert_string_equal(catalog_path(catalog, 5)->frames[0].name, "ipv6_rcv");
	catalog_set_path(catalog, 5, frames, 1);
	assert_int_equal(heard.paths, 4);
	assert_int_equal(catalog_path(catalog, 5)->count, 1);
}

/* Keys of all bits, close together and far apart, each with a text of its own. */
static __u64 spread(unsigned int i)
{
	return i % 2 ? i : (__u64)i << 32 | 2;
}

static void full_refuses_new_ones_alone(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	const struct path_frame frame = {.name = "ip_rcv"};
	char text[16];

	(void)state;
	for (unsigned int i = 0; i < 65536; i++) {
		snprintf(text, sizeof(text), "%u", i);
		assert_int_equal(catalog_set_name(catalog, NAME_TASK, spread(i), text), 0);
		assert_int_equal(catalog_set_path(catalog, i, &frame, 1), 0);
	}
	assert_int_equal(catalog_set_name(catalog, NAME_TASK, spread(65536), "x"), -E2BIG);
	assert_int_equal(catalog_set_path(catalog, 65536, &frame, 1), -E2BIG);
	assert_null(catalog_name(catalog, NAME_TASK, spread(65536)));
	assert_null(catalog_path(catalog, 65536));
	assert_int_equal(catalog_set_name(catalog, NAME_TGID, 1, "x"), 0);
	for (unsigned int i = 0; i < 65536; i++) {
		snprintf(text, sizeof(text), "%u", i);
		assert_string_equal(catalog_name(catalog, NAME_TASK, spread(i)), text);
		assert_int_equal(catalog_path(catalog, i)->id, i);
	}
	assert_int_equal(catalog_set_name(catalog, NAME_TASK, spread(65535), "new"), 0);
	assert_string_equal(catalog_name(catalog, NAME_TASK, spread(65535)), "new");
}

static void too_long_is_refused(void **state)
{
	_cleanup_(catalog) struct catalog *catalog = catalog_new();
	struct path_frame frames[ICMPX_STACK_MAX + 1];
	char text[513];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[512] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(frames); i++)
		frames[i] = (struct path_frame){.name = text + 1};
	assert_int_equal(catalog_set_name(catalog, NAME_SYMBOL, 1, text), -E2BIG);
	assert_null(catalog_name(catalog, NAME_SYMBOL, 1));
	assert_int_equal(catalog_set_name(catalog, NAME_SYMBOL, 1, text + 1), 0);
	assert_int_equal(strlen(catalog_name(catalog, NAME_SYMBOL, 1)), 511);
	assert_int_equal(catalog_set_path(catalog, 1, frames, 65), -E2BIG);
	assert_null(catalog_path(catalog, 1));
	assert_int_equal(catalog_set_path(catalog, 1, frames, 64), 0);
	assert_string_equal(catalog_path(catalog, 1)->frames[63].name, text + 1);
	frames[63].name = text;
	assert_int_equal(catalog_set_path(catalog, 1, frames, 64), -E2BIG);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(unknown_is_null),
	cmocka_unit_test(names_are_copied),
	cmocka_unit_test(devices_are_by_namespace),
	cmocka_unit_test(names_are_safe),
	cmocka_unit_test(paths_are_copied_with_their_probes),
	cmocka_unit_test(listener_hears_new_names),
	cmocka_unit_test(listener_hears_new_paths),
	cmocka_unit_test(full_refuses_new_ones_alone),
	cmocka_unit_test(too_long_is_refused),
};

UNIT_MAIN(tests)
