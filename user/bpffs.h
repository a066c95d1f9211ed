/* SPDX-License-Identifier: GPL-2.0-only */
/* The BPF file system that keeps what outlives a process. Each directory is opened as one, without
 * following a link, is looked at as what was opened, and is used by that descriptor: nobody but
 * root has a say in what is found or removed below it. */
#ifndef ICMPX_BPFFS_H
#define ICMPX_BPFFS_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>

#define BPFFS_HOWTO                                                                                \
	"no bpffs on /sys/fs/bpf in this mount namespace to keep the programs in; "                \
	"mount -t bpf -o mode=0700 bpf /sys/fs/bpf, or enter a namespace with nsenter "            \
	"--net=/run/netns/NAME"

/* Finds it: /sys/fs/bpf; where that is hidden (ip netns exec) the first or the parent process's;
 * where it is not mounted, mounts it if `create`, and if one of them will keep it. Returns a
 * descriptor (O_PATH) of its root, the caller's to close; -ENOENT: none; -EUCLEAN: one that others
 * may change, bpffs_say() has the words; or another negative errno. *why, if not NULL, is set to a
 * line worth reporting when the choice was not the ordinary one. */
int bpffs_open(bool create, const char **why);

/* Path of the root that was found last, for people and for libxdp. */
const char *bpffs_root(void);

/* A directory below one of these, as above; create makes it, with mode 0700, where there is none.
 * -EUCLEAN: it is no directory, not root's (nor this process's user's), or others may write. */
int bpffs_dir(int parent, const char *name, bool create);

/* The open directory again, to be read or locked: the descriptor, the caller's to close, or a
 * negative errno. */
int bpffs_reopen(int dir);

/* The same as a stream, the caller's to closedir(); NULL with errno set. */
DIR *bpffs_stream(int dir);

/* Path by which a call that takes none but paths gets at a name in an open directory. 0, or
 * -ENAMETOOLONG. */
int bpffs_path(int dir, const char *name, char *path, size_t size);

/* The words for an errno of these and of pins_lock(). */
const char *bpffs_say(int err);

/* Keeps the words for bpffs_say(), and returns err. */
int bpffs_refuse(int err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
