// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "id_set.h"
#include "json_text.h"
#include "ndjson.h"
#include "path_edges.h"
#include "render_trace.h"
#include "render_trace_hops.h"

/* Pings of one flood have the same: inet_ntop() takes as long as two hops. */
struct last_address {
	__u8 family;
	__u8 address[16];
	char text[INET6_ADDRSTRLEN];
};

struct trace_json {
	struct ndjson out;
	const struct catalog *catalog;
	struct id_set paths; /* those that are written */
	struct hop_names names;
	struct json_text hops, stages;
	struct last_address source, destination, reporter;
};

struct trace_json *render_trace_json_new(FILE *out, const struct catalog *catalog)
{
	struct trace_json *json = calloc(1, sizeof(*json));

	if (!json)
		return NULL;
	json->catalog = catalog;
	if (hop_names_init(&json->names, catalog) || ndjson_init(&json->out, out)) {
		render_trace_json_free(json);
		return NULL;
	}
	return json;
}

void render_trace_json_free(struct trace_json *json)
{
	if (!json)
		return;
	ndjson_destroy(&json->out);
	hop_names_destroy(&json->names);
	id_set_free(&json->paths);
	json_text_free(&json->hops);
	json_text_free(&json->stages);
	free(json);
}

/* "a b c" as a list. */
static void put_words(struct ndjson *out, const char *key, const char *words)
{
	char copy[sizeof(((struct trace_header *)NULL)->missing)], *rest = copy, *word;

	snprintf(copy, sizeof(copy), "%s", words);
	ndjson_open_array(out, key);
	while ((word = strsep(&rest, " ")))
		if (word[0])
			ndjson_foreign(out, NULL, word);
	ndjson_close_array(out);
}

void render_trace_json_header(struct trace_json *json, const struct trace_header *header)
{
	static const char *const stacks[] = {
		[ICMPX_STACKS_PATHS] = "paths",
		[ICMPX_STACKS_ALWAYS] = "always",
		[ICMPX_STACKS_NEVER] = "never",
	};
	const struct edges *edges = edges_of(header->kernel);
	struct ndjson *out = &json->out;

	ndjson_begin(out, "header");
	ndjson_number(out, "schema", TRACE_SCHEMA);
	ndjson_foreign(out, "icmpx", header->version);
	ndjson_foreign(out, "kernel", header->kernel);
	ndjson_foreign(out, "machine", header->machine);
	ndjson_foreign(out, "backend", header->backend);
	ndjson_foreign(out, "method", header->method);
	ndjson_number(out, "probes", header->probes);
	ndjson_number(out, "possible", header->possible);
	put_words(out, "missing", header->missing);
	ndjson_foreign(out, "why", header->why);
	ndjson_text(out, "inferred_kernel", edges_kernel(edges));
	ndjson_text(out, "inferred_machine", edges_machine(edges));
	ndjson_text(out, "stacks",
		    header->stacks < ARRAY_SIZE(stacks) ? stacks[header->stacks] : NULL);
	ndjson_text(out, "clock", "CLOCK_MONOTONIC");
	ndjson_number(out, "started_ns", header->started);
	ndjson_signed(out, "epoch_offset_ns", header->epoch);
	ndjson_end(out);
}

static void put_path(struct ndjson *out, const struct path *path)
{
	const struct path_frame *frame;

	ndjson_begin(out, "path");
	ndjson_number(out, "id", path->id);
	ndjson_open_array(out, "frames");
	for (__u32 i = 0; i < path->count; i++) {
		frame = &path->frames[i];
		ndjson_open_object(out, NULL);
		ndjson_text(out, "function", frame->name);
		ndjson_number(out, "offset", frame->offset);
		ndjson_text(out, "layer", trace_layer_name(trace_probe_layer(frame->probe)));
		ndjson_close_object(out);
	}
	ndjson_close_array(out);
	ndjson_end(out);
}

static void put_new_paths(struct trace_json *json, const struct ping *ping)
{
	const struct path *path;
	__u32 id;

	for (__u32 i = 0; i < ping->count; i++) {
		id = ping->hops[i].event.stack;
		if (!id || id_set_has(&json->paths, id))
			continue;
		path = catalog_path(json->catalog, id);
		if (path && !id_set_add(&json->paths, id))
			put_path(&json->out, path);
	}
}

static void put_address(struct ndjson *out, const char *key, struct last_address *last, __u8 family,
			const __u8 *address)
{
	if (last->family != family || memcmp(last->address, address, sizeof(last->address))) {
		last->family = family;
		memcpy(last->address, address, sizeof(last->address));
		inet_ntop(family == 6 ? AF_INET6 : AF_INET, address, last->text,
			  sizeof(last->text));
	}
	ndjson_text(out, key, last->text);
}

/* Who sent the error about it; the ping's own packet is what the error is about. */
static const __u8 *find_reporter(const struct ping *ping)
{
	static const __u8 nobody[16];
	const struct icmpx_packet *packet;

	for (__u32 i = 0; i < ping->count; i++) {
		packet = &ping->hops[i].event.packet;
		if (packet->kind == ICMPX_KIND_ERROR &&
		    memcmp(packet->reporter, nobody, sizeof(nobody)))
			return packet->reporter;
	}
	return NULL;
}

static const char *protocol_name(__u8 protocol)
{
	switch (protocol) {
	case IPPROTO_ICMP:
		return "icmp";
	case IPPROTO_ICMPV6:
		return "icmpv6";
	case IPPROTO_UDP:
		return "udp";
	default:
		return NULL;
	}
}

static void put_identity(struct trace_json *json, const struct ping *ping)
{
	const struct icmpx_packet *packet = &ping->packet;
	const __u8 *reporter = find_reporter(ping);
	bool udp = packet->protocol == IPPROTO_UDP;
	struct ndjson *out = &json->out;

	ndjson_text(out, "family", packet->family == 6 ? "ipv6" : "ipv4");
	ndjson_text(out, "protocol", protocol_name(packet->protocol));
	put_address(out, "source", &json->source, packet->family, packet->source);
	put_address(out, "destination", &json->destination, packet->family, packet->destination);
	ndjson_number(out, udp ? "source_port" : "id", ntohs(packet->id));
	ndjson_number(out, udp ? "destination_port" : "seq", ntohs(packet->seq));
	if (reporter)
		put_address(out, "reporter", &json->reporter, packet->family, reporter);
	else
		ndjson_null(out, "reporter");
	ndjson_optional(out, "bytes", packet->bytes);
}

static void put_process(struct trace_json *json, const struct ping *ping)
{
	struct ndjson *out = &json->out;

	if (!ping->tgid) {
		ndjson_null(out, "process");
		return;
	}
	ndjson_open_object(out, "process");
	ndjson_number(out, "tgid", ping->tgid);
	ndjson_number(out, "tid", ping->tid);
	ndjson_text(out, "name", catalog_name(json->catalog, NAME_TASK, ping->tid));
	ndjson_close_object(out);
}

static void put_netns(struct trace_json *json, const char *key, const char *name_key, __u32 netns)
{
	ndjson_optional(&json->out, key, netns);
	ndjson_text(&json->out, name_key,
		    netns ? catalog_name(json->catalog, NAME_NETNS, netns) : NULL);
}

static void put_facts(struct trace_json *json, const struct ping *ping)
{
	struct ndjson *out = &json->out;

	ndjson_number(out, "first_ns", ping->first);
	ndjson_number(out, "last_ns", ping->last);
	ndjson_number(out, "span_ns", ping->last - ping->first);
	put_process(json, ping);
	ndjson_text(out, "socket", ping->raw_socket ? "raw" : ping->ping_socket ? "ping" : NULL);
	ndjson_bool(out, "at_driver", ping->at_driver);
	ndjson_bool(out, "duplicate", ping->duplicate);
	ndjson_number(out, "lost", ping->lost);
	put_netns(json, "sender_netns", "sender_netns_name", ping->sender_netns);
	put_netns(json, "responder_netns", "responder_netns_name", ping->responder_netns);
}

/* Without memory for the hops it says that they are left out. */
static void put_lists(struct trace_json *json, const struct ping *ping, bool brief)
{
	struct ndjson *out = &json->out;
	struct budget budget;
	bool failed;

	json_text_clear(&json->hops);
	json_text_clear(&json->stages);
	if (brief)
		json_put_text(&json->hops, "[]");
	else
		render_hops_json(&json->hops, &json->names, &json->paths, ping);
	stages_budget(ping, &budget);
	render_stages_json(&json->stages, &budget);
	failed = json->hops.failed || json->stages.failed;
	ndjson_number(out, "left_out", (__u64)ping->left_out + (failed || brief ? ping->count : 0));
	if (failed) {
		ndjson_verbatim(out, "hops", "[]", 2);
		ndjson_verbatim(out, "stages", "[]", 2);
		return;
	}
	ndjson_verbatim(out, "hops", json->hops.data, json->hops.used);
	ndjson_verbatim(out, "stages", json->stages.data, json->stages.used);
}

static void put_ping(struct trace_json *json, const struct ping *ping, bool brief)
{
	struct ndjson *out = &json->out;

	ndjson_begin(out, "ping");
	ndjson_number(out, "number", ping->number);
	ndjson_text(out, "end", ping_end_name(ping->end));
	put_identity(json, ping);
	put_facts(json, ping);
	put_lists(json, ping, brief);
	ndjson_end(out);
}

void render_trace_json_ping(struct trace_json *json, const struct ping *ping)
{
	put_new_paths(json, ping);
	put_ping(json, ping, false);
}

void render_trace_json_brief(struct trace_json *json, const struct ping *ping)
{
	put_ping(json, ping, true);
}

void render_trace_json_end(struct trace_json *json, const struct assemble_counts *counts)
{
	struct ndjson *out = &json->out;

	ndjson_begin(out, "end");
	ndjson_number(out, "pings", counts->pings);
	ndjson_number(out, "events", counts->events);
	ndjson_number(out, "lost", counts->lost);
	ndjson_number(out, "orphans", counts->orphans);
	ndjson_number(out, "late", counts->late);
	ndjson_number(out, "pushed_out", counts->pushed_out);
	ndjson_number(out, "hops_left_out", counts->hops_left_out);
	ndjson_open_object(out, "ends");
	for (size_t i = 0; i < PING_END_MAX; i++)
		ndjson_number(out, ping_end_name(i), counts->ends[i]);
	ndjson_close_object(out);
	ndjson_end(out);
}
