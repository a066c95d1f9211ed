// SPDX-License-Identifier: GPL-2.0-only
/* What people and programs read: text line by line, JSON by its members. */
#include "unit.h"

#include <arpa/inet.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "render.h"
#include "util.h"

static struct counters *snapshot(__u64 seconds, __u64 replies)
{
	struct counters *counters = counters_new(2);

	counters->taken = seconds * 1000000000;
	counters->cpu[ICMPX_REPLIED_V4] = (struct icmpx_counter){replies, replies * 98};
	counters->cpu[COUNTER_MAX + ICMPX_REPLIED_V6] = (struct icmpx_counter){2, 236};
	counters->cpu[COUNTER_LESSONS + ICMPX_LEARNED] = (struct icmpx_counter){1, 98};
	counters_add_up(counters);
	return counters;
}

static const struct attachment attached = {
	.dir = {.path = "/sys/fs/bpf/icmpx/7-2", .netns = 7, .ifindex = 2},
	.state = STATE_ATTACHED,
	.ifname = "eth0",
	.mode = MODE_NATIVE,
	.echo_id = 42,
	.learn_id = 41,
	.present = true,
	.has_config = true,
	.config = {.families = ICMPX_IPV4 | ICMPX_IPV6,
		   .leased = ICMPX_IPV4 | ICMPX_IPV6,
		   .lease_s = 10,
		   .attached = 1136214245,
		   .ifname = "eth0",
		   .version = "1.2.3"},
};

static const struct stats_view once = {};
static const struct stats_view watched = {.rates = true, .oneline = true};

static struct stats_interface interface_of(struct counters *before, struct counters *now)
{
	return (struct stats_interface){
		.attachment = attached, .before = before, .now = now, .shown = true};
}

static char *stats_text(const struct stats *stats, const struct stats_view *view)
{
	struct capture capture;

	render_stats_text(capture_begin(&capture), stats, view);
	return capture_end(&capture);
}

static struct json_object *stats_json(const struct stats *stats, const struct stats_view *view)
{
	struct json_object *document;
	struct capture capture;
	char *text;

	render_stats_json(capture_begin(&capture), stats, view);
	text = capture_end(&capture);
	if (view->oneline)
		assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	document = json_tokener_parse(text);
	assert_non_null(document);
	free(text);
	return document;
}

/* By a path of members; a number is an index of an array. */
static struct json_object *at(struct json_object *object, const char *path)
{
	struct json_object *found;

	if (json_pointer_get(object, path, &found))
		fail_msg("no %s", path);
	return found;
}

static void stats_as_text(void **state)
{
	struct stats_interface interface = interface_of(NULL, snapshot(1, 1500));
	struct stats stats = {
		.interfaces = &interface,
		.count = 1,
		.kernel = {.v4 = {true, 5, 4}, .v6 = {true, 1, 1}},
	};
	char *text = stats_text(&stats, &once);

	(void)state;
	assert_string_equal(
		text, "eth0: native, since 2006-01-02 15:04:05\n"
		      "VERDICT     FRAMES   BYTES  MEANING\n"
		      "replied_v4    1500  147.0k  IPv4 echo request, answered at the driver\n"
		      "replied_v6       2     236  IPv6 echo request, answered at the driver\n"
		      "LESSON\n"
		      "learned          1      98  new lease\n"
		      "\n"
		      "PINGS ANSWERED                                     IPV4  IPV6  BOTH\n"
		      "by icmpx, since it was attached                    1500     2  1502\n"
		      "by the kernel, since this network namespace began     4     1     5\n"
		      "together                                           1504     3  1507\n");
	free(text);
	free(interface.now);
}

static void stats_of_each_processor(void **state)
{
	static const struct stats_view view = {.per_cpu = true};
	struct stats_interface interface = interface_of(NULL, snapshot(1, 1500));
	struct stats stats = {.interfaces = &interface, .count = 1};
	char *text = stats_text(&stats, &view);

	(void)state;
	assert_non_null(strstr(text, "replied_v4    1500  147.0k  IPv4 echo request, answered at "
				     "the driver\n"
				     "  cpu 0       1500  147.0k\n"
				     "replied_v6       2     236  "));
	assert_non_null(strstr(text, "  cpu 1          2     236\n"));
	free(text);
	free(interface.now);
}

/* With -v there is a row for every verdict and lesson, in the list's order. */
static void stats_with_zeros(void **state)
{
	static const struct stats_view view = {.zeros = true};
	static const char *const names[] = {
#define X(id, action, name, help) "\n" name " ",
		ICMPX_VERDICTS(X)
#undef X
#define X(id, name, help) "\n" name " ",
			ICMPX_LESSONS(X)
#undef X
	};
	struct stats_interface interface = interface_of(NULL, counters_new(1));
	struct stats stats = {.interfaces = &interface, .count = 1};
	char *text = stats_text(&stats, &view), *pos = text;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		pos = strstr(pos, names[i]);
		assert_non_null(pos);
	}
	free(text);
	free(interface.now);
}

static void stats_of_nothing(void **state)
{
	struct stats_interface interface = interface_of(NULL, counters_new(1));
	struct stats stats = {.interfaces = &interface, .count = 1};
	char *text = stats_text(&stats, &once);

	(void)state;
	assert_non_null(strstr(text, "\nno frame yet\n"));
	free(text);
	free(interface.now);
}

static void stats_rates(void **state)
{
	struct stats_interface interface = interface_of(snapshot(1, 1500), snapshot(3, 4500));
	struct stats stats = {
		.interfaces = &interface,
		.count = 1,
		.kernel = {.v4 = {true, 9, 8}},
		.kernel_before = {.v4 = {true, 5, 4}},
		.seconds = 2,
	};
	char *text = stats_text(&stats, &watched);

	(void)state;
	assert_non_null(strstr(text, "replied_v4       4500    1.5k  441.0k  147.0k  IPv4"));
	assert_non_null(strstr(text, "replied_v6          2       0     236       0  IPv6"));
	assert_non_null(strstr(text, "by icmpx, since it was attached                    4500     2"
				     "  4502    1.5k\n"));
	assert_non_null(strstr(text, "     8     0     8     2.0\n"));
	free(text);
	free(interface.before);
	interface.before = NULL;
	stats.seconds = 0;
	text = stats_text(&stats, &watched);
	assert_non_null(strstr(text, "replied_v4       4500       -  441.0k       -  IPv4"));
	free(text);
	free(interface.now);
}

static void stats_as_json(void **state)
{
	struct stats_interface interfaces[] = {
		interface_of(snapshot(1, 1500), snapshot(3, 4500)),
		interface_of(NULL, snapshot(3, 7)),
	};
	struct stats stats = {
		.taken = 1136214300,
		.interfaces = interfaces,
		.count = 2,
		.kernel = {.v4 = {true, 9, 8}},
		.seconds = 2,
	};
	struct json_object *json;

	(void)state;
	interfaces[1].shown = false; /* not named, but it has answered */
	json = stats_json(&stats, &watched);
	assert_int_equal(json_object_array_length(at(json, "/interfaces")), 1);
	assert_int_equal(json_object_object_length(at(json, "/interfaces/0/verdicts")),
			 ICMPX_VERDICT_MAX);
	assert_int_equal(json_object_object_length(at(json, "/interfaces/0/lessons")),
			 ICMPX_LESSON_MAX);
	assert_string_equal(
		json_object_get_string(at(json, "/interfaces/0/verdicts/replied_v4/action")), "TX");
	assert_int_equal(
		json_object_get_int64(at(json, "/interfaces/0/verdicts/replied_v4/frames")), 4500);
	assert_true(json_object_get_double(at(
			    json, "/interfaces/0/verdicts/replied_v4/frames_per_second")) == 1500);
	assert_null(at(json, "/kernel/ipv6"));
	assert_int_equal(json_object_get_int64(at(json, "/kernel/ipv4/in_echos")), 9);
	assert_int_equal(json_object_get_int64(at(json, "/answered/icmpx_since_attach")), 4502 + 9);
	assert_int_equal(json_object_get_int64(at(json, "/answered/total")), 4502 + 9 + 8);
	json_object_put(json);
	free(interfaces[0].before);
	free(interfaces[0].now);
	free(interfaces[1].now);
}

static const struct lease_row leases[] = {
	{.ifname = "eth0",
	 .age = 75,
	 .remaining = 9.94,
	 .lease = {.ttl = 64, .max_len = 84, .served = 12345, .peer_mac = {2, 0, 0, 0, 0, 1}}},
	{.ifname = "eth0", .v6 = true, .any_peer = true, .remaining = -3, .lease = {.ttl = 255}},
};

static void fill_leases(struct lease_row *rows)
{
	memcpy(rows, leases, sizeof(leases));
	rows[0].flow.peer[0] = htonl(0x0a000002);
	rows[0].flow.local[0] = htonl(0x0a000001);
	rows[0].flow.vlan = ICMPX_VLAN_PRESENT | 100;
	rows[1].flow.local[0] = htonl(0x20010db8);
}

static void leases_as_text(void **state)
{
	struct lease_row rows[2];
	struct capture capture;
	char *text;

	(void)state;
	fill_leases(rows);
	render_leases_text(capture_begin(&capture), rows, 2, false);
	text = capture_end(&capture);
	assert_string_equal(text,
			    "IFACE  PEER      LOCAL     VLAN    AGE  EXPIRES  TTL  MAXLEN  SERVED\n"
			    "eth0   10.0.0.2  10.0.0.1   100  1m15s     9.9s   64      84   12345\n"
			    "1 valid, 1 expired (-v shows them)\n");
	free(text);
	render_leases_text(capture_begin(&capture), rows, 2, true);
	text = capture_end(&capture);
	assert_non_null(strstr(text, "eth0   any       2001:db8::     -     0s  expired  255 "));
	assert_non_null(strstr(text, "1 valid, 1 expired\n"));
	free(text);
	render_leases_text(capture_begin(&capture), NULL, 0, false);
	text = capture_end(&capture);
	assert_string_equal(text, "0 valid, 0 expired\n");
	free(text);
}

static void leases_as_json(void **state)
{
	struct lease_row rows[2];
	struct json_object *json;
	struct capture capture;
	char *text;

	(void)state;
	fill_leases(rows);
	render_leases_json(capture_begin(&capture), rows, 2);
	text = capture_end(&capture);
	json = json_tokener_parse(text);
	assert_string_equal(json_object_get_string(at(json, "/leases/0/peer")), "10.0.0.2");
	assert_string_equal(json_object_get_string(at(json, "/leases/0/peer_mac")),
			    "02:00:00:00:00:01");
	assert_int_equal(json_object_get_int(at(json, "/leases/0/vlan/0/id")), 100);
	assert_false(json_object_get_boolean(at(json, "/leases/0/expired")));
	assert_null(at(json, "/leases/1/peer"));
	assert_null(at(json, "/leases/1/peer_mac"));
	assert_true(json_object_get_boolean(at(json, "/leases/1/expired")));
	json_object_put(json);
	free(text);
}

static char *status_text(const struct attachment *list, size_t count)
{
	struct capture capture;

	render_status_text(capture_begin(&capture), list, count);
	return capture_end(&capture);
}

static void status_as_text(void **state)
{
	struct attachment a = attached;
	char *text = status_text(&a, 1);

	(void)state;
	assert_string_equal(text, "eth0: attached, native, since 2006-01-02 15:04:05\n"
				  "  trust flow, lease 10 s\n"
				  "  programs 42 (XDP native), 41 (tc egress)\n"
				  "  pins /sys/fs/bpf/icmpx/7-2\n");
	free(text);
	a.config.leased = ICMPX_IPV4;
	text = status_text(&a, 1);
	assert_non_null(strstr(text, "\n  no leases of IPv6: when it was attached"));
	free(text);
	strcpy(a.others, "eth1");
	text = status_text(&a, 1);
	assert_non_null(strstr(text, "requests can come in by eth1, too"));
	free(text);
	*a.others = '\0';
	a.config.any_iif = 1;
	a.config.leased = ICMPX_IPV4 | ICMPX_IPV6;
	text = status_text(&a, 1);
	assert_non_null(strstr(text, "  trust flow, lease 10 s, any interface\n"));
	free(text);
	a.config.any_iif = 0;
	a.config.limit_pps = 100;
	a.config.limit_burst = 20;
	a.config.limit_new_pps = 7;
	a.config.observe = 1;
	a.config.trust = ICMPX_TRUST_ADDRESS;
	a.config.families = ICMPX_IPV6;
	a.dispatcher = true;
	text = status_text(&a, 1);
	assert_non_null(strstr(text,
			       "  trust address, lease 10 s, limit 100/s (burst 20) a source, "
			       "limit-new 7/s, IPv6 only, observe: answers nothing\n"));
	assert_non_null(strstr(text, "42 (XDP native, in libxdp's dispatcher), 41"));
	free(text);
	text = status_text(NULL, 0);
	assert_string_equal(text, "icmpx is attached nowhere\n");
	free(text);
}

/* What is not whole says why, and what to do. */
static void status_of_remains(void **state)
{
	struct attachment a = attached;
	char *text;

	(void)state;
	a.state = STATE_PARTIAL;
	a.reason = "the learner is missing";
	a.learn_id = 0;
	text = status_text(&a, 1);
	assert_non_null(strstr(text, "eth0: partial: the learner is missing, since"));
	assert_non_null(strstr(text, "  programs 42 (XDP native)\n"));
	assert_non_null(strstr(text, "  attach again to complete, or detach\n"));
	free(text);
	a.state = STATE_STALE;
	a.reason = "the interface is gone";
	a.echo_id = 0;
	a.has_config = false;
	*a.ifname = '\0';
	text = status_text(&a, 1);
	assert_string_equal(text, "(unknown name): stale: the interface is gone\n"
				  "  pins /sys/fs/bpf/icmpx/7-2\n"
				  "  `icmpx detach --all` removes it\n");
	free(text);
}

static void status_as_json(void **state)
{
	struct attachment list[2] = {attached, {.state = STATE_STALE, .reason = "gone"}};
	struct json_object *json;
	struct capture capture;
	char *text;

	(void)state;
	render_status_json(capture_begin(&capture), list, 2);
	text = capture_end(&capture);
	json = json_tokener_parse(text);
	assert_int_equal(json_object_get_int(at(json, "/attachments/0/echo_prog_id")), 42);
	assert_string_equal(json_object_get_string(at(json, "/attachments/0/state")), "attached");
	assert_string_equal(json_object_get_string(at(json, "/attachments/0/options/trust")),
			    "flow");
	assert_null(at(json, "/attachments/0/options/limit_frames_per_second"));
	assert_null(at(json, "/attachments/1/mode"));
	assert_null(at(json, "/attachments/1/options"));
	json_object_put(json);
	free(text);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(stats_as_text),    cmocka_unit_test(stats_of_each_processor),
	cmocka_unit_test(stats_with_zeros), cmocka_unit_test(stats_of_nothing),
	cmocka_unit_test(stats_rates),      cmocka_unit_test(stats_as_json),
	cmocka_unit_test(leases_as_text),   cmocka_unit_test(leases_as_json),
	cmocka_unit_test(status_as_text),   cmocka_unit_test(status_of_remains),
	cmocka_unit_test(status_as_json),
};

int main(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
