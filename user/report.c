// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "compare.h"
#include "embedded.h"
#include "ndjson.h"
#include "report.h"
#include "report_pick.h"
#include "report_ping.h"
#include "safe_text.h"
#include "stage_stats.h"

#define PLACE "@DATA@" /* of the data in the template */

/* Lines of NDJSON, as of docs/trace-schema.md. */
struct recording {
	char *name, *damage;
	char *header, *end, *compare;
};

struct report {
	struct recording *list;
	size_t count;
	struct stage_stats *stats;
	struct report_pick rows[2], drawn[2]; /* [answered at the driver] */
	__u64 pings, at_driver;
	bool failed;
	/* Of the recording that is being read. */
	const struct catalog *catalog;
	struct comparison *comparison;
	struct trace_json *json;
	/* What they write to, and the object about it. */
	FILE *lines;
	char *text;
	size_t size;
	struct ndjson object;
};

struct report *report_new(void)
{
	struct report *report = calloc(1, sizeof(*report));
	int err = 0;

	if (!report)
		return NULL;
	for (int driver = 0; driver < 2; driver++) {
		err |= report_pick_init(&report->rows[driver], REPORT_ROWS);
		err |= report_pick_init(&report->drawn[driver], REPORT_DRAWN);
	}
	report->stats = stage_stats_new();
	report->lines = open_memstream(&report->text, &report->size);
	if (!err && report->stats && report->lines && !ndjson_init(&report->object, report->lines))
		return report;
	report_free(report);
	return NULL;
}

static void end_recording(struct report *report)
{
	if (report->comparison)
		compare_free(report->comparison);
	if (report->json)
		render_trace_json_free(report->json);
	report->comparison = NULL;
	report->json = NULL;
}

void report_free(struct report *report)
{
	end_recording(report);
	for (size_t i = 0; i < report->count; i++) {
		struct recording *recording = &report->list[i];

		free(recording->name);
		free(recording->damage);
		free(recording->header);
		free(recording->end);
		free(recording->compare);
	}
	free(report->list);
	for (int driver = 0; driver < 2; driver++) {
		report_pick_free(&report->rows[driver]);
		report_pick_free(&report->drawn[driver]);
	}
	if (report->stats)
		stage_stats_free(report->stats);
	ndjson_destroy(&report->object);
	if (report->lines)
		fclose(report->lines);
	free(report->text);
	free(report);
}

/* The last line that was written, without its end. */
static char *take_line(struct report *report)
{
	const char *begin;
	char *line;
	size_t length;

	if (fflush(report->lines) || !report->size) {
		report->failed = true;
		return NULL;
	}
	length = report->size - 1;
	begin = memrchr(report->text, '\n', length);
	begin = begin ? begin + 1 : report->text;
	line = strndup(begin, report->text + length - begin);
	report->failed |= !line;
	rewind(report->lines);
	return line;
}

static char *foreign_text(struct report *report, const char *text)
{
	char *copy = text ? strdup(text) : NULL;

	if (copy)
		safe_text(copy);
	report->failed |= text && !copy;
	return copy;
}

static int outcome(const struct report *report)
{
	return report->failed ? -ENOMEM : 0;
}

int report_begin(struct report *report, const char *name, const struct catalog *catalog)
{
	struct recording *list = realloc(report->list, (report->count + 1) * sizeof(*report->list));

	if (!list)
		return -ENOMEM;
	report->list = list;
	list[report->count] = (struct recording){.name = foreign_text(report, name)};
	report->count++;
	report->catalog = catalog;
	report->comparison = compare_new(NULL, NULL);
	report->json = render_trace_json_new(report->lines, catalog);
	report->failed |= !report->comparison || !report->json;
	return outcome(report);
}

static struct recording *current(struct report *report)
{
	return &report->list[report->count - 1];
}

void report_header(struct report *report, const struct trace_header *header)
{
	render_trace_json_header(report->json, header);
	current(report)->header = take_line(report);
}

/* The worst first: those that failed, by what is known of that, then the slowest. */
static __u64 score_of(const struct ping *ping)
{
	switch (ping->end) {
	case PING_DROPPED:
	case PING_ERROR:
		return 3ull << 62;
	case PING_NO_REPLY:
		return 2ull << 62;
	case PING_INCOMPLETE:
		return 1ull << 62;
	default:
		return ping->last - ping->first;
	}
}

static void pick(struct report *report, struct report_pick *pick, const struct ping *ping,
		 const struct frames *frames)
{
	struct ndjson *object = &report->object;
	char *line;

	if (!report_pick_wants(pick, score_of(ping)))
		return;
	if (frames)
		render_trace_json_ping(report->json, ping);
	else
		render_trace_json_brief(report->json, ping);
	line = take_line(report);
	if (!line)
		return;
	ndjson_open_object(object, NULL);
	ndjson_number(object, "recording", report->count - 1);
	ndjson_verbatim(object, "ping", line, strlen(line));
	report_ping_json(object, ping, report->catalog, frames);
	ndjson_end(object);
	free(line);
	line = take_line(report);
	if (line)
		report_pick_add(pick, score_of(ping), line);
}

void report_ping(struct report *report, const struct ping *ping)
{
	struct frames frames = {};
	struct budget budget;

	report->pings++;
	report->at_driver += ping->at_driver;
	stages_budget(ping, &budget);
	stage_stats_add(report->stats, ping, &budget);
	if (frames_make(ping, report->catalog, &frames) ||
	    compare_add(report->comparison, ping, &frames))
		report->failed = true;
	pick(report, &report->rows[ping->at_driver], ping, NULL);
	pick(report, &report->drawn[ping->at_driver], ping, &frames);
	frames_free(&frames);
}

int report_end(struct report *report, const struct assemble_counts *counts, const char *damage)
{
	struct recording *recording = current(report);

	recording->damage = foreign_text(report, damage);
	render_trace_json_end(report->json, counts);
	recording->end = take_line(report);
	render_compare_json(report->lines, report->comparison);
	recording->compare = take_line(report);
	end_recording(report);
	return outcome(report);
}

/* --- the page ----------------------------------------------------------------------- */

/* These may stand in JSON's strings alone, and would end the element that holds it. */
static void put_escaped(FILE *out, const char *text)
{
	size_t length;

	for (; *text; text += length) {
		length = strcspn(text, "<>&");
		fwrite(text, 1, length, out);
		if (text[length])
			fprintf(out, "\\u%04x", (unsigned char)text[length++]);
	}
}

static void put_texts(struct ndjson *object)
{
	ndjson_open_array(object, "probes");
	for (unsigned int i = 0; i < ICMPX_PROBE_MAX; i++)
		ndjson_text(object, NULL, trace_probe_help(i));
	ndjson_close_array(object);
	ndjson_open_object(object, "stages");
	for (unsigned int i = 0; i < STAGE_MAX; i++)
		ndjson_text(object, stages_name(i), stages_title(i));
	ndjson_close_object(object);
	ndjson_open_object(object, "ends");
#define X(id, name, title) ndjson_text(object, name, title);
	PING_ENDS(X)
#undef X
	ndjson_close_object(object);
	ndjson_open_object(object, "results");
#define X(id, name, title) ndjson_text(object, name, title);
	COMPARE_RESULTS(X)
#undef X
	ndjson_close_object(object);
}

static void put_line(struct ndjson *object, const char *key, const char *line)
{
	ndjson_verbatim(object, key, line, strlen(line));
}

static void put_recordings(const struct report *report, struct ndjson *object)
{
	ndjson_open_array(object, "recordings");
	for (size_t i = 0; i < report->count; i++) {
		const struct recording *recording = &report->list[i];

		ndjson_open_object(object, NULL);
		ndjson_text(object, "name", recording->name);
		ndjson_text(object, "damage", recording->damage);
		put_line(object, "header", recording->header);
		put_line(object, "end", recording->end);
		put_line(object, "compare", recording->compare);
		ndjson_close_object(object);
	}
	ndjson_close_array(object);
}

static void put_picks(struct ndjson *object, const char *key, const struct report_pick picks[2])
{
	const char *text;

	ndjson_open_array(object, key);
	for (int driver = 0; driver < 2; driver++)
		for (size_t i = 0; (text = report_pick_text(&picks[driver], i)); i++)
			put_line(object, NULL, text);
	ndjson_close_array(object);
}

static char *stats_line(const struct report *report)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	render_stage_stats_json(out, report->stats);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

/* NULL: out of memory. */
static char *data_text(const struct report *report)
{
	_cleanup_(free) char *stats = stats_line(report);
	struct ndjson object = {};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool done = out && stats && !ndjson_init(&object, out);

	if (done) {
		ndjson_begin(&object, "report");
		ndjson_text(&object, "icmpx", ICMPX_VERSION);
		ndjson_number(&object, "pings", report->pings);
		ndjson_number(&object, "at_driver", report->at_driver);
		ndjson_verbatim(&object, "stats", stats, strcspn(stats, "\n"));
		put_texts(&object);
		put_recordings(report, &object);
		put_picks(&object, "rows", report->rows);
		put_picks(&object, "drawn", report->drawn);
		ndjson_end(&object);
	}
	ndjson_destroy(&object);
	if (out && fclose(out))
		done = false;
	if (done)
		return text;
	free(text);
	return NULL;
}

int report_write(const struct report *report, FILE *out)
{
	size_t size;
	_cleanup_(free) char *page = embedded_unpack(&embedded_page, &size);
	_cleanup_(free) char *data = page ? data_text(report) : NULL;
	const char *place;

	if (!data)
		return -ENOMEM;
	place = strstr(page, PLACE);
	errno = 0;
	fwrite(page, 1, place - page, out);
	put_escaped(out, data);
	fputs(place + strlen(PLACE), out);
	if (!ferror(out))
		return 0;
	return errno ? -errno : -EIO;
}
