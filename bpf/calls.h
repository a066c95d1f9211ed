/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls of functions, noted until it is known which packet they were for, or until they return. */
#ifndef ICMPX_CALLS_H
#define ICMPX_CALLS_H

#include "trace.h"
#include <bpf/bpf_core_read.h>

/* Whether returns are probed too. */
const volatile __u32 graph;

/* A call that is noted until it is known which packet it was for. */
struct call {
	__u64 time;    /* 0: there is none */
	__u64 stack;   /* where its return address is; 0: it has returned, or nobody asks */
	__u64 socket;  /* that it polls; 0: it does not */
	__u64 entered; /* this and the rest: as in struct icmpx_event */
	__u64 detail[2];
	__u32 tgid, tid;
	__u32 fd;
	__u16 probe;
	__u16 cpu;
	__u16 flags;
	__s16 syscall;
	__u32 nth; /* in `opened` */
};

/* How a socket was made. */
#define SETUP_CALLS 3

struct setup {
	struct call calls[SETUP_CALLS];
};

/* What a task's system call has called; before that what poll() did, since it is known only
 * when the packet is read what was waited for. A list is taken over by whoever comes. */
#define LISTS  512
#define CALLS  24
#define POLLED 8 /* of them at most by poll() */

struct call_list {
	__u32 tid;
	__u32 count;
	__u32 polled;
	__u32 unused;
	__u64 entered;      /* the system call that they are of */
	struct setup setup; /* of the socket() that is going on */
	struct call calls[CALLS];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LISTS);
	__type(key, __u32);
	__type(value, struct call_list);
} lists SEC(".maps");

/* Until it sends its first packet. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64); /* address of its struct socket */
	__type(value, struct setup);
} setups SEC(".maps");

/* The way from the softirq's beginning to a device's poll, until the first packet. */
#define SOFTIRQ_CALLS 4

struct softirq {
	__u32 tid;
	__u32 unused;
	struct call calls[SOFTIRQ_CALLS];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct softirq);
} softirqs SEC(".maps");

/* For `graph`: a call that has not returned, by where its return address is. A function that
 * ends with a jump to another one has that in common with it. */
#define NESTED 8

struct opened_key {
	__u64 stack;
	__u64 nth;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct opened_key);
	__type(value, struct icmpx_event); /* packet.family 0: it is not known yet */
} opened SEC(".maps");

static __always_inline struct call_list *own_list(void)
{
	__u32 tid = bpf_get_current_pid_tgid(), index = tid % LISTS;
	struct call_list *list = bpf_map_lookup_elem(&lists, &index);

	if (list && list->tid != tid) {
		list->tid = tid;
		list->count = 0;
		list->polled = 0;
		list->entered = 0;
		list->setup.calls[0].time = 0;
	}
	return list;
}

static __always_inline struct softirq *own_softirq(void)
{
	__u32 tid = bpf_get_current_pid_tgid(), zero = 0;
	struct softirq *softirq = bpf_map_lookup_elem(&softirqs, &zero);

	if (softirq && softirq->tid != tid) {
		softirq->tid = tid;
		for (int i = 0; i < SOFTIRQ_CALLS; i++)
			softirq->calls[i].time = 0;
	}
	return softirq;
}

static __always_inline void call_set(struct call *call, struct pt_regs *ctx, __u16 probe)
{
	__u64 task = bpf_get_current_pid_tgid();

	call->time = bpf_ktime_get_ns();
	call->stack = graph ? PT_REGS_SP(ctx) : 0;
	call->socket = 0;
	call->entered = 0;
	call->detail[0] = 0;
	call->detail[1] = 0;
	call->tgid = task >> 32;
	call->tid = task;
	call->fd = 0;
	call->probe = probe;
	call->cpu = bpf_get_smp_processor_id();
	call->flags = 0;
	call->syscall = -1;
	call->nth = 0;
}

/* Writes the event that is being made, as of `time`. */
__noinline int event_write_as_of(__u64 time)
{
	struct cpu_state *cpu = this_cpu();
	struct icmpx_event *event;

	if (!cpu)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		cpu->lost++;
		return 0;
	}
	*event = *event_top(cpu);
	event->time = time;
	event->lost = cpu->lost;
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
	return 0;
}

/* A call whose packet is known by now: it is that of the event which is being made. */
static __noinline int call_write(struct call *call)
{
	struct cpu_state *cpu = this_cpu();
	struct icmpx_event *event;

	if (!cpu)
		return 0;
	event = event_top(cpu);
	if (call->stack) {
		struct opened_key key = {call->stack, call->nth};
		struct icmpx_event *open = bpf_map_lookup_elem(&opened, &key);

		if (open && open->probe == call->probe) {
			open->packet = event->packet;
			open->sk = event->sk;
			open->netns = event->netns;
		}
	}
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		cpu->lost++;
		return 0;
	}
	*event = *event_top(cpu);
	event->probe = call->probe;
	event->cpu = call->cpu;
	event->time = call->time;
	event->skb = 0;
	event->head = 0;
	event->ifindex = 0;
	event->tgid = call->tgid;
	event->tid = call->tid;
	event->lost = cpu->lost;
	event->flags = call->flags;
	event->syscall = call->syscall;
	event->fd = call->fd;
	event->entered = call->entered;
	event->detail[0] = call->detail[0];
	event->detail[1] = call->detail[1];
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
	return 0;
}

/* How the socket was made that now sends for the first time. */
static __always_inline void setup_write(__u64 socket)
{
	struct setup *setup = bpf_map_lookup_elem(&setups, &socket);

	if (!setup)
		return;
	for (int i = 0; i < SETUP_CALLS; i++)
		if (setup->calls[i].time)
			call_write(&setup->calls[i]);
	bpf_map_delete_elem(&setups, &socket);
}

/* What the task's system call has called for the packet of the event that is being made; with
 * `reads` its poll() before, too. */
__noinline int list_write(__u64 sk, __u64 entered, __u32 reads)
{
	struct call_list *list = own_list();
	__u64 socket;

	if (!list || !list->count)
		return 0;
	if (list->entered != entered)
		list->count = list->polled;
	socket = (__u64)BPF_CORE_READ((struct sock *)sk, sk_socket);
	if (!reads && socket)
		setup_write(socket);
	for (__u32 i = 0; i < CALLS && i < list->count; i++) {
		struct call *call = &list->calls[i];

		if (!call->socket || (reads && call->socket == socket))
			call_write(call);
	}
	list->count = 0;
	list->polled = 0;
	return 0;
}

__noinline int softirq_write(void)
{
	struct softirq *softirq = own_softirq();

	if (!softirq)
		return 0;
	for (int i = 0; i < SOFTIRQ_CALLS; i++) {
		if (softirq->calls[i].time)
			call_write(&softirq->calls[i]);
		softirq->calls[i].time = 0;
	}
	return 0;
}

/* What a call leaves on the stack for its return, which takes that off. */
#if defined(__TARGET_ARCH_x86)
#define RETURN_ADDRESS_BYTES 8
#else
#define RETURN_ADDRESS_BYTES 0
#endif

/* The event's function is to be noticed when it returns. What was never seen to return is in
 * the way as little as possible. */
static __always_inline __u32 open_call(struct pt_regs *ctx, struct icmpx_event *event, __u64 time)
{
	struct opened_key key = {.stack = PT_REGS_SP(ctx)};
	const struct icmpx_event *open;
	__u32 nth;

	event->time = time;
	for (nth = 0; nth < NESTED; nth++) {
		key.nth = nth;
		open = bpf_map_lookup_elem(&opened, &key);
		if (!open || open->tid != event->tid || open->probe == event->probe) {
			bpf_map_update_elem(&opened, &key, event, BPF_ANY);
			break;
		}
	}
	return nth;
}

/* Notes a call of this task's system call; NULL: it is in none, or there is no room. */
static __always_inline struct call *list_add(struct pt_regs *ctx, __u16 probe, bool polls)
{
	struct task_slot *slot = own_slot();
	struct call_list *list;
	struct call *call;
	__u32 at;

	if (!slot || !slot->entered)
		return NULL;
	list = own_list();
	if (!list)
		return NULL;
	if (list->entered != slot->entered) {
		list->entered = slot->entered;
		if (polls)
			list->polled = 0;
		list->count = list->polled;
	}
	at = list->count;
	if (at >= CALLS || (polls && at >= POLLED))
		return NULL;
	list->count = at + 1;
	if (polls)
		list->polled = at + 1;
	call = &list->calls[at];
	call_set(call, ctx, probe);
	call->entered = slot->entered;
	call->syscall = slot->syscall;
	call->fd = slot->fd;
	return call;
}

/* As open_call(), of a call that is noted. */
static __always_inline void open_noted(struct pt_regs *ctx, struct cpu_state *cpu,
				       struct call *call)
{
	struct icmpx_event *event;

	if (!graph)
		return;
	event = event_begin(cpu, call->probe);
	event->packet.family = 0;
	event->flags = call->flags;
	event->skb = call->socket;
	event->entered = call->entered;
	event->syscall = call->syscall;
	event->fd = call->fd;
	call->nth = open_call(ctx, event, call->time);
	event_end(cpu);
}

#endif
