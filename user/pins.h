/* SPDX-License-Identifier: GPL-2.0-only */
/* The registry in bpffs: icmpx/NETNS-IFINDEX/, one directory for each interface
 * that icmpx is attached to, since bpffs is shared by namespaces. In it, the
 * programs (echo, learn), their options (config), the maps, and for the length
 * of a replace the next generation's (echo_new, learn_new, config_new). NETNS is
 * an inode number, which the next namespace may get: the pin netns_COOKIE tells
 * them apart (Linux 5.14). All is done by descriptors of directories: bpffs.h. */
#ifndef ICMPX_PINS_H
#define ICMPX_PINS_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#include "config.h"

/* Every name that icmpx makes in a directory, beside netns_COOKIE; nothing else is ever removed.
 * MAP: a map that outlives a replace; TABLE: one that there is in all versions; SUM: the same, of
 * counters. PROG: a program. */
/* clang-format off */
#define PINS(X)                                                                                    \
	X("leases_v4",   TABLE) X("leases_v6",   TABLE)                                            \
	X("requests_v4", TABLE) X("requests_v6", TABLE)                                            \
	X("lessons",     SUM)   X("verdicts",    SUM)                                              \
	X(PIN_EVENTS,    MAP)   X(PIN_WATCH,     MAP)                                              \
	X(PIN_EPOCH,     MAP)   X("neighbours",  MAP)                                              \
	X("lessons_old", OTHER) X("verdicts_old", OTHER)                                           \
	X("echo",        PROG)  X("learn",       PROG)  X("config",     OTHER)                     \
	X("echo_new",    PROG)  X("learn_new",   PROG)  X("config_new", OTHER)                     \
	X(PIN_CLSACT,    PROG)
/* clang-format on */

#define PIN_PATH_MAX 192
#define PIN_CLSACT   "clsact" /* a pin that says: icmpx made the clsact qdisc */
#define PIN_EVENTS   "events" /* the ring of the fast path's replies, */
#define PIN_EPOCH    "epoch"  /* struct icmpx_epoch: what ended all leases */
#define PIN_WATCH    "watch"  /* and struct icmpx_watch: see echo_events.h */

enum pin_kind { PIN_OTHER, PIN_PROG, PIN_MAP, PIN_TABLE, PIN_SUM };

struct pin_name {
	const char *name;
	enum pin_kind kind;
};

/* Ends with a name of NULL. */
extern const struct pin_name pin_names[];

struct pin_dir {
	char path[PIN_PATH_MAX - 32]; /* for people; nothing is opened by it */
	__u64 netns;                  /* inode number of the network namespace */
	__u64 cookie;                 /* its cookie when this was made; 0: not known */
	__u32 ifindex;
};

/* Where the registry is, as a path to show; otherwise as bpffs_open(). */
int pins_base(char *base, size_t size, bool create, const char **why);

/* The directory of an interface of this namespace; it need not exist. */
int pins_dir(__u32 ifindex, struct pin_dir *dir);

/* Looks once more what namespace it was made in: dir->cookie. */
int pins_reload(struct pin_dir *dir);

/* Whether it was made in this network namespace, as far as that is known. */
bool pins_is_here(const struct pin_dir *dir);

/* Whether that is sure: by the cookie, or by the times of both. */
bool pins_is_surely_here(const struct pin_dir *dir);

/* All directories of all namespaces, sorted; *dirs is the caller's to free.
 * No bpffs or no directory is an empty list. */
int pins_list(struct pin_dir **dirs, size_t *count);

/* Descriptor (O_RDONLY) of the directory, for a lock, or a negative errno. */
int pins_open(const struct pin_dir *dir);

/* Descriptor of a pinned object (map or program), or -errno; -ENOENT: not there. */
int pins_get(const struct pin_dir *dir, const char *name);

/* The same, for reading alone: asks for no more than that of the file's mode. */
int pins_read(const struct pin_dir *dir, const char *name);

/* The same, of a name in any open directory of bpffs. */
int pins_read_at(int fd, const char *name);

/* Id of a pinned program, or 0. Asks for reading alone. */
__u32 pins_prog_id(const struct pin_dir *dir, const char *name);

/* How many of the directory's pins are the program of that id. */
unsigned int pins_count(const struct pin_dir *dir, __u32 prog_id);

bool pins_has(const struct pin_dir *dir, const char *name);
bool pins_has_dir(const struct pin_dir *dir);

/* The rest changes the registry; each returns 0 or a negative errno. What is
 * to be removed or made may be gone or there already. */
int pins_put(const struct pin_dir *dir, const char *name, int fd);
int pins_remove(const struct pin_dir *dir, const char *name);
int pins_rename(const struct pin_dir *dir, const char *from, const char *to);

/* With the mark of this namespace, which is a pin of the program `fd`. */
int pins_make_dir(struct pin_dir *dir, int fd);

/* -ENOTEMPTY: something is in it that icmpx has not made, and stays. */
int pins_remove_dir(const struct pin_dir *dir);

/* Finishes a replace that was killed: what is attached keeps its pins, the
 * other generation's go. */
int pins_settle(const struct pin_dir *dir, __u32 echo_id, __u32 learn_id);

/* Removes the registry if nothing is in it. */
void pins_tidy(void);

/* Descriptor (O_PATH) of the registry; create makes it. -ENOENT, or as bpffs_open(). */
int pins_registry(bool create, const char **why);

#endif
