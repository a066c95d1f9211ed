// SPDX-License-Identifier: GPL-2.0-only
#include "stages.h"

/* Where the packet, later its reader, has got to: the boundaries between stages. */
enum place {
	PLACE_START, /* of the span, wherever that is */
	PLACE_CALLED,
	PLACE_NEIGHBOUR,
	PLACE_QUEUED,
	PLACE_STARTED,
	PLACE_SENT, /* and on its way to another machine */
	PLACE_BACKLOG,
	PLACE_RECEIVED,
	PLACE_ICMP,
	PLACE_MADE, /* the answer: a reply, an error */
	PLACE_XDP,
	PLACE_READY, /* in the socket's queue */
	PLACE_WOKEN,
	PLACE_RUNNING,
	PLACE_READING,
	PLACE_COPIED,
	PLACE_RETURNED,
	PLACE_DONE,
	PLACE_DROPPED,
	PLACE_MAX, /* beside the way */
};

#define AT(place) (1U << PLACE_##place)

/* Which stage ends where it comes from one of `from` to `to`, on the same leg and where the leg
 * changes. First match. */
static const struct step {
	__u32 from;
	enum place to;
	enum stage same, turned;
} steps[] = {
	{AT(CALLED), PLACE_CALLED, STAGE_SEND, STAGE_OTHER},
	{AT(CALLED), PLACE_NEIGHBOUR, STAGE_SEND, STAGE_OTHER},
	{AT(CALLED), PLACE_QUEUED, STAGE_SEND, STAGE_OTHER},
	{AT(NEIGHBOUR), PLACE_QUEUED, STAGE_NEIGHBOUR, STAGE_OTHER},
	/* A device on top of another one: bridge, macvlan, tunnel. */
	{AT(STARTED), PLACE_QUEUED, STAGE_DRIVER, STAGE_OTHER},
	{AT(RECEIVED), PLACE_QUEUED, STAGE_FORWARD, STAGE_ICMP},
	{AT(ICMP), PLACE_QUEUED, STAGE_OTHER, STAGE_ICMP},
	{AT(MADE), PLACE_QUEUED, STAGE_TRANSMIT, STAGE_TRANSMIT},
	{AT(BACKLOG), PLACE_QUEUED, STAGE_OTHER, STAGE_OTHER},
	{AT(QUEUED), PLACE_STARTED, STAGE_QUEUE, STAGE_OTHER},
	{AT(BACKLOG) | AT(RECEIVED), PLACE_STARTED, STAGE_OTHER, STAGE_OTHER},
	{AT(STARTED), PLACE_SENT, STAGE_DRIVER, STAGE_OTHER},
	{AT(STARTED), PLACE_BACKLOG, STAGE_DRIVER, STAGE_WIRE},
	{AT(XDP), PLACE_BACKLOG, STAGE_DRIVER, STAGE_DRIVER},
	{AT(RECEIVED), PLACE_BACKLOG, STAGE_RECEIVE, STAGE_OTHER},
	{AT(BACKLOG), PLACE_RECEIVED, STAGE_SOFTIRQ, STAGE_OTHER},
	{AT(STARTED), PLACE_RECEIVED, STAGE_DRIVER, STAGE_WIRE},
	{AT(XDP), PLACE_RECEIVED, STAGE_DRIVER, STAGE_DRIVER},
	{AT(RECEIVED), PLACE_ICMP, STAGE_RECEIVE, STAGE_RECEIVE},
	{AT(RECEIVED) | AT(ICMP), PLACE_MADE, STAGE_ICMP, STAGE_ICMP},
	{AT(CALLED), PLACE_MADE, STAGE_SEND, STAGE_SEND},
	{AT(NEIGHBOUR), PLACE_MADE, STAGE_NEIGHBOUR, STAGE_NEIGHBOUR},
	{AT(STARTED) | AT(BACKLOG) | AT(RECEIVED), PLACE_XDP, STAGE_XDP, STAGE_XDP},
	{AT(RECEIVED), PLACE_READY, STAGE_RECEIVE, STAGE_OTHER},
	{AT(RECEIVED), PLACE_WOKEN, STAGE_RECEIVE, STAGE_OTHER},
	{AT(READY), PLACE_WOKEN, STAGE_WAKEUP, STAGE_OTHER},
	{AT(READY) | AT(WOKEN), PLACE_RUNNING, STAGE_WAKEUP, STAGE_OTHER},
	{AT(READY), PLACE_READING, STAGE_WAIT, STAGE_OTHER},
	{AT(WOKEN), PLACE_READING, STAGE_WAKEUP, STAGE_OTHER},
	{AT(RUNNING) | AT(READING), PLACE_READING, STAGE_READ, STAGE_OTHER},
	{AT(READY), PLACE_COPIED, STAGE_WAIT, STAGE_OTHER},
	{AT(WOKEN), PLACE_COPIED, STAGE_WAKEUP, STAGE_OTHER},
	{AT(RUNNING) | AT(READING), PLACE_COPIED, STAGE_READ, STAGE_OTHER},
	{AT(COPIED), PLACE_COPIED, STAGE_COPY, STAGE_OTHER},
	{AT(COPIED), PLACE_RETURNED, STAGE_COPY, STAGE_OTHER},
	{AT(WOKEN) | AT(RUNNING) | AT(READING), PLACE_RETURNED, STAGE_READ, STAGE_OTHER},
	{AT(RECEIVED), PLACE_DONE, STAGE_RECEIVE, STAGE_OTHER},
	{AT(COPIED) | AT(RETURNED), PLACE_DONE, STAGE_COPY, STAGE_OTHER},
};

/* The stage that begins there: the one in which a packet was dropped. */
static const enum stage begins[PLACE_MAX] = {
	[PLACE_START] = STAGE_OTHER,         [PLACE_CALLED] = STAGE_SEND,
	[PLACE_NEIGHBOUR] = STAGE_NEIGHBOUR, [PLACE_QUEUED] = STAGE_QUEUE,
	[PLACE_STARTED] = STAGE_DRIVER,      [PLACE_SENT] = STAGE_OTHER,
	[PLACE_BACKLOG] = STAGE_SOFTIRQ,     [PLACE_RECEIVED] = STAGE_RECEIVE,
	[PLACE_ICMP] = STAGE_ICMP,           [PLACE_MADE] = STAGE_TRANSMIT,
	[PLACE_XDP] = STAGE_DRIVER,          [PLACE_READY] = STAGE_WAIT,
	[PLACE_WOKEN] = STAGE_WAKEUP,        [PLACE_RUNNING] = STAGE_READ,
	[PLACE_READING] = STAGE_READ,        [PLACE_COPIED] = STAGE_COPY,
	[PLACE_RETURNED] = STAGE_OTHER,      [PLACE_DONE] = STAGE_OTHER,
	[PLACE_DROPPED] = STAGE_OTHER,
};

/* The way as far as it has been followed. */
struct way {
	const struct ping *ping;
	struct budget *budget;
	enum place place;
	__u8 leg;
	__u32 at;     /* the last boundary's index */
	__u64 time;   /* and time, within the span */
	__u64 sent;   /* `entered` of the system call that sends */
	__u32 reader; /* its tgid; 0: unknown */
	__u64 socket; /* that it reads from; 0: unknown */
	bool stamps;  /* only time stamps were seen of the way between the system calls */
	bool errors;  /* an error is the answer */
};

/* Requests come before replies, errors about either after them. */
static int leg_order(__u8 leg)
{
	switch (leg) {
	case ICMPX_KIND_REQUEST:
	case ICMPX_KIND_UDP:
		return 1;
	case ICMPX_KIND_REPLY:
		return 2;
	case ICMPX_KIND_ERROR:
		return 3;
	}
	return 0;
}

static bool in_span(const struct ping *ping, const struct hop *hop)
{
	return hop->event.time >= ping->first && hop->event.time <= ping->last;
}

static bool is_reader(const struct way *way, const struct hop *hop)
{
	return !way->reader || hop->event.tgid == way->reader;
}

/* Raw sockets get requests too, but no request's way ends there. */
static bool is_for_reader(__u8 leg)
{
	return leg != ICMPX_KIND_REQUEST;
}

static bool is_queueing(const struct way *way, const struct hop *hop)
{
	switch (hop->event.probe) {
	case ICMPX_TP_DATA_READY:
	case ICMPX_TP_ERROR_REPORT:
	case ICMPX_FN_DEF_READABLE:
		return is_for_reader(hop->leg) && !hop->copy &&
		       (!way->socket || !hop->event.sk || hop->event.sk == way->socket);
	case ICMPX_TP_WAKING:
		return is_for_reader(hop->leg) && !hop->copy && is_reader(way, hop);
	}
	return false;
}

/* Whether the socket gets it only after the hop of that index. */
static bool is_queued_later(const struct way *way, __u32 index)
{
	for (__u32 i = index + 1; i < way->ping->count; i++)
		if (in_span(way->ping, &way->ping->hops[i]) &&
		    is_queueing(way, &way->ping->hops[i]))
			return true;
	return false;
}

static enum place place_of_entry(const struct way *way, const struct hop *hop, __u32 index)
{
	if (way->place <= PLACE_CALLED)
		return leg_order(hop->leg) == 1 ? PLACE_CALLED : PLACE_MAX;
	if (way->place < PLACE_RECEIVED || !is_for_reader(way->leg) || !is_reader(way, hop))
		return PLACE_MAX;
	/* A reader that came before the packet is no part of its way. */
	if (way->place < PLACE_READY && is_queued_later(way, index))
		return PLACE_MAX;
	return PLACE_READING;
}

static enum place place_of_exit(const struct way *way, const struct hop *hop)
{
	if (!is_reader(way, hop) || (way->sent && hop->event.entered == way->sent))
		return PLACE_MAX;
	if (way->place == PLACE_COPIED)
		return PLACE_RETURNED;
	/* A call that returns an error copies nothing. */
	if (way->leg == ICMPX_KIND_ERROR && way->place >= PLACE_WOKEN)
		return PLACE_RETURNED;
	return PLACE_MAX;
}

static enum place place_of_function(const struct way *way, const struct hop *hop)
{
	switch (hop->event.probe) {
	case ICMPX_FN_ICMP_RCV:
	case ICMPX_FN_ICMPV6_RCV:
		return hop->leg == ICMPX_KIND_REQUEST ? PLACE_ICMP : PLACE_MAX;
	case ICMPX_FN_ICMP_SEND_FN:
	case ICMPX_FN_ICMP6_SEND_FN:
		return way->errors ? PLACE_ICMP : PLACE_MAX;
	case ICMPX_FN_IP_PUSH_PENDING:
	case ICMPX_FN_IP6_PUSH_PENDING:
		/* Senders call it too. */
		if (leg_order(way->leg) > 1 || way->place < PLACE_RECEIVED)
			return PLACE_MAX;
		return PLACE_MADE;
	case ICMPX_FN_DEF_READABLE:
		return is_queueing(way, hop) ? PLACE_READY : PLACE_MAX;
	}
	return PLACE_MAX;
}

static enum place place_of_reader(const struct way *way, const struct hop *hop, __u32 index)
{
	bool received = way->place >= PLACE_RECEIVED && is_for_reader(way->leg);

	switch (hop->event.probe) {
	case HOP_SYSCALL:
		return place_of_entry(way, hop, index);
	case ICMPX_TP_SYS_EXIT:
		return place_of_exit(way, hop);
	case ICMPX_TP_DATA_READY:
	case ICMPX_TP_ERROR_REPORT:
		return is_queueing(way, hop) ? PLACE_READY : PLACE_MAX;
	case ICMPX_TP_WAKING:
		return received && is_queueing(way, hop) ? PLACE_WOKEN : PLACE_MAX;
	case ICMPX_TP_SWITCH_IN:
		return received && is_reader(way, hop) ? PLACE_RUNNING : PLACE_MAX;
	case ICMPX_TP_COPY:
		return is_for_reader(hop->leg) && is_reader(way, hop) ? PLACE_COPIED : PLACE_MAX;
	case ICMPX_TP_USER_SEND:
		return way->place == PLACE_START ? PLACE_CALLED : PLACE_MAX;
	case ICMPX_TP_USER_RECEIVE:
		return PLACE_DONE;
	}
	return place_of_function(way, hop);
}

/* Where the packet is at a hop; PLACE_MAX: the hop lies beside its way. */
static enum place place_of(const struct way *way, const struct hop *hop, __u32 index)
{
	bool ends = hop->event.time >= way->ping->last;

	switch (hop->event.probe) {
	case ICMPX_TP_NEIGH_WAIT:
		return PLACE_NEIGHBOUR;
	case ICMPX_TP_NET_DEV_QUEUE:
		return PLACE_QUEUED;
	case ICMPX_TP_NET_DEV_START:
		return PLACE_STARTED;
	case ICMPX_TP_NET_DEV_XMIT:
		/* The driver returns while the packet is received already, unless it left. */
		return ends && way->place == PLACE_STARTED ? PLACE_SENT : PLACE_MAX;
	case ICMPX_TP_NETIF_RX:
		return PLACE_BACKLOG;
	case ICMPX_TP_RECEIVE:
		return PLACE_RECEIVED;
	case ICMPX_TP_XDP_REPLY:
		return PLACE_XDP;
	case ICMPX_TP_ICMP_SEND:
		return way->errors ? PLACE_MADE : PLACE_MAX;
	case ICMPX_TP_QUEUE_FULL:
	case ICMPX_TP_DROP:
		return ends && !hop->benign ? PLACE_DROPPED : PLACE_MAX;
	case ICMPX_TP_STAMP_SCHED:
		return way->stamps ? PLACE_QUEUED : PLACE_MAX;
	case ICMPX_TP_STAMP_SENT:
		return way->stamps ? PLACE_STARTED : PLACE_MAX;
	case ICMPX_TP_STAMP_RECEIVED:
		return way->stamps ? PLACE_RECEIVED : PLACE_MAX;
	}
	return place_of_reader(way, hop, index);
}

static bool is_same_netns(const struct way *way, const struct hop *hop)
{
	__u32 before = way->ping->hops[way->at].event.netns;

	return !before || !hop->event.netns || before == hop->event.netns;
}

/* The stage that ends with the hop; STAGE_MAX: it is no step forward. */
static enum stage stage_to(const struct way *way, const struct hop *hop, enum place to, bool turned)
{
	if (to == PLACE_DROPPED)
		return begins[way->place];
	/* Begun within the kernel: functions alone were seen before. */
	if (way->place == PLACE_START && to == PLACE_QUEUED)
		return leg_order(hop->leg) == 1 ? STAGE_SEND : STAGE_TRANSMIT;
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		if (steps[i].to != to || !(steps[i].from & (1U << way->place)))
			continue;
		if (steps[i].same == STAGE_FORWARD && !turned && !is_same_netns(way, hop))
			return STAGE_OTHER;
		return turned ? steps[i].turned : steps[i].same;
	}
	return turned || to > way->place ? STAGE_OTHER : STAGE_MAX;
}

static void add_span(struct budget *budget, const struct span *span)
{
	struct span *last = budget->count ? &budget->spans[budget->count - 1] : NULL;
	bool full = budget->count == ARRAY_SIZE(budget->spans);

	budget->total += span->ns;
	if (last && (full || (last->stage == span->stage && last->leg == span->leg))) {
		if (last->stage != span->stage || last->leg != span->leg)
			last->stage = STAGE_OTHER;
		last->side = span->side;
		last->to = span->to;
		last->ns += span->ns;
		return;
	}
	budget->spans[budget->count++] = *span;
}

/* Where the leg changes: the stages that are counted on the new one. */
static bool is_of_next_leg(enum stage stage)
{
	return stage == STAGE_TRANSMIT || stage == STAGE_DRIVER || stage == STAGE_OTHER;
}

static void take_hop(struct way *way, __u32 index)
{
	const struct hop *hop = &way->ping->hops[index];
	bool turned = leg_order(hop->leg) > leg_order(way->leg);
	__u64 time = hop->event.time > way->time ? hop->event.time : way->time;
	struct span span = {.side = hop->side, .from = way->at, .to = index};
	enum place place;

	if (hop->copy || (hop->event.flags & ICMPX_RETURN) ||
	    leg_order(hop->leg) < leg_order(way->leg) ||
	    (hop->leg == ICMPX_KIND_ERROR && !way->errors))
		return;
	place = place_of(way, hop, index);
	if (place == PLACE_MAX)
		return;
	span.stage = stage_to(way, hop, place, turned);
	if (span.stage == STAGE_MAX)
		return;
	span.leg = is_of_next_leg(span.stage) ? hop->leg : way->leg;
	span.ns = time - way->time;
	if (span.ns || way->place != PLACE_START)
		add_span(way->budget, &span);
	if (place == PLACE_CALLED)
		way->sent = hop->event.time;
	way->place = place;
	way->leg = hop->leg;
	way->at = index;
	way->time = time;
}

static bool is_on_link(const struct hop *hop)
{
	switch (hop->event.probe) {
	case ICMPX_TP_NET_DEV_QUEUE:
	case ICMPX_TP_NET_DEV_START:
	case ICMPX_TP_NETIF_RX:
	case ICMPX_TP_RECEIVE:
		return true;
	}
	return false;
}

/* Who reads it at the end. Others may copy it too (tcpdump): who sent it, else the first. */
static void find_reader(struct way *way)
{
	const struct ping *ping = way->ping;

	if (ping->packet.kind != ICMPX_KIND_UDP)
		way->reader = ping->tgid;
	for (__u32 i = 0, found = 0; i < ping->count; i++) {
		const struct hop *hop = &ping->hops[i];
		bool sender = ping->tgid && hop->event.tgid == ping->tgid;

		if (hop->event.probe != ICMPX_TP_COPY || hop->copy || !is_for_reader(hop->leg) ||
		    !in_span(ping, hop) || (found && !sender))
			continue;
		way->reader = hop->event.tgid;
		way->socket = hop->event.sk;
		if (sender)
			return;
		found = 1;
	}
}

void stages_budget(const struct ping *ping, struct budget *budget)
{
	struct way way = {.ping = ping, .budget = budget, .time = ping->first, .stamps = true};
	__u32 last = 0;
	bool begun = false;

	budget->count = 0;
	budget->total = 0;
	way.errors = ping->end != PING_COMPLETE && ping->end != PING_ANSWERED &&
		     ping->end != PING_RECEIVED;
	find_reader(&way);
	for (__u32 i = 0; i < ping->count; i++)
		way.stamps &= !is_on_link(&ping->hops[i]);
	for (__u32 i = 0; i < ping->count; i++) {
		if (!in_span(ping, &ping->hops[i]))
			continue;
		if (!begun) {
			way.at = i;
			way.leg = ping->hops[i].leg;
			begun = true;
		}
		take_hop(&way, i);
		last = i;
	}
	if (ping->last > way.time) {
		const struct span rest = {
			.stage = STAGE_OTHER,
			.leg = begun ? way.leg : ping->packet.kind,
			.side = begun ? ping->hops[last].side : SIDE_SENDER,
			.from = way.at,
			.to = last,
			.ns = ping->last - way.time,
		};

		add_span(budget, &rest);
	}
}

const char *stages_name(enum stage stage)
{
	static const char *const names[] = {
#define X(id, name, title) name,
		STAGES(X)
#undef X
	};

	return names[stage < STAGE_MAX ? stage : STAGE_OTHER];
}

const char *stages_title(enum stage stage)
{
	static const char *const titles[] = {
#define X(id, name, title) title,
		STAGES(X)
#undef X
	};

	return titles[stage < STAGE_MAX ? stage : STAGE_OTHER];
}
