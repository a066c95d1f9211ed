/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs of both backends share: the filter, the contexts that packets are moved
 * in, and the ring buffer. */
#ifndef ICMPX_TRACE_BPF_H
#define ICMPX_TRACE_BPF_H

#include "vmlinux.h"
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "event.h"
#include "flow.h"
#include "packet.h"
#include "probes.h"
#include "trace_config.h"

const volatile struct icmpx_trace_config config = {};

/* Set when all probes are there. */
volatile __u32 enabled;

/* Sized by the loader. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

/* A task's system call, found by its tid: a slot is taken over by whoever comes. */
#define SLOTS 4096

#define SLOT_NAMED   (1 << 0) /* its task record was written */
#define SLOT_TOUCHED (1 << 1) /* its system call has moved the packet */
#define SLOT_WOKEN   (1 << 2) /* by the packet, and has not run since */

struct task_slot {
	__u32 tid;
	__u16 flags;
	__s16 syscall;
	__u64 entered; /* 0: in none that is watched */
	__u32 fd;
	__u32 unused;
	__u64 message; /* what the system call sends, in user space; 0: unknown */
	__u64 skb;
	struct icmpx_packet packet; /* with TOUCHED, WOKEN */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SLOTS);
	__type(key, __u32);
	__type(value, struct task_slot);
} tasks SEC(".maps");

#define LEVELS 4

/* What this CPU is doing. */
struct cpu_state {
	__u32 lost; /* first: tracer_lost() reads it */
	__u32 tid;  /* whoever is interrupted by (on RT: runs) the receive softirq */
	__u8 receiving;
	__u8 chosen; /* and what is received passed the filter: packet, skb ... */
	__u8 ready;  /* and a socket was just given it */
	__u8 sent_next;
	__u32 netns, ifindex;
	__u64 skb, head;
	struct icmpx_packet packet;
	/* At the driver: when that returns, the packet may be freed already. */
	struct {
		__u64 skb, head;
		__u32 netns, ifindex;
		struct icmpx_packet packet;
	} sent[4];
	/* Events in the making: one program may interrupt another. */
	__u64 level;
	struct icmpx_event making[LEVELS];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct cpu_state);
} cpus SEC(".maps");

/* Stacks that were taken, by what tells call paths apart without unwinding. Where places do not
 * suffice they are taken again and again, no worse. */
#define PATHS        4096
#define PATHS_BESIDE 4 /* places that one may be in */

struct path_slot {
	__u64 key;
	__u64 id;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PATHS);
	__type(key, __u32);
	__type(value, struct path_slot);
} paths SEC(".maps");

/* Flows that have passed where the filter says. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct icmpx_flow);
	__type(value, __u32);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u32);
} tgids SEC(".maps");

static __always_inline struct cpu_state *this_cpu(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&cpus, &zero);
}

static __always_inline struct task_slot *task_slot(__u32 tid)
{
	__u32 index = tid % SLOTS;

	return bpf_map_lookup_elem(&tasks, &index);
}

/* Of a task whose system call began unseen. */
static __always_inline void slot_take_over(struct task_slot *slot, __u32 tid)
{
	slot->tid = tid;
	slot->flags = 0;
	slot->entered = 0;
	slot->syscall = -1;
	slot->fd = 0;
}

/* The current task's, or NULL. */
static __always_inline struct task_slot *own_slot(void)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct task_slot *slot = task_slot(tid);

	return slot && slot->tid == tid ? slot : NULL;
}

static __always_inline bool in_softirq(const struct cpu_state *cpu)
{
	return cpu->receiving && cpu->tid == (__u32)bpf_get_current_pid_tgid();
}

/* Both as ICMPX_ALIGNED has them. */
static __always_inline bool same_address(const __u8 *a, const volatile __u8 *b)
{
	const __u64 *x = (const void *)a;
	const volatile __u64 *y = (const volatile void *)b;

	return x[0] == y[0] && x[1] == y[1];
}

static __always_inline bool filter_host(const struct icmpx_packet *packet)
{
	for (__u32 i = 0; i < 8 && i < config.filter.host_count; i++) {
		const volatile __u8 *host = config.filter.hosts[i];

		if (config.filter.host_family[i] != packet->family)
			continue;
		if (same_address(packet->source, host) || same_address(packet->destination, host))
			return true;
		if (packet->kind == ICMPX_KIND_ERROR && same_address(packet->reporter, host))
			return true;
	}
	return false;
}

/* What the packet itself says. */
static __always_inline bool filter_packet(const struct icmpx_packet *packet)
{
	__u16 seq = bpf_ntohs(packet->seq);

	if (!(config.filter.kinds >> packet->kind & 1))
		return false;
	if (config.filter.udp_port &&
	    (packet->protocol != IPPROTO_UDP ||
	     (packet->id != bpf_htons(config.filter.udp_port) && seq != config.filter.udp_port)))
		return false;
	if (config.filter.id_set && packet->id != bpf_htons(config.filter.id))
		return false;
	if (config.filter.seq_set && (seq < config.filter.seq_min || seq > config.filter.seq_max))
		return false;
	return !config.filter.host_count || filter_host(packet);
}

/* Every raw socket gets everybody's pings: to take one out of it does not make it one's own. */
static __always_inline bool is_taken(const struct icmpx_event *event,
				     const struct icmpx_packet *packet)
{
	if (packet->kind == ICMPX_KIND_UDP)
		return false;
	switch (event->probe) {
	case ICMPX_TP_COPY:
	case ICMPX_FN_SKB_COPY:
		return true;
	case ICMPX_TP_CONSUME:
	case ICMPX_FN_CONSUME_SKB:
		return event->sk; /* else ARP has looked at what is to be sent */
	case ICMPX_TP_DROP:
	case ICMPX_FN_KFREE_SKB:
		return packet->kind !=
		       ICMPX_KIND_REQUEST; /* which a firewall may drop on its way out */
	}
	return false;
}

/* The current task. In a container, icmpx knows it by another number than the kernel. */
static __always_inline bool is_followed(void)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct bpf_pidns_info inner;

	if (bpf_map_lookup_elem(&tgids, &tgid))
		return true;
	if (!config.pidns_inode || bpf_get_ns_current_pid_tgid(config.pidns_dev, config.pidns_inode,
							       &inner, sizeof(inner)))
		return false;
	tgid = inner.tgid | ICMPX_TGID_INNER;
	return bpf_map_lookup_elem(&tgids, &tgid);
}

static __always_inline bool filter_place(const struct icmpx_event *place, bool own)
{
	if (config.filter.ifindex && place->ifindex != config.filter.ifindex)
		return false;
	if (config.filter.netns && place->netns != config.filter.netns)
		return false;
	if (config.filter.by_task)
		return own && is_followed();
	return true;
}

/* Where it has passed. own: the current task moves it, not a softirq on top of it. */
static __always_inline bool filter_passed(const struct icmpx_packet *packet,
					  const struct icmpx_event *place, bool own)
{
	struct icmpx_flow flow;
	__u32 one = 1;

	icmpx_flow_set(&flow, packet);
	if (bpf_map_lookup_elem(&flows, &flow))
		return true;
	if (!filter_place(place, own && !is_taken(place, packet)))
		return false;
	bpf_map_update_elem(&flows, &flow, &one, BPF_ANY);
	return true;
}

/* The event that the running program makes. In a map rather than on the stack: functions that
 * the verifier checks once for all their callers take numbers alone. */
static __always_inline struct icmpx_event *event_top(struct cpu_state *cpu)
{
	return &cpu->making[(cpu->level - 1) & (LEVELS - 1)];
}

/* Room for an event; to be followed by event_end() whatever comes between. */
static __always_inline struct icmpx_event *event_take(struct cpu_state *cpu)
{
	cpu->level++;
	return event_top(cpu);
}

/* About nothing yet. */
static __always_inline void event_clear(struct icmpx_event *event, __u16 probe)
{
	__u64 task = bpf_get_current_pid_tgid();

	event->record = ICMPX_RECORD_EVENT;
	event->probe = probe;
	event->cpu = bpf_get_smp_processor_id();
	event->skb = 0;
	event->head = 0;
	event->sk = 0;
	event->tgid = task >> 32;
	event->tid = task;
	event->netns = 0;
	event->ifindex = 0;
	event->stack = 0;
	event->flags = 0;
	event->syscall = -1;
	event->fd = 0;
	event->entered = 0;
	event->detail[0] = 0;
	event->detail[1] = 0;
}

static __always_inline struct icmpx_event *event_begin(struct cpu_state *cpu, __u16 probe)
{
	struct icmpx_event *event = event_take(cpu);

	event_clear(event, probe);
	event->cookie = 0;
	return event;
}

/* The event's packet is what this CPU is receiving. */
static __always_inline void cpu_carry(struct cpu_state *cpu, const struct icmpx_event *event)
{
	cpu->skb = event->skb;
	cpu->head = event->head;
	cpu->netns = event->netns;
	cpu->ifindex = event->ifindex;
	cpu->packet = event->packet;
	cpu->chosen = 1;
}

/* In the receive softirq, about what this CPU is receiving; NULL: nothing that was chosen. To
 * be followed by event_end(). */
static __always_inline struct icmpx_event *event_begin_carried(struct cpu_state *cpu, __u16 probe)
{
	struct icmpx_event *event;

	if (!cpu->chosen || !in_softirq(cpu))
		return NULL;
	event = event_begin(cpu, probe);
	event->flags = ICMPX_CARRIED | ICMPX_IN_SOFTIRQ;
	event->skb = cpu->skb;
	event->head = cpu->head;
	event->netns = cpu->netns;
	event->ifindex = cpu->ifindex;
	event->packet = cpu->packet;
	return event;
}

static __always_inline void event_end(struct cpu_state *cpu)
{
	cpu->level--;
}

/* A pointer's value. The verifier gives it only by way of memory, here the event's time, which
 * is set last. */
static __always_inline __u64 event_number(struct icmpx_event *event, const void *pointer)
{
	volatile __u64 *number = &event->time;

	*number = (__u64)pointer;
	return *number;
}

/* Whether the packet with its network header at `at` passes the filter by what it says itself;
 * then the event that is being made gets its identity. Returns its flags, or -1. protocol: of
 * the link layer. */
__noinline int event_read(__u64 at, __u32 protocol)
{
	struct cpu_state *cpu = this_cpu();
	struct packet_cursor cursor = {.at = (void *)at};
	struct icmpx_packet packet;

	if (!cpu)
		return -1;
	if (packet_read(&cursor, protocol, config.filter.udp_port, &packet))
		return -1;
	if (!filter_packet(&packet))
		return -1;
	if (in_softirq(cpu))
		cursor.flags |= ICMPX_IN_SOFTIRQ;
	event_top(cpu)->packet = packet;
	event_top(cpu)->cookie = cursor.payload;
	return cursor.flags;
}

/* What event_read() left is where the cookie lies, if that is before `end`, where the packet's
 * bytes end that lie in one piece. */
static __always_inline void event_cookie(struct icmpx_event *event, __u64 end)
{
	__u64 at = event->cookie;

	if (!at || at + COOKIE > end ||
	    bpf_probe_read_kernel(&event->cookie, sizeof(event->cookie), (void *)at))
		event->cookie = 0;
}

/* And by where the event says it is. */
__noinline int event_place(void)
{
	struct cpu_state *cpu = this_cpu();
	struct icmpx_event *event;

	if (!cpu)
		return 0;
	event = event_top(cpu);
	return filter_passed(&event->packet, event, !(event->flags & ICMPX_IN_SOFTIRQ));
}

/* Both. */
static __always_inline bool event_choose(struct icmpx_event *event, __u64 at, __u32 protocol,
					 __u64 end)
{
	int flags = event_read(at, protocol);

	if (flags < 0)
		return false;
	event->flags = flags;
	event_cookie(event, end);
	return !config.by_place || event_place();
}

/* How a program comes to its packet. */
#define ON_DATA (1 << 0) /* the network header is where the data begins */
#define BY_SK   (1 << 1) /* skb->dev is something else by now: the socket says where it is */

/* The same for an sk_buff that the verifier knows as such. Hardly any packet is chosen: all
 * that only those need is done after. */
static __always_inline bool event_choose_skb(struct icmpx_event *event, struct sk_buff *skb,
					     __u16 probe, int how)
{
	__be16 protocol = skb->protocol;
	struct net_device *dev;
	struct sock *sk;
	__u64 at, head;
	int flags;

	head = event_number(event, skb->head);
	at = how & ON_DATA ? event_number(event, skb->data) : head + skb->network_header;
	/* A tag that is written already is before the network header. */
	if (!(how & ON_DATA) &&
	    (protocol == bpf_htons(ETH_P_8021Q) || protocol == bpf_htons(ETH_P_8021AD)))
		protocol = 0;
	flags = event_read(at, protocol);
	if (flags < 0)
		return false;
	event_clear(event, probe);
	event->flags = flags;
	event_cookie(event, head + skb->tail);
	event->skb = (__u64)skb;
	event->head = head;
	sk = skb->sk;
	event->sk = (__u64)sk;
	dev = skb->dev;
	if (how & BY_SK && sk) {
		event->netns = sk->__sk_common.skc_net.net->ns.inum;
	} else if (dev) {
		event->ifindex = dev->ifindex;
		event->netns = dev->nd_net.net->ns.inum;
	} else if (sk) {
		event->netns = sk->__sk_common.skc_net.net->ns.inum;
	}
	return !config.by_place || event_place();
}

/* The depth of the kernel stack at a program tells call paths apart, with what is called and
 * for which packet; at a socket also what kind that is: raw_rcv and ping_rcv are equally deep. */
static __always_inline __u64 path_key(const void *ctx, struct icmpx_event *event)
{
	__u64 key = event_number(event, ctx) & 0x3fff;

	key |= (__u64)event->probe << 14 | (__u64)(event->flags & 7) << 24;
	key |= (__u64)event->packet.kind << 27 | (__u64)event->packet.family << 30;
	key |= (__u64)event->packet.type << 33 | (__u64)event->packet.protocol << 41;
	key ^= (__u64)event->ifindex << 49 ^ (__u64)event->netns << 20;
	if (event->probe == ICMPX_TP_DROP)
		key ^= event->detail[0] << 13;
	if (event->probe == ICMPX_TP_DATA_READY || event->probe == ICMPX_TP_COPY)
		key ^= event->detail[1] << 13;
	return key * 0x9e3779b97f4a7c15ull;
}

/* Writes the stack; returns its id, 0 if there is none. */
static __noinline __u32 take_stack(void *ctx, __u32 probe)
{
	struct icmpx_stack *stack = bpf_ringbuf_reserve(&events, sizeof(*stack), 0);
	__u32 id = 0x811c9dc5;
	long size;

	if (!stack)
		return 0;
	/* What is beyond the stack's end is zeroed. */
	size = bpf_get_stack(ctx, stack->address, sizeof(stack->address), 0);
	if (size <= 0) {
		bpf_ringbuf_discard(stack, BPF_RB_NO_WAKEUP);
		return 0;
	}
#pragma clang loop unroll(disable)
	for (int i = 0; i < ICMPX_STACK_MAX; i++)
		id = (id ^ (__u32)stack->address[i]) * 0x01000193;
	id |= 1;
	stack->record = ICMPX_RECORD_STACK;
	stack->id = id;
	stack->count = size / sizeof(__u64);
	stack->probe = probe;
	bpf_ringbuf_submit(stack, BPF_RB_NO_WAKEUP);
	return id;
}

static __always_inline __u32 find_stack(void *ctx, struct icmpx_event *event)
{
	struct path_slot *slot;
	__u32 index;
	__u64 key;

	if (config.stacks == ICMPX_STACKS_NEVER)
		return 0;
	if (config.stacks == ICMPX_STACKS_ALWAYS)
		return take_stack(ctx, event->probe);
	key = path_key(ctx, event);
	for (__u32 i = 0; i < PATHS_BESIDE; i++) {
		index = (key >> 52) ^ i;
		slot = bpf_map_lookup_elem(&paths, &index);
		if (!slot)
			return 0;
		if (slot->key == key)
			return slot->id;
		if (!slot->key)
			break;
	}
	slot->id = take_stack(ctx, event->probe);
	slot->key = slot->id ? key : 0;
	return slot->id;
}

/* comm: where its name is; NULL: it is the current task. */
static __always_inline void name_task(struct task_slot *slot, __u32 tgid, const char *comm)
{
	struct icmpx_task *task;

	if (slot->flags & SLOT_NAMED)
		return;
	task = bpf_ringbuf_reserve(&events, sizeof(*task), 0);
	if (!task)
		return;
	slot->flags |= SLOT_NAMED;
	task->record = ICMPX_RECORD_TASK;
	task->tid = slot->tid;
	task->tgid = tgid;
	task->unused = 0;
	if (comm)
		bpf_probe_read_kernel(task->comm, sizeof(task->comm), comm);
	else
		bpf_get_current_comm(task->comm, sizeof(task->comm));
	bpf_ringbuf_submit(task, BPF_RB_NO_WAKEUP);
}

/* Writes the event that is being made. */
__noinline int event_write(void)
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
	event->time = bpf_ktime_get_ns(); /* after the reservation, so that order is by time */
	event->lost = cpu->lost;
	/* The reader comes by a clock: waking it up costs more than the record. */
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
	return 0;
}

static __always_inline void event_emit(void *ctx, struct icmpx_event *event)
{
	event->stack = find_stack(ctx, event);
	event_write();
}

/* The current task's system call is what moves the packet. */
static __always_inline void event_in_syscall(struct icmpx_event *event, struct task_slot *slot)
{
	event->syscall = slot->syscall;
	event->fd = slot->fd;
	event->entered = slot->entered;
}

/* After the event: the system call's end is of interest, and who the task is. */
static __always_inline void slot_touch(struct task_slot *slot, const struct icmpx_event *event)
{
	slot->flags |= SLOT_TOUCHED;
	slot->packet = event->packet;
	slot->skb = event->skb;
	name_task(slot, event->tgid, NULL);
}

#endif
