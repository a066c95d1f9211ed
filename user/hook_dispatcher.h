/* SPDX-License-Identifier: GPL-2.0-only */
/* The XDP hook of an interface through libxdp's dispatcher; the only module that calls libxdp.
 * Without that library each of these that changes something is -EOPNOTSUPP. */
#ifndef ICMPX_HOOK_DISPATCHER_H
#define ICMPX_HOOK_DISPATCHER_H

#include <stdarg.h>
#include <stdbool.h>
#include <bpf/libbpf.h>

#include "hook_xdp.h"

/* Fills the hook's dispatcher, others and echo_id (our newest program in it), if top_id is one; or
 * hollow. */
void hook_dispatcher_look(__u32 ifindex, const struct pin_dir *dir, struct xdp_hook *hook);

/* Loads the object's program into libxdp's dispatcher, which is made if there
 * is none, or made anew with the programs that it has. */
int hook_dispatcher_attach(__u32 ifindex, struct bpf_object *obj, enum xdp_mode mode, bool frags);

/* The same for a program that was in a dispatcher before. */
int hook_dispatcher_return(__u32 ifindex, int prog_fd, enum xdp_mode mode);

/* Takes our programs but `keep_id` (0: all) out of the dispatcher, and the
 * dispatcher away with the last one. */
int hook_dispatcher_detach(__u32 ifindex, __u32 keep_id);

/* The same of the one program of that id; 0 also when it is not there. */
int hook_dispatcher_detach_one(__u32 ifindex, __u32 id);

/* libxdp's messages go to the function, as libbpf's do. */
void hook_dispatcher_log(int (*keep)(enum libbpf_print_level level, const char *format,
				     va_list args));

#endif
