// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>
#include <stdlib.h>

#include "errno_name.h"

static const struct {
	int number;
	const char *name;
} names[] = {
#define X(name, number) {number, #name},
#include "errno_names.h"
#undef X
	{524, "ENOTSUPP"}, /* the kernel's own, which escapes from BPF */
};

const char *errno_name(int err)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].number == abs(err))
			return names[i].name;
	return NULL;
}
