// SPDX-License-Identifier: GPL-2.0-only
/* What the fast path and the learner cost: nanoseconds a packet, by
 * BPF_PROG_TEST_RUN. See bench_lib.h on measuring, turn.bpf.c on repeating. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/pkt_cls.h>

#include "bench_lib.h"
#include "../prog/table_lib.h"
#include "verdicts.h"
#include "util.h"
#include "turn.h"
#include "echo.skel.h"
#include "learn.skel.h"
#include "turn.skel.h"

/* One pair of programs with its own maps: this build's, or that of -b. */
struct build {
	const char *name;
	struct bpf_object *echo, *learn;
	int verdicts, lessons;
};

static struct icmpx_lease lease; /* of IPv6; that of IPv4 has no label */

static struct icmpx_config config = {
	.layout = ICMPX_LAYOUT,
	.families = ICMPX_IPV4 | ICMPX_IPV6,
	.lease_s = 10,
	.hz = 1000,
	.lease = 1ULL << 40,
	.leased = ICMPX_IPV4 | ICMPX_IPV6,
};

static struct bpf_object *load(struct bpf_object *obj, const char *what)
{
	struct bpf_map *map;
	size_t size = 0;
	void *rodata;

	table_multipliers(&config);
	if (!obj)
		die("%s: %s", what, strerror(errno));
	map = bpf_object__find_map_by_name(obj, ".rodata");
	rodata = map ? (void *)bpf_map__initial_value(map, &size) : NULL;
	if (!rodata || size < sizeof(config))
		die("%s: its .rodata is not a struct icmpx_config", what);
	config.plain = icmpx_plain(&config);
	memcpy(rodata, &config, sizeof(config));
	return obj;
}

static void load_finish(struct bpf_object *obj, const char *what)
{
	int err = bpf_object__load(obj);

	if (err)
		die("%s does not load: %s", what, strerror(-err));
}

static struct bpf_object *open_file(const char *dir, const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return bpf_object__open_file(path, NULL);
}

static int prog_fd(struct bpf_object *obj, const char *name)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(obj, name);

	return prog ? bpf_program__fd(prog) : -1;
}

static int map_fd(struct bpf_object *obj, const char *name)
{
	return bpf_object__find_map_fd_by_name(obj, name);
}

static void build_load(struct build *build, const char *dir)
{
	static const char *const shared[] = {"leases_v4", "leases_v6", "requests_v4",
					     "requests_v6"};
	LIBBPF_OPTS(bpf_object_open_opts, opts);
	const void *elf;
	size_t size;

	elf = echo_bpf__elf_bytes(&size);
	opts.object_name = "echo_bpf";
	build->echo =
		load(dir ? open_file(dir, "echo.bpf.o") : bpf_object__open_mem(elf, size, &opts),
		     "echo.bpf.o");
	load_finish(build->echo, "echo.bpf.o");
	elf = learn_bpf__elf_bytes(&size);
	opts.object_name = "learn_bpf";
	build->learn =
		load(dir ? open_file(dir, "learn.bpf.o") : bpf_object__open_mem(elf, size, &opts),
		     "learn.bpf.o");
	for (size_t i = 0; i < ARRAY_SIZE(shared); i++)
		bpf_map__reuse_fd(bpf_object__find_map_by_name(build->learn, shared[i]),
				  map_fd(build->echo, shared[i]));
	load_finish(build->learn, "learn.bpf.o");
	build->verdicts = map_fd(build->echo, "verdicts");
	build->lessons = map_fd(build->learn, "lessons");
}

static void fill_link(struct turn_link *link, const __u8 *data)
{
	memcpy(&link->dest, data, 8);
	memcpy(&link->source, data + 8, 4);
}

/* Puts a turning program before that of the row; drained: see turn.bpf.c. */
static void turn_load(struct row *row, bool drained)
{
	struct turn_bpf *turn = turn_bpf__open();
	const __u8 *data = row->in.data;
	__u32 key = 0;

	if (!turn)
		die("turn.bpf.o: %s", strerror(errno));
	turn->rodata->drain = drained;
	turn->rodata->first = repeat / 100;
	turn->rodata->last = repeat - 1;
	if (turn_bpf__load(turn) ||
	    bpf_map_update_elem(bpf_map__fd(turn->maps.next), &key, &row->prog, BPF_ANY))
		die("turn.bpf.o does not load: %s", strerror(errno));
	row->turn = turn;
	if (row->want == XDP_PASS) {
		row->prog = bpf_program__fd(turn->progs.icmpx_turn_none);
	} else if (row->in.family == 4) {
		row->prog = bpf_program__fd(turn->progs.icmpx_turn_v4);
		fill_link(&turn->bss->v4.link, data);
		memcpy(turn->bss->v4.words, data + 14, 12);
		memcpy(&turn->bss->v4.addrs, data + 26, 8);
		memcpy(&turn->bss->v4.echo, data + 34, 8);
	} else {
		row->prog = bpf_program__fd(turn->progs.icmpx_turn_v6);
		fill_link(&turn->bss->v6.link, data);
		memcpy(turn->bss->v6.words, data + 14, 8);
		memcpy(turn->bss->v6.addrs, data + 22, 32);
		memcpy(&turn->bss->v6.echo, data + 54, 8);
	}
}

static const struct spec sizes[] = {
	{.family = 4, .payload = 18}, {.family = 4, .payload = 56}, {.family = 4, .payload = 1400},
	{.family = 6, .payload = 0},  {.family = 6, .payload = 56}, {.family = 6, .payload = 1400},
};

/* The peer that has a lease; others have none. */
static void grant(struct build *build)
{
	for (int i = 0; i < 2; i++) {
		const struct spec *spec = &sizes[3 * i];
		struct table table = {
			.map = map_fd(build->echo, i ? "leases_v6" : "leases_v4"),
			.family = spec->family,
			.multipliers = config.multipliers,
		};
		union flow flow;
		int err;

		flow_of(&flow, spec, false);
		lease_for(&lease, spec, false);
		err = table_put(&table, &flow, &lease);
		if (err)
			die("lease: %s", strerror(-err));
	}
}

static void add_replies(struct build *builds, int count, int only_tx)
{
	for (size_t i = 0; i < 2 * ARRAY_SIZE(sizes); i++) {
		const struct spec *spec = &sizes[i / 2];
		const char *how = i & 1 ? ", drained" : "";
		struct row *floor, *row;
		char name[48];

		snprintf(name, sizeof(name), "only XDP_TX%s", how);
		floor = row_add(name, spec, only_tx, XDP_TX, NULL);
		turn_load(floor, i & 1);
		for (int b = 0; b < count; b++) {
			snprintf(name, sizeof(name), "reply%s%s", how, builds[b].name);
			row = row_add(name, spec, prog_fd(builds[b].echo, "icmpx_echo"), XDP_TX,
				      floor);
			turn_load(row, i & 1);
			row->counters = builds[b].verdicts;
			row->counter = spec->family == 4 ? ICMPX_REPLIED_V4 : ICMPX_REPLIED_V6;
			row->lease = &lease;
		}
	}
}

static void add_pass(struct build *build, const struct row *floor)
{
	static const struct {
		const char *name;
		struct spec spec;
		int at, value; /* a byte that makes the frame something else */
		enum icmpx_verdict verdict;
	} passes[] = {
		{"pass: ARP", {.family = 4, .payload = 18}, 13, 6, ICMPX_PASS_NOT_IP},
		{"pass: TCP", {.family = 4, .payload = 18}, 23, 6, ICMPX_PASS_NOT_ICMP},
		{"pass: TCP", {.family = 6, .payload = 12}, 20, 6, ICMPX_PASS_NOT_ICMP},
		{"pass: no lease",
		 {.family = 4, .payload = 56, .peer = 1},
		 0,
		 0,
		 ICMPX_PASS_NO_LEASE},
		{"pass: no lease",
		 {.family = 6, .payload = 56, .peer = 1},
		 0,
		 0,
		 ICMPX_PASS_NO_LEASE},
	};
	char name[48];
	struct row *row;

	for (size_t i = 0; i < ARRAY_SIZE(passes); i++) {
		snprintf(name, sizeof(name), "%s%s", passes[i].name, build->name);
		row = row_add(name, &passes[i].spec, prog_fd(build->echo, "icmpx_echo"), XDP_PASS,
			      floor);
		if (passes[i].at)
			row->in.data[passes[i].at] = passes[i].value;
		row->counters = build->verdicts;
		row->counter = passes[i].verdict;
		turn_load(row, false);
	}
}

/* The request without a lease of a third peer, and the kernel's reply; that is taken for the
 * request's once, so that those measured are nobody's. */
static void add_learn(struct build *build, const struct row *floor)
{
	int echo = prog_fd(build->echo, "icmpx_echo"), learn = prog_fd(build->learn, "icmpx_learn");
	char name[48];
	struct row *row;

	snprintf(name, sizeof(name), "learn: TCP%s", build->name);
	row = row_add(name, &sizes[0], learn, TC_ACT_UNSPEC, floor);
	row->in.data[23] = 6;
	for (int i = 0; i < 2; i++) {
		struct spec spec = {.family = i ? 6 : 4, .payload = 56, .peer = 2, .ttl = 64};
		LIBBPF_OPTS(bpf_test_run_opts, opts);
		struct frame request;

		frame_build(&request, &spec);
		opts.data_in = request.data;
		opts.data_size_in = request.len;
		if (bpf_prog_test_run_opts(echo, &opts) || opts.retval != XDP_PASS)
			die("the request was not passed on");
		spec.reply = true;
		snprintf(name, sizeof(name), "learn: reply, not asked%s", build->name);
		row = row_add(name, &spec, learn, TC_ACT_UNSPEC, floor);
		opts.data_in = row->in.data;
		opts.data_size_in = row->in.len;
		if (bpf_prog_test_run_opts(learn, &opts))
			die("the reply was not learned: %s", strerror(errno));
		row->counters = build->lessons;
		row->counter = ICMPX_UNASKED;
	}
}

static void usage(void)
{
	fputs("usage: prog_bench [-n ROUNDS] [-r REPEAT] [-j FILE] [-b DIR]\n"
	      "  -j FILE  the results as JSON\n"
	      "  -b DIR   measure DIR/echo.bpf.o and DIR/learn.bpf.o beside, as \"(b)\"\n",
	      stderr);
	exit(2);
}

static const char *json_path, *other_dir;

static void options(int argc, char **argv)
{
	int opt;

	while ((opt = getopt(argc, argv, "n:r:j:b:")) != -1) {
		if (opt == 'n')
			rounds = atoi(optarg);
		else if (opt == 'r')
			repeat = atoi(optarg);
		else if (opt == 'j')
			json_path = optarg;
		else if (opt == 'b')
			other_dir = optarg;
		else
			usage();
	}
	if (optind != argc || rounds < 1 || rounds > ROUNDS_MAX || repeat < 100)
		usage();
}

int main(int argc, char **argv)
{
	static struct build builds[2] = {{.name = ""}, {.name = " (b)"}};
	static struct turn_bpf *floors;
	struct row *only_pass, *only_next;
	int count;

	options(argc, argv);
	libbpf_set_print(NULL);
	floors = turn_bpf__open_and_load();
	if (!floors)
		die("turn.bpf.o does not load: %s", strerror(errno));
	count = other_dir ? 2 : 1;
	for (int b = 0; b < count; b++) {
		build_load(&builds[b], b ? other_dir : NULL);
		grant(&builds[b]);
	}
	add_replies(builds, count, bpf_program__fd(floors->progs.icmpx_only_tx));
	only_pass = row_add("only XDP_PASS", &sizes[0],
			    bpf_program__fd(floors->progs.icmpx_only_pass), XDP_PASS, NULL);
	turn_load(only_pass, false);
	for (int b = 0; b < count; b++)
		add_pass(&builds[b], only_pass);
	only_next = row_add("only TC_ACT_UNSPEC", &sizes[0],
			    bpf_program__fd(floors->progs.icmpx_only_next), TC_ACT_UNSPEC, NULL);
	for (int b = 0; b < count; b++)
		add_learn(&builds[b], only_next);
	rows_run();
	rows_print();
	if (json_path)
		rows_json(json_path);
	return 0;
}
