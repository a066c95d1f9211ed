/* SPDX-License-Identifier: GPL-2.0-only */
/* By which other interfaces a request could come in whose reply leaves by this one. No reply says
 * where its request came in, so a rule by incoming interface would be evaded: who is refused here
 * has somebody there send the same request in his name. */
#ifndef ICMPX_WAYS_IN_H
#define ICMPX_WAYS_IN_H

#include <linux/types.h>

#include "device.h"
#include "stack.h"

struct ways_in {
	__u32 tied;      /* ICMPX_IPV4 | ICMPX_IPV6: no other interface takes such requests */
	char others[96]; /* names of those that do, made safe to print, "" for none */
};

/* Of these interfaces, and the settings of theirs as they are now. IPv4: rp_filter=1 on another one
 * (RFC 3704, strict) drops what is not routed back by it. */
void ways_in_find(const struct stack *links, const struct device *device, struct ways_in *ways);

#endif
