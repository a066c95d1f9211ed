// SPDX-License-Identifier: GPL-2.0-only
/* Is the processor taken away for long, by a host or by other processes? Then what follows at once
 * elsewhere may come milliseconds later, and anything in between. Exit status 0 and for how long,
 * or 1: no. */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#define MS     1000000ull
#define LOOK   (500 * MS)
#define ENOUGH (2 * MS)

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000 * MS + (uint64_t)time.tv_nsec;
}

int main(void)
{
	uint64_t begin = now(), before = begin, after, longest = 0;

	do {
		after = now();
		if (after - before > longest)
			longest = after - before;
		before = after;
	} while (after - begin < LOOK);
	if (longest < ENOUGH)
		return 1;
	printf("the processor is taken away for up to %.1f ms\n", (double)longest / MS);
	return 0;
}
