// SPDX-License-Identifier: GPL-2.0-only
#include "assemble.h"

const char *ping_end_name(enum ping_end end)
{
	static const char *const names[] = {
#define X(id, name, title) name,
		PING_ENDS(X)
#undef X
	};

	return names[end < PING_END_MAX ? end : PING_INCOMPLETE];
}

const char *hop_side_name(unsigned int side)
{
	static const char *const names[] = {"sender", "responder", "forwarder"};

	_Static_assert(ARRAY_SIZE(names) == SIDE_MAX, "a name for each side");
	return names[side < SIDE_MAX ? side : SIDE_FORWARDER];
}
