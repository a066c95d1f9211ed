/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ICMPX_UTIL_H
#define ICMPX_UTIL_H

#include <stdlib.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* One cleanup attribute per owned type; each destructor takes NULL / -1. */
#define DEFINE_CLEANUP(name, type, call)                                                           \
	static inline void name##_cleanup(type *p)                                                 \
	{                                                                                          \
		if (*p)                                                                            \
			call(*p);                                                                  \
	}
#define _cleanup_(name) __attribute__((cleanup(name##_cleanup)))

/* For a pointer to anything that malloc() gave. */
static inline void free_cleanup(void *p)
{
	free(*(void **)p);
}

static inline unsigned long long at_most(unsigned long long value, unsigned long long most)
{
	return value < most ? value : most;
}

static inline void close_cleanup(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

#endif
