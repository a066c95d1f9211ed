// SPDX-License-Identifier: GPL-2.0-only
#include "export_data.h"

static void histogram(struct metrics *metrics, const struct metric_labels *labels,
		      const struct stage_histogram *histogram)
{
	__u64 bounds[STAGE_BUCKETS];
	const struct metric_buckets buckets = {
		.bounds = bounds,
		.counts = histogram->counts,
		.count = STAGE_BUCKETS,
		.sum = histogram->sum,
	};

	for (int i = 0; i < STAGE_BUCKETS; i++)
		bounds[i] = stage_bucket_bound(i);
	metrics_histogram(metrics, labels, &buckets);
}

static void stages(struct metrics *metrics, const struct stage_buckets *buckets)
{
	for (int stage = 0; stage < STAGE_MAX; stage++)
		for (int leg = 0; leg < ICMPX_KIND_MAX; leg++)
			for (int side = 0; side < SIDE_MAX; side++) {
				const struct metric_labels labels = {
					.list = {{"stage", stages_name(stage)},
						 {"leg", trace_kind_name(leg)},
						 {"side", hop_side_name(side)}},
					.count = 3,
				};

				if (buckets->seen[stage][leg][side])
					histogram(metrics, &labels,
						  &buckets->stages[stage][leg][side]);
			}
}

void render_metrics_trace(struct metrics *metrics, const struct export_trace *trace)
{
	const struct trace_header *header = &trace->header;
	char probes[16];
	const struct metric_labels info = {
		.list = {{"backend", header->backend},
			 {"method", header->method},
			 {"probes", probes}},
		.count = 3,
	};

	snprintf(probes, sizeof(probes), "%u", header->probes);
	metrics_family(metrics, METRIC_TRACE);
	metrics_number(metrics, &info, 1);
	metrics_family(metrics, METRIC_TRACE_PINGS);
	for (int end = 0; end < PING_END_MAX; end++) {
		const struct metric_labels labels = {.list = {{"end", ping_end_name(end)}},
						     .count = 1};

		metrics_number(metrics, &labels, trace->counts.ends[end]);
	}
	metrics_family(metrics, METRIC_TRACE_EVENTS);
	metrics_number(metrics, NULL, trace->counts.events);
	metrics_family(metrics, METRIC_TRACE_LOST);
	metrics_number(metrics, NULL, trace->counts.lost);
	metrics_family(metrics, METRIC_PING_SECONDS);
	histogram(metrics, NULL, &trace->buckets.whole);
	metrics_family(metrics, METRIC_STAGE_SECONDS);
	stages(metrics, &trace->buckets);
}
