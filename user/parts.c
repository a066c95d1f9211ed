// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "parts.h"

static const struct {
	bool built;
	const char *name, *what;
} parts[] = {
#define X(id, name, what) {WITH_##id, name, what},
	PARTS(X)
#undef X
};

bool part_built(enum part part)
{
	return parts[part].built;
}

const char *part_name(enum part part)
{
	return parts[part].name;
}

const char *part_what(enum part part)
{
	return parts[part].what;
}

const char *parts_list(bool built)
{
	static char text[128];
	size_t used = 0;

	snprintf(text, sizeof(text), "none");
	for (size_t i = 0; i < PART_MAX; i++)
		if (parts[i].built == built && used < sizeof(text))
			used += snprintf(text + used, sizeof(text) - used, "%s%s", used ? ", " : "",
					 parts[i].name);
	return text;
}
