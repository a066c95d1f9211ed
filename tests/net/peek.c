// SPDX-License-Identifier: GPL-2.0-only
/* peek PIN-DIRECTORY [NAME...]: what the counters of one interface's fast path
 * say, each on a line of its own; with names the sum of these alone. */
#include <stdio.h>
#include <string.h>

#include "peek.h"

static int find_counter(const char *name)
{
	for (int i = 0; i < COUNTER_MAX; i++)
		if (!strcmp(name, counter_names[i]))
			return i;
	fprintf(stderr, "%s: no such counter\n", name);
	return -1;
}

int main(int argc, char **argv)
{
	__u64 packets[COUNTER_MAX], sum = 0;
	int err, found;

	if (argc < 2) {
		fprintf(stderr, "usage: %s PIN-DIRECTORY [NAME...]\n", argv[0]);
		return 2;
	}
	err = counters_peek(argv[1], packets);
	if (err) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(-err));
		return 1;
	}
	for (int i = 0; i < COUNTER_MAX && argc == 2; i++)
		printf("%s %llu\n", counter_names[i], packets[i]);
	for (int i = 2; i < argc; i++) {
		found = find_counter(argv[i]);
		if (found < 0)
			return 2;
		sum += packets[found];
	}
	if (argc > 2)
		printf("%llu\n", sum);
	return 0;
}
