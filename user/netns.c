// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "caps.h"
#include "netns.h"
#include "util.h"

/* Where namespaces are found, and what is asked of each. */
struct search {
	bool (*found)(struct search *search, const char *path, __u64 inode);
	__u64 inode;
	bool (*visit)(void *data);
	void *data;
	int home;   /* this process's own */
	bool blind; /* not all could be looked at */
	__u64 *seen;
	size_t count;
	char *path; /* where netns_find() keeps what it found */
	size_t size;
};

static bool each_entry(struct search *search, const char *dir, const char *suffix, bool pids)
{
	DIR *stream = opendir(dir);
	struct dirent *entry;
	char path[320];
	struct stat st;
	bool done = false;

	if (!stream)
		return false;
	while (!done && (entry = readdir(stream))) {
		if (entry->d_name[0] == '.' || (pids && !isdigit((unsigned char)entry->d_name[0])))
			continue;
		snprintf(path, sizeof(path), "%s/%s%s", dir, entry->d_name, suffix);
		/* Who may not see a process's namespace is told so, or (Linux 5.10) is shown the
		 * directory in its stead. */
		if (stat(path, &st))
			search->blind |= errno == EACCES;
		else if (S_ISREG(st.st_mode))
			done = search->found(search, path, st.st_ino);
		else
			search->blind |= pids;
	}
	closedir(stream);
	return done;
}

/* Mounts of namespaces, wherever they are: root "net:[N]", then the mount point. */
static bool each_mount(struct search *search)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char line[1024], path[512];
	unsigned long long inode;
	bool done = false;

	if (!file)
		return false;
	while (!done && fgets(line, sizeof(line), file))
		done = sscanf(line, "%*s %*s %*s net:[%llu] %511s", &inode, path) == 2 &&
		       search->found(search, path, inode);
	fclose(file);
	return done;
}

static bool each(struct search *search)
{
	return each_mount(search) || each_entry(search, "/run/netns", "", false) ||
	       each_entry(search, "/proc", "/ns/net", true);
}

static bool is_it(struct search *search, const char *path, __u64 inode)
{
	(void)path;
	return inode == search->inode;
}

bool netns_lives(__u64 inode)
{
	struct search search = {.found = is_it, .inode = inode};

	/* A container's first process may show its own to nobody: that does not count. */
	return each(&search) || (search.blind && !caps_show_processes());
}

/* Goes there once, and back. */
static bool visit_it(struct search *search, const char *path, __u64 inode)
{
	_cleanup_(close) int fd = -1;
	bool done = false;
	__u64 *grown;

	for (size_t i = 0; i < search->count; i++)
		if (search->seen[i] == inode)
			return false;
	grown = reallocarray(search->seen, search->count + 1, sizeof(*grown));
	if (!grown)
		return false;
	search->seen = grown;
	grown[search->count++] = inode;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && !setns(fd, CLONE_NEWNET)) {
		done = search->visit(search->data);
		if (setns(search->home, CLONE_NEWNET))
			abort(); /* nothing may go on in a namespace that was not meant */
	}
	return done;
}

bool netns_any(bool (*visit)(void *data), void *data)
{
	_cleanup_(close) int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	struct search search = {.found = visit_it, .visit = visit, .data = data, .home = home};
	bool done;

	if (home < 0)
		return false;
	done = each(&search);
	free(search.seen);
	return done;
}

static bool keep_path(struct search *search, const char *path, __u64 inode)
{
	if (inode != search->inode)
		return false;
	snprintf(search->path, search->size, "%s", path);
	return true;
}

bool netns_find(__u64 inode, char *path, size_t size)
{
	struct search search = {.found = keep_path, .inode = inode, .path = path, .size = size};

	return each(&search);
}

int netns_enter(const char *path, void (*visit)(void *data), void *data)
{
	_cleanup_(close) int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	_cleanup_(close) int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (home < 0 || fd < 0 || setns(fd, CLONE_NEWNET))
		return -errno;
	visit(data);
	if (setns(home, CLONE_NEWNET))
		abort(); /* as above */
	return 0;
}
