// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "render_merge_text.h"

const char *merge_letter(unsigned int machine)
{
	return machine == MACHINE_A ? "A" : "B";
}

const char *merge_plus_minus(const struct merge_text *text)
{
	return text->view->ascii ? "+-" : "\u00b1";
}

void merge_words(const struct merge_text *text, enum text_style style, unsigned int indent,
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

/* "1.234567890 s ahead of" */
static const char *ahead(__s64 ns, struct trace_text *text)
{
	__u64 amount = ns < 0 ? -(__u64)ns : (__u64)ns;

	snprintf(text->buf, sizeof(text->buf), "%llu.%09llu s %s", amount / 1000000000,
		 amount % 1000000000, ns < 0 ? "behind" : "ahead of");
	return text->buf;
}

static const char *signed_seconds(__s64 ns, struct trace_text *text)
{
	__u64 amount = ns < 0 ? -(__u64)ns : (__u64)ns;

	snprintf(text->buf, sizeof(text->buf), "%s%llu.%09llu s", ns < 0 ? "-" : "+",
		 amount / 1000000000, amount % 1000000000);
	return text->buf;
}

/* --- the clocks ------------------------------------------------------------------ */

static void put_span(const struct merge_text *text, const char *what, const struct clock_span *span)
{
	struct trace_text middle = {}, min = {}, max = {}, half = {};

	merge_words(text, STYLE_PLAIN, 0, "%s %s A's %s %s (from %s to %s)", what,
		    ahead(clock_span_middle(span), &middle), merge_plus_minus(text),
		    render_trace_time((__u64)(span->max - span->min + 1) / 2, &half),
		    signed_seconds(span->min, &min), signed_seconds(span->max, &max));
}

static void put_rate(const struct merge_text *text)
{
	double min, max;

	if (clock_fit_model(text->merge->clock) == CLOCK_FREE) {
		merge_words(text, STYLE_PLAIN, 2,
			    "the clocks did not run at steady rates: bounds of near pings alone");
		return;
	}
	clock_fit_rate(text->merge->clock, &min, &max);
	merge_words(text, STYLE_PLAIN, 2,
		    "its rate differs by %.3f to %.3f ppm, if both are steady", min / 1e3,
		    max / 1e3);
}

static void put_one_side(const struct merge_text *text, const struct clock_span *span)
{
	struct trace_text bound = {};

	merge_words(text, STYLE_RED, 0,
		    "clock: nothing went from %s to %s: B's less A's is %s or %s, and how far is "
		    "not known: no one-way times",
		    span->has_max ? "B" : "A", span->has_max ? "A" : "B",
		    signed_seconds(span->has_max ? span->max : span->min, &bound),
		    span->has_max ? "less" : "more");
}

static void put_clock(const struct merge_text *text)
{
	const struct merge *merge = text->merge;
	__s64 epochs = merge->sides[MACHINE_B].epoch - merge->sides[MACHINE_A].epoch;
	struct clock_span span;

	clock_fit_at(merge->clock, merge->first + (merge->last - merge->first) / 2, &span);
	if (clock_fit_model(merge->clock) == CLOCK_SAME) {
		merge_words(text, STYLE_PLAIN, 0,
			    "clock: one and the same: both are of one boot of "
			    "one machine");
		return;
	}
	if (!clock_span_is_known(&span)) {
		if (span.has_min || span.has_max)
			put_one_side(text, &span);
		else
			merge_words(text, STYLE_RED, 0,
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

		merge_words(text, STYLE_PLAIN, 0,
			    "%s: %s%s%s, backend %s, Linux %s %s, %llu pings%s", merge_letter(i),
			    header->node, *header->node ? ", " : "", text->recordings[i].path,
			    header->backend, header->kernel, header->machine,
			    (unsigned long long)text->recordings[i].counts.pings,
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
		       merge_letter(i));
		append(words, sizeof(words), counts->ambiguous[i],
		       "that may be several of the other's, not joined", merge_letter(i));
		append(words, sizeof(words), counts->odd[i],
		       "whose times contradict the others', not joined", merge_letter(i));
		append(words, sizeof(words), counts->datagrams[i], "UDP datagrams, left out",
		       merge_letter(i));
	}
	merge_words(text, STYLE_PLAIN, 0, "%s", words);
}
