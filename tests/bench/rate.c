// SPDX-License-Identifier: GPL-2.0-only
/* How many pings a second the kernel answers, and icmpx, in few words: for demo.sh, which makes the
 * pairs. live_bench.c measures the same and more, for those who want all figures. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <bpf/libbpf.h>

#include "live_lib.h"

#define FAMILY     4
#define WARM_TRIES 100
#define WARM_PAUSE 10000 /* us; the learner leaves a request's note alone for 250 ms */
#define CANNOT     3

/* As in live_bench.c: of the two ways in which veth hands frames to the kernel, the quicker one
 * counts. */
enum { KERNEL_GRO, KERNEL_PASS, GENERIC, NATIVE, PAIRS };

static struct pair pairs[PAIRS] = {
	[KERNEL_GRO] = {"k-gro", "", HERE_COUNT_TC, THERE_KERNEL, .gro = true},
	[KERNEL_PASS] = {"k-pass", "the kernel", HERE_COUNT_TC, THERE_PASS},
	[GENERIC] = {"generic", "icmpx, generic XDP", HERE_COUNT_XDP, THERE_ICMPX, .gro = true},
	[NATIVE] = {"native", "icmpx, native XDP", HERE_COUNT_XDP, THERE_ICMPX},
};

static double rates[PAIRS][ROUNDS_MAX]; /* replies a second */
static int frames = 1 << 16;

/* Until icmpx answers by itself. */
static void warm(const struct live *live, const struct pair *pair)
{
	int lost;

	for (int i = 0; i < WARM_TRIES; i++) {
		__u64 before = pair_answered(live, pair, FAMILY);

		flood(live, pair, FAMILY, 1, &lost);
		if (pair_answered(live, pair, FAMILY) > before)
			return;
		usleep(WARM_PAUSE);
	}
	die("%s: no lease", pair->name);
}

static void measure(const struct live *live, int which, int round)
{
	const struct pair *pair = &pairs[which];
	__u64 before = pair_answered(live, pair, FAMILY);
	int lost;

	rates[which][round] = flood(live, pair, FAMILY, frames, &lost);
	if (lost)
		die("%s: %d of %d replies lost", pair->name, lost, frames);
	if (pair->there == THERE_ICMPX && pair_answered(live, pair, FAMILY) < before + frames)
		die("%s: not all replies are icmpx's", pair->name);
}

/* There and back, so that what changes with time falls on all alike. */
static void measure_all(const struct live *live)
{
	for (int round = 0; round < rounds; round++) {
		for (int i = 0; i < PAIRS; i++)
			measure(live, round & 1 ? PAIRS - 1 - i : i, round);
		if (rates[KERNEL_GRO][round] > rates[KERNEL_PASS][round])
			rates[KERNEL_PASS][round] = rates[KERNEL_GRO][round];
	}
}

static double median(const double *values)
{
	double sorted[ROUNDS_MAX] = {};

	for (int i = 0; i < rounds; i++)
		sorted[i] = values[i];
	qsort(sorted, rounds, sizeof(*sorted), by_value);
	return sorted[rounds / 2];
}

static double lowest(const double *values)
{
	double min = values[0];

	for (int i = 1; i < rounds; i++)
		min = values[i] < min ? values[i] : min;
	return min;
}

/* Of what a way makes in a round to what the kernel makes in the same. */
static double times_kernel(int which)
{
	double ratios[ROUNDS_MAX];

	for (int i = 0; i < rounds; i++)
		ratios[i] = rates[which][i] / rates[KERNEL_PASS][i];
	return median(ratios);
}

static void print_all(void)
{
	printf("%-22s %12s %12s %12s\n", "million replies/s", "median", "lowest", "x kernel");
	for (int i = KERNEL_PASS; i < PAIRS; i++)
		printf("%-22s %12.2f %12.2f %12.1f\n", pairs[i].path, median(rates[i]) / 1e6,
		       lowest(rates[i]) / 1e6, times_kernel(i));
	printf("\nNatively at the driver one core answers %.1f times as many as in the kernel.\n",
	       times_kernel(NATIVE));
}

static void usage(void)
{
	fputs("usage: rate [-n ROUNDS] [-f FRAMES] ICMPX NETNS\n"
	      "  here, and in NETNS under test: the pairs that demo.sh makes\n",
	      stderr);
	exit(2);
}

int main(int argc, char **argv)
{
	struct live live;
	int opt;

	rounds = 5;
	while ((opt = getopt(argc, argv, "n:f:")) != -1) {
		if (opt == 'n')
			rounds = atoi(optarg);
		else if (opt == 'f')
			frames = atoi(optarg);
		else
			usage();
	}
	if (argc - optind != 2 || rounds < 1 || rounds > ROUNDS_MAX || frames < 1)
		usage();
	libbpf_set_print(NULL);
	/* Live frames cannot be asked for without sending some; this is of the same Linux. */
	if (libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, BPF_FUNC_xdp_load_bytes, NULL) != 1) {
		fputs("rate: live XDP frames take Linux 5.18 or later\n", stderr);
		return CANNOT;
	}
	cpu_pin(cpu_allowed(false)); /* interrupts prefer the first */
	live_open(&live, argv[optind], argv[optind + 1]);
	for (int i = 0; i < PAIRS; i++) {
		pairs[i].number = i + 1;
		pair_prepare(&live, &pairs[i]);
		if (pairs[i].there == THERE_ICMPX)
			warm(&live, &pairs[i]);
	}
	measure_all(&live);
	print_all();
	return 0;
}
