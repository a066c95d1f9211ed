// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include "edges-6.12.h"
#include "edges-6.18.h"
#include "render_trace.h"
#include "text_line.h"
#include "trace_scene.h"

static const struct trace_view plain = {};

static char *ping_text(struct scene *scene, const struct trace_view *view)
{
	struct capture capture;
	FILE *out = capture_begin(&capture);

	render_trace_ping_text(out, &scene->ping, scene->catalog, view);
	return capture_end(&capture);
}

static void expect_line(const char *text, const char *line)
{
	const char *at = strstr(text, line);

	while (at && ((at != text && at[-1] != '\n') || at[strlen(line)] != '\n'))
		at = strstr(at + 1, line);
	if (!at)
		fail_msg("no line \"%s\" in:\n%s", line, text);
}

static void expect_part(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\" in:\n%s", part, text);
}

static void expect_none(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("\"%s\" in:\n%s", part, text);
}

static void expect_width(char *text, unsigned int width)
{
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (text_columns(line) > width)
			fail_msg("%u columns: %s", text_columns(line), line);
}

static void names(struct scene *scene)
{
	catalog_set_name(scene->catalog, NAME_NETNS, 11, "a");
	catalog_set_name(scene->catalog, NAME_NETNS, 12, "b");
	catalog_set_name(scene->catalog, NAME_DEVICE, catalog_device_key(11, 2), "eth0");
	catalog_set_name(scene->catalog, NAME_SYMBOL, 0x1000, "ping_rcv+0x1a3");
	catalog_set_name(scene->catalog, NAME_REASON, 3, "NO_SOCKET");
}

static void round_trip_scene(struct scene *scene)
{
	scene_begin(scene);
	names(scene);
	scene->netns = 11;
	scene_send(scene);
	scene->hops[1].event.ifindex = 2;
	scene->netns = 12;
	scene_respond(scene);
	scene->netns = 11;
	scene_read(scene);
	scene->ping.raw_socket = true;
	for (__u32 i = 0; i < scene->ping.count; i++)
		if (scene->hops[i].event.probe == ICMPX_TP_DROP) {
			scene->hops[i].event.detail[0] = 0x1000;
			scene->hops[i].event.detail[1] = 3;
		}
}

static void round_trip(void **state)
{
	struct scene scene;
	char *text;

	(void)state;
	round_trip_scene(&scene);
	text = ping_text(&scene, &plain);
	expect_line(text, "ping 10.0.0.1 -> 10.0.0.2, id 4660 seq 1, 84 bytes, ttl 64");
	expect_line(text, "complete, 57.3 us; raw socket; ping[1234]");
	expect_line(text, "request, sender (netns a)");
	expect_line(text, "      0.0            syscall   \u25cf sendto                   CPU 1");
	expect_line(text, "                     socket    \u00b7 inet_sendmsg");
	expect_line(text, "                     transport \u25cb raw_sendmsg");
	expect_line(text, "      4.2      +4.2            \u25cf net_dev_queue            eth0");
	/* The answer begins where it is made. */
	expect_part(text, "\u25cb icmp_echo\n"
			  "reply, responder (netns b)\n"
			  "                     transport \u25cb icmp_reply\n");
	expect_line(text, "     55.0     +25.0            "
			  "\u25cf skb_copy_datagram_iovec  84 bytes");
	expect_line(text, "     57.3      +2.3  syscall   "
			  "\u25cf sys_exit                 recvmsg = 84");
	expect_line(text, "stages: 57.3 us in all");
	/* 4.2 of 57.3 us */
	expect_line(text, "  send      system call to the device's queue               4.2 us   7% "
			  "\u2588\u258e");
	expect_none(text, "\033");
	expect_none(text, " \n");
	expect_width(text, 80);
	free(text);
	scene_end(&scene);
}

/* What ends while the packet is elsewhere already does not get a heading of its own. */
static void sections_do_not_flicker(void **state)
{
	struct scene scene;
	char *text;

	(void)state;
	round_trip_scene(&scene);
	scene.hops[3].side = SIDE_RESPONDER;
	scene.hops[3].event.netns = 12;
	scene.leg = ICMPX_KIND_REQUEST;
	scene_hop(&scene, ICMPX_TP_SYS_EXIT, 58000, NULL);
	scene_hop(&scene, ICMPX_TP_ERROR_REPORT, 59000, NULL);
	text = ping_text(&scene, &plain);
	expect_part(text, "\u25cf netif_rx\n"
			  "      6.0      +0.4            \u25cf net_dev_xmit\n"
			  "request, responder (netns b)\n");
	expect_part(text, "= 84\n     58.0      +0.7            \u25cf sys_exit");
	expect_part(text, "\nrequest, sender (netns a)\n     59.0      +1.0  socket    "
			  "\u25cf inet_sk_error_report\n");
	free(text);
	scene_end(&scene);
}

/* What frees a packet at the end of its way is not on it. */
static void frees_are_shown_when_asked_for(void **state)
{
	struct scene scene;
	char *text;

	(void)state;
	round_trip_scene(&scene);
	text = ping_text(&scene, &plain);
	expect_part(text, "\u25cb ping_rcv\n");
	expect_none(text, "consume_skb");
	expect_none(text, "sk_skb_reason_drop");
	expect_none(text, "freed");
	free(text);
	text = ping_text(&scene, &(struct trace_view){.verbose = true, .width = 120});
	expect_part(text, "\u25cf consume_skb");
	expect_part(text, "\u25cf freed in ping_rcv+0x1a3: a clone that nobody needed (benign)\n");
	expect_part(text, "ping[1234], CPU 1, netns a");
	free(text);
	scene_end(&scene);
}

static void keeps_within_any_width(void **state)
{
	struct scene scene;

	(void)state;
	round_trip_scene(&scene);
	scene.ping.end = PING_INCOMPLETE;
	scene.ping.lost = 3;
	for (unsigned int width = 20; width < 140; width++) {
		for (int i = 0; i < 4; i++) {
			const struct trace_view view = {
				.width = width,
				.explain = i & 1,
				.graph = i & 2,
				.verbose = i == 3,
			};
			char *text = ping_text(&scene, &view);

			expect_width(text, width);
			free(text);
		}
	}
	scene_end(&scene);
}

static void ascii(void **state)
{
	struct scene scene;
	char *text;

	(void)state;
	round_trip_scene(&scene);
	catalog_set_name(scene.catalog, NAME_TASK, 1234, "p\u00efng");
	text = ping_text(&scene, &(struct trace_view){.ascii = true});
	for (const char *at = text; *at; at++)
		assert_true(*at > 0);
	expect_part(text, "* net_dev_queue");
	expect_part(text, "o raw_sendmsg");
	expect_part(text, ". inet_sendmsg");
	expect_part(text, "p?ng[1234]");
	expect_part(text, "44% ########");
	free(text);
	scene_end(&scene);
}

static void colour(void **state)
{
	struct scene scene;
	char *text;

	(void)state;
	round_trip_scene(&scene);
	text = ping_text(&scene, &(struct trace_view){.colour = true});
	expect_part(text, "\033[32m\u25cf\033[0m \033[1mnet_dev_queue\033[0m");
	/* The largest stage */
	expect_part(text, "\033[1m44%\033[0m");
	expect_none(text, "\033[1m7%\033[0m");
	free(text);
	scene_end(&scene);
}

static void explains(void **state)
{
	struct scene scene;
	char *text;

	(void)state;
	round_trip_scene(&scene);
	text = ping_text(&scene, &(struct trace_view){.explain = true, .width = 120});
	expect_part(text,
		    "\u25cb icmp_echo\n"
		    "                                   echo request: is it to be answered?\n");
	free(text);
	scene_end(&scene);
}

static void drop_with_advice(void **state)
{
	struct scene scene;
	struct hop *hop;
	char *text;

	(void)state;
	scene_begin(&scene);
	names(&scene);
	scene.ping.end = PING_DROPPED;
	scene.side = SIDE_RESPONDER;
	scene_hop(&scene, ICMPX_TP_RECEIVE, 0, "__netif_receive_skb_core " SOFTIRQ);
	hop = scene_hop(&scene, ICMPX_TP_DROP, 1500, "sk_skb_reason_drop ip_rcv_core " SOFTIRQ);
	hop->event.detail[0] = 0x2000;
	hop->event.detail[1] = 5;
	catalog_set_name(scene.catalog, NAME_SYMBOL, 0x2000, "ip_rcv_core+0x11c");
	catalog_set_name(scene.catalog, NAME_REASON, 5, "IP_CSUM");
	text = ping_text(&scene, &plain);
	expect_part(text, "dropped, 1.5 us: the kernel dropped it");
	expect_line(text, "      1.5      +1.5            "
			  "\u2717 dropped in ip_rcv_core+0x11c (IP_CSUM)");
	expect_part(text, "look further: ");
	free(text);
	/* Of a kernel without reasons, from a recording that lacks the symbol. */
	hop->event.detail[0] = 0x3000;
	hop->event.detail[1] = 0;
	text = ping_text(&scene, &(struct trace_view){.ascii = true, .colour = true});
	expect_part(text, "\033[31mx\033[0m \033[31mdropped\033[0m");
	free(text);
	text = ping_text(&scene, &plain);
	expect_part(text, "dropped in ? (this kernel gives no reason)\n");
	free(text);
	scene_end(&scene);
}

static void icmp_error(void **state)
{
	struct scene scene;
	struct hop *hop;
	char *text;

	(void)state;
	scene_begin(&scene);
	scene.ping.packet.kind = ICMPX_KIND_UDP;
	scene.ping.end = PING_ERROR;
	scene.leg = ICMPX_KIND_UDP;
	scene.side = SIDE_RESPONDER;
	hop = scene_hop(&scene, ICMPX_TP_ICMP_SEND, 0, NULL);
	hop->event.detail[0] = 3;
	hop->event.detail[1] = 3;
	scene.leg = ICMPX_KIND_ERROR;
	scene.side = SIDE_SENDER;
	hop = scene_hop(&scene, ICMPX_TP_RECEIVE, 10000, NULL);
	hop->event.packet.type = 11;
	hop->event.packet.code = 0;
	memcpy(hop->event.packet.reporter, (__u8[]){10, 0, 0, 254}, 4);
	hop = scene_hop(&scene, ICMPX_TP_WAKING, 11000, NULL);
	hop->event.syscall = 47;
	scene_hop(&scene, ICMPX_TP_ERROR_REPORT, 12000, NULL)->event.detail[0] = 113;
	text = ping_text(&scene, &(struct trace_view){.width = 120});
	expect_line(text, "udp 10.0.0.1 -> 10.0.0.2, port 4660 to 1, 84 bytes, ttl 64");
	expect_part(text, "error, 12.0 us: an ICMP error about it was made or taken; ping[1234]");
	expect_line(text, "datagram, responder");
	expect_part(text, "destination unreachable: port unreachable, CPU 1\n");
	expect_line(text, "ICMP error, sender: time exceeded in transit, from 10.0.0.254");
	expect_part(text, "sched_waking             ping[1234], in recvmsg\n");
	expect_part(text, "inet_sk_error_report     EHOSTUNREACH\n");
	free(text);
	scene_end(&scene);
}

static void ipv6_fast_path(void **state)
{
	struct scene scene;
	char *text;

	(void)state;
	scene_begin(&scene);
	scene.ping.packet.family = 6;
	memset(scene.ping.packet.source, 0, 16);
	memset(scene.ping.packet.destination, 0, 16);
	scene.ping.packet.source[0] = scene.ping.packet.destination[0] = 0xfd;
	scene.ping.packet.source[15] = 1;
	scene.ping.packet.destination[15] = 2;
	scene.ping.end = PING_ANSWERED;
	scene.ping.at_driver = true;
	scene.ping.duplicate = true;
	scene.ping.left_out = 12;
	scene.side = SIDE_RESPONDER;
	scene_hop(&scene, ICMPX_TP_XDP_REPLY, 0, NULL);
	text = ping_text(&scene, &(struct trace_view){.width = 140});
	expect_line(text, "ping fd00::1 -> fd00::2, id 4660 seq 1, 84 bytes, hop limit 64");
	expect_line(text, "answered, 0.0 us: request came in, reply went out; ping[1234]; "
			  "answered at the driver; more than one reply (DUP!); 12 hops left out");
	expect_line(text, "      0.0            link      \u25cf xdp_reply                "
			  "answered at the driver (XDP, icmpx), CPU 1");
	free(text);
	scene_end(&scene);
}

static void results(void **state)
{
	struct scene scene;
	struct hop *hop;
	char *text;

	(void)state;
	scene_begin(&scene);
	hop = scene_hop(&scene, ICMPX_TP_SYS_EXIT, 0, NULL);
	hop->event.detail[0] = (__u64)-11;
	hop->event.detail[1] = 47;
	scene_hop(&scene, ICMPX_TP_NET_DEV_XMIT, 10, NULL)->event.detail[0] = 16;
	hop = scene_hop(&scene, ICMPX_TP_QUEUE_FULL, 12345678, NULL);
	hop->event.detail[0] = 213312;
	hop->event.detail[1] = 212992;
	hop->event.cpu = 3;
	hop->copy = 1;
	text = ping_text(&scene, &(struct trace_view){.width = 100});
	expect_part(text, "recvmsg: EAGAIN, CPU 1\n");
	expect_part(text, "the driver is busy\n");
	expect_line(text, "request, sender, copy 2 (DUP!)");
	expect_line(text, " 12.35 ms +12.35 ms  socket    \u25cf sock_rcvqueue_full       "
			  "213312 of 212992 bytes, CPU 3");
	free(text);
	scene_end(&scene);
}

static void tree_with_durations(void **state)
{
	struct scene scene;
	struct hop *hop;
	char *text;

	(void)state;
	scene_begin(&scene);
	scene_hop(&scene, ICMPX_FN_RAW_SENDMSG, 0, NULL);
	scene_hop(&scene, ICMPX_FN_IP_PUSH_PENDING, 1000, NULL);
	hop = scene_hop(&scene, ICMPX_FN_IP_PUSH_PENDING, 3500, NULL);
	hop->event.flags = ICMPX_RETURN;
	hop->event.detail[1] = 2500;
	hop = scene_hop(&scene, ICMPX_FN_RAW_SENDMSG, 4000, NULL);
	hop->event.flags = ICMPX_RETURN;
	hop->event.detail[1] = 4000;
	text = ping_text(&scene, &(struct trace_view){.graph = true});
	expect_line(text, "      0.0       4.0  \u25cf raw_sendmsg  CPU 1");
	expect_line(text, "      1.0       2.5    \u25cf ip_push_pending_frames");
	free(text);
	scene_end(&scene);
}

/* A task may call itself what it likes. */
static void names_cannot_control_the_terminal(void **state)
{
	struct scene scene;
	char *text;

	(void)state;
	scene_begin(&scene);
	catalog_set_name(scene.catalog, NAME_TASK, 1234, "\033[2Jx\n\x9b");
	scene_hop(&scene, ICMPX_TP_SWITCH_IN, 0, NULL);
	text = ping_text(&scene, &plain);
	expect_none(text, "\033");
	expect_part(text, "?[2Jx??[1234]");
	free(text);
	scene_end(&scene);
}

static void header(void **state)
{
	struct trace_header header = {
		.kernel = "6.18.44",
		.machine = "x86_64",
		.backend = "tp",
		.why = "fn: kprobe EPERM",
		.probes = 19,
		.possible = 22,
		.missing = "icmp_send inet_sk_error_report",
	};
	struct capture capture;

	(void)state;
	render_trace_header_text(capture_begin(&capture), &header, &plain);
	assert_string_equal(capture_end(&capture),
			    "icmpx trace: backend tp, 19 of 22 probes (fn: kprobe EPERM); "
			    "Linux 6.18.44\n  x86_64; call paths once each\n");
	free(capture.text);
	strcpy(header.backend, "fn");
	strcpy(header.method, "kprobe.multi");
	*header.why = '\0';
	header.stacks = ICMPX_STACKS_NEVER;
	strcpy(header.missing, "icmp_send \033[2J");
	render_trace_header_text(capture_begin(&capture), &header,
				 &(struct trace_view){.verbose = true, .width = 120});
	assert_string_equal(capture_end(&capture),
			    "icmpx trace: backend fn (kprobe.multi), 19 of 22 probes; "
			    "Linux 6.18.44 x86_64; call paths off\n"
			    "  inferred: as measured on " ICMPX_EDGES_6_18_KERNEL " x86_64\n"
			    "  not there: icmp_send ?[2J\n");
	free(capture.text);
	strcpy(header.kernel, "6.14.3");
	strcpy(header.machine, "aarch64");
	*header.missing = '\0';
	render_trace_header_text(capture_begin(&capture), &header,
				 &(struct trace_view){.verbose = true, .width = 120});
	assert_non_null(strstr(capture_end(&capture),
			       "\n  inferred: as measured on " ICMPX_EDGES_6_12_KERNEL
			       " x86_64, for this 6.14.3 aarch64\n"));
	free(capture.text);
	strcpy(header.kernel, "next");
	render_trace_header_text(capture_begin(&capture), &header,
				 &(struct trace_view){.verbose = true, .width = 120});
	assert_non_null(strstr(capture_end(&capture), "\n  inferred: from the sources\n"));
	free(capture.text);
}

static void end(void **state)
{
	struct assemble_counts counts = {
		.pings = 12,
		.ends = {[PING_COMPLETE] = 11, [PING_NO_REPLY] = 1},
	};
	struct capture capture;

	(void)state;
	render_trace_end_text(capture_begin(&capture), &counts, &plain);
	assert_string_equal(capture_end(&capture),
			    "12 pings: 11 complete, 1 no reply; 0 records lost\n");
	free(capture.text);
	counts = (struct assemble_counts){.lost = 4, .hops_left_out = 2, .orphans = 9};
	render_trace_end_text(capture_begin(&capture), &counts,
			      &(struct trace_view){.colour = true});
	expect_part(capture_end(&capture), "\033[31m4\033[0m");
	expect_part(capture.text, "\033[31mhops\033[0m");
	expect_none(capture.text, "9");
	free(capture.text);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(round_trip),
	cmocka_unit_test(sections_do_not_flicker),
	cmocka_unit_test(frees_are_shown_when_asked_for),
	cmocka_unit_test(keeps_within_any_width),
	cmocka_unit_test(ascii),
	cmocka_unit_test(colour),
	cmocka_unit_test(explains),
	cmocka_unit_test(drop_with_advice),
	cmocka_unit_test(icmp_error),
	cmocka_unit_test(ipv6_fast_path),
	cmocka_unit_test(results),
	cmocka_unit_test(tree_with_durations),
	cmocka_unit_test(names_cannot_control_the_terminal),
	cmocka_unit_test(header),
	cmocka_unit_test(end),
};

UNIT_MAIN(tests)
