/* SPDX-License-Identifier: GPL-2.0-only */
/* The raw and ping sockets that are open in this network namespace. */
#ifndef ICMPX_SOCKETS_H
#define ICMPX_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <linux/types.h>

struct open_socket {
	bool ping; /* else raw */
	bool v6;
	__be32 local[4];     /* as struct lease_row has it; zero: any */
	unsigned int number; /* ping: its echo identifier; raw: the IP protocol */
	unsigned int uid;
	unsigned long inode;
	unsigned int drops; /* messages that its queue had no room for */
};

/* Of /proc/net/raw, raw6, icmp, icmp6; of the raw ones those for ICMP. *list is the caller's to
 * free. 0 or a negative errno. */
int sockets_read(struct open_socket **list, size_t *count);

/* Appends those of one such file. 0 or -ENOMEM. */
int sockets_parse(FILE *file, bool ping, bool v6, struct open_socket **list, size_t *count);

#endif
