/* SPDX-License-Identifier: GPL-2.0-only */
/* The functions that documents name, and what of a kernel each of them is. */
#ifndef ICMPX_COMPARE_DOCUMENTS_H
#define ICMPX_COMPARE_DOCUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "documented.h"
#include "probes.h"

struct document {
	enum documented_path path;
	const char *name;
	enum icmpx_layer layer;
};

extern const struct document documents[];
extern const size_t documents_count;

/* Not a system call as programs name it, nor one of many ("driver", "interrupt"). */
bool document_is_function(const struct document *document);

/* Whether a live function (else a system call) is the documented one, by this or another
 * name. `probe`: its, or -1. */
bool document_is(const struct document *document, const char *name, bool function, int probe);

/* Whether the kernel has it, by this or another name. True where that cannot be told. */
bool document_exists(const struct document *document, bool (*exists)(void *data, const char *name),
		     void *data);

#endif
