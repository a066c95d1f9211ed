// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "numbering.h"

struct numbered {
	struct numbering_key key;
	__u32 number;
};

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct numbering_key));
}

int numbering_find(struct numbering *numbering, const struct numbering_key *key, bool *fresh)
{
	struct numbered **found = tfind(key, &numbering->root, compare), *new;

	*fresh = !found && numbering->count <= NUMBERING_MAX;
	if (found)
		return (*found)->number;
	if (numbering->count >= NUMBERING_MAX) {
		numbering->count = NUMBERING_MAX + 1;
		return NUMBERING_MAX;
	}
	new = malloc(sizeof(*new));
	if (!new)
		return -ENOMEM;
	*new = (struct numbered){.key = *key, .number = numbering->count};
	if (!tsearch(new, &numbering->root, compare)) {
		free(new);
		return -ENOMEM;
	}
	return numbering->count++;
}

void numbering_free(struct numbering *numbering)
{
	tdestroy(numbering->root, free);
}
