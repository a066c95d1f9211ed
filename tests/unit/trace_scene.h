/* SPDX-License-Identifier: GPL-2.0-only */
/* Pings made by hand, with call paths as Linux 6.18 shows them. */
#ifndef ICMPX_TRACE_SCENE_H
#define ICMPX_TRACE_SCENE_H

#include <arpa/inet.h>
#include <string.h>

#include "frames.h"

/* Call paths, innermost first: the way into the kernel, a softirq, and both. */
#define SENDTO "__sys_sendto __x64_sys_sendto do_syscall_64 entry_SYSCALL_64_after_hwframe"
#define RECVMSG                                                                                    \
	"____sys_recvmsg ___sys_recvmsg __sys_recvmsg do_syscall_64 "                              \
	"entry_SYSCALL_64_after_hwframe"
#define RAW_OUT "ip_finish_output2 ip_output ip_push_pending_frames raw_sendmsg " SENDTO
#define QUEUED  "__dev_queue_xmit " RAW_OUT
#define SOFTIRQ                                                                                    \
	"__netif_receive_skb_one_core process_backlog __napi_poll net_rx_action handle_softirqs "  \
	"do_softirq __local_bh_enable_ip " QUEUED
#define DELIVER "ip_protocol_deliver_rcu ip_local_deliver_finish " SOFTIRQ
/* icmp_echo twice: a part of it is out of line. */
#define ECHO "icmp_reply icmp_echo icmp_echo icmp_rcv " DELIVER

struct scene {
	struct catalog *catalog;
	struct hop hops[64];
	struct ping ping;
	__u32 paths;
	__u8 leg, side; /* of the hops to come */
	__u32 netns;
};

static inline void scene_begin(struct scene *scene)
{
	*scene = (struct scene){.catalog = catalog_new(), .leg = ICMPX_KIND_REQUEST};
	assert_non_null(scene->catalog);
	scene->ping = (struct ping){
		.number = 1,
		.hops = scene->hops,
		.packet = {.family = 4,
			   .kind = ICMPX_KIND_REQUEST,
			   .type = 8,
			   .protocol = 1,
			   .ttl = 64,
			   .bytes = 84,
			   .id = htons(4660),
			   .seq = htons(1),
			   .source = {10, 0, 0, 1},
			   .destination = {10, 0, 0, 2}},
		.tgid = 1234,
		.tid = 1234,
	};
	catalog_set_name(scene->catalog, NAME_SYSCALL, 44, "sendto");
	catalog_set_name(scene->catalog, NAME_SYSCALL, 47, "recvmsg");
	catalog_set_name(scene->catalog, NAME_TASK, 1234, "ping");
	catalog_set_name(scene->catalog, NAME_TGID, 1234, "1234");
}

static inline void scene_end(struct scene *scene)
{
	catalog_free(scene->catalog);
}

static inline __u32 scene_path(struct scene *scene, const char *stack)
{
	struct path_frame frames[ICMPX_STACK_MAX];
	char names[2048];
	size_t count = 0;

	if (!stack)
		return 0;
	assert_true(snprintf(names, sizeof(names), "%s", stack) < (int)sizeof(names));
	for (char *name = strtok(names, " "); name; name = strtok(NULL, " "))
		frames[count++] = (struct path_frame){.name = name};
	assert_int_equal(catalog_set_path(scene->catalog, ++scene->paths, frames, count), 0);
	return scene->paths;
}

/* In a task's context; a path with a softirq in it sets the flag. */
static inline struct hop *scene_hop(struct scene *scene, unsigned int probe, unsigned int ns,
				    const char *stack)
{
	struct ping *ping = &scene->ping;
	struct hop *hop = &scene->hops[ping->count++];

	assert_true(ping->count <= 64);
	*hop = (struct hop){
		.event = {.record = ICMPX_RECORD_EVENT,
			  .probe = probe,
			  .cpu = 1,
			  .time = 1000000 + ns,
			  .tgid = 1234,
			  .tid = 1234,
			  .netns = scene->netns,
			  .stack = scene_path(scene, stack),
			  .syscall = -1,
			  .packet = ping->packet},
		.leg = scene->leg,
		.side = scene->side,
	};
	hop->event.packet.kind = scene->leg;
	if (stack && strstr(stack, "softirq"))
		hop->event.flags |= ICMPX_IN_SOFTIRQ;
	if (ping->count == 1)
		ping->first = hop->event.time;
	ping->last = hop->event.time;
	return hop;
}

static inline struct hop *scene_syscall(struct scene *scene, int number, unsigned int ns)
{
	struct hop *hop = scene_hop(scene, HOP_SYSCALL, ns, NULL);

	hop->synthetic = 1;
	hop->event.syscall = number;
	hop->event.entered = hop->event.time;
	return hop;
}

/* From the system call to the peer's backlog, over veth. */
static inline void scene_send(struct scene *scene)
{
	scene_syscall(scene, 44, 0);
	scene_hop(scene, ICMPX_TP_NET_DEV_QUEUE, 4200, QUEUED)->event.entered = 1000000;
	scene_hop(scene, ICMPX_TP_NET_DEV_START, 5000, "dev_hard_start_xmit " QUEUED);
	scene_hop(scene, ICMPX_TP_NETIF_RX, 5600,
		  "netif_rx_internal __netif_rx veth_xmit dev_hard_start_xmit " QUEUED);
	scene_hop(scene, ICMPX_TP_NET_DEV_XMIT, 6000, NULL);
}

/* Received and answered, in the softirq on top of the sender's system call. */
static inline void scene_respond(struct scene *scene)
{
	scene->side = SIDE_RESPONDER;
	scene_hop(scene, ICMPX_TP_RECEIVE, 9000, "__netif_receive_skb_core " SOFTIRQ);
	scene->leg = ICMPX_KIND_REPLY;
	scene_hop(scene, ICMPX_TP_NET_DEV_QUEUE, 15000,
		  "__dev_queue_xmit ip_finish_output2 ip_output ip_push_pending_frames " ECHO);
	scene_hop(scene, ICMPX_TP_NETIF_RX, 16000,
		  "netif_rx_internal __netif_rx veth_xmit dev_hard_start_xmit __dev_queue_xmit "
		  "ip_finish_output2 ip_output ip_push_pending_frames " ECHO);
}

/* The reply, to the raw socket and to the process that reads it; ping_rcv has no socket. */
static inline void scene_read(struct scene *scene)
{
	scene->side = SIDE_SENDER;
	scene_hop(scene, ICMPX_TP_RECEIVE, 20000, "__netif_receive_skb_core " SOFTIRQ);
	scene_hop(scene, ICMPX_TP_DATA_READY, 25000,
		  "sock_def_readable __sock_queue_rcv_skb sock_queue_rcv_skb_reason raw_rcv "
		  "raw_local_deliver " DELIVER);
	scene_hop(scene, ICMPX_TP_DROP, 27000, "sk_skb_reason_drop ping_rcv icmp_rcv " DELIVER)
		->benign = 1;
	scene_syscall(scene, 47, 30000);
	scene_hop(scene, ICMPX_TP_COPY, 55000,
		  "skb_copy_datagram_iter raw_recvmsg sock_recvmsg " RECVMSG)
		->event.detail[0] = 84;
	scene_hop(scene, ICMPX_TP_CONSUME, 56000, "consume_skb raw_recvmsg sock_recvmsg " RECVMSG);
	scene_hop(scene, ICMPX_TP_SYS_EXIT, 57300, NULL)->event.detail[0] = 84;
	scene->hops[scene->ping.count - 1].event.detail[1] = 47;
}

#endif
