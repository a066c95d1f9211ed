/* SPDX-License-Identifier: GPL-2.0-only */
/* The libraries' messages: shown with -v, else kept for the error that follows. */
#ifndef ICMPX_LOG_H
#define ICMPX_LOG_H

#include <stdbool.h>

/* Takes over the messages of libbpf and libxdp. */
void log_setup(bool verbose);

/* Forgets what was kept: before a call whose failure is to be explained. */
void log_reset(void);

/* What the kernel said last (netlink's extended error), "" if nothing. */
const char *log_kernel_message(void);

/* The last lines of the verifier's log, "" if it said nothing. */
const char *log_verifier_tail(void);

#endif
