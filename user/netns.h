/* SPDX-License-Identifier: GPL-2.0-only */
/* The network namespaces that processes, their descriptors and mounts show, mounts of other mount
 * namespaces, too. One that a socket alone holds is not found. */
#ifndef ICMPX_NETNS_H
#define ICMPX_NETNS_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#define NETNS_SELF "/proc/thread-self/ns/net"

/* Inode number of this process's network namespace. 0 or a negative errno. */
int netns_inode(__u64 *inode);

/* Its cookie, which no other one ever has until the machine starts again; 0: before Linux 5.14. */
__u64 netns_cookie(void);

enum netns_sight {
	NETNS_SEEN,   /* there is one */
	NETNS_GONE,   /* another one has the inode number now */
	NETNS_UNSURE, /* one of that inode number, which cannot be entered: CAP_SYS_ADMIN */
	NETNS_UNSEEN, /* none is visible from here */
};

/* Looks for the namespace of that inode number and that cookie (0: not known). */
enum netns_sight netns_look(__u64 inode, __u64 cookie);

/* Whether visit() is true in one of them; it is called in each until then,
 * which takes CAP_SYS_ADMIN: those that cannot be entered are left out. */
bool netns_any(bool (*visit)(void *data), void *data);

/* A path that leads to the one of that inode number: a mount, or /proc/PID/ns/net. False:
 * none was found. */
bool netns_find(__u64 inode, char *path, size_t size);

/* Calls visit() in the one of that path. 0 or a negative errno (-EPERM without CAP_SYS_ADMIN). */
int netns_enter(const char *path, void (*visit)(void *data), void *data);

#endif
