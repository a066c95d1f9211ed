/* SPDX-License-Identifier: GPL-2.0-only */
/* What is different on an interface once pings are answered at its driver, by what else there is
 * at and around it: for attach, which says it, and doctor. */
#ifndef ICMPX_CAVEATS_H
#define ICMPX_CAVEATS_H

#include <stddef.h>

#include "stack.h"
#include "egress.h"
#include "xdp.h"

enum { CAVEATS_MAX = 8 };

struct caveats {
	char text[CAVEATS_MAX][288]; /* a line each, without the interface's name */
	size_t count;
};

/* Adds what follows from the devices below and above, whose levels are of that interface. */
void caveats_of_stack(const struct stack *stack, enum xdp_mode mode, struct caveats *caveats);

/* Adds what follows from traffic control. */
void caveats_of_egress(const struct egress *egress, struct caveats *caveats);

/* Adds what there are no leases of, and why: `others` are the interfaces of struct ways_in; and
 * why replies are known for the kernel's less surely, as by origin_fill(), if not NULL. */
void caveats_of_leases(__u32 missing, const char *others, const char *weak_origin,
		       struct caveats *caveats);

/* Asks the kernel for both. `mode` is how icmpx is or would be attached. 0 or a negative errno. */
int caveats_read(__u32 ifindex, enum xdp_mode mode, struct caveats *caveats);

#endif
