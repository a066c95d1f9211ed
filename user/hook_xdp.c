// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <xdp/libxdp.h>

#include "dispatcher.h"
#include "hook_xdp.h"
#include "util.h"

DEFINE_CLEANUP(multiprog, struct xdp_multiprog *, xdp_multiprog__close)

static __u32 mode_flags(enum xdp_mode mode)
{
	return mode == MODE_GENERIC ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE;
}

static enum xdp_attach_mode libxdp_mode(enum xdp_mode mode)
{
	return mode == MODE_GENERIC ? XDP_MODE_SKB : XDP_MODE_NATIVE;
}

static bool is_named_ours(const struct xdp_program *prog)
{
	return !strcmp(xdp_program__name(prog), ICMPX_PROG_ECHO);
}

/* By its pins; else by its name, which takes CAP_SYS_ADMIN to ask for. */
static bool is_ours(const struct pin_dir *dir, __u32 id)
{
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);
	_cleanup_(close) int fd = -1;

	if (id == pins_prog_id(dir, "echo") || id == pins_prog_id(dir, "echo_new"))
		return true;
	fd = hook_xdp_fd(id);
	return fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &len) &&
	       !strcmp(info.name, ICMPX_PROG_ECHO);
}

/* By the pins of both sides, for who may not ask for programs by their ids. */
static void look_into_pins(const struct pin_dir *dir, struct xdp_hook *hook)
{
	static const char *const names[] = {"echo_new", "echo"};

	for (size_t i = 0; i < ARRAY_SIZE(names) && !hook->echo_id; i++) {
		__u32 id = pins_prog_id(dir, names[i]);

		hook->dispatcher = dispatcher_holds(dir, hook->top_id, id);
		if (hook->dispatcher)
			hook->echo_id = id;
	}
}

/* Our newest program in a dispatcher, if the hook has one. */
static void look_into_dispatcher(__u32 ifindex, const struct pin_dir *dir, struct xdp_hook *hook)
{
	_cleanup_(multiprog) struct xdp_multiprog *mp = xdp_multiprog__get_from_ifindex(ifindex);
	struct xdp_program *prog = NULL;

	if (libxdp_get_error(mp)) {
		mp = NULL;
		look_into_pins(dir, hook);
		return;
	}
	if (xdp_multiprog__is_legacy(mp))
		return;
	hook->dispatcher = true;
	while ((prog = xdp_multiprog__next_prog(prog, mp))) {
		struct bpf_prog_info info = {};
		__u32 len = sizeof(info);

		if (!is_named_ours(prog))
			hook->others = true;
		else if (!bpf_obj_get_info_by_fd(xdp_program__fd(prog), &info, &len) &&
			 info.id > hook->echo_id)
			hook->echo_id = info.id;
	}
}

int hook_xdp_query(__u32 ifindex, const struct pin_dir *dir, struct xdp_hook *hook)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, opts);
	int err = bpf_xdp_query(ifindex, 0, &opts);

	*hook = (struct xdp_hook){.mode = MODE_AUTO};
	if (err)
		return err;
	if (opts.attach_mode == XDP_ATTACHED_NONE)
		return 0;
	hook->mode = opts.attach_mode == XDP_ATTACHED_SKB ? MODE_GENERIC : MODE_NATIVE;
	hook->top_id = opts.prog_id ?: opts.drv_prog_id ?: opts.hw_prog_id ?: opts.skb_prog_id;
	if (is_ours(dir, hook->top_id))
		hook->echo_id = hook->top_id;
	else
		look_into_dispatcher(ifindex, dir, hook);
	return 0;
}

int hook_xdp_fd(__u32 id)
{
	int fd = bpf_prog_get_fd_by_id(id);

	return fd < 0 ? -errno : fd;
}

int hook_xdp_attach(__u32 ifindex, int prog_fd, enum xdp_mode mode)
{
	return bpf_xdp_attach(ifindex, prog_fd, mode_flags(mode) | XDP_FLAGS_UPDATE_IF_NOEXIST,
			      NULL);
}

int hook_xdp_replace(__u32 ifindex, int prog_fd, int old_fd, enum xdp_mode mode)
{
	LIBBPF_OPTS(bpf_xdp_attach_opts, opts, .old_prog_fd = old_fd);

	return bpf_xdp_attach(ifindex, prog_fd, mode_flags(mode) | XDP_FLAGS_REPLACE, &opts);
}

int hook_xdp_detach(__u32 ifindex, int prog_fd, enum xdp_mode mode)
{
	LIBBPF_OPTS(bpf_xdp_attach_opts, opts, .old_prog_fd = prog_fd);

	return bpf_xdp_detach(ifindex, mode_flags(mode) | XDP_FLAGS_REPLACE, &opts);
}

static int dispatch(__u32 ifindex, struct xdp_program *prog, enum xdp_mode mode, bool frags)
{
	int err = libxdp_get_error(prog);

	if (err)
		return err;
	if (frags)
		err = xdp_program__set_xdp_frags_support(prog, true);
	if (!err)
		err = xdp_program__attach(prog, ifindex, libxdp_mode(mode), 0);
	xdp_program__close(prog);
	return err;
}

int hook_xdp_dispatch(__u32 ifindex, struct bpf_object *obj, enum xdp_mode mode, bool frags)
{
	return dispatch(ifindex, xdp_program__from_bpf_obj(obj, "xdp"), mode, frags);
}

int hook_xdp_redispatch(__u32 ifindex, int prog_fd, enum xdp_mode mode)
{
	return dispatch(ifindex, xdp_program__from_fd(prog_fd), mode, false);
}

void hook_xdp_clean(const struct pin_dir *dir, __u32 ifindex)
{
	char path[PIN_PATH_MAX];

	/* libxdp would make its directory to look into it, and leaves it behind. */
	snprintf(path, sizeof(path), "%s/../../xdp", dir->path);
	if (access(path, F_OK))
		return;
	libxdp_clean_references(ifindex);
	rmdir(path);
}

int hook_xdp_undispatch(__u32 ifindex, __u32 keep_id)
{
	_cleanup_(multiprog) struct xdp_multiprog *mp = xdp_multiprog__get_from_ifindex(ifindex);
	struct xdp_program *ours[10], *prog = NULL;
	enum xdp_attach_mode mode;
	size_t count = 0;

	if (libxdp_get_error(mp)) {
		int err = libxdp_get_error(mp);

		mp = NULL;
		return err == -ENOENT ? 0 : err;
	}
	mode = xdp_multiprog__attach_mode(mp);
	while ((prog = xdp_multiprog__next_prog(prog, mp)) && count < ARRAY_SIZE(ours)) {
		struct bpf_prog_info info = {};
		__u32 len = sizeof(info);

		if (is_named_ours(prog) &&
		    !bpf_obj_get_info_by_fd(xdp_program__fd(prog), &info, &len) &&
		    info.id != keep_id)
			ours[count++] = prog;
	}
	return count ? xdp_program__detach_multi(ours, count, ifindex, mode, 0) : 0;
}
