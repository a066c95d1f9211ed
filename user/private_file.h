/* SPDX-License-Identifier: GPL-2.0-only */
/* A file that is to be its owner's alone, also where there is one already. */
#ifndef ICMPX_PRIVATE_FILE_H
#define ICMPX_PRIVATE_FILE_H

/* Makes or empties it, mode 0600, and opens it for writing. What is no file (a pipe, a device) is
 * written to as it is, also through a link; so is a file that this process has open, to which
 * /dev/stdout and /dev/fd/N are links. A descriptor; -ELOOP: a link to another file; -EPERM:
 * somebody else's file; -EMLINK: it has other names; or another negative errno. */
int private_file_open(const char *path);

/* What is the matter, of private_file_open()'s errors too. Static. */
const char *private_file_error(int err);

#endif
