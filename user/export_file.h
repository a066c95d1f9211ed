/* SPDX-License-Identifier: GPL-2.0-only */
/* A file that appears whole or not at all: written as FILE.tmp, renamed at the end. What is there
 * and is no file (a device, a pipe) is written to as it is. */
#ifndef ICMPX_EXPORT_FILE_H
#define ICMPX_EXPORT_FILE_H

#include <stdbool.h>
#include <stdio.h>

struct export_file;

/* "-": standard output. 0 or a negative errno; -EBUSY: somebody is writing it; -EACCES: it is a
 * link of somebody else's. Until it is closed, a signal that ends the process removes what was
 * written. */
int export_file_open(const char *path, struct export_file **file);

FILE *export_file_stream(const struct export_file *file);

/* Whether it is the same file as that of this path. */
bool export_file_is(const struct export_file *file, const char *path);

/* Puts it in its place, or (!whole) removes it. Frees it. 0 or a negative errno, and then it is
 * removed. Errors of standard output are left to its owner. */
int export_file_close(struct export_file *file, bool whole);

#endif
