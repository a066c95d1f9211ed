/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel lists over rtnetlink: interfaces, neighbours, qdiscs, filters. */
#ifndef ICMPX_ROUTE_DUMP_H
#define ICMPX_ROUTE_DUMP_H

#include <stddef.h>
#include <libmnl/libmnl.h>
#include <linux/types.h>

/* Asks for a dump of that RTM_GET* with the family's header (struct ifinfomsg, tcmsg ...), and
 * calls take() with each message: MNL_CB_OK to go on, MNL_CB_ERROR with errno to give up. 0 or a
 * negative errno. */
int route_dump(__u16 type, const void *header, size_t size, mnl_cb_t take, void *data);

#endif
