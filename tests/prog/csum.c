// SPDX-License-Identifier: GPL-2.0-only
/* Checksums, all 65,536 of each kind: an update that forgets a carry breaks
 * one sum in nine thousand. In a VM, where a run takes its time, a sample. */
#include <stdlib.h>
#include <string.h>

#include "path_lib.h"

/* The sample: where a carry is made in either order of bytes, and every 61st. */
static bool chosen(int value)
{
	static int sample = -1;
	__u8 high = value >> 8, low = value;

	if (sample < 0)
		sample = getenv("ICMPX_VM") != NULL;
	return !sample || high == 0 || high == 0xff || low == 0 || low == 0xff || value % 61 == 0;
}

/* Each value of the field in turn, made right by the id: both forms of zero too. */
static void sweep_icmp(const struct spec *spec)
{
	struct frame in;
	__u8 *icmp;

	path_grant(spec);
	frame_build(&in, spec);
	icmp = in.data + in.icmp;
	for (int check = 0; check <= 0xffff; check++) {
		if (!chosen(check))
			continue;
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
	__u64 before, wrong = 0, right = 0;
	struct frame in;
	__u16 mark;

	path_grant(spec);
	before = path_counted(ICMPX_PASS_ICMP_CSUM);
	frame_build(&in, spec);
	mark = get16(in.data + in.icmp + 2);
	for (int check = 0; check <= 0xffff; check++) {
		if (!chosen(check) && check != mark)
			continue;
		put16(in.data + in.icmp + 2, check);
		if (sum_fold(frame_icmp_sum(&in)) == 0xffff) {
			right++;
			continue;
		}
		wrong++;
		path_must_pass(&in);
	}
	assert_int_equal(right, 1);
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
		if (!chosen(check))
			continue;
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
	__u64 before, wrong = 0;
	__u16 right;

	(void)state;
	path_grant(&spec);
	before = path_counted(ICMPX_PASS_IP_CSUM);
	frame_build(&in, &spec);
	right = get16(in.data + in.ip + 10);
	for (int i = 1; i <= 0xffff; i++) {
		if (!chosen(i) && !chosen((__u16)(right + i)))
			continue;
		wrong++;
		put16(in.data + in.ip + 10, right + i);
		if (sum_fold(sum_add(0, in.data + in.ip, 20)) == 0xffff)
			fail_msg("the test's header is right");
		path_must_pass(&in);
	}
	assert_int_equal(path_counted(ICMPX_PASS_IP_CSUM) - before, wrong);
}

/* The header that the reply gets, whatever identification it has. */
static void every_reply_header(void **state)
{
	struct spec spec = {.family = 4, .payload = 1};
	struct frame in;

	(void)state;
	path_grant(&spec);
	for (int seq = 0; seq <= 0xffff; seq++) {
		if (!chosen(seq))
			continue;
		spec.seq = seq;
		frame_build(&in, &spec);
		path_must_reply(&in);
	}
}

/* The sum of each second one of the 16-bit halves from `first` on, but for the checksum, in the
 * order of the machine. */
static __u16 halves(const __u8 *ip, int first)
{
	__u32 sum = 0;

	for (int at = first; at < 20; at += 4) {
		__u16 half;

		if (at == 10)
			continue;
		memcpy(&half, ip + at, sizeof(half));
		sum += half;
	}
	return sum;
}

/* Just before it carries, or just after. */
static bool at_carry(__u16 sum)
{
	return (__u16)(sum + 16) < 32;
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
		ident = 0xffff - less - halves(ip, 0);
		put16(in.data + in.icmp + 6, get16((__u8 *)&ident) - LEASE_IDENT);
		for (int low = 0; low <= 0xffff; low++) {
			put16(ip + 14, low);
			if (!chosen(low) && !at_carry(halves(ip, 2)))
				continue;
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
