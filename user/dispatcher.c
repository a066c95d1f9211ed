// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "dispatcher.h"
#include "netns.h"
#include "util.h"

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

/* Whether a dispatcher's directory has the program. */
static bool stream_holds(DIR *stream, const char *path, __u32 ours)
{
	char pin[2 * PIN_PATH_MAX + 600];
	struct dirent *entry;

	while ((entry = readdir(stream))) {
		snprintf(pin, sizeof(pin), "%s/%s", path, entry->d_name);
		if (strstr(entry->d_name, "-prog") && pins_path_prog_id(pin) == ours)
			return true;
	}
	return false;
}

/* Whether the dispatcher, of this interface, has this program. */
static bool dispatcher_holds(const struct pin_dir *dir, __u32 dispatcher, __u32 ours)
{
	char path[PIN_PATH_MAX + 64];
	DIR *stream;
	bool found;

	snprintf(path, sizeof(path), "%s/../../xdp/dispatch-%u-%u", dir->path, dir->ifindex,
		 dispatcher);
	stream = ours ? opendir(path) : NULL;
	if (!stream)
		return false;
	found = stream_holds(stream, path, ours);
	closedir(stream);
	return found;
}

void dispatcher_look_into_pins(const struct pin_dir *dir, struct xdp_hook *hook)
{
	static const char *const names[] = {"echo_new", "echo"};

	for (size_t i = 0; i < ARRAY_SIZE(names) && !hook->echo_id; i++) {
		__u32 id = pins_prog_id(dir, names[i]);

		hook->dispatcher = dispatcher_holds(dir, hook->top_id, id);
		if (hook->dispatcher)
			hook->echo_id = id;
	}
}

/* A dispatcher's directory: removed if it holds the program, else left. */
static void forget(const char *path, __u32 dispatcher, __u32 ours)
{
	DIR *stream = opendir(path);
	struct dirent *entry;

	if (!stream)
		return;
	if (stream_holds(stream, path, ours) && !netns_any(runs_here, &dispatcher)) {
		rewinddir(stream);
		while ((entry = readdir(stream)))
			if (entry->d_name[0] != '.')
				unlinkat(dirfd(stream), entry->d_name, 0);
		rmdir(path);
	}
	closedir(stream);
}

void dispatcher_forget(const struct pin_dir *dir)
{
	__u32 ours = pins_prog_id(dir, "echo");
	char base[PIN_PATH_MAX], path[PIN_PATH_MAX + 300];
	struct dirent *entry;
	DIR *stream;

	snprintf(base, sizeof(base), "%s/../../xdp", dir->path);
	stream = ours ? opendir(base) : NULL;
	if (!stream)
		return;
	while ((entry = readdir(stream))) {
		unsigned int ifindex, id;

		if (sscanf(entry->d_name, "dispatch-%u-%u", &ifindex, &id) != 2 ||
		    ifindex != dir->ifindex)
			continue;
		snprintf(path, sizeof(path), "%s/%s", base, entry->d_name);
		forget(path, id, ours);
	}
	closedir(stream);
	rmdir(base); /* if it is empty now */
}
