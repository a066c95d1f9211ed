// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "caps.h"
#include "errno_name.h"
#include "kernel.h"
#include "trace_fn.h"
#include "tracer_fn.h"
#include "tracer_tp.h"
#include "trace_fn.skel.h"
#include "trace_tp.skel.h"

/* One function of the running kernel that has a probe, or is to have one. */
struct target {
	__u16 probe;
	__u8 skb;
	bool attached;
	const char *names; /* to be tried yet: "today's|others" */
	const struct symbol *symbol;
};

struct tracer_fn {
	struct trace_fn_bpf *skel;
	const struct symbols *symbols;
	bool multi, graph;
	int kprobe_type;
	struct target targets[ICMPX_PROBE_MAX];
	size_t count;
	struct bpf_link *links[2 * ICMPX_PROBE_MAX];
	size_t link_count;
};

/* Functions whose packet is another argument under one of their names. */
static __u8 packet_argument(const char *name, __u8 usual)
{
	static const struct {
		const char *name;
		__u8 skb;
	} others[] = {
		{"__netif_receive_skb_core", 1}, /* struct sk_buff ** */
		{"sk_skb_reason_drop", 2},
		{"kfree_skb_reason", 1},
		{"kfree_skb", 1},
		{"consume_skb", 1},
		{"skb_consume_udp", 2},
		/* Its ports are not written yet: as if there were none. */
		{"udp_send_skb", 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (!strcmp(name, others[i].name))
			return others[i].skb;
	return usual;
}

/* The next of its names that the kernel has; false: there is none. */
static bool next_symbol(struct target *target, const struct symbols *symbols)
{
	char name[64];
	size_t length;

	while (*target->names) {
		length = strcspn(target->names, "|");
		snprintf(name, sizeof(name), "%.*s", (int)length, target->names);
		target->names += length + (target->names[length] == '|');
		target->symbol = symbols_lookup(symbols, name);
		if (target->symbol)
			return true;
	}
	return false;
}

static void find_targets(struct tracer_fn *fn)
{
	static const struct {
		__u16 probe;
		__u8 skb;
		const char *names;
	} functions[] = {
#define X(id, names, layer, skb, help) {ICMPX_FN_##id, skb, names},
		ICMPX_FUNCTIONS(X)
#undef X
	};

	for (size_t i = 0; i < ARRAY_SIZE(functions); i++) {
		struct target *target = &fn->targets[fn->count++];

		target->probe = functions[i].probe;
		target->skb = functions[i].skb;
		target->names = functions[i].names;
	}
}

static __u64 target_function(const struct target *target)
{
	return icmpx_function(target->probe, packet_argument(target->symbol->name, target->skb));
}

/* kprobes tell where they are by the instruction pointer, which on x86 is behind the breakpoint
 * (or where that was). */
static int add_address(struct tracer_fn *fn, const struct target *target, size_t offset)
{
	__u64 function = target_function(target), address = target->symbol->address + offset;
	int map = bpf_map__fd(fn->skel->maps.functions);

	for (__u64 behind = 0; behind < 2; behind++, address++)
		if (bpf_map_update_elem(map, &address, &function, BPF_ANY))
			return -errno;
	return 0;
}

static int keep_link(struct tracer_fn *fn, struct bpf_link *link)
{
	if (!link)
		return -errno;
	fn->links[fn->link_count++] = link;
	return 0;
}

/* Where in a function its arguments are still what it was called with. At the very beginning
 * the kernel makes ftrace call the probe, and sets up all of ftrace anew for each: the first
 * instruction behind ftrace's is as good and 30 times as fast. That is 5 bytes long and may come
 * after one of 4 (IBT); the kernel refuses what is not an instruction's first byte. */
static const size_t *entry_offsets(const struct tracer_fn *fn)
{
	static const size_t begin[] = {0, 4, SIZE_MAX};
#ifdef __x86_64__
	static const size_t behind[] = {5, 9, 0, 4, SIZE_MAX};

	if (symbols_lookup(fn->symbols, "ftrace_caller"))
		return behind;
#endif
	(void)fn;
	return begin;
}

/* By address: to find a name the kernel would unpack all of its symbols, until 6.1. */
static int attach_at(struct tracer_fn *fn, struct bpf_program *prog, __u64 address, bool returns)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = fn->kprobe_type,
		.config = returns,
		.config2 = address,
	};
	int err, event = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);

	if (event < 0)
		return -errno;
	err = keep_link(fn, bpf_program__attach_perf_event(prog, event));
	if (err)
		close(event);
	return err;
}

/* What drops a packet tells its caller by its return address, which a probe on the return takes
 * the place of. */
static bool has_return(const struct target *target)
{
	return target->probe != ICMPX_FN_KFREE_SKB;
}

static int attach_kprobe(struct tracer_fn *fn, const struct target *target)
{
	__u64 address = target->symbol->address;
	int err = -ENOENT;

	for (const size_t *offset = entry_offsets(fn); err && *offset != SIZE_MAX; offset++) {
		err = add_address(fn, target, *offset);
		if (!err)
			err = attach_at(fn, fn->skel->progs.on_kprobe, address + *offset, false);
	}
	/* Without the return there is no duration; the call shows all the same. */
	if (!err && fn->graph && has_return(target))
		attach_at(fn, fn->skel->progs.on_kretprobe, address, true);
	return err;
}

static int attach_kprobes(struct tracer_fn *fn, struct target **targets, size_t count)
{
	int err = 0;

	for (size_t i = 0; i < count; i++) {
		int ret = attach_kprobe(fn, targets[i]);

		targets[i]->attached = !ret;
		err = err ?: ret;
	}
	return err;
}

static int attach_multi(struct tracer_fn *fn, struct bpf_program *prog, bool returns,
			struct target *const *targets, size_t count)
{
	unsigned long addresses[ICMPX_PROBE_MAX];
	__u64 cookies[ICMPX_PROBE_MAX];
	LIBBPF_OPTS(bpf_kprobe_multi_opts, opts, .addrs = addresses, .cookies = cookies,
		    .cnt = count, .retprobe = returns);

	for (size_t i = 0; i < count; i++) {
		addresses[i] = targets[i]->symbol->address;
		cookies[i] = target_function(targets[i]);
	}
	return keep_link(fn, bpf_program__attach_kprobe_multi_opts(prog, NULL, &opts));
}

/* All or none are attached at once: where one is refused, its half is halved again. */
static int attach_halves(struct tracer_fn *fn, struct target **targets, size_t count)
{
	int err = attach_multi(fn, fn->skel->progs.on_kprobe_multi, false, targets, count);
	size_t half = count / 2;

	for (size_t i = 0; !err && i < count; i++)
		targets[i]->attached = true;
	if (!err || count < 2)
		return err;
	err = attach_halves(fn, targets, half);
	return attach_halves(fn, targets + half, count - half) ?: err;
}

static int attach_returns(struct tracer_fn *fn)
{
	struct target *targets[ICMPX_PROBE_MAX];
	size_t count = 0;

	for (size_t i = 0; i < fn->count; i++)
		if (fn->targets[i].attached && has_return(&fn->targets[i]))
			targets[count++] = &fn->targets[i];
	return attach_multi(fn, fn->skel->progs.on_kretprobe_multi, true, targets, count);
}

/* Those that are refused under one of their names are tried under the next one. */
static int attach_all(struct tracer_fn *fn)
{
	struct target *targets[ICMPX_PROBE_MAX];
	int err = -ENOENT;
	size_t count;

	do {
		count = 0;
		for (size_t i = 0; i < fn->count; i++)
			if (!fn->targets[i].attached && next_symbol(&fn->targets[i], fn->symbols))
				targets[count++] = &fn->targets[i];
		if (count)
			err = fn->multi ? attach_halves(fn, targets, count)
					: attach_kprobes(fn, targets, count);
	} while (count);
	if (!fn->link_count)
		return err;
	return fn->multi && fn->graph ? attach_returns(fn) : 0;
}

static int share_maps(struct trace_fn_bpf *skel, const struct trace_tp_bpf *tp)
{
	const struct {
		struct bpf_map *ours, *theirs;
	} maps[] = {
		{skel->maps.events, tp->maps.events}, {skel->maps.tasks, tp->maps.tasks},
		{skel->maps.cpus, tp->maps.cpus},     {skel->maps.paths, tp->maps.paths},
		{skel->maps.flows, tp->maps.flows},   {skel->maps.fragments, tp->maps.fragments},
		{skel->maps.tgids, tp->maps.tgids},
	};

	for (size_t i = 0; i < ARRAY_SIZE(maps); i++) {
		int err = bpf_map__reuse_fd(maps[i].ours, bpf_map__fd(maps[i].theirs));

		if (err)
			return err;
	}
	return 0;
}

int tracer_fn_programs(const struct tracer_options *options, bool multi,
		       const struct trace_tp_bpf *tp, struct trace_fn_bpf **out)
{
	struct trace_fn_bpf *skel = trace_fn_bpf__open();
	bool graph = options->graph;
	struct icmpx_trace_config config;

	*out = skel;
	if (!skel)
		return -errno;
	tracer_config(options, &config);
	memcpy((void *)&skel->rodata->config, &config, sizeof(config));
	skel->rodata->graph = graph;
	bpf_program__set_autoload(skel->progs.on_kprobe_multi, multi);
	bpf_program__set_autoload(skel->progs.on_kretprobe_multi, multi && graph);
	bpf_program__set_autoload(skel->progs.on_kprobe, !multi);
	bpf_program__set_autoload(skel->progs.on_kretprobe, !multi && graph);
	if (!graph)
		bpf_map__set_max_entries(skel->maps.opened, 1);
	return share_maps(skel, tp);
}

static int refuse(char *why, size_t size, const char *what, int err)
{
	snprintf(why, size, "%s: %s", what, errno_name(err) ?: strerror(-err));
	return err;
}

static int choose_method(struct tracer_fn *fn, char *why, size_t size)
{
	int multi = kernel_try(FEATURE_KPROBE_MULTI), one = 0;

	fn->multi = !multi;
	if (multi)
		one = kernel_try(FEATURE_KPROBE);
	fn->kprobe_type = kernel_kprobe_type();
	if (!one)
		return 0;
	snprintf(why, size, "kprobe.multi: %s, kprobe: %s%s", errno_name(multi) ?: "?",
		 errno_name(one) ?: "?",
		 one == -EACCES ? " (CAP_SYS_ADMIN, or kernel.perf_event_paranoid below 3)" : "");
	return one == -EACCES ? -EPERM : -EOPNOTSUPP;
}

static void count_targets(const struct tracer_fn *fn, struct trace_header *header)
{
	header->possible += fn->count;
	for (size_t i = 0; i < fn->count; i++) {
		if (fn->targets[i].attached)
			header->probes++;
		else
			tracer_miss(header, trace_probe_name(fn->targets[i].probe));
	}
	snprintf(header->backend, sizeof(header->backend), "fn");
	snprintf(header->method, sizeof(header->method), "%s",
		 fn->multi ? "kprobe.multi" : "kprobe");
}

int tracer_fn_open(const struct tracer_options *options, const struct symbols *symbols,
		   const struct trace_tp_bpf *tp, struct trace_header *header,
		   struct tracer_fn **out, char *why, size_t size)
{
	_cleanup_(tracer_fn) struct tracer_fn *fn = NULL;
	int err;

	if (!symbols) {
		snprintf(why, size, "%s", symbols_hidden());
		return caps_missing(TASK_NAME) ? -EPERM : -EOPNOTSUPP;
	}
	fn = calloc(1, sizeof(*fn));
	if (!fn)
		return refuse(why, size, "memory", -ENOMEM);
	fn->graph = options->graph;
	fn->symbols = symbols;
	err = choose_method(fn, why, size);
	if (err)
		return err;
	find_targets(fn);
	err = tracer_fn_programs(options, fn->multi, tp, &fn->skel);
	if (!err)
		err = trace_fn_bpf__load(fn->skel);
	if (err)
		return refuse(why, size, "load", err);
	err = attach_all(fn);
	if (err)
		return refuse(why, size, fn->multi ? "kprobe.multi" : "kprobe", err);
	count_targets(fn, header);
	*out = fn;
	fn = NULL;
	return 0;
}

void tracer_fn_names(const struct tracer_fn *fn, struct catalog *catalog)
{
	for (size_t i = 0; fn && i < fn->count; i++)
		if (fn->targets[i].attached)
			catalog_set_name(catalog, NAME_FUNCTION, fn->targets[i].probe,
					 fn->targets[i].symbol->name);
}

void tracer_fn_enable(struct tracer_fn *fn, bool enable)
{
	if (fn)
		fn->skel->bss->enabled = enable;
}

void tracer_fn_close(struct tracer_fn *fn)
{
	if (!fn)
		return;
	for (size_t i = 0; i < fn->link_count; i++)
		bpf_link__destroy(fn->links[i]);
	trace_fn_bpf__destroy(fn->skel);
	free(fn);
}
