/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows of a benchmark that take turns, round after round, in one run: the
 * machine's moods fall on each alike. Every timed run is checked: the action,
 * the last output, and that the verdict's counter moved by the number of
 * repetitions, that is, that each took the path that the row names. */
#ifndef BENCH_LIB_H
#define BENCH_LIB_H

#include "../prog/oracle_lib.h"
#include "verdicts.h"
#include "util.h"

struct turn_bpf;

#define ROUNDS_MAX 1000
#define ROWS_MAX   96

extern int rounds, repeat;

struct row {
	char name[48];
	struct frame in;
	int prog, want;        /* want: the program's verdict */
	struct turn_bpf *turn; /* XDP: what takes the time and goes on to prog, else NULL */
	int counters, counter; /* that move by one a packet; map -1: none */
	const struct row *floor;
	const struct icmpx_lease *lease; /* the output is its reply; NULL: the input */
	double ns[ROUNDS_MAX];
};

void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
double now_ns(void);                        /* CLOCK_MONOTONIC */
int by_value(const void *a, const void *b); /* doubles, for qsort() */

/* A row for one frame and one program (XDP where it has a turn), which returns
 * `want`; the floor is the row whose figure is what would be spent without the
 * program, or NULL. */
struct row *row_add(const char *name, const struct spec *spec, int prog, int want,
		    const struct row *floor);
void rows_run(void);
void rows_print(void);
void rows_json(const char *path);

#endif
