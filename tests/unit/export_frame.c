// SPDX-License-Identifier: GPL-2.0-only
/* Packets that are rebuilt: byte for byte, each header as its RFC has it. */
#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "export_frame.h"
#include "util.h"

static const struct icmpx_packet request4 = {
	.family = 4,
	.kind = ICMPX_KIND_REQUEST,
	.type = 8,
	.protocol = IPPROTO_ICMP,
	.ttl = 64,
	.bytes = 84,
	.id = 0x3412, /* 12 34 on the wire, on a little endian machine */
	.seq = 0x0500,
	.ip_id = 0xba0e,
	.source = {10, 90, 1, 2},
	.destination = {10, 90, 1, 1},
};

static const struct icmpx_packet request6 = {
	.family = 6,
	.kind = ICMPX_KIND_REQUEST,
	.type = 128,
	.protocol = IPPROTO_ICMPV6,
	.ttl = 63,
	.bytes = 104,
	.id = 0x3412,
	.seq = 0x0500,
	.source = {0xfd, 0x90, [15] = 2},
	.destination = {0xfd, 0x90, [15] = 1},
};

static void assert_frame(const struct icmpx_packet *packet, bool fragment,
			 const struct icmpx_packet *ping, const char *want, unsigned int length)
{
	char got[3 * EXPORT_FRAME_MAX + 1];
	struct export_frame frame;

	export_frame_make(packet, fragment, ping, &frame);
	for (size_t i = 0; i < frame.captured; i++)
		snprintf(got + 3 * i, 4, "%02x ", frame.bytes[i]);
	assert_string_equal(got, want);
	assert_int_equal(frame.length, length);
}

/* RFC 791, RFC 792. The header's checksum: 45 00 00 54 0e ba 00 00 40 01 + the addresses, in words
 * of 16 bits: 4500 + 0054 + 0eba + 4001 + 0a5a + 0102 + 0a5a + 0101 = 0xaac6; its complement 5539.
 */
static void echo_v4(void **state)
{
	(void)state;
	assert_frame(&request4, false, &request4,
		     "45 00 00 54 0e ba 00 00 40 01 55 39 0a 5a 01 02 0a 5a 01 01 "
		     "08 00 00 00 12 34 00 05 ",
		     84);
}

/* RFC 8200, RFC 4443. */
static void echo_v6(void **state)
{
	(void)state;
	assert_frame(&request6, false, &request6,
		     "60 00 00 00 00 40 3a 3f fd 90 00 00 00 00 00 00 00 00 00 00 00 00 00 02 "
		     "fd 90 00 00 00 00 00 00 00 00 00 00 00 00 00 01 80 00 00 00 12 34 00 05 ",
		     104);
}

/* Without data all of the message is known, and so is its checksum: 0800 + 1234 + 0005 = 1a39; of
 * IPv6 with the pseudo header: 8000 + 1234 + 0005 + 2 * fd90 + 2 + 1 + 8 + 3a = 28d9e: with
 * the carry added, 8da0. */
static void no_data(void **state)
{
	struct icmpx_packet packet4 = request4, packet6 = request6;

	(void)state;
	packet4.bytes = 28;
	packet6.bytes = 48;
	assert_frame(&packet4, false, &packet4,
		     "45 00 00 1c 0e ba 00 00 40 01 55 71 0a 5a 01 02 0a 5a 01 01 "
		     "08 00 e5 c6 12 34 00 05 ",
		     28);
	assert_frame(&packet6, false, &packet6,
		     "60 00 00 00 00 08 3a 3f fd 90 00 00 00 00 00 00 00 00 00 00 00 00 00 02 "
		     "fd 90 00 00 00 00 00 00 00 00 00 00 00 00 00 01 80 00 72 5f 12 34 00 05 ",
		     48);
}

/* Where the header is made its length is 0 yet: that of the ping is taken. */
static void no_length(void **state)
{
	struct icmpx_packet packet = request4, unknown = request4;

	(void)state;
	packet.bytes = 0;
	unknown.bytes = 0;
	assert_frame(&packet, false, &request4,
		     "45 00 00 54 0e ba 00 00 40 01 55 39 0a 5a 01 02 0a 5a 01 01 "
		     "08 00 00 00 12 34 00 05 ",
		     84);
	assert_frame(&packet, false, &unknown,
		     "45 00 00 1c 0e ba 00 00 40 01 55 71 0a 5a 01 02 0a 5a 01 01 "
		     "08 00 e5 c6 12 34 00 05 ",
		     28);
}

/* Which fragment it is is not known: no message. RFC 791: more fragments; RFC 8200: header 44. */
static void fragments(void **state)
{
	struct icmpx_packet packet4 = request4, packet6 = request6;

	(void)state;
	packet4.bytes = 1500;
	packet6.bytes = 1496;
	packet6.ip_id = htonl(0x01020304);
	assert_frame(&packet4, true, &request4,
		     "45 00 05 dc 0e ba 20 00 40 01 2f b1 0a 5a 01 02 0a 5a 01 01 ", 1500);
	assert_frame(&packet6, true, &request6,
		     "60 00 00 00 05 b0 2c 3f fd 90 00 00 00 00 00 00 00 00 00 00 00 00 00 02 "
		     "fd 90 00 00 00 00 00 00 00 00 00 00 00 00 00 01 3a 00 00 01 01 02 03 04 ",
		     1496);
}

/* To the sender of the packet that it is about, which is in it. */
static void errors(void **state)
{
	struct icmpx_packet packet4 = request4, packet6 = request6;

	(void)state;
	packet4.kind = packet6.kind = ICMPX_KIND_ERROR;
	packet4.type = 11;
	packet4.bytes = 112;
	memcpy(packet4.reporter, (__u8[]){10, 90, 9, 9}, 4);
	packet6.type = 3;
	packet6.bytes = 152;
	packet6.reporter[0] = 0xfe;
	assert_frame(&packet4, false, &request4,
		     "45 00 00 70 0e ba 00 00 40 01 4d 15 0a 5a 09 09 0a 5a 01 02 "
		     "0b 00 00 00 00 00 00 00 "
		     "45 00 00 54 00 00 00 00 00 01 a3 f3 0a 5a 01 02 0a 5a 01 01 "
		     "08 00 00 00 12 34 00 05 ",
		     112);
	assert_frame(&packet6, false, &request6,
		     "60 00 00 00 00 70 3a 3f fe 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
		     "fd 90 00 00 00 00 00 00 00 00 00 00 00 00 00 02 03 00 00 00 00 00 00 00 "
		     "60 00 00 00 00 40 3a 00 fd 90 00 00 00 00 00 00 00 00 00 00 00 00 00 02 "
		     "fd 90 00 00 00 00 00 00 00 00 00 00 00 00 00 01 80 00 00 00 12 34 00 05 ",
		     152);
}

/* About a reply: it is the one from whom the request went to. */
static void error_about_reply(void **state)
{
	struct icmpx_packet packet = request4;

	(void)state;
	packet.kind = ICMPX_KIND_ERROR;
	packet.type = 3;
	packet.code = 3;
	packet.bytes = 0;
	memcpy(packet.source, request4.destination, 16);
	memcpy(packet.destination, request4.source, 16);
	memcpy(packet.reporter, request4.source, 16);
	assert_frame(&packet, false, &request4,
		     "45 00 00 38 0e ba 00 00 40 01 55 55 0a 5a 01 02 0a 5a 01 01 "
		     "03 03 00 00 00 00 00 00 "
		     "45 00 00 54 00 00 00 00 00 01 a3 f3 0a 5a 01 01 0a 5a 01 02 "
		     "00 00 00 00 12 34 00 05 ",
		     56);
}

/* RFC 768: ports, length, no checksum. */
static void udp(void **state)
{
	struct icmpx_packet packet = request4, error;

	(void)state;
	packet.kind = ICMPX_KIND_UDP;
	packet.protocol = IPPROTO_UDP;
	packet.type = 0;
	packet.bytes = 36;
	assert_frame(&packet, false, &packet,
		     "45 00 00 24 0e ba 00 00 40 11 55 59 0a 5a 01 02 0a 5a 01 01 "
		     "12 34 00 05 00 10 00 00 ",
		     36);
	error = packet;
	error.kind = ICMPX_KIND_ERROR;
	error.type = 3;
	error.code = 3;
	error.bytes = 64;
	memcpy(error.reporter, packet.destination, 16);
	assert_frame(&error, false, &packet,
		     "45 00 00 40 0e ba 00 00 40 01 55 4d 0a 5a 01 01 0a 5a 01 02 "
		     "03 03 00 00 00 00 00 00 "
		     "45 00 00 24 00 00 00 00 00 11 a4 13 0a 5a 01 02 0a 5a 01 01 "
		     "12 34 00 05 00 10 00 00 ",
		     64);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(echo_v4),           cmocka_unit_test(echo_v6),   cmocka_unit_test(no_data),
	cmocka_unit_test(no_length),         cmocka_unit_test(fragments), cmocka_unit_test(errors),
	cmocka_unit_test(error_about_reply), cmocka_unit_test(udp),
};

UNIT_MAIN(tests)
