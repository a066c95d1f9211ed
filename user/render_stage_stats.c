// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "format.h"
#include "json_put.h"
#include "stage_stats.h"
#include "table.h"

#define WIDTH      80
#define WIDTH_FULL 76 /* of a table with all columns, and numbers of usual size */
#define BAR_MAX    60

/* Rows in the order of the way. */
static const enum icmpx_kind legs[] = {
	ICMPX_KIND_NONE, ICMPX_KIND_REQUEST, ICMPX_KIND_UDP, ICMPX_KIND_REPLY, ICMPX_KIND_ERROR,
};
static const enum stage way[] = {
	STAGE_SEND,    STAGE_NEIGHBOUR, STAGE_TRANSMIT, STAGE_QUEUE,   STAGE_DRIVER,  STAGE_WIRE,
	STAGE_ONE_WAY, STAGE_SOFTIRQ,   STAGE_XDP,      STAGE_FORWARD, STAGE_RECEIVE, STAGE_ICMP,
	STAGE_WAIT,    STAGE_WAKEUP,    STAGE_READ,     STAGE_COPY,    STAGE_OTHER,
};
_Static_assert(ARRAY_SIZE(legs) == ICMPX_KIND_MAX, "all legs");
_Static_assert(ARRAY_SIZE(way) == STAGE_MAX, "all stages");

struct row {
	enum stage stage; /* STAGE_MAX: the whole */
	enum icmpx_kind leg;
	struct stage_summary summary;
};

struct rows {
	struct row list[1 + STAGE_MAX * ICMPX_KIND_MAX];
	size_t count;
	__u64 sum; /* of all stages */
};

static void add_row(struct rows *rows, const struct stage_stats *stats, enum stage stage,
		    enum icmpx_kind leg)
{
	struct row *row = &rows->list[rows->count];

	if (!stage_stats_get(stats, stage, leg, &row->summary))
		return;
	row->stage = stage;
	row->leg = leg;
	rows->count++;
	if (stage != STAGE_MAX)
		rows->sum += row->summary.sum;
}

/* The stages, then the whole. */
static void collect(const struct stage_stats *stats, struct rows *rows)
{
	rows->count = 0;
	rows->sum = 0;
	for (size_t leg = 0; leg < ARRAY_SIZE(legs); leg++)
		for (size_t i = 0; i < ARRAY_SIZE(way); i++)
			add_row(rows, stats, way[i], legs[leg]);
	add_row(rows, stats, STAGE_MAX, ICMPX_KIND_NONE);
}

static const char *row_name(const struct row *row)
{
	return row->stage == STAGE_MAX ? "all" : stages_name(row->stage);
}

static const char *row_leg(const struct row *row)
{
	return row->stage == STAGE_MAX ? "" : trace_kind_name(row->leg);
}

static void table_row(struct table *table, const struct row *row, __u64 sum, bool full)
{
	const struct stage_summary *summary = &row->summary;
	struct text text;

	table_cell(table, "%s", row_name(row));
	table_cell(table, "%s", row_leg(row));
	table_cell(table, "%llu", summary->count);
	if (full)
		table_cell(table, "%s", format_ns(summary->min, &text));
	table_cell(table, "%s", format_ns(summary->p50, &text));
	if (full)
		table_cell(table, "%s", format_ns(summary->p90, &text));
	table_cell(table, "%s", format_ns(summary->p99, &text));
	table_cell(table, "%s", format_ns(summary->max, &text));
	if (!full)
		return;
	if (row->stage == STAGE_MAX || !sum)
		table_cell(table, "%s", "");
	else
		table_cell(table, "%.1f%%", 100.0 * summary->sum / sum);
}

static void summary_text(FILE *out, const struct rows *rows, unsigned int width)
{
	static const char *const heads[] = {"STAGE", "LEG", "COUNT", "MIN",  "P50",
					    "P90",   "P99", "MAX",   "SHARE"};
	static const char *const narrow[] = {"STAGE", "LEG", "COUNT", "P50", "P99", "MAX"};
	bool full = width >= WIDTH_FULL;
	_cleanup_(table) struct table *table = table_new(full ? "llrrrrrrr" : "llrrrr");

	for (size_t i = 0; i < (full ? ARRAY_SIZE(heads) : ARRAY_SIZE(narrow)); i++)
		table_cell(table, "%s", full ? heads[i] : narrow[i]);
	for (size_t i = 0; i < rows->count; i++)
		table_row(table, &rows->list[i], rows->sum, full);
	table_print(table, out, 0);
}

static void bar(FILE *out, __u64 count, __u64 most, unsigned int width, bool colour)
{
	unsigned int length = (count * width + most / 2) / most;

	if (count && !length)
		length = 1;
	if (!length)
		return;
	fprintf(out, " %s", colour ? "\033[36m" : "");
	for (unsigned int i = 0; i < length; i++)
		fputc('#', out);
	fputs(colour ? "\033[0m" : "", out);
}

static void histogram_text(FILE *out, const struct stage_stats *stats, const struct row *row,
			   unsigned int width, bool colour)
{
	__u64 counts[STAGE_STATS_LOG2], most = 0;
	int first = -1, last = 0, digits;
	struct text text;

	if (!stage_stats_log2(stats, row->stage, row->leg, counts))
		return;
	for (int i = 0; i < STAGE_STATS_LOG2; i++) {
		if (!counts[i])
			continue;
		if (first < 0)
			first = i;
		last = i;
		if (counts[i] > most)
			most = counts[i];
	}
	digits = snprintf(NULL, 0, "%llu", most);
	for (int i = first; i <= last; i++) {
		unsigned int before = 2 + 6 + 2 + digits + 1;

		/* Its lower bound; the next line's is its upper one. */
		fprintf(out, "  %6s  %*llu", format_ns(i ? 1ULL << i : 0, &text), digits,
			counts[i]);
		if (width > before)
			bar(out, counts[i], most,
			    width - before < BAR_MAX ? width - before : BAR_MAX, colour);
		fputc('\n', out);
	}
}

/* Cut off where the line ends. */
static void histogram_title(FILE *out, const struct row *row, unsigned int width, bool colour)
{
	char title[160];

	if (row->stage == STAGE_MAX)
		snprintf(title, sizeof(title), "all: from the first hop to the last");
	else
		snprintf(title, sizeof(title), "%s, %s: %s", stages_name(row->stage),
			 trace_kind_name(row->leg), stages_title(row->stage));
	fprintf(out, "\n%s%.*s%s\n", colour ? "\033[1m" : "", (int)width, title,
		colour ? "\033[0m" : "");
}

void render_stage_stats_text(FILE *out, const struct stage_stats *stats, unsigned int width,
			     bool colour)
{
	struct rows rows;

	if (!width)
		width = WIDTH;
	collect(stats, &rows);
	if (!rows.count) {
		fputs("no ping yet\n", out);
		return;
	}
	summary_text(out, &rows, width);
	for (size_t i = 0; i < rows.count; i++) {
		histogram_title(out, &rows.list[i], width, colour);
		histogram_text(out, stats, &rows.list[i], width, colour);
	}
}

static void summary_json(struct json_object *object, const struct stage_stats *stats,
			 const struct row *row)
{
	const struct stage_summary *summary = &row->summary;
	struct json_object *array, *element;
	__u64 counts[STAGE_STATS_LOG2];

	json_put_number(object, "count", summary->count);
	json_put_number(object, "min_ns", summary->min);
	json_put_number(object, "p50_ns", summary->p50);
	json_put_number(object, "p90_ns", summary->p90);
	json_put_number(object, "p99_ns", summary->p99);
	json_put_number(object, "max_ns", summary->max);
	json_put_number(object, "sum_ns", summary->sum);
	array = json_put_array(object, "histogram");
	if (!stage_stats_log2(stats, row->stage, row->leg, counts))
		return;
	for (int i = 0; i < STAGE_STATS_LOG2; i++) {
		if (!counts[i])
			continue;
		element = json_append_object(array);
		json_put_number(element, "from_ns", i ? 1ULL << i : 0);
		json_put_number(element, "to_ns", i < 63 ? 2ULL << i : ~0ULL);
		json_put_number(element, "count", counts[i]);
	}
}

void render_stage_stats_json(FILE *out, const struct stage_stats *stats)
{
	struct json_object *document = json_object_new_object(), *array, *element;
	struct rows rows;

	collect(stats, &rows);
	json_put_text(document, "type", "stats");
	json_put_number(document, "pings", stage_stats_pings(stats));
	json_put_null(document, "rtt");
	array = json_put_array(document, "stages");
	for (size_t i = 0; i < rows.count; i++) {
		const struct row *row = &rows.list[i];

		if (row->stage == STAGE_MAX) {
			summary_json(json_put_object(document, "rtt"), stats, row);
			continue;
		}
		element = json_append_object(array);
		json_put_text(element, "stage", stages_name(row->stage));
		json_put_text(element, "leg", trace_kind_name(row->leg));
		summary_json(element, stats, row);
	}
	json_print(out, document, true);
}
