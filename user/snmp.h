/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's own echo counters, of this network namespace. */
#ifndef ICMPX_SNMP_H
#define ICMPX_SNMP_H

#include <stdbool.h>
#include <stdio.h>
#include <linux/types.h>

struct echo_snmp {
	bool known;        /* false for IPv6: the kernel has none */
	__u64 in_echos;    /* requests that reached the kernel */
	__u64 out_replies; /* replies that it made */
	__u64 checksum_errors;
	__u64 limited_host, limited_global;        /* messages that rate limits held back, ... */
	bool has_limited_host, has_limited_global; /* ... where the kernel counts them */
};

struct snmp {
	struct echo_snmp v4, v6;
};

/* /proc/net/snmp and snmp6. 0 or a negative errno; no snmp6 is no error. */
int snmp_read(struct snmp *snmp);

/* The same from open files, which stay the caller's. -EINVAL: not that format. */
int snmp_parse_v4(FILE *file, struct echo_snmp *echo);
int snmp_parse_v6(FILE *file, struct echo_snmp *echo);

#endif
