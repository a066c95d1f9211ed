// SPDX-License-Identifier: GPL-2.0-only
/* The text formats, the choice between them, and the histograms of stages. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "gzip.h"
#include "http.h"
#include "metrics.h"
#include "stage_buckets.h"

#define CHECK(call, want)                                                                          \
	do {                                                                                       \
		struct capture capture_ = {};                                                      \
		struct metrics metrics = {.out = capture_begin(&capture_)};                        \
		call;                                                                              \
		assert_string_equal(capture_end(&capture_), want);                                 \
		free(capture_.text);                                                               \
	} while (0)

static void family(struct metrics *metrics, enum metrics_format format, enum metric id)
{
	metrics->format = format;
	metrics_family(metrics, id);
}

/* OpenMetrics 1.0: _total and _info are of the sample, not of the family; the unit is its last
 * word. In the format 0.0.4 the family is called as its samples, and info is unknown. */
static void families(void **state)
{
	(void)state;
	CHECK(family(&metrics, METRICS_OPENMETRICS, METRIC_VERDICT_BYTES),
	      "# HELP icmpx_verdict_bytes Bytes of those frames, Ethernet header included.\n"
	      "# TYPE icmpx_verdict_bytes counter\n"
	      "# UNIT icmpx_verdict_bytes bytes\n");
	CHECK(family(&metrics, METRICS_TEXT, METRIC_VERDICT_BYTES),
	      "# HELP icmpx_verdict_bytes_total Bytes of those frames, Ethernet header included.\n"
	      "# TYPE icmpx_verdict_bytes_total counter\n");
	CHECK(family(&metrics, METRICS_OPENMETRICS, METRIC_BUILD),
	      "# HELP icmpx_build The program that answers.\n# TYPE icmpx_build info\n");
	CHECK(family(&metrics, METRICS_TEXT, METRIC_BUILD),
	      "# HELP icmpx_build_info The program that answers.\n# TYPE icmpx_build_info gauge\n");
}

static void value(struct metrics *metrics, const char *text)
{
	const struct metric_labels labels = {.list = {{"version", text}}, .count = 1};

	metrics->family = METRIC_BUILD;
	metrics_number(metrics, &labels, 1);
}

static void escaping(void **state)
{
	(void)state;
	CHECK(value(&metrics, "a\\b\"c\nd"), "icmpx_build_info{version=\"a\\\\b\\\"c\\nd\"} 1\n");
	CHECK(value(&metrics, NULL), "icmpx_build_info{version=\"\"} 1\n");
	CHECK(value(&metrics, "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7"),
	      "icmpx_build_info{version=\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7\"} 1\n");
	/* Not UTF-8: a lone byte, a cut-off character, overlong, a surrogate, above U+10FFFF. */
	CHECK(value(&metrics, "a\xff"
			      "b"),
	      "icmpx_build_info{version=\"a\xef\xbf\xbd"
	      "b\"} 1\n");
	CHECK(value(&metrics, "\xe2\x82"),
	      "icmpx_build_info{version=\"\xef\xbf\xbd\xef\xbf\xbd\"} 1\n");
	CHECK(value(&metrics, "\xc0\x80"),
	      "icmpx_build_info{version=\"\xef\xbf\xbd\xef\xbf\xbd\"} 1\n");
	CHECK(value(&metrics, "\xed\xa0\x80"),
	      "icmpx_build_info{version=\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"} 1\n");
	CHECK(value(&metrics, "\xf4\x90\x80\x80"),
	      "icmpx_build_info{version=\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"} 1\n");
	CHECK(value(&metrics, "\xc3\n"), "icmpx_build_info{version=\"\xef\xbf\xbd\\n\"} 1\n");
}

static void large(struct metrics *metrics)
{
	metrics->family = METRIC_TRACE_EVENTS;
	metrics_number(metrics, NULL, ~0ull);
	metrics->family = METRIC_COLLECT;
	metrics_real(metrics, NULL, 0.000125);
}

static void numbers(void **state)
{
	(void)state;
	CHECK(large(&metrics), "icmpx_trace_events_total 18446744073709551615\n"
			       "icmpx_export_collect_duration_seconds 0.000125\n");
}

static void histogram(struct metrics *metrics)
{
	static const __u64 bounds[] = {512, 1024, 1ull << 33}, counts[] = {3, 0, 2, 1};
	const struct metric_buckets buckets = {bounds, counts, 3, 12000000001};
	const struct metric_labels labels = {.list = {{"leg", "reply"}}, .count = 1};

	metrics->family = METRIC_STAGE_SECONDS;
	metrics_histogram(metrics, &labels, &buckets);
}

/* Buckets hold what is below, too; bounds are exact decimals. */
static void histograms(void **state)
{
#define NAME "icmpx_trace_stage_duration_seconds"
	(void)state;
	CHECK(histogram(&metrics),
	      NAME "_bucket{leg=\"reply\",le=\"0.000000512\"} 3\n" NAME
		   "_bucket{leg=\"reply\",le=\"0.000001024\"} 3\n" NAME
		   "_bucket{leg=\"reply\",le=\"8.589934592\"} 5\n" NAME
		   "_bucket{leg=\"reply\",le=\"+Inf\"} 6\n" NAME
		   "_sum{leg=\"reply\"} 12.000000001\n" NAME "_count{leg=\"reply\"} 6\n");
}

static void ends(void **state)
{
	(void)state;
	CHECK((metrics.format = METRICS_OPENMETRICS, metrics_end(&metrics)), "# EOF\n");
	CHECK(metrics_end(&metrics), "");
}

/* As version 2.42 asks. */
static const char prometheus[] = "application/openmetrics-text;version=1.0.0,application/"
				 "openmetrics-text;version=0.0.1;q=0.75,"
				 "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

static void accepts(void **state)
{
	static const char *const openmetrics[] = {
		prometheus,
		"application/openmetrics-text",
		"text/plain;q=0.9, Application/OpenMetrics-Text ; q=1.0",
		"text/plain, application/openmetrics-text",
		"application/openmetrics-text;q=0.001",
	};
	static const char *const text[] = {
		"",
		"*/*",
		"text/html",
		"text/plain",
		"application/openmetrics-text;q=0",
		"application/openmetrics-text;q=0.000",
		"application/openmetrics-text;q=0.5, text/plain",
		"application/openmetrics-text;q=0.5, text/*;q=0.6",
		"application/openmetrics-textual",
		",;,;;q=,=,",
		"\xff\xfe;;;q",
	};

	(void)state;
	assert_int_equal(http_accept(NULL), METRICS_TEXT);
	for (size_t i = 0; i < sizeof(openmetrics) / sizeof(*openmetrics); i++)
		assert_int_equal(http_accept(openmetrics[i]), METRICS_OPENMETRICS);
	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++)
		assert_int_equal(http_accept(text[i]), METRICS_TEXT);
}

static void accept_encoding(void **state)
{
	static const char *const gzip[] = {
		"gzip",        "x-gzip", "deflate, GZIP;q=0.1, br", "*", "identity;q=0.5, *;q=0.1",
		"gzip, *;q=0",
	};
	static const char *const none[] = {
		"", "identity", "br", "gzip;q=0", "*;q=0", "gzip;q=0, *", "gzipped", ",;=",
	};

	(void)state;
	assert_false(http_accept_gzip(NULL));
	for (size_t i = 0; i < sizeof(gzip) / sizeof(*gzip); i++)
		assert_true(http_accept_gzip(gzip[i]));
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		assert_false(http_accept_gzip(none[i]));
}

/* What comes out of zlib again is what went in, also if that cannot be packed. */
static void gzip_is_whole(void **state)
{
	static unsigned char text[70000], back[sizeof(text)];
	static const size_t sizes[] = {0, 1, 100, sizeof(text)};

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (unsigned char)random();
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		size_t packed;
		char *file = gzip_pack((char *)text, sizes[i], &packed);
		z_stream stream = {
			.next_in = (unsigned char *)file,
			.avail_in = packed,
			.next_out = back,
			.avail_out = sizeof(back),
		};

		assert_non_null(file);
		assert_int_equal(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
		assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
		assert_int_equal(stream.total_out, sizes[i]);
		assert_memory_equal(back, text, sizes[i]);
		inflateEnd(&stream);
		free(file);
	}
}

static void add_span(struct budget *budget, enum stage stage, int leg, int side, __u64 ns)
{
	struct span *new = &budget->spans[budget->count++];

	*new = (struct span){.stage = stage, .leg = leg, .side = side, .ns = ns};
	budget->total += ns;
}

/* A bound belongs to the bucket below, as Prometheus' "le" says; a stage that a ping has twice
 * is one value; the other side is another. */
static void buckets(void **state)
{
	struct stage_buckets *buckets = calloc(1, sizeof(*buckets));
	const struct stage_histogram *send, *other;
	struct budget budget = {};
	struct ping ping = {.end = PING_COMPLETE};

	(void)state;
	assert_non_null(buckets);
	send = &buckets->stages[STAGE_SEND][ICMPX_KIND_REQUEST][SIDE_SENDER];
	other = &buckets->stages[STAGE_SEND][ICMPX_KIND_REQUEST][SIDE_FORWARDER];
	add_span(&budget, STAGE_SEND, ICMPX_KIND_REQUEST, SIDE_SENDER, 500);
	add_span(&budget, STAGE_SEND, ICMPX_KIND_REQUEST, SIDE_FORWARDER, 513);
	add_span(&budget, STAGE_SEND, ICMPX_KIND_REQUEST, SIDE_SENDER, 12);
	stage_buckets_add(buckets, &ping, &budget);
	assert_int_equal(send->counts[0], 1); /* 512 */
	assert_int_equal(send->counts[1], 0);
	assert_int_equal(send->sum, 512);
	assert_int_equal(other->counts[0], 0);
	assert_int_equal(other->counts[1], 1);
	assert_int_equal(buckets->whole.counts[2], 1); /* 1024 to 2048 */
	assert_int_equal(buckets->whole.sum, 1025);
	assert_false(buckets->seen[STAGE_SEND][ICMPX_KIND_REPLY][SIDE_SENDER]);
	assert_true(buckets->seen[STAGE_SEND][ICMPX_KIND_REQUEST][SIDE_FORWARDER]);
	free(buckets);
}

/* A lost ping has stages, but no whole; what is above all bounds counts too. */
static void buckets_of_lost_and_slow(void **state)
{
	struct stage_buckets *buckets = calloc(1, sizeof(*buckets));
	const struct stage_histogram *wire;
	struct budget budget = {};
	struct ping ping = {.end = PING_NO_REPLY};

	(void)state;
	assert_non_null(buckets);
	wire = &buckets->stages[STAGE_WIRE][ICMPX_KIND_REQUEST][SIDE_SENDER];
	add_span(&budget, STAGE_WIRE, ICMPX_KIND_REQUEST, SIDE_SENDER, (1ull << 33) + 1);
	stage_buckets_add(buckets, &ping, &budget);
	assert_int_equal(wire->counts[STAGE_BUCKETS], 1);
	assert_int_equal(buckets->whole.sum, 0);
	budget = (struct budget){};
	add_span(&budget, STAGE_WIRE, ICMPX_KIND_REQUEST, SIDE_SENDER, 1ull << 33);
	stage_buckets_add(buckets, &ping, &budget);
	assert_int_equal(wire->counts[STAGE_BUCKETS - 1], 1);
	free(buckets);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(families),
	cmocka_unit_test(escaping),
	cmocka_unit_test(numbers),
	cmocka_unit_test(histograms),
	cmocka_unit_test(ends),
	cmocka_unit_test(accepts),
	cmocka_unit_test(accept_encoding),
	cmocka_unit_test(gzip_is_whole),
	cmocka_unit_test(buckets),
	cmocka_unit_test(buckets_of_lost_and_slow),
};

UNIT_MAIN(tests)
