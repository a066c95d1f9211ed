/* SPDX-License-Identifier: GPL-2.0-only */
/* By what an event finds its ping: what the headers say, and where the packet lies. */
#ifndef ICMPX_ASSEMBLE_TABLES_H
#define ICMPX_ASSEMBLE_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "event.h"

struct open_ping;

/* As the request has it; a reply's is turned round. No padding: it is compared. */
struct identity {
	__u8 family, protocol;
	__be16 id, seq;
	__u8 from[16], to[16];
};

_Static_assert(sizeof(struct identity) == 38, "no padding");

__u64 identity_hash(const struct identity *identity);
struct identity identity_of(const struct icmpx_packet *packet);
struct identity identity_turned(const struct identity *identity);

/* One identity of a ping; by NAT it gets more. Several open pings may have the same: the
 * newest is in the table, and the others behind it. */
struct alias {
	LIST_ENTRY(alias) bucket; /* if it is the newest */
	struct alias *newer, *older;
	struct alias *next; /* of the same ping */
	struct open_ping *ping;
	struct identity identity;
};

/* Where a packet lies: an sk_buff or its data. Good until it is freed, or somebody else's
 * packet shows up there. */
struct pointer {
	LIST_ENTRY(pointer) bucket;
	LIST_ENTRY(pointer) of_ping;
	struct open_ping *ping;
	__u64 value;
	__u64 lost; /* records lost on all CPUs when it was last seen */
	__u64 entered;
	__u32 tid, netns;
	__u32 first_netns, first_ifindex; /* where it was first seen */
	__u16 first_probe, probe;
	__u16 flags;
	__u16 copy;
	struct icmpx_packet packet;
};

LIST_HEAD(alias_list, alias);
LIST_HEAD(pointer_list, pointer);

struct identity_table {
	struct alias_list *buckets;
	size_t mask;
};

struct pointer_table {
	struct pointer_list *buckets;
	size_t mask;
};

/* 0 or -ENOMEM. For about `count` entries; they do not grow, but take more. */
int identity_table_init(struct identity_table *table, size_t count);
int pointer_table_init(struct pointer_table *table, size_t count);

struct alias *identity_find(const struct identity_table *table, const struct identity *identity);
void identity_add(struct identity_table *table, struct alias *alias);
void identity_remove(struct identity_table *table, struct alias *alias);

struct pointer *pointer_find(const struct pointer_table *table, __u64 value);
void pointer_add(struct pointer_table *table, struct pointer *pointer);

#endif
