// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "bpffs.h"
#include "dispatcher.h"
#include "netns.h"
#include "util.h"

#define LIBXDP "xdp"

/* Whether an interface of the present namespace runs the program. */
static bool runs_here(void *data)
{
	struct if_nameindex *names = if_nameindex();
	__u32 *wanted = data, id;
	bool runs = false;

	for (struct if_nameindex *i = names; i && i->if_index && !runs; i++)
		runs = !bpf_xdp_query_id(i->if_index, 0, &id) && id == *wanted;
	if (names)
		if_freenameindex(names);
	return runs;
}

static int open_libxdp(int root)
{
	return root < 0 ? root : bpffs_dir(root, LIBXDP, false);
}

int dispatcher_prepare(void)
{
	_cleanup_(close) int root = bpffs_open(false, NULL);
	_cleanup_(close) int fd = root < 0 ? root : bpffs_dir(root, LIBXDP, true);

	return fd < 0 ? fd : 0;
}

/* The names that libxdp gives: progN-prog and progN-link. */
static bool is_libxdps(const char *name, const char *kind)
{
	unsigned int number;
	int end = 0;

	return sscanf(name, "prog%u-%n", &number, &end) == 1 && end && !strcmp(name + end, kind);
}

static bool is_prog(int dir, const char *name, __u32 id)
{
	_cleanup_(close) int fd = pins_read_at(dir, name);
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);

	return fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &len) && info.id == id;
}

/* Whether a dispatcher's directory has the program. */
static bool holds(int dir, __u32 ours)
{
	DIR *stream = bpffs_stream(dir);
	struct dirent *entry;
	bool found = false;

	if (!stream)
		return false;
	while (!found && (entry = readdir(stream)))
		found = is_libxdps(entry->d_name, "prog") && is_prog(dir, entry->d_name, ours);
	closedir(stream);
	return found;
}

/* Whether the dispatcher, of this interface, has this program. */
static bool dispatcher_holds(const struct pin_dir *dir, __u32 dispatcher, __u32 ours)
{
	_cleanup_(close) int root = bpffs_open(false, NULL);
	_cleanup_(close) int libxdp = open_libxdp(root), fd = -1;
	char name[64];

	snprintf(name, sizeof(name), "dispatch-%u-%u", dir->ifindex, dispatcher);
	if (libxdp >= 0)
		fd = bpffs_dir(libxdp, name, false);
	return fd >= 0 && holds(fd, ours);
}

void dispatcher_look_into_pins(const struct pin_dir *dir, struct xdp_hook *hook)
{
	static const char *const names[] = {"echo_new", "echo"};

	for (size_t i = 0; i < ARRAY_SIZE(names) && !hook->echo_id; i++) {
		__u32 id = pins_prog_id(dir, names[i]);

		hook->dispatcher = id && dispatcher_holds(dir, hook->top_id, id);
		if (hook->dispatcher)
			hook->echo_id = id;
	}
}

/* What makes a dispatcher's directory one to remove. */
struct claim {
	const struct pin_dir *dir; /* whose it is to be */
	struct pin_dir *others;    /* all directories of the registry */
	size_t count;
};

static bool is_pinned_in(const struct pin_dir *dir, __u32 id)
{
	return id == pins_prog_id(dir, "echo") || id == pins_prog_id(dir, "echo_new");
}

/* Whether a pinned program is ours to forget: one of this directory's, or one that an attach which
 * was killed has not pinned anywhere. */
static bool is_claimed(const struct claim *claim, int dispatch, const char *name)
{
	_cleanup_(close) int fd = pins_read_at(dispatch, name);
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len))
		return false;
	if (is_pinned_in(claim->dir, info.id))
		return true;
	if (strcmp(info.name, ICMPX_PROG_ECHO))
		return false;
	for (size_t i = 0; i < claim->count; i++)
		if (is_pinned_in(&claim->others[i], info.id))
			return false;
	return true;
}

/* Empty, it is what an attach has left that was killed at once. */
static bool is_to_go(const struct claim *claim, int dispatch)
{
	DIR *stream = bpffs_stream(dispatch);
	struct dirent *entry;
	bool claimed = false, empty = true;

	if (!stream)
		return false;
	while (!claimed && (entry = readdir(stream))) {
		empty = empty && entry->d_name[0] == '.';
		claimed = is_libxdps(entry->d_name, "prog") &&
			  is_claimed(claim, dispatch, entry->d_name);
	}
	closedir(stream);
	return claimed || empty;
}

static void remove_pins(int dispatch)
{
	DIR *stream = bpffs_stream(dispatch);
	struct dirent *entry;

	if (!stream)
		return;
	while ((entry = readdir(stream)))
		if (is_libxdps(entry->d_name, "prog") || is_libxdps(entry->d_name, "link"))
			unlinkat(dispatch, entry->d_name, 0);
	closedir(stream);
}

static void forget(const struct claim *claim, int libxdp, const char *name, __u32 dispatcher)
{
	_cleanup_(close) int fd = bpffs_dir(libxdp, name, false);

	if (fd < 0 || !is_to_go(claim, fd) || netns_any(runs_here, &dispatcher))
		return;
	remove_pins(fd);
	unlinkat(libxdp, name, AT_REMOVEDIR);
}

void dispatcher_forget(const struct pin_dir *dir)
{
	_cleanup_(close) int root = bpffs_open(false, NULL);
	_cleanup_(close) int libxdp = open_libxdp(root);
	_cleanup_(free) struct pin_dir *others = NULL;
	struct claim claim = {.dir = dir};
	struct dirent *entry;
	DIR *stream;

	if (libxdp < 0 || pins_list(&others, &claim.count))
		return;
	claim.others = others;
	stream = bpffs_stream(libxdp);
	if (!stream)
		return;
	/* libxdp's own lock: none of its directories is half made while it is held. */
	while (!flock(dirfd(stream), LOCK_EX | LOCK_NB) && (entry = readdir(stream))) {
		unsigned int ifindex, id;
		int end = 0;

		if (sscanf(entry->d_name, "dispatch-%u-%u%n", &ifindex, &id, &end) == 2 &&
		    !entry->d_name[end] && ifindex == dir->ifindex)
			forget(&claim, libxdp, entry->d_name, id);
	}
	closedir(stream);
	unlinkat(root, LIBXDP, AT_REMOVEDIR); /* if it is empty now */
}
