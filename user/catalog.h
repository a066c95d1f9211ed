/* SPDX-License-Identifier: GPL-2.0-only */
/* What the numbers in events stand for: call paths, tasks, drop reasons, devices. The
 * tracer fills it from the running kernel, a replay from the recording. */
#ifndef ICMPX_CATALOG_H
#define ICMPX_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#include "util.h"

/* Append only: recordings hold the number. */
enum name_kind {
	NAME_TASK,     /* key: tid; the command's name */
	NAME_TGID,     /* key: tid; the process id in decimal */
	NAME_REASON,   /* key: drop reason; "NO_SOCKET" without its prefix */
	NAME_NETNS,    /* key: inode number; the name under /run/netns, or "pid PID" of one in it */
	NAME_DEVICE,   /* key: catalog_device_key() */
	NAME_SYMBOL,   /* key: address; "icmp_rcv+0x1a3" */
	NAME_SYSCALL,  /* key: number; "sendto" */
	NAME_FUNCTION, /* key: enum icmpx_probe; what the traced kernel calls that function */
	NAME_KIND_MAX,
};

struct path_frame {
	const char *name; /* the kernel's symbol, without .constprop.0 and the like */
	__u32 offset;     /* in it */
	int probe;        /* trace_probe_lookup(name); the catalog fills it in */
};

/* A call path, innermost first, without the frames of BPF itself. */
struct path {
	__u32 id;
	__u32 count;
	const struct path_frame *frames;
};

#define CATALOG_MAX      65536 /* entries of each kind of name, and paths */
#define CATALOG_NAME_MAX 511   /* bytes, as the kernel's symbols */

struct catalog;
struct edges;

/* NULL: out of memory. */
struct catalog *catalog_new(void);
void catalog_free(struct catalog *catalog);

/* Copies, and makes names fit for a terminal (safe_text.h). What is there already is kept
 * if equal, else replaced. 0 or -ENOMEM; -E2BIG: a new one where there are CATALOG_MAX, a
 * name above CATALOG_NAME_MAX, a path above ICMPX_STACK_MAX. */
int catalog_set_path(struct catalog *catalog, __u32 id, const struct path_frame *frames,
		     size_t count);
int catalog_set_name(struct catalog *catalog, enum name_kind kind, __u64 key, const char *text);

/* NULL when not known. Valid until it is replaced, or the catalog is freed. */
const struct path *catalog_path(const struct catalog *catalog, __u32 id);
const char *catalog_name(const struct catalog *catalog, enum name_kind kind, __u64 key);

/* What lies between the functions of its call paths (path_edges.h); NULL: the sources' word. Of the
 * traced kernel, but in no recording. */
void catalog_set_edges(struct catalog *catalog, const struct edges *edges);
const struct edges *catalog_edges(const struct catalog *catalog);

static inline __u64 catalog_device_key(__u32 netns, __u32 ifindex)
{
	return (__u64)netns << 32 | ifindex;
}

/* Called for each entry that is there, in no order, then for what is new or replaced, as it
 * comes. */
struct catalog_listener {
	void (*path)(void *data, const struct path *path);
	void (*name)(void *data, enum name_kind kind, __u64 key, const char *text);
	void *data;
};

/* One listener; NULL removes it. */
void catalog_listen(struct catalog *catalog, const struct catalog_listener *listener);

DEFINE_CLEANUP(catalog, struct catalog *, catalog_free)

#endif
