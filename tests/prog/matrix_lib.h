/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs that are loaded with many combinations of options, each as the verifier sees it: what
 * the configuration switches off, it removes. How much work each program is for it at most. */
#ifndef MATRIX_LIB_H
#define MATRIX_LIB_H

#include <stdbool.h>
#include <bpf/libbpf.h>

/* Of the million that the kernel allows: what grows with a newer compiler or kernel has room. */
#define MATRIX_MOST 100000

#define MATRIX_FACTORS 16

/* An option and the values that it is tried with; the first one is its absence. */
struct matrix_factor {
	const char *names[5]; /* up to a NULL; that of an absent option is "" */
};

/* Calls try() with a value for each factor: each value alone, each pair of values of any two
 * factors, and the last values of all; with `whole`, all combinations. In a guest one step less of
 * it: no pairs, or for the whole nothing but pairs. `label` has the names. */
void matrix_each(const struct matrix_factor *factors, int count, bool whole,
		 void (*try)(const int *values, const char *label));

/* Before an object is loaded: its programs are known from now on, each has a log of its own. */
void matrix_expect(const struct bpf_object *obj);

/* After: err is what loading returned. */
void matrix_loaded(const struct bpf_object *obj, int err, const char *label);

/* Why a program was never loaded, which fails otherwise. */
void matrix_skip(const char *program, const char *why);

/* TAP, a test for each program; returns main's status. */
int matrix_report(void);

#endif
