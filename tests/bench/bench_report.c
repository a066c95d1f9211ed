// SPDX-License-Identifier: GPL-2.0-only
/* Puts the samples of several runs of prog_bench, live_bench and trace_bench together: a table
 * for people, one JSON document, and how they stand to the targets. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <json-c/json.h>

#include "bench_lib.h"
#include "report_lib.h"

/* Rows of sections a, b, c, d. */
static struct json_object *results, *replies, *trips, *traced, *paced;

/* Adding up ----------------------------------------------------------------- */

static void append_samples(struct json_object *all, struct json_object *more, const char *key)
{
	struct json_object *to = json_object_object_get(all, key);
	struct json_object *from = json_object_object_get(more, key);

	for (size_t i = 0; to && i < json_object_array_length(from); i++)
		json_object_array_add(to, json_object_get(json_object_array_get_idx(from, i)));
}

static void add_number(struct json_object *all, struct json_object *more, const char *key)
{
	int sum = number_of(all, key) + number_of(more, key);

	if (json_object_object_get(all, key))
		json_object_object_add(all, key, json_object_new_int(sum));
}

/* A section of one more run; *all is made of the first. */
static void append_rows(struct json_object **all, struct json_object *more)
{
	static const char *const keys[] = {"ns", "per_second", "p50_ns", "p99_ns", "cpu_ns"};
	size_t count = json_object_array_length(more);

	if (!*all) {
		*all = json_object_get(more);
		return;
	}
	if (count != json_object_array_length(*all))
		die("runs with different rows");
	for (size_t i = 0; i < count; i++) {
		struct json_object *to = row_at(*all, i), *from = row_at(more, i);

		for (size_t k = 0; k < ARRAY_SIZE(keys); k++)
			append_samples(to, from, keys[k]);
		add_number(to, from, "lost");
		add_number(to, from, "incomplete");
	}
}

static void append_file(const char *path)
{
	struct json_object *root = json_object_from_file(path), *rows;

	if (!root)
		die("%s: %s", path, json_util_get_last_err());
	if (json_object_object_get_ex(root, "results", &rows))
		append_rows(&results, rows);
	if (json_object_object_get_ex(root, "replies", &rows))
		append_rows(&replies, rows);
	if (json_object_object_get_ex(root, "round_trips", &rows))
		append_rows(&trips, rows);
	if (json_object_object_get_ex(root, "traced", &rows))
		append_rows(&traced, rows);
	if (json_object_object_get_ex(root, "traced_paced", &rows))
		append_rows(&paced, rows);
	json_object_put(root);
}

static void report_results(void)
{
	print_head(
		"(a) ns a packet, by BPF_PROG_TEST_RUN; over: median difference from the \"only\" "
		"above it",
		"      over");
	for (size_t i = 0; i < json_object_array_length(results); i++) {
		struct json_object *row = row_at(results, i), *floor;
		struct figures all = figures(row, "ns", ALONE, NULL);

		print_row(row, "", all, 1);
		put_figures(row, "", "_ns", all);
		if (json_object_object_get_ex(row, "floor", &floor)) {
			floor = row_at(results, json_object_get_int(floor));
			all = figures(row, "ns", MINUS, floor);
			printf(" %9.2f", all.median);
			put_figures(row, "over_floor_", "_ns", all);
		}
		putchar('\n');
	}
}

/* The quicker of the kernel's two ways. */
static struct json_object *best_kernel(int family)
{
	struct json_object *gro = row_find(replies, "kernel, GRO", family, 0);
	struct json_object *pass = row_find(replies, "kernel, XDP_PASS", family, 0);

	return figures(gro, "per_second", ALONE, NULL).median >
			       figures(pass, "per_second", ALONE, NULL).median
		       ? gro
		       : pass;
}

/* Returns the replies that were lost. */
static int report_replies(void)
{
	int lost = 0;

	print_head(
		"(b) million replies a second on veth, all on one core; ratios: medians of those "
		"of each round",
		"  x kernel   % floor   lost");
	for (size_t i = 0; i < json_object_array_length(replies); i++) {
		struct json_object *row = row_at(replies, i);
		int family = number_of(row, "family");
		struct figures all = figures(row, "per_second", ALONE, NULL);
		struct figures to_kernel = figures(row, "per_second", OVER, best_kernel(family));
		struct figures to_floor =
			figures(row, "per_second", OVER, row_find(replies, "MAC swap", family, 0));

		print_row(row, "", all, 1e6);
		printf(" %9.2f %9.1f %6d%s\n", to_kernel.median, 100 * to_floor.median,
		       number_of(row, "lost"), number_of(row, "lost") ? " not valid" : "");
		put_figures(row, "", "_per_second", all);
		put_figures(row, "to_kernel_", "", to_kernel);
		put_figures(row, "to_floor_", "", to_floor);
		lost += number_of(row, "lost");
	}
	return lost;
}

static void report_trips(void)
{
	print_head(
		"(c) round trip on veth, us, one request outstanding; min, median and max are of "
		"the rounds",
		"  x kernel");
	for (size_t i = 0; i < json_object_array_length(trips); i++) {
		struct json_object *row = row_at(trips, i);
		struct json_object *kernel = row_find(trips, "kernel", number_of(row, "family"), 0);

		for (int p = 0; p < 2; p++) {
			const char *key = p ? "p99_ns" : "p50_ns";
			struct figures all = figures(row, key, ALONE, NULL);
			struct figures to_kernel = figures(row, key, OVER, kernel);

			print_row(row, p ? ", p99" : ", p50", all, 1e3);
			printf(" %9.2f\n", to_kernel.median);
			put_figures(row, p ? "p99_" : "p50_", "_ns", all);
			put_figures(row, p ? "p99_to_kernel_" : "p50_to_kernel_", "", to_kernel);
		}
	}
}

/* The targets --------------------------------------------------------------- */

static double median(struct json_object *rows, const char *path, int family, int bytes,
		     const char *key)
{
	return json_object_get_double(
		json_object_object_get(row_find(rows, path, family, bytes), key));
}

static double over(const char *path, int family, int bytes)
{
	return median(results, path, family, bytes, "over_floor_median_ns");
}

static double higher(double a, double b)
{
	return a > b ? a : b;
}

static double native_to(const char *key)
{
	double v4 = median(replies, "icmpx native", 4, 0, key);
	double v6 = median(replies, "icmpx native", 6, 0, key);

	return v4 < v6 ? v4 : v6;
}

static void report_targets(struct json_object *targets)
{
	double v4 = higher(over("reply", 4, 98), over("reply, drained", 4, 98));
	double v6 = higher(over("reply", 6, 118), over("reply, drained", 6, 118));
	double tcp = higher(over("pass: TCP", 4, 0), over("pass: TCP", 6, 0));
	double kernel = native_to("to_kernel_median"), floor = 100 * native_to("to_floor_median");

	puts("\nTargets, by median; of two ways to measure and of two families, the worse:");
	target(targets, v4 <= 20, v4, 20, "full program over XDP_TX, v4 of 98 bytes", " ns");
	target(targets, v6 <= 30, v6, 30, "full program over XDP_TX, v6 of 118 bytes", " ns");
	target(targets, tcp <= 4, tcp, 4, "TCP over XDP_PASS", " ns");
	target(targets, kernel >= 5, kernel, 5, "native's replies a second to the kernel's", " x");
	target(targets, floor >= 85, floor, 85, "native's replies a second to a MAC swap's", " %");
	report_traced_targets(targets, traced, paced);
}

static void write_json(const char *path, struct json_object *targets)
{
	struct json_object *root = json_object_new_object();

	json_object_object_add(root, "packet", results);
	json_object_object_add(root, "replies", replies);
	json_object_object_add(root, "round_trips", trips);
	json_object_object_add(root, "traced", traced);
	json_object_object_add(root, "traced_paced", paced);
	json_object_object_add(root, "targets", targets);
	if (json_object_to_file_ext(path, root, JSON_C_TO_STRING_PRETTY))
		die("%s: %s", path, json_util_get_last_err());
	json_object_put(root);
}

int main(int argc, char **argv)
{
	struct json_object *targets = json_object_new_array();
	int lost;

	if (argc < 4) {
		fputs("usage: bench_report OUTPUT FILE...\n", stderr);
		return 2;
	}
	for (int i = 2; i < argc; i++)
		append_file(argv[i]);
	if (!results || !replies || !trips || !traced || !paced)
		die("not all sections are there");
	report_results();
	lost = report_replies();
	report_trips();
	report_traced(traced);
	report_paced(paced);
	report_targets(targets);
	write_json(argv[1], targets);
	return lost > 0;
}
