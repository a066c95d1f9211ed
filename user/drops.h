/* SPDX-License-Identifier: GPL-2.0-only */
/* What usually causes a drop, and how to look further. */
#ifndef ICMPX_DROPS_H
#define ICMPX_DROPS_H

struct drop_advice {
	const char *cause; /* one line */
	const char *look;  /* a command or two, or a setting */
};

/* By the reason's name (without SKB_DROP_REASON_), else by the function that dropped it
 * (kernels without reasons); either may be NULL. NULL: nothing is known about it. */
const struct drop_advice *drops_advice(const char *reason, const char *function);

#endif
