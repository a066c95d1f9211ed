// SPDX-License-Identifier: GPL-2.0-only
#include "assemble_tables.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The finalizer of MurmurHash3. */
static __u64 mix(__u64 x)
{
	x = (x ^ x >> 33) * 0xff51afd7ed558ccdULL;
	x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53ULL;
	return x ^ x >> 33;
}

static __u64 hash_address(const __u8 address[16])
{
	__u64 half[2];

	memcpy(half, address, sizeof(half));
	return mix(half[0] + mix(half[1]));
}

__u64 identity_hash(const struct identity *identity)
{
	__u64 rest = (__u64)identity->family << 40 | (__u64)identity->protocol << 32 |
		     (__u64)identity->id << 16 | identity->seq;

	return mix(rest ^ mix(hash_address(identity->from) + 3 * hash_address(identity->to)));
}

struct identity identity_of(const struct icmpx_packet *packet)
{
	bool turned = packet->kind == ICMPX_KIND_REPLY;
	struct identity identity = {
		.family = packet->family,
		.protocol = packet->protocol,
		.id = packet->id,
		.seq = packet->seq,
	};

	memcpy(identity.from, turned ? packet->destination : packet->source, 16);
	memcpy(identity.to, turned ? packet->source : packet->destination, 16);
	return identity;
}

struct identity identity_turned(const struct identity *identity)
{
	struct identity turned = *identity;

	memcpy(turned.from, identity->to, 16);
	memcpy(turned.to, identity->from, 16);
	return turned;
}

static size_t buckets_for(size_t count)
{
	size_t buckets = 64;

	while (buckets < count)
		buckets *= 2;
	return buckets;
}

int identity_table_init(struct identity_table *table, size_t count)
{
	size_t buckets = buckets_for(count);

	table->mask = buckets - 1;
	table->buckets = calloc(buckets, sizeof(*table->buckets));
	return table->buckets ? 0 : -ENOMEM;
}

int pointer_table_init(struct pointer_table *table, size_t count)
{
	size_t buckets = buckets_for(count);

	table->mask = buckets - 1;
	table->buckets = calloc(buckets, sizeof(*table->buckets));
	return table->buckets ? 0 : -ENOMEM;
}

static struct alias_list *alias_bucket(const struct identity_table *table,
				       const struct identity *identity)
{
	return &table->buckets[identity_hash(identity) & table->mask];
}

struct alias *identity_find(const struct identity_table *table, const struct identity *identity)
{
	struct alias *alias;

	for (alias = LIST_FIRST(alias_bucket(table, identity)); alias;
	     alias = LIST_NEXT(alias, bucket))
		if (!memcmp(&alias->identity, identity, sizeof(*identity)))
			break;
	return alias;
}

void identity_add(struct identity_table *table, struct alias *alias)
{
	struct alias *newest = identity_find(table, &alias->identity);

	if (newest) {
		LIST_REMOVE(newest, bucket);
		newest->newer = alias;
	}
	alias->older = newest;
	alias->newer = NULL;
	LIST_INSERT_HEAD(alias_bucket(table, &alias->identity), alias, bucket);
}

void identity_remove(struct identity_table *table, struct alias *alias)
{
	if (alias->older)
		alias->older->newer = alias->newer;
	if (alias->newer) {
		alias->newer->older = alias->older;
		return;
	}
	LIST_REMOVE(alias, bucket);
	if (alias->older)
		LIST_INSERT_HEAD(alias_bucket(table, &alias->identity), alias->older, bucket);
}

struct pointer *pointer_find(const struct pointer_table *table, __u64 value)
{
	struct pointer *pointer;

	for (pointer = LIST_FIRST(&table->buckets[mix(value) & table->mask]); pointer;
	     pointer = LIST_NEXT(pointer, bucket))
		if (pointer->value == value)
			break;
	return pointer;
}

void pointer_add(struct pointer_table *table, struct pointer *pointer)
{
	LIST_INSERT_HEAD(&table->buckets[mix(pointer->value) & table->mask], pointer, bucket);
}
