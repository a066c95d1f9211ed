/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the running kernel keeps what tells its own replies from a program's. */
#ifndef ICMPX_ORIGIN_USER_H
#define ICMPX_ORIGIN_USER_H

#include "config.h"

/* Fills *origin from the kernel's BTF. Where it has none, or lets no program read its memory
 * (lockdown=confidentiality), check is ICMPX_ORIGIN_SOCKET; returns why then, a static text that
 * goes on from "since", else NULL. Some 30 ms. */
const char *origin_fill(struct icmpx_origin *origin);

#endif
