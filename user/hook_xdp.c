// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/if_link.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "hook_dispatcher.h"
#include "hook_xdp.h"
#include "util.h"

static __u32 mode_flags(enum xdp_mode mode)
{
	return mode == MODE_GENERIC ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE;
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
		hook_dispatcher_look(ifindex, dir, hook);
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
