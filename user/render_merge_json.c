// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "id_set.h"
#include "json_text.h"
#include "ndjson.h"
#include "render_merge.h"
#include "render_trace_hops.h"

struct merge_json {
	struct ndjson out;
	const struct merge *merge;
	const struct merge_recording *recordings;
	struct hop_names names[MACHINE_MAX];
	struct id_set no_paths; /* numbers of paths are each recording's own: none is named */
	struct json_text hops;
	__u64 number;
};

static const char *const machines[] = {"a", "b"};

struct merge_json *render_merge_json_new(FILE *out, const struct merge *merge,
					 const struct merge_recording *recordings)
{
	struct merge_json *json = calloc(1, sizeof(*json));

	if (!json)
		return NULL;
	json->merge = merge;
	json->recordings = recordings;
	if (hop_names_init(&json->names[MACHINE_A], recordings[MACHINE_A].catalog) ||
	    hop_names_init(&json->names[MACHINE_B], recordings[MACHINE_B].catalog) ||
	    ndjson_init(&json->out, out)) {
		render_merge_json_free(json);
		return NULL;
	}
	return json;
}

void render_merge_json_free(struct merge_json *json)
{
	if (!json)
		return;
	ndjson_destroy(&json->out);
	hop_names_destroy(&json->names[MACHINE_A]);
	hop_names_destroy(&json->names[MACHINE_B]);
	id_set_free(&json->no_paths);
	json_text_free(&json->hops);
	free(json);
}

static void put_known(struct ndjson *out, const char *key, bool known, __s64 ns)
{
	if (known)
		ndjson_signed(out, key, ns);
	else
		ndjson_null(out, key);
}

/* --- the first line --------------------------------------------------------------- */

static void put_machine(struct merge_json *json, enum machine machine)
{
	const struct merge_recording *recording = &json->recordings[machine];
	const struct merge_side *side = &json->merge->sides[machine];
	struct ndjson *out = &json->out;

	ndjson_open_object(out, machines[machine]);
	ndjson_foreign(out, "file", recording->path);
	ndjson_foreign(out, "node", recording->header.node);
	ndjson_foreign(out, "icmpx", recording->header.version);
	ndjson_foreign(out, "kernel", recording->header.kernel);
	ndjson_foreign(out, "machine", recording->header.machine);
	ndjson_foreign(out, "backend", recording->header.backend);
	ndjson_number(out, "started_ns", side->started);
	ndjson_number(out, "ended_ns", side->ended);
	ndjson_signed(out, "epoch_offset_ns", side->epoch);
	ndjson_number(out, "pings", recording->counts.pings);
	ndjson_number(out, "lost", side->lost);
	ndjson_close_object(out);
}

static void put_clock(struct merge_json *json)
{
	static const char *const models[] = {
		[CLOCK_UNKNOWN] = "unknown",
		[CLOCK_SAME] = "same",
		[CLOCK_LINE] = "line",
		[CLOCK_FREE] = "free",
	};
	const struct merge *merge = json->merge;
	enum clock_model model = clock_fit_model(merge->clock);
	__u64 at = merge->first + (merge->last - merge->first) / 2;
	struct ndjson *out = &json->out;
	struct clock_span span;
	double min, max;
	bool known;

	clock_fit_at(merge->clock, at, &span);
	clock_fit_rate(merge->clock, &min, &max);
	known = clock_span_is_known(&span);
	ndjson_open_object(out, "clock");
	ndjson_text(out, "model", models[model]);
	ndjson_number(out, "at_ns", at);
	put_known(out, "offset_ns", known, clock_span_middle(&span));
	put_known(out, "offset_min_ns", span.has_min, span.min);
	put_known(out, "offset_max_ns", span.has_max, span.max);
	put_known(out, "realtime_offset_ns", known,
		  clock_span_middle(&span) + merge->sides[MACHINE_B].epoch -
			  merge->sides[MACHINE_A].epoch);
	put_known(out, "rate_min_ppb", model == CLOCK_LINE, (__s64)min);
	put_known(out, "rate_max_ppb", model == CLOCK_LINE, (__s64)max);
	ndjson_close_object(out);
}

void render_merge_json_header(struct merge_json *json)
{
	struct ndjson *out = &json->out;

	ndjson_begin(out, "merge");
	ndjson_number(out, "schema", TRACE_SCHEMA);
	put_machine(json, MACHINE_A);
	put_machine(json, MACHINE_B);
	put_clock(json);
	ndjson_end(out);
}

/* --- a ping ------------------------------------------------------------------------- */

static void put_address(struct ndjson *out, const char *key, __u8 family, const __u8 *address)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(family == 6 ? AF_INET6 : AF_INET, address, text, sizeof(text));
	ndjson_text(out, key, text);
}

static void put_identity(struct ndjson *out, const struct icmpx_packet *packet)
{
	put_address(out, "source", packet->family, packet->source);
	put_address(out, "destination", packet->family, packet->destination);
	ndjson_number(out, "id", ntohs(packet->id));
	ndjson_number(out, "seq", ntohs(packet->seq));
}

static void put_part(struct merge_json *json, enum machine machine, const struct ping *ping)
{
	struct ndjson *out = &json->out;
	bool failed;

	ndjson_open_object(out, NULL);
	ndjson_text(out, "machine", machines[machine]);
	ndjson_text(out, "end", ping_end_name(ping->end));
	put_identity(out, &ping->packet);
	ndjson_number(out, "first_ns", ping->first);
	ndjson_number(out, "last_ns", ping->last);
	ndjson_bool(out, "at_driver", ping->at_driver);
	ndjson_bool(out, "duplicate", ping->duplicate);
	ndjson_number(out, "lost", ping->lost);
	json_text_clear(&json->hops);
	render_hops_json(&json->hops, &json->names[machine], &json->no_paths, ping);
	failed = json->hops.failed;
	ndjson_number(out, "left_out", (__u64)ping->left_out + (failed ? ping->count : 0));
	ndjson_verbatim(out, "hops", failed ? "[]" : json->hops.data, failed ? 2 : json->hops.used);
	ndjson_close_object(out);
}

static void put_stage(struct ndjson *out, const struct merge_stage *stage)
{
	bool wire = stage->machine == ON_THE_WIRE;

	ndjson_open_object(out, NULL);
	ndjson_text(out, "stage", stages_name(stage->stage));
	ndjson_text(out, "leg", trace_kind_name(stage->leg));
	ndjson_text(out, "machine", wire ? NULL : machines[stage->machine]);
	put_known(out, "ns", stage->known, (__s64)stage->ns);
	if (wire) {
		put_known(out, "min_ns", stage->known, (__s64)stage->min);
		put_known(out, "max_ns", stage->known, (__s64)stage->max);
	}
	ndjson_close_object(out);
}

static void put_stages(struct ndjson *out, const struct merge_budget *budget)
{
	ndjson_open_array(out, "stages");
	for (size_t i = 0; i < budget->count; i++)
		put_stage(out, &budget->list[i]);
	ndjson_close_array(out);
}

void render_merge_json_ping(struct merge_json *json, const struct merged *merged)
{
	const struct ping *ping = &merged->seen[merged->sender]->ping;
	enum machine other = machine_other(merged->sender);
	const struct clock_span *offset = &merged->offset;
	struct ndjson *out = &json->out;
	struct merge_budget budget;

	merge_budget_make(merged, &budget);
	ndjson_begin(out, "merged");
	ndjson_number(out, "number", ++json->number);
	ndjson_text(out, "fate", merge_fate_name(merged->fate));
	ndjson_text(out, "sender", machines[merged->sender]);
	ndjson_text(out, "family", ping->packet.family == 6 ? "ipv6" : "ipv4");
	put_identity(out, &ping->packet);
	ndjson_bool(out, "rewritten", merged->seen[other] && merged_is_rewritten(merged));
	ndjson_number(out, "span_ns", ping->last - ping->first);
	put_known(out, "wire_ns", budget.whole, (__s64)budget.wire);
	put_known(out, "offset_ns", clock_span_is_known(offset), clock_span_middle(offset));
	put_known(out, "offset_min_ns", offset->has_min, offset->min);
	put_known(out, "offset_max_ns", offset->has_max, offset->max);
	ndjson_open_array(out, "parts");
	put_part(json, merged->sender, ping);
	if (merged->seen[other])
		put_part(json, other, &merged->seen[other]->ping);
	ndjson_close_array(out);
	put_stages(out, &budget);
	ndjson_end(out);
}

/* --- the last line --------------------------------------------------------------------- */

static void put_counts(struct ndjson *out, const char *key, const __u64 counts[MACHINE_MAX])
{
	ndjson_open_object(out, key);
	for (int i = 0; i < MACHINE_MAX; i++)
		ndjson_number(out, machines[i], counts[i]);
	ndjson_close_object(out);
}

void render_merge_json_end(struct merge_json *json)
{
	const struct merge_counts *counts = &json->merge->counts;
	struct ndjson *out = &json->out;

	ndjson_begin(out, "merge_end");
	ndjson_number(out, "pings", json->merge->count);
	ndjson_number(out, "joined", counts->joined);
	ndjson_number(out, "by_cookie", counts->by_cookie);
	put_counts(out, "alone", counts->alone);
	put_counts(out, "ambiguous", counts->ambiguous);
	put_counts(out, "odd", counts->odd);
	put_counts(out, "datagrams", counts->datagrams);
	ndjson_open_object(out, "fates");
	for (int i = 0; i < FATE_MAX; i++)
		ndjson_number(out, merge_fate_name(i), counts->fates[i]);
	ndjson_close_object(out);
	ndjson_end(out);
}
