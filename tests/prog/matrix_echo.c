// SPDX-License-Identifier: GPL-2.0-only
/* The fast path and the learner with every combination of their options, loaded as attach does. */
#include <errno.h>
#include <string.h>

#include "load.h"
#include "matrix_lib.h"
#include "run_lib.h"

static const struct matrix_factor options[] = {
	{{"", "--trust address"}}, {{"", "--ipv4-only", "--ipv6-only"}},
	{{"", "--observe"}},       {{"", "--limit"}},
	{{"", "--limit-new"}},     {{"", "multi-buffer"}}, /* last: tried where the kernel has it */
};

enum { TRUST, FAMILIES, OBSERVE, LIMIT, LIMIT_NEW, FRAGS, OPTIONS };

_Static_assert(ARRAY_SIZE(options) == OPTIONS, "an option is a factor");

static void configure(struct icmpx_config *config, const int *values)
{
	static const __u32 families[] = {ICMPX_IPV4 | ICMPX_IPV6, ICMPX_IPV4, ICMPX_IPV6};
	static const struct icmpx_rate rate = {.interval = 1000, .tolerance = 9000};

	*config = config_default();
	config->trust = values[TRUST] ? ICMPX_TRUST_ADDRESS : ICMPX_TRUST_FLOW;
	config->families = families[values[FAMILIES]];
	config->observe = values[OBSERVE];
	if (values[LIMIT])
		config->limit = rate;
	if (values[LIMIT_NEW])
		config->limit_new = rate;
	config->plain = icmpx_plain(config);
}

static void load(const int *values, const char *label)
{
	static const struct pin_dir nowhere = {.path = "/nonexistent"};
	struct programs programs = {};
	struct icmpx_config config;
	int err;

	configure(&config, values);
	err = load_open_learn(&programs, &nowhere, &config);
	if (!err) {
		matrix_expect(programs.learn->obj);
		err = load_learn(&programs);
		matrix_loaded(programs.learn->obj, err, label);
	}
	if (!err)
		err = load_open_echo(&programs, &nowhere, &config, values[FRAGS]);
	if (!err) {
		matrix_expect(programs.echo->obj);
		err = load_echo(&programs);
		matrix_loaded(programs.echo->obj, err, label);
	}
	if (err)
		printf("# %s: %s\n", label, strerror(-err));
	load_destroy(&programs);
}

/* 0 or a negative errno. */
static int try_frags(void)
{
	struct bpf_insn pass[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = XDP_PASS},
		{.code = BPF_JMP | BPF_EXIT},
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_flags = BPF_F_XDP_HAS_FRAGS);
	int fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "nothing", "GPL", pass, ARRAY_SIZE(pass), &opts);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

int main(void)
{
	int frags;

	if (skip_without_bpf())
		return 0;
	frags = try_frags();
	if (frags)
		printf("# without multi-buffer: this kernel has no xdp.frags: %s (errno %d)\n",
		       strerror(-frags), -frags);
	matrix_each(options, frags ? FRAGS : OPTIONS, true, load);
	return matrix_report();
}
