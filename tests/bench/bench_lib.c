// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <json-c/json.h>

#include "bench_lib.h"
#include "turn.h"
#include "turn.skel.h"

int rounds = 21, repeat = 100001;
static struct row *rows[ROWS_MAX];
static int row_count;

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

struct row *row_add(const char *name, const struct spec *spec, int prog, int want,
		    const struct row *floor)
{
	struct row *row = calloc(1, sizeof(*row));

	if (!row || row_count == ROWS_MAX)
		die("too many rows");
	snprintf(row->name, sizeof(row->name), "%s", name);
	frame_build(&row->in, spec);
	row->prog = prog;
	row->want = want;
	row->counters = -1;
	row->floor = floor;
	return rows[row_count++] = row;
}

static __u64 counted(const struct row *row)
{
	int cpus = libbpf_num_possible_cpus();
	struct icmpx_counter each[cpus];
	__u64 packets = 0;

	if (row->counters < 0)
		return 0;
	if (bpf_map_lookup_elem(row->counters, &row->counter, each))
		die("counter: %s", strerror(errno));
	for (int cpu = 0; cpu < cpus; cpu++)
		packets += each[cpu].packets;
	return packets;
}

static void check_output(const struct row *row, const struct frame *out)
{
	struct frame want = row->in;
	struct icmpx_lease answer;
	struct echo echo;

	if (row->lease) {
		if (!oracle_request(&row->in, &echo))
			die("%s: the input is no request", row->name);
		answer = *row->lease;
		oracle_reply(&row->in, &echo, &answer, false, get16(out->data + echo.ip + 4),
			     &want);
	}
	if (out->len != want.len || memcmp(out->data, want.data, want.len))
		die("%s (%u bytes): wrong output", row->name, row->in.len);
}

double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

/* What the turning program saw; tc's by the clock around the call. */
static double elapsed(const struct row *row, double around)
{
	const struct turn_bpf *turn = row->turn;

	if (!turn)
		return around / repeat;
	if (turn->bss->turns != (__u64)repeat)
		die("%s: turned %llu of %d", row->name, turn->bss->turns, repeat);
	return (double)(turn->bss->ended - turn->bss->started) /
	       (turn->rodata->last - turn->rodata->first);
}

static double measure(const struct row *row)
{
	static struct frame out;
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = row->in.data, .data_out = out.data,
		    .data_size_in = row->in.len, .data_size_out = sizeof(out.data),
		    .repeat = repeat);
	__u64 before = counted(row);
	double start, around;

	if (row->turn)
		row->turn->bss->turns = 0;
	start = now_ns();
	if (bpf_prog_test_run_opts(row->prog, &opts))
		die("%s: %s", row->name, strerror(errno));
	around = now_ns() - start;
	out.len = opts.data_size_out;
	if ((int)opts.retval != row->want)
		die("%s: returned %d", row->name, (int)opts.retval);
	if (row->counters >= 0 && counted(row) - before != (__u64)repeat)
		die("%s: counted %llu of %d", row->name, counted(row) - before, repeat);
	check_output(row, &out);
	return elapsed(row, around);
}

void rows_run(void)
{
	for (int round = -1; round < rounds; round++) /* -1 is the warm-up */
		for (int i = 0; i < row_count; i++) {
			struct row *row = rows[round & 1 ? row_count - 1 - i : i];
			double ns = measure(row);

			if (round >= 0)
				row->ns[round] = ns;
		}
}

struct figures {
	double min, median, max;
};

int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Of the row, or of its differences from the floor in the same round. */
static struct figures figures(const struct row *row, const struct row *floor)
{
	double sorted[ROUNDS_MAX] = {};

	for (int i = 0; i < rounds; i++)
		sorted[i] = row->ns[i] - (floor ? floor->ns[i] : 0);
	qsort(sorted, rounds, sizeof(*sorted), by_value);
	return (struct figures){sorted[0], sorted[rounds / 2], sorted[rounds - 1]};
}

void rows_print(void)
{
	printf("%d rounds of %d packets each; ns a packet; over: median difference from the row's "
	       "floor\n\n%-28s %3s %6s %8s %8s %8s %8s\n",
	       rounds, repeat, "path", "IP", "bytes", "min", "median", "max", "over");
	for (int i = 0; i < row_count; i++) {
		const struct row *row = rows[i];
		struct figures all = figures(row, NULL);

		printf("%-28s  v%d %6u %8.2f %8.2f %8.2f", row->name, row->in.family, row->in.len,
		       all.min, all.median, all.max);
		if (row->floor)
			printf(" %8.2f", figures(row, row->floor).median);
		putchar('\n');
	}
}

static struct json_object *ns(double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.2f", value);
	return json_object_new_double_s(value, text);
}

static struct json_object *row_json(const struct row *row)
{
	struct json_object *object = json_object_new_object();
	struct json_object *samples = json_object_new_array();
	struct figures all = figures(row, NULL);

	json_object_object_add(object, "path", json_object_new_string(row->name));
	json_object_object_add(object, "family", json_object_new_int(row->in.family));
	json_object_object_add(object, "bytes", json_object_new_int(row->in.len));
	json_object_object_add(object, "min_ns", ns(all.min));
	json_object_object_add(object, "median_ns", ns(all.median));
	json_object_object_add(object, "max_ns", ns(all.max));
	if (row->floor)
		json_object_object_add(object, "over_floor_median_ns",
				       ns(figures(row, row->floor).median));
	for (int i = 0; i < row_count && row->floor; i++)
		if (rows[i] == row->floor)
			json_object_object_add(object, "floor", json_object_new_int(i));
	for (int i = 0; i < rounds; i++)
		json_object_array_add(samples, ns(row->ns[i]));
	json_object_object_add(object, "ns", samples);
	return object;
}

void rows_json(const char *path)
{
	struct json_object *root = json_object_new_object(), *list = json_object_new_array();

	json_object_object_add(root, "rounds", json_object_new_int(rounds));
	json_object_object_add(root, "repeat", json_object_new_int(repeat));
	json_object_object_add(root, "results", list);
	for (int i = 0; i < row_count; i++)
		json_object_array_add(list, row_json(rows[i]));
	if (json_object_to_file_ext(path, root, JSON_C_TO_STRING_PRETTY))
		die("%s: %s", path, json_util_get_last_err());
	json_object_put(root);
}
