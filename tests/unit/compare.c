// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <string.h>
#include <json-c/json.h>

#include "compare.h"

#define NAMES_MAX 40

/* Hops of one ping, one for each side and leg; frames say on which of them they are. */
enum {
	SENDER_REQUEST,
	SENDER_REPLY,
	SENDER_ERROR,
	SENDER_UDP,
	RESPONDER_REQUEST,
	RESPONDER_REPLY,
	RESPONDER_ERROR,
	RESPONDER_UDP,
	PLACES,
};

static struct hop hops[PLACES] = {
	[SENDER_REQUEST] = {.side = SIDE_SENDER, .leg = ICMPX_KIND_REQUEST},
	[SENDER_REPLY] = {.side = SIDE_SENDER, .leg = ICMPX_KIND_REPLY},
	[SENDER_ERROR] = {.side = SIDE_SENDER, .leg = ICMPX_KIND_ERROR},
	[SENDER_UDP] = {.side = SIDE_SENDER, .leg = ICMPX_KIND_UDP},
	[RESPONDER_REQUEST] = {.side = SIDE_RESPONDER, .leg = ICMPX_KIND_REQUEST},
	[RESPONDER_REPLY] = {.side = SIDE_RESPONDER, .leg = ICMPX_KIND_REPLY},
	[RESPONDER_ERROR] = {.side = SIDE_RESPONDER, .leg = ICMPX_KIND_ERROR},
	[RESPONDER_UDP] = {.side = SIDE_RESPONDER, .leg = ICMPX_KIND_UDP},
};

struct passed {
	const char *name;
	int hop;
	enum frame_mark mark;
	bool system_call;
};

static struct ping ping_of(unsigned int family, enum ping_end end)
{
	struct ping ping = {.end = end, .hops = hops, .count = PLACES};

	ping.packet.family = family;
	return ping;
}

static void add(struct comparison *comparison, const struct ping *ping, const struct passed *passed,
		size_t count)
{
	struct frame list[NAMES_MAX] = {};
	const struct frames frames = {.list = list, .count = count};

	assert_true(count <= NAMES_MAX);
	for (size_t i = 0; i < count; i++) {
		int probe = passed[i].system_call ? -1 : trace_probe_lookup(passed[i].name);

		list[i] = (struct frame){
			.name = passed[i].name,
			.mark = passed[i].mark,
			.layer = probe < 0 ? ICMPX_LAYER_OTHER : trace_probe_layer(probe),
			.probe = probe,
			.function = !passed[i].system_call,
			.hop = passed[i].hop,
		};
	}
	assert_int_equal(compare_add(comparison, ping, &frames), 0);
}

#define ADD(comparison, ping, passed) add(comparison, ping, passed, ARRAY_SIZE(passed))

/* A kernel as Debian's 6.12, as far as these tests ask. */
static bool in_this_kernel(void *data, const char *name)
{
	static const char *const lacks[] = {"icmp_push_reply", "raw_v4_input",  "dev_queue_xmit",
					    "raw_init",        "icmp_send",     "raw_err",
					    "raw_v4_err",      "raw_icmp_error"};

	assert_null(data);
	for (size_t i = 0; i < ARRAY_SIZE(lacks); i++)
		if (!strcmp(name, lacks[i]))
			return false;
	return true;
}

static struct compare_row row_of(const struct comparison *comparison, enum documented_path path,
				 const char *documented)
{
	struct compare_row found = {.result = COMPARE_RESULT_MAX};
	struct compare_rows rows;

	assert_int_equal(compare_rows(comparison, path, &rows), 0);
	for (size_t i = 0; i < rows.count; i++)
		if (rows.list[i].documented && !strcmp(rows.list[i].documented, documented))
			found = rows.list[i];
	free(rows.list);
	assert_int_not_equal(found.result, COMPARE_RESULT_MAX);
	return found;
}

static __u64 path_pings(const struct comparison *comparison, enum documented_path path)
{
	struct compare_rows rows;

	assert_int_equal(compare_rows(comparison, path, &rows), 0);
	free(rows.list);
	assert_true(rows.pings || !rows.count);
	return rows.pings;
}

/* How a raw socket's ping to another machine looks from stacks. */
static const struct passed raw[] = {
	{"sendto", SENDER_REQUEST, MARK_FIRED, true},
	{"__sys_sendto", SENDER_REQUEST, MARK_SEEN},
	{"inet_sendmsg", SENDER_REQUEST, MARK_INFERRED},
	{"raw_sendmsg", SENDER_REQUEST, MARK_SEEN},
	{"ip_push_pending_frames", SENDER_REQUEST, MARK_SEEN},
	{"ip_output", SENDER_REQUEST, MARK_SEEN},
	{"ip_finish_output2", SENDER_REQUEST, MARK_SEEN},
	{"__dev_queue_xmit", SENDER_REQUEST, MARK_SEEN},
	{"e1000_xmit_frame", SENDER_REQUEST, MARK_SEEN},
	{"net_rx_action", SENDER_REPLY, MARK_SEEN},
	{"ip_rcv", SENDER_REPLY, MARK_INFERRED},
	{"raw_local_deliver", SENDER_REPLY, MARK_SEEN},
	{"raw_rcv", SENDER_REPLY, MARK_SEEN},
	{"sock_def_readable", SENDER_REPLY, MARK_FIRED},
};

static const struct passed responder[] = {
	{"net_rx_action", RESPONDER_REQUEST, MARK_SEEN},
	{"icmp_rcv", RESPONDER_REQUEST, MARK_FIRED},
	{"icmp_echo", RESPONDER_REQUEST, MARK_SEEN},
	{"icmp_reply", RESPONDER_REPLY, MARK_SEEN},
	{"ip_push_pending_frames", RESPONDER_REPLY, MARK_SEEN},
	{"icmp_unknown_helper", RESPONDER_REPLY, MARK_SEEN},
};

static void raw_sender(void **state)
{
	_cleanup_(comparison) struct comparison *comparison = compare_new(in_this_kernel, NULL);
	const struct ping ping = ping_of(4, PING_COMPLETE);
	struct compare_row row;

	(void)state;
	ADD(comparison, &ping, raw);
	row = row_of(comparison, DOCUMENTED_RAW_SENDER, "raw_sendmsg");
	assert_int_equal(row.result, COMPARE_SAME);
	assert_string_equal(row.live, "raw_sendmsg");
	assert_int_equal(row.mark, MARK_SEEN);
	assert_int_equal(row.layer, ICMPX_LAYER_TRANSPORT);
	assert_int_equal(row.count, 1);
	row = row_of(comparison, DOCUMENTED_RAW_SENDER, "dev_queue_xmit");
	assert_int_equal(row.result, COMPARE_RENAMED);
	assert_string_equal(row.live, "__dev_queue_xmit");
	row = row_of(comparison, DOCUMENTED_RAW_SENDER, "inet_sendmsg");
	assert_int_equal(row.result, COMPARE_INLINED);
	row = row_of(comparison, DOCUMENTED_RAW_SENDER, "driver");
	assert_int_equal(row.result, COMPARE_SAME);
	assert_string_equal(row.live, "e1000_xmit_frame");
	row = row_of(comparison, DOCUMENTED_RAW_SENDER, "interrupt");
	assert_int_equal(row.result, COMPARE_NOT_SEEN);
	/* There, but it returns before a probe shows a call path. */
	row = row_of(comparison, DOCUMENTED_RAW_SENDER, "ip_append_data");
	assert_int_equal(row.result, COMPARE_NOT_SEEN);
	assert_null(row.live);
	assert_int_equal(row.count, 0);
	/* There as raw_sk_init. */
	row = row_of(comparison, DOCUMENTED_RAW_SENDER, "raw_init");
	assert_int_equal(row.result, COMPARE_NOT_SEEN);
}

/* However it is known: the documents' name is that of the call. */
static void system_calls(void **state)
{
	_cleanup_(comparison) struct comparison *comparison = compare_new(in_this_kernel, NULL);
	_cleanup_(comparison) struct comparison *stacks = compare_new(in_this_kernel, NULL);
	const struct ping ping = ping_of(4, PING_COMPLETE);
	struct compare_row row;

	(void)state;
	ADD(comparison, &ping, raw);
	row = row_of(comparison, DOCUMENTED_RAW_SENDER, "sendto");
	assert_int_equal(row.result, COMPARE_SAME);
	assert_string_equal(row.live, "sendto");
	assert_int_equal(row.mark, MARK_FIRED);
	assert_int_equal(row.count, 1);
	add(stacks, &ping, raw + 1, ARRAY_SIZE(raw) - 1);
	row = row_of(stacks, DOCUMENTED_RAW_SENDER, "sendto");
	assert_int_equal(row.result, COMPARE_SAME);
	assert_string_equal(row.live, "__sys_sendto");
	row = row_of(stacks, DOCUMENTED_RAW_SENDER, "poll");
	assert_int_equal(row.result, COMPARE_NOT_SEEN);
}

/* Not in the kernel: inlined where the functions around it were passed, else gone. */
static void inlined_or_gone(void **state)
{
	_cleanup_(comparison) struct comparison *comparison = compare_new(in_this_kernel, NULL);
	_cleanup_(comparison) struct comparison *unknown = compare_new(NULL, NULL);
	struct ping ping = ping_of(4, PING_COMPLETE);
	static const struct passed error[] = {{"ip_rcv", SENDER_ERROR, MARK_SEEN},
					      {"__udp4_lib_err", SENDER_ERROR, MARK_SEEN}};

	(void)state;
	ADD(comparison, &ping, responder);
	ADD(unknown, &ping, responder);
	assert_int_equal(row_of(comparison, DOCUMENTED_RESPONDER, "icmp_push_reply").result,
			 COMPARE_INLINED);
	assert_int_equal(row_of(unknown, DOCUMENTED_RESPONDER, "icmp_push_reply").result,
			 COMPARE_NOT_SEEN);
	ping.end = PING_ERROR;
	ADD(comparison, &ping, error);
	assert_int_equal(row_of(comparison, DOCUMENTED_ERROR_TAKEN, "raw_err").result,
			 COMPARE_GONE);
	assert_int_equal(row_of(comparison, DOCUMENTED_ERROR_TAKEN, "udp_err").result,
			 COMPARE_NOT_SEEN);
}

/* A path is held against what was seen on its side, leg and family, and its socket. */
static void paths_by_evidence(void **state)
{
	_cleanup_(comparison) struct comparison *comparison = compare_new(in_this_kernel, NULL);
	static const struct passed ping_socket[] = {
		{"ping_v4_sendmsg", SENDER_REQUEST, MARK_SEEN},
		{"ping_rcv", SENDER_REPLY, MARK_SEEN},
	};
	static const struct passed v6[] = {{"icmpv6_rcv", RESPONDER_REQUEST, MARK_SEEN}};
	static const struct passed udp[] = {{"udp_sendmsg", SENDER_UDP, MARK_SEEN},
					    {"__udp4_lib_rcv", RESPONDER_UDP, MARK_SEEN},
					    {"__icmp_send", RESPONDER_UDP, MARK_SEEN},
					    {"__udp4_lib_err", SENDER_ERROR, MARK_SEEN}};
	struct ping ping = ping_of(4, PING_COMPLETE);

	(void)state;
	ADD(comparison, &ping, ping_socket);
	assert_int_equal(path_pings(comparison, DOCUMENTED_PING_SENDER), 1);
	assert_int_equal(path_pings(comparison, DOCUMENTED_RAW_SENDER), 0);
	assert_int_equal(path_pings(comparison, DOCUMENTED_RESPONDER), 0);
	assert_int_equal(path_pings(comparison, DOCUMENTED_LOOP), 0);
	ADD(comparison, &ping, responder);
	assert_int_equal(path_pings(comparison, DOCUMENTED_RESPONDER), 1);
	assert_int_equal(path_pings(comparison, DOCUMENTED_ICMPV6), 0);
	ping = ping_of(6, PING_COMPLETE);
	ADD(comparison, &ping, v6);
	assert_int_equal(path_pings(comparison, DOCUMENTED_ICMPV6), 1);
	ping = ping_of(4, PING_ERROR);
	ADD(comparison, &ping, udp);
	assert_int_equal(path_pings(comparison, DOCUMENTED_UDP), 1);
	assert_int_equal(path_pings(comparison, DOCUMENTED_ERROR_MADE), 1);
	assert_int_equal(path_pings(comparison, DOCUMENTED_ERROR_TAKEN), 1);
	assert_int_equal(row_of(comparison, DOCUMENTED_ERROR_MADE, "icmp_send").result,
			 COMPARE_RENAMED);
	assert_int_equal(path_pings(comparison, DOCUMENTED_RAW_SENDER), 0);
	assert_int_equal(path_pings(comparison, DOCUMENTED_ICMPV6_ERROR), 0);
	assert_int_equal(compare_pings(comparison), 4);
}

/* What the fast path answers never gets to the kernel's responder. */
static void answered_at_the_driver(void **state)
{
	_cleanup_(comparison) struct comparison *comparison = compare_new(in_this_kernel, NULL);
	struct ping ping = ping_of(4, PING_COMPLETE);

	(void)state;
	ping.at_driver = true;
	ADD(comparison, &ping, responder);
	assert_int_equal(path_pings(comparison, DOCUMENTED_RESPONDER), 0);
}

/* The published experiment: the loop runs twice, ping_rcv once, recvfrom twice. */
static void loop_counts(void **state)
{
	_cleanup_(comparison) struct comparison *comparison = compare_new(in_this_kernel, NULL);
	static const struct passed loop[] = {
		{"raw_sendmsg", SENDER_REQUEST},
		{"ip_push_pending_frames", SENDER_REQUEST},
		{"ip_output", SENDER_REQUEST},
		{"__dev_queue_xmit", SENDER_REQUEST},
		{"ip_rcv", RESPONDER_REQUEST},
		{"icmp_rcv", RESPONDER_REQUEST},
		{"ip_push_pending_frames", RESPONDER_REPLY},
		{"ip_output", RESPONDER_REPLY},
		{"__dev_queue_xmit", RESPONDER_REPLY},
		{"ip_rcv", SENDER_REPLY},
		{"icmp_rcv", SENDER_REPLY},
		{"ping_rcv", SENDER_REPLY},
		{"recvfrom", SENDER_REQUEST, MARK_FIRED, true},
		{"recvfrom", SENDER_REPLY, MARK_FIRED, true},
		{"icmp_unknown_helper", SENDER_REPLY},
	};
	const struct ping ping = ping_of(4, PING_COMPLETE);
	struct compare_function function;
	struct compare_rows rows;

	(void)state;
	ADD(comparison, &ping, loop);
	ADD(comparison, &ping, loop);
	assert_int_equal(row_of(comparison, DOCUMENTED_LOOP, "icmp_rcv").count, 4);
	assert_int_equal(row_of(comparison, DOCUMENTED_LOOP, "dev_queue_xmit").count, 4);
	assert_int_equal(row_of(comparison, DOCUMENTED_LOOP, "ping_rcv").count, 2);
	assert_int_equal(row_of(comparison, DOCUMENTED_LOOP, "recvfrom").count, 4);
	assert_int_equal(row_of(comparison, DOCUMENTED_RAW_SENDER, "icmp_rcv").count, 2);
	assert_int_equal(row_of(comparison, DOCUMENTED_RESPONDER, "icmp_rcv").count, 2);
	assert_int_equal(compare_rows(comparison, DOCUMENTED_LOOP, &rows), 0);
	assert_int_equal(rows.pings, 2);
	for (size_t i = 0; i < rows.count; i++)
		assert_non_null(rows.list[i].documented);
	free(rows.list);
	assert_true(compare_function(comparison, 5, &function));
	assert_string_equal(function.name, "icmp_rcv");
	assert_int_equal(function.count, 4);
	assert_false(compare_function(comparison, 100, &function));
}

/* No document has them; a tracepoint is no function, even of a documented one's name. */
static void new_functions(void **state)
{
	_cleanup_(comparison) struct comparison *comparison = compare_new(in_this_kernel, NULL);
	struct frame tracepoint = {
		.name = "icmp_send",
		.mark = MARK_FIRED,
		.layer = ICMPX_LAYER_TRANSPORT,
		.probe = ICMPX_TP_ICMP_SEND,
		.hop = RESPONDER_UDP,
	};
	const struct frames frames = {.list = &tracepoint, .count = 1};
	struct ping ping = ping_of(4, PING_COMPLETE);
	struct compare_function function;
	struct compare_rows rows;

	(void)state;
	ADD(comparison, &ping, responder);
	assert_int_equal(compare_rows(comparison, DOCUMENTED_RESPONDER, &rows), 0);
	assert_int_equal(rows.list[rows.count - 1].result, COMPARE_NEW);
	assert_string_equal(rows.list[rows.count - 1].live, "icmp_unknown_helper");
	assert_null(rows.list[rows.count - 1].documented);
	assert_int_not_equal(rows.list[rows.count - 2].result, COMPARE_NEW);
	free(rows.list);
	ping.end = PING_ERROR;
	assert_int_equal(compare_add(comparison, &ping, &frames), 0);
	assert_int_equal(path_pings(comparison, DOCUMENTED_ERROR_MADE), 0);
	for (size_t i = 0; compare_function(comparison, i, &function); i++)
		assert_string_not_equal(function.name, "icmp_send");
	assert_int_equal(compare_pings(comparison), 2);
}

/* Each documented name that is a function of icmpx's list is of the layer there. */
static void documents_agree_with_probes(void **state)
{
	static const struct {
		const char *name;
		enum icmpx_layer layer;
	} documents[] = {
#define X(path, function, in) {function, ICMPX_LAYER_##in},
		ICMPX_DOCUMENTED(X)
#undef X
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(documents); i++) {
		int probe = trace_probe_lookup(documents[i].name);

		if (probe >= 0 && trace_probe_layer(probe) != documents[i].layer)
			fail_msg("%s", documents[i].name);
		assert_true(strlen(documents[i].name) <= 26);
	}
}

static size_t columns_in(const char *line)
{
	size_t columns = 0;

	for (; *line && *line != '\n'; line++)
		columns += (*line & 0xc0) != 0x80;
	return columns;
}

static char *text_of(const struct comparison *comparison, unsigned int width, bool colour)
{
	const struct trace_view view = {.width = width, .colour = colour};
	struct capture capture;

	render_compare_text(capture_begin(&capture), comparison, &view);
	return capture_end(&capture);
}

static void text(void **state)
{
	_cleanup_(comparison) struct comparison *comparison = compare_new(in_this_kernel, NULL);
	const struct ping ping = ping_of(4, PING_COMPLETE);
	_cleanup_(free) char *empty = text_of(comparison, 0, false);
	_cleanup_(free) char *full = NULL, *narrow = NULL, *colour = NULL;

	(void)state;
	assert_string_equal(empty, "nothing to compare: no function was seen\n");
	ADD(comparison, &ping, raw);
	ADD(comparison, &ping, raw);
	ADD(comparison, &ping, responder);
	full = text_of(comparison, 0, false);
	narrow = text_of(comparison, 60, false);
	colour = text_of(comparison, 0, true);
	for (const char *line = full; *line; line += strcspn(line, "\n") + 1)
		assert_true(columns_in(line) <= 80);
	for (const char *line = narrow; *line; line += strcspn(line, "\n") + 1)
		assert_true(columns_in(line) <= 60);
	assert_non_null(
		strstr(full, "ping over a raw socket: sender (Linux 2.6 to 4.x); 2 pings\n"));
	assert_non_null(strstr(full, "\n  ○ dev_queue_xmit              __dev_queue_xmit"));
	assert_non_null(strstr(full, "\n  ○                             icmp_unknown_helper"));
	assert_non_null(strstr(full, "\n    ip_append_data"));
	assert_null(strstr(full, "a UDP datagram"));
	assert_null(strchr(full, '\033'));
	assert_non_null(strchr(colour, '\033'));
	/* new: ip_finish_output2, icmp_unknown_helper */
	assert_non_null(strstr(full, ", 2 new\n"));
}

static struct json_object *member(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	assert_true(json_object_object_get_ex(object, key, &value));
	return value;
}

static const char *string(struct json_object *object, const char *key)
{
	return json_object_get_string(member(object, key));
}

static void json(void **state)
{
	_cleanup_(comparison) struct comparison *comparison = compare_new(in_this_kernel, NULL);
	const struct ping ping = ping_of(4, PING_COMPLETE);
	struct json_object *document, *path, *row;
	struct capture capture;
	unsigned int rows = 0;
	char *line;

	(void)state;
	ADD(comparison, &ping, responder);
	render_compare_json(capture_begin(&capture), comparison);
	line = capture_end(&capture);
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	document = json_tokener_parse(line);
	assert_string_equal(string(document, "type"), "compare");
	assert_int_equal(json_object_get_int(member(document, "pings")), 1);
	assert_int_equal(json_object_array_length(member(document, "paths")), 1);
	path = json_object_array_get_idx(member(document, "paths"), 0);
	assert_string_equal(string(path, "path"), "responder");
	row = json_object_array_get_idx(member(path, "rows"), 1);
	assert_string_equal(string(row, "documented"), "net_rx_action");
	assert_string_equal(string(row, "live"), "net_rx_action");
	assert_string_equal(string(row, "layer"), "softirq");
	assert_string_equal(string(row, "result"), "same");
	assert_string_equal(string(row, "mark"), "seen");
	assert_int_equal(json_object_get_int(member(row, "count")), 1);
	assert_null(member(json_object_array_get_idx(member(path, "rows"), 0), "live"));
	json_object_object_foreach(member(document, "summary"), key, value)
	{
		assert_non_null(key);
		rows += json_object_get_int(value);
	}
	assert_int_equal(rows, json_object_array_length(member(path, "rows")));
	assert_int_equal(json_object_array_length(member(document, "functions")),
			 ARRAY_SIZE(responder));
	json_object_put(document);
	free(line);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(raw_sender),
	cmocka_unit_test(system_calls),
	cmocka_unit_test(inlined_or_gone),
	cmocka_unit_test(paths_by_evidence),
	cmocka_unit_test(answered_at_the_driver),
	cmocka_unit_test(loop_counts),
	cmocka_unit_test(new_functions),
	cmocka_unit_test(documents_agree_with_probes),
	cmocka_unit_test(text),
	cmocka_unit_test(json),
};

UNIT_MAIN(tests)
