/* SPDX-License-Identifier: GPL-2.0-only */
/* The network namespaces that processes and mounts (ip netns) show. One that
 * only a descriptor holds is not found. */
#ifndef ICMPX_NETNS_H
#define ICMPX_NETNS_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/* Whether there is one of that inode number, or may be: other users' processes do not show
 * theirs without CAP_SYS_PTRACE. */
bool netns_lives(__u64 inode);

/* Whether visit() is true in one of them; it is called in each until then,
 * which takes CAP_SYS_ADMIN: those that cannot be entered are left out. */
bool netns_any(bool (*visit)(void *data), void *data);

/* A path that leads to the one of that inode number: a mount, or /proc/PID/ns/net. False:
 * none was found. */
bool netns_find(__u64 inode, char *path, size_t size);

/* Calls visit() in the one of that path. 0 or a negative errno (-EPERM without CAP_SYS_ADMIN). */
int netns_enter(const char *path, void (*visit)(void *data), void *data);

#endif
