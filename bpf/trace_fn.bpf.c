// SPDX-License-Identifier: GPL-2.0-only
/* Backend fn: what the tracepoints leave out, from probes on the functions themselves. One
 * program serves them all; it is told which function it is at. Stacks are the tracepoints'. */
#include "calls.h"
#include "trace_fn.h"

char LICENSE[] SEC("license") = "GPL";

/* Beside ON_DATA and BY_SK: */
#define EARLY    (1 << 2) /* has an IP header, but skb->protocol does not say so yet */
#define INDIRECT (1 << 3) /* the argument points to the packet's pointer */
#define RECEIVES (1 << 4) /* the packet is what this CPU is receiving from here on */
#define COPIES   (1 << 5) /* the packet goes to the process */
#define POLLS    (1 << 6) /* waits for a socket */
#define SETS_UP  (1 << 7) /* makes a socket */
#define SOFTIRQ  (1 << 8) /* comes before there is a packet */

#define WAYS 256 /* a power of two, for the verifier */
_Static_assert(ICMPX_PROBE_MAX <= WAYS, "one for each probe");

static const __u16 ways[WAYS] = {
	[ICMPX_FN_SYS_SOCKET] = SETS_UP,
	[ICMPX_FN_INET_CREATE] = SETS_UP,
	[ICMPX_FN_INET6_CREATE] = SETS_UP,
	[ICMPX_FN_RAW_SK_INIT] = SETS_UP,
	[ICMPX_FN_PING_INIT_SOCK] = SETS_UP,
	[ICMPX_FN_IP_SEND_SKB] = EARLY,
	[ICMPX_FN_IP6_SEND_SKB] = EARLY,
	[ICMPX_FN_IP_LOCAL_OUT] = EARLY,
	[ICMPX_FN_IP6_LOCAL_OUT] = EARLY,
	[ICMPX_FN_NETIF_RX_FN] = ON_DATA,
	[ICMPX_FN_NETIF_RX_INTERNAL] = ON_DATA,
	[ICMPX_FN_ENQUEUE_BACKLOG] = ON_DATA,
	[ICMPX_FN_HANDLE_SOFTIRQS] = SOFTIRQ,
	[ICMPX_FN_NET_RX_ACTION] = SOFTIRQ,
	[ICMPX_FN_NAPI_POLL] = SOFTIRQ,
	[ICMPX_FN_PROCESS_BACKLOG] = SOFTIRQ,
	[ICMPX_FN_NAPI_GRO_RECEIVE] = ON_DATA | RECEIVES,
	[ICMPX_FN_NETIF_RECEIVE] = ON_DATA | RECEIVES,
	[ICMPX_FN_RECEIVE_ONE_CORE] = ON_DATA | RECEIVES,
	[ICMPX_FN_RECEIVE_CORE] = ON_DATA | RECEIVES | INDIRECT,
	[ICMPX_FN_IP_RCV] = RECEIVES,
	[ICMPX_FN_IPV6_RCV] = RECEIVES,
	[ICMPX_FN_IP_RCV_FINISH] = RECEIVES,
	[ICMPX_FN_IP6_RCV_FINISH] = RECEIVES,
	[ICMPX_FN_LOCAL_DELIVER] = RECEIVES,
	[ICMPX_FN_IP6_INPUT] = RECEIVES,
	[ICMPX_FN_DELIVER_FINISH] = RECEIVES,
	[ICMPX_FN_IP6_INPUT_FINISH] = RECEIVES,
	[ICMPX_FN_PROTOCOL_DELIVER] = RECEIVES,
	[ICMPX_FN_IP6_DELIVER] = RECEIVES,
	[ICMPX_FN_SOCK_POLL] = POLLS,
	[ICMPX_FN_DATAGRAM_POLL] = POLLS,
	[ICMPX_FN_SKB_COPY] = COPIES | BY_SK,
	[ICMPX_FN_KFREE_SKB] = BY_SK,
	[ICMPX_FN_CONSUME_SKB] = BY_SK,
};

/* For kprobes: by the instruction pointer that they see. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ICMPX_FUNCTION_ADDRESSES);
	__type(key, __u64);
	__type(value, __u64); /* icmpx_function() */
} functions SEC(".maps");

/* Whether the packet is chosen; then the event that is being made says whose and where it is. */
__noinline int choose(__u64 address, __u32 way)
{
	const struct sk_buff *skb = (void *)address;
	struct cpu_state *cpu = this_cpu();
	struct icmpx_event *event;
	struct net_device *dev;
	__be16 protocol = 0;
	struct sock *sk;
	__u64 end;

	if (!cpu)
		return 0;
	event = event_top(cpu);
	if (!(way & EARLY)) {
		protocol = BPF_CORE_READ(skb, protocol);
		if (!protocol)
			return 0;
	}
	sk = BPF_CORE_READ(skb, sk);
	dev = way & BY_SK && sk ? NULL : BPF_CORE_READ(skb, dev);
	event->skb = address;
	event->sk = (__u64)sk;
	event->head = (__u64)BPF_CORE_READ(skb, head);
	end = event->head + BPF_CORE_READ(skb, tail);
	if (dev) {
		event->ifindex = BPF_CORE_READ(dev, ifindex);
		event->netns = BPF_CORE_READ(dev, nd_net.net, ns.inum);
	} else if (sk) {
		event->netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	}
	if (way & ON_DATA)
		return event_choose(event, (__u64)BPF_CORE_READ(skb, data), protocol, end);
	/* A tag that is written already is before the network header. */
	if (protocol == bpf_htons(ETH_P_8021Q) || protocol == bpf_htons(ETH_P_8021AD))
		protocol = 0;
	return event_choose(event, event->head + BPF_CORE_READ(skb, network_header), protocol, end);
}

static __always_inline void write_packet(struct pt_regs *ctx, struct icmpx_event *event, __u32 way)
{
	__u64 time = bpf_ktime_get_ns();
	struct task_slot *slot;

	if (event->flags & ICMPX_IN_SOFTIRQ) {
		softirq_write();
	} else {
		slot = own_slot();
		if (slot && slot->entered) {
			event_in_syscall(event, slot);
			slot_touch(slot, event);
			list_write(event->sk, slot->entered, way & COPIES);
		}
	}
	event_write_as_of(time);
	if (graph)
		open_call(ctx, event, time);
}

static __always_inline __u64 argument(struct pt_regs *ctx, __u32 number)
{
	__u64 first = PT_REGS_PARM1(ctx), second = PT_REGS_PARM2(ctx), third = PT_REGS_PARM3(ctx);

	/* Else the compiler chooses the address and loads once, which the verifier refuses. */
	barrier_var(first);
	barrier_var(second);
	barrier_var(third);
	return number == 1 ? first : number == 2 ? second : third;
}

/* A function that is given a packet. */
static __always_inline int on_packet(struct pt_regs *ctx, struct cpu_state *cpu, __u64 function)
{
	__u32 way = ways[ICMPX_FUNCTION_PROBE(function) % WAYS];
	__u64 skb = argument(ctx, ICMPX_FUNCTION_SKB(function));
	struct icmpx_event *event;

	if (way & INDIRECT && read_at(&skb, sizeof(skb), (void *)skb))
		return 0;
	if (way & RECEIVES) {
		cpu->tid = bpf_get_current_pid_tgid();
		cpu->receiving = 1;
		cpu->chosen = 0;
	}
	event = event_begin(cpu, ICMPX_FUNCTION_PROBE(function));
	if (choose(skb, way)) {
		if (way & RECEIVES)
			cpu_carry(cpu, event);
		write_packet(ctx, event, way);
	}
	event_end(cpu);
	return 0;
}

/* socket(): whose call it was is known when the socket is there. */
static __always_inline int on_setup(struct pt_regs *ctx, __u16 probe)
{
	struct call_list *list;
	struct setup *setup;
	__u64 socket;

	if (probe == ICMPX_FN_RAW_SK_INIT || probe == ICMPX_FN_PING_INIT_SOCK) {
		socket = (__u64)BPF_CORE_READ((struct sock *)PT_REGS_PARM1(ctx), sk_socket);
		setup = bpf_map_lookup_elem(&setups, &socket);
		if (setup)
			call_set(&setup->calls[2], ctx, probe);
		return 0;
	}
	list = own_list();
	if (!list)
		return 0;
	setup = &list->setup;
	if (probe == ICMPX_FN_SYS_SOCKET) {
		call_set(&setup->calls[0], ctx, probe);
	} else if (setup->calls[0].time) {
		call_set(&setup->calls[1], ctx, probe);
		setup->calls[2].time = 0;
		socket = PT_REGS_PARM2(ctx);
		bpf_map_update_elem(&setups, &socket, setup, BPF_ANY);
		setup->calls[0].time = 0;
	}
	return 0;
}

static __always_inline int on_softirq(struct pt_regs *ctx, struct cpu_state *cpu, __u16 probe)
{
	__u32 level = probe - ICMPX_FN_HANDLE_SOFTIRQS;
	struct softirq *softirq = own_softirq();

	if (!softirq || level >= SOFTIRQ_CALLS)
		return 0;
	for (__u32 i = 0; i < SOFTIRQ_CALLS; i++)
		if (i > level)
			softirq->calls[i].time = 0;
	call_set(&softirq->calls[level], ctx, probe);
	softirq->calls[level].flags = ICMPX_IN_SOFTIRQ;
	if (probe == ICMPX_FN_NAPI_POLL || probe == ICMPX_FN_PROCESS_BACKLOG) {
		/* Until the tracepoint napi_poll, which comes when that returns. */
		cpu->tid = bpf_get_current_pid_tgid();
		cpu->receiving = 1;
		cpu->chosen = 0;
	}
	open_noted(ctx, cpu, &softirq->calls[level]);
	return 0;
}

static __always_inline __u64 polled_socket(struct pt_regs *ctx, __u16 probe)
{
	if (probe == ICMPX_FN_SOCK_POLL)
		return (__u64)BPF_CORE_READ((struct file *)PT_REGS_PARM1(ctx), private_data);
	return PT_REGS_PARM2(ctx);
}

/* A function that is given no packet: for the one that this CPU is receiving, or for one that
 * its system call will come to. */
static __always_inline int on_call(struct pt_regs *ctx, struct cpu_state *cpu, __u16 probe)
{
	__u32 way = ways[probe % WAYS];
	struct icmpx_event *event;
	struct call *call;
	__u64 time;

	if (in_softirq(cpu)) {
		event = event_begin_carried(cpu, probe);
		if (!event)
			return 0;
		time = bpf_ktime_get_ns();
		event_write_as_of(time);
		if (graph)
			open_call(ctx, event, time);
		event_end(cpu);
		return 0;
	}
	call = list_add(ctx, probe, way & POLLS);
	if (!call)
		return 0;
	if (way & POLLS)
		call->socket = polled_socket(ctx, probe);
	open_noted(ctx, cpu, call);
	return 0;
}

static __always_inline int on_function(struct pt_regs *ctx, __u64 function)
{
	__u16 probe = ICMPX_FUNCTION_PROBE(function);
	struct cpu_state *cpu;
	__u32 way;

	if (!enabled || !function)
		return 0;
	cpu = this_cpu();
	if (!cpu)
		return 0;
	way = ways[probe % WAYS];
	if (ICMPX_FUNCTION_SKB(function))
		return on_packet(ctx, cpu, function);
	if (way & SOFTIRQ)
		return on_softirq(ctx, cpu, probe);
	if (way & SETS_UP)
		return on_setup(ctx, probe);
	return on_call(ctx, cpu, probe);
}

SEC("kprobe.multi")
int on_kprobe_multi(struct pt_regs *ctx)
{
	return on_function(ctx, bpf_get_attach_cookie(ctx));
}

/* Before Linux 5.15 there are no cookies. */
SEC("kprobe")
int on_kprobe(struct pt_regs *ctx)
{
	__u64 address = PT_REGS_IP(ctx);
	__u64 *function = bpf_map_lookup_elem(&functions, &address);

	return function ? on_function(ctx, *function) : 0;
}

/* Of a call that returned before it was known which packet it was for. */
static __always_inline void note_return(struct pt_regs *ctx, const struct icmpx_event *event,
					__u64 took)
{
	__u32 way = ways[event->probe % WAYS];
	struct call *call;

	if (event->flags & ICMPX_IN_SOFTIRQ)
		return;
	call = list_add(ctx, event->probe, way & POLLS);
	if (!call)
		return;
	call->stack = 0;
	call->socket = event->skb;
	call->flags = ICMPX_RETURN;
	call->detail[0] = PT_REGS_RC(ctx);
	call->detail[1] = took;
}

static __always_inline void write_return(struct pt_regs *ctx, struct cpu_state *cpu,
					 const struct icmpx_event *open, __u64 time)
{
	struct icmpx_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		cpu->lost++;
		return;
	}
	*event = *open;
	event->flags |= ICMPX_RETURN;
	event->cpu = bpf_get_smp_processor_id();
	event->lost = cpu->lost;
	event->detail[0] = PT_REGS_RC(ctx);
	event->detail[1] = time - open->time;
	event->time = time;
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
}

static __always_inline int on_return(struct pt_regs *ctx)
{
	struct opened_key key = {.stack = PT_REGS_SP(ctx) - RETURN_ADDRESS_BYTES};
	struct cpu_state *cpu = this_cpu();
	struct icmpx_event *open = NULL;
	__u64 time;

	if (!enabled || !cpu)
		return 0;
	/* The last one that was called returns first. */
	for (int i = 0; i < NESTED && !open; i++) {
		key.nth = NESTED - 1 - i;
		open = bpf_map_lookup_elem(&opened, &key);
	}
	if (!open)
		return 0;
	time = bpf_ktime_get_ns();
	if (open->tid == (__u32)bpf_get_current_pid_tgid()) {
		if (open->packet.family)
			write_return(ctx, cpu, open, time);
		else
			note_return(ctx, open, time - open->time);
	}
	bpf_map_delete_elem(&opened, &key);
	return 0;
}

SEC("kretprobe.multi")
int on_kretprobe_multi(struct pt_regs *ctx)
{
	return on_return(ctx);
}

SEC("kretprobe")
int on_kretprobe(struct pt_regs *ctx)
{
	return on_return(ctx);
}
