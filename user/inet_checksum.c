// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>

#include "inet_checksum.h"

__u16 inet_checksum(const void *data, size_t size)
{
	const unsigned char *bytes = data;
	__u32 sum = 0;

	for (size_t i = 0; i + 1 < size; i += 2)
		sum += bytes[i] << 8 | bytes[i + 1];
	if (size & 1)
		sum += bytes[size - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}
