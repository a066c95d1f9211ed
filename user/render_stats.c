// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "answered.h"
#include "format.h"
#include "json_put.h"
#include "render.h"
#include "safe_text.h"
#include "table.h"
#include "text_line.h"

static const struct counter_info {
	const char *name;
	const char *action; /* NULL: a lesson */
	const char *help;
} infos[COUNTER_MAX] = {
#define X(id, verdict_action, title, text)                                                         \
	[ICMPX_##id] = {.name = title, .action = #verdict_action, .help = text},
	ICMPX_VERDICTS(X)
#undef X
#define X(id, title, text) [COUNTER_LESSONS + ICMPX_##id] = {.name = title, .help = text},
		ICMPX_LESSONS(X)
#undef X
};

/* What of a row there is room for. */
struct shape {
	bool bytes, byte_rate;
	unsigned int meaning; /* columns; 0: no bound */
	bool no_meaning;
	char columns[8]; /* for table_new() */
};

#define NAME_COLUMNS    14
#define FRAMES_COLUMNS  (9 + 2)
#define SCALED_COLUMNS  (6 + 2)
#define MEANING_LEAST   20
#define MEANING_COLUMNS 58 /* of the longest */

#define ANSWERED_COLUMNS 100 /* of its table, with large numbers */

/* By the width alone, so that a screen does not change its columns by what is counted. */
static struct shape shape_of(const struct stats_view *view)
{
	unsigned int numbers = NAME_COLUMNS + FRAMES_COLUMNS + (view->rates ? SCALED_COLUMNS : 0);
	unsigned int all = numbers + SCALED_COLUMNS * (1 + view->rates) + 2 + MEANING_COLUMNS;
	struct shape shape = {.bytes = true, .byte_rate = view->rates};

	if (view->width && view->width < all) {
		shape.byte_rate = false;
		shape.bytes = view->rates && view->width >= all - SCALED_COLUMNS;
	}
	if (view->width && !shape.bytes) {
		shape.no_meaning = view->width < numbers + 2 + MEANING_LEAST;
		shape.meaning = shape.no_meaning ? 0 : view->width - numbers - 2;
	}
	snprintf(shape.columns, sizeof(shape.columns), "lr%s%s%s%s", view->rates ? "r" : "",
		 shape.bytes ? "r" : "", shape.byte_rate ? "r" : "", shape.no_meaning ? "" : "l");
	return shape;
}

static void rate_cells(struct table *table, const struct stats_interface *interface, int counter,
		       bool bytes)
{
	struct text text;
	struct rate rate;

	if (counters_rate(interface->before, interface->now, counter, &rate))
		table_cell(table, "%s", format_scaled(bytes ? rate.bytes : rate.frames, &text));
	else
		table_cell(table, "-");
}

static void cpu_rows(struct table *table, const struct counters *counters, int counter,
		     const struct stats_view *view, const struct shape *shape)
{
	for (int cpu = 0; cpu < counters->cpus; cpu++) {
		const struct icmpx_counter *one = &counters->cpu[cpu * COUNTER_MAX + counter];
		struct text text;

		if (!one->packets && !view->zeros)
			continue;
		table_cell(table, "  cpu %d", cpu);
		table_cell(table, "%llu", one->packets);
		if (view->rates)
			table_cell(table, "%s", "");
		if (shape->bytes)
			table_cell(table, "%s", format_scaled(one->bytes, &text));
		if (shape->byte_rate)
			table_cell(table, "%s", "");
		if (!shape->no_meaning)
			table_cell(table, "%s", "");
	}
}

static void counter_row(struct table *table, const struct stats_interface *interface, int counter,
			const struct stats_view *view, const struct shape *shape)
{
	const struct icmpx_counter *sum = &interface->now->sum[counter];
	struct text text;

	table_cell(table, "%s", infos[counter].name);
	table_cell(table, "%llu", sum->packets);
	if (view->rates)
		rate_cells(table, interface, counter, false);
	if (shape->bytes)
		table_cell(table, "%s", format_scaled(sum->bytes, &text));
	if (shape->byte_rate)
		rate_cells(table, interface, counter, true);
	if (!shape->no_meaning)
		table_cell(table, "%s", infos[counter].help);
	if (view->per_cpu)
		cpu_rows(table, interface->now, counter, view, shape);
}

/* With rates, columns are wide enough from the start: a screen that is redrawn
 * shall not jump with each digit. */
static void heading(struct table *table, const char *first, bool full, bool rates,
		    const struct shape *shape)
{
	table_cell(table, "%s", first);
	table_cell(table, "%*s", full && rates ? 9 : 0, full ? "FRAMES" : "");
	if (rates)
		table_cell(table, "%*s", full ? 6 : 0, full ? "/S" : "");
	if (shape->bytes)
		table_cell(table, "%*s", full && rates ? 6 : 0, full ? "BYTES" : "");
	if (shape->byte_rate)
		table_cell(table, "%*s", full ? 6 : 0, full ? "/S" : "");
	if (!shape->no_meaning)
		table_cell(table, "%s", full ? "MEANING" : "");
}

static bool is_shown(const struct stats_interface *interface, int counter,
		     const struct stats_view *view)
{
	return view->zeros || interface->now->sum[counter].packets;
}

/* Verdicts, and the lessons behind them in the same columns. */
static void interface_text(FILE *out, const struct stats_interface *interface,
			   const struct stats_view *view)
{
	const struct shape shape = shape_of(view);
	_cleanup_(table) struct table *table = table_new(shape.columns);
	bool verdicts = false, lessons = false;

	for (int i = 0; i < COUNTER_MAX; i++) {
		if (!is_shown(interface, i, view))
			continue;
		if (i < COUNTER_LESSONS && !verdicts)
			heading(table, "VERDICT", true, view->rates, &shape);
		else if (i >= COUNTER_LESSONS && !lessons)
			heading(table, "LESSON", !verdicts, view->rates, &shape);
		verdicts |= i < COUNTER_LESSONS;
		lessons |= i >= COUNTER_LESSONS;
		counter_row(table, interface, i, view, &shape);
	}
	table_wrap(table, shape.meaning);
	table_print(table, out, 0);
	if (!verdicts && !lessons)
		fputs("no frame yet\n", out);
}

static void title_text(FILE *out, const struct attachment *a, bool bold)
{
	struct safe_name name;
	struct text text;

	fprintf(out, "%s%s%s: %s", bold ? "\033[1m" : "", safe_name(a->ifname, &name),
		bold ? "\033[0m" : "", a->mode == MODE_NATIVE ? "native" : "generic");
	if (a->has_config)
		fprintf(out, ", since %s%s", format_time(a->config.attached, &text),
			a->config.observe ? ", observe: answers nothing" : "");
	fputc('\n', out);
}

/* Options and leases, in lines of the width. */
static void details_text(FILE *out, const struct stats_interface *interface, unsigned int width)
{
	struct text_line line = {.out = out, .width = width ?: 80};
	_cleanup_(free) char *options = NULL;
	size_t size;
	FILE *text;

	if (!interface->attachment.has_config)
		return;
	text = open_memstream(&options, &size);
	if (!text)
		return;
	render_options_text(text, &interface->attachment.config);
	if (interface->has_leases)
		fprintf(text, "; leases: %u IPv4, %u IPv6", interface->leases_v4,
			interface->leases_v6);
	fclose(text);
	line_pad(&line, 2);
	line_words(&line, STYLE_PLAIN, 2, options);
	line_end(&line);
}

static void answered_row(struct table *table, const char *who, const struct answered *answered,
			 bool rates)
{
	struct text text;

	table_cell(table, "%s", who);
	table_cell(table, "%llu", answered->v4);
	table_cell(table, "%llu", answered->v6);
	table_cell(table, "%llu", answered->v4 + answered->v6);
	if (rates)
		table_cell(table, "%s",
			   answered->has_rate ? format_scaled(answered->rate, &text) : "-");
}

static void answered_text(FILE *out, const struct stats *stats, const struct stats_view *view)
{
	bool rates = view->rates, narrow = view->width && view->width < ANSWERED_COLUMNS;
	int least = view->width ? 9 : 0; /* columns, so that a screen does not jump */
	_cleanup_(table) struct table *table = table_new(rates ? "lrrrr" : "lrrr");
	const struct answered icmpx = answered_by_icmpx(stats), kernel = answered_by_kernel(stats);
	const struct answered together = {
		.v4 = icmpx.v4 + kernel.v4,
		.v6 = icmpx.v6 + kernel.v6,
		.rate = icmpx.rate + kernel.rate,
		.has_rate = icmpx.has_rate && kernel.has_rate,
	};

	table_cell(table, "PINGS ANSWERED");
	table_cell(table, "%*s", least, "IPV4");
	table_cell(table, "%*s", least, "IPV6");
	table_cell(table, "%*s", least, "BOTH");
	if (rates)
		table_cell(table, "%6s", "/S");
	answered_row(table, narrow ? "by icmpx, since attached" : "by icmpx, since it was attached",
		     &icmpx, rates);
	answered_row(table,
		     narrow ? "by the kernel, in all"
			    : "by the kernel, since this network namespace began",
		     &kernel, rates);
	answered_row(table, "together", &together, rates);
	table_print(table, out, 0);
}

void render_stats_text(FILE *out, const struct stats *stats, const struct stats_view *view)
{
	for (size_t i = 0; i < stats->count; i++) {
		if (!stats->interfaces[i].shown)
			continue;
		title_text(out, &stats->interfaces[i].attachment, view->bold);
		if (view->details)
			details_text(out, &stats->interfaces[i], view->width);
		interface_text(out, &stats->interfaces[i], view);
		fputc('\n', out);
	}
	answered_text(out, stats, view);
}

static void counter_json(struct json_object *object, const struct stats_interface *interface,
			 int counter, const struct stats_view *view)
{
	const struct counters *now = interface->now;
	struct json_object *array;
	struct rate rate;

	if (infos[counter].action)
		json_put_text(object, "action", infos[counter].action);
	json_put_number(object, "frames", now->sum[counter].packets);
	json_put_number(object, "bytes", now->sum[counter].bytes);
	if (counters_rate(interface->before, now, counter, &rate)) {
		json_put_real(object, "frames_per_second", rate.frames);
		json_put_real(object, "bytes_per_second", rate.bytes);
	} else if (view->rates) {
		json_put_null(object, "frames_per_second");
		json_put_null(object, "bytes_per_second");
	}
	if (!view->per_cpu)
		return;
	array = json_put_array(object, "per_cpu");
	for (int cpu = 0; cpu < now->cpus; cpu++) {
		const struct icmpx_counter *one = &now->cpu[cpu * COUNTER_MAX + counter];
		struct json_object *element = json_append_object(array);

		json_put_number(element, "cpu", cpu);
		json_put_number(element, "frames", one->packets);
		json_put_number(element, "bytes", one->bytes);
	}
}

static void interface_json(struct json_object *object, const struct stats_interface *interface,
			   const struct stats_view *view)
{
	const struct attachment *a = &interface->attachment;
	struct json_object *group;
	struct safe_name name;

	json_put_text(object, "interface", safe_name(a->ifname, &name));
	json_put_number(object, "ifindex", a->dir.ifindex);
	json_put_text(object, "mode", a->mode == MODE_NATIVE ? "native" : "generic");
	json_put_optional(object, "attached_at", a->has_config ? a->config.attached : 0);
	json_put_bool(object, "observe", a->has_config && a->config.observe);
	group = json_put_object(object, "verdicts");
	for (int i = 0; i < COUNTER_MAX; i++) {
		if (i == COUNTER_LESSONS)
			group = json_put_object(object, "lessons");
		counter_json(json_put_object(group, infos[i].name), interface, i, view);
	}
}

static void kernel_json(struct json_object *object, const char *key, const struct echo_snmp *echo)
{
	struct json_object *family;

	if (!echo->known) {
		json_put_null(object, key);
		return;
	}
	family = json_put_object(object, key);
	json_put_number(family, "in_echos", echo->in_echos);
	json_put_number(family, "out_echo_replies", echo->out_replies);
}

static void answered_json(struct json_object *object, const struct stats *stats)
{
	const struct answered icmpx = answered_by_icmpx(stats), kernel = answered_by_kernel(stats);

	json_put_number(object, "icmpx_since_attach", icmpx.v4 + icmpx.v6);
	json_put_number(object, "kernel_since_namespace_start", kernel.v4 + kernel.v6);
	json_put_number(object, "total", icmpx.v4 + icmpx.v6 + kernel.v4 + kernel.v6);
	if (!icmpx.has_rate)
		return;
	json_put_real(object, "icmpx_per_second", icmpx.rate);
	json_put_real(object, "kernel_per_second", kernel.rate);
}

void render_stats_json(FILE *out, const struct stats *stats, const struct stats_view *view)
{
	struct json_object *document = json_object_new_object(), *kernel, *array;

	json_put_number(document, "taken_at", stats->taken);
	array = json_put_array(document, "interfaces");
	for (size_t i = 0; i < stats->count; i++) {
		if (stats->interfaces[i].shown)
			interface_json(json_append_object(array), &stats->interfaces[i], view);
	}
	kernel = json_put_object(document, "kernel");
	kernel_json(kernel, "ipv4", &stats->kernel.v4);
	kernel_json(kernel, "ipv6", &stats->kernel.v6);
	answered_json(json_put_object(document, "answered"), stats);
	json_print(out, document, view->oneline);
}
