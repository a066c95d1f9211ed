// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <xdp/libxdp.h>

#include "dispatcher.h"
#include "hook_dispatcher.h"
#include "util.h"

DEFINE_CLEANUP(multiprog, struct xdp_multiprog *, xdp_multiprog__close)

static enum xdp_attach_mode libxdp_mode(enum xdp_mode mode)
{
	return mode == MODE_GENERIC ? XDP_MODE_SKB : XDP_MODE_NATIVE;
}

static bool is_named_ours(const struct xdp_program *prog)
{
	return !strcmp(xdp_program__name(prog), ICMPX_PROG_ECHO);
}

static bool is_extension(__u32 prog_id)
{
	_cleanup_(close) int fd = hook_xdp_fd(prog_id);
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);

	return fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len) || info.type == BPF_PROG_TYPE_EXT;
}

/* Whether a link leads into the dispatcher, or one may: older kernels do not say where to. */
static bool may_have_programs(__u32 dispatcher)
{
	__u32 id = 0;

	while (!bpf_link_get_next_id(id, &id)) {
		_cleanup_(close) int fd = bpf_link_get_fd_by_id(id);
		struct bpf_link_info info = {};
		__u32 len = sizeof(info), target;

		if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len) ||
		    info.type != BPF_LINK_TYPE_TRACING)
			continue;
		target = info.tracing.target_obj_id;
		if (target == dispatcher || (!target && is_extension(info.prog_id)))
			return true;
	}
	return errno != ENOENT;
}

/* A dispatcher without libxdp's pins, which say what is in it: those may be in another bpffs. */
static void look_without_pins(struct xdp_hook *hook)
{
	_cleanup_(close) int fd = hook_xdp_fd(hook->top_id);
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len) ||
	    strcmp(info.name, "xdp_dispatcher"))
		return;
	hook->hidden = true;
	hook->hollow = !may_have_programs(hook->top_id);
}

void hook_dispatcher_look(__u32 ifindex, const struct pin_dir *dir, struct xdp_hook *hook)
{
	_cleanup_(multiprog) struct xdp_multiprog *mp = xdp_multiprog__get_from_ifindex(ifindex);
	struct xdp_program *prog = NULL;

	if (libxdp_get_error(mp) || xdp_multiprog__is_legacy(mp)) {
		if (libxdp_get_error(mp))
			mp = NULL;
		dispatcher_look_into_pins(dir, hook);
		if (!hook->echo_id)
			look_without_pins(hook);
		return;
	}
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

static int dispatch(__u32 ifindex, struct xdp_program *prog, enum xdp_mode mode, bool frags)
{
	int err = libxdp_get_error(prog);

	if (err)
		return err;
	err = dispatcher_prepare();
	if (!err && frags)
		err = xdp_program__set_xdp_frags_support(prog, true);
	if (!err)
		err = xdp_program__attach(prog, ifindex, libxdp_mode(mode), 0);
	xdp_program__close(prog);
	return err;
}

int hook_dispatcher_attach(__u32 ifindex, struct bpf_object *obj, enum xdp_mode mode, bool frags)
{
	return dispatch(ifindex, xdp_program__from_bpf_obj(obj, "xdp"), mode, frags);
}

int hook_dispatcher_return(__u32 ifindex, int prog_fd, enum xdp_mode mode)
{
	return dispatch(ifindex, xdp_program__from_fd(prog_fd), mode, false);
}

/* What is to be taken out: all of ours but one, or one. */
struct choice {
	__u32 keep_id, only_id;
};

static bool is_chosen(const struct xdp_program *prog, const struct choice *choice)
{
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);

	if (!is_named_ours(prog) || bpf_obj_get_info_by_fd(xdp_program__fd(prog), &info, &len))
		return false;
	return choice->only_id ? info.id == choice->only_id : info.id != choice->keep_id;
}

static int detach(__u32 ifindex, const struct choice *choice)
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
	while ((prog = xdp_multiprog__next_prog(prog, mp)) && count < ARRAY_SIZE(ours))
		if (is_chosen(prog, choice))
			ours[count++] = prog;
	return count ? xdp_program__detach_multi(ours, count, ifindex, mode, 0) : 0;
}

int hook_dispatcher_detach(__u32 ifindex, __u32 keep_id)
{
	return detach(ifindex, &(struct choice){.keep_id = keep_id});
}

int hook_dispatcher_detach_one(__u32 ifindex, __u32 id)
{
	return detach(ifindex, &(struct choice){.only_id = id});
}

static int (*print)(enum libbpf_print_level level, const char *format, va_list args);

static int print_of_libxdp(enum libxdp_print_level level, const char *format, va_list args)
{
	(void)level;
	return print(LIBBPF_WARN, format, args);
}

void hook_dispatcher_log(int (*keep)(enum libbpf_print_level level, const char *format,
				     va_list args))
{
	print = keep;
	libxdp_set_print(print_of_libxdp);
}
