// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "run_lib.h"

struct icmpx_config config_default(void)
{
	struct icmpx_config config = {
		.layout = ICMPX_LAYOUT,
		.trust = ICMPX_TRUST_FLOW,
		.families = ICMPX_IPV4 | ICMPX_IPV6,
		.plain = true,
		.lease_s = 10,
		.hz = HZ_NEVER,
		.lease = FOREVER,
		.leased = ICMPX_IPV4 | ICMPX_IPV6,
	};

	table_multipliers(&config);
	return config;
}

/* libbpf's messages are of interest only where it fails. */
static char messages[16384];

static int keep_message(enum libbpf_print_level level, const char *format, va_list args)
{
	size_t used = strlen(messages);

	if (level <= LIBBPF_INFO)
		vsnprintf(messages + used, sizeof(messages) - used, format, args);
	return 0;
}

void load_failed(const char *what, int err)
{
	for (char *line = strtok(messages, "\n"); line; line = strtok(NULL, "\n"))
		print_message("# %s\n", line);
	fail_msg("%s does not load: %s", what, strerror(err));
}

struct echo_bpf *echo_load(const struct icmpx_config *config)
{
	struct echo_bpf *skel = echo_bpf__open();
	int err;

	assert_non_null(skel);
	skel->rodata->config = *config;
	skel->rodata->config.plain = config->plain && icmpx_plain(config);
	err = echo_bpf__load(skel);
	if (err)
		load_failed("echo.bpf.o", -err);
	return skel;
}

struct learn_bpf *learn_load(const struct icmpx_config *config, const struct echo_bpf *echo)
{
	struct learn_bpf *skel = learn_bpf__open();
	int err;

	assert_non_null(skel);
	skel->rodata->config = *config;
	skel->rodata->config.plain = config->plain && icmpx_plain(config);
	bpf_map__reuse_fd(skel->maps.leases_v4, bpf_map__fd(echo->maps.leases_v4));
	bpf_map__reuse_fd(skel->maps.leases_v6, bpf_map__fd(echo->maps.leases_v6));
	bpf_map__reuse_fd(skel->maps.requests_v4, bpf_map__fd(echo->maps.requests_v4));
	bpf_map__reuse_fd(skel->maps.requests_v6, bpf_map__fd(echo->maps.requests_v6));
	bpf_map__reuse_fd(skel->maps.data_epoch, bpf_map__fd(echo->maps.data_epoch));
	err = learn_bpf__load(skel);
	if (err)
		load_failed("learn.bpf.o", -err);
	return skel;
}

/* Only what says that BPF is out of reach: a program that the verifier
 * rejects (EACCES, EINVAL) is a failure. */
bool skip_without_bpf(void)
{
	struct bpf_insn exit[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = XDP_PASS},
		{.code = BPF_JMP | BPF_EXIT},
	};
	int fd;

	libbpf_set_print(keep_message);
	fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "nothing", "GPL", exit, ARRAY_SIZE(exit), NULL);

	if (fd >= 0)
		close(fd);
	if (fd >= 0 || (errno != EPERM && errno != ENOSYS))
		return false;
	printf("1..0 # SKIP no BPF program can be loaded here: %s (errno %d)\n", strerror(errno),
	       errno);
	return true;
}

int tap_run(const char *name, const struct CMUnitTest *tests, size_t count)
{
	setenv("CMOCKA_MESSAGE_OUTPUT", "TAP", 1);
	return _cmocka_run_group_tests(name, tests, count, NULL, NULL) ? 1 : 0;
}

__u32 frame_run(int prog, const struct frame *in, struct frame *out)
{
	static struct frame unseen;
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = in->data, .data_size_in = in->len,
		    .repeat = 1);

	if (!out)
		out = &unseen;
	memcpy(out, in, offsetof(struct frame, data));
	memset(out->data, 0xee, sizeof(out->data)); /* what is not written shows */
	opts.data_out = out->data;
	opts.data_size_out = sizeof(out->data);
	if (bpf_prog_test_run_opts(prog, &opts))
		fail_msg("BPF_PROG_TEST_RUN of %u bytes: %s", in->len, strerror(errno));
	out->len = opts.data_size_out;
	return opts.retval;
}

void frame_dump(const char *name, const struct frame *frame)
{
	char line[3 * 16 + 1];

	for (__u32 at = 0; at < frame->len; at += 16) {
		for (__u32 i = at, n = 0; i < at + 16 && i < frame->len; i++)
			n += sprintf(line + n, " %02x", frame->data[i]);
		print_message("# %s %04x%s\n", name, at, line);
	}
}

void assert_frame_equal(const struct frame *got, const struct frame *want, const char *what)
{
	__u32 at = 0;

	if (got->len == want->len && !memcmp(got->data, want->data, want->len))
		return;
	while (at < got->len && at < want->len && got->data[at] == want->data[at])
		at++;
	frame_dump("got ", got);
	frame_dump("want", want);
	fail_msg("%s: differs from byte %u on", what, at);
}

void counters_read(int map, struct icmpx_counter *counters, __u32 count)
{
	int cpus = libbpf_num_possible_cpus();
	struct icmpx_counter each[cpus];

	memset(counters, 0, count * sizeof(*counters));
	for (__u32 key = 0; key < count; key++) {
		assert_int_equal(bpf_map_lookup_elem(map, &key, each), 0);
		for (int cpu = 0; cpu < cpus; cpu++) {
			counters[key].packets += each[cpu].packets;
			counters[key].bytes += each[cpu].bytes;
		}
	}
}

void map_clear(int map)
{
	union {
		union asked asked;
		struct icmpx_source source;
		struct icmpx_neighbour neighbour;
	} key;

	while (!bpf_map_get_next_key(map, NULL, &key))
		assert_int_equal(bpf_map_delete_elem(map, &key), 0);
}

int map_count(int map)
{
	union asked key;
	int count = 0;

	for (void *from = NULL; !bpf_map_get_next_key(map, from, &key); from = &key)
		count++;
	return count;
}

struct table leases_of(const struct echo_bpf *skel, int family)
{
	return (struct table){
		.map = bpf_map__fd(family == 4 ? skel->maps.leases_v4 : skel->maps.leases_v6),
		.family = family,
		.multipliers = skel->rodata->config.multipliers,
	};
}

int requests_of(const struct echo_bpf *skel, int family)
{
	return bpf_map__fd(family == 4 ? skel->maps.requests_v4 : skel->maps.requests_v6);
}

void lease_put(const struct echo_bpf *skel, int family, const union flow *flow,
	       struct icmpx_lease *lease)
{
	struct table table = leases_of(skel, family);

	assert_int_equal(table_put(&table, flow, lease), 0);
}

bool lease_get(const struct echo_bpf *skel, int family, const union flow *flow,
	       struct icmpx_lease *lease)
{
	struct table table = leases_of(skel, family);

	return table_get(&table, flow, lease);
}

int lease_count(const struct echo_bpf *skel, int family)
{
	struct table table = leases_of(skel, family);
	int count = table_count(&table);

	assert_return_code(count, 0);
	return count;
}

void leases_clear(const struct echo_bpf *skel, int family)
{
	struct table table = leases_of(skel, family);

	assert_return_code(table_clear(&table), 0);
}

__u64 jiffies_now(const struct echo_bpf *skel)
{
	struct spec spec = {.family = 4, .peer = 99};
	struct icmpx_request note;
	struct frame in;
	union asked asked;

	frame_build(&in, &spec);
	asked_of(&asked, &spec);
	bpf_map_delete_elem(requests_of(skel, 4), &asked);
	frame_run(bpf_program__fd(skel->progs.icmpx_echo), &in, NULL);
	assert_int_equal(bpf_map_lookup_elem(requests_of(skel, 4), &asked, &note), 0);
	return note.asked;
}

void state_clear(const struct echo_bpf *skel)
{
	leases_clear(skel, 4);
	leases_clear(skel, 6);
	map_clear(requests_of(skel, 4));
	map_clear(requests_of(skel, 6));
	map_clear(bpf_map__fd(skel->maps.sources));
	map_clear(bpf_map__fd(skel->maps.neighbours));
	*(struct icmpx_epoch *)skel->data_epoch = (struct icmpx_epoch){};
	skel->bss->new_flows.arrival = skel->bss->known_flows.arrival = 0;
}
