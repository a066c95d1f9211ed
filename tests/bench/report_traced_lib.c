// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "report_lib.h"

void report_traced(struct json_object *rows)
{
	print_head(
		"(d) round trip on veth, us, p50 of bursts; over: median difference from untraced; "
		"cpu: icmpx's, us a ping",
		"      over       cpu   lost incomplete");
	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		struct json_object *row = row_at(rows, i);
		struct json_object *untraced =
			row_find(rows, "untraced", number_of(row, "family"), 0);
		struct figures all = figures(row, "p50_ns", ALONE, NULL);
		struct figures over = figures(row, "p50_ns", MINUS, untraced);
		struct figures cpu = figures(row, "cpu_ns", ALONE, NULL);

		print_row(row, "", all, 1e3);
		if (row == untraced)
			putchar('\n');
		else
			printf(" %9.2f %9.2f %6d %10d\n", over.median / 1e3, cpu.median / 1e3,
			       number_of(row, "lost"), number_of(row, "incomplete"));
		put_figures(row, "p50_", "_ns", all);
		put_figures(row, "over_untraced_", "_ns", over);
		put_figures(row, "cpu_", "_ns", cpu);
	}
}

void report_paced(struct json_object *rows)
{
	struct json_object *row = row_at(rows, 0);
	struct figures all = figures(row, "per_second", ALONE, NULL);
	struct figures cpu = figures(row, "cpu_ns", ALONE, NULL);

	print_head("    thousand pings a second, each at its time", "       cpu   lost incomplete");
	print_row(row, "", all, 1e3);
	printf(" %9.2f %6d %10d\n", cpu.median / 1e3, number_of(row, "lost"),
	       number_of(row, "incomplete"));
	put_figures(row, "", "_per_second", all);
	put_figures(row, "cpu_", "_ns", cpu);
}

/* us; of both families the worse. */
static double over_untraced(struct json_object *rows, const char *path)
{
	double worst = 0;

	for (int family = 4; family <= 6; family += 2) {
		struct json_object *base = row_find(rows, "untraced", family, 0);
		struct json_object *row = row_find(rows, path, family, 0);
		double over = figures(row, "p50_ns", MINUS, base).median / 1e3;

		if (over > worst)
			worst = over;
	}
	return worst;
}

void report_traced_targets(struct json_object *targets, struct json_object *rows,
			   struct json_object *paced)
{
	double nothing = over_untraced(rows, "tp, nothing matches");
	double tp = over_untraced(rows, "tp");
	struct json_object *row = row_at(paced, 0);
	int missing = number_of(row, "lost") + number_of(row, "incomplete");

	target(targets, nothing <= 0.5, nothing, 0.5, "trace that nothing matches, over untraced",
	       " us");
	target(targets, tp <= 3, tp, 3, "traced with tp, over untraced", " us");
	target(targets, !missing, missing, 0, "lost or incomplete at 50,000 pings a second", "");
}
