// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>

#include "id_set.h"

/* Where it is, or where it is to go. Half of the slots are always free. */
static size_t find(const struct id_set *set, __u32 id)
{
	size_t at = (id * 0x9e3779b1u) & (set->size - 1);

	while (set->slots[at] && set->slots[at] != id)
		at = (at + 1) & (set->size - 1);
	return at;
}

bool id_set_has(const struct id_set *set, __u32 id)
{
	return set->size && set->slots[find(set, id)] == id;
}

static int grow(struct id_set *set)
{
	struct id_set larger = {.size = set->size ? 2 * set->size : 64, .count = set->count};

	larger.slots = calloc(larger.size, sizeof(*larger.slots));
	if (!larger.slots)
		return -ENOMEM;
	for (size_t i = 0; i < set->size; i++)
		if (set->slots[i])
			larger.slots[find(&larger, set->slots[i])] = set->slots[i];
	free(set->slots);
	*set = larger;
	return 0;
}

int id_set_add(struct id_set *set, __u32 id)
{
	size_t at;

	if (2 * (set->count + 1) > set->size && grow(set))
		return -ENOMEM;
	at = find(set, id);
	if (!set->slots[at]) {
		set->slots[at] = id;
		set->count++;
	}
	return 0;
}

void id_set_free(struct id_set *set)
{
	free(set->slots);
}
