// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bpffs.h"
#include "caps.h"
#include "cmd.h"
#include "log.h"
#include "opts.h"
#include "render_attach.h"
#include "util.h"
#include "xdp.h"

enum { OPT_ALL = 256 };

static const struct argp_option options[] = {
	{"all", OPT_ALL, NULL, 0,
	 "all interfaces of this network namespace, and what stale pins are left", 0},
	{},
};

struct args {
	struct common common;
	bool all;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->common;
		break;
	case OPT_ALL:
		args->all = true;
		break;
	case ARGP_KEY_END:
		if (args->all == !!args->common.count)
			option_refuse(state, STATUS_USAGE, "name interfaces, or --all");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp detach_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "IFACE...\n--all",
	.doc = "Remove the fast path and all that icmpx keeps for an interface.\v"
	       "Examples:\n"
	       "  icmpx detach eth0            the kernel answers its pings again\n"
	       "  icmpx detach --all           everywhere in this network namespace\n"
	       "  icmpx detach --json eth0     what was removed, for other programs",
	.children = common_children,
};

static int detach(const struct attachment *a, const char *name, bool json)
{
	struct attach_error error;

	if (xdp_detach(a, &error)) {
		report("%s: %s", name, error.text);
		return STATUS_FAILED;
	}
	if (json)
		render_detach_json(stdout, name, a);
	else
		render_detach_text(stdout, name, a);
	return STATUS_DONE;
}

static int cannot_list(const char *on, int err)
{
	if (err != -EUCLEAN)
		return report_error(on, "cannot list what is attached", err);
	report("%s: %s", on, bpffs_say(err));
	return STATUS_FAILED;
}

/* Of an interface that had this name, where there is none now: this namespace's own come first. */
static const struct attachment *find_stale(const struct attachment *list, size_t count,
					   const char *name)
{
	const struct attachment *found = NULL;

	for (size_t i = 0; i < count; i++)
		if (list[i].state == STATE_STALE && !list[i].present &&
		    !strcmp(list[i].ifname, name) && (!found || (list[i].here && !found->here)))
			found = &list[i];
	return found;
}

/* The interface that is here, and nothing else; where there is none of this name, the stale pins
 * of one that had it. */
static int detach_named(const char *name, bool json)
{
	_cleanup_(free) struct attachment *list = NULL;
	const struct attachment *a, *stale;
	size_t count = 0;
	__u32 ifindex;
	int err = xdp_list(&list, &count);

	if (err)
		return cannot_list(name, err);
	a = xdp_find_named(list, count, name);
	if (a)
		return detach(a, name, json);
	stale = find_stale(list, count, name);
	if (!stale) {
		report("%s: icmpx is not attached to it", name);
		return STATUS_FAILED;
	}
	if (!parse_interface(name, &ifindex)) {
		report("%s: icmpx is not attached to it; stale pins of another interface of that "
		       "name are left: icmpx detach --all",
		       name);
		return STATUS_FAILED;
	}
	report("%s: no such interface here now; removing the pins of one that had this name: %s",
	       name, stale->reason);
	return detach(stale, name, json);
}

static int detach_all(bool json)
{
	_cleanup_(free) struct attachment *list = NULL;
	int status = STATUS_DONE;
	size_t count = 0;
	int err = xdp_list(&list, &count);

	if (err)
		return cannot_list("detach", err);
	xdp_sort(list, count);
	for (size_t i = 0; i < count; i++) {
		const char *name = *list[i].ifname ? list[i].ifname : list[i].dir.path;

		if (list[i].state == STATE_ELSEWHERE)
			report("%s: left alone, %s (%llu)", name, list[i].reason,
			       list[i].dir.netns);
		else if (detach(&list[i], name, json))
			status = STATUS_FAILED;
	}
	return status;
}

int cmd_detach(int argc, char **argv)
{
	struct args args = {};
	const char *missing;
	int status = STATUS_DONE;

	cmd_parse(&detach_argp, argc, argv, 0, &args);
	log_setup(args.common.verbose);
	missing = caps_missing(TASK_DETACH);
	if (missing) {
		report("detach: %s is missing; run it as root, or grant it", missing);
		return STATUS_FAILED;
	}
	if (args.all)
		return detach_all(args.common.json);
	for (int i = 0; i < args.common.count; i++)
		if (detach_named(args.common.interfaces[i], args.common.json))
			status = STATUS_FAILED;
	return status;
}
