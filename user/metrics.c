// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>

#include "metrics.h"
#include "safe_text.h"

enum metric_type { COUNTER, GAUGE, INFO, HISTOGRAM };

static const struct metric_family {
	enum metric_type type;
	const char *name, *unit, *help;
} families[METRIC_MAX] = {
#define X(id, metric_type, family, metric_unit, labels, text)                                      \
	[METRIC_##id] = {                                                                          \
		.type = (metric_type), .name = (family), .unit = (metric_unit), .help = (text)},
	METRICS(X)
#undef X
};

const char *metrics_content_type(enum metrics_format format)
{
	return format == METRICS_OPENMETRICS
		       ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
		       : "text/plain; version=0.0.4; charset=utf-8";
}

/* What the samples of a type have behind the family's name. */
static const char *suffix_of(enum metric_type type)
{
	static const char *const suffixes[] = {
		[COUNTER] = "_total", [GAUGE] = "", [INFO] = "_info", [HISTOGRAM] = ""};

	return suffixes[type];
}

/* The older format knows no info, and names a family as its samples. */
static const char *type_name(enum metric_type type, enum metrics_format format)
{
	static const char *const names[] = {[COUNTER] = "counter",
					    [GAUGE] = "gauge",
					    [INFO] = "info",
					    [HISTOGRAM] = "histogram"};

	return names[type == INFO && format == METRICS_TEXT ? GAUGE : type];
}

void metrics_family(struct metrics *metrics, enum metric family)
{
	const struct metric_family *f = &families[family];
	const char *suffix = metrics->format == METRICS_TEXT ? suffix_of(f->type) : "";

	metrics->family = family;
	fprintf(metrics->out, "# HELP %s%s %s\n# TYPE %s%s %s\n", f->name, suffix, f->help, f->name,
		suffix, type_name(f->type, metrics->format));
	if (metrics->format == METRICS_OPENMETRICS && *f->unit)
		fprintf(metrics->out, "# UNIT %s %s\n", f->name, f->unit);
}

/* An interface may have nearly any bytes as its name; the formats take UTF-8 alone, and a
 * terminal may be what they are looked at on. */
static void put_value(FILE *out, const char *value)
{
	while (*value) {
		size_t length = safe_length(value);

		if (*value == '\\' || *value == '"')
			fprintf(out, "\\%c", *value);
		else if (*value == '\n')
			fputs("\\n", out);
		else if (!length)
			fputs("\xef\xbf\xbd", out); /* U+FFFD */
		else
			fwrite(value, 1, length, out);
		value += length ?: 1;
	}
}

static void put_label(FILE *out, const char *name, const char *value, bool first)
{
	fprintf(out, "%c%s=\"", first ? '{' : ',', name);
	put_value(out, value ?: "");
	fputc('"', out);
}

/* The sample up to its value; `le`: of a histogram's bucket, else NULL. */
static void put_sample(struct metrics *metrics, const char *suffix,
		       const struct metric_labels *labels, const char *le)
{
	size_t count = labels ? labels->count : 0;

	fprintf(metrics->out, "%s%s", families[metrics->family].name, suffix);
	for (size_t i = 0; i < count; i++)
		put_label(metrics->out, labels->list[i].name, labels->list[i].value, !i);
	if (le)
		put_label(metrics->out, "le", le, !count);
	fputs(count || le ? "} " : " ", metrics->out);
}

void metrics_number(struct metrics *metrics, const struct metric_labels *labels, __u64 value)
{
	put_sample(metrics, suffix_of(families[metrics->family].type), labels, NULL);
	fprintf(metrics->out, "%llu\n", value);
}

void metrics_real(struct metrics *metrics, const struct metric_labels *labels, double value)
{
	put_sample(metrics, suffix_of(families[metrics->family].type), labels, NULL);
	fprintf(metrics->out, "%.15g\n", value);
}

/* Exactly, as decimals of integers are. */
static const char *put_seconds(__u64 ns, char *text, size_t size)
{
	int length = snprintf(text, size, "%llu.%09llu", ns / 1000000000, ns % 1000000000);

	while (text[length - 1] == '0' && text[length - 2] != '.')
		text[--length] = '\0';
	return text;
}

void metrics_histogram(struct metrics *metrics, const struct metric_labels *labels,
		       const struct metric_buckets *buckets)
{
	__u64 seen = 0;
	char text[40];

	for (size_t i = 0; i <= buckets->count; i++) {
		seen += buckets->counts[i];
		put_sample(metrics, "_bucket", labels,
			   i < buckets->count ? put_seconds(buckets->bounds[i], text, sizeof(text))
					      : "+Inf");
		fprintf(metrics->out, "%llu\n", seen);
	}
	put_sample(metrics, "_sum", labels, NULL);
	fprintf(metrics->out, "%s\n", put_seconds(buckets->sum, text, sizeof(text)));
	put_sample(metrics, "_count", labels, NULL);
	fprintf(metrics->out, "%llu\n", seen);
}

void metrics_end(struct metrics *metrics)
{
	if (metrics->format == METRICS_OPENMETRICS)
		fputs("# EOF\n", metrics->out);
}
