// SPDX-License-Identifier: GPL-2.0-only
/* Trial loads. Programs are written as instructions: a trial needs no object
 * file and no kernel BTF, and each does one thing that can fail. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "kernel.h"
#include "util.h"

DEFINE_CLEANUP(btf, struct btf *, btf__free)

#define INSN(op, dst, src, offset, immediate)                                                      \
	((struct bpf_insn){.code = (op),                                                           \
			   .dst_reg = (dst),                                                       \
			   .src_reg = (src),                                                       \
			   .off = (offset),                                                        \
			   .imm = (immediate)})
#define MOV_IMM(dst, imm)  INSN(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, imm)
#define CALL_HELPER(id)    INSN(BPF_JMP | BPF_CALL, 0, 0, 0, id)
#define CALL_FUNCTION(off) INSN(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, off)
#define EXIT()             INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

/* A function that exists wherever BPF does and that nothing calls but BPF's own tests. */
static const char probed[] = "bpf_fentry_test1";

static const struct bpf_insn return_zero[] = {MOV_IMM(BPF_REG_0, 0), EXIT()};

/* Descriptor or negative errno. */
static int load(enum bpf_prog_type type, const struct bpf_insn *insns, size_t count,
		struct bpf_prog_load_opts *opts) /* const until libbpf 1.5 */
{
	int fd = bpf_prog_load(type, "icmpx_trial", "GPL", insns, count, opts);

	return fd < 0 ? -errno : fd;
}

/* Closes and turns a descriptor into 0. */
static int only_error(int fd)
{
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static int try_xdp(void)
{
	return only_error(load(BPF_PROG_TYPE_XDP, return_zero, ARRAY_SIZE(return_zero), NULL));
}

static int try_sched_cls(void)
{
	return only_error(
		load(BPF_PROG_TYPE_SCHED_CLS, return_zero, ARRAY_SIZE(return_zero), NULL));
}

static int try_lru_hash(void)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_LRU_HASH, "icmpx_trial", 4, 8, 64, NULL);

	return only_error(fd < 0 ? -errno : fd);
}

static int try_ringbuf(void)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "icmpx_trial", 0, 0, getpagesize(), NULL);

	return only_error(fd < 0 ? -errno : fd);
}

static int try_helper(enum bpf_func_id helper)
{
	const struct bpf_insn insns[] = {CALL_HELPER(helper), MOV_IMM(BPF_REG_0, 0), EXIT()};

	return only_error(load(BPF_PROG_TYPE_XDP, insns, ARRAY_SIZE(insns), NULL));
}

static int try_jiffies(void)
{
	return try_helper(BPF_FUNC_jiffies64);
}

static int try_coarse_clock(void)
{
	return try_helper(BPF_FUNC_ktime_get_coarse_ns);
}

/* Refused where the kernel is locked down for confidentiality. */
static int try_read_kernel(void)
{
	const struct bpf_insn insns[] = {
		INSN(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_1, BPF_REG_10, 0, 0),
		INSN(BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_1, 0, 0, -8),
		MOV_IMM(BPF_REG_2, 8),
		MOV_IMM(BPF_REG_3, 0),
		CALL_HELPER(BPF_FUNC_probe_read_kernel),
		MOV_IMM(BPF_REG_0, 0),
		EXIT(),
	};

	return only_error(load(BPF_PROG_TYPE_RAW_TRACEPOINT, insns, ARRAY_SIZE(insns), NULL));
}

/* Types of `int outer(struct xdp_md *)` and of `int inner(struct xdp_md *)`, a
 * global function that an extension may replace. Their ids go to funcs. */
static int dispatcher_types(struct btf **out, struct bpf_func_info *funcs)
{
	_cleanup_(btf) struct btf *btf = btf__new_empty();
	int number, context, proto;

	if (!btf)
		return -ENOMEM;
	number = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	context = btf__add_ptr(btf, btf__add_struct(btf, "xdp_md", 4));
	proto = btf__add_func_proto(btf, number);
	if (proto < 0 || btf__add_func_param(btf, "ctx", context))
		return -EINVAL;
	funcs[0].type_id = btf__add_func(btf, "outer", BTF_FUNC_GLOBAL, proto);
	funcs[1].type_id = btf__add_func(btf, "inner", BTF_FUNC_GLOBAL, proto);
	if (btf__load_into_kernel(btf))
		return -errno;
	*out = btf;
	btf = NULL;
	return 0;
}

/* What libxdp does: an XDP program that calls a global function, and another
 * program loaded and attached in that function's place. */
static int try_dispatcher(void)
{
	const struct bpf_insn outer[] = {CALL_FUNCTION(1), EXIT(), MOV_IMM(BPF_REG_0, XDP_PASS),
					 EXIT()};
	const struct bpf_insn inner[] = {MOV_IMM(BPF_REG_0, XDP_PASS), EXIT()};
	struct bpf_func_info funcs[2] = {{.insn_off = 0}, {.insn_off = 2}};
	_cleanup_(close) int target = -1, extension = -1;
	_cleanup_(btf) struct btf *btf = NULL;
	int err = dispatcher_types(&btf, funcs);
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .func_info = funcs, .func_info_cnt = 2,
		    .func_info_rec_size = sizeof(*funcs));

	if (err)
		return err;
	opts.prog_btf_fd = btf__fd(btf);
	target = load(BPF_PROG_TYPE_XDP, outer, ARRAY_SIZE(outer), &opts);
	if (target < 0)
		return target;
	opts.attach_prog_fd = target;
	opts.attach_btf_id = funcs[1].type_id;
	funcs[0].type_id = funcs[1].type_id;
	opts.func_info_cnt = 1;
	extension = load(BPF_PROG_TYPE_EXT, inner, ARRAY_SIZE(inner), &opts);
	if (extension < 0)
		return extension;
	err = bpf_raw_tracepoint_open(NULL, extension);
	return only_error(err < 0 ? -errno : err);
}

bool kernel_can_dispatch(int *err)
{
	int ret = try_dispatcher();

	if (err)
		*err = ret;
	return !ret;
}

/* Loads and attaches a tracing program; `name` as libbpf_find_vmlinux_btf_id() takes it. */
static int try_tracing(const char *name, enum bpf_attach_type type)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = type);
	_cleanup_(close) int prog = -1;
	int link, id = libbpf_find_vmlinux_btf_id(name, type);

	if (id < 0)
		return id;
	opts.attach_btf_id = id;
	prog = load(BPF_PROG_TYPE_TRACING, return_zero, ARRAY_SIZE(return_zero), &opts);
	if (prog < 0)
		return prog;
	link = bpf_raw_tracepoint_open(NULL, prog);
	return only_error(link < 0 ? -errno : link);
}

static int try_tp_btf(void)
{
	return try_tracing("xdp_exception", BPF_TRACE_RAW_TP);
}

static int try_fentry(void)
{
	return try_tracing(probed, BPF_TRACE_FENTRY);
}

static int try_kprobe_multi(void)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_KPROBE_MULTI);
	LIBBPF_OPTS(bpf_link_create_opts, target);
	const char *symbols[] = {probed};
	_cleanup_(close) int prog =
		load(BPF_PROG_TYPE_KPROBE, return_zero, ARRAY_SIZE(return_zero), &opts);
	int link;

	if (prog < 0)
		return prog;
	target.kprobe_multi.syms = symbols;
	target.kprobe_multi.cnt = 1;
	link = bpf_link_create(prog, 0, BPF_TRACE_KPROBE_MULTI, &target);
	return only_error(link < 0 ? -errno : link);
}

int kernel_kprobe_type(void)
{
	FILE *file = fopen("/sys/bus/event_source/devices/kprobe/type", "re");
	int type;

	if (!file)
		return -errno;
	if (fscanf(file, "%d", &type) != 1)
		type = -EINVAL;
	fclose(file);
	return type;
}

static int try_kprobe(void)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.config1 = (unsigned long)probed,
	};
	_cleanup_(close) int prog =
		load(BPF_PROG_TYPE_KPROBE, return_zero, ARRAY_SIZE(return_zero), NULL);
	_cleanup_(close) int event = -1;
	int type;

	if (prog < 0)
		return prog;
	type = kernel_kprobe_type();
	if (type < 0)
		return type;
	attr.type = type;
	event = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (event < 0)
		return -errno;
	return ioctl(event, PERF_EVENT_IOC_SET_BPF, prog) ? -errno : 0;
}

int kernel_try(enum kernel_feature feature)
{
	static int (*const trials[])(void) = {
		[FEATURE_XDP] = try_xdp,
		[FEATURE_SCHED_CLS] = try_sched_cls,
		[FEATURE_LRU_HASH] = try_lru_hash,
		[FEATURE_JIFFIES] = try_jiffies,
		[FEATURE_DISPATCHER] = try_dispatcher,
		[FEATURE_TP_BTF] = try_tp_btf,
		[FEATURE_FENTRY] = try_fentry,
		[FEATURE_KPROBE_MULTI] = try_kprobe_multi,
		[FEATURE_KPROBE] = try_kprobe,
		[FEATURE_RINGBUF] = try_ringbuf,
		[FEATURE_COARSE_CLOCK] = try_coarse_clock,
		[FEATURE_READ_KERNEL] = try_read_kernel,
	};

	_Static_assert(ARRAY_SIZE(trials) == FEATURE_MAX, "a trial for each feature");
	return trials[feature]();
}

void kernel_try_all(struct feature *features)
{
	static const struct feature names[] = {
#define X(id, title, use) {.name = title, .purpose = use},
		KERNEL_FEATURES(X)
#undef X
	};

	for (int i = 0; i < FEATURE_MAX; i++) {
		features[i] = names[i];
		features[i].err = kernel_try(i);
	}
}

/* An XDP program that stores bpf_jiffies64() in its packet, run on a packet of ours. */
int kernel_jiffies(__u64 *now)
{
	const struct bpf_insn insns[] = {
		INSN(BPF_LDX | BPF_MEM | BPF_W, BPF_REG_6, BPF_REG_1, 0, 0), /* data */
		INSN(BPF_LDX | BPF_MEM | BPF_W, BPF_REG_2, BPF_REG_1, 4, 0), /* data_end */
		INSN(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_3, BPF_REG_6, 0, 0),
		INSN(BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_3, 0, 0, sizeof(*now)),
		INSN(BPF_JMP | BPF_JGT | BPF_X, BPF_REG_3, BPF_REG_2, 2, 0),
		CALL_HELPER(BPF_FUNC_jiffies64),
		INSN(BPF_STX | BPF_MEM | BPF_DW, BPF_REG_6, BPF_REG_0, 0, 0),
		MOV_IMM(BPF_REG_0, XDP_PASS),
		EXIT(),
	};
	_cleanup_(close) int prog = load(BPF_PROG_TYPE_XDP, insns, ARRAY_SIZE(insns), NULL);
	__u8 packet[64] = {}, out[sizeof(packet)] = {};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = packet, .data_size_in = sizeof(packet),
		    .data_out = out, .data_size_out = sizeof(out));

	if (prog < 0)
		return prog;
	if (bpf_prog_test_run_opts(prog, &opts))
		return -errno;
	memcpy(now, out, sizeof(*now));
	return 0;
}
