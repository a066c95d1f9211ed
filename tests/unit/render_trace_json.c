// SPDX-License-Identifier: GPL-2.0-only
/* The lines themselves; whether they are what docs/trace-schema.md says is schema.t's to prove,
 * for which this writes them to the file that ICMPX_SAMPLES names. */
#include "trace_json.h"

#include "compare.h"
#include "edges-6.18.h"
#include "stage_stats.h"

static const struct trace_header header = {
	.kernel = "6.18.44",
	.machine = "x86_64",
	.version = "0.1.0",
	.backend = "tp",
	.why = "no \"kprobes\"",
	.missing = "sock_rcvqueue_full  icmp_send",
	.probes = 20,
	.possible = 22,
	.stacks = ICMPX_STACKS_ALWAYS,
	.started = 18446744073709551615u,
	.epoch = -5,
};

static void header_line(void **state)
{
	struct stream stream;
	char *text;

	(void)state;
	stream_begin(&stream);
	render_trace_json_header(stream.json, &header);
	text = stream_end(&stream);
	assert_string_equal(
		text,
		"{\"type\":\"header\",\"schema\":1,\"icmpx\":\"0.1.0\","
		"\"kernel\":\"6.18.44\",\"machine\":\"x86_64\",\"backend\":\"tp\","
		"\"method\":null,\"probes\":20,\"possible\":22,"
		"\"missing\":[\"sock_rcvqueue_full\",\"icmp_send\"],"
		"\"why\":\"no \\\"kprobes\\\"\",\"inferred_kernel\":\"" ICMPX_EDGES_6_18_KERNEL
		"\",\"inferred_machine\":\"" ICMPX_EDGES_6_18_MACHINE "\",\"stacks\":\"always\","
		"\"clock\":\"CLOCK_MONOTONIC\",\"started_ns\":18446744073709551615,"
		"\"epoch_offset_ns\":-5}\n");
	free(text);
}

/* A recording's header may hold anything. */
static void header_of_bad_bytes(void **state)
{
	struct trace_header bad = {.kernel = "\xff\n\"", .missing = " \xc0 ", .stacks = 9};
	struct stream stream;
	char *text;

	(void)state;
	stream_begin(&stream);
	render_trace_json_header(stream.json, &bad);
	text = stream_end(&stream);
	assert_has(text, "\"kernel\":\"??\\\"\",\"machine\":null");
	assert_has(text, "\"missing\":[\"?\"],\"why\":null,\"inferred_kernel\":null,"
			 "\"inferred_machine\":null,\"stacks\":null");
	free(text);
}

static void ping_line(void **state)
{
	struct hop hops[] = {plain_hop(0), plain_hop(ICMPX_TP_NET_DEV_QUEUE)};
	struct ping ping;
	char *text;

	(void)state;
	hops[0].synthetic = 1;
	hops[0].event.probe = HOP_SYSCALL;
	hops[0].event.flags = ICMPX_RETURN; /* of the record that it is made from */
	hops[0].event.tid = 31;
	hops[0].event.syscall = 44;
	hops[1].event.time += 4000;
	hops[1].event.cpu = 3;
	hops[1].event.ifindex = 2;
	hops[1].event.netns = SENDER;
	hops[1].event.stack = 0xfffffff0;
	ping = ping_of(hops, 2);
	ping.tgid = 30;
	ping.tid = 31;
	ping.sender_netns = SENDER;
	ping.raw_socket = true;
	ping.lost = 2;
	ping.left_out = 3;
	text = render_ping(&ping);
	assert_has(text, "{\"type\":\"path\",\"id\":4294967280,\"frames\":["
			 "{\"function\":\"__dev_queue_xmit\",\"offset\":77,\"layer\":\"link\"},"
			 "{\"function\":\"some_driver_xmit\",\"offset\":0,\"layer\":\"other\"}]}\n"
			 "{\"type\":\"ping\",\"number\":1,\"end\":\"complete\",\"family\":\"ipv4\","
			 "\"protocol\":\"icmp\",\"source\":\"10.0.0.1\","
			 "\"destination\":\"10.0.0.2\",\"id\":4660,\"seq\":1,\"reporter\":null,"
			 "\"bytes\":84,\"first_ns\":1000000007,\"last_ns\":1000004007,"
			 "\"span_ns\":4000,\"process\":{\"tgid\":30,\"tid\":31,\"name\":\"ping\"},"
			 "\"socket\":\"raw\",\"at_driver\":false,\"duplicate\":false,\"lost\":2,"
			 "\"sender_netns\":4026532001,\"sender_netns_name\":\"left\","
			 "\"responder_netns\":null,\"responder_netns_name\":null,\"left_out\":3,"
			 "\"hops\":[{\"time_ns\":1000000007,\"probe\":\"sys_enter\","
			 "\"layer\":\"syscall\",\"leg\":\"request\",\"side\":\"sender\",\"cpu\":0,"
			 "\"tid\":31,\"task\":\"ping\",\"syscall\":\"sendto\"},"
			 "{\"time_ns\":1000004007,\"probe\":\"net_dev_queue\",\"layer\":\"link\","
			 "\"leg\":\"request\",\"side\":\"sender\",\"cpu\":3,\"ifindex\":2,"
			 "\"device\":\"eth0\",\"tid\":33,\"path\":4294967280}],\"stages\":[{");
	assert_string_equal(text + strlen(text) - 4, "}]}\n");
	free(text);
}

static void path_is_written_once(void **state)
{
	struct hop hops[] = {plain_hop(ICMPX_TP_RECEIVE), plain_hop(ICMPX_TP_RECEIVE)};
	struct ping ping = ping_of(hops, 2);
	struct stream stream;
	const char *path, *first;
	char *text;

	(void)state;
	hops[0].event.stack = 5; /* nobody knows that one */
	hops[1].event.stack = 0xfffffff0;
	stream_begin(&stream);
	render_trace_json_ping(stream.json, &ping);
	render_trace_json_ping(stream.json, &ping);
	text = stream_end(&stream);
	path = strstr(text, "\"type\":\"path\"");
	first = strstr(text, "\"type\":\"ping\"");
	assert_true(path && path < first);
	assert_null(strstr(path + 1, "\"type\":\"path\""));
	assert_non_null(strstr(first + 1, "\"path\":4294967280"));
	assert_has_not(text, "\"path\":5");
	free(text);
}

static void path_that_comes_late(void **state)
{
	const struct path_frame frame = {"icmp_rcv", 1};
	struct hop hop = plain_hop(ICMPX_TP_RECEIVE);
	struct ping ping = ping_of(&hop, 1);
	struct stream stream;
	char *text, *at;

	(void)state;
	hop.event.stack = 5;
	stream_begin(&stream);
	render_trace_json_ping(stream.json, &ping);
	catalog_set_path(stream.catalog, 5, &frame, 1);
	render_trace_json_ping(stream.json, &ping);
	text = stream_end(&stream);
	at = strstr(text, "{\"type\":\"path\",\"id\":5,");
	assert_non_null(at);
	assert_has(at, "\"path\":5");
	*at = 0;
	assert_has_not(text, "\"path\":5");
	free(text);
}

static void udp_has_ports(void **state)
{
	struct hop hop = plain_hop(ICMPX_TP_ICMP_SEND);
	struct ping ping = ping_of(&hop, 1);
	char *text;

	(void)state;
	ping.packet.protocol = IPPROTO_UDP;
	ping.packet.kind = ICMPX_KIND_UDP;
	ping.packet.id = htons(40000);
	ping.packet.seq = htons(33434);
	ping.packet.bytes = 0;
	ping.end = PING_ERROR;
	text = render_ping(&ping);
	assert_has(text, "\"end\":\"error\"");
	assert_has(text, "\"protocol\":\"udp\"");
	assert_has(text, "\"source_port\":40000,\"destination_port\":33434,\"reporter\":null,"
			 "\"bytes\":null,");
	assert_has_not(text, "\"id\"");
	assert_has_not(text, "\"seq\"");
	free(text);
}

static struct icmpx_packet error_packet(void)
{
	struct icmpx_packet packet = request_packet();

	packet.kind = ICMPX_KIND_ERROR;
	packet.type = 3;
	packet.code = 1;
	memcpy(packet.reporter, (const __u8[]){10, 0, 0, 254}, 4);
	return packet;
}

static void error_has_reporter(void **state)
{
	struct hop hops[] = {plain_hop(ICMPX_TP_NET_DEV_QUEUE), plain_hop(ICMPX_TP_RECEIVE)};
	struct ping ping = ping_of(hops, 2);
	char *text;

	(void)state;
	hops[1].event.packet = error_packet();
	hops[1].leg = ICMPX_KIND_ERROR;
	hops[1].side = SIDE_FORWARDER;
	hops[1].event.netns = SENDER;
	ping.sender_netns = SENDER;
	text = render_ping(&ping);
	assert_has(text, "\"reporter\":\"10.0.0.254\"");
	assert_has(text, "\"leg\":\"error\",\"side\":\"forwarder\",\"cpu\":0,\"netns\":4026532001,"
			 "\"tid\":33,\"icmp_type\":3,\"icmp_code\":1}");
	free(text);
}

static void addresses_v6(void **state)
{
	struct hop hop = plain_hop(ICMPX_TP_RECEIVE);
	struct ping ping = ping_of(&hop, 1);
	struct stream stream;
	char *text;

	(void)state;
	stream_begin(&stream);
	render_trace_json_ping(stream.json, &ping);
	ping.packet.family = 6;
	ping.packet.protocol = IPPROTO_ICMPV6;
	render_trace_json_ping(stream.json, &ping); /* the same bytes */
	inet_pton(AF_INET6, "fd00::1", ping.packet.source);
	inet_pton(AF_INET6, "::", ping.packet.destination);
	render_trace_json_ping(stream.json, &ping);
	ping.packet.destination[15] = 2;
	render_trace_json_ping(stream.json, &ping);
	text = stream_end(&stream);
	assert_has(text, "\"family\":\"ipv4\",\"protocol\":\"icmp\",\"source\":\"10.0.0.1\",");
	assert_has(text, "\"source\":\"a00:1::\",\"destination\":\"a00:2::\"");
	assert_has(text, "\"family\":\"ipv6\",\"protocol\":\"icmpv6\",\"source\":\"fd00::1\","
			 "\"destination\":\"::\",");
	assert_has(text, "\"source\":\"fd00::1\",\"destination\":\"::2\",");
	free(text);
}

static void unknown_is_null(void **state)
{
	struct ping ping = ping_of(NULL, 0);
	char *text;

	(void)state;
	ping.end = PING_INCOMPLETE;
	ping.packet.protocol = 0;
	ping.ping_socket = true;
	ping.at_driver = true;
	ping.duplicate = true;
	text = render_ping(&ping);
	assert_has(text, "\"end\":\"incomplete\"");
	assert_has(text, "\"protocol\":null");
	assert_has(text, "\"process\":null,\"socket\":\"ping\",\"at_driver\":true,"
			 "\"duplicate\":true,");
	assert_has(text, "\"hops\":[],\"stages\":[");
	free(text);
}

static const struct assemble_counts counts = {
	.pings = 28,
	.events = 500,
	.lost = 1,
	.orphans = 2,
	.late = 3,
	.pushed_out = 4,
	.hops_left_out = 5,
	.ends = {7, 6, 5, 4, 3, 2, 1},
};

static void end_line(void **state)
{
	struct stream stream;
	char *text;

	(void)state;
	stream_begin(&stream);
	render_trace_json_end(stream.json, &counts);
	text = stream_end(&stream);
	assert_string_equal(text, "{\"type\":\"end\",\"pings\":28,\"events\":500,\"lost\":1,"
				  "\"orphans\":2,\"late\":3,\"pushed_out\":4,\"hops_left_out\":5,"
				  "\"ends\":{\"complete\":7,\"received\":6,\"answered\":5,"
				  "\"error\":4,\"dropped\":3,\"no_reply\":2,\"incomplete\":1}}\n");
	free(text);
}

/* One hop of each probe, as it comes and with all that a hop may have. */
static __u32 fill_samples(struct hop *hops)
{
	__u32 count = 0;

	for (unsigned int i = 0; i < ICMPX_PROBE_MAX; i++) {
		if (!trace_probe_name(i) && i != HOP_SYSCALL)
			continue;
		for (int full = 0; full < 2; full++) {
			struct hop *hop = &hops[count++];

			*hop = plain_hop(i);
			hop->synthetic = i == HOP_SYSCALL;
			hop->event.time += count * 1000;
			hop->leg = 1 + count % (ICMPX_KIND_MAX - 1);
			hop->side = count % SIDE_MAX;
			if (!full)
				continue;
			hop->event.packet = error_packet();
			hop->event.flags = i % 3 ? ICMPX_RETURN : ICMPX_IN_SOFTIRQ;
			hop->event.flags |= ICMPX_CARRIED | ICMPX_FRAGMENT;
			hop->event.netns = ANSWERER;
			hop->event.ifindex = 2;
			hop->event.tid = 32;
			hop->event.syscall = 44;
			hop->event.stack = 0xfffffff0;
			hop->event.detail[0] = i == ICMPX_TP_SYS_EXIT ? -11ULL : SYMBOL;
			hop->event.detail[1] = 7;
			hop->benign = hop->copy = 1;
		}
	}
	return count;
}

static void write_stats(FILE *out, const struct ping *ping)
{
	_cleanup_(stage_stats) struct stage_stats *stats = stage_stats_new();
	struct budget budget;

	assert_non_null(stats);
	stages_budget(ping, &budget);
	stage_stats_add(stats, ping, &budget);
	render_stage_stats_json(out, stats);
}

static void write_comparison(FILE *out, const struct ping *ping, const struct catalog *catalog)
{
	_cleanup_(comparison) struct comparison *comparison = compare_new(NULL, NULL);
	struct frames frames;

	assert_non_null(comparison);
	assert_int_equal(frames_make(ping, catalog, &frames), 0);
	assert_int_equal(compare_add(comparison, ping, &frames), 0);
	render_compare_json(out, comparison);
	frames_free(&frames);
}

static void write_samples(struct trace_json *json, struct ping *ping)
{
	render_trace_json_header(json, &header);
	for (int end = 0; end < PING_END_MAX; end++) {
		ping->end = end;
		render_trace_json_ping(json, ping);
		ping->number++;
	}
	ping->tgid = ping->tid = 31;
	ping->sender_netns = SENDER;
	ping->raw_socket = true;
	ping->packet.protocol = IPPROTO_UDP;
	render_trace_json_ping(json, ping);
}

static void samples(void **state)
{
	const char *name = getenv("ICMPX_SAMPLES");
	_cleanup_(catalog) struct catalog *catalog = new_catalog();
	struct hop *hops = calloc(2 * ICMPX_PROBE_MAX, sizeof(*hops));
	struct ping ping = ping_of(hops, fill_samples(hops));
	FILE *out = fopen(name ? name : "/dev/null", "w");
	struct trace_json *json;

	(void)state;
	assert_non_null(out);
	json = render_trace_json_new(out, catalog);
	assert_non_null(json);
	write_samples(json, &ping);
	ping.end = PING_COMPLETE;
	write_stats(out, &ping);
	write_comparison(out, &ping, catalog);
	render_trace_json_end(json, &counts);
	render_trace_json_free(json);
	assert_int_equal(fclose(out), 0);
	free(hops);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(header_line),
	cmocka_unit_test(header_of_bad_bytes),
	cmocka_unit_test(ping_line),
	cmocka_unit_test(path_is_written_once),
	cmocka_unit_test(path_that_comes_late),
	cmocka_unit_test(udp_has_ports),
	cmocka_unit_test(error_has_reporter),
	cmocka_unit_test(addresses_v6),
	cmocka_unit_test(unknown_is_null),
	cmocka_unit_test(end_line),
	cmocka_unit_test(samples),
};

UNIT_MAIN(tests)
