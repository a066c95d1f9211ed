// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "call_path.h"
#include "trace_scene.h"

/* "*fired oseen .inferred", in order. */
static char *marked(const struct frames *frames)
{
	struct capture capture;
	FILE *out = capture_begin(&capture);

	for (size_t i = 0; i < frames->count; i++)
		fprintf(out, "%s%c%s", i ? " " : "", "*o."[frames->list[i].mark],
			frames -> list[i].name);
	return capture_end(&capture);
}

static void expect(struct scene *scene, const char *expected)
{
	struct frames frames;
	char *text;

	assert_int_equal(frames_make(&scene->ping, scene->catalog, &frames), 0);
	text = marked(&frames);
	assert_string_equal(text, expected);
	free(text);
	frames_free(&frames);
}

static const struct frame *find(const struct frames *frames, const char *name)
{
	for (size_t i = 0; i < frames->count; i++)
		if (!strcmp(frames->list[i].name, name))
			return &frames->list[i];
	fail_msg("no %s", name);
	return NULL;
}

#define RAW_SENDER                                                                                 \
	"*sendto o__sys_sendto .__sock_sendmsg .inet_sendmsg oraw_sendmsg .ip_route_output_flow "  \
	".ip_append_data oip_push_pending_frames .ip_send_skb .ip_local_out oip_output "           \
	".ip_finish_output oip_finish_output2 o__dev_queue_xmit *net_dev_queue "                   \
	"odev_hard_start_xmit *net_dev_start_xmit "                                                \
	"oveth_xmit .__dev_forward_skb o__netif_rx onetif_rx_internal *netif_rx *net_dev_xmit"
#define RESPONDER                                                                                  \
	"ohandle_softirqs onet_rx_action o__napi_poll oprocess_backlog .__netif_receive_skb "      \
	"o__netif_receive_skb_one_core o__netif_receive_skb_core *netif_receive_skb "              \
	".ip_rcv .ip_rcv_core .ip_rcv_finish .ip_local_deliver oip_local_deliver_finish "          \
	"oip_protocol_deliver_rcu .raw_local_deliver oicmp_rcv oicmp_echo oicmp_reply "            \
	".ip_route_output_flow "                                                                   \
	".icmp_push_reply .ip_append_data oip_push_pending_frames .ip_send_skb .ip_local_out "     \
	"oip_output .ip_finish_output oip_finish_output2 o__dev_queue_xmit *net_dev_queue "        \
	"odev_hard_start_xmit oveth_xmit .__dev_forward_skb o__netif_rx onetif_rx_internal "       \
	"*netif_rx"
/* In the same softirq: the packet was put on the backlog that is being emptied. */
#define RAW_READER                                                                                 \
	".__netif_receive_skb o__netif_receive_skb_one_core o__netif_receive_skb_core "            \
	"*netif_receive_skb "                                                                      \
	".ip_rcv .ip_rcv_core .ip_rcv_finish .ip_local_deliver oip_local_deliver_finish "          \
	"oip_protocol_deliver_rcu oraw_local_deliver oraw_rcv .raw_rcv_skb "                       \
	"osock_queue_rcv_skb_reason o__sock_queue_rcv_skb osock_def_readable *sk_data_ready "      \
	"oicmp_rcv oping_rcv osk_skb_reason_drop *kfree_skb "                                      \
	"*recvmsg o__sys_recvmsg o___sys_recvmsg o____sys_recvmsg osock_recvmsg .inet_recvmsg "    \
	"oraw_recvmsg .skb_recv_datagram oskb_copy_datagram_iter *skb_copy_datagram_iovec "        \
	"oconsume_skb *consume_skb *sys_exit"

static void raw_sender(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene);
	scene_send(&scene);
	expect(&scene, RAW_SENDER);
	scene_end(&scene);
}

static void round_trip_in_one_softirq(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene);
	scene_send(&scene);
	scene_respond(&scene);
	scene_read(&scene);
	expect(&scene, RAW_SENDER " " RESPONDER " " RAW_READER);
	scene_end(&scene);
}

/* The request waits for ARP, whose answer comes in a softirq on top of its own sendto(). */
static void sent_by_its_neighbour(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene);
	scene_syscall(&scene, 44, 0);
	scene_hop(&scene, ICMPX_TP_NET_DEV_QUEUE, 4200,
		  "__dev_queue_xmit __neigh_update arp_process __netif_receive_skb_one_core "
		  "process_backlog __napi_poll net_rx_action handle_softirqs do_softirq "
		  "__local_bh_enable_ip __neigh_event_send neigh_resolve_output " RAW_OUT)
		->event.entered = 1000000;
	expect(&scene, "*sendto o__sys_sendto .__sock_sendmsg .inet_sendmsg oraw_sendmsg "
		       ".ip_route_output_flow .ip_append_data oip_push_pending_frames "
		       ".ip_send_skb .ip_local_out oip_output .ip_finish_output "
		       "oip_finish_output2 oneigh_resolve_output o__neigh_event_send "
		       "ohandle_softirqs onet_rx_action o__napi_poll oprocess_backlog "
		       ".__netif_receive_skb o__netif_receive_skb_one_core oarp_process "
		       "o__neigh_update o__dev_queue_xmit *net_dev_queue");
	scene_end(&scene);
}

/* The last fragment is reassembled by a call that the first path shows and the second, once
 * it has returned, does not: what led to both was entered once. */
static void entered_once_and_called_twice(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene);
	scene_hop(&scene, ICMPX_TP_CONSUME, 1,
		  "ip_defrag ip_local_deliver __netif_receive_skb_one_core handle_softirqs");
	scene_hop(&scene, ICMPX_TP_DROP, 2,
		  "icmp_rcv ip_protocol_deliver_rcu ip_local_deliver_finish "
		  "__netif_receive_skb_one_core handle_softirqs");
	expect(&scene, "ohandle_softirqs o__netif_receive_skb_one_core .ip_rcv .ip_rcv_core "
		       ".ip_rcv_finish oip_local_deliver oip_defrag *consume_skb "
		       "oip_local_deliver_finish oip_protocol_deliver_rcu .raw_local_deliver "
		       "oicmp_rcv *kfree_skb");
	scene_end(&scene);
}

/* The reply of another machine: nothing of this CPU's softirq is known to go on. */
static void another_softirq_is_entered_anew(void **state)
{
	struct scene scene;
	struct frames frames;
	int entered = 0;

	(void)state;
	scene_begin(&scene);
	scene.side = SIDE_FORWARDER;
	scene_hop(&scene, ICMPX_TP_RECEIVE, 0, "__netif_receive_skb_core " SOFTIRQ);
	scene_hop(&scene, ICMPX_TP_NET_DEV_QUEUE, 100,
		  "__dev_queue_xmit ip_finish_output2 ip_output ip_forward " SOFTIRQ);
	scene.leg = ICMPX_KIND_REPLY;
	scene_hop(&scene, ICMPX_TP_RECEIVE, 9000, "__netif_receive_skb_core " SOFTIRQ);
	assert_int_equal(frames_make(&scene.ping, scene.catalog, &frames), 0);
	for (size_t i = 0; i < frames.count; i++)
		entered += !strcmp(frames.list[i].name, "handle_softirqs");
	assert_int_equal(entered, 2);
	assert_int_equal(find(&frames, "ip_forward_finish")->mark, MARK_INFERRED);
	assert_int_equal(find(&frames, "ip_rcv_finish")->mark, MARK_INFERRED);
	frames_free(&frames);
	scene_end(&scene);
}

/* What is put on the backlog is taken off once. */
static void requeued_once(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene);
	scene_hop(&scene, ICMPX_TP_NETIF_RX, 0, "netif_rx_internal net_rx_action handle_softirqs");
	for (int i = 0; i < 2; i++)
		scene_hop(&scene, ICMPX_TP_RECEIVE, 20,
			  "__netif_receive_skb_core net_rx_action handle_softirqs");
	expect(&scene, "ohandle_softirqs onet_rx_action onetif_rx_internal *netif_rx "
		       "o__netif_receive_skb_core *netif_receive_skb "
		       "ohandle_softirqs onet_rx_action o__netif_receive_skb_core "
		       "*netif_receive_skb");
	scene_end(&scene);
}

/* And so it is when a task has run on that CPU between the two. */
static void softirq_ends_when_a_task_runs(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene);
	scene_hop(&scene, ICMPX_TP_NETIF_RX, 0, "netif_rx_internal handle_softirqs");
	scene_hop(&scene, ICMPX_TP_SWITCH_IN, 10, "__schedule schedule worker_thread");
	scene_hop(&scene, ICMPX_TP_RECEIVE, 20,
		  "__netif_receive_skb_core net_rx_action handle_softirqs");
	expect(&scene, "ohandle_softirqs onetif_rx_internal *netif_rx *sched_switch "
		       "ohandle_softirqs onet_rx_action o__netif_receive_skb_core "
		       "*netif_receive_skb");
	scene_end(&scene);
}

static void ping_socket(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene);
	scene_hop(&scene, ICMPX_TP_NET_DEV_QUEUE, 0,
		  "__dev_queue_xmit ip_finish_output2 ip_output ip_push_pending_frames "
		  "ping_v4_sendmsg " SENDTO);
	scene.leg = ICMPX_KIND_REPLY;
	scene_hop(&scene, ICMPX_TP_DATA_READY, 10,
		  "sock_def_readable __sock_queue_rcv_skb sock_queue_rcv_skb_reason ping_rcv "
		  "icmp_rcv ip_protocol_deliver_rcu handle_softirqs");
	scene_syscall(&scene, 47, 20);
	scene_hop(&scene, ICMPX_TP_COPY, 30,
		  "skb_copy_datagram_iter ping_recvmsg sock_recvmsg " RECVMSG);
	expect(&scene,
	       "o__sys_sendto .__sock_sendmsg .inet_sendmsg oping_v4_sendmsg .ip_route_output_flow "
	       ".ip_append_data oip_push_pending_frames .ip_send_skb .ip_local_out oip_output "
	       ".ip_finish_output oip_finish_output2 o__dev_queue_xmit *net_dev_queue "
	       "ohandle_softirqs oip_protocol_deliver_rcu .raw_local_deliver oicmp_rcv oping_rcv "
	       ".__ping_queue_rcv_skb osock_queue_rcv_skb_reason o__sock_queue_rcv_skb "
	       "osock_def_readable *sk_data_ready "
	       "*recvmsg o__sys_recvmsg o___sys_recvmsg o____sys_recvmsg osock_recvmsg "
	       ".inet_recvmsg oping_recvmsg .skb_recv_datagram oskb_copy_datagram_iter "
	       "*skb_copy_datagram_iovec");
	scene_end(&scene);
}

static void ipv6(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene);
	scene.ping.packet.family = 6;
	scene_hop(
		&scene, ICMPX_TP_NET_DEV_QUEUE, 0,
		"__dev_queue_xmit ip6_finish_output ip6_output ip6_send_skb rawv6_sendmsg " SENDTO);
	scene.side = SIDE_RESPONDER;
	scene_hop(&scene, ICMPX_TP_NET_DEV_QUEUE, 10,
		  "__dev_queue_xmit ip6_finish_output ip6_output ip6_send_skb icmpv6_echo_reply "
		  "icmpv6_rcv ip6_protocol_deliver_rcu ip6_input_finish ip6_input "
		  "__netif_receive_skb_one_core handle_softirqs");
	expect(&scene,
	       "o__sys_sendto .__sock_sendmsg .inet_sendmsg orawv6_sendmsg .ip6_route_output_flags "
	       ".ip6_append_data .ip6_push_pending_frames oip6_send_skb .ip6_local_out oip6_output "
	       "oip6_finish_output .ip6_finish_output2 o__dev_queue_xmit *net_dev_queue "
	       "ohandle_softirqs o__netif_receive_skb_one_core .ipv6_rcv .ip6_rcv_core "
	       ".ip6_rcv_finish oip6_input oip6_input_finish oip6_protocol_deliver_rcu "
	       ".raw6_local_deliver oicmpv6_rcv "
	       "oicmpv6_echo_reply .ip6_route_output_flags .ip6_append_data "
	       ".icmpv6_push_pending_frames .ip6_push_pending_frames oip6_send_skb .ip6_local_out "
	       "oip6_output oip6_finish_output .ip6_finish_output2 o__dev_queue_xmit "
	       "*net_dev_queue");
	scene_end(&scene);
}

/* A datagram to a closed port: the error is made, comes back and wakes the sender. */
static void udp_error(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene);
	scene.ping.packet.kind = ICMPX_KIND_UDP;
	scene_hop(&scene, ICMPX_TP_ICMP_SEND, 0,
		  "__icmp_send __udp4_lib_rcv ip_protocol_deliver_rcu handle_softirqs");
	scene_hop(&scene, ICMPX_TP_NET_DEV_QUEUE, 5,
		  "__dev_queue_xmit ip_finish_output2 ip_output ip_push_pending_frames __icmp_send "
		  "__udp4_lib_rcv ip_protocol_deliver_rcu handle_softirqs");
	scene_hop(&scene, ICMPX_TP_WAKING, 10,
		  "try_to_wake_up __wake_up_sync_key sock_def_error_report sk_error_report "
		  "__udp4_lib_err icmp_unreach icmp_rcv ip_protocol_deliver_rcu handle_softirqs");
	scene_hop(&scene, ICMPX_TP_ERROR_REPORT, 12,
		  "sk_error_report __udp4_lib_err icmp_unreach icmp_rcv ip_protocol_deliver_rcu "
		  "handle_softirqs");
	expect(&scene,
	       "ohandle_softirqs oip_protocol_deliver_rcu .udp_rcv o__udp4_lib_rcv o__icmp_send "
	       "*icmp_send .ip_route_output_flow .icmp_push_reply .ip_append_data "
	       "oip_push_pending_frames .ip_send_skb .ip_local_out oip_output .ip_finish_output "
	       "oip_finish_output2 o__dev_queue_xmit *net_dev_queue .raw_local_deliver oicmp_rcv "
	       "oicmp_unreach "
	       ".icmp_socket_deliver .udp_err o__udp4_lib_err osk_error_report "
	       "osock_def_error_report o__wake_up_sync_key otry_to_wake_up *sched_waking "
	       "*inet_sk_error_report");
	scene_end(&scene);
}

static void two_sockets_are_entered_twice(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene);
	for (int i = 0; i < 2; i++)
		scene_hop(&scene, ICMPX_TP_DATA_READY, i,
			  "sock_def_readable __sock_queue_rcv_skb handle_softirqs");
	expect(&scene, "ohandle_softirqs o__sock_queue_rcv_skb osock_def_readable *sk_data_ready "
		       "osock_def_readable *sk_data_ready");
	scene_end(&scene);
}

/* Functions' probes without call paths, then one: what is on it is not listed again, what
 * has no probe comes where it was entered. */
static void functions_fire_and_are_seen(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene);
	scene_hop(&scene, ICMPX_FN_RAW_SENDMSG, 0, NULL);
	scene_hop(&scene, ICMPX_FN_ROUTE_OUTPUT_FLOW, 1, NULL);
	scene_hop(&scene, ICMPX_FN_IP_APPEND_DATA, 2, NULL);
	scene_hop(&scene, ICMPX_FN_IP_PUSH_PENDING, 3, NULL);
	scene_hop(&scene, ICMPX_FN_IP_SEND_SKB, 4, NULL);
	scene_hop(&scene, ICMPX_FN_IP_FINISH_OUTPUT2, 5, NULL);
	scene_hop(&scene, ICMPX_TP_NET_DEV_QUEUE, 6, QUEUED);
	expect(&scene,
	       "o__sys_sendto .__sock_sendmsg .inet_sendmsg *raw_sendmsg *ip_route_output_flow "
	       "*ip_append_data *ip_push_pending_frames *ip_send_skb .ip_local_out oip_output "
	       ".ip_finish_output *ip_finish_output2 o__dev_queue_xmit *net_dev_queue");
	scene_end(&scene);
}

/* What has fired and is in no path stays where it fired. */
static void what_has_returned_stays(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene);
	scene_hop(&scene, ICMPX_FN_DATAGRAM_POLL, 0, NULL);
	scene_hop(&scene, ICMPX_FN_RAW_SENDMSG, 1, NULL);
	scene_hop(&scene, ICMPX_FN_CONSUME_SKB, 2, NULL);
	scene_hop(&scene, ICMPX_FN_IP_PUSH_PENDING, 3, NULL);
	scene_hop(&scene, ICMPX_TP_NET_DEV_QUEUE, 4, "ip_push_pending_frames raw_sendmsg");
	expect(&scene, "*datagram_poll *raw_sendmsg .ip_route_output_flow .ip_append_data "
		       "*consume_skb *ip_push_pending_frames *net_dev_queue");
	scene_end(&scene);
}

/* A function's probe with a call path, which begins with itself or with its caller. */
static void functions_own_path(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene);
	scene_hop(&scene, ICMPX_FN_RAW_SENDMSG, 0, "raw_sendmsg " SENDTO);
	scene_hop(&scene, ICMPX_FN_IP_PUSH_PENDING, 1, "raw_sendmsg " SENDTO);
	scene_hop(&scene, ICMPX_FN_IP_OUTPUT, 2,
		  "ip_output ip_push_pending_frames raw_sendmsg " SENDTO);
	expect(&scene, "o__sys_sendto .__sock_sendmsg .inet_sendmsg *raw_sendmsg "
		       ".ip_route_output_flow .ip_append_data *ip_push_pending_frames "
		       ".ip_send_skb .ip_local_out *ip_output");
	scene_end(&scene);
}

static void returns_make_a_tree(void **state)
{
	struct scene scene;
	struct frames frames;
	struct hop *hop;

	(void)state;
	scene_begin(&scene);
	scene_hop(&scene, ICMPX_FN_RAW_SENDMSG, 0, NULL);
	scene_hop(&scene, ICMPX_FN_IP_APPEND_DATA, 2, NULL);
	hop = scene_hop(&scene, ICMPX_FN_IP_APPEND_DATA, 3, NULL);
	hop->event.flags = ICMPX_RETURN;
	hop->event.detail[1] = 1;
	scene_hop(&scene, ICMPX_FN_IP_PUSH_PENDING, 4, NULL);
	scene_hop(&scene, ICMPX_FN_RAW_SENDMSG, 9, NULL)->event.flags = ICMPX_RETURN;
	expect(&scene, "*raw_sendmsg *ip_append_data *ip_push_pending_frames");
	assert_int_equal(frames_make(&scene.ping, scene.catalog, &frames), 0);
	assert_int_equal(find(&frames, "raw_sendmsg")->depth, 0);
	assert_int_equal(find(&frames, "ip_append_data")->depth, 1);
	assert_int_equal(find(&frames, "ip_push_pending_frames")->depth, 1);
	assert_ptr_equal(frames_return(&scene.ping, 1), hop);
	assert_null(frames_return(&scene.ping, 3));
	frames_free(&frames);
	scene_end(&scene);
}

static void layers_and_depths(void **state)
{
	struct scene scene;
	struct frames frames;

	(void)state;
	scene_begin(&scene);
	scene_send(&scene);
	scene_hop(&scene, ICMPX_TP_WAKING, 7000,
		  "try_to_wake_up own_helper sock_def_readable handle_softirqs");
	scene_hop(&scene, ICMPX_TP_DROP, 8000, "sk_skb_reason_drop helper ip_rcv handle_softirqs");
	assert_int_equal(frames_make(&scene.ping, scene.catalog, &frames), 0);
	assert_int_equal(find(&frames, "sendto")->layer, ICMPX_LAYER_SYSCALL);
	assert_false(find(&frames, "sendto")->function);
	assert_true(find(&frames, "raw_sendmsg")->function);
	assert_int_equal(find(&frames, "raw_sendmsg")->probe, ICMPX_FN_RAW_SENDMSG);
	assert_int_equal(find(&frames, "own_helper")->layer, ICMPX_LAYER_SCHED);
	assert_int_equal(find(&frames, "helper")->layer, ICMPX_LAYER_IP);
	assert_int_equal(find(&frames, "helper")->probe, -1);
	assert_int_equal(find(&frames, "kfree_skb")->layer, ICMPX_LAYER_IP);
	/* __sys_sendto sock_sendmsg inet_sendmsg raw_sendmsg ip_append_data */
	assert_int_equal(find(&frames, "raw_sendmsg")->depth, 3);
	assert_int_equal(find(&frames, "ip_append_data")->depth, 4);
	assert_int_equal(find(&frames, "ip_push_pending_frames")->depth, 4);
	assert_int_equal(find(&frames, "net_dev_queue")->hop, 1);
	assert_int_equal(find(&frames, "raw_sendmsg")->hop, 1);
	frames_free(&frames);
	scene_end(&scene);
}

static void without_paths(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene);
	scene_hop(&scene, ICMPX_TP_USER_SEND, 0, NULL);
	scene_hop(&scene, ICMPX_TP_XDP_REPLY, 1, NULL);
	scene_hop(&scene, ICMPX_TP_NET_DEV_QUEUE, 2, NULL)->event.stack = 77;
	scene_syscall(&scene, 999, 3);
	expect(&scene, "*user_send *xdp_reply *net_dev_queue *system call");
	scene_end(&scene);
}

/* More functions than a context remembers. */
static void many_functions(void **state)
{
	static struct hop hops[4 * 256];
	struct ping ping = {.hops = hops, .count = 4 * 256, .packet.family = 4};
	struct scene scene;
	struct frames frames;

	(void)state;
	scene_begin(&scene);
	for (__u32 i = 0; i < ping.count; i++)
		hops[i].event.probe = ICMPX_FN_IP_OUTPUT;
	hops[ping.count - 1].event.stack = scene_path(&scene, "ip_output ip_send_skb");
	assert_int_equal(frames_make(&ping, scene.catalog, &frames), 0);
	assert_int_equal(frames.count, ping.count + 2); /* ip_send_skb, ip_local_out */
	frames_free(&frames);
	scene_end(&scene);
}

/* As many hops and as deep as there may be: nothing overflows. */
static void deep_and_many(void **state)
{
	struct scene scene;
	struct frames frames;
	char stack[1024] = "";

	(void)state;
	scene_begin(&scene);
	for (int i = 0; i < ICMPX_STACK_MAX; i++)
		snprintf(stack + strlen(stack), sizeof(stack) - strlen(stack), "f%d ", i);
	for (int i = 0; i < 60; i++)
		scene_hop(&scene, ICMPX_FN_IP_OUTPUT + i % 3, i, i % 3 ? NULL : stack)->event.tid =
			i / 3;
	assert_int_equal(frames_make(&scene.ping, scene.catalog, &frames), 0);
	assert_int_equal(frames.count, 20 * ICMPX_STACK_MAX + 60);
	frames_free(&frames);
	scene_end(&scene);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(raw_sender),
	cmocka_unit_test(round_trip_in_one_softirq),
	cmocka_unit_test(sent_by_its_neighbour),
	cmocka_unit_test(entered_once_and_called_twice),
	cmocka_unit_test(another_softirq_is_entered_anew),
	cmocka_unit_test(softirq_ends_when_a_task_runs),
	cmocka_unit_test(ping_socket),
	cmocka_unit_test(ipv6),
	cmocka_unit_test(udp_error),
	cmocka_unit_test(two_sockets_are_entered_twice),
	cmocka_unit_test(functions_fire_and_are_seen),
	cmocka_unit_test(functions_own_path),
	cmocka_unit_test(returns_make_a_tree),
	cmocka_unit_test(layers_and_depths),
	cmocka_unit_test(without_paths),
	cmocka_unit_test(requeued_once),
	cmocka_unit_test(what_has_returned_stays),
	cmocka_unit_test(many_functions),
	cmocka_unit_test(deep_and_many),
};

UNIT_MAIN(tests)
