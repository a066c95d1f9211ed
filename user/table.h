/* SPDX-License-Identifier: GPL-2.0-only */
/* Text in columns that are as wide as their widest cell. */
#ifndef ICMPX_TABLE_H
#define ICMPX_TABLE_H

#include <stdio.h>

#include "util.h"

struct table;

/* One letter a column: l(eft) or r(ight) aligned. NULL: out of memory, which the
 * other functions take too and then do nothing. */
struct table *table_new(const char *columns);

/* The next cell, row after row. */
void table_cell(struct table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The last column's text goes on in further lines where it is longer than so many columns; 0: it
 * does not. */
void table_wrap(struct table *table, unsigned int columns);

/* Lines without trailing blanks, each behind `indent` blanks. */
void table_print(const struct table *table, FILE *out, int indent);

void table_free(struct table *table);

DEFINE_CLEANUP(table, struct table *, table_free)

#endif
