/* SPDX-License-Identifier: GPL-2.0-only */
/* Gzip files in memory, by zlib. */
#ifndef ICMPX_GZIP_H
#define ICMPX_GZIP_H

#include <stddef.h>

/* To be freed; NULL: out of memory. */
char *gzip_pack(const char *text, size_t size, size_t *packed);

/* Of a whole file, of less than 4 GiB. To be freed; it ends with a zero byte that is not counted.
 * NULL: out of memory, or damaged. */
char *gzip_unpack(const unsigned char *begin, const unsigned char *end, size_t *size);

#endif
