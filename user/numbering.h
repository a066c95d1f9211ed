/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers things in the order in which they come: 0, 1, 2, ... */
#ifndef ICMPX_NUMBERING_H
#define ICMPX_NUMBERING_H

#include <stdbool.h>
#include <linux/types.h>

/* What comes after so many shares the number NUMBERING_MAX: a trace may run for weeks. */
#define NUMBERING_MAX 65536

struct numbering_key {
	__u32 word[4];
};

/* All zero: none yet. */
struct numbering {
	void *root;
	__u32 count; /* numbers given, that of all the others included */
};

/* Its number; *fresh: it is given for the first time. Negative: -ENOMEM. */
int numbering_find(struct numbering *numbering, const struct numbering_key *key, bool *fresh);
void numbering_free(struct numbering *numbering);

#endif
