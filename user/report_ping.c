// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <string.h>

#include "drops.h"
#include "render_trace_text.h"
#include "report_ping.h"

/* Of the packet that is lost; the error about it is another one. */
static bool is_drop(const struct ping *ping, const struct hop *hop)
{
	return hop->event.probe == ICMPX_TP_DROP && !hop->benign &&
	       (ping->end == PING_DROPPED || hop->event.packet.kind != ICMPX_KIND_ERROR);
}

static const struct hop *last_drop(const struct ping *ping)
{
	const struct hop *last = NULL;

	for (__u32 i = 0; i < ping->count; i++)
		if (is_drop(ping, &ping->hops[i]))
			last = &ping->hops[i];
	return last;
}

static const struct icmpx_packet *first_error(const struct ping *ping)
{
	for (__u32 i = 0; i < ping->count; i++)
		if (ping->hops[i].event.packet.kind == ICMPX_KIND_ERROR)
			return &ping->hops[i].event.packet;
	return NULL;
}

static void put_drop(struct ndjson *json, const struct hop *hop, const struct catalog *catalog)
{
	const char *where = catalog_name(catalog, NAME_SYMBOL, hop->event.detail[0]);
	const char *reason = catalog_name(catalog, NAME_REASON, hop->event.detail[1]);
	const struct drop_advice *advice;
	char function[CATALOG_NAME_MAX + 1];

	snprintf(function, sizeof(function), "%.*s", (int)strcspn(where ?: "", "+"), where ?: "");
	advice = drops_advice(reason, function);
	ndjson_open_object(json, "drop");
	ndjson_text(json, "where", where);
	ndjson_text(json, "reason", reason);
	ndjson_text(json, "cause", advice ? advice->cause : NULL);
	ndjson_text(json, "look", advice ? advice->look : NULL);
	ndjson_close_object(json);
}

static void put_frame(struct ndjson *json, const struct ping *ping, const struct catalog *catalog,
		      const struct frames *frames, size_t at)
{
	const struct frame *frame = &frames->list[at];
	static const struct trace_view view = {.verbose = true};
	const struct ping_text text = {.ping = ping, .catalog = catalog, .view = &view, .cpu = -1};
	const struct hop *hop = &ping->hops[frame->hop], *end = NULL;
	struct trace_text details = {};

	ndjson_open_object(json, NULL);
	ndjson_text(json, "name", frame->name);
	ndjson_text(json, "mark", frame_mark_name(frame->mark));
	ndjson_text(json, "layer", trace_layer_name(frame->layer));
	ndjson_number(json, "hop", frame->hop);
	if (frame->probe >= 0)
		ndjson_number(json, "probe", frame->probe);
	if (frames_beside(ping, frame))
		ndjson_bool(json, "beside", true);
	if (frames_before_answer(frames, at))
		ndjson_bool(json, "before_answer", true);
	if (frame->mark == MARK_FIRED) {
		ndjson_text(json, "details", render_trace_details(&text, hop, &details));
		end = frame->function ? frames_return(ping, frame->hop) : NULL;
	}
	if (end)
		ndjson_number(json, "took_ns", end->event.detail[1]);
	ndjson_close_object(json);
}

void report_ping_json(struct ndjson *json, const struct ping *ping, const struct catalog *catalog,
		      const struct frames *frames)
{
	const bool failed = ping->end == PING_DROPPED || ping->end == PING_ERROR;
	const struct hop *drop = failed ? last_drop(ping) : NULL;
	const struct icmpx_packet *error = first_error(ping);
	struct trace_text words = {};

	if (drop)
		put_drop(json, drop, catalog);
	if (error)
		ndjson_text(json, "error",
			    render_trace_icmp(error->family, error->type, error->code, &words));
	if (!frames)
		return;
	ndjson_open_array(json, "frames");
	for (size_t i = 0; i < frames->count; i++)
		put_frame(json, ping, catalog, frames, i);
	ndjson_close_array(json);
}
