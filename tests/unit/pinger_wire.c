// SPDX-License-Identifier: GPL-2.0-only
/* What icmpx's own pings are on the wire, and what may come back. */
#include "pinger_lib.h"

#include <errno.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>

/* The identity in events is that of the packet on the wire. */
static void wire_v4(bool raw)
{
	struct pinger *pinger = wire_start("192.0.2.9", 1, 56);
	unsigned char packet[256];
	struct told told = {};
	const struct icmpx_packet *is;
	struct icmpx_packet address;
	size_t size;

	assert_int_equal(pinger_is_raw(pinger), raw);
	size = wire_take(pinger, &told, packet, sizeof(packet));
	is = &told_get(&told, ICMPX_TP_USER_SEND, 0)->packet;
	assert_int_equal(size, 20 + 8 + 56);
	assert_int_equal(is->family, 4);
	assert_int_equal(is->protocol, packet[9]);
	assert_int_equal(is->bytes, packet[2] << 8 | packet[3]);
	assert_int_equal(is->type, packet[20]);
	assert_int_equal(is->code, packet[21]);
	assert_memory_equal(&is->id, packet + 24, 2);
	assert_memory_equal(&is->seq, packet + 26, 2);
	assert_memory_equal(is->source, packet + 12, 4);
	assert_memory_equal(is->destination, packet + 16, 4);
	for (size_t i = 4; i < 16; i++)
		assert_int_equal(is->source[i] | is->destination[i], 0);
	for (size_t i = 0; i < 48; i++)
		assert_int_equal(packet[36 + i], 8 + i);

	pinger_address(pinger, &address);
	assert_int_equal(address.seq, 0);
	address.seq = is->seq;
	assert_memory_equal(&address, is, sizeof(address));

	wire_reply_v4(packet, size);
	wire_inject(packet, size);
	wire_run(pinger, &told);
	told_whole(&told, 0, 1);
	is = &told_get(&told, ICMPX_TP_USER_RECEIVE, 0)->packet;
	assert_int_equal(is->bytes, 84);
	assert_int_equal(is->ttl, 57);
	assert_memory_equal(&is->id, packet + 24, 2);
	assert_memory_equal(is->source, packet + 12, 4);
	assert_memory_equal(is->destination, packet + 16, 4);
	pinger_close(pinger);
}

static void wire_v4_ping(void **state)
{
	(void)state;
	wire_v4(false);
}

static void wire_v4_raw(void **state)
{
	(void)state;
	wire_v4(true);
}

static void wire_v6(bool raw)
{
	struct pinger *pinger = wire_start("2001:db8::9", 1, 56);
	unsigned char packet[256];
	struct told told = {};
	const struct icmpx_packet *is;
	size_t size;

	assert_int_equal(pinger_is_raw(pinger), raw);
	size = wire_take(pinger, &told, packet, sizeof(packet));
	is = &told_get(&told, ICMPX_TP_USER_SEND, 0)->packet;
	assert_int_equal(size, 40 + 8 + 56);
	assert_int_equal(is->family, 6);
	assert_int_equal(is->protocol, packet[6]);
	assert_int_equal(is->bytes, 104);
	assert_int_equal(is->type, packet[40]);
	assert_memory_equal(&is->id, packet + 44, 2);
	assert_memory_equal(&is->seq, packet + 46, 2);
	assert_memory_equal(is->source, packet + 8, 16);
	assert_memory_equal(is->destination, packet + 24, 16);

	wire_reply_v6(packet, size);
	wire_inject(packet, size);
	wire_run(pinger, &told);
	told_whole(&told, 0, 1);
	is = &told_get(&told, ICMPX_TP_USER_RECEIVE, 0)->packet;
	assert_int_equal(is->bytes, 104);
	assert_int_equal(is->ttl, 57);
	assert_memory_equal(is->source, packet + 8, 16);
	pinger_close(pinger);
}

static void wire_v6_ping(void **state)
{
	(void)state;
	wire_v6(false);
}

static void wire_v6_raw(void **state)
{
	(void)state;
	wire_v6(true);
}

/* Changes a reply in one way each; none of them is ours. */
static void only_own_replies(void **state)
{
	struct pinger *pinger = wire_start("192.0.2.9", 1, 56);
	unsigned char packet[256], reply[256];
	struct told told = {};
	size_t size;
	__u64 next;

	(void)state;
	size = wire_take(pinger, &told, packet, sizeof(packet));
	wire_reply_v4(packet, size);
	for (int change = 0; change < 6; change++) {
		memcpy(reply, packet, size);
		switch (change) {
		case 0: /* another host */
			reply[15] = 8;
			break;
		case 1: /* identifier */
			reply[25] ^= 1;
			break;
		case 2: /* a sequence number that was not sent yet */
			reply[27] = 2;
			break;
		case 3: /* cookie */
			reply[28] ^= 1;
			break;
		case 4: /* no reply: address mask reply */
			reply[20] = 18;
			break;
		}
		wire_seal_v4(reply, size);
		if (change == 5) /* data, without the checksum */
			reply[60] ^= 1;
		wire_inject(reply, size);
		assert_int_equal(pinger_run(pinger, told_add, &told, &next), 0);
		if (pinger_counts(pinger)->received)
			fail_msg("change %d was taken", change);
	}
	assert_null(told_nth(&told, ICMPX_TP_USER_RECEIVE, 0));
	wire_inject(packet, size);
	wire_run(pinger, &told);
	assert_int_equal(pinger_counts(pinger)->received, 1);
	pinger_close(pinger);
}

static void duplicates_are_counted(void **state)
{
	struct pinger *pinger = wire_start("192.0.2.9", 2, 56);
	const struct pinger_counts *counts = pinger_counts(pinger);
	unsigned char packet[256];
	struct told told = {};
	size_t size;

	(void)state;
	size = wire_take(pinger, &told, packet, sizeof(packet));
	wire_reply_v4(packet, size);
	for (int i = 0; i < 3; i++)
		wire_inject(packet, size);
	size = wire_take(pinger, &told, packet, sizeof(packet));
	assert_int_equal(packet[27], 2);
	wire_reply_v4(packet, size);
	wire_inject(packet, size);
	wire_run(pinger, &told);
	assert_int_equal(counts->received, 2);
	assert_int_equal(counts->duplicates, 2);
	assert_non_null(told_nth(&told, ICMPX_TP_USER_RECEIVE, 3));
	pinger_close(pinger);
}

/* Host unreachable (or another) from a router 203.0.113.1, about a request. */
static size_t error_v4(unsigned char *error, const unsigned char *packet, size_t size,
		       unsigned char type, unsigned char code)
{
	memset(error, 0, 28);
	memcpy(error, packet, 20);
	error[8] = 64;
	memcpy(error + 12, (unsigned char[]){203, 0, 113, 1}, 4);
	memcpy(error + 16, packet + 12, 4);
	error[2] = (28 + size) >> 8;
	error[3] = 28 + size;
	error[20] = type;
	error[21] = code;
	memcpy(error + 28, packet, size);
	wire_seal_v4(error, 28 + size);
	return 28 + size;
}

static void errors_v4(bool raw)
{
	struct pinger *pinger = wire_start("192.0.2.9", 2, 56);
	const struct pinger_counts *counts = pinger_counts(pinger);
	unsigned char packet[256], error[512];
	const struct icmpx_event *event;
	struct told told = {};
	size_t size;
	__u64 next;

	assert_int_equal(pinger_is_raw(pinger), raw);
	size = wire_take(pinger, &told, packet, sizeof(packet));
	packet[25] ^= 1; /* another's ping */
	wire_inject(error, error_v4(error, packet, size, 3, 1));
	assert_int_equal(pinger_run(pinger, told_add, &told, &next), 0);
	assert_int_equal(counts->errors, 0);
	packet[25] ^= 1;
	wire_inject(error, error_v4(error, packet, size, 5, 1)); /* a redirect */
	assert_int_equal(pinger_run(pinger, told_add, &told, &next), 0);
	assert_int_equal(counts->errors, 0);
	wire_inject(error, error_v4(error, packet, size, 3, 1));

	/* The error is pending at the socket; the next ping goes out all the same. */
	size = wire_take(pinger, &told, packet, sizeof(packet));
	assert_int_equal(packet[27], 2);
	wire_reply_v4(packet, size);
	wire_inject(packet, size);
	wire_run(pinger, &told);
	assert_int_equal(counts->sent, 2);
	assert_int_equal(counts->received, 1);
	assert_int_equal(counts->errors, 1);
	assert_int_equal(told_get(&told, ICMPX_TP_USER_RECEIVE, 0)->packet.seq, htons(2));

	event = told_get(&told, ICMPX_TP_ERROR_REPORT, 0);
	assert_int_equal(event->detail[0], EHOSTUNREACH);
	assert_int_equal(event->detail[1], (raw ? 3 : 2) << 16 | IPPROTO_ICMP);
	assert_int_equal(event->packet.kind, ICMPX_KIND_ERROR);
	assert_int_equal(event->packet.type, 3);
	assert_int_equal(event->packet.code, 1);
	assert_int_equal(event->packet.seq, htons(1));
	assert_memory_equal(&event->packet.id, packet + 24, 2);
	assert_memory_equal(event->packet.source, "\300\0\2\1", 4);
	assert_memory_equal(event->packet.destination, "\300\0\2\11", 4);
	assert_memory_equal(event->packet.reporter, "\313\0\161\1", 4);
	pinger_close(pinger);
}

static void errors_v4_ping(void **state)
{
	(void)state;
	errors_v4(false);
}

static void errors_v4_raw(void **state)
{
	(void)state;
	errors_v4(true);
}

static void errors_v6(bool raw)
{
	struct pinger *pinger = wire_start("2001:db8::9", 1, 56);
	unsigned char packet[256], error[512] = {};
	const struct icmpx_event *event;
	struct told told = {};
	size_t size;

	assert_int_equal(pinger_is_raw(pinger), raw);
	size = wire_take(pinger, &told, packet, sizeof(packet));
	memcpy(error, packet, 40);
	error[4] = 0;
	error[5] = 8 + size;
	inet_pton(AF_INET6, "2001:db8:1::1", error + 8);
	memcpy(error + 24, packet + 8, 16);
	error[40] = 1; /* unreachable */
	error[41] = 3; /* address */
	memcpy(error + 48, packet, size);
	wire_put_sum(error + 42, wire_sum(8 + size + IPPROTO_ICMPV6, error + 8, 40 + size));
	wire_inject(error, 48 + size);
	wire_run(pinger, &told);

	assert_int_equal(pinger_counts(pinger)->errors, 1);
	event = told_get(&told, ICMPX_TP_ERROR_REPORT, 0);
	assert_int_equal(event->detail[0], EHOSTUNREACH);
	assert_int_equal(event->packet.kind, ICMPX_KIND_ERROR);
	assert_int_equal(event->packet.type, 1);
	assert_int_equal(event->packet.code, 3);
	assert_memory_equal(event->packet.reporter, error + 8, 16);
	assert_memory_equal(event->packet.destination, packet + 24, 16);
	pinger_close(pinger);
}

static void errors_v6_ping(void **state)
{
	(void)state;
	errors_v6(false);
}

static void errors_v6_raw(void **state)
{
	(void)state;
	errors_v6(true);
}

/* A send that fails is an error, too, and the stamps of the next are still its own. */
static void stamps_after_a_failed_send(void **state)
{
	struct pinger *pinger = wire_start("192.0.2.9", 4, 56);
	const struct pinger_counts *counts = pinger_counts(pinger);
	unsigned char packet[256];
	struct told told = {};
	size_t size;

	(void)state;
	for (int seq = 1; seq <= 4; seq++) {
		if (seq == 2) { /* fails: no route for a while; tun0's IPv6 address goes for good */
			__u64 next;

			wire_set_up("tun0", false);
			while (!counts->errors) {
				assert_int_equal(pinger_run(pinger, told_add, &told, &next), 0);
				wire_wait(pinger, false, next);
			}
			wire_set_up("tun0", true);
			continue;
		}
		size = wire_take(pinger, &told, packet, sizeof(packet));
		assert_int_equal(packet[27], seq);
		wire_reply_v4(packet, size);
		wire_inject(packet, size);
	}
	wire_run(pinger, &told);
	assert_int_equal(counts->sent, 3);
	assert_int_equal(counts->received, 3);
	assert_int_equal(counts->errors, 1);
	assert_int_equal(told_get(&told, ICMPX_TP_ERROR_REPORT, 0)->packet.kind,
			 ICMPX_KIND_REQUEST);
	assert_int_equal(told_get(&told, ICMPX_TP_ERROR_REPORT, 0)->packet.seq, htons(2));
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(told_get(&told, ICMPX_TP_STAMP_SCHED, i)->packet.seq,
				 htons(i ? i + 2 : 1));
		assert_int_equal(told_get(&told, ICMPX_TP_STAMP_SENT, i)->packet.seq,
				 htons(i ? i + 2 : 1));
	}
	pinger_close(pinger);
}

static void no_reply_is_given_up(void **state)
{
	const struct pinger_options options = {
		.host = "192.0.2.9", .count = 2, .interval = 10 * MS, .wait = 60 * MS, .size = 8};
	struct pinger *pinger = wire_start_with(&options);
	struct told told = {};
	__u64 took;

	(void)state;
	wire_run(pinger, &told);
	took = wire_now() - told_get(&told, ICMPX_TP_USER_SEND, 1)->time;
	assert_true(took >= 60 * MS);
	assert_int_equal(pinger_counts(pinger)->sent, 2);
	assert_int_equal(pinger_counts(pinger)->received, 0);
	assert_int_equal(told.count, 6);
	pinger_close(pinger);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup(wire_v4_ping, ping_sockets),
	cmocka_unit_test_setup(wire_v4_raw, raw_sockets),
	cmocka_unit_test_setup(wire_v6_ping, ping_sockets),
	cmocka_unit_test_setup(wire_v6_raw, raw_sockets),
	cmocka_unit_test_setup(only_own_replies, raw_sockets),
	cmocka_unit_test_setup(only_own_replies, ping_sockets),
	cmocka_unit_test_setup(duplicates_are_counted, ping_sockets),
	cmocka_unit_test_setup(errors_v4_ping, ping_sockets),
	cmocka_unit_test_setup(errors_v4_raw, raw_sockets),
	cmocka_unit_test_setup(errors_v6_ping, ping_sockets),
	cmocka_unit_test_setup(errors_v6_raw, raw_sockets),
	cmocka_unit_test_setup(stamps_after_a_failed_send, ping_sockets),
	cmocka_unit_test_setup(stamps_after_a_failed_send, raw_sockets),
	cmocka_unit_test_setup(no_reply_is_given_up, ping_sockets),
};

WIRE_MAIN(tests)
