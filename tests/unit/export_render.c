// SPDX-License-Identifier: GPL-2.0-only
/* A whole page: each family of the list once, with the labels that the list says, and with the
 * numbers that went in. */
#include "unit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "export_data.h"
#include "util.h"

static const struct {
	const char *name, *labels;
} listed[] = {
#define INFO                                    "_info"
#define COUNTER                                 "_total"
#define GAUGE                                   ""
#define HISTOGRAM                               ""
#define X(id, type, family, unit, labels, help) {family type, labels},
	METRICS(X)
#undef X
};

static struct export_interface interface_of(const char *name, __u32 ifindex, __u64 packets)
{
	struct export_interface interface = {
		.attachment = {.dir = {.netns = 4026531840, .ifindex = ifindex},
			       .mode = MODE_GENERIC,
			       .has_config = true,
			       .config = {.trust = ICMPX_TRUST_ADDRESS,
					  .families = ICMPX_IPV4 | ICMPX_IPV6,
					  .lease_s = 10,
					  .limit_pps = 7,
					  .attached = 1700000000,
					  .version = "9.9"}},
		.counters = counters_new(1),
		.valid = {3, 1},
		.expired = {2, 0},
	};

	snprintf(interface.attachment.ifname, sizeof(interface.attachment.ifname), "%s", name);
	for (int i = 0; i < COUNTER_MAX; i++)
		interface.counters->cpu[i] = (struct icmpx_counter){packets + i, 100 * i};
	counters_add_up(interface.counters);
	return interface;
}

static struct export_trace *traced(void)
{
	struct export_trace *trace = calloc(1, sizeof(*trace));

	assert_non_null(trace);
	trace->counts.ends[PING_NO_REPLY] = 4;
	trace->counts.lost = 5;
	trace->buckets.seen[STAGE_WIRE][ICMPX_KIND_REQUEST][SIDE_SENDER] = true;
	trace->buckets.stages[STAGE_WIRE][ICMPX_KIND_REQUEST][SIDE_SENDER].counts[1] = 6;
	snprintf(trace->header.backend, sizeof(trace->header.backend), "tp");
	return trace;
}

static char *page(enum metrics_format format, bool full)
{
	static const struct export_answers answers[] = {{200, 8}};
	const struct export_self self = {.answers = answers, .answer_count = 1, .cut_off = 9};
	struct export_interface interfaces[] = {interface_of("eth0", 2, 1000),
						interface_of("we\"ird", 3, 2000)};
	const struct export_data data = {
		.states = {[STATE_ATTACHED] = 2, [STATE_STALE] = 1},
		.interfaces = interfaces,
		.count = ARRAY_SIZE(interfaces),
		.kernel = {.v4 = {.known = true,
				  .in_echos = 11,
				  .out_replies = 10,
				  .has_limited_host = true,
				  .limited_host = 12},
			   .v6 = {.known = true, .checksum_errors = 13}},
	};
	struct export_trace *trace = traced();
	struct capture capture = {};

	render_metrics(capture_begin(&capture), format, &data, full ? trace : NULL,
		       full ? &self : NULL);
	capture_end(&capture);
	for (size_t i = 0; i < ARRAY_SIZE(interfaces); i++)
		free(interfaces[i].counters);
	free(trace);
	return capture.text;
}

static void has(const char *text, const char *line)
{
	const char *at = strstr(text, line);

	if (!at || at == text || at[-1] != '\n' || at[strlen(line)] != '\n')
		fail_msg("no line: %s", line);
}

static void numbers(void **state)
{
	_cleanup_(free) char *text = page(METRICS_OPENMETRICS, true);

	(void)state;
	has(text, "icmpx_attachments{state=\"stale\"} 1");
	has(text, "icmpx_attachment_info{device=\"eth0\",ifindex=\"2\",netns=\"4026531840\","
		  "state=\"attached\",mode=\"generic\",trust=\"address\",families=\"ipv4,ipv6\","
		  "observe=\"false\",dispatcher=\"false\",version=\"9.9\"} 1");
	has(text, "icmpx_attachment_start_time_seconds{device=\"eth0\",ifindex=\"2\"} 1700000000");
	has(text, "icmpx_attachment_limit_frames_per_second{device=\"eth0\",ifindex=\"2\","
		  "limit=\"source\"} 7");
	assert_null(strstr(text, "limit=\"new\""));
	has(text, "icmpx_verdict_frames_total{device=\"eth0\",ifindex=\"2\",verdict=\"replied_v4\","
		  "action=\"TX\"} 1000");
	has(text, "icmpx_verdict_frames_total{device=\"we\\\"ird\",ifindex=\"3\","
		  "verdict=\"replied_v6\",action=\"TX\"} 2001");
	has(text, "icmpx_verdict_bytes_total{device=\"eth0\",ifindex=\"2\",verdict=\"replied_v6\","
		  "action=\"TX\"} 100");
	has(text, "icmpx_leases{device=\"eth0\",ifindex=\"2\",family=\"ipv4\",state=\"valid\"} 3");
	has(text,
	    "icmpx_leases{device=\"eth0\",ifindex=\"2\",family=\"ipv4\",state=\"expired\"} 2");
	has(text, "icmpx_kernel_echo_requests_total{family=\"ipv4\"} 11");
	has(text, "icmpx_kernel_icmp_rate_limited_total{family=\"ipv4\",limit=\"host\"} 12");
	assert_null(strstr(text, "limit=\"global\""));
	has(text, "icmpx_kernel_icmp_checksum_errors_total{family=\"ipv6\"} 13");
	has(text, "icmpx_trace_pings_total{end=\"no_reply\"} 4");
	has(text, "icmpx_trace_lost_events_total 5");
	has(text, "icmpx_trace_stage_duration_seconds_bucket{stage=\"wire\",leg=\"request\","
		  "side=\"sender\",le=\"0.000001024\"} 6");
	has(text, "icmpx_export_http_responses_total{code=\"200\"} 8");
	has(text, "icmpx_export_http_cut_off_total 9");
}

/* "a, b" of the sample's braces, without "le". */
static void labels_of(const char *sample, char *labels, size_t size)
{
	bool quoted = false;
	size_t used = 0;

	labels[0] = '\0';
	for (const char *at = strpbrk(sample, "{ ");
	     at && *at && (quoted || (*at != ' ' && *at != '}')); at++) {
		if (*at == '\\')
			at++;
		else if (*at == '"')
			quoted = !quoted;
		else if (*at == ',' && !quoted && used + 2 < size)
			used += snprintf(labels + used, size - used, ", ");
		else if (!quoted && (islower((unsigned char)*at) || *at == '_') && used + 1 < size)
			labels[used++] = *at, labels[used] = '\0';
	}
	if (used >= 2 && !strcmp(labels + used - 2, "le"))
		labels[used >= 4 ? used - 4 : 0] = '\0';
}

/* Of a sample's name; -1: none. A histogram's samples have more behind it. */
static int index_of(const char *line)
{
	static const char *const more[] = {"", "_bucket", "_sum", "_count"};
	size_t length = strcspn(line, "{ ");

	for (size_t i = 0; i < ARRAY_SIZE(listed); i++)
		for (size_t j = 0; j < ARRAY_SIZE(more); j++) {
			size_t name = strlen(listed[i].name);

			if (length == name + strlen(more[j]) &&
			    !strncmp(line, listed[i].name, name) &&
			    !strncmp(line + name, more[j], strlen(more[j])))
				return i;
		}
	return -1;
}

/* Samples of a family stand together, as both formats demand. */
static void as_listed(enum metrics_format format)
{
	_cleanup_(free) char *text = page(format, true);
	bool seen[ARRAY_SIZE(listed)] = {};
	char *rest = text, *line, labels[200];
	int last = -1;

	while ((line = strsep(&rest, "\n"))) {
		int at;

		if (!*line || *line == '#')
			continue;
		at = index_of(line);
		if (at < 0)
			fail_msg("not in the list: %s", line);
		labels_of(line, labels, sizeof(labels));
		assert_string_equal(labels, listed[at].labels);
		if (at != last && seen[at])
			fail_msg("not together: %s", line);
		seen[at] = true;
		last = at;
	}
	for (size_t i = 0; i < ARRAY_SIZE(listed); i++)
		if (!seen[i])
			fail_msg("no sample of %s", listed[i].name);
}

static void as_listed_in_both(void **state)
{
	(void)state;
	as_listed(METRICS_TEXT);
	as_listed(METRICS_OPENMETRICS);
}

/* In node_exporter's file names of its own would clash. */
static void without_server_and_trace(void **state)
{
	_cleanup_(free) char *text = page(METRICS_TEXT, false);

	(void)state;
	assert_non_null(strstr(text, "icmpx_export_collect_duration_seconds"));
	assert_null(strstr(text, "process_"));
	assert_null(strstr(text, "http"));
	assert_null(strstr(text, "trace"));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(numbers),
	cmocka_unit_test(as_listed_in_both),
	cmocka_unit_test(without_server_and_trace),
};

UNIT_MAIN(tests)
