// SPDX-License-Identifier: GPL-2.0-only
/* peek PIN-DIRECTORY [NAME...]: what the counters of one interface's fast path
 * say, each on a line of its own; with names the sum of these alone. */
#include <stdio.h>
#include <string.h>

#include "counters.h"

static int value_of(const struct counters *counters, const char *name, __u64 *sum)
{
	for (int i = 0; i < ICMPX_VERDICT_MAX; i++)
		if (!strcmp(name, verdict_names[i]))
			return *sum += counters->verdict[i], 0;
	for (int i = 0; i < ICMPX_LESSON_MAX; i++)
		if (!strcmp(name, lesson_names[i]))
			return *sum += counters->lesson[i], 0;
	fprintf(stderr, "%s: no such counter\n", name);
	return 2;
}

int main(int argc, char **argv)
{
	struct counters counters;
	__u64 sum = 0;
	int err;

	if (argc < 2) {
		fprintf(stderr, "usage: %s PIN-DIRECTORY [NAME...]\n", argv[0]);
		return 2;
	}
	err = counters_read(argv[1], &counters);
	if (err) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(-err));
		return 1;
	}
	for (int i = 2; i < argc && !err; i++)
		err = value_of(&counters, argv[i], &sum);
	if (argc > 2) {
		printf("%llu\n", sum);
		return err;
	}
	for (int i = 0; i < ICMPX_VERDICT_MAX; i++)
		printf("%s %llu\n", verdict_names[i], counters.verdict[i]);
	for (int i = 0; i < ICMPX_LESSON_MAX; i++)
		printf("%s %llu\n", lesson_names[i], counters.lesson[i]);
	return 0;
}
