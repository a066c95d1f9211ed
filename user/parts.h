/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the program that it can be built without; mk/parts.mk decides. */
#ifndef ICMPX_PARTS_H
#define ICMPX_PARTS_H

#include <stdbool.h>

#include "with.h"

/* clang-format off */
/*  id        name (mk/parts.mk)  what it is */
#define PARTS(X)                                                                                   \
	X(REPORT,   "report",   "the page of `icmpx report'")                                      \
	X(EXPORTER, "exporter", "metrics over HTTP, by libmicrohttpd")                             \
	X(SCREENS,  "screens",  "screens of their own on a terminal, by ncurses")                  \
	X(PERFETTO, "perfetto", "the trace format of Perfetto, by protobuf-c")                     \
	X(LIBXDP,   "libxdp",   "libxdp's dispatcher, to run beside other XDP programs")

enum part {
#define X(id, name, what) PART_##id,
	PARTS(X)
#undef X
	PART_MAX,
};
/* clang-format on */

bool part_built(enum part part);

/* "report", "the page of ...". Static. */
const char *part_name(enum part part);
const char *part_what(enum part part);

/* The names of those that are built, or are not, with commas between; "none". Static until the
 * next call. */
const char *parts_list(bool built);

#endif
