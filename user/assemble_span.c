// SPDX-License-Identifier: GPL-2.0-only
/* From when to when a ping lasted, and the system calls in that time. */
#include "assemble_open.h"

#include <string.h>

#define MAX_CALLS 32 /* of a ping; more are not shown */

static __u64 first_hop(const struct open_ping *open)
{
	const struct ping *ping = &open->ping;
	__u64 first = 0;

	for (__u32 i = 0; i < ping->count; i++) {
		if (is_on_way(&ping->hops[i].event)) {
			first = ping->hops[i].event.time;
			break;
		}
	}
	if (!first && ping->count)
		first = ping->hops[0].event.time;
	if (open->start.entered && open->start.entered < first)
		first = open->start.entered;
	return first;
}

/* When the system call returned that read the packet at `read`; else when it was read. */
static __u64 read_until(const struct ping *ping, __u32 read)
{
	const struct icmpx_event *copy = &ping->hops[read].event;

	for (__u32 i = read + 1; i < ping->count; i++) {
		const struct icmpx_event *event = &ping->hops[i].event;

		if (event->probe == ICMPX_TP_SYS_EXIT && event->tid == copy->tid &&
		    (!event->entered || !copy->entered || event->entered == copy->entered))
			return event->time;
	}
	return copy->time;
}

/* By the process that sent it if that reads it too: other sockets may get clones. */
static __u64 last_of_read(const struct ping *ping)
{
	__u32 read = ping->count;
	__u64 last = 0;

	for (__u32 i = 0; i < ping->count; i++) {
		const struct hop *hop = &ping->hops[i];

		if ((hop->leg != ICMPX_KIND_REPLY && hop->leg != ICMPX_KIND_UDP) || hop->copy)
			continue;
		if (hop->event.probe == ICMPX_TP_USER_RECEIVE && hop->event.time > last)
			last = hop->event.time;
		if (hop->event.probe != ICMPX_TP_COPY)
			continue;
		if (read == ping->count ||
		    (hop->event.tid == ping->tid && ping->hops[read].event.tid != ping->tid))
			read = i;
	}
	if (read < ping->count && read_until(ping, read) > last)
		last = read_until(ping, read);
	return last;
}

static __u64 last_of_answer(const struct ping *ping)
{
	__u64 last = 0;

	for (__u32 i = 0; i < ping->count; i++) {
		const struct hop *hop = &ping->hops[i];

		switch (hop->event.probe) {
		case ICMPX_TP_NET_DEV_QUEUE:
		case ICMPX_TP_NET_DEV_START:
		case ICMPX_TP_NET_DEV_XMIT:
			if (hop->leg != ICMPX_KIND_REPLY || hop->copy)
				break;
			last = hop->event.time;
			break;
		case ICMPX_TP_XDP_REPLY:
			last = hop->event.time;
			break;
		}
	}
	return last;
}

static __u64 last_of_error(const struct ping *ping)
{
	__u64 last = 0;

	for (__u32 i = 0; i < ping->count; i++) {
		const struct hop *hop = &ping->hops[i];

		switch (hop->event.probe) {
		case ICMPX_TP_CONSUME:
		case ICMPX_TP_DROP:
		case ICMPX_TP_NET_DEV_XMIT:
			continue;
		}
		if (hop->event.probe == ICMPX_TP_ICMP_SEND ||
		    (hop->leg == ICMPX_KIND_ERROR && !is_function(&hop->event)))
			last = hop->event.time;
	}
	return last;
}

/* Where it died first: what comes after may be other clones. */
static __u64 last_of_drop(const struct ping *ping)
{
	for (__u32 i = 0; i < ping->count; i++) {
		const struct hop *hop = &ping->hops[i];

		if (hop->event.probe == ICMPX_TP_QUEUE_FULL ||
		    (hop->event.probe == ICMPX_TP_DROP && !hop->benign))
			return hop->event.time;
	}
	return 0;
}

static __u64 last_on_way(const struct ping *ping)
{
	for (__u32 i = ping->count; i-- > 0;)
		if (is_on_way(&ping->hops[i].event) && !ping->hops[i].benign)
			return ping->hops[i].event.time;
	return 0;
}

void ping_set_span(struct open_ping *open)
{
	struct ping *ping = &open->ping;

	ping->first = first_hop(open);
	switch (ping->end) {
	case PING_COMPLETE:
	case PING_RECEIVED:
		ping->last = last_of_read(ping);
		break;
	case PING_ANSWERED:
		ping->last = last_of_answer(ping);
		break;
	case PING_ERROR:
		ping->last = last_of_error(ping);
		break;
	case PING_DROPPED:
		ping->last = last_of_drop(ping);
		break;
	default:
		ping->last = last_on_way(ping);
	}
	/* The hop that ended it may be among those left out. */
	if (!ping->last)
		ping->last = last_on_way(ping);
	if (ping->last < ping->first)
		ping->last = ping->first;
}

/* --- system calls --- */

struct call {
	__u32 tid;
	__u64 entered;
};

static bool is_new_call(struct call *calls, size_t *count, const struct icmpx_event *event)
{
	for (size_t i = 0; i < *count; i++)
		if (calls[i].tid == event->tid && calls[i].entered == event->entered)
			return false;
	if (*count == MAX_CALLS)
		return false;
	calls[*count] = (struct call){event->tid, event->entered};
	(*count)++;
	return true;
}

static bool has_room(struct open_ping *open, __u32 count)
{
	struct hop *hops;

	if (open->capacity >= count)
		return true;
	hops = reallocarray(open->ping.hops, count, sizeof(*hops));
	if (!hops)
		return false;
	open->ping.hops = hops;
	open->capacity = count;
	return true;
}

static void insert_call(struct ping *ping, struct hop hop)
{
	__u32 at = ping->count;

	hop.synthetic = 1;
	hop.event.probe = HOP_SYSCALL;
	hop.event.time = hop.event.entered;
	hop.event.stack = 0;
	/* Before what it did at the same time. */
	while (at && ping->hops[at - 1].event.time >= hop.event.time)
		at--;
	memmove(&ping->hops[at + 1], &ping->hops[at], (ping->count - at) * sizeof(hop));
	ping->hops[at] = hop;
	ping->count++;
}

void ping_add_syscalls(struct open_ping *open, __u32 max_hops)
{
	struct ping *ping = &open->ping;
	struct call calls[MAX_CALLS];
	size_t count = 0, added = 0;
	__u32 from[MAX_CALLS];
	struct hop hops[MAX_CALLS];

	for (__u32 i = 0; i < ping->count; i++) {
		const struct icmpx_event *event = &ping->hops[i].event;

		if (!names_syscall(event) || event->entered < ping->first ||
		    event->entered > event->time || !is_new_call(calls, &count, event))
			continue;
		from[added++] = i;
	}
	if (added > max_hops - ping->count)
		added = max_hops - ping->count;
	if (!added || !has_room(open, ping->count + added))
		return;
	for (size_t i = 0; i < added; i++)
		hops[i] = ping->hops[from[i]];
	for (size_t i = 0; i < added; i++)
		insert_call(ping, hops[i]);
}
