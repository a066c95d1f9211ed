// SPDX-License-Identifier: GPL-2.0-only
/* In a program without the page of `icmpx report`, which says so before it asks for it. */
#include "embedded.h"

const struct embedded embedded_page = {.name = "page.html"};
const struct embedded embedded_demo[1];
const size_t embedded_demo_count = 0;

char *embedded_unpack(const struct embedded *file, size_t *size)
{
	(void)file;
	*size = 0;
	return NULL;
}
