// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "bench_lib.h"
#include "report_lib.h"

#define SAMPLES_MAX 4096

const char *text_of(struct json_object *row, const char *key)
{
	return json_object_get_string(json_object_object_get(row, key));
}

int number_of(struct json_object *row, const char *key)
{
	return json_object_get_int(json_object_object_get(row, key));
}

struct json_object *row_at(struct json_object *rows, size_t index)
{
	return json_object_array_get_idx(rows, index);
}

struct json_object *row_find(struct json_object *rows, const char *path, int family, int bytes)
{
	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		struct json_object *row = row_at(rows, i);

		if (!strcmp(text_of(row, "path"), path) && number_of(row, "family") == family &&
		    (!bytes || number_of(row, "bytes") == bytes))
			return row;
	}
	die("no row: %s, IPv%d, %d bytes", path, family, bytes);
}

struct figures figures(struct json_object *row, const char *key, enum relation relation,
		       struct json_object *base)
{
	struct json_object *samples = json_object_object_get(row, key);
	struct json_object *bases = base ? json_object_object_get(base, key) : NULL;
	size_t count = json_object_array_length(samples);
	double sorted[SAMPLES_MAX];

	if (!count || count > SAMPLES_MAX || (bases && json_object_array_length(bases) != count))
		die("%s: no samples, or too many", text_of(row, "path"));
	for (size_t i = 0; i < count; i++) {
		double other =
			bases ? json_object_get_double(json_object_array_get_idx(bases, i)) : 0;

		sorted[i] = json_object_get_double(json_object_array_get_idx(samples, i));
		if (relation == MINUS)
			sorted[i] -= other;
		else if (relation == OVER)
			sorted[i] = other > 0 ? sorted[i] / other : 0;
	}
	qsort(sorted, count, sizeof(*sorted), by_value);
	return (struct figures){sorted[0], (sorted[(count - 1) / 2] + sorted[count / 2]) / 2,
				sorted[count - 1]};
}

void put_number(struct json_object *row, const char *key, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.2f", value);
	json_object_object_add(row, key, json_object_new_double_s(value, text));
}

void put_figures(struct json_object *row, const char *before, const char *after, struct figures all)
{
	static const char *const names[] = {"min", "median", "max"};
	double values[] = {all.min, all.median, all.max};
	char key[32];

	for (int i = 0; i < 3; i++) {
		snprintf(key, sizeof(key), "%s%s%s", before, names[i], after);
		put_number(row, key, values[i]);
	}
}

void print_head(const char *section, const char *more)
{
	printf("\n%s\n%-26s %3s %6s %9s %9s %9s%s\n", section, "path", "IP", "bytes", "min",
	       "median", "max", more);
}

void print_row(struct json_object *row, const char *suffix, struct figures all, double unit)
{
	char path[64];

	snprintf(path, sizeof(path), "%s%s", text_of(row, "path"), suffix);
	printf("%-26s  v%d %6d %9.2f %9.2f %9.2f", path, number_of(row, "family"),
	       number_of(row, "bytes"), all.min / unit, all.median / unit, all.max / unit);
}

void target(struct json_object *targets, bool met, double value, double limit, const char *what,
	    const char *unit)
{
	struct json_object *object = json_object_new_object();

	printf("%-7s %-58s %6.1f%s, target %g%s\n", met ? "met:" : "missed:", what, value, unit,
	       limit, unit);
	json_object_object_add(object, "target", json_object_new_string(what));
	put_number(object, "value", value);
	put_number(object, "limit", limit);
	json_object_object_add(object, "met", json_object_new_boolean(met));
	json_object_array_add(targets, object);
}
