/* SPDX-License-Identifier: GPL-2.0-only */
/* Recordings as bytes, see docs/trace-schema.md, "File format". Little endian; strings end
 * with a zero byte. */
#ifndef ICMPX_RECORD_FORMAT_H
#define ICMPX_RECORD_FORMAT_H

#include <endian.h>
#include <stddef.h>

#include "catalog.h"
#include "trace.h"

#define RECORD_MAGIC   "icmpxrec"
#define RECORD_VERSION 2
#define RECORD_OLDEST  1 /* that can be read: without cookies, node, boot id, end's time */

#define RECORD_COOKIE 8         /* bytes, the last ones of an event, which older ones do not have */
#define RECORD_MAX    65536     /* bytes of payload */
#define RECORD_EXTRA  12        /* around the payload: type, length, checksum */
#define RECORD_BUFFER (1 << 18) /* of the reader and of the writer */

/* Numbers of probes are below. */
#define RECORD_PROBES 1024

/* ns; so that differences and sums of any two times of any two recordings are no overflow. */
#define RECORD_TIME_MAX  (1LL << 60) /* of CLOCK_MONOTONIC: up for 36 years */
#define RECORD_EPOCH_MAX (1LL << 62) /* of CLOCK_REALTIME less that: the year 2116 */

/* Before a probe's name in the header: a function may have a tracepoint's name. */
#define RECORD_TRACEPOINT "tp:"
#define RECORD_FUNCTION   "fn:"

enum record_type {
	RECORD_HEADER = 1,
	RECORD_PATH,
	RECORD_NAME,
	RECORD_EVENT,
	RECORD_END,
};

_Static_assert(offsetof(struct icmpx_event, cookie) + RECORD_COOKIE == sizeof(struct icmpx_event),
	       "the cookie is last");
_Static_assert((int)ICMPX_PROBE_MAX <= RECORD_PROBES, "the header's table holds all probes");
_Static_assert(8 + ICMPX_STACK_MAX * (4 + CATALOG_NAME_MAX + 1) <= RECORD_MAX, "any path fits");
_Static_assert(sizeof(struct trace_header) + ICMPX_PROBE_MAX * 64 <= RECORD_MAX,
	       "the header fits, names of probes being below 60 bytes");

/* From this machine's byte order to the file's, or back. What the packet's headers say
 * stays as it was on the wire. */
static inline void record_event_order(struct icmpx_event *event)
{
	event->record = htole32(event->record);
	event->probe = htole16(event->probe);
	event->cpu = htole16(event->cpu);
	event->time = htole64(event->time);
	event->skb = htole64(event->skb);
	event->head = htole64(event->head);
	event->sk = htole64(event->sk);
	event->tgid = htole32(event->tgid);
	event->tid = htole32(event->tid);
	event->netns = htole32(event->netns);
	event->ifindex = htole32(event->ifindex);
	event->stack = htole32(event->stack);
	event->lost = htole32(event->lost);
	event->flags = htole16(event->flags);
	event->syscall = (__s16)htole16(event->syscall);
	event->fd = htole32(event->fd);
	event->entered = htole64(event->entered);
	event->detail[0] = htole64(event->detail[0]);
	event->detail[1] = htole64(event->detail[1]);
	event->packet.bytes = htole16(event->packet.bytes);
}

#endif
