/* SPDX-License-Identifier: GPL-2.0-only */
/* The network namespaces that processes and mounts (ip netns) show. One that
 * only a descriptor holds is not found. */
#ifndef ICMPX_NETNS_H
#define ICMPX_NETNS_H

#include <stdbool.h>
#include <linux/types.h>

/* Whether there is one of that inode number. */
bool netns_lives(__u64 inode);

/* Whether visit() is true in one of them; it is called in each until then,
 * which takes CAP_SYS_ADMIN: those that cannot be entered are left out. */
bool netns_any(bool (*visit)(void *data), void *data);

#endif
