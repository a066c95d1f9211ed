/* SPDX-License-Identifier: GPL-2.0-only */
/* A report's rows, which are JSON objects with lists of samples, and what is said of them. */
#ifndef REPORT_LIB_H
#define REPORT_LIB_H

#include <stdbool.h>
#include <json-c/json.h>

enum relation { ALONE, MINUS, OVER };

struct figures {
	double min, median, max;
};

const char *text_of(struct json_object *row, const char *key);
int number_of(struct json_object *row, const char *key);
struct json_object *row_at(struct json_object *rows, size_t index);
struct json_object *row_find(struct json_object *rows, const char *path, int family, int bytes);

/* Of a row's samples, or of what they are to another row's of the same round. */
struct figures figures(struct json_object *row, const char *key, enum relation relation,
		       struct json_object *base);
void put_number(struct json_object *row, const char *key, double value);
void put_figures(struct json_object *row, const char *before, const char *after,
		 struct figures all);

void print_head(const char *section, const char *more);
void print_row(struct json_object *row, const char *suffix, struct figures all, double unit);

/* Prints how it stands and adds it to `targets`. */
void target(struct json_object *targets, bool met, double value, double limit, const char *what,
	    const char *unit);

/* What a trace costs; see trace_bench.c. */
void report_traced(struct json_object *rows);
void report_paced(struct json_object *rows);
void report_traced_targets(struct json_object *targets, struct json_object *rows,
			   struct json_object *paced);

#endif
