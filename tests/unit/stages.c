// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "stages.h"
#include "util.h"

#define REQUEST   ICMPX_KIND_REQUEST
#define REPLY     ICMPX_KIND_REPLY
#define ERROR     ICMPX_KIND_ERROR
#define UDP       ICMPX_KIND_UDP
#define SENDER    SIDE_SENDER
#define RESPONDER SIDE_RESPONDER
#define FORWARDER SIDE_FORWARDER
#define PING_TGID 700

#define TP(id) ICMPX_TP_##id
#define FN(id) ICMPX_FN_##id

/* One hop; tgid and entered where they matter. */
struct at {
	__u64 time;
	unsigned int probe;
	__u8 leg, side;
	__u32 tgid;
	__u64 entered;
};

struct want {
	enum stage stage;
	__u8 leg;
	__u64 ns;
};

static struct hop hops[1024];

static struct ping ping_of(const struct at *at, size_t count, enum ping_end end)
{
	struct ping ping = {.end = end, .hops = hops, .count = count, .tgid = PING_TGID};

	assert_true(count <= ARRAY_SIZE(hops));
	memset(hops, 0, sizeof(hops));
	for (size_t i = 0; i < count; i++) {
		hops[i].event.time = at[i].time;
		hops[i].event.probe = at[i].probe;
		hops[i].event.tgid = at[i].tgid;
		hops[i].event.entered = at[i].entered;
		hops[i].leg = at[i].leg;
		hops[i].side = at[i].side;
	}
	ping.packet.kind = at[0].leg == UDP ? UDP : REQUEST;
	ping.first = at[0].time;
	ping.last = at[count - 1].time;
	return ping;
}

static void check(const struct ping *ping, const struct want *want, size_t count)
{
	struct budget budget;

	stages_budget(ping, &budget);
	for (size_t i = 0; i < count && i < budget.count; i++) {
		if (budget.spans[i].stage != want[i].stage || budget.spans[i].leg != want[i].leg ||
		    budget.spans[i].ns != want[i].ns)
			fail_msg("span %zu is %s on leg %u, %llu ns; not %s on leg %u, %llu ns", i,
				 stages_name(budget.spans[i].stage), budget.spans[i].leg,
				 budget.spans[i].ns, stages_name(want[i].stage), want[i].leg,
				 want[i].ns);
	}
	assert_int_equal(budget.count, count);
	assert_int_equal(budget.total, ping->last - ping->first);
}

#define CHECK(end, at, want)                                                                       \
	do {                                                                                       \
		struct ping made = ping_of(at, ARRAY_SIZE(at), end);                               \
		check(&made, want, ARRAY_SIZE(want));                                              \
	} while (0)

/* Both ends here, over veth; the reader sleeps in poll(). What lies beside the way: the
 * drivers' returns, the end of sendto, the reader's earlier poll, frees. */
static void round_trip_over_veth(void **state)
{
	static const struct at at[] = {
		{1000, HOP_SYSCALL, REQUEST, SENDER, PING_TGID, 1000},
		{1300, TP(NET_DEV_QUEUE), REQUEST, SENDER},
		{1350, TP(NET_DEV_START), REQUEST, SENDER},
		{1450, TP(NETIF_RX), REQUEST, RESPONDER},
		{1500, TP(NET_DEV_XMIT), REQUEST, SENDER},
		{1600, TP(RECEIVE), REQUEST, RESPONDER},
		{1700, TP(SYS_EXIT), REQUEST, SENDER, PING_TGID, 1000},
		{1900, HOP_SYSCALL, REQUEST, SENDER, PING_TGID, 1900},
		{2000, TP(NET_DEV_QUEUE), REPLY, RESPONDER},
		{2010, TP(CONSUME), REQUEST, RESPONDER},
		{2100, TP(NET_DEV_START), REPLY, RESPONDER},
		{2150, TP(NETIF_RX), REPLY, SENDER},
		{2170, TP(NET_DEV_XMIT), REPLY, RESPONDER},
		{2200, TP(RECEIVE), REPLY, SENDER},
		{2500, TP(DATA_READY), REPLY, SENDER},
		{2510, TP(WAKING), REPLY, SENDER, PING_TGID},
		{2600, TP(DROP), REPLY, SENDER},
		{3510, TP(SWITCH_IN), REPLY, SENDER, PING_TGID},
		{3600, HOP_SYSCALL, REPLY, SENDER, PING_TGID, 3600},
		{3800, TP(COPY), REPLY, SENDER, PING_TGID, 3600},
		{3900, TP(SYS_EXIT), REPLY, SENDER, PING_TGID, 3600},
	};
	static const struct want want[] = {
		{STAGE_SEND, REQUEST, 300},   {STAGE_QUEUE, REQUEST, 50},
		{STAGE_DRIVER, REQUEST, 100}, {STAGE_SOFTIRQ, REQUEST, 150},
		{STAGE_ICMP, REQUEST, 400},   {STAGE_QUEUE, REPLY, 100},
		{STAGE_DRIVER, REPLY, 50},    {STAGE_SOFTIRQ, REPLY, 50},
		{STAGE_RECEIVE, REPLY, 300},  {STAGE_WAKEUP, REPLY, 1010},
		{STAGE_READ, REPLY, 290},     {STAGE_COPY, REPLY, 100},
	};

	(void)state;
	CHECK(PING_COMPLETE, at, want);
}

/* With functions ICMP has a beginning and an end of its own; the sender's
 * ip_push_pending_frames and the reply's icmp_rcv split nothing. */
static void functions_split_icmp(void **state)
{
	static const struct at at[] = {
		{0, HOP_SYSCALL, REQUEST, SENDER, PING_TGID, 1},
		{20, FN(IP_PUSH_PENDING), REQUEST, SENDER},
		{100, TP(NET_DEV_QUEUE), REQUEST, SENDER},
		{200, TP(NET_DEV_START), REQUEST, SENDER},
		{300, TP(NETIF_RX), REQUEST, RESPONDER},
		{400, TP(RECEIVE), REQUEST, RESPONDER},
		{430, FN(IP_RCV), REQUEST, RESPONDER},
		{450, FN(ICMP_RCV), REQUEST, RESPONDER},
		{520, FN(IP_PUSH_PENDING), REQUEST, RESPONDER},
		{550, TP(NET_DEV_QUEUE), REPLY, RESPONDER},
		{560, TP(NET_DEV_START), REPLY, RESPONDER},
		{570, TP(NETIF_RX), REPLY, SENDER},
		{580, TP(RECEIVE), REPLY, SENDER},
		{585, FN(ICMP_RCV), REPLY, SENDER},
		{590, FN(DEF_READABLE), REPLY, SENDER},
		{595, TP(WAKING), REPLY, SENDER, PING_TGID},
		{600, TP(COPY), REPLY, SENDER, PING_TGID},
	};
	static const struct want want[] = {
		{STAGE_SEND, REQUEST, 100},   {STAGE_QUEUE, REQUEST, 100},
		{STAGE_DRIVER, REQUEST, 100}, {STAGE_SOFTIRQ, REQUEST, 100},
		{STAGE_RECEIVE, REQUEST, 50}, {STAGE_ICMP, REQUEST, 70},
		{STAGE_TRANSMIT, REPLY, 30},  {STAGE_QUEUE, REPLY, 10},
		{STAGE_DRIVER, REPLY, 10},    {STAGE_SOFTIRQ, REPLY, 10},
		{STAGE_RECEIVE, REPLY, 10},   {STAGE_WAKEUP, REPLY, 10},
	};

	(void)state;
	CHECK(PING_COMPLETE, at, want);
}

/* A raw socket over loopback: it gets the request too, reads that first, and finds the
 * reply in its queue. sendto returns after all of it. */
static void busy_reader_on_loopback(void **state)
{
	static const struct at at[] = {
		{0, HOP_SYSCALL, REQUEST, SENDER, PING_TGID, 0},
		{100, TP(NET_DEV_QUEUE), REQUEST, SENDER},
		{200, TP(NET_DEV_START), REQUEST, SENDER},
		{300, TP(NETIF_RX), REQUEST, RESPONDER},
		{400, TP(RECEIVE), REQUEST, RESPONDER},
		{450, TP(DATA_READY), REQUEST, RESPONDER},
		{455, TP(WAKING), REQUEST, RESPONDER, PING_TGID},
		{500, TP(NET_DEV_QUEUE), REPLY, RESPONDER},
		{510, TP(NET_DEV_START), REPLY, RESPONDER},
		{520, TP(NETIF_RX), REPLY, SENDER},
		{530, TP(RECEIVE), REPLY, SENDER},
		{560, TP(DATA_READY), REPLY, SENDER},
		{600, TP(SYS_EXIT), REQUEST, SENDER, PING_TGID, 0},
		{650, HOP_SYSCALL, REQUEST, SENDER, PING_TGID, 650},
		{700, TP(COPY), REQUEST, SENDER, PING_TGID, 650},
		{720, TP(SYS_EXIT), REQUEST, SENDER, PING_TGID, 650},
		{760, HOP_SYSCALL, REPLY, SENDER, PING_TGID, 760},
		{800, TP(COPY), REPLY, SENDER, PING_TGID, 760},
		{810, TP(SYS_EXIT), REPLY, SENDER, PING_TGID, 760},
	};
	static const struct want want[] = {
		{STAGE_SEND, REQUEST, 100},   {STAGE_QUEUE, REQUEST, 100},
		{STAGE_DRIVER, REQUEST, 100}, {STAGE_SOFTIRQ, REQUEST, 100},
		{STAGE_ICMP, REQUEST, 100},   {STAGE_QUEUE, REPLY, 10},
		{STAGE_DRIVER, REPLY, 10},    {STAGE_SOFTIRQ, REPLY, 10},
		{STAGE_RECEIVE, REPLY, 30},   {STAGE_WAIT, REPLY, 200},
		{STAGE_READ, REPLY, 40},      {STAGE_COPY, REPLY, 10},
	};

	(void)state;
	CHECK(PING_COMPLETE, at, want);
}

/* No sk_data_ready before 6.12: the wakeup ends the receive stack. The reader sat in recvmsg
 * since before the packet came; tcpdump copies it too, and its own wakeup comes first. */
static void sleeping_reader_without_data_ready(void **state)
{
	static const struct at at[] = {
		{0, HOP_SYSCALL, REQUEST, SENDER, PING_TGID, 0},
		{100, TP(NET_DEV_QUEUE), REQUEST, SENDER},
		{150, TP(NET_DEV_START), REQUEST, SENDER},
		{5000, TP(RECEIVE), REPLY, SENDER},
		{5010, TP(WAKING), REPLY, SENDER, 99},
		{5020, HOP_SYSCALL, REPLY, SENDER, PING_TGID, 5020},
		{5100, TP(WAKING), REPLY, SENDER, PING_TGID},
		{5110, TP(SWITCH_IN), REPLY, SENDER, 99},
		{5120, TP(COPY), REPLY, SENDER, 99},
		{5400, TP(SWITCH_IN), REPLY, SENDER, PING_TGID},
		{5600, TP(COPY), REPLY, SENDER, PING_TGID, 5020},
		{5650, TP(SYS_EXIT), REPLY, SENDER, PING_TGID, 5020},
	};
	static const struct want want[] = {
		{STAGE_SEND, REQUEST, 100},  {STAGE_QUEUE, REQUEST, 50},
		{STAGE_WIRE, REQUEST, 4850}, {STAGE_RECEIVE, REPLY, 100},
		{STAGE_WAKEUP, REPLY, 300},  {STAGE_READ, REPLY, 200},
		{STAGE_COPY, REPLY, 50},
	};

	(void)state;
	CHECK(PING_COMPLETE, at, want);
}

/* The sender is another machine: from its receipt to the driver's return. */
static void responder_alone(void **state)
{
	static const struct at at[] = {
		{100, TP(RECEIVE), REQUEST, RESPONDER},
		{250, TP(NET_DEV_QUEUE), REPLY, RESPONDER},
		{260, TP(NET_DEV_START), REPLY, RESPONDER},
		{300, TP(NET_DEV_XMIT), REPLY, RESPONDER},
	};
	static const struct want want[] = {
		{STAGE_ICMP, REQUEST, 150},
		{STAGE_QUEUE, REPLY, 10},
		{STAGE_DRIVER, REPLY, 40},
	};

	(void)state;
	CHECK(PING_ANSWERED, at, want);
}

/* The wait for ARP, then a router between two namespaces; the responder's part is there too. */
static void neighbour_and_forwarder(void **state)
{
	static const struct at at[] = {
		{0, HOP_SYSCALL, REQUEST, SENDER, PING_TGID, 0},
		{30, TP(NEIGH_WAIT), REQUEST, SENDER},
		{40, TP(SYS_EXIT), REQUEST, SENDER, PING_TGID, 0},
		{90, TP(NET_DEV_QUEUE), REQUEST, SENDER},
		{100, TP(NET_DEV_START), REQUEST, SENDER},
		{110, TP(NETIF_RX), REQUEST, FORWARDER},
		{130, TP(RECEIVE), REQUEST, FORWARDER},
		{170, TP(NET_DEV_QUEUE), REQUEST, FORWARDER},
		{175, TP(NET_DEV_START), REQUEST, FORWARDER},
		{180, TP(NETIF_RX), REQUEST, RESPONDER},
		{190, TP(RECEIVE), REQUEST, RESPONDER},
		{200, TP(NET_DEV_QUEUE), REPLY, RESPONDER},
	};
	static const struct want want[] = {
		{STAGE_SEND, REQUEST, 30},    {STAGE_NEIGHBOUR, REQUEST, 60},
		{STAGE_QUEUE, REQUEST, 10},   {STAGE_DRIVER, REQUEST, 10},
		{STAGE_SOFTIRQ, REQUEST, 20}, {STAGE_FORWARD, REQUEST, 40},
		{STAGE_QUEUE, REQUEST, 5},    {STAGE_DRIVER, REQUEST, 5},
		{STAGE_SOFTIRQ, REQUEST, 10}, {STAGE_ICMP, REQUEST, 10},
	};

	(void)state;
	CHECK(PING_INCOMPLETE, at, want);
}

/* Received in one namespace and queued in another with nothing between: not forwarded. */
static void forwarded_within_one_namespace(void **state)
{
	static const struct at at[] = {
		{0, TP(RECEIVE), REQUEST, FORWARDER},
		{10, TP(NET_DEV_QUEUE), REQUEST, FORWARDER},
	};
	static const struct want same[] = {{STAGE_FORWARD, REQUEST, 10}};
	static const struct want other[] = {{STAGE_OTHER, REQUEST, 10}};
	struct ping ping = ping_of(at, 2, PING_INCOMPLETE);

	(void)state;
	hops[0].event.netns = 4;
	hops[1].event.netns = 4;
	check(&ping, same, 1);
	hops[1].event.netns = 5;
	check(&ping, other, 1);
}

static void answered_at_the_driver(void **state)
{
	static const struct at at[] = {
		{0, HOP_SYSCALL, REQUEST, SENDER, PING_TGID, 0},
		{10, TP(NET_DEV_QUEUE), REQUEST, SENDER},
		{15, TP(NET_DEV_START), REQUEST, SENDER},
		{25, TP(XDP_REPLY), REQUEST, RESPONDER},
		{40, TP(RECEIVE), REPLY, SENDER},
		{50, TP(DATA_READY), REPLY, SENDER},
	};
	static const struct at generic[] = {
		{0, TP(NETIF_RX), REQUEST, RESPONDER}, {7, TP(RECEIVE), REQUEST, RESPONDER},
		{9, TP(XDP_REPLY), REPLY, RESPONDER},  {12, TP(NETIF_RX), REPLY, SENDER},
		{16, TP(RECEIVE), REPLY, SENDER},
	};
	static const struct want want[] = {
		{STAGE_SEND, REQUEST, 10}, {STAGE_QUEUE, REQUEST, 5},  {STAGE_XDP, REQUEST, 10},
		{STAGE_DRIVER, REPLY, 15}, {STAGE_RECEIVE, REPLY, 10},
	};
	static const struct want want_generic[] = {
		{STAGE_SOFTIRQ, REQUEST, 7},
		{STAGE_XDP, REQUEST, 2},
		{STAGE_DRIVER, REPLY, 3},
		{STAGE_SOFTIRQ, REPLY, 4},
	};

	(void)state;
	CHECK(PING_COMPLETE, at, want);
	CHECK(PING_COMPLETE, generic, want_generic);
}

/* A UDP datagram to a closed port: the error comes back, recvfrom returns ECONNREFUSED and
 * copies nothing. */
static void error_for_udp(void **state)
{
	static const struct at at[] = {
		{0, HOP_SYSCALL, UDP, SENDER, PING_TGID, 0},
		{10, TP(NET_DEV_QUEUE), UDP, SENDER},
		{20, TP(NET_DEV_START), UDP, SENDER},
		{30, TP(NETIF_RX), UDP, RESPONDER},
		{40, TP(RECEIVE), UDP, RESPONDER},
		{70, TP(ICMP_SEND), UDP, RESPONDER},
		{75, TP(NET_DEV_QUEUE), ERROR, RESPONDER},
		{76, TP(DROP), UDP, RESPONDER},
		{80, TP(NET_DEV_START), ERROR, RESPONDER},
		{85, TP(NETIF_RX), ERROR, SENDER},
		{90, TP(RECEIVE), ERROR, SENDER},
		{99, TP(ERROR_REPORT), ERROR, SENDER},
		{104, TP(WAKING), ERROR, SENDER, PING_TGID},
		{140, TP(SWITCH_IN), ERROR, SENDER, PING_TGID},
		{150, TP(SYS_EXIT), ERROR, SENDER, PING_TGID, 50},
	};
	static const struct want want[] = {
		{STAGE_SEND, UDP, 10},     {STAGE_QUEUE, UDP, 10},    {STAGE_DRIVER, UDP, 10},
		{STAGE_SOFTIRQ, UDP, 10},  {STAGE_ICMP, UDP, 30},     {STAGE_TRANSMIT, ERROR, 5},
		{STAGE_QUEUE, ERROR, 5},   {STAGE_DRIVER, ERROR, 5},  {STAGE_SOFTIRQ, ERROR, 5},
		{STAGE_RECEIVE, ERROR, 9}, {STAGE_WAKEUP, ERROR, 41}, {STAGE_READ, ERROR, 10},
	};

	(void)state;
	CHECK(PING_ERROR, at, want);
}

/* A redirect is made about a request that is forwarded and answered all the same. */
static void error_beside_the_way(void **state)
{
	static const struct at at[] = {
		{0, TP(RECEIVE), REQUEST, FORWARDER},
		{10, TP(ICMP_SEND), REQUEST, FORWARDER},
		{15, TP(NET_DEV_QUEUE), ERROR, FORWARDER},
		{40, TP(NET_DEV_QUEUE), REQUEST, FORWARDER},
		{50, TP(NET_DEV_START), REQUEST, FORWARDER},
		{90, TP(RECEIVE), REPLY, FORWARDER},
	};
	static const struct want want[] = {
		{STAGE_FORWARD, REQUEST, 40},
		{STAGE_QUEUE, REQUEST, 10},
		{STAGE_WIRE, REQUEST, 40},
	};

	(void)state;
	CHECK(PING_COMPLETE, at, want);
}

/* A datagram to a socket here: who reads is not who sent. */
static void udp_datagram(void **state)
{
	static const struct at at[] = {
		{0, HOP_SYSCALL, UDP, SENDER, PING_TGID, 0},
		{10, TP(NET_DEV_QUEUE), UDP, SENDER},
		{20, TP(NET_DEV_START), UDP, SENDER},
		{30, TP(NETIF_RX), UDP, RESPONDER},
		{40, TP(RECEIVE), UDP, RESPONDER},
		{60, TP(DATA_READY), UDP, RESPONDER},
		{61, TP(WAKING), UDP, RESPONDER, 42},
		{70, TP(SYS_EXIT), UDP, SENDER, PING_TGID, 0},
		{90, TP(SWITCH_IN), UDP, RESPONDER, 42},
		{95, TP(COPY), UDP, RESPONDER, 42, 5},
		{99, TP(SYS_EXIT), UDP, RESPONDER, 42, 5},
	};
	static const struct want want[] = {
		{STAGE_SEND, UDP, 10},    {STAGE_QUEUE, UDP, 10},   {STAGE_DRIVER, UDP, 10},
		{STAGE_SOFTIRQ, UDP, 10}, {STAGE_RECEIVE, UDP, 20}, {STAGE_WAKEUP, UDP, 30},
		{STAGE_READ, UDP, 5},     {STAGE_COPY, UDP, 4},
	};

	(void)state;
	CHECK(PING_RECEIVED, at, want);
}

/* It is unknown who sent it, or another process reads it: the first that copies it. */
static void first_reader(void **state)
{
	static const struct at at[] = {
		{0, TP(RECEIVE), REPLY, SENDER},        {10, TP(DATA_READY), REPLY, SENDER},
		{15, TP(WAKING), REPLY, SENDER, 43},    {20, TP(WAKING), REPLY, SENDER, 42},
		{30, TP(SWITCH_IN), REPLY, SENDER, 42}, {35, TP(COPY), REPLY, SENDER, 42},
		{40, TP(COPY), REPLY, SENDER, 43},      {45, TP(SYS_EXIT), REPLY, SENDER, 43},
		{60, TP(SYS_EXIT), REPLY, SENDER, 42},
	};
	static const struct want want[] = {
		{STAGE_RECEIVE, REPLY, 10},
		{STAGE_WAKEUP, REPLY, 20},
		{STAGE_READ, REPLY, 5},
		{STAGE_COPY, REPLY, 25},
	};
	struct ping ping = ping_of(at, ARRAY_SIZE(at), PING_RECEIVED);

	(void)state;
	check(&ping, want, ARRAY_SIZE(want));
	ping.tgid = 0;
	check(&ping, want, ARRAY_SIZE(want));
}

/* Two threads of one process: sendto of the one returns while the other is reading. */
static void sender_returns_late(void **state)
{
	static const struct at at[] = {
		{100, HOP_SYSCALL, UDP, SENDER, PING_TGID, 100},
		{110, TP(NET_DEV_QUEUE), UDP, SENDER},
		{120, TP(NET_DEV_START), UDP, SENDER},
		{130, TP(RECEIVE), UDP, RESPONDER},
		{150, TP(DATA_READY), UDP, RESPONDER},
		{160, TP(COPY), UDP, RESPONDER, PING_TGID, 5},
		{170, TP(SYS_EXIT), UDP, SENDER, PING_TGID, 100},
		{190, TP(SYS_EXIT), UDP, RESPONDER, PING_TGID, 5},
		{195, TP(CONSUME), UDP, RESPONDER},
	};
	static const struct want want[] = {
		{STAGE_SEND, UDP, 10},    {STAGE_QUEUE, UDP, 10}, {STAGE_DRIVER, UDP, 10},
		{STAGE_RECEIVE, UDP, 20}, {STAGE_WAIT, UDP, 10},  {STAGE_COPY, UDP, 30},
		{STAGE_OTHER, UDP, 5},
	};

	(void)state;
	CHECK(PING_RECEIVED, at, want);
}

/* A veth with NAPI has no netif_rx: its driver may return before the other end receives. The
 * next request's ip_push_pending_frames on that CPU makes no answer to this reply. */
static void driver_with_napi(void **state)
{
	static const struct at at[] = {
		{0, TP(NET_DEV_QUEUE), REPLY, RESPONDER}, {10, TP(NET_DEV_START), REPLY, RESPONDER},
		{15, TP(NET_DEV_XMIT), REPLY, RESPONDER}, {30, TP(RECEIVE), REPLY, SENDER},
		{35, FN(IP_PUSH_PENDING), REPLY, SENDER}, {50, TP(DATA_READY), REPLY, SENDER},
	};
	static const struct want want[] = {
		{STAGE_QUEUE, REPLY, 10},
		{STAGE_DRIVER, REPLY, 20},
		{STAGE_RECEIVE, REPLY, 20},
	};

	(void)state;
	CHECK(PING_COMPLETE, at, want);
}

static void time_stamps_alone(void **state)
{
	static const struct at at[] = {
		{0, TP(USER_SEND), REQUEST, SENDER, PING_TGID},
		{20, TP(STAMP_SCHED), REQUEST, SENDER},
		{25, TP(STAMP_SENT), REQUEST, SENDER},
		{900, TP(STAMP_RECEIVED), REPLY, SENDER},
		{950, TP(USER_RECEIVE), REPLY, SENDER, PING_TGID},
	};
	static const struct want want[] = {
		{STAGE_SEND, REQUEST, 20},
		{STAGE_QUEUE, REQUEST, 5},
		{STAGE_WIRE, REQUEST, 875},
		{STAGE_RECEIVE, REPLY, 50},
	};

	(void)state;
	CHECK(PING_COMPLETE, at, want);
}

static void tracepoints_before_time_stamps(void **state)
{
	static const struct at at[] = {
		{0, TP(USER_SEND), REQUEST, SENDER, PING_TGID},
		{5, HOP_SYSCALL, REQUEST, SENDER, PING_TGID, 5},
		{19, TP(STAMP_SCHED), REQUEST, SENDER},
		{20, TP(NET_DEV_QUEUE), REQUEST, SENDER},
		{22, TP(NET_DEV_START), REQUEST, SENDER},
		{25, TP(STAMP_SENT), REQUEST, SENDER},
		{600, TP(NETIF_RX), REPLY, SENDER},
		{610, TP(STAMP_RECEIVED), REPLY, SENDER},
		{650, TP(RECEIVE), REPLY, SENDER},
	};
	static const struct want want[] = {
		{STAGE_SEND, REQUEST, 20},
		{STAGE_QUEUE, REQUEST, 2},
		{STAGE_WIRE, REQUEST, 578},
		{STAGE_SOFTIRQ, REPLY, 50},
	};

	(void)state;
	CHECK(PING_COMPLETE, at, want);
}

/* It died in the receive stack; a benign free before that is no end. */
static void dropped(void **state)
{
	static const struct at at[] = {
		{0, TP(NETIF_RX), REQUEST, RESPONDER},
		{10, TP(RECEIVE), REQUEST, RESPONDER},
		{35, TP(DROP), REQUEST, RESPONDER},
	};
	static const struct want want[] = {
		{STAGE_SOFTIRQ, REQUEST, 10},
		{STAGE_RECEIVE, REQUEST, 25},
	};
	static const struct want benign[] = {
		{STAGE_SOFTIRQ, REQUEST, 10},
		{STAGE_OTHER, REQUEST, 25},
	};
	struct ping ping = ping_of(at, ARRAY_SIZE(at), PING_DROPPED);

	(void)state;
	check(&ping, want, ARRAY_SIZE(want));
	hops[2].event.probe = TP(QUEUE_FULL);
	check(&ping, want, ARRAY_SIZE(want));
	hops[2].event.probe = TP(DROP);
	hops[2].benign = 1;
	check(&ping, benign, ARRAY_SIZE(benign));
}

/* What was lost leaves a gap, which is shown as one. */
static void missing_parts(void **state)
{
	static const struct at at[] = {
		{0, HOP_SYSCALL, REQUEST, SENDER, PING_TGID, 0},
		{50, TP(NET_DEV_START), REQUEST, SENDER},
		{60, TP(RECEIVE), REQUEST, RESPONDER},
		{90, TP(COPY), REPLY, SENDER, PING_TGID},
		{95, TP(CONSUME), REPLY, SENDER},
	};
	static const struct want want[] = {
		{STAGE_OTHER, REQUEST, 50},
		{STAGE_DRIVER, REQUEST, 10},
		{STAGE_OTHER, REPLY, 35},
	};
	static const struct at none[] = {
		{5, TP(CONSUME), REPLY, SENDER},
		{9, TP(CONSUME), REPLY, SENDER},
	};
	static const struct want rest[] = {{STAGE_OTHER, REPLY, 4}};

	(void)state;
	CHECK(PING_INCOMPLETE, at, want);
	CHECK(PING_INCOMPLETE, none, rest);
}

/* Further packets of a leg, and what lies outside the span, are on nobody's way. */
static void copies_and_outside(void **state)
{
	static const struct at at[] = {
		{100, TP(NET_DEV_QUEUE), REQUEST, SENDER},
		{110, TP(NET_DEV_START), REQUEST, SENDER},
		{120, TP(NETIF_RX), REQUEST, RESPONDER},
		{125, TP(RECEIVE), REQUEST, RESPONDER},
		{130, TP(RECEIVE), REQUEST, RESPONDER},
		{200, TP(CONSUME), REQUEST, RESPONDER},
	};
	static const struct want want[] = {
		{STAGE_DRIVER, REQUEST, 10},
		{STAGE_SOFTIRQ, REQUEST, 10},
	};
	struct ping ping = ping_of(at, ARRAY_SIZE(at), PING_NO_REPLY);

	(void)state;
	hops[3].copy = 1;
	ping.first = 110;
	ping.last = 130;
	check(&ping, want, ARRAY_SIZE(want));
}

/* Later in the list, earlier by its clock: nothing negative. */
static void clock_runs_back(void **state)
{
	static const struct at at[] = {
		{100, TP(NET_DEV_QUEUE), REQUEST, SENDER},
		{150, TP(NET_DEV_START), REQUEST, SENDER},
		{140, TP(NETIF_RX), REQUEST, RESPONDER},
		{160, TP(RECEIVE), REQUEST, RESPONDER},
	};
	static const struct want want[] = {
		{STAGE_QUEUE, REQUEST, 50},
		{STAGE_DRIVER, REQUEST, 0},
		{STAGE_SOFTIRQ, REQUEST, 10},
	};

	(void)state;
	CHECK(PING_NO_REPLY, at, want);
}

/* A ping with hops on end, through many routers: more spans than there is room for. */
static void more_than_fit(void **state)
{
	static struct at at[1 + 4 * 40];
	struct budget budget;
	struct ping ping;
	size_t n = 0;

	(void)state;
	at[n++] = (struct at){0, HOP_SYSCALL, REQUEST, SENDER, PING_TGID, 0};
	for (int i = 0; i < 40; i++) {
		static const unsigned int probes[] = {TP(NET_DEV_QUEUE), TP(NET_DEV_START),
						      TP(NETIF_RX), TP(RECEIVE)};

		for (size_t j = 0; j < ARRAY_SIZE(probes); j++, n++)
			at[n] = (struct at){n * 10, probes[j], REQUEST, FORWARDER};
	}
	ping = ping_of(at, n, PING_NO_REPLY);
	stages_budget(&ping, &budget);
	assert_int_equal(budget.count, ARRAY_SIZE(budget.spans));
	assert_int_equal(budget.spans[62].stage, STAGE_DRIVER);
	assert_int_equal(budget.spans[63].stage, STAGE_OTHER);
	assert_int_equal(budget.spans[63].to, n - 1);
	assert_int_equal(budget.spans[63].ns, (160 - 63) * 10);
	assert_int_equal(budget.total, 1600);
}

/* Which socket's queue: the one that was read from. */
static void other_sockets(void **state)
{
	static const struct at at[] = {
		{0, TP(RECEIVE), REPLY, SENDER},
		{10, TP(DATA_READY), REPLY, SENDER},
		{30, TP(DATA_READY), REPLY, SENDER},
		{70, TP(COPY), REPLY, SENDER, PING_TGID},
	};
	static const struct want want[] = {
		{STAGE_RECEIVE, REPLY, 30},
		{STAGE_WAIT, REPLY, 40},
	};
	struct ping ping = ping_of(at, ARRAY_SIZE(at), PING_RECEIVED);

	(void)state;
	hops[1].event.sk = 0x1000;
	hops[2].event.sk = 0x2000;
	hops[3].event.sk = 0x2000;
	check(&ping, want, ARRAY_SIZE(want));
}

static void random_ping(struct ping *ping)
{
	__u64 time = 1000;

	memset(hops, 0, sizeof(hops));
	*ping = (struct ping){.hops = hops, .count = rand() % 200, .end = rand() % PING_END_MAX};
	for (__u32 i = 0; i < ping->count; i++) {
		struct hop *hop = &hops[i];

		time += rand() % 40;
		hop->event.time = rand() % 50 ? time : time - rand() % 100;
		hop->event.probe = rand() % 8 ? rand() % ICMPX_FN_FIRST : rand() % ICMPX_PROBE_MAX;
		hop->event.tgid = rand() % 3;
		hop->event.entered = rand() % 3 ? 0 : time - 20;
		hop->event.netns = rand() % 3;
		hop->event.sk = rand() % 3;
		hop->leg = rand() % 4 ? 1 + i * 2 / ping->count : (__u32)rand() % ICMPX_KIND_MAX;
		hop->side = rand() % SIDE_MAX;
		hop->copy = !(rand() % 10);
		hop->benign = rand() % 2;
	}
	ping->tgid = rand() % 3;
	ping->first = 1000 + rand() % 100;
	ping->last = ping->first + rand() % 5000;
}

static void any_hops_sum_to_the_span(void **state)
{
	struct budget budget;
	struct ping ping;

	(void)state;
	srand(20240611);
	for (int round = 0; round < 20000; round++) {
		__u64 sum = 0;

		random_ping(&ping);
		stages_budget(&ping, &budget);
		for (size_t i = 0; i < budget.count; i++) {
			const struct span *span = &budget.spans[i];

			sum += span->ns;
			assert_true(span->stage < STAGE_MAX);
			assert_true(span->leg < ICMPX_KIND_MAX && span->side < SIDE_MAX);
			assert_true(span->ns <= ping.last - ping.first);
			assert_true(span->from <= span->to);
			assert_true(span->to < ping.count || !ping.count);
			assert_true(!i || i == ARRAY_SIZE(budget.spans) - 1 ||
				    span->stage != span[-1].stage || span->leg != span[-1].leg);
		}
		assert_int_equal(sum, ping.last - ping.first);
		assert_int_equal(budget.total, sum);
	}
	ping = (struct ping){.first = 100, .last = 50};
	stages_budget(&ping, &budget);
	assert_int_equal(budget.count, 0);
	assert_int_equal(budget.total, 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(round_trip_over_veth),
	cmocka_unit_test(functions_split_icmp),
	cmocka_unit_test(busy_reader_on_loopback),
	cmocka_unit_test(sleeping_reader_without_data_ready),
	cmocka_unit_test(responder_alone),
	cmocka_unit_test(neighbour_and_forwarder),
	cmocka_unit_test(forwarded_within_one_namespace),
	cmocka_unit_test(answered_at_the_driver),
	cmocka_unit_test(error_for_udp),
	cmocka_unit_test(error_beside_the_way),
	cmocka_unit_test(udp_datagram),
	cmocka_unit_test(first_reader),
	cmocka_unit_test(sender_returns_late),
	cmocka_unit_test(driver_with_napi),
	cmocka_unit_test(time_stamps_alone),
	cmocka_unit_test(tracepoints_before_time_stamps),
	cmocka_unit_test(dropped),
	cmocka_unit_test(missing_parts),
	cmocka_unit_test(copies_and_outside),
	cmocka_unit_test(clock_runs_back),
	cmocka_unit_test(more_than_fit),
	cmocka_unit_test(other_sockets),
	cmocka_unit_test(any_hops_sum_to_the_span),
};

UNIT_MAIN(tests)
