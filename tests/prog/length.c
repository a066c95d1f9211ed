// SPDX-License-Identifier: GPL-2.0-only
/* Every length a message can have, and every length at which a frame can end.
 * Frames of fewer than 14 bytes BPF_PROG_TEST_RUN does not take. */
#include "path_lib.h"

#define PAYLOAD_MAX (ICMPX_MAX_ICMP - 8)

/* Bare, and with trailing bytes, which no sum may take in. */
static void sweep(struct spec spec)
{
	struct frame in;

	path_grant(&spec);
	for (spec.payload = 0; spec.payload <= PAYLOAD_MAX; spec.payload++) {
		for (spec.padding = 0; spec.padding <= 18; spec.padding += 9) {
			frame_build(&in, &spec);
			path_must_reply(&in);
		}
	}
}

static void every_length_v4(void **state)
{
	(void)state;
	sweep((struct spec){.family = 4, .ttl = 64});
}

static void every_length_v6(void **state)
{
	(void)state;
	sweep((struct spec){.family = 6, .ttl = 64});
}

/* Zeroes all over: the reply's sum is zero, whatever the length. */
static void every_silent_length(void **state)
{
	(void)state;
	sweep((struct spec){.family = 4, .silent = true});
}

/* One wrong bit, anywhere in the message: every byte is summed, none twice. */
static void every_byte_counts(void **state)
{
	static const __u32 payloads[] = {0, 1, 18, 56, 57, 1023, 1400, PAYLOAD_MAX};
	struct frame in;
	__u64 before, sent = 0;

	(void)state;
	for (int family = 4; family <= 6; family += 2) {
		struct spec spec = {.family = family};

		path_grant(&spec);
		before = path_counted(ICMPX_PASS_ICMP_CSUM);
		sent = 0;
		for (size_t i = 0; i < ARRAY_SIZE(payloads); i++) {
			spec.payload = payloads[i];
			frame_build(&in, &spec);
			for (__u32 at = in.icmp + 1; at < in.end; at++, sent++) {
				in.data[at] ^= 1 << at % 8;
				path_must_pass(&in);
				in.data[at] ^= 1 << at % 8;
			}
		}
		assert_int_equal(path_counted(ICMPX_PASS_ICMP_CSUM) - before, sent);
	}
}

static void too_long(struct spec spec)
{
	__u64 before, sent = 0;
	struct frame in;

	path_grant(&spec);
	before = path_counted(ICMPX_PASS_TOO_LONG);
	for (spec.payload = PAYLOAD_MAX + 1; spec.payload < 3300; spec.payload++, sent++) {
		frame_build(&in, &spec);
		path_must_pass(&in);
	}
	assert_int_equal(path_counted(ICMPX_PASS_TOO_LONG) - before, sent);
}

static void too_long_v4(void **state)
{
	(void)state;
	too_long((struct spec){.family = 4});
}

static void too_long_v6(void **state)
{
	(void)state;
	too_long((struct spec){.family = 6});
}

/* Each frame cut at each byte, down to the bare MACs and type; and whole. */
static void cut(const struct spec *spec)
{
	struct frame whole, in;
	__u64 before;

	path_grant(spec);
	frame_build(&whole, spec);
	path_must_reply(&whole);
	before = path_counted(ICMPX_PASS_TRUNCATED);
	in = whole;
	for (in.len = FRAME_MIN; in.len < whole.end; in.len++)
		path_must_pass(&in);
	assert_int_equal(path_counted(ICMPX_PASS_TRUNCATED) - before, whole.end - FRAME_MIN);
	for (in.len = whole.end; in.len < whole.len; in.len++)
		path_must_reply(&in);
}

static void cut_anywhere(void **state)
{
	static const __u32 payloads[] = {0, 1, 2, 3, 4, 18, 56, 57, 504, 1400, PAYLOAD_MAX};

	(void)state;
	for (int family = 4; family <= 6; family += 2)
		for (int tags = 0; tags <= 2; tags++)
			for (size_t i = 0; i < ARRAY_SIZE(payloads); i++) {
				struct spec spec = {
					.family = family, .payload = payloads[i], .padding = 7};

				for (int tag = 0; tag < tags; tag++) {
					spec.tag[tag].proto = tag ? TAG_8021Q : TAG_8021AD;
					spec.tag[tag].tci = 100 + tag;
				}
				cut(&spec);
			}
}

/* Short by one byte, whatever the length, with a sum that is right for what is left. */
static void short_by_one(void **state)
{
	struct frame in;

	(void)state;
	for (int family = 4; family <= 6; family += 2) {
		struct spec spec = {.family = family};

		path_grant(&spec);
		for (spec.payload = 1; spec.payload <= PAYLOAD_MAX; spec.payload++) {
			frame_build(&in, &spec);
			in.data[in.end - 1] = 0;
			frame_mend(&in);
			in.len--;
			path_must_pass(&in);
		}
	}
}

/* The IP length says less than the sum was made for: the rest is padding now. */
static void length_too_small(void **state)
{
	__u64 before, sent;
	struct frame in;

	(void)state;
	for (int family = 4; family <= 6; family += 2) {
		struct spec spec = {.family = family, .payload = 1000};

		path_grant(&spec);
		before = path_counted(ICMPX_PASS_ICMP_CSUM);
		sent = 0;
		for (__u32 len = 8; len < 1008; len++, sent++) {
			frame_build(&in, &spec);
			if (family == 6) {
				put16(in.data + in.ip + 4, len);
			} else {
				put16(in.data + in.ip + 2, 20 + len);
				put16(in.data + in.ip + 10, 0);
				put16(in.data + in.ip + 10,
				      ~sum_fold(sum_add(0, in.data + in.ip, 20)));
			}
			path_must_pass(&in);
		}
		assert_int_equal(path_counted(ICMPX_PASS_ICMP_CSUM) - before, sent);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_length_v4),     cmocka_unit_test(every_length_v6),
		cmocka_unit_test(every_silent_length), cmocka_unit_test(every_byte_counts),
		cmocka_unit_test(too_long_v4),         cmocka_unit_test(too_long_v6),
		cmocka_unit_test(cut_anywhere),        cmocka_unit_test(short_by_one),
		cmocka_unit_test(length_too_small),
	};

	return skip_without_bpf() ? 0 : tap_run("length", tests, ARRAY_SIZE(tests));
}
