// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "cmd.h"
#include "leases.h"
#include "log.h"
#include "render.h"
#include "select.h"
#include "util.h"

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

const struct argp leases_argp = {
	.parser = parse,
	.args_doc = "[IFACE...]",
	.doc = "Show the flows that are answered at the driver now. -v shows expired leases too: "
	       "the next request of such a flow goes to the kernel.",
	.children = children,
};

/* An interface that is detached meanwhile is left out. */
static int read_all(const struct args *args, const struct attachment *list, size_t count,
		    struct lease_row **rows, size_t *found, struct refusal *why)
{
	for (size_t i = 0; i < count; i++) {
		int err;

		if (!select_has(args->interfaces, args->count, &list[i]))
			continue;
		err = leases_read(&list[i].dir, list[i].ifname, &list[i].config, rows, found);
		if (err && err != -ENOENT)
			return select_refuse(why, list[i].ifname, "cannot read its leases", err);
	}
	leases_sort(*rows, *found);
	return 0;
}

int cmd_leases(int argc, char **argv)
{
	_cleanup_(free) struct attachment *list = NULL;
	_cleanup_(free) struct lease_row *rows = NULL;
	struct args args = {};
	size_t count, found = 0;
	struct refusal why;
	int err;

	if (argp_parse(&leases_argp, argc, argv, 0, NULL, &args))
		return STATUS_USAGE;
	log_setup(false); /* -v is about rows here */
	err = select_attached(args.interfaces, args.count, &list, &count, &why);
	if (!err)
		err = read_all(&args, list, count, &rows, &found, &why);
	if (err) {
		report("%s", why.text);
		return STATUS_FAILED;
	}
	if (args.common.json)
		render_leases_json(stdout, rows, found);
	else
		render_leases_text(stdout, rows, found, args.common.verbose);
	return STATUS_DONE;
}
