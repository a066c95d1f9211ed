/* SPDX-License-Identifier: GPL-2.0-only */
/* The running kernel's names of drop reasons; their numbers move from one to the next. */
#ifndef ICMPX_DROP_REASONS_H
#define ICMPX_DROP_REASONS_H

struct btf;
struct catalog;

/* NAME_REASON entries from the kernel's types; none where it has no reasons (before 5.17).
 * 0 or a negative errno. */
int drop_reasons_read(const struct btf *btf, struct catalog *catalog);

#endif
