// SPDX-License-Identifier: GPL-2.0-only
/* icmpx at work between two namespaces, against the kernel: replies a second,
 * and round trips. run.sh makes the namespaces and attaches icmpx. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <time.h>
#include <net/if.h>
#include <bpf/libbpf.h>
#include <json-c/json.h>

#include "live_lib.h"
#include "util.h"

#define ROUNDS_MAX 200

static struct pair pairs[] = {
	{"kgro-xdp", "kernel", HERE_COUNT_XDP, THERE_KERNEL_GRO, .gro = true},
	{"kgro-tc", "kernel", HERE_COUNT_TC, THERE_KERNEL_GRO, .gro = true},
	{"kpass-xdp", "kernel", HERE_COUNT_XDP, THERE_KERNEL_PASS},
	{"kpass-tc", "kernel", HERE_COUNT_TC, THERE_KERNEL_PASS},
	{"native", "icmpx native", HERE_COUNT_XDP, THERE_ICMPX},
	{"gen-xdp", "icmpx generic", HERE_COUNT_XDP, THERE_ICMPX, .gro = true},
	{"gen-tc", "icmpx generic", HERE_COUNT_TC, THERE_ICMPX, .gro = true},
	{"swap", "MAC swap", HERE_COUNT_XDP, THERE_SWAP},
};

int main(int argc, char **argv)
{
	struct live live = {.icmpx = getenv("ICMPX") ?: "build/icmpx"};
	int rounds = 3, frames = 1 << 18;
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(1, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	live_open(&live, argv[1]);
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		pairs[i].number = i + 1;
		pair_prepare(&live, &pairs[i]);
	}
	for (int r = 0; r < rounds; r++)
		for (size_t i = 0; i < ARRAY_SIZE(pairs); i++)
			for (int f = 4; f <= 6; f += 2) {
				int lost;
				double ns;
				__u64 before;
				if (!r) {
					flood(&live, &pairs[i], f, 1, &lost);
					flood(&live, &pairs[i], f, 1, &lost);
				}
				before = pair_answered(&live, &pairs[i], f);
				struct timespec c0, c1; double w = now_ns();
				clock_gettime(CLOCK_THREAD_CPUTIME_ID, &c0);
				ns = flood(&live, &pairs[i], f, frames, &lost);
				w = now_ns() - w; clock_gettime(CLOCK_THREAD_CPUTIME_ID, &c1);
				printf("cpu %.1f wall %.1f ms ", (c1.tv_sec-c0.tv_sec)*1e3+(c1.tv_nsec-c0.tv_nsec)/1e6, w/1e6);
				printf("%-10s v%d lost %d %.3f M/s %.1f ns answered %llu\n", pairs[i].name, f, lost,
				       frames / ns * 1000, ns / frames,
				       pair_answered(&live, &pairs[i], f) - before);
			}
	(void)argc;
	return 0;
}
