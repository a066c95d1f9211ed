/* SPDX-License-Identifier: GPL-2.0-only */
/* The screen of `stats --watch`. */
#ifndef ICMPX_RENDER_WATCH_H
#define ICMPX_RENDER_WATCH_H

#include "render.h"
#include "spark.h"

struct watch {
	unsigned int interval; /* seconds */
	const char *kernel;    /* uname -r */
	bool ascii;            /* no UTF-8 */
	struct stats stats;    /* of now */
	struct spark icmpx, by_kernel;
};

/* What stats says goes into the last minutes, once a round. */
void watch_sample(struct watch *watch);

void render_watch_text(FILE *out, const struct watch *watch, const struct stats_view *view);

#endif
