/* SPDX-License-Identifier: GPL-2.0-only */
/* A trace in formats of other tools, ping by ping as they end: -o FORMAT=FILE. */
#ifndef ICMPX_EXPORT_H
#define ICMPX_EXPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "assemble.h"
#include "catalog.h"

/* What a format is. Errors of writing are the caller's to see, with ferror(). */
struct export_format {
	const char *name;
	bool binary;
	/* `out` and `catalog` stay the caller's. NULL: out of memory. Itself NULL: not built. */
	void *(*open)(FILE *out, const struct catalog *catalog);
	/* Each 0 or -ENOMEM. The header comes first; NULL: it and the end are of no concern. */
	int (*header)(void *state, const struct trace_header *header);
	int (*ping)(void *state, const struct ping *ping);
	int (*end)(void *state, const struct assemble_counts *counts);
	void (*close)(void *state);
};

extern const struct export_format export_pcapng, export_perfetto, export_chrome, export_folded,
	export_ndjson;

#define EXPORTS_MAX 16

struct export_request {
	const struct export_format *format;
	const char *path; /* "-": standard output */
};

/* "FORMAT=FILE"; `request` refers to it. 0; -EINVAL or, for a format that this program was built
 * without, -EOPNOTSUPP, with a reason in `why`. */
int export_parse(const char *arg, struct export_request *request, char *why, size_t size);

/* The name of the format of that number, or NULL. */
const char *export_format_name(size_t index);

/* Two of them to one file; the second one's number, or -1. */
int export_twice(const struct export_request *requests, size_t count);

/* Whether one of them goes to standard output. */
bool export_takes_stdout(const struct export_request *requests, size_t count);

struct exports;

/* Opens the files; the catalog stays the caller's. `other` (NULL: none): a file that is of
 * another use. 0, or a negative errno with a reason in `why`. */
int exports_open(const struct export_request *requests, size_t count, const struct catalog *catalog,
		 const char *other, struct exports **exports, char *why, size_t size);

/* All of these take NULL. */
void exports_header(struct exports *exports, const struct trace_header *header);
void exports_ping(struct exports *exports, const struct ping *ping);
void exports_end(struct exports *exports, const struct assemble_counts *counts);

/* Whether one can no more be written. */
bool exports_failed(const struct exports *exports);

/* Puts those in their places that came to their end, removes the others, and frees all. `failed`
 * is told of each that could not be written (negative errno). */
void exports_close(struct exports *exports, void (*failed)(void *data, const char *path, int err),
		   void *data);

#endif
