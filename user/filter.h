/* SPDX-License-Identifier: GPL-2.0-only */
/* What is to be traced: from names, and for events that the kernel did not filter. */
#ifndef ICMPX_FILTER_H
#define ICMPX_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "event.h"

/* As the tracing programs do: what the packet itself says, not where it passes. */
bool filter_packet(const struct icmpx_filter *filter, const struct icmpx_packet *packet);

/* Each adds to a filter; 0 or a negative errno, with *why filled: what, and what is wrong. */
int filter_add_host(struct icmpx_filter *filter, const char *host, char *why, size_t size);
int filter_add_type(struct icmpx_filter *filter, const char *type, char *why, size_t size);

/* A namespace by name (ip netns), process id, or path. */
int filter_set_netns(struct icmpx_filter *filter, const char *netns, char *why, size_t size);

/* Behind the namespace: a device there, or in this process's. */
int filter_set_device(struct icmpx_filter *filter, const char *netns, const char *device, char *why,
		      size_t size);

/* When all is set: everything where nothing was chosen. */
void filter_complete(struct icmpx_filter *filter);

#endif
