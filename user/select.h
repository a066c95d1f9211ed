/* SPDX-License-Identifier: GPL-2.0-only */
/* Which attachments a command that reads is about. */
#ifndef ICMPX_SELECT_H
#define ICMPX_SELECT_H

#include <stdbool.h>
#include <stddef.h>

#include "xdp.h"

/* Why there is nothing to show: for one line on stderr. */
struct refusal {
	char text[512];
};

/* All attachments of this network namespace whose maps can be read; *list is
 * the caller's to free. -ENOENT when one of the named interfaces is not among
 * them; other negative errnos as they come. Then *why says it. */
int select_attached(char *const *names, int named, struct attachment **list, size_t *count,
		    struct refusal *why);

/* Whether it is of this network namespace and has maps that can be read, which are those that the
 * attached programs use. */
bool select_is_readable(const struct attachment *a);

/* Whether the attachment is named, or none is. */
bool select_has(char *const *names, int named, const struct attachment *a);

/* Says in *why that `what` of an interface failed; -EPERM and -EACCES name the
 * missing capability. Returns err. */
int select_refuse(struct refusal *why, const char *on, const char *what, int err);

#endif
