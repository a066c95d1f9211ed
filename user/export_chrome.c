// SPDX-License-Identifier: GPL-2.0-only
/* The Trace Event Format, as chrome://tracing and others read it. Groups of tracks are its
 * processes, tracks its threads; times are microseconds. */
#include <errno.h>

#include "export.h"
#include "ndjson.h"
#include "timeline.h"

struct chrome {
	struct ndjson json;
	struct timeline *timeline;
	bool begun; /* there is an event before the next one */
};

static void put_us(struct ndjson *json, const char *key, __u64 ns)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "%llu.%03u", (unsigned long long)(ns / 1000),
			      (unsigned int)(ns % 1000));

	ndjson_verbatim(json, key, text, length);
}

static void begin_event(struct chrome *file, const char *phase, unsigned int group, __u32 track)
{
	struct ndjson *json = &file->json;

	if (file->begun)
		fputc(',', json->out);
	file->begun = true;
	ndjson_open_object(json, NULL);
	ndjson_text(json, "ph", phase);
	ndjson_number(json, "pid", group + 1);
	ndjson_number(json, "tid", (__u64)track + 1);
}

static void put_metadata(struct chrome *file, const char *what, unsigned int group, __u32 track,
			 const char *name)
{
	begin_event(file, "M", group, track);
	ndjson_text(&file->json, "name", what);
	ndjson_open_object(&file->json, "args");
	ndjson_text(&file->json, "name", name);
	ndjson_close_object(&file->json);
	ndjson_end(&file->json);
}

static int put_track(void *data, unsigned int group, __u32 track, const char *name)
{
	put_metadata(data, "thread_name", group, track, name);
	return 0;
}

/* Arrows go from slice to slice: those that are under way at that time. In the middle, since a
 * slice may begin where the one before it ends. */
static void put_flow(struct chrome *file, const struct timeline_item *item)
{
	static const char *const phases[] = {
		[FLOW_BEGINS] = "s",
		[FLOW_GOES_ON] = "t",
		[FLOW_ENDS] = "f",
	};
	struct ndjson *json = &file->json;

	if (item->flow == FLOW_NONE)
		return;
	begin_event(file, phases[item->flow], item->group, item->track);
	ndjson_text(json, "name", "ping");
	ndjson_text(json, "cat", "flow");
	ndjson_number(json, "id", item->ping);
	put_us(json, "ts", item->time + item->ns / 2);
	if (item->flow == FLOW_ENDS)
		ndjson_text(json, "bp", "e"); /* the slice that it is in, not the next one */
	ndjson_end(json);
}

static int put_item(void *data, const struct timeline_item *item)
{
	struct chrome *file = data;
	struct ndjson *json = &file->json;

	begin_event(file, item->instant ? "i" : "X", item->group, item->track);
	ndjson_text(json, "name", item->name);
	ndjson_text(json, "cat", item->category);
	put_us(json, "ts", item->time);
	if (item->instant)
		ndjson_text(json, "s", "t"); /* of its thread */
	else
		put_us(json, "dur", item->ns);
	ndjson_open_object(json, "args");
	for (size_t i = 0; i < item->count; i++) {
		const struct timeline_fact *fact = &item->facts[i];

		if (fact->text)
			ndjson_text(json, fact->key, fact->text);
		else
			ndjson_number(json, fact->key, fact->number);
	}
	ndjson_close_object(json);
	ndjson_end(json);
	put_flow(file, item);
	return 0;
}

static void close_file(void *state)
{
	struct chrome *file = state;

	timeline_free(file->timeline);
	ndjson_destroy(&file->json);
	free(file);
}

static void *open_file(FILE *out, const struct catalog *catalog)
{
	struct chrome *file = calloc(1, sizeof(*file));
	struct timeline_sink sink = {.track = put_track, .item = put_item, .data = file};

	if (!file)
		return NULL;
	file->timeline = timeline_new(catalog, &sink);
	if (!ndjson_init(&file->json, out) && file->timeline)
		return file;
	close_file(file);
	return NULL;
}

/* The header of a recording is foreign text. */
static int put_header(void *state, const struct trace_header *header)
{
	struct chrome *file = state;
	struct ndjson *json = &file->json;

	fputs("{\"displayTimeUnit\":\"ns\",\"otherData\":", json->out);
	ndjson_open_object(json, NULL);
	ndjson_safe(json, "icmpx", header->version);
	ndjson_safe(json, "kernel", header->kernel);
	ndjson_safe(json, "machine", header->machine);
	ndjson_safe(json, "backend", header->backend);
	ndjson_text(json, "clock", "CLOCK_MONOTONIC");
	ndjson_signed(json, "epoch_offset_ns", header->epoch);
	ndjson_end(json);
	fputs(",\"traceEvents\":[\n", json->out);
	for (unsigned int i = 0; i < TIMELINE_GROUPS; i++)
		put_metadata(file, "process_name", i, 0, timeline_group(i));
	return 0;
}

static int put_ping(void *state, const struct ping *ping)
{
	struct chrome *file = state;

	return timeline_ping(file->timeline, ping);
}

static int put_end(void *state, const struct assemble_counts *counts)
{
	struct chrome *file = state;

	(void)counts;
	fputs("]}\n", file->json.out);
	return 0;
}

const struct export_format export_chrome = {
	.name = "chrome",
	.open = open_file,
	.header = put_header,
	.ping = put_ping,
	.end = put_end,
	.close = close_file,
};
