// SPDX-License-Identifier: GPL-2.0-only
/* icmpx at work between two namespaces, against the kernel: replies a second,
 * and round trips. run.sh makes the namespaces and attaches icmpx. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <bpf/libbpf.h>
#include <json-c/json.h>

#include "live_lib.h"

#define WARM_TRIES 100
#define WARM_PAUSE 10000 /* us; the learner leaves a request's note alone for 250 ms */

/* To the kernel's advantage: its replies are counted by tc, which is cheaper for it
 * than XDP (see live.bpf.c), and it gets frames in both ways that veth has; the
 * quicker one is what icmpx is compared with. */
static struct pair floods[] = {
	{"k-gro", "kernel, GRO", HERE_COUNT_TC, THERE_KERNEL, .gro = true},
	{"k-pass", "kernel, XDP_PASS", HERE_COUNT_TC, THERE_PASS},
	{"generic", "icmpx generic", HERE_COUNT_XDP, THERE_ICMPX, .gro = true},
	{"native", "icmpx native", HERE_COUNT_XDP, THERE_ICMPX},
	{"swap", "MAC swap", HERE_COUNT_XDP, THERE_SWAP},
};

/* As they come; only a native reply needs a program at the other end of a veth. */
static struct pair pings[] = {
	{"t-kernel", "kernel", HERE_NONE, THERE_KERNEL},
	{"t-generic", "icmpx generic", HERE_NONE, THERE_ICMPX},
	{"t-native", "icmpx native", HERE_PASS, THERE_ICMPX},
};

static int frames = 1 << 17, trip_count = 2000;

/* One line of the results; samples of each round. */
struct line {
	struct pair *pair;
	int family;
	bool trips;
	long lost;
	double value[ROUNDS_MAX], p99[ROUNDS_MAX]; /* replies a second, or p50 */
};

static struct line lines[2 * (ARRAY_SIZE(floods) + ARRAY_SIZE(pings))];

static void lines_add(const struct live *live)
{
	struct line *line = lines;
	struct pair *pair;

	for (size_t i = 0; i < ARRAY_SIZE(floods) + ARRAY_SIZE(pings); i++) {
		bool ping = i >= ARRAY_SIZE(floods);

		pair = ping ? &pings[i - ARRAY_SIZE(floods)] : &floods[i];
		pair->number = i + 1;
		pair_prepare(live, pair);
		*line++ = (struct line){.pair = pair, .family = 4, .trips = ping};
		*line++ = (struct line){.pair = pair, .family = 6, .trips = ping};
	}
}

static void line_run(const struct live *live, struct line *line, int number, int round)
{
	struct trip trip;
	int lost = 0;

	if (line->trips) {
		trip = trips(line->pair, line->family, number);
		line->value[round] = trip.p50;
		line->p99[round] = trip.p99;
	} else {
		line->value[round] = flood(live, line->pair, line->family, number, &lost);
		line->lost += lost;
	}
}

/* Until icmpx answers by itself. */
static void line_warm(const struct live *live, struct line *line)
{
	__u64 before;

	for (int i = 0; i < WARM_TRIES; i++) {
		before = pair_answered(live, line->pair, line->family);
		line_run(live, line, 1, 0);
		if (pair_answered(live, line->pair, line->family) > before)
			return;
		usleep(WARM_PAUSE);
	}
	die("%s: IPv%d: no lease", line->pair->name, line->family);
}

static void line_measure(const struct live *live, struct line *line, int round)
{
	int number = line->trips ? trip_count : frames;
	__u64 before = pair_answered(live, line->pair, line->family);

	line_run(live, line, number, round);
	before = pair_answered(live, line->pair, line->family) - before;
	if (line->pair->there == THERE_ICMPX && before < (__u64)number)
		die("%s: IPv%d: icmpx made %llu of %d replies", line->pair->name, line->family,
		    before, number);
}

static void measure_all(const struct live *live)
{
	int count = ARRAY_SIZE(lines);

	for (int i = 0; i < count; i++) {
		if (lines[i].pair->there == THERE_ICMPX)
			line_warm(live, &lines[i]);
		line_measure(live, &lines[i], 0);
		lines[i].lost = 0;
	}
	for (int round = 0; round < rounds; round++)
		for (int i = 0; i < count; i++)
			line_measure(live, &lines[round & 1 ? count - 1 - i : i], round);
}

static void put_samples(struct json_object *object, const char *key, const double *samples)
{
	struct json_object *array = json_object_new_array();
	char text[32];

	for (int i = 0; i < rounds; i++) {
		snprintf(text, sizeof(text), "%.0f", samples[i]);
		json_object_array_add(array, json_object_new_double_s(samples[i], text));
	}
	json_object_object_add(object, key, array);
}

static struct json_object *line_json(const struct line *line)
{
	struct json_object *object = json_object_new_object();
	struct frame frame;

	pair_frame(line->pair, line->family, false, &frame);
	json_object_object_add(object, "path", json_object_new_string(line->pair->path));
	json_object_object_add(object, "family", json_object_new_int(line->family));
	json_object_object_add(object, "bytes", json_object_new_int(frame.len));
	put_samples(object, line->trips ? "p50_ns" : "per_second", line->value);
	if (line->trips)
		put_samples(object, "p99_ns", line->p99);
	else
		json_object_object_add(object, "lost", json_object_new_int64(line->lost));
	return object;
}

static void write_json(const char *path)
{
	struct json_object *root = json_object_new_object();
	struct json_object *lists[2] = {json_object_new_array(), json_object_new_array()};

	json_object_object_add(root, "rounds", json_object_new_int(rounds));
	json_object_object_add(root, "frames", json_object_new_int(frames));
	json_object_object_add(root, "pings", json_object_new_int(trip_count));
	json_object_object_add(root, "replies", lists[0]);
	json_object_object_add(root, "round_trips", lists[1]);
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		json_object_array_add(lists[lines[i].trips], line_json(&lines[i]));
	if (json_object_to_file_ext(path, root, JSON_C_TO_STRING_PRETTY))
		die("%s: %s", path, json_util_get_last_err());
	json_object_put(root);
}

static void usage(void)
{
	fputs("usage: live_bench [-n ROUNDS] [-f FRAMES] [-p PINGS] -j FILE ICMPX NETNS\n"
	      "  here, and in NETNS under test: the pairs that run.sh makes\n",
	      stderr);
	exit(2);
}

int main(int argc, char **argv)
{
	const char *json = NULL;
	struct live live;
	int opt;

	rounds = 5;
	while ((opt = getopt(argc, argv, "n:f:p:j:")) != -1) {
		if (opt == 'n')
			rounds = atoi(optarg);
		else if (opt == 'f')
			frames = atoi(optarg);
		else if (opt == 'p')
			trip_count = atoi(optarg);
		else if (opt == 'j')
			json = optarg;
		else
			usage();
	}
	if (argc - optind != 2 || !json || rounds < 1 || rounds > ROUNDS_MAX || frames < 1 ||
	    trip_count < 1)
		usage();
	libbpf_set_print(NULL);
	cpu_pin(cpu_allowed(false)); /* interrupts prefer the first */
	live_open(&live, argv[optind], argv[optind + 1]);
	lines_add(&live);
	measure_all(&live);
	write_json(json);
	return 0;
}
