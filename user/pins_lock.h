/* SPDX-License-Identifier: GPL-2.0-only */
/* One attach or detach at a time. */
#ifndef ICMPX_PINS_LOCK_H
#define ICMPX_PINS_LOCK_H

#include <stdbool.h>

#include "util.h"

/* Two locks, taken in this order. The network namespace's is on the inode that /proc/self/ns/net
 * leads to: there is one of it, however many bpffs there are, so that a container with one of its
 * own does not attach to the same interface at the same time. Any process of the namespace can
 * hold it, so it is waited for a few seconds, no more. The registry's is on its directory, which
 * root alone can open: namespaces that share a bpffs. */
struct pins_lock {
	int netns, registry; /* registry: -1 where there is none */
};

#define PINS_UNLOCKED ((struct pins_lock){-1, -1})

/* 0; -EBUSY: somebody holds one, bpffs_say() names it; or a negative errno as of bpffs_open(), but
 * without create no bpffs and no registry are no error. *why as there. */
int pins_lock(struct pins_lock *lock, bool create, const char **why);

static inline void pins_lock_cleanup(struct pins_lock *lock)
{
	close_cleanup(&lock->registry);
	close_cleanup(&lock->netns);
}

#endif
