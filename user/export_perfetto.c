// SPDX-License-Identifier: GPL-2.0-only
/* Perfetto's own format: packets of track events. A trace is a list of packets, and so is what
 * comes of writing traces of one packet one after the other. */
#include <errno.h>
#include <string.h>

#include "export.h"
#include "perfetto.pb-c.h"
#include "timeline.h"

#define SEQUENCE    1 /* all packets' */
#define FIRST_GROUP 1 /* uuids of tracks: 0 is the viewer's own */
#define FIRST_TRACK 16

struct perfetto {
	FILE *out;
	struct timeline *timeline;
	void *buffer;
	size_t size;
};

static int put(struct perfetto *file, Perfetto__Protos__TracePacket *packet)
{
	Perfetto__Protos__TracePacket *list[] = {packet};
	Perfetto__Protos__Trace trace = PERFETTO__PROTOS__TRACE__INIT;
	size_t size;

	packet->has_trusted_packet_sequence_id = true;
	packet->trusted_packet_sequence_id = SEQUENCE;
	trace.n_packet = 1;
	trace.packet = list;
	size = perfetto__protos__trace__get_packed_size(&trace);
	if (size > file->size) {
		void *buffer = realloc(file->buffer, 2 * size);

		if (!buffer)
			return -ENOMEM;
		file->buffer = buffer;
		file->size = 2 * size;
	}
	perfetto__protos__trace__pack(&trace, file->buffer);
	fwrite(file->buffer, 1, size, file->out);
	return 0;
}

static int put_descriptor(struct perfetto *file, __u64 uuid, __u64 parent, const char *name)
{
	Perfetto__Protos__TracePacket packet = PERFETTO__PROTOS__TRACE_PACKET__INIT;
	Perfetto__Protos__TrackDescriptor track = PERFETTO__PROTOS__TRACK_DESCRIPTOR__INIT;

	track.has_uuid = true;
	track.uuid = uuid;
	track.has_parent_uuid = parent;
	track.parent_uuid = parent;
	track.name = (char *)name;
	packet.track_descriptor = &track;
	return put(file, &packet);
}

static int put_track(void *data, unsigned int group, __u32 track, const char *name)
{
	return put_descriptor(data, (__u64)track + FIRST_TRACK, group + FIRST_GROUP, name);
}

static int put_event(struct perfetto *file, Perfetto__Protos__TrackEvent *event,
		     Perfetto__Protos__TrackEvent__Type type, const struct timeline_item *item,
		     __u64 time)
{
	Perfetto__Protos__TracePacket packet = PERFETTO__PROTOS__TRACE_PACKET__INIT;

	event->has_type = true;
	event->type = type;
	event->has_track_uuid = true;
	event->track_uuid = (__u64)item->track + FIRST_TRACK;
	packet.has_timestamp = true;
	packet.timestamp = time;
	packet.has_timestamp_clock_id = true;
	packet.timestamp_clock_id = PERFETTO__PROTOS__BUILTIN_CLOCK__BUILTIN_CLOCK_MONOTONIC;
	packet.track_event = event;
	return put(file, &packet);
}

static void set_fact(Perfetto__Protos__DebugAnnotation *annotation,
		     const struct timeline_fact *fact)
{
	*annotation = (Perfetto__Protos__DebugAnnotation)PERFETTO__PROTOS__DEBUG_ANNOTATION__INIT;
	annotation->name = (char *)fact->key;
	annotation->string_value = (char *)fact->text;
	annotation->has_uint_value = !fact->text;
	annotation->uint_value = fact->number;
}

static void set_flow(Perfetto__Protos__TrackEvent *event, const struct timeline_item *item,
		     uint64_t *flow)
{
	*flow = item->ping;
	if (item->flow == FLOW_ENDS) {
		event->n_terminating_flow_ids = 1;
		event->terminating_flow_ids = flow;
	} else if (item->flow != FLOW_NONE) {
		event->n_flow_ids = 1;
		event->flow_ids = flow;
	}
}

static int put_item(void *data, const struct timeline_item *item)
{
	Perfetto__Protos__DebugAnnotation annotations[TIMELINE_FACTS], *list[TIMELINE_FACTS];
	Perfetto__Protos__TrackEvent event = PERFETTO__PROTOS__TRACK_EVENT__INIT,
				     end = PERFETTO__PROTOS__TRACK_EVENT__INIT;
	char *category = (char *)item->category;
	uint64_t flow;
	int err;

	for (size_t i = 0; i < item->count; i++) {
		set_fact(&annotations[i], &item->facts[i]);
		list[i] = &annotations[i];
	}
	event.n_debug_annotations = item->count;
	event.debug_annotations = list;
	event.n_categories = 1;
	event.categories = &category;
	event.name = (char *)item->name;
	set_flow(&event, item, &flow);
	if (item->instant)
		return put_event(data, &event, PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_INSTANT,
				 item, item->time);
	err = put_event(data, &event, PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_SLICE_BEGIN, item,
			item->time);
	if (err)
		return err;
	return put_event(data, &end, PERFETTO__PROTOS__TRACK_EVENT__TYPE__TYPE_SLICE_END, item,
			 item->time + item->ns);
}

static void close_file(void *state)
{
	struct perfetto *file = state;

	timeline_free(file->timeline);
	free(file->buffer);
	free(file);
}

static void *open_file(FILE *out, const struct catalog *catalog)
{
	struct perfetto *file = calloc(1, sizeof(*file));
	struct timeline_sink sink = {.track = put_track, .item = put_item, .data = file};

	if (!file)
		return NULL;
	file->out = out;
	file->timeline = timeline_new(catalog, &sink);
	if (file->timeline)
		return file;
	close_file(file);
	return NULL;
}

/* What the trace's clock is, and what time of the day that was. */
static int put_clocks(struct perfetto *file, const struct trace_header *header)
{
	Perfetto__Protos__TracePacket packet = PERFETTO__PROTOS__TRACE_PACKET__INIT;
	Perfetto__Protos__ClockSnapshot snapshot = PERFETTO__PROTOS__CLOCK_SNAPSHOT__INIT;
	Perfetto__Protos__ClockSnapshot__Clock clocks[2] = {
		PERFETTO__PROTOS__CLOCK_SNAPSHOT__CLOCK__INIT,
		PERFETTO__PROTOS__CLOCK_SNAPSHOT__CLOCK__INIT,
	};
	Perfetto__Protos__ClockSnapshot__Clock *list[] = {&clocks[0], &clocks[1]};

	for (size_t i = 0; i < ARRAY_SIZE(clocks); i++)
		clocks[i].has_clock_id = clocks[i].has_timestamp = true;
	clocks[0].clock_id = PERFETTO__PROTOS__BUILTIN_CLOCK__BUILTIN_CLOCK_MONOTONIC;
	clocks[0].timestamp = header->started;
	clocks[1].clock_id = PERFETTO__PROTOS__BUILTIN_CLOCK__BUILTIN_CLOCK_REALTIME;
	clocks[1].timestamp = header->started + (__u64)header->epoch;
	snapshot.n_clocks = ARRAY_SIZE(clocks);
	snapshot.clocks = list;
	snapshot.has_primary_trace_clock = true;
	snapshot.primary_trace_clock = PERFETTO__PROTOS__BUILTIN_CLOCK__BUILTIN_CLOCK_MONOTONIC;
	packet.clock_snapshot = &snapshot;
	return put(file, &packet);
}

static int put_header(void *state, const struct trace_header *header)
{
	int err = put_clocks(state, header);

	for (unsigned int i = 0; i < TIMELINE_GROUPS && !err; i++)
		err = put_descriptor(state, i + FIRST_GROUP, 0, timeline_group(i));
	return err;
}

static int put_ping(void *state, const struct ping *ping)
{
	struct perfetto *file = state;

	return timeline_ping(file->timeline, ping);
}

const struct export_format export_perfetto = {
	.name = "perfetto",
	.binary = true,
	.open = open_file,
	.header = put_header,
	.ping = put_ping,
	.close = close_file,
};
