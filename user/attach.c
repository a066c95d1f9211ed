// SPDX-License-Identifier: GPL-2.0-only
/* Attach, replace and detach. Each step leaves a state that works, that
 * xdp_find() describes and that xdp_detach() removes whole: the process may be
 * killed between any two. XDP without the learner learns nothing, the learner
 * without XDP has no note to compare with: neither harms alone. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "device.h"
#include "hook_tc.h"
#include "hook_xdp.h"
#include "kernel.h"
#include "load.h"
#include "log.h"
#include "pins.h"
#include "util.h"
#include "xdp.h"

#define PLAIN_MTU 1500 /* above, a driver may want multi-buffer programs */

/* One attach on its way. */
struct job {
	struct device device;
	const struct attach_options *options;
	struct icmpx_config config;
	struct attachment old; /* what there was */
	struct xdp_hook hook;
	bool had;    /* old is attached, whole or in part */
	bool pinned; /* and has its pins */
	bool dispatch;
	struct programs programs;
	struct attach_result *result;
	struct attach_error *error;
};

/* The kernel's own words for a failure where it gave some. */
static const char *because(int err)
{
	return *log_kernel_message() ? log_kernel_message() : strerror(-err);
}

static __u32 ticks_a_second(void)
{
	struct timespec tick = {};

	/* The coarse clock moves with the tick: the C library calls this its resolution. */
	clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
	return tick.tv_nsec ? (1000000000 + tick.tv_nsec / 2) / tick.tv_nsec : 100;
}

static struct icmpx_rate rate_of(__u32 pps, __u32 burst)
{
	__u64 interval = pps ? 1000000000ULL / pps : 0;

	return (struct icmpx_rate){.interval = interval, .tolerance = interval * (burst - 1)};
}

/* A table keeps its leases over a replace, so it keeps its hash; but those of
 * the other --trust are another thing, and a new hash does not find them. */
static int fill_multipliers(struct job *job)
{
	__u64 *multipliers = job->config.multipliers;
	size_t size = sizeof(job->config.multipliers);

	if (job->had && job->old.has_config && job->old.config.trust == job->config.trust)
		memcpy(multipliers, job->old.config.multipliers, size);
	else if (getrandom(multipliers, size, 0) != (ssize_t)size)
		return attach_fail(job->error, -EIO, false, "no random numbers: %s",
				   strerror(errno));
	for (int i = 0; i < ICMPX_MULTIPLIERS; i++)
		multipliers[i] |= 1;
	return 0;
}

static void fill_config(struct job *job)
{
	struct icmpx_config *config = &job->config;

	*config = job->options->config;
	config->layout = ICMPX_LAYOUT;
	config->hz = ticks_a_second();
	config->lease = (__u64)config->lease_s * config->hz;
	config->limit = rate_of(config->limit_pps, config->limit_burst);
	config->limit_new = rate_of(config->limit_new_pps, config->limit_new_pps);
	config->plain = icmpx_plain(config);
	config->ifindex = job->device.ifindex;
	config->attached = time(NULL);
	memcpy(config->ifname, job->device.name, sizeof(config->ifname));
	snprintf(config->version, sizeof(config->version), "%s", ICMPX_VERSION);
}

static int check_device(struct job *job, __u32 ifindex)
{
	int err = device_get(ifindex, &job->device);

	if (err)
		return attach_fail(job->error, err, false, "%s", strerror(-err));
	if (!job->device.ethernet)
		return attach_fail(
			job->error, -EOPNOTSUPP, true,
			"not an Ethernet interface; attach to the one that its frames come in by");
	return 0;
}

/* Refuses what would disturb somebody else. */
static int check_foreign(struct job *job)
{
	__u32 ifindex = job->device.ifindex;
	int err = hook_xdp_query(ifindex, &job->old.dir, &job->hook);
	int qdisc = tc_qdisc(ifindex), why = 0;

	if (err || qdisc < 0)
		return attach_fail(job->error, err ?: qdisc, false,
				   "cannot ask the kernel what is attached: %s",
				   strerror(err ? -err : -qdisc));
	job->dispatch = kernel_can_dispatch(&why);
	if (job->hook.top_id && !job->hook.echo_id && !job->hook.dispatcher)
		return attach_fail(job->error, -EBUSY, false,
				   "an XDP program that is not icmpx's is attached (id %u); %s",
				   job->hook.top_id,
				   job->dispatch
					   ? "detach it, or load it through libxdp's dispatcher"
					   : "detach it: this kernel cannot run two "
					     "(libxdp's dispatcher needs freplace)");
	if (job->hook.echo_id && !job->hook.dispatcher)
		job->dispatch = false; /* replaced in its place */
	if (qdisc == TC_QDISC_INGRESS)
		return attach_fail(
			job->error, -EBUSY, false,
			"an ingress qdisc that is not icmpx's is attached and has no egress; "
			"replace it by clsact");
	if (!job->dispatch && !job->hook.echo_id)
		snprintf(job->result->why, sizeof(job->result->why),
			 "a single program: libxdp's dispatcher is not possible here (%s)",
			 strerrorname_np(-why) ?: "unknown");
	return 0;
}

static int load_failed(struct job *job, const char *what, int err)
{
	const char *tail = log_verifier_tail();

	return attach_fail(job->error, err, err != -EPERM && err != -ENOMEM,
			   "cannot load %s: %s%s%s", what, strerror(-err),
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

/* In libxdp's dispatcher the new program runs behind the old one, which then
 * goes: there is no moment without either. libxdp loads and attaches in one. */
static int link_dispatched(struct job *job, enum xdp_mode mode, bool frags)
{
	__u32 ifindex = job->device.ifindex;
	int err;

	if (job->hook.mode != MODE_AUTO && job->hook.mode != mode)
		return -EBUSY;
	err = hook_xdp_dispatch(ifindex, load_echo_object(&job->programs), mode, frags);
	if (!err)
		err = pin_new(job);
	if (!err)
		err = hook_xdp_undispatch(ifindex, pins_prog_id(&job->old.dir, "echo_new"));
	return err;
}

static int link_single(struct job *job, enum xdp_mode mode)
{
	__u32 ifindex = job->device.ifindex;
	_cleanup_(close) int old = -1;
	int fd, err = load_echo(&job->programs);

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

static int link_native(struct job *job)
{
	int err = link_echo(job, MODE_NATIVE, false);

	if (err && err != -EPERM && err != -EBUSY && err != -ENOMEM &&
	    job->device.mtu > PLAIN_MTU) {
		char first[256];

		snprintf(first, sizeof(first), "%s", because(err));
		job->result->frags = !link_echo(job, MODE_NATIVE, true);
		if (job->result->frags)
			return 0;
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

	if (err)
		attach_fail(job->error, err, false, "no generic XDP: %s", because(err));
	return err;
}

/* Native wherever a reply that the driver takes also gets out. */
static int link_auto(struct job *job)
{
	if (job->result->lossy) {
		job->result->mode = MODE_GENERIC;
		say_why(job,
			"generic, since a native veth loses every reply unless its peer "
			"runs an XDP program too",
			"");
		return link_generic(job);
	}
	job->result->mode = MODE_NATIVE;
	if (!link_native(job)) {
		say_why(job, "native, by the driver ", job->device.driver);
		return 0;
	}
	if (job->error->err == -EPERM || job->error->err == -EBUSY)
		return job->error->err;
	job->result->mode = MODE_GENERIC;
	say_why(job, "generic, since native was refused: ", because(job->error->err));
	return link_generic(job);
}

static int link_mode(struct job *job)
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

/* clsact with the mark that it is ours, before it is. */
static int make_clsact(struct job *job)
{
	const struct pin_dir *dir = &job->old.dir;
	int err;

	if (tc_qdisc(job->device.ifindex) == TC_QDISC_CLSACT)
		return 0;
	if (!pins_has(dir, PIN_CLSACT)) {
		err = pins_put(dir, PIN_CLSACT, load_learn_fd(&job->programs));
		if (err)
			return err;
	}
	err = tc_make_clsact(job->device.ifindex);
	if (err == -EEXIST) {
		pins_remove(dir, PIN_CLSACT);
		err = 0;
	}
	return err;
}

static int link_learn(struct job *job)
{
	int err = pins_put(&job->old.dir, "learn_new", load_learn_fd(&job->programs));

	log_reset();
	if (!err)
		err = make_clsact(job);
	if (!err)
		err = tc_attach(job->device.ifindex, load_learn_fd(&job->programs));
	return err ? attach_fail(job->error, err, err == -EOPNOTSUPP || err == -ENOENT,
				 "cannot attach the learner at tc egress (clsact, cls_bpf): %s",
				 because(err))
		   : 0;
}

/* The learner back to the one that was there, or to none. */
static void undo_learn(struct job *job)
{
	_cleanup_(close) int learn = pins_get(&job->old.dir, "learn");
	__u32 ifindex = job->device.ifindex;

	if (learn < 0 && job->old.learn_id)
		learn = hook_xdp_fd(job->old.learn_id);
	if (learn >= 0) {
		tc_attach(ifindex, learn);
	} else {
		tc_detach(ifindex);
		if (pins_has(&job->old.dir, PIN_CLSACT))
			tc_remove_clsact(ifindex);
	}
}

/* Puts everything back as it was before the job. */
static void undo(struct job *job)
{
	const struct pin_dir *dir = &job->old.dir;
	__u32 ifindex = job->device.ifindex;
	struct attach_error ignored;

	if (job->had) {
		undo_learn(job);
		if (job->dispatch)
			hook_xdp_undispatch(ifindex, job->hook.echo_id);
		if (job->pinned)
			pins_settle(dir, job->hook.echo_id, tc_learner_id(ifindex));
		else
			pins_remove_dir(dir);
	} else if (!xdp_find(ifindex, &job->old)) {
		xdp_remove(&job->old, &ignored);
	}
}

static int run(struct job *job)
{
	const struct pin_dir *dir = &job->old.dir;
	int err = pins_make_dir(dir);

	if (err)
		return attach_fail(job->error, err, false, "cannot make %s: %s", dir->path,
				   strerror(-err));
	log_reset();
	err = load_learn(&job->programs, dir, &job->config);
	if (err)
		return load_failed(job, "the learner", err);
	err = link_learn(job);
	return err ?: link_mode(job);
}

static int attach_locked(struct job *job)
{
	const struct pin_dir *dir = &job->old.dir;
	__u32 ifindex = job->device.ifindex;
	int err;

	job->pinned = !access(dir->path, F_OK);
	job->had = !xdp_find(ifindex, &job->old) && job->old.state != STATE_STALE;
	err = check_foreign(job);
	if (!err)
		err = fill_multipliers(job);
	if (err)
		return err;
	if (job->had)
		pins_settle(dir, job->hook.echo_id, job->old.learn_id);
	else
		pins_remove_dir(dir);
	job->result->replaced = job->had;
	err = run(job);
	if (err) {
		undo(job);
		return err;
	}
	job->result->dispatcher = job->dispatch;
	return pins_settle(dir, pins_prog_id(dir, "echo_new"), tc_learner_id(ifindex));
}

int xdp_attach(__u32 ifindex, const struct attach_options *options, struct attach_result *result,
	       struct attach_error *error)
{
	struct job job = {
		.options = options,
		.result = result,
		.error = error,
	};
	_cleanup_(close) int lock = -1;
	int err;

	*result = (struct attach_result){};
	*error = (struct attach_error){};
	err = check_device(&job, ifindex);
	if (err)
		return err;
	lock = pins_lock(true, &result->notice);
	if (lock < 0)
		return attach_fail(error, lock, lock == -ENOENT, "%s",
				   lock == -ENOENT ? PINS_HOWTO : strerror(-lock));
	err = pins_dir(ifindex, &job.old.dir);
	if (err)
		return attach_fail(error, err, false, "%s", strerror(-err));
	result->lossy = !strcmp(job.device.driver, "veth");
	fill_config(&job);
	err = attach_locked(&job);
	load_destroy(&job.programs);
	if (err)
		pins_tidy();
	return err;
}
