/* SPDX-License-Identifier: GPL-2.0-only */
/* One's complement sums (RFC 1071) over packets. */
#ifndef ICMPX_CSUM_H
#define ICMPX_CSUM_H

#include "parse.h"
#include "config.h"

/* Of at most 2^48: three parts that are taken side by side, and what their sum
 * carries, twice. */
static __always_inline __u16 csum_fold(__u64 sum)
{
	__u32 parts = (sum & 0xffff) + (sum >> 16 & 0xffff) + (sum >> 32);

	parts = (parts & 0xffff) + (parts >> 16);
	return parts + (parts >> 16);
}

/* Whether it folds to 0xffff, which what the second carry could add to is not. */
static __always_inline bool csum_is_valid(__u64 sum)
{
	__u32 parts = (sum & 0xffff) + (sum >> 16 & 0xffff) + (sum >> 32);

	return (parts & 0xffff) + (parts >> 16) == 0xffff;
}

static __always_inline __u16 csum_add(__u16 a, __u16 b)
{
	__u32 sum = (__u32)a + b;

	return (sum & 0xffff) + (sum >> 16);
}

/* Checksum of the echo reply from that of its request: the type goes from 8 to
 * 0 (ICMP) or from 128 to 129 (ICMPv6), all else that is summed stays. Adding
 * with end-around carry never makes 0x0000 of a valid sum; RFC 1624 equation 3
 * does, for an all-zero message, where 0x0000 is wrong. */
static __always_inline __u16 csum_reply4(__u16 check)
{
	return csum_add(check, bpf_htons(0x0800));
}

static __always_inline __u16 csum_reply6(__u16 check)
{
	return csum_add(check, (__u16)~bpf_htons(0x0100));
}

/* The chunk of `size` bytes of a message of `len` bytes, where its length has
 * that bit. The offset comes from the longer chunks' bits alone: a value with
 * bounds instead of a pointer that each branch moves, so that the verifier
 * need not walk every combination. mask: those bits. NULL when it runs past the
 * end. */
static __always_inline void *chunk_masked(void *msg, __u32 len, __u32 mask, __u32 size, void *end)
{
	msg += len & mask;
	return msg + size > end ? NULL : msg;
}

#define LONGER_BITS(size) (ICMPX_MAX_ICMP & ~(2 * (size)-1))

static __always_inline void *chunk_at(void *msg, __u32 len, __u32 size, void *end)
{
	return chunk_masked(msg, len, LONGER_BITS(size), size, end);
}

/* Long chunks by the kernel's helper, whose call costs more than short ones. The compiler must
 * not take a longer chunk's bit, which was tested, for the offset: the verifier would know then
 * how much of the frame there is, a state more for all that follows. */
#define CSUM_LONG(size)                                                                            \
	do {                                                                                       \
		if (len & (size)) {                                                                \
			__u32 mask = LONGER_BITS(size);                                            \
			barrier_var(mask);                                                         \
			void *chunk = chunk_masked(msg, len, mask, size, end);                     \
			if (!chunk)                                                                \
				return false;                                                      \
			*sum += (__u32)bpf_csum_diff(NULL, 0, chunk, size, 0);                     \
		}                                                                                  \
	} while (0)

#define CSUM_SHORT(type, size)                                                                     \
	do {                                                                                       \
		if (len & (size)) {                                                                \
			type *words = chunk_at(msg, len, size, end);                               \
			if (!words)                                                                \
				return false;                                                      \
			_Pragma("unroll") for (__u32 i = 0; i < (size) / sizeof(type);             \
					       i++) *sum += words[i];                              \
		}                                                                                  \
	} while (0)

/* Adds the sum of a message of at most ICMPX_MAX_ICMP bytes; false when it is
 * not all there. Any byte after it belongs to the frame's padding. */
static __always_inline bool csum_message(void *msg, __u32 len, void *end, __u64 *sum)
{
	__u8 *last;

	if (unlikely(len & (1024 | 512 | 256 | 128))) {
		if (len & 1024) {
			if (msg + 1024 > end)
				return false;
			*sum += (__u32)bpf_csum_diff(NULL, 0, msg, 512, 0);
			*sum += (__u32)bpf_csum_diff(NULL, 0, msg + 512, 512, 0);
		}
		CSUM_LONG(512);
		CSUM_LONG(256);
		CSUM_LONG(128);
	}
	CSUM_SHORT(__u32, 64);
	if (!(len & 63))
		return true; /* an ordinary ping */
	CSUM_SHORT(__u32, 32);
	CSUM_SHORT(__u32, 16);
	CSUM_SHORT(__u32, 8);
	CSUM_SHORT(__u32, 4);
	CSUM_SHORT(__u16, 2);
	if (len & 1) {
		last = chunk_at(msg, len, 1, end);
		if (!last)
			return false;
		*sum += bpf_htons(*last << 8);
	}
	return true;
}

#endif
