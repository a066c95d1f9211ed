/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ICMPX_ERRNO_NAME_H
#define ICMPX_ERRNO_NAME_H

/* "EPERM" for EPERM and for -EPERM; NULL: it has no name. Static. */
const char *errno_name(int err);

#endif
