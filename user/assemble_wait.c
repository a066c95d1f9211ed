// SPDX-License-Identifier: GPL-2.0-only
/* A ping that has ended is handed on after some silence: what belongs to it may still come, a
 * socket's reader, what ICMP does with the reply. On a machine that is starved of its processor, a
 * guest whose host has others to run, that comes late. How late is seen within softirqs, where
 * nothing waits for anything but the processor. */
#include "assemble_open.h"

#define MS 1000000ULL
#define S  1000000000ULL

#define PATIENCE   4 /* times the longest gap that was seen lately */
#define LINGER_MAX (200 * MS)

static void set_linger(struct assembler *assembler, __u64 linger)
{
	__u64 more = 10 * assembler->options.linger;

	assembler->wait[WAIT_LINGER] = linger;
	assembler->wait[WAIT_MORE] = at_most(10 * linger, more > S ? more : S);
}

void wait_begin(struct assembler *assembler)
{
	set_linger(assembler, assembler->options.linger);
	assembler->wait[WAIT_SECOND] = at_most(S, assembler->options.timeout);
	assembler->wait[WAIT_REPLY] = assembler->options.timeout;
}

/* Since the last event of the same packet's way in the same softirq; 0: it is not that. */
static __u64 gap_before(const struct cpu *cpu, const struct open_ping *open,
			const struct icmpx_event *event)
{
	if (!cpu->last.softirq || !(event->flags & ICMPX_IN_SOFTIRQ) ||
	    cpu->last.serial != open->serial || cpu->last.kind != event->packet.kind ||
	    event->time < cpu->last.time)
		return 0;
	return event->time - cpu->last.time;
}

void wait_watch(struct assembler *assembler, struct cpu *cpu, const struct open_ping *open,
		const struct icmpx_event *event)
{
	__u64 least = assembler->options.linger, linger = assembler->wait[WAIT_LINGER];
	__u64 wanted = at_most(PATIENCE * gap_before(cpu, open, event), LINGER_MAX);

	if (wanted > linger) {
		set_linger(assembler, wanted);
		assembler->slow_since = event->time;
	} else if (linger > least && event->time - assembler->slow_since > S) {
		set_linger(assembler, linger / 2 > least ? linger / 2 : least);
		assembler->slow_since = event->time;
	}
	cpu->last.serial = open->serial;
	cpu->last.time = event->time;
	cpu->last.kind = event->packet.kind;
	cpu->last.softirq = event->flags & ICMPX_IN_SOFTIRQ;
}
