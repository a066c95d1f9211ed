// SPDX-License-Identifier: GPL-2.0-only
/* Checksums, all 65,536 of each kind: an update that forgets a carry breaks
 * one sum in nine thousand. */
#include <string.h>

#include "path_lib.h"

/* Each value of the field in turn, made right by the id: both forms of zero too. */
static void sweep_icmp(const struct spec *spec)
{
	struct frame in;
	__u8 *icmp;

	path_grant(spec);
	frame_build(&in, spec);
	icmp = in.data + in.icmp;
	for (int check = 0; check <= 0xffff; check++) {
		put16(icmp + 2, check);
		put16(icmp + 4, 0);
		put16(icmp + 4, ~sum_fold(frame_icmp_sum(&in)));
		path_must_reply(&in);
	}
}

static void every_sum_v4(void **state)
{
	struct spec spec = {.family = 4, .payload = 56};

	(void)state;
	sweep_icmp(&spec);
}

static void every_sum_v6(void **state)
{
	struct spec spec = {.family = 6, .payload = 56};

	(void)state;
	sweep_icmp(&spec);
}

/* All but one byte zero: here a sum may be zero itself. */
static void every_sum_silent_v4(void **state)
{
	struct spec spec = {.family = 4, .payload = 31, .silent = true, .padding = 5};

	(void)state;
	sweep_icmp(&spec);
}

static void every_sum_silent_v6(void **state)
{
	struct spec spec = {.family = 6, .payload = 31, .silent = true, .padding = 5};

	(void)state;
	sweep_icmp(&spec);
}

/* Right is what adds up, so 0x0000 and 0xffff both, where one of them is. */
static void reject_wrong(const struct spec *spec)
{
	__u64 before, wrong = 0;
	struct frame in;

	path_grant(spec);
	before = path_counted(ICMPX_PASS_ICMP_CSUM);
	frame_build(&in, spec);
	for (int check = 0; check <= 0xffff; check++) {
		put16(in.data + in.icmp + 2, check);
		if (sum_fold(frame_icmp_sum(&in)) == 0xffff)
			continue;
		wrong++;
		path_must_pass(&in);
	}
	assert_int_equal(wrong, 65535);
	assert_int_equal(path_counted(ICMPX_PASS_ICMP_CSUM) - before, wrong);
}

static void wrong_sum_v4(void **state)
{
	struct spec spec = {.family = 4, .payload = 57};

	(void)state;
	reject_wrong(&spec);
}

static void wrong_sum_v6(void **state)
{
	struct spec spec = {.family = 6, .payload = 57};

	(void)state;
	reject_wrong(&spec);
}

/* The IPv4 header: right ones, by the identification; then the wrong ones. */
static void every_header_sum(void **state)
{
	struct spec spec = {.family = 4, .payload = 1, .frag = 0x4000, .tos = 0xb8, .ttl = 1};
	struct frame in;
	__u8 *ip;

	(void)state;
	path_grant(&spec);
	frame_build(&in, &spec);
	ip = in.data + in.ip;
	for (int check = 0; check <= 0xffff; check++) {
		put16(ip + 10, check);
		put16(ip + 4, 0);
		put16(ip + 4, ~sum_fold(sum_add(0, ip, 20)));
		path_must_reply(&in);
	}
}

static void wrong_header_sum(void **state)
{
	struct spec spec = {.family = 4, .payload = 1};
	struct frame in;
	__u64 before;

	(void)state;
	path_grant(&spec);
	before = path_counted(ICMPX_PASS_IP_CSUM);
	frame_build(&in, &spec);
	for (int i = 1; i <= 0xffff; i++) {
		put16(in.data + in.ip + 10, get16(in.data + in.ip + 10) + 1);
		if (sum_fold(sum_add(0, in.data + in.ip, 20)) == 0xffff)
			fail_msg("the test's header is right");
		path_must_pass(&in);
	}
	assert_int_equal(path_counted(ICMPX_PASS_IP_CSUM) - before, 0xffff);
}

/* The header that the reply gets, whatever identification it has. */
static void every_reply_header(void **state)
{
	struct spec spec = {.family = 4, .payload = 1};
	struct frame in;

	(void)state;
	path_grant(&spec);
	for (int seq = 0; seq <= 0xffff; seq++) {
		spec.seq = seq;
		frame_build(&in, &spec);
		path_must_reply(&in);
	}
}

/* The sum of the 16-bit halves at even places, in the order of the machine. */
static __u16 even_halves(const __u8 *ip)
{
	__u32 sum = 0;

	for (int at = 0; at < 20; at += 4) {
		__u16 half;

		memcpy(&half, ip + at, sizeof(half));
		sum += half;
	}
	return sum;
}

/* Its corner: one half of a 32-bit sum full, the other at every value. That
 * takes any source address, and an identification that fills the half. */
static void every_reply_carry(void **state)
{
	struct spec spec = {.family = 4, .payload = 227}; /* 255 in all: most of the other half */
	struct frame in;
	__u16 ident;
	__u8 *ip;

	(void)state;
	path_trust(true);
	path_grant(&spec);
	for (int less = 0; less < 2; less++) {
		frame_build(&in, &spec);
		ip = in.data + in.ip;
		ip[8] = LEASE_TTL; /* as the reply's header will be */
		ident = 0xffff - less - even_halves(ip);
		put16(in.data + in.icmp + 6, get16((__u8 *)&ident) - LEASE_IDENT);
		for (int low = 0; low <= 0xffff; low++) {
			put16(ip + 14, low);
			frame_mend(&in);
			path_must_reply(&in);
		}
	}
	path_trust(false);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_sum_v4),        cmocka_unit_test(every_sum_v6),
		cmocka_unit_test(every_sum_silent_v4), cmocka_unit_test(every_sum_silent_v6),
		cmocka_unit_test(wrong_sum_v4),        cmocka_unit_test(wrong_sum_v6),
		cmocka_unit_test(every_header_sum),    cmocka_unit_test(wrong_header_sum),
		cmocka_unit_test(every_reply_header),  cmocka_unit_test(every_reply_carry),
	};

	return skip_without_bpf() ? 0 : tap_run("csum", tests, ARRAY_SIZE(tests));
}
