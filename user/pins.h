/* SPDX-License-Identifier: GPL-2.0-only */
/* The registry in bpffs: icmpx/NETNS-IFINDEX/, one directory for each interface
 * that icmpx is attached to, since bpffs is shared by namespaces. In it, the
 * programs (echo, learn), their options (config), the maps, and for the length
 * of a replace the next generation's (echo_new, learn_new, config_new). */
#ifndef ICMPX_PINS_H
#define ICMPX_PINS_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#include "config.h"

#define PIN_PATH_MAX 192
#define PIN_CLSACT   "clsact" /* a pin that says: icmpx made the clsact qdisc */
#define PIN_EVENTS   "events" /* the ring of the fast path's replies, */
#define PIN_WATCH    "watch"  /* and struct icmpx_watch: see echo_events.h */
#define PINS_HOWTO                                                                                 \
	"no bpffs on /sys/fs/bpf in this mount namespace to keep the programs in; "                \
	"mount -t bpf bpf /sys/fs/bpf, or enter a namespace with nsenter --net=/run/netns/NAME"

struct pin_dir {
	char path[PIN_PATH_MAX - 32];
	__u64 netns; /* inode number of the network namespace */
	__u32 ifindex;
};

/* Finds bpffs: /sys/fs/bpf; where that is hidden (ip netns exec) the first or
 * the parent process's; where it is not mounted, mounts it if `create`, and if
 * one of them will keep it. Returns 0, or
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

/* The same, for reading alone: asks for no more than that of the file's mode. */
int pins_read(const struct pin_dir *dir, const char *name);

/* Id of a pinned program, or 0. Asks for reading alone. */
__u32 pins_prog_id(const struct pin_dir *dir, const char *name);
__u32 pins_path_prog_id(const char *path);

bool pins_has(const struct pin_dir *dir, const char *name);
bool pins_has_dir(const struct pin_dir *dir);

/* The rest changes the registry; each returns 0 or a negative errno. What is
 * to be removed or made may be gone or there already. */
int pins_path(const struct pin_dir *dir, const char *name, char *path, size_t size);
int pins_put(const struct pin_dir *dir, const char *name, int fd);
int pins_remove(const struct pin_dir *dir, const char *name);
int pins_rename(const struct pin_dir *dir, const char *from, const char *to);
int pins_make_dir(const struct pin_dir *dir);
int pins_remove_dir(const struct pin_dir *dir);

/* Finishes a replace that was killed: what is attached keeps its pins, the
 * other generation's go. */
int pins_settle(const struct pin_dir *dir, __u32 echo_id, __u32 learn_id);

/* One attach or detach at a time. A descriptor that holds the lock, or a
 * negative errno as of pins_base(); create also makes the registry. */
int pins_lock(bool create, const char **why);

/* Removes the registry if nothing is in it. */
void pins_tidy(void);

#endif
