/* SPDX-License-Identifier: GPL-2.0-only */
/* The fast path's replies as events, for a trace: no tracepoint sees them. Each
 * attachment has a ring of its own, that one tracer at a time reads: it holds a
 * lock on the attachment's directory in bpffs, which ends with the process. What
 * is attached after echo_events_open() is not seen; what is replaced is. */
#ifndef ICMPX_ECHO_EVENTS_H
#define ICMPX_ECHO_EVENTS_H

#include <stddef.h>
#include <bpf/libbpf.h>
#include <linux/types.h>

struct echo_events;

/* How many attachments, of all namespaces, ... */
struct echo_events_found {
	size_t watched; /* are ours now */
	size_t silent;  /* have no ring: by an older icmpx, or without their pins */
	size_t busy;    /* another tracer has */
};

/* Nothing is emitted until echo_events_renew(). *events is for
 * echo_events_close(), also when nothing was found. 0 or a negative errno. */
int echo_events_open(struct echo_events **events, struct echo_events_found *found);

/* Lets `ring` read struct icmpx_event from them, too. They wake nobody:
 * ring_buffer__consume() often enough. 0 or a negative errno. */
int echo_events_add(const struct echo_events *events, struct ring_buffer *ring,
		    ring_buffer_sample_fn callback, void *data);

/* Emits for two seconds from now on, so call it every second. 0 or a negative errno. */
int echo_events_renew(struct echo_events *events);

/* Events that found no room since the opening; of NULL, none. */
__u64 echo_events_lost(const struct echo_events *events);

/* Emits no more. For NULL, too. After ring_buffer__free(). */
void echo_events_close(struct echo_events *events);

#endif
