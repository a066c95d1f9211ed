// SPDX-License-Identifier: GPL-2.0-only
/* One ping of two machines: its way, and its stages. */
#include <stdio.h>

#include "render_merge_text.h"

static void put_fate(const struct merge_text *text, const struct merged *merged)
{
	const struct merge_ping *sender = merged->seen[merged->sender];
	const char *from = merge_letter(merged->sender),
		   *to = merge_letter(machine_other(merged->sender));
	bool good = merged->fate == FATE_COMPLETE;
	struct trace_text time = {};
	char words[256];

	render_trace_time(sender->ping.last - sender->ping.first, &time);
	switch (merged->fate) {
	case FATE_COMPLETE:
		snprintf(words, sizeof(words), "complete, %s: from %s to %s and back", time.buf,
			 from, to);
		break;
	case FATE_NOT_READ:
		snprintf(words, sizeof(words),
			 "not read: the reply came back from %s to %s, "
			 "where it was not read",
			 to, from);
		break;
	case FATE_REPLY_LOST:
		snprintf(words, sizeof(words),
			 "reply lost: the request arrived at %s and was "
			 "answered; the reply left %s, but did not arrive "
			 "at %s",
			 to, to, from);
		break;
	case FATE_NOT_ANSWERED:
		snprintf(words, sizeof(words),
			 "not answered: the request arrived at %s; no reply "
			 "left",
			 to);
		break;
	case FATE_REQUEST_LOST:
		snprintf(words, sizeof(words), "request lost: it left %s, but did not arrive at %s",
			 from, to);
		break;
	case FATE_ERROR:
		snprintf(words, sizeof(words), "error: an ICMP error is the answer");
		break;
	default:
		snprintf(words, sizeof(words),
			 "unknown: from %s to %s; parts were not seen: not "
			 "recorded then, or records lost",
			 from, to);
	}
	merge_words(text, good ? STYLE_GREEN : STYLE_RED, 0, "%s", words);
}

static void put_wire(const struct merge_text *text, const struct merge_stage *stage,
		     enum machine from)
{
	const char *a = merge_letter(from), *b = merge_letter(machine_other(from));
	struct trace_text time = {}, half = {}, min = {}, max = {};

	if (!stage->known) {
		merge_words(text, STYLE_BOLD, 0, "wire, %s to %s: not known", a, b);
		return;
	}
	merge_words(text, STYLE_BOLD, 0, "wire, %s to %s: %s %s %s (%s to %s)", a, b,
		    render_trace_time(stage->ns, &time), merge_plus_minus(text),
		    render_trace_time((stage->max - stage->min + 1) / 2, &half),
		    render_trace_time(stage->min, &min), render_trace_time(stage->max, &max));
}

struct parts {
	const struct merge_text *text;
	const struct merged *merged;
	struct ping_text ping_text;
	bool begun;
};

/* The hops of one machine, from one index to another. Times go on from the sender's beginning. */
static void put_part(struct parts *parts, enum machine machine, __u32 from, __u32 to)
{
	const struct merge_text *text = parts->text;
	const struct merged *merged = parts->merged;
	struct ping part = merged->seen[machine]->ping;
	__s64 offset =
		clock_span_is_known(&merged->offset) ? clock_span_middle(&merged->offset) : 0;

	if (from >= to)
		return;
	part.hops += from;
	part.count = to - from;
	if (machine != merged->sender) {
		part.first = merged->seen[merged->sender]->ping.first;
		part.first += machine == MACHINE_B ? offset : -offset;
		if (!clock_span_is_known(&merged->offset))
			part.first = merged->seen[machine]->request.in;
	}
	merge_words(text, STYLE_BOLD, 0, "%s %s", merge_letter(machine),
		    text->recordings[machine].header.node);
	parts->ping_text = (struct ping_text){
		.ping = &part,
		.catalog = text->recordings[machine].catalog,
		.view = text->view,
		.line = render_trace_line(text->out, text->view),
		.cpu = -1,
		.no_legend = parts->begun,
	};
	render_trace_frames(&parts->ping_text);
	parts->begun = true;
}

/* Where the sender has the answer. */
static __u32 answer_of(const struct ping *ping)
{
	__u32 i = 0;

	while (i < ping->count && ping->hops[i].leg != ICMPX_KIND_REPLY &&
	       ping->hops[i].leg != ICMPX_KIND_ERROR)
		i++;
	return i;
}

static const struct merge_stage *wire_of(const struct merge_budget *budget, __u8 leg)
{
	for (size_t i = 0; i < budget->count; i++)
		if (budget->list[i].machine == ON_THE_WIRE && budget->list[i].leg == leg)
			return &budget->list[i];
	return NULL;
}

static void put_parts(const struct merge_text *text, const struct merged *merged,
		      const struct merge_budget *budget)
{
	struct parts parts = {.text = text, .merged = merged};
	enum machine sender = merged->sender, other = machine_other(sender);
	const struct ping *ping = &merged->seen[sender]->ping;
	const struct merge_stage *there = wire_of(budget, ICMPX_KIND_REQUEST);
	const struct merge_stage *back = wire_of(budget, ICMPX_KIND_REPLY);
	__u32 answer = answer_of(ping);

	put_part(&parts, sender, 0, answer);
	if (there)
		put_wire(text, there, sender);
	if (merged->seen[other])
		put_part(&parts, other, 0, merged->seen[other]->ping.count);
	if (back)
		put_wire(text, back, other);
	put_part(&parts, sender, answer, ping->count);
}

/* --- the stages ---------------------------------------------------------------------- */

#define TITLE 14
#define TIME  12

static void put_stage(const struct merge_text *text, const struct merge_stage *stage)
{
	struct text_line line = render_trace_line(text->out, text->view);
	unsigned int width = line.width > TITLE + TIME + 10 ? line.width - 1 : TITLE + TIME + 10;
	struct trace_text time = {}, half = {};
	char title[128];

	snprintf(title, sizeof(title), "%s", stages_title(stage->stage));
	if (stage->machine == ON_THE_WIRE)
		snprintf(title, sizeof(title), "%s, on the wire, %s %s",
			 trace_kind_name(stage->leg), merge_plus_minus(text),
			 render_trace_time((stage->max - stage->min + 1) / 2, &half));
	line_pad(&line, 1);
	line_put(&line, STYLE_DIM, "%s",
		 stage->machine == ON_THE_WIRE ? "-" : merge_letter(stage->machine));
	line_pad(&line, 3);
	line_put(&line, STYLE_PLAIN, "%s", stages_name(stage->stage));
	line_pad(&line, TITLE);
	line.width = width - TIME;
	line_words(&line, STYLE_PLAIN, TITLE, stage->known ? title : "not known");
	line.width = width;
	if (stage->known)
		line_right(&line, STYLE_PLAIN, width, render_trace_time(stage->ns, &time));
	line_end(&line);
}

static void put_stages(const struct merge_text *text, const struct merge_budget *budget)
{
	struct trace_text total = {}, wire = {};

	render_trace_time(budget->total, &total);
	if (budget->whole)
		merge_words(text, STYLE_BOLD, 0,
			    "stages: %s in all, of it %s on the wire there and "
			    "back",
			    total.buf, render_trace_time(budget->wire, &wire));
	else
		merge_words(text, STYLE_BOLD, 0, "stages: %s as far as they are known", total.buf);
	for (size_t i = 0; i < budget->count; i++)
		put_stage(text, &budget->list[i]);
	fputc('\n', text->out);
}

void render_merge_ping_text(const struct merge_text *text, const struct merged *merged)
{
	enum machine other = machine_other(merged->sender);
	struct merge_budget budget;

	render_trace_identity(text->out, &merged->seen[merged->sender]->ping, text->view);
	if (merged->seen[other] && merged_is_rewritten(merged)) {
		merge_words(text, STYLE_PLAIN, 0, "as %s sees it:", merge_letter(other));
		render_trace_identity(text->out, &merged->seen[other]->ping, text->view);
	}
	put_fate(text, merged);
	merge_budget_make(merged, &budget);
	put_parts(text, merged, &budget);
	put_stages(text, &budget);
}
