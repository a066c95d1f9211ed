/* SPDX-License-Identifier: GPL-2.0-only */
/* The last minutes of a number, as a line of bars. Pure. */
#ifndef ICMPX_SPARK_H
#define ICMPX_SPARK_H

#include <stdbool.h>
#include <stdio.h>

#include "format.h"

#define SPARK_SAMPLES 300 /* that are kept */

/* All zero: empty. */
struct spark {
	double samples[SPARK_SAMPLES]; /* a ring; NAN: unknown then */
	unsigned long added;           /* ever */
};

void spark_add(struct spark *spark, double sample);

/* Samples that are kept. */
unsigned int spark_count(const struct spark *spark);

/* The newest sample, and the highest of those kept. NAN: unknown. */
double spark_last(const struct spark *spark);
double spark_most(const struct spark *spark);

/* All that is kept in at most so many cells, the oldest first; each has the highest of as
 * many samples, NAN where all are unknown. Returns how many there are. */
unsigned int spark_cells(const struct spark *spark, double *cells, unsigned int max);

/* 0 and unknown: -1 for a blank, 0 for nothing, up to 7 for `most`. */
int spark_level(double value, double most);

/* One number of a table of them. */
struct spark_row {
	const char *name;
	const struct spark *spark;
	/* A sample as text. */
	const char *(*format)(double value, struct text *text);
};

/* A table: name, newest, highest, bars; `title` above the names. `seconds`: between samples.
 * Each row has its own scale. */
void render_sparks(FILE *out, const char *title, const struct spark_row *rows, unsigned int count,
		   double seconds, unsigned int width, bool ascii);

#endif
