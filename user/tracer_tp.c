// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <linux/bpf.h>
#include <bpf/libbpf.h>

#include "tracer_tp.h"
#include "trace_tp.skel.h"

#define RING_BYTES  (32 << 20)
#define FIRST_PIDNS 0xeffffffcu /* its inode: PROC_PID_INIT_INO in the kernel, since 3.8 */

/* clang-format off */
#define SYSCALLS(X)                                                                                \
	X(sendto) X(sendmsg) X(sendmmsg) X(write) X(writev)                                        \
	X(recvfrom) X(recvmsg) X(recvmmsg) X(read) X(readv)                                        \
	X(ppoll) X(pselect6) X(epoll_pwait)
/* Those that newer architectures lack. */
#define OLD_SYSCALLS(X) X(poll) X(select) X(epoll_wait)
/* clang-format on */

void tracer_each_syscall(void (*set)(void *data, int number, const char *name), void *data)
{
#define X(name) set(data, SYS_##name, #name);
	SYSCALLS(X)
#ifdef SYS_poll
	OLD_SYSCALLS(X)
#endif
#undef X
}

static void want_syscall(void *data, int number, const char *name)
{
	struct icmpx_trace_config *config = data;

	(void)name;
	if (number >= 0 && number < 64 * ICMPX_SYSCALL_WORDS)
		config->syscalls[number / 64] |= 1ull << (number % 64);
}

static void find_pidns(struct icmpx_trace_config *config)
{
	struct stat pidns;

	if (stat("/proc/self/ns/pid", &pidns) || pidns.st_ino == FIRST_PIDNS)
		return;
	config->pidns_dev = pidns.st_dev;
	config->pidns_inode = pidns.st_ino;
}

void tracer_config(const struct tracer_options *options, struct icmpx_trace_config *config)
{
	const struct icmpx_filter *filter = &options->filter;

	*config = (struct icmpx_trace_config){
		.filter = *filter,
		.stacks = options->stacks,
		.by_place = filter->ifindex || filter->netns || filter->by_task,
		.sendto = SYS_sendto,
	};
	tracer_each_syscall(want_syscall, config);
	if (filter->by_task)
		find_pidns(config);
}

/* How many arguments the kernel's tracepoint has; 0: it is not there. */
static int tracepoint_arguments(const struct btf *kernel, const char *name)
{
	const struct btf_type *type;
	char typedef_name[64];
	int id;

	snprintf(typedef_name, sizeof(typedef_name), "btf_trace_%s", name);
	id = btf__find_by_name_kind(kernel, typedef_name, BTF_KIND_TYPEDEF);
	if (id < 0)
		return 0;
	type = btf__type_by_id(kernel, btf__type_by_id(kernel, id)->type); /* a pointer */
	type = btf__type_by_id(kernel, type->type);                        /* to a function */
	return btf_vlen(type) - 1;                                         /* but its data */
}

void tracer_miss(struct trace_header *header, const char *name)
{
	size_t length = strlen(header->missing);

	snprintf(header->missing + length, sizeof(header->missing) - length, "%s%s",
		 length ? " " : "", name);
}

static void choose_programs(const struct tracer_options *options, const struct btf *kernel,
			    struct trace_header *header, struct trace_tp_bpf *skel)
{
	bool reasons = tracepoint_arguments(kernel, "kfree_skb") >= 3;
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, skel->obj)
	{
		const char *name = strchr(bpf_program__section_name(prog), '/') + 1;
		bool wanted = true;

		if (prog == skel->progs.on_kfree_skb)
			wanted = !reasons;
		else if (prog == skel->progs.on_kfree_skb_reason)
			wanted = reasons;
		else if (prog == skel->progs.on_sched_process_fork)
			wanted = options->filter.by_task;
		if (wanted) {
			header->possible++;
			if (tracepoint_arguments(kernel, name)) {
				header->probes++;
				continue;
			}
			tracer_miss(header, name);
		}
		bpf_program__set_autoload(prog, false);
	}
}

int tracer_tp_open(const struct tracer_options *options, const struct btf *kernel,
		   struct trace_header *header, struct trace_tp_bpf **out)
{
	struct trace_tp_bpf *skel = trace_tp_bpf__open();
	struct icmpx_trace_config config;
	int err;

	if (!skel)
		return -errno;
	tracer_config(options, &config);
	config.data_ready = tracepoint_arguments(kernel, "sk_data_ready") > 0;
	memcpy((void *)&skel->rodata->config, &config, sizeof(config));
	choose_programs(options, kernel, header, skel);
	err = bpf_map__set_max_entries(skel->maps.events, options->ring ?: RING_BYTES);
	if (err) {
		trace_tp_bpf__destroy(skel);
		return err;
	}
	*out = skel;
	return 0;
}
