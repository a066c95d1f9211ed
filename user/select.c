// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bpffs.h"
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
		snprintf(why->text, sizeof(why->text), "%s: %s: %s", on, what,
			 err == -EUCLEAN ? bpffs_say(err) : strerror(-err));
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

/* What is known of the interface of that name; NULL: nothing. */
static const struct attachment *find(const char *name, const struct attachment *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i].here && !strcmp(list[i].ifname, name))
			return &list[i];
	}
	return NULL;
}

static const char *why_not(const char *name, const struct attachment *a)
{
	__u32 ifindex;

	if (parse_interface(name, &ifindex))
		return "no such interface in this network namespace";
	if (!a || !a->present || a->state == STATE_STALE)
		return "icmpx is not attached to it";
	return a->reason ?: "another version of icmpx is attached to it; attach replaces it";
}

bool select_is_readable(const struct attachment *a)
{
	return a->here && a->pinned && a->has_config &&
	       (a->state == STATE_ATTACHED || a->state == STATE_PARTIAL);
}

static int check_names(char *const *names, int named, const struct attachment *list, size_t count,
		       struct refusal *why)
{
	for (int i = 0; i < named; i++) {
		const struct attachment *a = find(names[i], list, count);

		if (a && select_is_readable(a))
			continue;
		snprintf(why->text, sizeof(why->text), "%s: %s", names[i], why_not(names[i], a));
		return -ENOENT;
	}
	return 0;
}

int select_attached(char *const *names, int named, struct attachment **out, size_t *count,
		    struct refusal *why)
{
	_cleanup_(free) struct attachment *list = NULL;
	size_t found, kept = 0;
	int err = xdp_list(&list, &found);

	if (err)
		return select_refuse(why, "bpffs", "cannot list what is attached", err);
	err = check_names(names, named, list, found, why);
	if (err)
		return err;
	for (size_t i = 0; i < found; i++) {
		if (select_is_readable(&list[i]))
			list[kept++] = list[i];
	}
	*count = kept;
	*out = list;
	list = NULL;
	return 0;
}
