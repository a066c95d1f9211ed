// SPDX-License-Identifier: GPL-2.0-only
/* In a program without libxdp: a dispatcher is seen by its pins, and left alone. */
#include <errno.h>

#include "dispatcher.h"
#include "hook_dispatcher.h"

void hook_dispatcher_look(__u32 ifindex, const struct pin_dir *dir, struct xdp_hook *hook)
{
	(void)ifindex;
	dispatcher_look_into_pins(dir, hook);
}

int hook_dispatcher_attach(__u32 ifindex, struct bpf_object *obj, enum xdp_mode mode, bool frags)
{
	(void)ifindex;
	(void)obj;
	(void)mode;
	(void)frags;
	return -EOPNOTSUPP;
}

int hook_dispatcher_return(__u32 ifindex, int prog_fd, enum xdp_mode mode)
{
	(void)ifindex;
	(void)prog_fd;
	(void)mode;
	return -EOPNOTSUPP;
}

int hook_dispatcher_detach(__u32 ifindex, __u32 keep_id)
{
	(void)ifindex;
	(void)keep_id;
	return -EOPNOTSUPP;
}

int hook_dispatcher_detach_one(__u32 ifindex, __u32 id)
{
	(void)ifindex;
	(void)id;
	return -EOPNOTSUPP;
}

void hook_dispatcher_log(int (*keep)(enum libbpf_print_level level, const char *format,
				     va_list args))
{
	(void)keep;
}
