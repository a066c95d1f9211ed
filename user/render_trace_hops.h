/* SPDX-License-Identifier: GPL-2.0-only */
/* The lists in a ping's NDJSON object: its hops, its stages. At 20 hops of some 13 members
 * they are nearly all of it, and a generator that is called for each member takes more time
 * than the rest of the trace together. */
#ifndef ICMPX_RENDER_TRACE_HOPS_H
#define ICMPX_RENDER_TRACE_HOPS_H

#include <yajl/yajl_gen.h>

#include "assemble.h"
#include "catalog.h"
#include "id_set.h"
#include "json_text.h"
#include "stages.h"

/* The name that was asked for last, as a JSON string: neighbouring hops ask for the same. */
struct last_name {
	yajl_gen gen; /* holds the text */
	__u64 key;
	const unsigned char *text; /* NULL: it has no name */
	size_t length;
	bool valid;
};

struct hop_names {
	const struct catalog *catalog;
	struct last_name last[NAME_KIND_MAX];
};

/* 0 or -ENOMEM; to be destroyed in either case. */
int hop_names_init(struct hop_names *names, const struct catalog *catalog);
void hop_names_destroy(struct hop_names *names);

/* Append a JSON list. A hop's call path is named if it is in `paths`. */
void render_hops_json(struct json_text *text, struct hop_names *names, const struct id_set *paths,
		      const struct ping *ping);
void render_stages_json(struct json_text *text, const struct budget *budget);

#endif
