/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ICMPX_TEXTFILE_H
#define ICMPX_TEXTFILE_H

#include <stddef.h>

/* Puts the text in the place of the file at once: a reader sees the old one or the new one,
 * whole. Readable by all. 0 or a negative errno; then the old one is as it was. -EEXIST: what is
 * there is a link, a pipe, a device ..., which a file shall not take the place of. */
int textfile_write(const char *path, const char *text, size_t size);

#endif
