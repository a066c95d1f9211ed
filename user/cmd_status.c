// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "log.h"
#include "render.h"
#include "select.h"
#include "util.h"
#include "xdp.h"

struct args {
	struct common common;
	char **interfaces;
	int count;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->common;
		break;
	case ARGP_KEY_ARGS:
		args->interfaces = state->argv + state->next;
		args->count = state->argc - state->next;
		break;
	case ARGP_KEY_NO_ARGS:
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {{&common_argp, 0, NULL, 0}, {}};

const struct argp status_argp = {
	.parser = parse,
	.args_doc = "[IFACE...]",
	.doc = "Show what is attached, how, since when and by which program id, and what stale "
	       "pins are left.",
	.children = children,
};

/* Moves the named interfaces' attachments to the front; reports the others. */
static int select_named(struct attachment *list, size_t *count, const struct args *args)
{
	int status = STATUS_DONE;
	size_t kept = 0;

	for (int i = 0; i < args->count; i++) {
		size_t from = kept, before = kept;

		for (; from < *count; from++) {
			struct attachment a = list[from];

			if (strcmp(a.ifname, args->interfaces[i]))
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

int cmd_status(int argc, char **argv)
{
	_cleanup_(free) struct attachment *list = NULL;
	struct args args = {};
	int err, status = STATUS_DONE;
	struct refusal why;
	size_t count = 0;

	if (argp_parse(&status_argp, argc, argv, 0, NULL, &args))
		return STATUS_USAGE;
	log_setup(args.common.verbose);
	err = xdp_list(&list, &count);
	if (err) {
		select_refuse(&why, "status", "cannot list what is attached", err);
		report("%s", why.text);
		return STATUS_FAILED;
	}
	if (args.count)
		status = select_named(list, &count, &args);
	if (args.common.json)
		render_status_json(stdout, list, count);
	else
		render_status_text(stdout, list, count);
	return status;
}
