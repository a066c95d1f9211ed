/* SPDX-License-Identifier: GPL-2.0-only */
/* A growing set of numbers other than 0. */
#ifndef ICMPX_ID_SET_H
#define ICMPX_ID_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/* All zero: empty. */
struct id_set {
	__u32 *slots; /* 0: free */
	size_t size;  /* 0 or a power of two */
	size_t count;
};

bool id_set_has(const struct id_set *set, __u32 id);

/* 0 or -ENOMEM. */
int id_set_add(struct id_set *set, __u32 id);
void id_set_free(struct id_set *set);

#endif
