// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "device.h"
#include "log.h"
#include "render.h"
#include "select.h"
#include "util.h"
#include "ways_in.h"
#include "xdp.h"

const struct argp status_argp = {
	.parser = cmd_parse_common,
	.args_doc = "[IFACE...]",
	.doc = "Show what is attached, how, since when and by which program id, and what stale "
	       "pins are left.\v"
	       "Examples:\n"
	       "  icmpx status                 all that icmpx has attached\n"
	       "  icmpx status eth0            is it attached there? (exit status 0)\n"
	       "  icmpx status --json          for other programs",
	.children = common_children,
};

/* Moves the named interfaces' attachments to the front; reports those that have
 * none. A name is one of this namespace; where it has none, of stale pins. */
static int select_named(struct attachment *list, size_t *count, const struct common *args)
{
	int status = STATUS_DONE;
	size_t kept = 0;

	for (int i = 0; i < args->count; i++) {
		bool here = xdp_find_named(list, *count, args->interfaces[i]);
		size_t from = kept, before = kept;

		for (; from < *count; from++) {
			struct attachment a = list[from];

			if (a.state == STATE_ELSEWHERE || a.present != here ||
			    strcmp(a.ifname, args->interfaces[i]))
				continue;
			list[from] = list[kept];
			list[kept++] = a;
		}
		if (kept == before) {
			report("%s: icmpx is not attached to it", args->interfaces[i]);
			status = STATUS_FAILED;
		}
	}
	*count = kept;
	return status;
}

/* What attach found may have changed since. */
static void look_again(const struct stack *stack, struct attachment *a)
{
	struct device device;
	struct ways_in ways;

	if (!a->present || !a->has_config || a->config.any_iif ||
	    device_get(a->dir.ifindex, &device))
		return;
	ways_in_find(stack, &device, &ways);
	if (a->config.leased & ~ways.tied)
		memcpy(a->others, ways.others, sizeof(a->others));
}

static void look_at_all_again(struct attachment *list, size_t count)
{
	struct stack stack;

	if (!stack_read(&stack))
		for (size_t i = 0; i < count; i++)
			look_again(&stack, &list[i]);
	stack_free(&stack);
}

int cmd_status(int argc, char **argv)
{
	_cleanup_(free) struct attachment *list = NULL;
	struct common args = {};
	int err, status = STATUS_DONE;
	struct refusal why;
	size_t count = 0;

	cmd_parse(&status_argp, argc, argv, 0, &args);
	log_setup(args.verbose);
	err = xdp_list(&list, &count);
	if (err) {
		select_refuse(&why, "status", "cannot list what is attached", err);
		report("%s", why.text);
		return STATUS_FAILED;
	}
	if (args.count)
		status = select_named(list, &count, &args);
	look_at_all_again(list, count);
	if (args.json)
		render_status_json(stdout, list, count);
	else if (count || !args.count) /* of those that were asked for it was said */
		render_status_text(stdout, list, count);
	return status;
}
