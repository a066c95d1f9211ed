// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "compare.h"
#include "json_put.h"

#define WIDTH     80
#define RESULT    8 /* columns of "not seen" */
#define PASSES    6
#define NAME_MIN  8
#define DOCUMENTS 26 /* the longest documented name */

static const struct {
	const char *name, *title, *source;
} paths[DOCUMENTED_MAX] = {
#define X(id, name, title, source) [DOCUMENTED_##id] = {name, title, source},
	ICMPX_DOCUMENTED_PATHS(X)
#undef X
};

/* What is counted at the end: rows, but a new function once, whatever paths it is on. */
struct summary {
	unsigned int results[COMPARE_RESULT_MAX];
};

/* How wide the columns of names are. */
struct columns {
	unsigned int documented, live;
	bool colour, ascii;
};

static const char *mark_text(const struct compare_row *row, bool ascii)
{
	static const char *const marks[2][MARK_MAX] = {
		{"●", "○", "·"},
		{"*", "o", "."},
	};

	return row->live ? marks[ascii][row->mark] : " ";
}

/* "not_seen" as people write it. */
static void result_text(enum compare_result result, char text[16])
{
	snprintf(text, 16, "%s", compare_result_name(result));
	for (; *text; text++)
		if (*text == '_')
			*text = ' ';
}

static const char *result_colour(const struct columns *columns, enum compare_result result)
{
	static const char *const colours[COMPARE_RESULT_MAX] = {
		[COMPARE_SAME] = "",
		[COMPARE_RENAMED] = "\033[33m",
		[COMPARE_INLINED] = "\033[36m",
		[COMPARE_NOT_SEEN] = "\033[2m",
		[COMPARE_GONE] = "\033[31m",
		[COMPARE_NEW] = "\033[32m",
	};

	return columns->colour ? colours[result] : "";
}

/* How often a ping passes it: "2", "1.5". */
static void passes_text(__u64 count, __u64 pings, char text[32])
{
	if (count % pings)
		snprintf(text, 32, "%.1f", (double)count / pings);
	else
		snprintf(text, 32, "%llu", count / pings);
}

static void row_text(FILE *out, const struct compare_row *row, __u64 pings,
		     const struct columns *columns)
{
	const char *colour = result_colour(columns, row->result);
	char result[16], passes[32] = "";

	result_text(row->result, result);
	if (row->count)
		passes_text(row->count, pings, passes);
	fprintf(out, "  %s %-*.*s  %-*.*s  %s%-*s%s", mark_text(row, columns->ascii),
		(int)columns->documented, (int)columns->documented, row->documented ?: "",
		(int)columns->live, (int)columns->live, row->live ?: "", colour,
		*passes ? RESULT : 0, result, *colour ? "\033[0m" : "");
	if (*passes)
		fprintf(out, "  %*s", PASSES, passes);
	fputc('\n', out);
}

/* Documented ones first, as they are in `rows`. */
static void layer_text(FILE *out, const struct compare_rows *rows, enum icmpx_layer layer,
		       const struct columns *columns)
{
	bool any = false;

	for (size_t i = 0; i < rows->count; i++) {
		if (rows->list[i].layer != layer)
			continue;
		if (!any)
			fprintf(out, " %s\n", trace_layer_title(layer));
		any = true;
		row_text(out, &rows->list[i], rows->pings, columns);
	}
}

static void count_rows(const struct compare_rows *rows, struct summary *summary)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->list[i].result != COMPARE_NEW)
			summary->results[rows->list[i].result]++;
}

/* New are functions that are on a path at all: those of a router are held against none. */
static void count_new(const struct compare_rows *rows, const struct compare_rows *all,
		      struct summary *summary)
{
	for (size_t i = 0; i < rows->count; i++) {
		bool counted = rows->list[i].result != COMPARE_NEW;

		for (const struct compare_rows *before = all; before < rows && !counted; before++)
			for (size_t j = 0; j < before->count && !counted; j++)
				counted = before->list[j].live == rows->list[i].live;
		summary->results[COMPARE_NEW] += !counted;
	}
}

static void summarise(const struct compare_rows rows[DOCUMENTED_MAX], struct summary *summary)
{
	*summary = (struct summary){};
	for (size_t path = 0; path < DOCUMENTED_MAX; path++) {
		count_rows(&rows[path], summary);
		count_new(&rows[path], rows, summary);
	}
}

static void path_text(FILE *out, enum documented_path path, const struct compare_rows *rows,
		      const struct columns *columns)
{
	const char *bold = columns->colour ? "\033[1m" : "",
		   *off = columns->colour ? "\033[0m" : "";

	fprintf(out, "%s%s%s (%s); %llu ping%s\n", bold, paths[path].title, off, paths[path].source,
		rows->pings, rows->pings == 1 ? "" : "s");
	fprintf(out, "    %-*.*s  %-*.*s  %-*s  %*s\n", (int)columns->documented,
		(int)columns->documented, "DOCUMENTED", (int)columns->live, (int)columns->live,
		"HERE", RESULT, "RESULT", PASSES, "PASSES");
	for (size_t layer = 0; layer < ICMPX_LAYER_MAX; layer++)
		layer_text(out, rows, layer, columns);
	fputc('\n', out);
}

static struct columns columns_of(const struct trace_view *view)
{
	unsigned int width = view->width ?: WIDTH;
	unsigned int fixed = 4 + 2 + 2 + RESULT + 2 + PASSES, names;
	struct columns columns = {.colour = view->colour, .ascii = view->ascii};

	names = width > fixed + 2 * NAME_MIN ? width - fixed : 2 * NAME_MIN;
	columns.documented = names / 2 < DOCUMENTS ? names / 2 : DOCUMENTS;
	columns.live = names - columns.documented < 40 ? names - columns.documented : 40;
	return columns;
}

/* False: out of memory; then nothing is to be freed. */
static bool collect(const struct comparison *comparison, struct compare_rows rows[DOCUMENTED_MAX])
{
	for (size_t path = 0; path < DOCUMENTED_MAX; path++) {
		if (!compare_rows(comparison, path, &rows[path]))
			continue;
		while (path > 0)
			free(rows[--path].list);
		return false;
	}
	return true;
}

void render_compare_text(FILE *out, const struct comparison *comparison,
			 const struct trace_view *view)
{
	const struct columns columns = columns_of(view);
	struct compare_rows rows[DOCUMENTED_MAX];
	const char *between = "";
	struct summary summary;
	char result[16];

	if (!collect(comparison, rows))
		return;
	summarise(rows, &summary);
	for (size_t path = 0; path < DOCUMENTED_MAX; path++)
		if (rows[path].count)
			path_text(out, path, &rows[path], &columns);
	for (size_t i = 0; i < COMPARE_RESULT_MAX; i++) {
		if (!summary.results[i])
			continue;
		result_text(i, result);
		fprintf(out, "%s%u %s", between, summary.results[i], result);
		between = ", ";
	}
	fputs(*between ? "\n" : "nothing to compare: no function was seen\n", out);
	for (size_t path = 0; path < DOCUMENTED_MAX; path++)
		free(rows[path].list);
}

static void path_json(struct json_object *object, enum documented_path path,
		      const struct compare_rows *rows)
{
	struct json_object *array, *element;

	json_put_text(object, "path", paths[path].name);
	json_put_text(object, "title", paths[path].title);
	json_put_text(object, "source", paths[path].source);
	json_put_number(object, "pings", rows->pings);
	array = json_put_array(object, "rows");
	for (size_t i = 0; i < rows->count; i++) {
		const struct compare_row *row = &rows->list[i];

		element = json_append_object(array);
		json_put_text(element, "documented", row->documented);
		json_put_text(element, "live", row->live);
		json_put_text(element, "layer", trace_layer_name(row->layer));
		json_put_text(element, "result", compare_result_name(row->result));
		json_put_text(element, "mark", row->live ? frame_mark_name(row->mark) : NULL);
		json_put_number(element, "count", row->count);
	}
}

static void functions_json(struct json_object *array, const struct comparison *comparison)
{
	struct compare_function function;

	for (size_t i = 0; compare_function(comparison, i, &function); i++) {
		struct json_object *element = json_append_object(array);

		json_put_text(element, "name", function.name);
		json_put_text(element, "layer", trace_layer_name(function.layer));
		json_put_text(element, "mark", frame_mark_name(function.mark));
		json_put_bool(element, "documented", function.documented);
		json_put_bool(element, "system_call", function.system_call);
		json_put_number(element, "count", function.count);
	}
}

void render_compare_json(FILE *out, const struct comparison *comparison)
{
	struct compare_rows rows[DOCUMENTED_MAX];
	struct json_object *document, *array;
	struct summary summary;

	if (!collect(comparison, rows))
		return;
	summarise(rows, &summary);
	document = json_object_new_object();
	json_put_text(document, "type", "compare");
	json_put_number(document, "pings", compare_pings(comparison));
	array = json_put_object(document, "summary");
	for (size_t i = 0; i < COMPARE_RESULT_MAX; i++)
		json_put_number(array, compare_result_name(i), summary.results[i]);
	array = json_put_array(document, "paths");
	for (size_t path = 0; path < DOCUMENTED_MAX; path++)
		if (rows[path].count)
			path_json(json_append_object(array), path, &rows[path]);
	functions_json(json_put_array(document, "functions"), comparison);
	json_print(out, document, true);
	for (size_t path = 0; path < DOCUMENTED_MAX; path++)
		free(rows[path].list);
}
