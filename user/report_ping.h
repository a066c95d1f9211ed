/* SPDX-License-Identifier: GPL-2.0-only */
/* A ping as the page of a report has it: one JSON object. */
#ifndef ICMPX_REPORT_PING_H
#define ICMPX_REPORT_PING_H

#include "frames.h"
#include "ndjson.h"

/* Its members beside those of docs/trace-schema.md: what it passed, function by function, and why
 * it failed. `frames` NULL: without. */
void report_ping_json(struct ndjson *json, const struct ping *ping, const struct catalog *catalog,
		      const struct frames *frames);

#endif
