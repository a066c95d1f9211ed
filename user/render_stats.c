// SPDX-License-Identifier: GPL-2.0-only
#include "format.h"
#include "json_put.h"
#include "render.h"
#include "table.h"

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

/* Pings answered, by one or by all. */
struct answered {
	__u64 v4, v6;
	double rate; /* both, a second */
	bool has_rate;
};

static struct answered answered_by_icmpx(const struct stats *stats)
{
	struct answered answered = {.has_rate = stats->seconds > 0};

	for (size_t i = 0; i < stats->count; i++) {
		const struct stats_interface *interface = &stats->interfaces[i];
		struct rate v4, v6;

		answered.v4 += interface->now->sum[ICMPX_REPLIED_V4].packets;
		answered.v6 += interface->now->sum[ICMPX_REPLIED_V6].packets;
		if (counters_rate(interface->before, interface->now, ICMPX_REPLIED_V4, &v4) &&
		    counters_rate(interface->before, interface->now, ICMPX_REPLIED_V6, &v6))
			answered.rate += v4.frames + v6.frames;
	}
	return answered;
}

static struct answered answered_by_kernel(const struct stats *stats)
{
	const struct snmp *now = &stats->kernel, *before = &stats->kernel_before;
	struct answered answered = {
		.v4 = now->v4.out_replies,
		.v6 = now->v6.out_replies,
		.has_rate = stats->seconds > 0,
	};

	if (answered.has_rate)
		answered.rate = (answered.v4 - before->v4.out_replies + answered.v6 -
				 before->v6.out_replies) /
				stats->seconds;
	return answered;
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
		     const struct stats_view *view)
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
		table_cell(table, "%s", format_scaled(one->bytes, &text));
		if (view->rates)
			table_cell(table, "%s", "");
		table_cell(table, "%s", "");
	}
}

static void counter_row(struct table *table, const struct stats_interface *interface, int counter,
			const struct stats_view *view)
{
	const struct icmpx_counter *sum = &interface->now->sum[counter];
	struct text text;

	table_cell(table, "%s", infos[counter].name);
	table_cell(table, "%llu", sum->packets);
	if (view->rates)
		rate_cells(table, interface, counter, false);
	table_cell(table, "%s", format_scaled(sum->bytes, &text));
	if (view->rates)
		rate_cells(table, interface, counter, true);
	table_cell(table, "%s", infos[counter].help);
	if (view->per_cpu)
		cpu_rows(table, interface->now, counter, view);
}

/* With rates, columns are wide enough from the start: a screen that is redrawn
 * shall not jump with each digit. */
static void heading(struct table *table, const char *first, bool full, bool rates)
{
	table_cell(table, "%s", first);
	table_cell(table, "%*s", full && rates ? 9 : 0, full ? "FRAMES" : "");
	if (rates)
		table_cell(table, "%*s", full ? 6 : 0, full ? "/S" : "");
	table_cell(table, "%*s", full && rates ? 6 : 0, full ? "BYTES" : "");
	if (rates)
		table_cell(table, "%*s", full ? 6 : 0, full ? "/S" : "");
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
	_cleanup_(table) struct table *table = table_new(view->rates ? "lrrrrl" : "lrrl");
	bool verdicts = false, lessons = false;

	for (int i = 0; i < COUNTER_MAX; i++) {
		if (!is_shown(interface, i, view))
			continue;
		if (i < COUNTER_LESSONS && !verdicts)
			heading(table, "VERDICT", true, view->rates);
		else if (i >= COUNTER_LESSONS && !lessons)
			heading(table, "LESSON", !verdicts, view->rates);
		verdicts |= i < COUNTER_LESSONS;
		lessons |= i >= COUNTER_LESSONS;
		counter_row(table, interface, i, view);
	}
	table_print(table, out, 0);
	if (!verdicts && !lessons)
		fputs("no frame yet\n", out);
}

static void title_text(FILE *out, const struct attachment *a)
{
	struct text text;

	fprintf(out, "%s: %s", a->ifname, a->mode == MODE_NATIVE ? "native" : "generic");
	if (a->has_config)
		fprintf(out, ", since %s%s", format_time(a->config.attached, &text),
			a->config.observe ? ", observe: answers nothing" : "");
	fputc('\n', out);
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

static void answered_text(FILE *out, const struct stats *stats, bool rates)
{
	_cleanup_(table) struct table *table = table_new(rates ? "lrrrr" : "lrrr");
	const struct answered icmpx = answered_by_icmpx(stats), kernel = answered_by_kernel(stats);
	const struct answered together = {
		.v4 = icmpx.v4 + kernel.v4,
		.v6 = icmpx.v6 + kernel.v6,
		.rate = icmpx.rate + kernel.rate,
		.has_rate = icmpx.has_rate && kernel.has_rate,
	};

	table_cell(table, "PINGS ANSWERED");
	table_cell(table, "IPV4");
	table_cell(table, "IPV6");
	table_cell(table, "BOTH");
	if (rates)
		table_cell(table, "%6s", "/S");
	answered_row(table, "by icmpx, since it was attached", &icmpx, rates);
	answered_row(table, "by the kernel, since this network namespace began", &kernel, rates);
	answered_row(table, "together", &together, rates);
	table_print(table, out, 0);
}

void render_stats_text(FILE *out, const struct stats *stats, const struct stats_view *view)
{
	for (size_t i = 0; i < stats->count; i++) {
		if (!stats->interfaces[i].shown)
			continue;
		title_text(out, &stats->interfaces[i].attachment);
		interface_text(out, &stats->interfaces[i], view);
		fputc('\n', out);
	}
	answered_text(out, stats, view->rates);
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

	json_put_text(object, "interface", a->ifname);
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
