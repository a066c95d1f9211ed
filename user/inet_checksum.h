/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ICMPX_INET_CHECKSUM_H
#define ICMPX_INET_CHECKSUM_H

#include <stddef.h>
#include <linux/types.h>

/* As on the wire; 0 over a message that holds its right checksum. */
__u16 inet_checksum(const void *data, size_t size);

#endif
