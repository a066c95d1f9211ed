// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "render_trace_text.h"
#include "util.h"

/* Columns, from the right */
#define BAR     8
#define PERCENT 5
#define TIME    10
#define TITLE   12

/* In eighths of a column where the terminal has them. */
static void put_bar(struct ping_text *text, enum text_style style, __u64 ns, __u64 largest)
{
	static const char *const parts[] = {"",       "\u258f", "\u258e", "\u258d",
					    "\u258c", "\u258b", "\u258a", "\u2589"};
	unsigned int eighths = largest ? (unsigned int)(ns * 8 * BAR / largest) : 0;
	bool ascii = text->view->ascii;

	for (unsigned int i = 0; i < eighths / 8; i++)
		line_put(&text->line, style, "%s", ascii ? "#" : "\u2588");
	if (!ascii)
		line_put(&text->line, style, "%s", parts[eighths % 8]);
}

static void put_span(struct ping_text *text, const struct span *span, const struct budget *budget,
		     __u64 largest)
{
	enum text_style style = span->ns && span->ns == largest ? STYLE_BOLD : STYLE_PLAIN;
	unsigned int width = text->line.width;
	unsigned int behind = width >= 60 ? BAR + 1 + PERCENT : PERCENT;
	unsigned int time_end = width > behind + TITLE + TIME ? width - behind : TITLE + TIME;
	struct trace_text number = {};

	line_pad(&text->line, 2);
	line_put(&text->line, style, "%s", stages_name(span->stage));
	line_pad(&text->line, TITLE);
	text->line.width = time_end - TIME;
	line_words(&text->line, style, TITLE, stages_title(span->stage));
	text->line.width = width;
	line_right(&text->line, style, time_end, render_trace_time(span->ns, &number));
	snprintf(number.buf, sizeof(number.buf), "%.0f%%",
		 budget->total ? 100.0 * (double)span->ns / (double)budget->total : 0);
	line_right(&text->line, style, time_end + PERCENT, number.buf);
	line_pad(&text->line, time_end + PERCENT + 1);
	put_bar(text, style, span->ns, largest);
	line_end(&text->line);
}

void render_trace_stages(struct ping_text *text)
{
	struct trace_text total = {};
	struct budget budget;
	__u64 largest = 0;
	int leg = -1;

	stages_budget(text->ping, &budget);
	if (!budget.count)
		return;
	for (size_t i = 0; i < budget.count; i++)
		if (budget.spans[i].ns > largest)
			largest = budget.spans[i].ns;
	line_put(&text->line, STYLE_BOLD, "stages: %s in all",
		 render_trace_time(budget.total, &total));
	line_end(&text->line);
	for (size_t i = 0; i < budget.count; i++) {
		const struct span *span = &budget.spans[i];

		if (span->leg != leg) {
			line_pad(&text->line, 1);
			line_put(&text->line, STYLE_DIM, "%s", trace_kind_name(span->leg));
			line_end(&text->line);
			leg = span->leg;
		}
		put_span(text, span, &budget, largest);
	}
}
