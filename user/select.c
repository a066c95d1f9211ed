// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "caps.h"
#include "opts.h"
#include "select.h"
#include "util.h"

int select_refuse(struct refusal *why, const char *on, const char *what, int err)
{
	const char *missing = err == -EPERM || err == -EACCES ? caps_missing(TASK_READ) : NULL;

	if (missing)
		snprintf(why->text, sizeof(why->text), "%s: %s: %s is missing; run it as root", on,
			 what, missing);
	else
		snprintf(why->text, sizeof(why->text), "%s: %s: %s", on, what, strerror(-err));
	return err;
}

bool select_has(char *const *names, int named, const struct attachment *a)
{
	for (int i = 0; i < named; i++) {
		if (!strcmp(names[i], a->ifname))
			return true;
	}
	return !named;
}

static bool is_listed(const char *name, const struct attachment *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(list[i].ifname, name))
			return true;
	}
	return false;
}

bool select_is_readable(const struct attachment *a, __u64 netns)
{
	return a->dir.netns == netns && a->has_config &&
	       (a->state == STATE_ATTACHED || a->state == STATE_PARTIAL);
}

static int check_names(char *const *names, int named, const struct attachment *list, size_t count,
		       struct refusal *why)
{
	for (int i = 0; i < named; i++) {
		__u32 ifindex;

		if (is_listed(names[i], list, count))
			continue;
		snprintf(why->text, sizeof(why->text), "%s: %s", names[i],
			 parse_interface(names[i], &ifindex)
				 ? "no such interface in this network namespace"
				 : "icmpx is not attached to it");
		return -ENOENT;
	}
	return 0;
}

int select_attached(char *const *names, int named, struct attachment **out, size_t *count,
		    struct refusal *why)
{
	_cleanup_(free) struct attachment *list = NULL;
	size_t found, kept = 0;
	__u64 netns;
	int err = pins_netns(&netns);

	if (!err)
		err = xdp_list(&list, &found);
	if (err)
		return select_refuse(why, "bpffs", "cannot list what is attached", err);
	for (size_t i = 0; i < found; i++) {
		if (select_is_readable(&list[i], netns))
			list[kept++] = list[i];
	}
	err = check_names(names, named, list, kept, why);
	if (err)
		return err;
	*count = kept;
	*out = list;
	list = NULL;
	return 0;
}
