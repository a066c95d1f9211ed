// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>

#include "answered.h"
#include "format.h"
#include "render_watch.h"
#include "text_line.h"
#include "util.h"

void watch_sample(struct watch *watch)
{
	const struct answered icmpx = answered_by_icmpx(&watch->stats);
	const struct answered kernel = answered_by_kernel(&watch->stats);

	spark_add(&watch->icmpx, icmpx.has_rate && !icmpx.counts_anew ? icmpx.rate : NAN);
	spark_add(&watch->by_kernel, kernel.has_rate ? kernel.rate : NAN);
}

void render_watch_text(FILE *out, const struct watch *watch, const struct stats_view *view)
{
	const struct spark_row rows[] = {
		{"by icmpx", &watch->icmpx, format_scaled},
		{"by the kernel", &watch->by_kernel, format_scaled},
	};
	struct text_line line = {.out = out, .width = view->width ?: 80};
	struct text when;
	char words[256];

	snprintf(words, sizeof(words), "%s, every %u s, Linux %s",
		 format_time(watch->stats.taken, &when), watch->interval, watch->kernel);
	line_words(&line, STYLE_PLAIN, 2, words);
	line_end(&line);
	fputc('\n', out);
	render_sparks(out, "ANSWERS/S", rows, ARRAY_SIZE(rows), watch->interval, line.width,
		      watch->ascii);
	fputc('\n', out);
	if (!watch->stats.count)
		fputs("icmpx is attached nowhere in this network namespace\n\n", out);
	render_stats_text(out, &watch->stats, view);
}
