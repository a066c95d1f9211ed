// SPDX-License-Identifier: GPL-2.0-only
/* What a trace costs the pings that it sees, and itself: round trips by a socket, as they are
 * and with `icmpx trace` beside them in its various ways, which take turns. Then as many a
 * second as must not be too many for it. run.sh makes the namespaces. */
#include <stdio.h>
#include <json-c/json.h>

#include "live_lib.h"
#include "traced_lib.h"

#define BURST  1000  /* round trips, then a pause: the ring buffer has room for them */
#define BURSTS 1000  /* at most */
#define PAUSE  30000 /* us; icmpx trace reads every 10 ms */
#define SETTLE 60000 /* us, until the last of them are written */

#define PACE 50000 /* pings a second */

struct mode {
	const char *path; /* for the table */
	bool traced, matches;
	const char *options[TRACED_OPTIONS];
};

static const char id[] = "--id=17185"; /* TRIP_ID */

static const struct mode modes[] = {
	{"untraced", false, false, {}},
	{"tp", true, true, {"--backend=tp", id}},
	{"tp, stacks always", true, true, {"--backend=tp", "--stacks=always", id}},
	{"tp, stacks never", true, true, {"--backend=tp", "--stacks=never", id}},
	{"tp, --stats", true, true, {"--backend=tp", "--stats", id}},
	{"tp, nothing matches", true, false, {"--backend=tp", "--host=192.0.2.1"}},
};

#define ROWS (2 * ARRAY_SIZE(modes)) /* each in both families */

/* Samples of each round; what was lost of both families is in the first one's. */
static struct {
	double p50[ROUNDS_MAX], p99[ROUNDS_MAX], cpu[ROUNDS_MAX];
	long lost, incomplete;
} rows[ROWS];

static struct {
	double rate[ROUNDS_MAX], cpu[ROUNDS_MAX];
	long lost, incomplete;
} paced;

static struct pair pair = {.name = "trace", .number = 1};
static const char *icmpx;
static struct traced traced;
static int bursts = 5, seconds = 2, cpu_of_trace;

static double median(double *values, int count)
{
	qsort(values, count, sizeof(*values), by_value);
	return values[count / 2];
}

static void run_bursts(int row, int round, int family)
{
	double p50[BURSTS] = {}, p99[BURSTS] = {};
	struct trip trip;

	for (int i = 0; i < bursts; i++) {
		trip = trips(&pair, family, BURST);
		p50[i] = trip.p50;
		p99[i] = trip.p99;
		usleep(PAUSE);
	}
	rows[row].p50[round] = median(p50, bursts);
	rows[row].p99[round] = median(p99, bursts);
}

static void run_mode(int number, int round)
{
	const struct mode *mode = &modes[number];
	long wanted = mode->matches ? 2L * bursts * BURST : 0;
	struct traced_end end = {};
	double before = 0;

	if (mode->traced)
		traced_start(&traced, icmpx, mode->options, cpu_of_trace);
	for (int row = 2 * number; row < 2 * number + 2; row++) {
		if (mode->traced)
			before = traced_cpu_ns(&traced);
		run_bursts(row, round, row & 1 ? 6 : 4);
		if (!mode->traced)
			continue;
		usleep(SETTLE);
		rows[row].cpu[round] = (traced_cpu_ns(&traced) - before) / (bursts * BURST);
	}
	if (mode->traced)
		traced_stop(&traced, &end);
	if (end.pings > wanted)
		die("%s: icmpx trace saw %ld pings of %ld", mode->path, end.pings, wanted);
	if (!mode->matches)
		return;
	rows[2 * number].lost += end.lost;
	rows[2 * number].incomplete += wanted - end.complete;
}

static void run_paced(int round)
{
	const struct mode *mode = &modes[1];
	struct traced_end end;
	double before;

	traced_start(&traced, icmpx, mode->options, cpu_of_trace);
	before = traced_cpu_ns(&traced);
	paced.rate[round] = trips_paced(&pair, 4, seconds * PACE, PACE);
	usleep(SETTLE);
	paced.cpu[round] = (traced_cpu_ns(&traced) - before) / (seconds * PACE);
	traced_stop(&traced, &end);
	paced.lost += end.lost;
	paced.incomplete += (long)seconds * PACE - end.complete;
}

/* Each round begins with another mode: nobody always comes after the same. */
static void measure_all(void)
{
	int count = ARRAY_SIZE(modes);

	run_mode(0, 0);
	for (int round = 0; round < rounds; round++) {
		for (int i = 0; i < count; i++)
			run_mode(((round & 1 ? count - 1 - i : i) + round) % count, round);
		run_paced(round);
	}
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

static struct json_object *new_row(struct json_object *list, const char *path, int family,
				   long lost, long incomplete)
{
	struct json_object *object = json_object_new_object();
	struct frame frame;

	pair_frame(&pair, family, false, &frame);
	json_object_object_add(object, "path", json_object_new_string(path));
	json_object_object_add(object, "family", json_object_new_int(family));
	json_object_object_add(object, "bytes", json_object_new_int(frame.len));
	json_object_object_add(object, "lost", json_object_new_int64(lost));
	json_object_object_add(object, "incomplete", json_object_new_int64(incomplete));
	json_object_array_add(list, object);
	return object;
}

static void write_json(const char *path)
{
	struct json_object *root = json_object_new_object(), *row;
	struct json_object *lists[2] = {json_object_new_array(), json_object_new_array()};

	json_object_object_add(root, "traced", lists[0]);
	json_object_object_add(root, "traced_paced", lists[1]);
	for (size_t i = 0; i < ROWS; i++) {
		row = new_row(lists[0], modes[i / 2].path, i & 1 ? 6 : 4, rows[i].lost,
			      rows[i].incomplete);
		put_samples(row, "p50_ns", rows[i].p50);
		put_samples(row, "p99_ns", rows[i].p99);
		put_samples(row, "cpu_ns", rows[i].cpu);
	}
	row = new_row(lists[1], "tp, paced", 4, paced.lost, paced.incomplete);
	put_samples(row, "per_second", paced.rate);
	put_samples(row, "cpu_ns", paced.cpu);
	if (json_object_to_file_ext(path, root, JSON_C_TO_STRING_PRETTY))
		die("%s: %s", path, json_util_get_last_err());
	json_object_put(root);
}

static void usage(void)
{
	fputs("usage: trace_bench [-n ROUNDS] [-b BURSTS] [-s SECONDS] -j FILE ICMPX OUTPUT\n"
	      "  in the namespace of a pair \"trace\" that run.sh makes; OUTPUT: icmpx's, for a "
	      "while\n",
	      stderr);
	exit(2);
}

int main(int argc, char **argv)
{
	const char *json = NULL;
	int opt;

	rounds = 2;
	while ((opt = getopt(argc, argv, "n:b:s:j:")) != -1) {
		if (opt == 'n')
			rounds = atoi(optarg);
		else if (opt == 'b')
			bursts = atoi(optarg);
		else if (opt == 's')
			seconds = atoi(optarg);
		else if (opt == 'j')
			json = optarg;
		else
			usage();
	}
	if (argc - optind != 2 || !json || rounds < 1 || rounds > ROUNDS_MAX || bursts < 1 ||
	    bursts > BURSTS || seconds < 1)
		usage();
	icmpx = argv[optind];
	traced.path = argv[optind + 1];
	cpu_of_trace = cpu_allowed(true);
	cpu_pin(cpu_allowed(false));
	measure_all();
	write_json(json);
	return 0;
}
