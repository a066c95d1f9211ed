// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "cmd_attach_live.h"
#include "cmd_screen.h"
#include "cmd_trace_run.h"
#include "filter.h"
#include "pins.h"
#include "screen.h"
#include "stats.h"
#include "util.h"
#include "xdp.h"

struct live {
	char *name;
	struct stats stats;
};

static void show_counters(FILE *out, void *data)
{
	struct live *live = data;
	const struct stats_view view = {
		.rates = true,
		.width = screen_is_open() ? screen_columns() : 0,
	};
	struct refusal why;

	if (stats_read(&live->name, 1, &live->stats, &why))
		fprintf(out, "%s\n\n", why.text);
	else
		render_stats_text(out, &live->stats, &view);
}

/* An interface that went meanwhile has left its pins. */
static int find(__u32 ifindex, struct attachment *attachment)
{
	_cleanup_(free) struct attachment *list = NULL;
	size_t count = 0;
	int err = xdp_list(&list, &count);

	if (err)
		return err;
	for (size_t i = 0; i < count; i++) {
		if (!list[i].here || list[i].dir.ifindex != ifindex)
			continue;
		*attachment = list[i];
		return 0;
	}
	return -ENOENT;
}

static int detach(const char *name, __u32 ifindex)
{
	struct attachment attachment;
	struct attach_error error;
	int err = find(ifindex, &attachment);

	if (err) { /* it is gone; its pins are not */
		attachment = (struct attachment){.state = STATE_STALE, .here = true};
		err = pins_dir(ifindex, &attachment.dir);
	}
	if (err)
		return report_error(name, "cannot detach", err);
	if (!xdp_detach(&attachment, &error))
		return STATUS_DONE;
	report("%s: %s", name, error.text);
	return STATUS_FAILED;
}

int cmd_attach_live(const char *name, __u32 ifindex, bool keep, bool verbose)
{
	struct live live = {.name = (char *)name};
	struct trace_job job = {
		.output.top = show_counters,
		.output.top_data = &live,
		.output.live = cmd_screen_wanted(),
		.verbose = verbose,
	};
	char why[256];
	int status = STATUS_FAILED;

	cmd_trace_view(&job.output.view, false, verbose);
	if (filter_set_device(&job.tracer.filter, NULL, name, why, sizeof(why))) {
		report("%s", why);
	} else {
		filter_complete(&job.tracer.filter);
		status = trace_run(&job);
	}
	stats_free(&live.stats);
	if (keep) {
		report("%s: stays attached, as it was before", name);
		return status;
	}
	return detach(name, ifindex) ?: status;
}
