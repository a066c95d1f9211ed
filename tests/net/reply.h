/* SPDX-License-Identifier: GPL-2.0-only */
/* Two replies are the same when nothing but what icmpx may change differs. */
#ifndef NET_REPLY_H
#define NET_REPLY_H

#include "wire.h"

/* Puts a fixed value where the design permits a difference, and where the
 * kernel itself answers one frame twice in different ways. any_label: also the
 * flow label of IPv6 echo replies (--trust address). Returns NULL, or what is
 * wrong with the reply in itself. */
const char *reply_normalise(struct frame *frame, bool any_label);

#endif
