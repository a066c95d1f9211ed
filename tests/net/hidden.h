/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ICMPX_TEST_HIDDEN_H
#define ICMPX_TEST_HIDDEN_H

struct switches {
	unsigned int begins; /* somebody ceased for it */
	unsigned int ceases; /* it was the current task then */
};

#endif
