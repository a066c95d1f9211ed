// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>

#include "export_text.h"
#include "numbering.h"
#include "timeline.h"
#include "trace.h"

#define LANES_MAX 16384 /* more than pings can be open: then they overlap */

/* In the key of a track, beside its group. */
enum track_kind {
	TRACK_LANE,
	TRACK_TASK,
	TRACK_SOFTIRQ,
	TRACK_CPU, /* neither is known */
};

struct timeline {
	const struct catalog *catalog;
	struct timeline_sink sink;
	struct numbering tracks;
	__u64 *lanes; /* ns: when the last slice on it ends */
	size_t lane_count, lane_size;
};

struct timeline *timeline_new(const struct catalog *catalog, const struct timeline_sink *sink)
{
	struct timeline *timeline = calloc(1, sizeof(*timeline));

	if (!timeline)
		return NULL;
	timeline->catalog = catalog;
	timeline->sink = *sink;
	return timeline;
}

void timeline_free(struct timeline *timeline)
{
	if (!timeline)
		return;
	numbering_free(&timeline->tracks);
	free(timeline->lanes);
	free(timeline);
}

const char *timeline_group(unsigned int group)
{
	return group ? hop_side_name(group - 1) : "pings";
}

static int find_track(struct timeline *timeline, unsigned int group, enum track_kind kind,
		      __u32 number, const char *name)
{
	const struct numbering_key key = {.word = {group, kind, number}};
	bool fresh;
	int track = numbering_find(&timeline->tracks, &key, &fresh), err;

	if (track < 0 || !fresh)
		return track;
	if (track == NUMBERING_MAX)
		name = "others";
	err = timeline->sink.track(timeline->sink.data, group, track, name);
	return err ?: track;
}

/* The first that is free again when the ping begins. */
static int find_lane(struct timeline *timeline, const struct ping *ping)
{
	size_t lane = 0;

	while (lane < timeline->lane_count && timeline->lanes[lane] > ping->first)
		lane++;
	if (lane == timeline->lane_size && lane < LANES_MAX) {
		size_t size = lane ? 2 * lane : 64;
		__u64 *lanes = realloc(timeline->lanes, size * sizeof(*lanes));

		if (!lanes)
			return -ENOMEM;
		timeline->lanes = lanes;
		timeline->lane_size = size;
	}
	if (lane == LANES_MAX)
		lane--;
	if (lane == timeline->lane_count)
		timeline->lane_count++;
	timeline->lanes[lane] = ping->last;
	return lane;
}

static int lane_track(struct timeline *timeline, unsigned int group, int lane)
{
	char name[32];

	snprintf(name, sizeof(name), lane ? "%s %d" : "%s", group ? "stages" : "pings", lane + 1);
	return find_track(timeline, group, TRACK_LANE, lane, name);
}

static void add_text(struct timeline_item *item, const char *key, const char *text)
{
	if (text)
		item->facts[item->count++] = (struct timeline_fact){.key = key, .text = text};
}

static void add_number(struct timeline_item *item, const char *key, __u64 number)
{
	item->facts[item->count++] = (struct timeline_fact){.key = key, .number = number};
}

static int put_whole(struct timeline *timeline, const struct ping *ping, int lane)
{
	struct timeline_item item = {
		.category = "ping",
		.time = ping->first,
		.ns = ping->last - ping->first,
		.ping = ping->number,
	};
	struct export_text name = {};
	int track = lane_track(timeline, 0, lane);

	if (track < 0)
		return track;
	item.track = track;
	item.name = export_packet(&ping->packet, &name);
	add_number(&item, "ping", ping->number);
	add_text(&item, "end", ping_end_name(ping->end));
	if (ping->tgid)
		add_number(&item, "process", ping->tgid);
	add_text(&item, "name", catalog_name(timeline->catalog, NAME_TASK, ping->tid));
	if (ping->lost)
		add_number(&item, "lost", ping->lost);
	return timeline->sink.item(timeline->sink.data, &item);
}

static int put_stage(struct timeline *timeline, const struct ping *ping, const struct span *span,
		     int lane, __u64 time, enum timeline_flow flow)
{
	struct timeline_item item = {
		.group = 1 + span->side,
		.name = stages_name(span->stage),
		.category = "stage",
		.time = time,
		.ns = span->ns,
		.ping = ping->number,
		.flow = flow,
	};
	int track = lane_track(timeline, item.group, lane);

	if (track < 0)
		return track;
	item.track = track;
	add_number(&item, "ping", ping->number);
	add_text(&item, "leg", trace_kind_name(span->leg));
	add_text(&item, "what", stages_title(span->stage));
	return timeline->sink.item(timeline->sink.data, &item);
}

/* Through the first stage and the last, and wherever leg or side change. */
static enum timeline_flow flow_at(const struct budget *budget, size_t at, size_t first, size_t last)
{
	const struct span *span = &budget->spans[at], *before;

	if (first == last || !span->ns)
		return FLOW_NONE;
	if (at == first)
		return FLOW_BEGINS;
	if (at == last)
		return FLOW_ENDS;
	before = span - 1;
	return span->leg != before->leg || span->side != before->side ? FLOW_GOES_ON : FLOW_NONE;
}

static int put_stages(struct timeline *timeline, const struct ping *ping, int lane)
{
	__u64 time = ping->first;
	struct budget budget;
	size_t first, last;
	int err = 0;

	stages_budget(ping, &budget);
	for (first = 0; first < budget.count && !budget.spans[first].ns; first++)
		;
	for (last = budget.count; last > first && !budget.spans[last - 1].ns; last--)
		;
	for (size_t i = 0; i < budget.count && !err; i++) {
		err = put_stage(timeline, ping, &budget.spans[i], lane, time,
				flow_at(&budget, i, first, last - 1));
		time += budget.spans[i].ns;
	}
	return err;
}

static int hop_track(struct timeline *timeline, const struct hop *hop, unsigned int group)
{
	const struct icmpx_event *event = &hop->event;
	bool softirq = event->flags & ICMPX_IN_SOFTIRQ, task = trace_has_task(event);
	enum track_kind kind = task ? TRACK_TASK : softirq ? TRACK_SOFTIRQ : TRACK_CPU;
	struct export_text name = {};

	export_context(timeline->catalog, event, &name);
	return find_track(timeline, group, kind, task ? event->tid : event->cpu, name.buf);
}

static int put_hop(struct timeline *timeline, const struct ping *ping, const struct hop *hop)
{
	const struct icmpx_event *event = &hop->event;
	enum icmpx_layer layer =
		hop->synthetic ? ICMPX_LAYER_SYSCALL : trace_probe_layer(event->probe);
	struct timeline_item item = {
		.group = 1 + hop->side,
		.name = export_hop_name(timeline->catalog, hop),
		.category = trace_layer_name(layer),
		.time = event->time,
		.instant = true,
		.ping = ping->number,
	};
	struct export_text device = {}, fate = {};
	int track = hop_track(timeline, hop, item.group);

	if (track < 0)
		return track;
	item.track = track;
	add_number(&item, "ping", ping->number);
	add_text(&item, "leg", trace_kind_name(hop->leg));
	add_number(&item, "cpu", event->cpu);
	if (event->netns)
		add_number(&item, "netns", event->netns);
	add_text(&item, "device", export_device(timeline->catalog, event, &device));
	if (event->syscall >= 0 && trace_has_task(event))
		add_text(&item, "syscall",
			 catalog_name(timeline->catalog, NAME_SYSCALL, event->syscall));
	add_text(&item, "fate", export_fate(timeline->catalog, hop, &fate));
	if (event->flags & ICMPX_RETURN)
		add_number(&item, "took_ns", event->detail[1]);
	return timeline->sink.item(timeline->sink.data, &item);
}

int timeline_ping(struct timeline *timeline, const struct ping *ping)
{
	int lane = find_lane(timeline, ping), err;

	if (lane < 0)
		return lane;
	err = put_whole(timeline, ping, lane);
	if (!err)
		err = put_stages(timeline, ping, lane);
	for (__u32 i = 0; i < ping->count && !err; i++)
		err = put_hop(timeline, ping, &ping->hops[i]);
	return err;
}
