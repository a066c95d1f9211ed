// SPDX-License-Identifier: GPL-2.0-only
/* The screen of stats --watch: what is sampled, and that lines keep within the terminal. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "render_watch.h"
#include "text_line.h"

/* So many replies over IPv4, after so many seconds; `id` is that of the maps. */
static struct counters *snapshot(__u64 seconds, __u64 replies, __u32 id)
{
	struct counters *counters = counters_new(1);

	counters->taken = seconds * 1000000000;
	counters->map_ids[0] = counters->map_ids[1] = id;
	counters->cpu[ICMPX_REPLIED_V4] = (struct icmpx_counter){replies, replies * 98};
	counters_add_up(counters);
	return counters;
}

static struct stats_interface interface_of(struct counters *before, struct counters *now)
{
	return (struct stats_interface){
		.attachment = {.ifname = "eth0",
			       .mode = MODE_NATIVE,
			       .has_config = true,
			       .config = {.families = ICMPX_IPV4 | ICMPX_IPV6,
					  .lease_s = 10,
					  .limit_pps = 1000,
					  .limit_burst = 100,
					  .limit_new_pps = 50}},
		.now = now,
		.before = before,
		.shown = true,
		.has_leases = true,
		.leases_v4 = 3,
		.leases_v6 = 1,
	};
}

static void free_interface(struct stats_interface *interface)
{
	free(interface->now);
	free(interface->before);
}

/* One round: the rate of icmpx and of the kernel. */
static void sample(struct watch *watch, struct counters *before, struct counters *now,
		   __u64 kernel_before, __u64 kernel)
{
	struct stats_interface interface = interface_of(before, now);

	watch->stats = (struct stats){
		.interfaces = &interface,
		.count = 1,
		.kernel = {.v4 = {.known = true, .out_replies = kernel}},
		.kernel_before = {.v4 = {.known = true, .out_replies = kernel_before}},
		.seconds = before ? 2 : 0,
	};
	watch_sample(watch);
	free_interface(&interface);
}

static void samples(void **state)
{
	struct watch watch = {.interval = 2};

	(void)state;
	sample(&watch, NULL, snapshot(1, 7, 1), 0, 5);
	assert_true(isnan(spark_last(&watch.icmpx)) && isnan(spark_last(&watch.by_kernel)));
	sample(&watch, snapshot(1, 7, 1), snapshot(3, 27, 1), 5, 11);
	assert_true(spark_last(&watch.icmpx) == 10 && spark_last(&watch.by_kernel) == 3);
	/* Attached anew: other maps, which have counted less. */
	sample(&watch, snapshot(3, 27, 1), snapshot(5, 4, 2), 11, 11);
	assert_true(isnan(spark_last(&watch.icmpx)) && spark_last(&watch.by_kernel) == 0);
	/* The same maps, emptied. */
	sample(&watch, snapshot(5, 4, 2), snapshot(7, 1, 2), 11, 2);
	assert_true(isnan(spark_last(&watch.icmpx)) && isnan(spark_last(&watch.by_kernel)));
	sample(&watch, snapshot(7, 1, 2), snapshot(9, 1, 2), 2, 2);
	assert_true(spark_last(&watch.icmpx) == 0 && spark_last(&watch.by_kernel) == 0);
	assert_true(spark_most(&watch.icmpx) == 10);
}

static char *text_of(struct watch *watch, const struct stats_view *view)
{
	struct capture capture;

	render_watch_text(capture_begin(&capture), watch, view);
	return capture_end(&capture);
}

/* Every counter, at every width: nothing is cut off but numbers of a window that is too small
 * for any, and of 45 columns on all meanings are there. */
static void widths(void **state)
{
	static const char *const meanings[] = {
#define X(id, action, name, help) help,
		ICMPX_VERDICTS(X)
#undef X
#define X(id, name, help) help,
			ICMPX_LESSONS(X)
#undef X
	};
	struct stats_interface interface =
		interface_of(snapshot(1, 7, 1), snapshot(3, 123456789, 1));
	struct watch watch = {
		.interval = 1,
		.kernel = "6.12.0-a-rather-long-name-of-a-kernel",
		.stats = {.interfaces = &interface, .count = 1, .seconds = 2},
	};

	(void)state;
	for (unsigned int width = 72; width < 240; width++) {
		const struct stats_view view = {
			.zeros = true, .rates = true, .details = true, .width = width};
		char *text = text_of(&watch, &view), words[16384] = "";

		for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
			if (text_columns(line) > width)
				fail_msg("%u columns: %s", width, line);
			/* A meaning's further lines follow its first one. */
			line += line[0] == ' ' ? strspn(line, " ") - 1 : 0;
			strcat(words, line);
		}
		for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
			if (!strstr(words, meanings[i]))
				fail_msg("%u columns: no '%s'", width, meanings[i]);
		assert_int_equal(!!strstr(words, "BYTES"), width >= 101);
		free(text);
	}
	free_interface(&interface);
}

static void small_windows(void **state)
{
	struct stats_interface interface =
		interface_of(snapshot(1, 7, 1), snapshot(3, 123456789, 1));
	struct watch watch = {
		.kernel = "6.12",
		.stats = {.interfaces = &interface, .count = 1, .seconds = 2},
	};

	(void)state;
	for (unsigned int width = 1; width < 60; width++) {
		const struct stats_view view = {.rates = true, .details = true, .width = width};
		char *text = text_of(&watch, &view);

		assert_non_null(strstr(text, "\nreplied_v4  123456789"));
		assert_int_equal(!!strstr(text, "MEANING"), width >= 55);
		free(text);
	}
	free_interface(&interface);
}

/* The kernel lets names of interfaces have any characters but blanks, '/' and ':'. */
static void hostile_names(void **state)
{
	static const struct stats_view view = {.rates = true, .details = true, .width = 80};
	struct stats_interface interface = interface_of(NULL, snapshot(3, 1, 1));
	struct watch watch = {
		.kernel = "6.12",
		.stats = {.interfaces = &interface, .count = 1},
	};
	char *text;

	(void)state;
	strcpy(interface.attachment.ifname, "a\033[2J\x9b\x07z");
	text = text_of(&watch, &view);
	assert_non_null(strstr(text, "a\\x1b[2J\\x9b\\x07z: native"));
	assert_null(strchr(text, '\033'));
	free(text);
	free_interface(&interface);
}

static void what_is_attached(void **state)
{
	static const struct stats_view view = {.rates = true, .details = true, .width = 120};
	struct stats_interface interface = interface_of(NULL, snapshot(3, 1, 1));
	struct watch watch = {
		.kernel = "6.12",
		.interval = 5,
		.stats = {.interfaces = &interface, .count = 1},
	};
	char *text = text_of(&watch, &view);

	(void)state;
	assert_non_null(strstr(text, ", every 5 s, Linux 6.12\n"));
	assert_non_null(strstr(text,
			       "\n  trust flow, lease 10 s, limit 1000/s (burst 100) a source, "
			       "limit-new 50/s; leases: 3 IPv4, 1 IPv6\n"));
	free(text);
	watch.stats.count = 0;
	text = text_of(&watch, &view);
	assert_non_null(strstr(text, "attached nowhere"));
	free(text);
	free_interface(&interface);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(samples),          cmocka_unit_test(widths),
	cmocka_unit_test(small_windows),    cmocka_unit_test(hostile_names),
	cmocka_unit_test(what_is_attached),
};

UNIT_MAIN(tests)
