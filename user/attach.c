// SPDX-License-Identifier: GPL-2.0-only
/* Attach, replace and detach. Each step leaves a state that works, that
 * xdp_find() describes and that xdp_detach() removes whole: the process may be
 * killed between any two. XDP without the learner learns nothing, the learner
 * without XDP has no note to compare with: neither harms alone. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <bpf/bpf.h>

#include "attach_job.h"
#include "bpffs.h"
#include "caps.h"
#include "device.h"
#include "dispatcher.h"
#include "errno_name.h"
#include "hook_dispatcher.h"
#include "hook_tc.h"
#include "hook_xdp.h"
#include "kernel.h"
#include "load.h"
#include "log.h"
#include "origin.h"
#include "parts.h"
#include "pinned_maps.h"
#include "pins.h"
#include "pins_lock.h"
#include "util.h"
#include "xdp.h"

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

	config->layout = ICMPX_LAYOUT;
	config->hz = ticks_a_second();
	config->netns = job->old.dir.netns;
	config->lease = (__u64)config->lease_s * config->hz;
	config->early = config->lease / 4;
	config->limit = rate_of(config->limit_pps, config->limit_burst);
	config->limit_new = rate_of(config->limit_new_pps, config->limit_new_pps);
	config->plain = icmpx_plain(config);
	config->ifindex = job->device.ifindex;
	config->attached = time(NULL);
	memcpy(config->ifname, job->device.name, sizeof(config->ifname));
	snprintf(config->version, sizeof(config->version), "%s", ICMPX_VERSION);
}

/* Of which family leases may be made, and how the kernel's replies are known. */
static void fill_origin(struct job *job)
{
	struct icmpx_config *config = &job->config;
	struct attach_result *result = job->result;

	config->leased = config->any_iif ? config->families : config->families & job->ways.tied;
	result->leased = config->leased;
	memcpy(result->others, job->ways.others, sizeof(result->others));
	result->weak_origin = origin_fill(&config->origin);
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

static int cannot_ask(struct job *job, int err)
{
	return attach_fail(job->error, err, false, "cannot ask the kernel what is attached: %s",
			   strerror(-err));
}

/* Whether libxdp's dispatcher is to be used; if not, *why says what is in its way. */
static bool choose_dispatcher(char *why, size_t size)
{
	const char *missing = caps_missing(TASK_DISPATCH);
	int err;

	if (!part_built(PART_LIBXDP))
		snprintf(why, size, "is not in this icmpx (built without libxdp)");
	else if (!kernel_can_dispatch(&err))
		snprintf(why, size, "is not possible here (%s)", errno_name(err) ?: "unknown");
	else if (missing)
		snprintf(why, size, "takes %s", missing);
	else
		return true;
	return false;
}

/* Refuses what would disturb somebody else. */
static int check_foreign(struct job *job)
{
	int qdisc = tc_qdisc(job->device.ifindex);
	char why[64] = "";

	if (qdisc < 0)
		return cannot_ask(job, qdisc);
	job->dispatch = choose_dispatcher(why, sizeof(why));
	if (job->hook.hidden)
		return attach_fail(
			job->error, -EBUSY, false,
			"libxdp's dispatcher is attached (id %u), whose pins are not in this "
			"bpffs; attach or detach from where they are",
			job->hook.top_id);
	if (job->hook.top_id && !job->hook.echo_id && !job->hook.dispatcher)
		return attach_fail(
			job->error, -EBUSY, false,
			"an XDP program that is not icmpx's is attached (id %u); detach it%s%s",
			job->hook.top_id,
			job->dispatch ? ", or load it through libxdp's dispatcher"
				      : ": libxdp's dispatcher, which runs several, ",
			why);
	if (job->hook.dispatcher && !job->dispatch)
		return attach_fail(job->error, -EPERM, false,
				   "icmpx is in libxdp's dispatcher, and that %s", why);
	if (job->hook.echo_id && !job->hook.dispatcher)
		job->dispatch = false; /* replaced in its place */
	if (qdisc == TC_QDISC_INGRESS)
		return attach_fail(
			job->error, -EBUSY, false,
			"an ingress qdisc that is not icmpx's is attached and has no egress; "
			"replace it by clsact");
	if (!job->dispatch && !job->hook.echo_id)
		snprintf(job->result->why, sizeof(job->result->why),
			 "a single program: libxdp's dispatcher %s", why);
	return 0;
}

static __u32 id_of(int fd)
{
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);

	return fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len) ? 0 : info.id;
}

/* The learner back to the one that was there, or to none; somebody else's by now is left alone. */
static void undo_learn(struct job *job)
{
	_cleanup_(close) int old = pins_get(&job->old.dir, "learn");
	__u32 ifindex = job->device.ifindex;
	__u32 ours = id_of(job->programs.learn ? load_learn_fd(&job->programs) : -1);

	if (id_of(old) != job->old.learn_id && old >= 0) {
		close(old);
		old = -1;
	}
	if (old < 0 && job->old.learn_id)
		old = hook_xdp_fd(job->old.learn_id);
	if (ours && tc_learner_id(ifindex, NULL) == ours) {
		if (old >= 0)
			tc_attach(ifindex, old, job->made_clsact);
		else
			tc_detach(ifindex);
	}
	if (!job->old.learn_id && job->made_clsact)
		tc_remove_clsact(ifindex);
}

static void undo_echo(struct job *job)
{
	int fd = job->programs.echo ? load_echo_fd(&job->programs) : -1;
	__u32 ifindex = job->device.ifindex, ours = id_of(fd);

	if (!ours || ours == job->hook.echo_id)
		return;
	if (job->dispatch)
		hook_dispatcher_detach_one(ifindex, ours);
	else if (!job->had)
		hook_xdp_detach(ifindex, fd, job->result->mode); /* if it is there */
}

/* What is attached after all, for the error's end; nothing where it is as it was. */
static void tell_what_is_left(struct job *job)
{
	char *text = job->error->text;
	size_t used = strlen(text);
	struct attachment now;

	if (xdp_find(job->device.ifindex, &now))
		now.echo_id = now.learn_id = 0;
	if (now.echo_id == job->hook.echo_id && now.learn_id == job->old.learn_id)
		return;
	snprintf(text + used, sizeof(job->error->text) - used,
		 "; attached now: XDP program %u, learner %u (0: none; icmpx status)", now.echo_id,
		 now.learn_id);
}

/* Puts everything back as it was before the job: of what is attached, only what the job did. */
static void undo(struct job *job)
{
	const struct pin_dir *dir = &job->old.dir;

	undo_echo(job);
	undo_learn(job);
	if (job->pinned)
		pins_settle(dir, job->hook.echo_id, tc_learner_id(job->device.ifindex, NULL));
	dispatcher_forget(dir);
	if (!job->pinned)
		pins_remove_dir(dir);
	tell_what_is_left(job);
}

static int run(struct job *job)
{
	struct pin_dir *dir = &job->old.dir;
	int err;

	log_reset();
	err = load_open_learn(&job->programs, dir, &job->config);
	if (!err)
		err = load_learn(&job->programs);
	if (err)
		return load_failed(job, "the learner", err);
	err = pins_make_dir(dir, load_learn_fd(&job->programs));
	if (err)
		return attach_fail(job->error, err, false, "cannot make %s: %s", dir->path,
				   bpffs_say(err));
	err = link_learn(job);
	return err ?: link_mode(job);
}

/* What another namespace, which is gone, has left under this one's number, and what an attach that
 * was killed has left; its clsact, too. */
static int clear_stale(struct job *job, bool found)
{
	const struct pin_dir *dir = &job->old.dir;
	struct attachment stale = {.dir = *dir, .state = STATE_STALE};
	int err = 0;

	if (pins_has_dir(dir) && !pins_is_here(dir))
		err = xdp_remove(&stale, job->error);
	if (!err && found && !job->had)
		err = xdp_remove(&job->old, job->error);
	return err;
}

/* A dispatcher that has lost its programs is nobody's. */
static int clear_hollow(struct job *job)
{
	_cleanup_(close) int fd = -1;
	int err;

	if (!job->hook.hollow)
		return 0;
	fd = hook_xdp_fd(job->hook.top_id);
	err = fd < 0 ? fd : hook_xdp_detach(job->device.ifindex, fd, job->hook.mode);
	if (err)
		return attach_fail(job->error, err, false,
				   "cannot take off libxdp's dispatcher, which is empty: %s",
				   strerror(-err));
	job->hook = (struct xdp_hook){.mode = MODE_AUTO};
	job->old.hollow_id = 0;
	return 0;
}

/* All is attached; what is left is the order of its pins. */
static int settle(struct job *job)
{
	const struct pin_dir *dir = &job->old.dir;
	int err = pins_settle(dir, pins_prog_id(dir, "echo_new"),
			      tc_learner_id(job->device.ifindex, NULL));

	if (!err)
		return 0;
	attach_fail(job->error, err, false,
		    "it is attached, but its pins in %s are not in order: %s", dir->path,
		    bpffs_say(err));
	tell_what_is_left(job);
	return err;
}

/* Whether there are pins; they are not to be a link to somewhere else. */
static int find_pins(struct job *job)
{
	_cleanup_(close) int fd = pins_open(&job->old.dir);

	job->pinned = fd >= 0;
	if (fd >= 0 || fd == -ENOENT)
		return 0;
	return attach_fail(job->error, fd, false, "%s", bpffs_say(fd));
}

static int attach_locked(struct job *job)
{
	const struct pin_dir *dir = &job->old.dir;
	__u32 ifindex = job->device.ifindex;
	bool found;
	int err;

	err = xdp_find_hook(ifindex, &job->old, &job->hook);
	if (err && err != -ENOENT)
		return cannot_ask(job, err);
	found = !err;
	job->had = found && job->old.state != STATE_STALE;
	err = clear_hollow(job);
	if (!err)
		err = check_foreign(job);
	if (!err)
		err = fill_multipliers(job);
	if (!err)
		err = clear_stale(job, found);
	if (err)
		return err;
	err = find_pins(job);
	if (err)
		return err;
	if (job->had)
		pins_settle(dir, job->hook.echo_id, job->old.learn_id);
	if (job->had && !job->old.pinned)
		pinned_maps_keep(dir, job->hook.echo_id, job->old.learn_id);
	if (job->had && !job->old.has_config)
		load_forget_maps(dir);
	job->result->replaced = job->had;
	err = run(job);
	if (err) {
		undo(job);
		return err;
	}
	job->result->dispatcher = job->dispatch;
	return settle(job);
}

int xdp_attach(__u32 ifindex, const struct attach_options *options, struct attach_result *result,
	       struct attach_error *error)
{
	struct job job = {
		.options = options,
		.config = options->config,
		.result = result,
		.error = error,
	};
	_cleanup_(pins_lock) struct pins_lock lock = PINS_UNLOCKED;
	int err;

	*result = (struct attach_result){};
	*error = (struct attach_error){};
	err = check_device(&job, ifindex) ?: look_around(&job);
	if (err)
		return err;
	fill_origin(&job);
	err = pins_lock(&lock, true, &result->notice);
	if (err)
		return attach_fail(error, err, err == -ENOENT, "%s", bpffs_say(err));
	err = pins_dir(ifindex, &job.old.dir);
	if (err)
		return attach_fail(error, err, false, "%s", strerror(-err));
	fill_config(&job);
	err = attach_locked(&job);
	load_destroy(&job.programs);
	if (err)
		pins_tidy();
	return err;
}
