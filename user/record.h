/* SPDX-License-Identifier: GPL-2.0-only */
/* A trace on file: --record and --replay. */
#ifndef ICMPX_RECORD_H
#define ICMPX_RECORD_H

#include <stdio.h>

#include "catalog.h"
#include "trace.h"

struct record_writer;

/* A new file (replaces one, see private_file.h), the header, and what is and comes into the
 * catalog, of which it becomes the listener. 0 or a negative errno. */
int record_create(const char *path, const struct trace_header *header, struct catalog *catalog,
		  struct record_writer **writer);

/* 0 or a negative errno; once one failed, all do, with the same. */
int record_event(struct record_writer *writer, const struct icmpx_event *event);

/* Until then (CLOCK_MONOTONIC, ns) events would have been recorded; for the end mark. */
void record_ended(struct record_writer *writer, __u64 time);

/* Writes the end mark and closes; frees the writer in any case. 0 or a negative errno. */
int record_close(struct record_writer *writer);

struct record_error {
	__u64 offset;   /* of the record in the file that is wrong */
	char text[128]; /* what is wrong with it */
};

/* Called in the file's order; nonzero stops and is returned by record_read(). */
struct record_reader {
	int (*header)(void *data, const struct trace_header *header);
	int (*event)(void *data, const struct icmpx_event *event);
	void *data;
	/* Until when was recorded, if that is known; NULL: of no interest. */
	void (*end)(void *data, __u64 ended);
};

/* Reads a file; names and paths go to the catalog before the events that use them.
 * 0; -EBADMSG with *error filled: not a recording, damaged, cut off (no end mark; all
 * whole records before it have been handed on); or another negative errno. */
int record_read(const char *path, struct catalog *catalog, const struct record_reader *reader,
		struct record_error *error);

/* The same of an open stream, which it closes. */
int record_read_stream(FILE *file, struct catalog *catalog, const struct record_reader *reader,
		       struct record_error *error);

#endif
