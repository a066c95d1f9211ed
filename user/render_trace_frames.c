// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "format.h"
#include "render_trace_text.h"

/* Columns */
#define TIME_END    9
#define DELTA_END   19
#define LAYER       21
#define MARK        31
#define DETAILS     58
#define TREE        21
#define TREE_INDENT 2
#define NARROW      60 /* below it: neither delta nor layer */

static void put_time(struct ping_text *text, enum text_style style, unsigned int column,
		     const char *sign, __u64 ns)
{
	struct trace_text number = {}, signed_number;

	render_trace_time(ns, &number);
	/* The column's head says us. */
	if (strlen(number.buf) > 3 && !strcmp(number.buf + strlen(number.buf) - 3, " us"))
		number.buf[strlen(number.buf) - 3] = '\0';
	snprintf(signed_number.buf, sizeof(signed_number.buf), "%s%s", sign, number.buf);
	line_right(&text->line, style, column, signed_number.buf);
}

static const char *leg_title(__u8 leg)
{
	switch (leg) {
	case ICMPX_KIND_ERROR:
		return "ICMP error";
	case ICMPX_KIND_UDP:
		return "datagram";
	}
	return trace_kind_name(leg);
}

static void put_error(struct ping_text *text, const struct icmpx_packet *packet)
{
	static const __u8 none[16];
	struct trace_text words = {};
	struct text address;
	__be32 reporter[4];
	char all[256];

	memcpy(reporter, packet->reporter, sizeof(reporter));
	format_address(packet->family == 6, reporter, false, &address);
	render_trace_icmp(packet->family, packet->type, packet->code, &words);
	snprintf(all, sizeof(all), ": %s%s%s", words.buf,
		 memcmp(packet->reporter, none, sizeof(none)) ? ", from " : "",
		 memcmp(packet->reporter, none, sizeof(none)) ? address.buf : "");
	line_words(&text->line, STYLE_BOLD, 2, all);
}

/* Whose part of the way it is from here on. */
static void put_section(struct ping_text *text, const struct hop *hop)
{
	const struct icmpx_event *event = &hop->event;
	const char *netns = catalog_name(text->catalog, NAME_NETNS, event->netns);

	line_put(&text->line, STYLE_BOLD, "%s, %s", leg_title(hop->leg), hop_side_name(hop->side));
	if (netns)
		line_put(&text->line, STYLE_BOLD, " (netns %s)", netns);
	if (hop->copy)
		line_put(&text->line, STYLE_BOLD, ", copy %u (DUP!)", hop->copy + 1U);
	if (hop->leg == ICMPX_KIND_ERROR && event->packet.kind == ICMPX_KIND_ERROR)
		put_error(text, &event->packet);
	line_end(&text->line);
	text->layer = NULL;
}

/* Under another's heading for one line, if that is what is going on around it: the sender's
 * driver hands it to the other end; a system call returns. */
static bool stays(const struct hop *last, const struct hop *hop)
{
	return hop->event.probe == ICMPX_TP_NETIF_RX ||
	       (hop->event.probe == ICMPX_TP_SYS_EXIT && last->side == hop->side);
}

static bool section_begins(const struct ping_text *text, const struct frames *frames, size_t at)
{
	const struct hop *hop = &text->ping->hops[frames->list[at].hop];
	const struct hop *last = text->last;

	if (last && (frames_before_answer(frames, at) || stays(last, hop)))
		return false;

	return !last || last->leg != hop->leg || last->side != hop->side ||
	       last->copy != hop->copy ||
	       (last->event.netns && hop->event.netns && last->event.netns != hop->event.netns);
}

static const char *mark_of(const struct ping_text *text, const struct frame *frame, bool drop)
{
	static const char *const marks[2][MARK_MAX] = {
		{"\u25cf", "\u25cb", "\u00b7"},
		{"*", "o", "."},
	};

	if (drop)
		return text->view->ascii ? "x" : "\u2717";
	return marks[text->view->ascii][frame->mark];
}

/* Up to where the name begins; its column. */
static unsigned int put_lead(struct ping_text *text, const struct frame *frame,
			     const struct hop *hop, bool drop)
{
	static const enum text_style styles[MARK_MAX] = {STYLE_GREEN, STYLE_PLAIN, STYLE_DIM};
	const struct hop *end = NULL;
	const char *layer = trace_layer_name(frame->layer);
	bool narrow = text->line.width < NARROW;
	unsigned int mark = narrow ? TIME_END + 2 : MARK;

	if (frame->mark == MARK_FIRED) {
		/* How the socket was made comes before the ping. */
		bool before = hop->event.time < text->ping->first;
		__u64 first = text->ping->first, time = hop->event.time;

		put_time(text, STYLE_PLAIN, TIME_END, before ? "-" : "",
			 before ? first - time : time - first);
		if (text->view->graph)
			end = frame->function ? frames_return(text->ping, frame->hop) : NULL;
		else if (text->timed && !narrow)
			put_time(text, STYLE_DIM, DELTA_END, "+", hop->event.time - text->time);
		text->timed = true;
		text->time = hop->event.time;
	}
	if (end)
		put_time(text, STYLE_PLAIN, DELTA_END, "", end->event.detail[1]);
	if (text->view->graph) {
		mark = TREE + text->step * frame->depth;
		if (mark + 30 > text->line.width && text->line.width > TREE + 30)
			mark = text->line.width - 30;
	} else if (text->layer != layer && !narrow) {
		line_pad(&text->line, LAYER);
		line_put(&text->line, STYLE_DIM, "%s", layer);
		text->layer = layer;
	}
	line_pad(&text->line, mark);
	line_put(&text->line, drop ? STYLE_RED : styles[frame->mark], "%s",
		 mark_of(text, frame, drop));
	line_pad(&text->line, mark + 2);
	return mark + 2;
}

static void put_details(struct ping_text *text, const struct frame *frame, const struct hop *hop,
			unsigned int name)
{
	struct trace_text details = {};

	if (frame->mark == MARK_FIRED && *render_trace_details(text, hop, &details)) {
		unsigned int column = text->view->graph ? text->line.column + 2 : DETAILS;

		if (column < text->line.column + 2)
			column = text->line.column + 2;
		if (column + text_columns(details.buf) > text->line.width) {
			/* In one piece below its name, rather than word by word at the edge. */
			line_end(&text->line);
			column = name + 2;
		}
		line_pad(&text->line, column);
		line_words(&text->line, STYLE_PLAIN, column, details.buf);
	}
	line_end(&text->line);
	if (frame->mark == MARK_FIRED)
		text->cpu = hop->event.cpu;
}

static void put_help(struct ping_text *text, const struct frame *frame, unsigned int name)
{
	const char *help = frame->probe >= 0 ? trace_probe_help(frame->probe) : NULL;

	if (!text->view->explain || !help)
		return;
	line_pad(&text->line, name + 2);
	line_words(&text->line, STYLE_DIM, name + 2, help);
	line_end(&text->line);
}

static void put_frame(struct ping_text *text, const struct frames *frames, size_t at)
{
	const struct frame *frame = &frames->list[at];
	static const enum text_style styles[MARK_MAX] = {STYLE_BOLD, STYLE_PLAIN, STYLE_DIM};
	const struct hop *hop = &text->ping->hops[frame->hop];
	bool freed = frame->probe == ICMPX_TP_DROP;
	unsigned int name;

	if (section_begins(text, frames, at)) {
		put_section(text, hop);
		text->last = hop;
	}
	name = put_lead(text, frame, hop, freed && !hop->benign);
	if (freed) {
		render_trace_drop(text, hop, name);
		return;
	}
	line_put(&text->line, styles[frame->mark], "%s", frame->name);
	put_details(text, frame, hop, name);
	put_help(text, frame, name);
}

static void put_legend(struct ping_text *text)
{
	static const char *const marks[2] = {"\u25cf fired  \u25cb in a call path  \u00b7 inferred",
					     "* fired  o in a call path  . inferred"};
	struct text_line *line = &text->line;
	bool narrow = line->width < NARROW;

	line_right(line, STYLE_DIM, TIME_END, "us");
	if (text->view->graph || !narrow)
		line_right(line, STYLE_DIM, DELTA_END, text->view->graph ? "took" : "delta");
	if (!text->view->graph && !narrow) {
		line_pad(line, LAYER);
		line_put(line, STYLE_DIM, "layer");
	}
	line_pad(line, text->view->graph || narrow ? line->column + 2 : MARK);
	line_put(line, STYLE_DIM, "%s", marks[text->view->ascii]);
	line_end(line);
}

void render_trace_frames(struct ping_text *text)
{
	struct frames frames;
	unsigned int deepest = 1, room;

	if (frames_make(text->ping, text->catalog, &frames))
		return;
	for (size_t i = 0; i < frames.count; i++)
		if (frames.list[i].depth > deepest)
			deepest = frames.list[i].depth;
	room = text->line.width > TREE + 30 ? text->line.width - TREE - 30 : 0;
	text->step = room / deepest >= TREE_INDENT ? TREE_INDENT : 1;
	if (!text->no_legend)
		put_legend(text);
	for (size_t i = 0; i < frames.count; i++)
		if (text->view->verbose || !frames_beside(text->ping, &frames.list[i]))
			put_frame(text, &frames, i);
	frames_free(&frames);
}
