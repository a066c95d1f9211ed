// SPDX-License-Identifier: GPL-2.0-only
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "netns.h"
#include "probes.h"
#include "tracer_names.h"
#include "tracer_tp.h"

static void name_syscall(void *data, int number, const char *name)
{
	catalog_set_name(data, NAME_SYSCALL, number, name);
}

void tracer_names_syscalls(struct catalog *catalog)
{
	tracer_each_syscall(name_syscall, catalog);
}

struct device {
	__u32 ifindex;
	char name[IF_NAMESIZE];
};

static void read_device(void *data)
{
	struct device *device = data;

	if (!if_indextoname(device->ifindex, device->name))
		device->name[0] = '\0';
}

/* What is known by a name under /run/netns is called so, else by a process in it. */
static void namespace_name(const char *path, char *name, size_t size)
{
	static const char mounts[] = "/run/netns/";
	unsigned int pid;

	if (!strncmp(path, mounts, strlen(mounts)))
		snprintf(name, size, "%s", path + strlen(mounts));
	else if (sscanf(path, "/proc/%u/", &pid) == 1)
		snprintf(name, size, "pid %u", pid);
	else
		snprintf(name, size, "%.*s", (int)size - 1, path);
}

/* Asks for the namespace's name once, even if it has none. */
static void name_namespace(struct catalog *catalog, __u32 netns, char *path, size_t size)
{
	char name[CATALOG_NAME_MAX] = "";

	if (netns_find(netns, path, size))
		namespace_name(path, name, sizeof(name));
	else
		path[0] = '\0';
	catalog_set_name(catalog, NAME_NETNS, netns, name);
}

static void name_place(struct catalog *catalog, __u32 netns, __u32 ifindex)
{
	struct device device = {.ifindex = ifindex};
	__u64 key = catalog_device_key(netns, ifindex);
	char path[256];

	if (!netns || (catalog_name(catalog, NAME_NETNS, netns) &&
		       (!ifindex || catalog_name(catalog, NAME_DEVICE, key))))
		return;
	name_namespace(catalog, netns, path, sizeof(path));
	if (!ifindex)
		return;
	if (!path[0] || netns_enter(path, read_device, &device) || !device.name[0])
		snprintf(device.name, sizeof(device.name), "if%u", ifindex);
	catalog_set_name(catalog, NAME_DEVICE, key, device.name);
}

static void name_location(struct catalog *catalog, const struct symbols *symbols, __u64 address)
{
	const struct symbol *symbol;
	char text[160];
	__u32 offset;

	if (!symbols || !address || catalog_name(catalog, NAME_SYMBOL, address))
		return;
	symbol = symbols_at(symbols, address, &offset);
	if (!symbol)
		return;
	snprintf(text, sizeof(text), "%s+0x%x", symbol->name, offset);
	catalog_set_name(catalog, NAME_SYMBOL, address, text);
}

void tracer_names_event(struct catalog *catalog, const struct symbols *symbols,
			const struct icmpx_event *event)
{
	name_place(catalog, event->netns, event->ifindex);
	if (event->probe == ICMPX_TP_DROP)
		name_location(catalog, symbols, event->detail[0]);
}

/* What a probe itself adds to the stack, above the function it is in. */
static bool is_probe_frame(const char *name)
{
	static const char *const starts[] = {
		"bpf_",           "__bpf_",       "___bpf_",  "__traceiter_",
		"trace_call_bpf", "kprobe_",      "fprobe_",  "ftrace_",
		"arch_ftrace",    "aggr_pre_",    "opt_pre_", "optimized_callback",
		"kprobes_",       "arch_rethook", "rethook_", "__ftrace",
		"arch_static",
	};

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
		if (!strncmp(name, starts[i], strlen(starts[i])))
			return true;
	return false;
}

/* name() and the name.part.0() that the compiler made of it are one function. */
static bool is_part(const struct symbol *inner, const struct symbol *outer)
{
	return inner && !strcmp(inner->name, outer->name) && (inner->suffix[0] || outer->suffix[0]);
}

void tracer_names_stack(struct catalog *catalog, const struct symbols *symbols,
			const struct icmpx_stack *stack)
{
	struct path_frame frames[ICMPX_STACK_MAX];
	const struct symbol *inner = NULL;
	size_t count = 0;

	if (!symbols || catalog_path(catalog, stack->id))
		return;
	for (size_t i = 0; i < stack->count && i < ICMPX_STACK_MAX; i++) {
		const struct symbol *symbol;
		__u32 offset;

		/* Addresses but the first are where a call returns to: behind the call. */
		symbol = symbols_at(symbols, stack->address[i] - 1, &offset);
		if (!symbol || (!count && is_probe_frame(symbol->name)) || is_part(inner, symbol))
			continue;
		inner = symbol;
		frames[count++] = (struct path_frame){.name = symbol->name, .offset = offset + 1};
	}
	catalog_set_path(catalog, stack->id, frames, count);
}

void tracer_names_task(struct catalog *catalog, const struct icmpx_task *task)
{
	char tgid[16];

	snprintf(tgid, sizeof(tgid), "%u", task->tgid);
	catalog_set_name(catalog, NAME_TASK, task->tid, task->comm);
	catalog_set_name(catalog, NAME_TGID, task->tid, tgid);
}
