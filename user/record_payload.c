// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <string.h>

#include "record_payload.h"
#include "safe_text.h"

void payload_take(struct payload *payload, void *to, size_t size)
{
	if (payload->left < size) {
		payload->wrong = true;
		payload->left = 0;
		memset(to, 0, size);
		return;
	}
	memcpy(to, payload->at, size);
	payload->at += size;
	payload->left -= size;
}

__u16 payload_u16(struct payload *payload)
{
	__u16 value;

	payload_take(payload, &value, sizeof(value));
	return le16toh(value);
}

__u32 payload_u32(struct payload *payload)
{
	__u32 value;

	payload_take(payload, &value, sizeof(value));
	return le32toh(value);
}

__u64 payload_u64(struct payload *payload)
{
	__u64 value;

	payload_take(payload, &value, sizeof(value));
	return le64toh(value);
}

const char *payload_string(struct payload *payload, size_t size)
{
	const char *text = (const char *)payload->at;
	size_t length = strnlen(text, payload->left);

	if (length == payload->left || length >= size) {
		payload->wrong = true;
		payload->left = 0;
		return "";
	}
	payload->at += length + 1;
	payload->left -= length + 1;
	return text;
}

void payload_copy(struct payload *payload, char *to, size_t size)
{
	const char *text = payload_string(payload, size);

	memcpy(to, text, strlen(text) + 1);
	safe_text(to);
}

bool payload_is_whole(const struct payload *payload)
{
	return !payload->wrong && !payload->left;
}
