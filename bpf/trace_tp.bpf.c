// SPDX-License-Identifier: GPL-2.0-only
/* Backend tp: static tracepoints, which every kernel has. What lies between them is seen in
 * stacks. Each program leaves at the first thing that says "not a packet of interest". */
#include "trace.h"
#include "compat.h"

char LICENSE[] SEC("license") = "GPL";

/* An event like most: where the packet is, and no more. */
static __always_inline int observe(void *ctx, struct sk_buff *skb, __u16 probe, int how,
				   __u64 detail, __u64 more)
{
	struct icmpx_event *event;
	struct cpu_state *cpu;

	if (!enabled)
		return 0;
	cpu = this_cpu();
	if (!cpu)
		return 0;
	event = event_take(cpu);
	if (event_choose_skb(event, skb, probe, how)) {
		event->detail[0] = detail;
		event->detail[1] = more;
		event_emit(ctx, event);
	}
	event_end(cpu);
	return 0;
}

/* Whether the system call's own message has the packet's sequence number. It is read where it
 * is needed, since system calls are many. */
static __always_inline bool has_its_seq(const struct task_slot *slot,
					const struct icmpx_event *event)
{
	__be16 head[4];

	if (!slot->message || event->packet.kind != ICMPX_KIND_REQUEST)
		return false;
	return !bpf_probe_read_user(head, sizeof(head), (void *)slot->message) &&
	       head[3] == event->packet.seq;
}

/* Whether it is the current task's system call that sends. A packet that had to wait for its
 * neighbour's address leaves in the softirq that brings it, which may have come on top of
 * the very system call; and the last in a neighbour's queue may be somebody else's. */
static __always_inline bool sends_it(const struct task_slot *slot, const struct icmpx_event *event)
{
	if (!slot || !slot->entered)
		return false;
	if (event->flags & ICMPX_IN_SOFTIRQ)
		return event->sk && has_its_seq(slot, event);
	return event->probe != ICMPX_TP_NEIGH_WAIT || !slot->message ||
	       event->packet.kind != ICMPX_KIND_REQUEST || has_its_seq(slot, event);
}

/* As observe(), by a task's system call. */
static __always_inline int observe_send(void *ctx, struct sk_buff *skb, __u16 probe, int how,
					__u64 detail, __u64 more)
{
	struct icmpx_event *event;
	struct task_slot *slot;
	struct cpu_state *cpu;

	if (!enabled)
		return 0;
	cpu = this_cpu();
	if (!cpu)
		return 0;
	event = event_take(cpu);
	if (event_choose_skb(event, skb, probe, how)) {
		event->detail[0] = detail;
		event->detail[1] = more;
		slot = own_slot();
		if (sends_it(slot, event)) {
			event_in_syscall(event, slot);
			slot_touch(slot, event);
		}
		event_emit(ctx, event);
	}
	event_end(cpu);
	return 0;
}

SEC("tp_btf/net_dev_queue")
int BPF_PROG(on_net_dev_queue, struct sk_buff *skb)
{
	return observe_send(ctx, skb, ICMPX_TP_NET_DEV_QUEUE, 0, 0, 0);
}

SEC("tp_btf/neigh_event_send_done")
int BPF_PROG(on_neigh_event_send_done, struct neighbour *neighbour, int rc)
{
	struct sk_buff *skb = neighbour->arp_queue.prev;

	/* An empty queue's head points to itself. */
	if (!rc || skb == (void *)&neighbour->arp_queue)
		return 0;
	return observe_send(ctx, skb, ICMPX_TP_NEIGH_WAIT, 0, 0, 0);
}

SEC("tp_btf/net_dev_start_xmit")
int BPF_PROG(on_net_dev_start_xmit, struct sk_buff *skb)
{
	struct icmpx_event *event;
	struct cpu_state *cpu;
	__u32 next;

	if (!enabled)
		return 0;
	cpu = this_cpu();
	if (!cpu)
		return 0;
	event = event_take(cpu);
	if (event_choose_skb(event, skb, ICMPX_TP_NET_DEV_START, 0)) {
		next = cpu->sent_next++ & 3;
		cpu->sent[next].skb = event->skb;
		cpu->sent[next].head = event->head;
		cpu->sent[next].netns = event->netns;
		cpu->sent[next].ifindex = event->ifindex;
		cpu->sent[next].packet = event->packet;
		event_emit(ctx, event);
	}
	event_end(cpu);
	return 0;
}

/* The packet belongs to whoever the driver gave it to, or is freed: nothing is read from it. */
SEC("tp_btf/net_dev_xmit")
int BPF_PROG(on_net_dev_xmit, struct sk_buff *skb, int rc)
{
	struct icmpx_event *event;
	struct cpu_state *cpu;
	__u32 i;

	if (!enabled)
		return 0;
	cpu = this_cpu();
	if (!cpu)
		return 0;
	for (i = 0; i < 4; i++)
		if (cpu->sent[i].skb == (__u64)skb)
			break;
	if (i == 4)
		return 0;
	cpu->sent[i].skb = 0;
	event = event_begin(cpu, ICMPX_TP_NET_DEV_XMIT);
	event->skb = (__u64)skb;
	event->head = cpu->sent[i].head;
	event->netns = cpu->sent[i].netns;
	event->ifindex = cpu->sent[i].ifindex;
	event->packet = cpu->sent[i].packet;
	event->detail[0] = rc;
	if (in_softirq(cpu))
		event->flags = ICMPX_IN_SOFTIRQ;
	event_emit(ctx, event);
	event_end(cpu);
	return 0;
}

SEC("tp_btf/netif_rx")
int BPF_PROG(on_netif_rx, struct sk_buff *skb)
{
	return observe(ctx, skb, ICMPX_TP_NETIF_RX, ON_DATA, 0, 0);
}

SEC("tp_btf/netif_receive_skb")
int BPF_PROG(on_netif_receive_skb, struct sk_buff *skb)
{
	struct icmpx_event *event;
	struct cpu_state *cpu;

	if (!enabled)
		return 0;
	cpu = this_cpu();
	if (!cpu)
		return 0;
	cpu->tid = bpf_get_current_pid_tgid();
	cpu->receiving = 1;
	cpu->chosen = 0;
	cpu->ready = 0;
	event = event_take(cpu);
	if (event_choose_skb(event, skb, ICMPX_TP_RECEIVE, ON_DATA)) {
		cpu_carry(cpu, event);
		event_emit(ctx, event);
	}
	event_end(cpu);
	return 0;
}

SEC("tp_btf/napi_poll")
int BPF_PROG(on_napi_poll)
{
	struct cpu_state *cpu;

	if (!enabled)
		return 0;
	cpu = this_cpu();
	if (!cpu)
		return 0;
	cpu->receiving = 0;
	cpu->chosen = 0;
	return 0;
}

SEC("tp_btf/consume_skb")
int BPF_PROG(on_consume_skb, struct sk_buff *skb)
{
	return observe(ctx, skb, ICMPX_TP_CONSUME, BY_SK, 0, 0);
}

/* Until 5.16. The program below does not load there, not even behind a constant. */
SEC("tp_btf/kfree_skb")
int BPF_PROG(on_kfree_skb, struct sk_buff *skb, void *location)
{
	return observe_send(ctx, skb, ICMPX_TP_DROP, BY_SK, (__u64)location, 0);
}

SEC("tp_btf/kfree_skb")
int BPF_PROG(on_kfree_skb_reason, struct sk_buff *skb, void *location, __u32 reason)
{
	return observe_send(ctx, skb, ICMPX_TP_DROP, BY_SK, (__u64)location, reason);
}

SEC("tp_btf/icmp_send")
int BPF_PROG(on_icmp_send, struct sk_buff *skb, int type, int code)
{
	return observe(ctx, skb, ICMPX_TP_ICMP_SEND, 0, type, code);
}

SEC("tp_btf/sock_rcvqueue_full")
int BPF_PROG(on_sock_rcvqueue_full, struct sock *sk, struct sk_buff *skb)
{
	return observe(ctx, skb, ICMPX_TP_QUEUE_FULL, 0, compat_rmem_alloc(sk), sk->sk_rcvbuf);
}

static __always_inline __u64 socket_kind(const struct sock *sk)
{
	return (__u64)sk->sk_type << 16 | sk->sk_protocol;
}

SEC("tp_btf/skb_copy_datagram_iovec")
int BPF_PROG(on_skb_copy_datagram_iovec, struct sk_buff *skb, int bytes)
{
	struct icmpx_event *event;
	struct task_slot *slot;
	struct cpu_state *cpu;
	struct sock *sk;

	if (!enabled)
		return 0;
	cpu = this_cpu();
	if (!cpu)
		return 0;
	event = event_take(cpu);
	if (event_choose_skb(event, skb, ICMPX_TP_COPY, BY_SK)) {
		event->detail[0] = bytes;
		sk = skb->sk;
		if (sk)
			event->detail[1] = socket_kind(sk);
		slot = task_slot(event->tid);
		if (slot) {
			/* A daemon may be in this call since before the trace began. */
			if (slot->tid != event->tid)
				slot_take_over(slot, event->tid);
			event_in_syscall(event, slot);
			slot_touch(slot, event);
		}
		event_emit(ctx, event);
	}
	event_end(cpu);
	return 0;
}

/* A socket is told of what is being received. */
static __always_inline int observe_socket(void *ctx, struct sock *sk, __u16 probe, __u64 detail)
{
	struct icmpx_event *event;
	struct cpu_state *cpu;

	if (!enabled)
		return 0;
	cpu = this_cpu();
	if (!cpu)
		return 0;
	event = event_begin_carried(cpu, probe);
	if (!event)
		return 0;
	cpu->ready = 1;
	event->sk = (__u64)sk;
	event->detail[0] = detail;
	event->detail[1] = socket_kind(sk);
	event_emit(ctx, event);
	event_end(cpu);
	return 0;
}

SEC("tp_btf/sk_data_ready")
int BPF_PROG(on_sk_data_ready, struct sock *sk)
{
	return observe_socket(ctx, sk, ICMPX_TP_DATA_READY, 0);
}

SEC("tp_btf/inet_sk_error_report")
int BPF_PROG(on_inet_sk_error_report, struct sock *sk)
{
	return observe_socket(ctx, sk, ICMPX_TP_ERROR_REPORT, sk->sk_err);
}

/* Whether the task waits for what is being received: a socket was just given it. Where the
 * kernel does not show that (until 6.11, and errors), it sleeps in a system call that may
 * read. */
static __always_inline bool is_reader(struct cpu_state *cpu, struct task_slot *slot, __u32 tid)
{
	bool shown = config.data_ready && cpu->packet.kind != ICMPX_KIND_ERROR;

	if (!cpu->ready && (shown || slot->tid != tid || !slot->entered))
		return false;
	if (slot->tid != tid)
		slot_take_over(slot, tid);
	return true;
}

SEC("tp_btf/sched_waking")
int BPF_PROG(on_sched_waking, struct task_struct *task)
{
	struct icmpx_event *event;
	struct task_slot *slot;
	struct cpu_state *cpu;
	__u32 tid;

	if (!enabled)
		return 0;
	cpu = this_cpu();
	if (!cpu || !cpu->chosen)
		return 0;
	tid = task->pid;
	slot = task_slot(tid);
	if (!slot || !is_reader(cpu, slot, tid))
		return 0;
	event = event_begin_carried(cpu, ICMPX_TP_WAKING);
	if (!event)
		return 0;
	cpu->ready = 0;
	event->tid = tid;
	event->tgid = task->tgid;
	event_in_syscall(event, slot);
	slot->packet = event->packet;
	slot->skb = event->skb;
	slot->flags |= SLOT_WOKEN | SLOT_TOUCHED; /* and its system call will return */
	name_task(slot, event->tgid, task->comm);
	event_emit(ctx, event);
	event_end(cpu);
	return 0;
}

/* What a task's system call has to do with the packet that its slot holds. Without a stack:
 * here it is that of whoever ran before, or says nothing. */
static __always_inline void observe_task(struct cpu_state *cpu, struct task_slot *slot, __u16 probe,
					 __u32 tgid, __u64 detail, __u64 more)
{
	struct icmpx_event *event = event_begin(cpu, probe);

	event->tid = slot->tid;
	event->tgid = tgid;
	event->skb = slot->skb;
	event->packet = slot->packet;
	event->detail[0] = detail;
	event->detail[1] = more;
	event_in_syscall(event, slot);
	event_write();
	event_end(cpu);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_sched_switch, bool preempt, struct task_struct *before, struct task_struct *next)
{
	struct task_slot *slot;
	struct cpu_state *cpu;
	__u32 tid;

	if (!enabled)
		return 0;
	tid = next->pid;
	slot = task_slot(tid);
	if (!slot || slot->tid != tid || !(slot->flags & SLOT_WOKEN))
		return 0;
	slot->flags &= ~SLOT_WOKEN;
	cpu = this_cpu();
	if (cpu)
		observe_task(cpu, slot, ICMPX_TP_SWITCH_IN, next->tgid, 0, 0);
	return 0;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(on_sys_enter, struct pt_regs *regs, long number)
{
	struct task_slot *slot;
	struct cpu_state *cpu;
	__u32 tid;

	if (!enabled || (__u64)number >= 64 * ICMPX_SYSCALL_WORDS)
		return 0;
	if (!(config.syscalls[number / 64] >> (number % 64) & 1))
		return 0;
	cpu = this_cpu();
	tid = bpf_get_current_pid_tgid();
	slot = task_slot(tid);
	if (!slot || !cpu)
		return 0;
	if (cpu->receiving && cpu->tid == tid)
		cpu->receiving = 0; /* a softirq has ended by now, napi_poll or not (tun) */
	if (slot->tid != tid) {
		slot->tid = tid;
		slot->flags = 0;
	}
	slot->flags &= SLOT_NAMED;
	slot->syscall = number;
	slot->fd = PT_REGS_PARM1_CORE_SYSCALL(regs);
	slot->message = number == config.sendto ? PT_REGS_PARM2_CORE_SYSCALL(regs) : 0;
	slot->entered = bpf_ktime_get_ns();
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(on_sys_exit, struct pt_regs *regs, long result)
{
	struct task_slot *slot;
	struct cpu_state *cpu;

	if (!enabled)
		return 0;
	slot = own_slot();
	if (!slot || !(slot->entered || slot->flags & SLOT_TOUCHED))
		return 0;
	if (slot->flags & SLOT_TOUCHED) {
		if (slot->syscall < 0)
			slot->syscall = compat_syscall_number(regs);
		cpu = this_cpu();
		if (cpu)
			observe_task(cpu, slot, ICMPX_TP_SYS_EXIT, bpf_get_current_pid_tgid() >> 32,
				     result, slot->syscall);
	}
	slot->flags &= SLOT_NAMED;
	slot->entered = 0;
	return 0;
}

/* With a filter by task: children are meant too. The parent is the current task. */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_sched_process_fork, struct task_struct *parent, struct task_struct *child)
{
	__u32 of_child = child->tgid, one = 1;

	if (is_followed())
		bpf_map_update_elem(&tgids, &of_child, &one, BPF_ANY);
	return 0;
}
