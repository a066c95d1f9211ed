/* SPDX-License-Identifier: GPL-2.0-only */
/* What exports call things. Nothing longer than it, and all valid UTF-8. */
#ifndef ICMPX_EXPORT_TEXT_H
#define ICMPX_EXPORT_TEXT_H

#include "assemble.h"
#include "catalog.h"

struct export_text {
	char buf[640]; /* more than a name of the catalog */
};

/* "icmp_rcv", "net_dev_queue", "sys_enter": as `probe` and `function` of the JSON. */
const char *export_hop_name(const struct catalog *catalog, const struct hop *hop);

/* "10.0.0.1 > 10.0.0.2, id 7, seq 1" */
const char *export_packet(const struct icmpx_packet *packet, struct export_text *text);

/* "ping[1234]", "CPU 1, softirq": in what it happens. */
const char *export_context(const struct catalog *catalog, const struct icmpx_event *event,
			   struct export_text *text);

/* "eth0", "device 7", NULL: none */
const char *export_device(const struct catalog *catalog, const struct icmpx_event *event,
			  struct export_text *text);

/* "dropped in icmp_rcv+0x1a3 (NO_SOCKET)", "freed in icmp_rcv+0x1a3 (benign)", "answered at the
 * driver"; NULL: nothing became of it there. */
const char *export_fate(const struct catalog *catalog, const struct hop *hop,
			struct export_text *text);

#endif
