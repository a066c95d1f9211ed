/* SPDX-License-Identifier: GPL-2.0-only */
/* Metrics as text: OpenMetrics 1.0, or the older format of Prometheus (0.0.4). Pure; what is
 * written to tells of an error by ferror(). */
#ifndef ICMPX_METRICS_H
#define ICMPX_METRICS_H

#include <stddef.h>
#include <stdio.h>
#include <linux/types.h>

#include "metrics_list.h"

enum metrics_format {
	METRICS_TEXT, /* text/plain; version=0.0.4 */
	METRICS_OPENMETRICS,
	METRICS_FORMAT_MAX,
};

/* As in the HTTP header. */
const char *metrics_content_type(enum metrics_format format);

struct metrics {
	FILE *out;
	enum metrics_format format;
	enum metric family; /* whose samples follow */
};

struct metric_label {
	const char *name;
	const char *value; /* any bytes; escaped, made UTF-8. NULL: "" */
};

#define METRIC_LABELS 12

struct metric_labels {
	struct metric_label list[METRIC_LABELS];
	size_t count;
};

/* Begins a family: all its samples before the next one. */
void metrics_family(struct metrics *metrics, enum metric family);

/* labels may be NULL: none. */
void metrics_number(struct metrics *metrics, const struct metric_labels *labels, __u64 value);
void metrics_real(struct metrics *metrics, const struct metric_labels *labels, double value);

/* Values in ns, in buckets up to and with bounds[i] ns, which rise, and one above the last. */
struct metric_buckets {
	const __u64 *bounds;
	const __u64 *counts; /* of each bucket alone: count + 1 of them */
	size_t count;
	__u64 sum;
};

/* In seconds. */
void metrics_histogram(struct metrics *metrics, const struct metric_labels *labels,
		       const struct metric_buckets *buckets);

void metrics_end(struct metrics *metrics);

#endif
