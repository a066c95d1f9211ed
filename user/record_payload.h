/* SPDX-License-Identifier: GPL-2.0-only */
/* The payload of a record, taken field by field: what it holds is foreign. */
#ifndef ICMPX_RECORD_PAYLOAD_H
#define ICMPX_RECORD_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/* What is left of it; `wrong` once it was too short for something. */
struct payload {
	const unsigned char *at;
	size_t left;
	bool wrong;
};

/* Zeroes where it ends before. */
void payload_take(struct payload *payload, void *to, size_t size);

/* In this machine's byte order. */
__u16 payload_u16(struct payload *payload);
__u32 payload_u32(struct payload *payload);
__u64 payload_u64(struct payload *payload);

/* In the payload; "" where there is none of less than `size` bytes with its end. */
const char *payload_string(struct payload *payload, size_t size);

/* The same, made safe_text(). */
void payload_copy(struct payload *payload, char *to, size_t size);

/* All of it was taken, and nothing was missing. */
bool payload_is_whole(const struct payload *payload);

#endif
