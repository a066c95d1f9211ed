/* SPDX-License-Identifier: GPL-2.0-only */
/* The counters by name: packets, verdicts first, then lessons. */
#ifndef NET_PEEK_H
#define NET_PEEK_H

#include "counters.h"

extern const char *const counter_names[COUNTER_MAX];

/* From the pin directory of an interface in any namespace. 0 or -errno. */
int counters_peek(const char *pin_dir, __u64 packets[COUNTER_MAX]);

#endif
