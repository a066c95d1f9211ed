// SPDX-License-Identifier: GPL-2.0-only
/* The kernel is the oracle: sends the same frames to a plain kernel, whose
 * answers are written to a file, and to one with icmpx, whose answers must be
 * the same. Prints comment lines of TAP; differential.t says what passed. */
#include <argp.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "peek.h"
#include "reply.h"
#include "wire.h"

#define DIVERGENCES_SHOWN 5

struct options {
	struct cases cases;
	__u32 count, first, percent;
	bool verbose;
	const char *out, *in, *pin_dir, *ifname;
};

struct run {
	const struct options *options;
	struct wire wire;
	FILE *file; /* written with out, read with in */
	__u32 cases, answered, divergences;
};

static int write_replies(FILE *file, const struct replies *replies)
{
	fwrite(&replies->count, sizeof(replies->count), 1, file);
	for (__u32 i = 0; i < replies->count; i++) {
		fwrite(&replies->frame[i].len, sizeof(__u32), 1, file);
		fwrite(replies->frame[i].data, replies->frame[i].len, 1, file);
	}
	return ferror(file) ? -EIO : 0;
}

static int read_replies(FILE *file, struct replies *replies)
{
	struct frame *frame = replies->frame;

	if (fread(&replies->count, sizeof(replies->count), 1, file) != 1 ||
	    replies->count > WIRE_REPLIES)
		return -ENODATA;
	for (__u32 i = 0; i < replies->count; i++, frame++)
		if (fread(&frame->len, sizeof(frame->len), 1, file) != 1 ||
		    frame->len > FRAME_MAX || fread(frame->data, frame->len, 1, file) != 1)
			return -ENODATA;
	return 0;
}

/* NULL: the same, but for what icmpx may change. */
static const char *compare(const struct replies *oracle, const struct replies *got, bool any_label)
{
	static struct frame want, have;
	const char *wrong, *fault;

	for (__u32 i = 0; i < oracle->count && i < got->count; i++) {
		want = oracle->frame[i];
		have = got->frame[i];
		fault = reply_normalise(&want, any_label);
		wrong = reply_normalise(&have, any_label);
		if (wrong && !fault)
			return wrong;
		if (want.len != have.len)
			return "lengths differ";
		if (memcmp(want.data, have.data, want.len))
			return "bytes differ";
	}
	return oracle->count == got->count ? NULL : "number of replies differs";
}

static void show(const char *title, const struct replies *replies)
{
	char text[64];

	if (!replies->count)
		printf("# %s: no reply\n", title);
	for (__u32 i = 0; i < replies->count; i++) {
		snprintf(text, sizeof(text), "%s: reply %u", title, i + 1);
		frame_hex(&replies->frame[i], text);
	}
}

static void show_divergence(const struct options *options, const char *kind, __u32 index,
			    const struct test_case *test, const char *why,
			    const struct replies *oracle, const struct replies *got)
{
	printf("# DIVERGENCE in %s case %u of seed %llu (%s): %s\n", kind, index,
	       options->cases.seed, test->name, why);
	for (__u32 i = 0; i < test->count; i++)
		frame_hex(&test->frame[i], "sent");
	show("the kernel", oracle);
	show("with icmpx", got);
}

static int run_case(struct run *run, const char *kind, __u32 index, const struct test_case *test)
{
	static struct replies oracle, got;
	const char *why;
	int err;

	err = wire_ask(&run->wire, test->frame, test->count, &got);
	if (err) {
		printf("# %s case %u (%s): %s\n", kind, index, test->name, strerror(-err));
		return err;
	}
	run->cases++;
	run->answered += got.count > 0;
	if (run->options->verbose)
		printf("# %s %u: %u replies: %s\n", kind, index, got.count, test->name);
	if (run->options->out)
		return write_replies(run->file, &got);
	err = read_replies(run->file, &oracle);
	if (err)
		return err;
	why = compare(&oracle, &got, run->options->cases.any_peer);
	if (why && run->divergences++ < DIVERGENCES_SHOWN)
		show_divergence(run->options, kind, index, test, why, &oracle, &got);
	return 0;
}

/* Each flow's first request; some short, so that a longer one is news. Before them nothing
 * but barriers, which are sent again: a card's link may not be up yet. */
static int warm_up(struct run *run)
{
	const struct cases *cases = &run->options->cases;
	static struct replies replies;
	struct frame frame;
	struct spec spec;
	int err = wire_ask(&run->wire, NULL, 0, &replies);

	for (__u32 flow = 0; !err && flow < flow_count(cases); flow++) {
		flow_spec(cases, flow, &spec);
		if (flow % 3 && !flow_is_narrow(cases, flow))
			spec.payload = cases->mtu - (spec.v6 ? 48 : 28);
		frame_build(&frame, &spec, cases->mtu + ETH_HLEN);
		err = wire_ask(&run->wire, &frame, 1, &replies);
		if (!err && replies.count != 1) {
			show("to one request", &replies);
			err = -EHOSTUNREACH;
		}
		if (err) {
			printf("# flow %u: %s\n", flow, strerror(-err));
			return err;
		}
	}
	return err;
}

static int run_cases(struct run *run)
{
	const struct options *options = run->options;
	static struct test_case test;
	int err = warm_up(run);

	for (__u32 i = 0; !err && !options->first && odd_case(&options->cases, i, &test); i++)
		err = run_case(run, "odd", i, &test);
	for (__u32 i = options->first; !err && i < options->first + options->count; i++) {
		random_case(&options->cases, i, &test);
		err = run_case(run, "random", i, &test);
	}
	return err;
}

/* How many requests XDP answered, and each way that frames took. */
static int show_verdicts(const struct run *run, const __u64 *before)
{
	__u32 percent, seen = 0;
	__u64 now[COUNTER_MAX], replied;
	int err = counters_peek(run->options->pin_dir, now);

	if (err)
		return err;
	printf("# verdicts:");
	for (int i = 0; i < ICMPX_VERDICT_MAX; i++) {
		now[i] -= before[i];
		seen += now[i] > 0;
		if (now[i])
			printf(" %s %llu", counter_names[i], now[i]);
	}
	replied = now[ICMPX_REPLIED_V4] + now[ICMPX_REPLIED_V6];
	percent = run->cases ? 100 * replied / run->cases : 0;
	printf("\n# %llu of %u cases (%u %%) answered by XDP, %u kinds of verdict\n", replied,
	       run->cases, percent, seen);
	if (percent >= run->options->percent)
		return 0;
	printf("# at least %u %% are wanted\n", run->options->percent);
	return -ERANGE;
}

static int run_all(struct run *run)
{
	const struct options *options = run->options;
	__u64 before[COUNTER_MAX];
	int err = 0;

	if (options->pin_dir)
		err = counters_peek(options->pin_dir, before);
	if (err) {
		printf("# %s: %s\n", options->pin_dir, strerror(-err));
		return err;
	}
	err = run_cases(run);
	printf("# seed %llu: %u cases, %u answered", options->cases.seed, run->cases,
	       run->answered);
	printf(options->in ? ", %u divergences\n" : "\n", run->divergences);
	if (!err && options->pin_dir)
		err = show_verdicts(run, before);
	return err;
}

static const struct argp_option option_list[] = {
	{"frames", 'n', "N", 0, "generated frames (1000)", 0},
	{"seed", 's', "SEED", 0, "of the generated frames (1)", 0},
	{"first", 'f', "INDEX", 0, "generated frame to begin with; without the list of odd ones",
	 0},
	{"write", 'w', "FILE", 0, "write the plain kernel's replies", 0},
	{"read", 'r', "FILE", 0, "compare with these replies", 0},
	{"pins", 'p', "DIR", 0, "read the counters there", 0},
	{"percent", 'P', "N", 0, "so many frames must be answered by XDP (with -p)", 0},
	{"vlan", 't', "VID", 0, "there is a VLAN device for these", 0},
	{"any-peer", 'a', NULL, 0, "frames for --trust address", 0},
	{"verbose", 'v', NULL, 0, "name each case", 0},
	{},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'n':
		options->count = strtoul(arg, NULL, 10);
		break;
	case 's':
		options->cases.seed = strtoull(arg, NULL, 10);
		break;
	case 'f':
		options->first = strtoul(arg, NULL, 10);
		break;
	case 'w':
		options->out = arg;
		break;
	case 'r':
		options->in = arg;
		break;
	case 'p':
		options->pin_dir = arg;
		break;
	case 'P':
		options->percent = strtoul(arg, NULL, 10);
		break;
	case 't':
		options->cases.vid = strtoul(arg, NULL, 10);
		break;
	case 'a':
		options->cases.any_peer = true;
		break;
	case 'v':
		options->verbose = true;
		break;
	case ARGP_KEY_ARG:
		if (options->ifname)
			argp_usage(state);
		options->ifname = arg;
		break;
	case ARGP_KEY_END:
		if (!options->ifname || !options->in == !options->out)
			argp_usage(state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* One CPU for sender and receiver: softirqs run behind each send. */
static void stay_on_cpu(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

int main(int argc, char **argv)
{
	static const struct argp argp = {option_list, parse, "IFACE", NULL, NULL, NULL, NULL};
	struct options options = {.count = 1000, .cases.seed = 1};
	struct run run = {.options = &options};
	struct spec barrier;
	int err;

	argp_parse(&argp, argc, argv, 0, NULL, &options);
	stay_on_cpu();
	run.file = fopen(options.in ?: options.out, options.in ? "r" : "w");
	if (!run.file) {
		perror(options.in ?: options.out);
		return 1;
	}
	barrier_spec(&barrier);
	err = wire_open(&run.wire, options.ifname, &barrier);
	if (err) {
		fprintf(stderr, "%s: %s\n", options.ifname, strerror(-err));
		return 1;
	}
	options.cases.mtu = run.wire.mtu;
	err = run_all(&run);
	wire_close(&run.wire);
	if (fclose(run.file) && !err)
		err = -errno;
	return err || run.divergences;
}
