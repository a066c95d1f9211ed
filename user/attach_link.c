// SPDX-License-Identifier: GPL-2.0-only
/* The two programs to their hooks: which mode, beside whom, in whose place. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "attach_job.h"
#include "caps.h"
#include "hook_dispatcher.h"
#include "hook_tc.h"
#include "log.h"
#include "neighbours.h"
#include "pins.h"
#include "stack.h"
#include "util.h"

/* The kernel's own words for a failure where it gave some. */
static const char *because(int err)
{
	return *log_kernel_message() ? log_kernel_message() : strerror(-err);
}

int load_failed(struct job *job, const char *what, int err)
{
	const char *tail = log_verifier_tail();

	return attach_fail(job->error, err, err != -EPERM && err != -ENOMEM,
			   "cannot load %s: %s%s%s%s", what, strerror(-err), caps_memlock(err),
			   *tail ? "; the verifier's last lines:\n" : "", tail);
}

/* Pins what is loaded beside what is attached. */
static int pin_new(struct job *job)
{
	const struct pin_dir *dir = &job->old.dir;
	int err;

	pins_remove(dir, "config_new");
	pins_remove(dir, "echo_new");
	err = load_pin_config(&job->programs, dir, "config_new");
	if (!err)
		err = pins_put(dir, "echo_new", load_echo_fd(&job->programs));
	return err ?: load_pin_maps(&job->programs, dir);
}

/* libxdp loads and attaches in one. */
static int dispatch_new(struct job *job, enum xdp_mode mode, bool frags)
{
	int err = hook_dispatcher_attach(job->device.ifindex, load_echo_object(&job->programs),
					 mode, frags);

	return err ?: pin_new(job);
}

/* The kernel has no step from one mode to another; it answers in between. */
static int redispatch(struct job *job, enum xdp_mode mode, bool frags)
{
	_cleanup_(close) int old = job->hook.others ? -EBUSY : xdp_echo_fd(&job->old);
	__u32 ifindex = job->device.ifindex;
	int err;

	if (old < 0)
		return old;
	err = hook_dispatcher_detach(ifindex, 0);
	if (err)
		return err;
	err = dispatch_new(job, mode, frags);
	if (err) {
		hook_dispatcher_detach(ifindex, 0);
		hook_dispatcher_return(ifindex, old, job->hook.mode);
	}
	return err;
}

/* In libxdp's dispatcher the new program runs behind the old one, which then
 * goes: in the same mode, there is no moment without either. */
static int link_dispatched(struct job *job, enum xdp_mode mode, bool frags)
{
	int err;

	if (job->hook.mode != MODE_AUTO && job->hook.mode != mode)
		return redispatch(job, mode, frags);
	err = dispatch_new(job, mode, frags);
	if (err)
		return err;
	return hook_dispatcher_detach(job->device.ifindex, pins_prog_id(&job->old.dir, "echo_new"));
}

static int link_single(struct job *job, enum xdp_mode mode)
{
	__u32 ifindex = job->device.ifindex;
	_cleanup_(close) int old = -1;
	int fd, err = load_echo(&job->programs);

	job->unloadable = err;
	if (!err)
		err = pin_new(job);
	if (err)
		return err;
	fd = load_echo_fd(&job->programs);
	if (!job->hook.echo_id)
		return hook_xdp_attach(ifindex, fd, mode);
	old = xdp_echo_fd(&job->old);
	if (old < 0)
		return old;
	if (mode == job->hook.mode)
		return hook_xdp_replace(ifindex, fd, old, mode);
	/* The kernel has no step from one mode to another; it answers in between. */
	err = hook_xdp_detach(ifindex, old, job->hook.mode);
	if (!err)
		err = hook_xdp_attach(ifindex, fd, mode);
	if (err)
		hook_xdp_attach(ifindex, old, job->hook.mode);
	return err;
}

/* The XDP program to its hook, in one mode, multi-buffer or not. */
static int link_echo(struct job *job, enum xdp_mode mode, bool frags)
{
	int err;

	log_reset();
	err = load_open_echo(&job->programs, &job->old.dir, &job->config, frags);
	if (err)
		return err;
	return job->dispatch ? link_dispatched(job, mode, frags) : link_single(job, mode);
}

/* -EBUSY, if what is above the interface is in the way; else 0. */
static int busy_above(struct job *job, int err)
{
	char why[128];

	if ((err != -EEXIST && err != -EBUSY) || !stack_busy(job->device.ifindex, why, sizeof(why)))
		return 0;
	return attach_fail(job->error, -EBUSY, false, "%s", why);
}

static int link_native(struct job *job)
{
	int err = link_echo(job, MODE_NATIVE, false);

	if (job->unloadable)
		return load_failed(job, "the fast path", err);
	if (busy_above(job, err))
		return job->error->err;
	if (err && err != -EPERM && err != -EBUSY && err != -ENOMEM &&
	    job->device.mtu > DEVICE_PLAIN_MTU) {
		char first[256];

		snprintf(first, sizeof(first), "%s", because(err));
		job->result->frags = !link_echo(job, MODE_NATIVE, true);
		if (job->result->frags)
			return 0;
		job->unloadable = false; /* as it is, it was loaded */
		attach_fail(job->error, err, true,
			    "no native XDP at an MTU of %u: %s; use a smaller MTU "
			    "or --mode generic",
			    job->device.mtu, first);
		return err;
	}
	if (err)
		attach_fail(job->error, err, err == -EOPNOTSUPP,
			    "no native XDP (driver %s): %s; try --mode generic",
			    *job->device.driver ? job->device.driver : "unknown", because(err));
	return err;
}

static void say_why(struct job *job, const char *text, const char *detail)
{
	char *why = job->result->why;
	size_t used = strlen(why);

	snprintf(why + used, sizeof(job->result->why) - used, "%s%s%s", used ? "; " : "", text,
		 detail);
}

static int link_generic(struct job *job)
{
	int err = link_echo(job, MODE_GENERIC, false);

	if (job->unloadable)
		return load_failed(job, "the fast path", err);
	if (busy_above(job, err))
		return job->error->err;
	if (err)
		attach_fail(job->error, err, false, "no generic XDP: %s", because(err));
	return err;
}

/* In the mode of a dispatcher that others are in, too. */
static int link_beside(struct job *job)
{
	const char *trouble = job->loses ?: job->doubles;

	job->result->mode = job->hook.mode;
	say_why(job, "in the mode of the other programs in the dispatcher", "");
	if (job->hook.mode == MODE_GENERIC)
		return link_generic(job);
	if (trouble)
		return attach_fail(job->error, -EBUSY, false,
				   "the other programs in the dispatcher are native, and %s; "
				   "--mode native attaches nevertheless",
				   trouble);
	return link_native(job);
}

/* Native wherever a reply that the driver takes also gets out, and the kernel would have given
 * one too. */
static int link_auto(struct job *job)
{
	const char *trouble = job->loses ?: job->doubles;

	if (job->dispatch && job->hook.others)
		return link_beside(job);
	if (trouble) {
		job->result->mode = MODE_GENERIC;
		say_why(job, "generic, since ", trouble);
		return link_generic(job);
	}
	job->result->mode = MODE_NATIVE;
	if (!link_native(job)) {
		say_why(job, "native, by the driver ", job->device.driver);
		return 0;
	}
	if (job->unloadable || job->error->err == -EPERM || job->error->err == -EBUSY)
		return job->error->err;
	job->result->mode = MODE_GENERIC;
	say_why(job, "generic, since native was refused: ", because(job->error->err));
	return link_generic(job);
}

static int link_chosen(struct job *job)
{
	job->result->mode = job->options->mode;
	switch (job->options->mode) {
	case MODE_NATIVE:
		return link_native(job);
	case MODE_GENERIC:
		return link_generic(job);
	default:
		return link_auto(job);
	}
}

int link_mode(struct job *job)
{
	bool narrower =
		job->had && job->old.has_config && job->old.config.leased & ~job->config.leased;
	int err = link_chosen(job);

	if (err)
		return err;
	err = load_end_leases(&job->programs, job->config.lease, narrower);
	if (err)
		return attach_fail(job->error, err, false, "cannot end former leases: %s",
				   strerror(-err));
	/* Without them, what moves is seen later: not worth to give up for. */
	neighbours_fill(load_neighbours_fd(&job->programs));
	return 0;
}

/* clsact with the mark that it is ours, before it is. */
static int make_clsact(struct job *job)
{
	const struct pin_dir *dir = &job->old.dir;
	int err;

	job->made_clsact = job->old.made_clsact;
	if (tc_qdisc(job->device.ifindex) == TC_QDISC_CLSACT)
		return 0;
	job->made_clsact = true;
	if (!pins_has(dir, PIN_CLSACT)) {
		err = pins_put(dir, PIN_CLSACT, load_learn_fd(&job->programs));
		if (err)
			return err;
	}
	err = tc_make_clsact(job->device.ifindex);
	if (err == -EEXIST) {
		pins_remove(dir, PIN_CLSACT);
		job->made_clsact = false;
		err = 0;
	}
	return err;
}

int link_learn(struct job *job)
{
	int err = pins_put(&job->old.dir, "learn_new", load_learn_fd(&job->programs));

	log_reset();
	if (!err)
		err = make_clsact(job);
	if (!err)
		err = tc_attach(job->device.ifindex, load_learn_fd(&job->programs),
				job->made_clsact);
	return err ? attach_fail(job->error, err, err == -EOPNOTSUPP || err == -ENOENT,
				 "cannot attach the learner at tc egress (clsact, cls_bpf): %s",
				 because(err))
		   : 0;
}
