/* SPDX-License-Identifier: GPL-2.0-only */
/* The registry in bpffs: icmpx/NETNS-IFINDEX/, one directory for each interface
 * that icmpx is attached to, since bpffs is shared by namespaces. In it, the
 * programs (echo, learn), their options (config), the maps, and for the length
 * of a replace the next generation's (echo.new, learn.new, config.new). */
#ifndef ICMPX_PINS_H
#define ICMPX_PINS_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#include "config.h"

struct pin_dir {
	char path[128];
	__u64 netns; /* inode number of the network namespace */
	__u32 ifindex;
};

/* Finds bpffs: /sys/fs/bpf; where that is hidden (ip netns exec) the first
 * process's; where it is not mounted, mounts it if `create`. Returns 0, or
 * -ENOENT (no bpffs), or another negative errno. *why, if not NULL, is set to a
 * line worth reporting when the choice was not the ordinary one. */
int pins_base(char *base, size_t size, bool create, const char **why);

/* Inode number of this process's network namespace. */
int pins_netns(__u64 *netns);

/* The directory of an interface of this namespace; it need not exist. */
int pins_dir(__u32 ifindex, struct pin_dir *dir);

/* All directories of all namespaces, sorted; *dirs is the caller's to free.
 * No bpffs or no directory is an empty list. */
int pins_list(struct pin_dir **dirs, size_t *count);

/* Descriptor of a pinned object (map or program), or -errno; -ENOENT: not there. */
int pins_get(const struct pin_dir *dir, const char *name);

/* Id of a pinned program, or 0. */
__u32 pins_prog_id(const struct pin_dir *dir, const char *name);

#endif
