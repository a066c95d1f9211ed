/* SPDX-License-Identifier: GPL-2.0-only */
/* One loaded fast path with the usual options and one lease, for sweeps. */
#ifndef PATH_LIB_H
#define PATH_LIB_H

#include "run_lib.h"

/* From now on as with --trust address, or not. */
void path_trust(bool any_peer);
/* Forgets what was before and grants a lease for the flow of spec's frames. */
void path_grant(const struct spec *spec);
/* The frame is answered with every byte right; or passed on as it came. */
void path_must_reply(const struct frame *in);
void path_must_pass(const struct frame *in);
/* Packets counted so far. */
__u64 path_counted(enum icmpx_verdict verdict);

#endif
