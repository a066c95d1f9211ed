// SPDX-License-Identifier: GPL-2.0-only
/* The tracing programs of both backends with each option that is compiled in or out, opened as
 * the tracer does: one by one, each pair, and all. Nothing is attached. */
#include <errno.h>
#include <string.h>
#include <bpf/btf.h>

#include "kernel.h"
#include "matrix_lib.h"
#include "run_lib.h"
#include "tracer_fn.h"
#include "tracer_tp.h"
#include "trace_fn.skel.h"
#include "trace_tp.skel.h"

static const struct matrix_factor options[] = {
	{{"", "--host 192.0.2.1", "--host 2001:db8::1", "--host (8 of them)"}},
	{{"", "--type echo", "--type reply", "--type error"}},
	{{"", "--id"}},
	{{"", "--seq"}},
	{{"", "--udp"}},
	{{"", "--netns", "--dev"}},
	{{"", "--pid", "--pid in a container"}},
	{{"", "--stacks always", "--stacks never"}},
	{{"", "--graph"}},
	{{"sk_data_ready is there", ""}},
};

enum { HOST, TYPE, ID, SEQ, UDP, PLACE, TASK, STACKS, GRAPH, DATA_READY, OPTIONS };

_Static_assert(ARRAY_SIZE(options) == OPTIONS, "an option is a factor");

static struct btf *kernel;
static bool has_kprobe, has_multi;

static void add_hosts(struct icmpx_filter *filter, int value)
{
	static const __u8 v4[16] = {192, 0, 2, 1}, v6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};

	filter->host_count = value == 3 ? 8 : value ? 1 : 0;
	for (__u32 i = 0; i < filter->host_count; i++) {
		bool is_v6 = value == 2 || i % 2;

		filter->host_family[i] = is_v6 ? 6 : 4;
		memcpy(filter->hosts[i], is_v6 ? v6 : v4, 16);
		filter->hosts[i][is_v6 ? 15 : 3] = i + 1;
	}
}

static void configure(struct tracer_options *tracer, const int *values)
{
	static const __u32 kinds[] = {
		1 << ICMPX_KIND_REQUEST | 1 << ICMPX_KIND_REPLY | 1 << ICMPX_KIND_ERROR,
		1 << ICMPX_KIND_REQUEST,
		1 << ICMPX_KIND_REPLY,
		1 << ICMPX_KIND_ERROR,
	};
	struct icmpx_filter *filter = &tracer->filter;

	*tracer = (struct tracer_options){
		.stacks = values[STACKS],
		.graph = values[GRAPH],
		.ring = 1 << 16,
	};
	add_hosts(filter, values[HOST]);
	filter->kinds = kinds[values[TYPE]];
	if (values[ID]) {
		filter->id_set = 1;
		filter->id = 7;
	}
	if (values[SEQ]) {
		filter->seq_set = 1;
		filter->seq_min = 2;
		filter->seq_max = 300;
	}
	if (values[UDP]) {
		filter->udp_port = 33434;
		filter->kinds |= 1 << ICMPX_KIND_UDP;
	}
	filter->netns = values[PLACE] ? 4026531840U : 0;
	filter->ifindex = values[PLACE] == 2 ? 3 : 0;
	filter->by_task = values[TASK] != 0;
}

/* What the tracer finds out by itself is set to what is to be tried. */
static void override(const volatile struct icmpx_trace_config *loaded, const int *values)
{
	struct icmpx_trace_config *config = (void *)loaded;

	config->data_ready = !values[DATA_READY];
	config->pidns_dev = values[TASK] == 2 ? 4 : 0;
	config->pidns_inode = values[TASK] == 2 ? 4026532000U : 0;
}

static bool kernel_has(const char *type, __u32 kind)
{
	return btf__find_by_name_kind(kernel, type, kind) > 0;
}

/* By the kernel itself, not by what the tracer has left out. */
static void skip_missing(const struct trace_tp_bpf *skel)
{
	struct bpf_program *prog;
	char type[64], why[96];

	bpf_object__for_each_program(prog, skel->obj)
	{
		const char *name = strchr(bpf_program__section_name(prog), '/') + 1;

		snprintf(type, sizeof(type), "btf_trace_%s", name);
		snprintf(why, sizeof(why), "this kernel has no tracepoint %s", name);
		if (!kernel_has(type, BTF_KIND_TYPEDEF))
			matrix_skip(bpf_program__name(prog), why);
	}
	if (!kernel_has("skb_drop_reason", BTF_KIND_ENUM))
		matrix_skip("on_kfree_skb_reason", "this kernel has no reasons for drops");
}

/* Both methods' programs at once. */
static void load_fn(const struct tracer_options *tracer, const int *values, const char *label,
		    const struct trace_tp_bpf *tp)
{
	struct trace_fn_bpf *skel;
	int err = tracer_fn_programs(tracer, has_multi, tp, &skel);

	if (err) {
		printf("Bail out! trace_fn.bpf.o: %s\n", strerror(-err));
		exit(1);
	}
	override(&skel->rodata->config, values);
	bpf_program__set_autoload(skel->progs.on_kprobe, has_kprobe);
	bpf_program__set_autoload(skel->progs.on_kretprobe, has_kprobe && tracer->graph);
	matrix_expect(skel->obj);
	err = trace_fn_bpf__load(skel);
	matrix_loaded(skel->obj, err, label);
	trace_fn_bpf__destroy(skel);
}

static void load(const int *values, const char *label)
{
	struct trace_header header = {};
	struct tracer_options tracer;
	struct trace_tp_bpf *skel;
	int err;

	configure(&tracer, values);
	err = tracer_tp_open(&tracer, kernel, &header, &skel);
	if (err) {
		printf("Bail out! trace_tp.bpf.o: %s\n", strerror(-err));
		exit(1);
	}
	override(&skel->rodata->config, values);
	skip_missing(skel);
	/* Those that only some kernels or options want load everywhere. */
	bpf_program__set_autoload(skel->progs.on_kfree_skb, true);
	bpf_program__set_autoload(skel->progs.on_sched_process_fork, true);
	matrix_expect(skel->obj);
	err = trace_tp_bpf__load(skel);
	matrix_loaded(skel->obj, err, label);
	if (!err && (has_kprobe || has_multi))
		load_fn(&tracer, values, label, skel);
	trace_tp_bpf__destroy(skel);
}

/* Whether the kernel loads a program of that kind at all; if not, those are skipped. */
static bool try_kprobe(bool multi, const char *const *programs)
{
	const struct bpf_insn insns[] = {
		{.code = BPF_JMP | BPF_CALL,
		 .imm = multi ? BPF_FUNC_get_attach_cookie : BPF_FUNC_ktime_get_ns},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K},
		{.code = BPF_JMP | BPF_EXIT},
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts,
		    .expected_attach_type = multi ? BPF_TRACE_KPROBE_MULTI : 0);
	char why[128];
	int fd = bpf_prog_load(BPF_PROG_TYPE_KPROBE, "nothing", "GPL", insns, ARRAY_SIZE(insns),
			       &opts);

	if (fd >= 0) {
		close(fd);
		return true;
	}
	snprintf(why, sizeof(why), "this kernel loads no program for %s: %s (errno %d)",
		 multi ? "kprobe.multi" : "kprobes", strerror(errno), errno);
	for (int i = 0; i < 2; i++)
		matrix_skip(programs[i], why);
	return false;
}

int main(void)
{
	static const char *const one[] = {"on_kprobe", "on_kretprobe"};
	static const char *const multi[] = {"on_kprobe_multi", "on_kretprobe_multi"};
	int err;

	if (skip_without_bpf())
		return 0;
	kernel = btf__load_vmlinux_btf();
	if (!kernel) {
		printf("1..0 # SKIP this kernel has no BTF (errno %d)\n", errno);
		return 0;
	}
	err = kernel_try(FEATURE_READ_KERNEL);
	if (err) {
		printf("1..0 # SKIP this kernel lets no program read its memory: %s (errno %d)\n",
		       strerror(-err), -err);
		return 0;
	}
	has_kprobe = try_kprobe(false, one);
	has_multi = try_kprobe(true, multi);
	matrix_each(options, OPTIONS, false, load);
	btf__free(kernel);
	return matrix_report();
}
