/* SPDX-License-Identifier: GPL-2.0-only */
/* The running kernel's functions: /proc/kallsyms. */
#ifndef ICMPX_SYMBOLS_H
#define ICMPX_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#include "util.h"

struct symbol {
	__u64 address;
	const char *name;   /* without what the compiler appended */
	const char *suffix; /* that: ".constprop.0", "" */
};

struct symbols;

/* 0 or a negative errno; -EACCES: the kernel hides them or their addresses (kptr_restrict, no
 * CAP_SYSLOG). */
int symbols_read(struct symbols **symbols);
/* What hides them, in words. */
const char *symbols_hidden(void);
void symbols_free(struct symbols *symbols);

/* The function that an address lies in, NULL if in none; *offset in it. */
const struct symbol *symbols_at(const struct symbols *symbols, __u64 address, __u32 *offset);

/* A function by its name without suffix, the one without suffix first; NULL: none. */
const struct symbol *symbols_lookup(const struct symbols *symbols, const char *name);

DEFINE_CLEANUP(symbols, struct symbols *, symbols_free)

#endif
