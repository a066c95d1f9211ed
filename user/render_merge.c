// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "render_merge.h"
#include "render_trace_text.h"

static const char *letter(unsigned int machine)
{
	return machine == MACHINE_A ? "A" : "B";
}

/* "1.234567890 s ahead of" */
static const char *ahead(__s64 ns, struct trace_text *text)
{
	__u64 amount = ns < 0 ? -(__u64)ns : (__u64)ns;

	snprintf(text->buf, sizeof(text->buf), "%llu.%09llu s %s", amount / 1000000000,
		 amount % 1000000000, ns < 0 ? "behind" : "ahead of");
	return text->buf;
}

static void put_words(const struct merge_text *text, enum text_style style, unsigned int indent,
		      const char *format, ...) __attribute__((format(printf, 4, 5)));

static void put_words(const struct merge_text *text, enum text_style style, unsigned int indent,
		      const char *format, ...)
{
	struct text_line line = render_trace_line(text->out, text->view);
	char words[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	line_pad(&line, indent);
	line_words(&line, style, indent + 2, words);
	line_end(&line);
}

/* --- the clocks ------------------------------------------------------------------ */

static const char *plus_minus(const struct trace_view *view)
{
	return view->ascii ? "+-" : "\u00b1";
}

static void put_span(const struct merge_text *text, const char *what, const struct clock_span *span)
{
	struct trace_text middle = {}, min = {}, max = {}, half = {};

	put_words(text, STYLE_PLAIN, 0, "%s %s A's %s %s (%s to %s A's)", what,
		  ahead(clock_span_middle(span), &middle), plus_minus(text->view),
		  render_trace_time((__u64)(span->max - span->min + 1) / 2, &half),
		  ahead(span->min, &min), ahead(span->max, &max));
}

static void put_rate(const struct merge_text *text)
{
	double min, max;

	if (clock_fit_model(text->merge->clock) == CLOCK_FREE) {
		put_words(text, STYLE_PLAIN, 2,
			  "the clocks did not run at steady rates: bounds of near pings alone");
		return;
	}
	clock_fit_rate(text->merge->clock, &min, &max);
	put_words(text, STYLE_PLAIN, 2, "its rate differs by %.3f to %.3f ppm, if both are steady",
		  min / 1e3, max / 1e3);
}

static void put_one_side(const struct merge_text *text, const struct clock_span *span)
{
	struct trace_text bound = {};

	put_words(text, STYLE_RED, 0,
		  "clock: nothing went from %s to %s: B's is %s %s A's, and how far is not known: "
		  "no one-way times",
		  span->has_max ? "B" : "A", span->has_max ? "A" : "B",
		  span->has_max ? "at most" : "at least",
		  ahead(span->has_max ? span->max : span->min, &bound));
}

static void put_clock(const struct merge_text *text)
{
	const struct merge *merge = text->merge;
	__s64 epochs = merge->sides[MACHINE_B].epoch - merge->sides[MACHINE_A].epoch;
	struct clock_span span;

	clock_fit_at(merge->clock, merge->first + (merge->last - merge->first) / 2, &span);
	if (clock_fit_model(merge->clock) == CLOCK_SAME) {
		put_words(text, STYLE_PLAIN, 0,
			  "clock: one and the same: both are of one boot of "
			  "one machine");
		return;
	}
	if (!clock_span_is_known(&span)) {
		if (span.has_min || span.has_max)
			put_one_side(text, &span);
		else
			put_words(text, STYLE_RED, 0,
				  "clock: the pings contradict each other: no one-way times");
		return;
	}
	put_span(text, "clock: B's is", &span);
	put_rate(text);
	span.min += epochs;
	span.max += epochs;
	put_span(text, "time of day: B's is", &span);
}

void render_merge_header_text(const struct merge_text *text)
{
	for (unsigned int i = 0; i < MACHINE_MAX; i++) {
		const struct trace_header *header = &text->recordings[i].header;

		put_words(text, STYLE_PLAIN, 0, "%s: %s%s%s, backend %s, Linux %s %s, %llu pings%s",
			  letter(i), header->node, *header->node ? ", " : "",
			  text->recordings[i].path, header->backend, header->kernel,
			  header->machine, (unsigned long long)text->recordings[i].counts.pings,
			  text->recordings[i].counts.lost ? ", records lost" : "");
	}
	put_clock(text);
	fputc('\n', text->out);
}

bool render_merge_error(const struct merge *merge, __u64 *ns)
{
	*ns = 0;
	for (size_t i = 0; i < merge->count; i++) {
		const struct clock_span *span = &merge->list[i].offset;
		__u64 half;

		if (!clock_span_is_known(span))
			return false;
		half = (__u64)(span->max - span->min + 1) / 2;
		if (half > *ns)
			*ns = half;
	}
	return true;
}

/* --- a ping ------------------------------------------------------------------------ */

static void put_fate(const struct merge_text *text, const struct merged *merged)
{
	const struct merge_ping *sender = merged->seen[merged->sender];
	const char *from = letter(merged->sender), *to = letter(machine_other(merged->sender));
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
	put_words(text, good ? STYLE_GREEN : STYLE_RED, 0, "%s", words);
}

static void put_wire(const struct merge_text *text, const struct merge_stage *stage,
		     enum machine from)
{
	const char *a = letter(from), *b = letter(machine_other(from));
	struct trace_text time = {}, half = {}, min = {}, max = {};

	if (!stage->known) {
		put_words(text, STYLE_BOLD, 0, "wire, %s to %s: not known", a, b);
		return;
	}
	put_words(text, STYLE_BOLD, 0, "wire, %s to %s: %s %s %s (%s to %s)", a, b,
		  render_trace_time(stage->ns, &time), plus_minus(text->view),
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
	put_words(text, STYLE_BOLD, 0, "%s %s", letter(machine),
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
			 trace_kind_name(stage->leg), plus_minus(text->view),
			 render_trace_time((stage->max - stage->min + 1) / 2, &half));
	line_pad(&line, 1);
	line_put(&line, STYLE_DIM, "%s",
		 stage->machine == ON_THE_WIRE ? "-" : letter(stage->machine));
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
		put_words(text, STYLE_BOLD, 0,
			  "stages: %s in all, of it %s on the wire there and "
			  "back",
			  total.buf, render_trace_time(budget->wire, &wire));
	else
		put_words(text, STYLE_BOLD, 0, "stages: %s as far as they are known", total.buf);
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
		put_words(text, STYLE_PLAIN, 0, "as %s sees it:", letter(other));
		render_trace_identity(text->out, &merged->seen[other]->ping, text->view);
	}
	put_fate(text, merged);
	merge_budget_make(merged, &budget);
	put_parts(text, merged, &budget);
	put_stages(text, &budget);
}

/* --- the end -------------------------------------------------------------------------- */

static void append(char *words, size_t size, __u64 count, const char *what, const char *machine)
{
	size_t used = strlen(words);

	if (count)
		snprintf(words + used, size - used, "; %s%s%llu %s", machine, *machine ? ": " : "",
			 (unsigned long long)count, what);
}

void render_merge_end_text(const struct merge_text *text)
{
	const struct merge_counts *counts = &text->merge->counts;
	const char *between = ": ";
	char words[1024];

	snprintf(words, sizeof(words), "%llu ping%s", (unsigned long long)text->merge->count,
		 text->merge->count == 1 ? "" : "s");
	for (unsigned int i = 0; i < FATE_MAX; i++) {
		size_t used = strlen(words);
		char name[32];

		if (!counts->fates[i])
			continue;
		snprintf(name, sizeof(name), "%s", merge_fate_name(i));
		for (char *at = strchr(name, '_'); at; at = strchr(at, '_'))
			*at = ' ';
		snprintf(words + used, sizeof(words) - used, "%s%llu %s", between,
			 (unsigned long long)counts->fates[i], name);
		between = ", ";
	}
	append(words, sizeof(words), counts->by_cookie, "known by their payload alone (NAT)", "");
	for (unsigned int i = 0; i < MACHINE_MAX; i++) {
		append(words, sizeof(words), counts->alone[i], "of no concern to the other",
		       letter(i));
		append(words, sizeof(words), counts->ambiguous[i],
		       "that may be several of the other's, not joined", letter(i));
		append(words, sizeof(words), counts->odd[i],
		       "whose times contradict the others', not joined", letter(i));
		append(words, sizeof(words), counts->datagrams[i], "UDP datagrams, left out",
		       letter(i));
	}
	put_words(text, STYLE_PLAIN, 0, "%s", words);
}
