/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that the program brings along, compressed by gzip. */
#ifndef ICMPX_EMBEDDED_H
#define ICMPX_EMBEDDED_H

#include <stddef.h>

struct embedded {
	const char *name;
	const unsigned char *begin, *end;
};

extern const struct embedded embedded_page; /* of `icmpx report`, without data */
extern const struct embedded embedded_demo[];
extern const size_t embedded_demo_count;

/* To be freed; it ends with a zero byte that is not counted. NULL: out of memory. */
char *embedded_unpack(const struct embedded *file, size_t *size);

#endif
