// SPDX-License-Identifier: GPL-2.0-only
/* Removing the fast path: first what answers, then what learns, then the pins. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bpffs.h"
#include "dispatcher.h"
#include "hook_tc.h"
#include "hook_dispatcher.h"
#include "hook_xdp.h"
#include "pins.h"
#include "pins_lock.h"
#include "stack.h"
#include "util.h"
#include "xdp.h"

int attach_fail(struct attach_error *error, int err, bool cannot, const char *format, ...)
{
	va_list args;

	error->err = err;
	error->cannot = cannot;
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return err;
}

int xdp_echo_fd(const struct attachment *a)
{
	const char *name = a->echo_id == pins_prog_id(&a->dir, "echo") ? "echo" : "echo_new";
	int fd = pins_get(&a->dir, name);

	return fd >= 0 && a->echo_id == pins_prog_id(&a->dir, name) ? fd : hook_xdp_fd(a->echo_id);
}

static int unlink_echo(const struct attachment *a)
{
	_cleanup_(close) int fd = -1;

	if (a->hollow_id) {
		fd = hook_xdp_fd(a->hollow_id);
		return fd < 0 ? fd : hook_xdp_detach(a->dir.ifindex, fd, a->hollow_mode);
	}
	if (!a->echo_id)
		return 0;
	if (a->dispatcher)
		return hook_dispatcher_detach(a->dir.ifindex, 0);
	fd = xdp_echo_fd(a);
	return fd < 0 ? fd : hook_xdp_detach(a->dir.ifindex, fd, a->mode);
}

static int unlink_learn(const struct attachment *a)
{
	int err = a->learn_id ? tc_detach(a->dir.ifindex) : 0;

	if (!err && a->made_clsact)
		err = tc_remove_clsact(a->dir.ifindex);
	return err;
}

/* Whether the pins that are there under its name are those of this attachment: another namespace
 * may have had its number. */
static bool has_own_pins(const struct attachment *a)
{
	return *a->dir.path && pins_is_here(&a->dir) == a->here;
}

static int cannot_remove(const struct attachment *a, bool detached, int err,
			 struct attach_error *error)
{
	const char *but = detached ? "it is detached, but " : "";

	if (err == -EUCLEAN)
		return attach_fail(error, err, false, "%s%s", but, bpffs_say(err));
	return attach_fail(error, err, false, "%scannot remove %s: %s", but, a->dir.path,
			   err == -ENOTEMPTY ? "there is something in it that icmpx has not made"
					     : bpffs_say(err));
}

int xdp_remove(const struct attachment *a, struct attach_error *error)
{
	bool attached = a->echo_id || a->learn_id || (a->state == STATE_STALE && a->present);
	char why[128];
	int err;

	if (a->learn_id && a->hidden && !a->hollow_id)
		return attach_fail(
			error, -EBUSY, false,
			"libxdp's dispatcher is attached, whose pins are not in this bpffs; "
			"detach it from where they are");
	err = attached ? unlink_echo(a) : 0;
	if ((err == -EEXIST || err == -EBUSY) && stack_busy(a->dir.ifindex, why, sizeof(why)))
		return attach_fail(error, -EBUSY, false, "%s", why);
	if (err)
		return attach_fail(error, err, false, "cannot detach the XDP program (id %u): %s%s",
				   a->echo_id, strerror(-err),
				   err == -EPERM && a->dispatcher
					   ? "; in libxdp's dispatcher that takes CAP_SYS_ADMIN"
					   : "");
	err = attached ? unlink_learn(a) : 0;
	if (err)
		return attach_fail(error, err, false, "cannot detach the learner: %s",
				   strerror(-err));
	if (!has_own_pins(a))
		return 0;
	dispatcher_forget(&a->dir);
	err = pins_remove_dir(&a->dir);
	if (err)
		return cannot_remove(a, attached, err, error);
	return 0;
}

int xdp_detach(const struct attachment *a, struct attach_error *error)
{
	_cleanup_(pins_lock) struct pins_lock lock = PINS_UNLOCKED;
	struct attachment now = *a;
	int err;

	*error = (struct attach_error){};
	if (a->state == STATE_ELSEWHERE)
		return attach_fail(error, -EXDEV, false,
				   "in another network namespace (%llu); detach it there",
				   a->dir.netns);
	err = pins_lock(&lock, false, NULL);
	if (err)
		return attach_fail(error, err, false, "%s", bpffs_say(err));
	/* as it is now that nobody else changes it */
	err = a->present ? xdp_find(a->dir.ifindex, &now) : xdp_find_stale(&a->dir, &now);
	if (err && err != -ENOENT)
		return attach_fail(error, err, false, "cannot ask the kernel what is attached: %s",
				   strerror(-err));
	err = err ? 0 : xdp_remove(&now, error);
	if (!err)
		pins_tidy();
	return err;
}
