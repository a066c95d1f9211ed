// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "netns.h"
#include "util.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

int netns_inode(__u64 *inode)
{
	struct stat st;

	if (stat(NETNS_SELF, &st))
		return -errno;
	*inode = st.st_ino;
	return 0;
}

__u64 netns_cookie(void)
{
	_cleanup_(close) int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	__u64 cookie = 0;
	socklen_t size = sizeof(cookie);

	if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size))
		return 0;
	return cookie;
}

/* Where namespaces are found, and what is asked of each. */
struct search {
	bool (*found)(struct search *search, const char *path, __u64 inode);
	__u64 inode;
	bool (*visit)(void *data);
	void *data;
	int home;     /* this process's own */
	ino_t mounts; /* mount namespace that was looked at last */
	__u64 *seen;
	size_t count;
	char *path; /* where netns_find() keeps what it found */
	size_t size;
};

/* Calls each() with the path of each process, /proc/PID, until it is true. */
static bool each_process(struct search *search,
			 bool (*each)(struct search *search, const char *path))
{
	DIR *stream = opendir("/proc");
	struct dirent *entry;
	char path[300];
	bool done = false;

	if (!stream)
		return false;
	while (!done && (entry = readdir(stream))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%s", entry->d_name);
		done = each(search, path);
	}
	closedir(stream);
	return done;
}

/* Who may not see a process's namespace is told so, or (Linux 5.10) is shown the directory in its
 * stead. */
static bool found_at(struct search *search, const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode) && search->found(search, path, st.st_ino);
}

static bool of_process(struct search *search, const char *process)
{
	char path[340];

	snprintf(path, sizeof(path), "%s/ns/net", process);
	return found_at(search, path);
}

/* What threads of it have entered. */
static bool of_threads(struct search *search, const char *process)
{
	char path[340];
	struct dirent *entry;
	bool done = false;
	DIR *stream;

	snprintf(path, sizeof(path), "%s/task", process);
	stream = opendir(path);
	while (stream && !done && (entry = readdir(stream))) {
		char thread[640];

		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, strrchr(process, '/') + 1))
			continue;
		snprintf(thread, sizeof(thread), "%s/%s/ns/net", path, entry->d_name);
		done = found_at(search, thread);
	}
	if (stream)
		closedir(stream);
	return done;
}

static bool of_descriptors(struct search *search, const char *process)
{
	char path[340], link[640], target[64];
	unsigned long long inode;
	struct dirent *entry;
	bool done = false;
	DIR *stream;

	snprintf(path, sizeof(path), "%s/fd", process);
	stream = opendir(path);
	while (stream && !done && (entry = readdir(stream))) {
		ssize_t length;

		snprintf(link, sizeof(link), "%s/%s", path, entry->d_name);
		length = readlink(link, target, sizeof(target) - 1);
		target[length > 0 ? length : 0] = '\0';
		done = sscanf(target, "net:[%llu]", &inode) == 1 &&
		       search->found(search, link, inode);
	}
	if (stream)
		closedir(stream);
	return done;
}

/* Mounts of namespaces, wherever they are: root "net:[N]", then the mount point, as the process
 * sees it. */
static bool mounts_of(struct search *search, const char *process, const char *root)
{
	char line[1024], path[640], point[512];
	unsigned long long inode;
	bool done = false;
	FILE *file;

	snprintf(path, sizeof(path), "%s/mountinfo", process);
	file = fopen(path, "re");
	if (!file)
		return false;
	while (!done && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%*s %*s %*s net:[%llu] %511s", &inode, point) != 2)
			continue;
		snprintf(path, sizeof(path), "%.100s%s", root, point);
		done = search->found(search, path, inode);
	}
	fclose(file);
	return done;
}

static bool of_mounts(struct search *search, const char *process)
{
	struct stat ours, theirs;
	char path[340];

	snprintf(path, sizeof(path), "%s/ns/mnt", process);
	if (stat(path, &theirs) || stat("/proc/self/ns/mnt", &ours) ||
	    theirs.st_ino == ours.st_ino || theirs.st_ino == search->mounts)
		return false;
	search->mounts = theirs.st_ino; /* the next process is often of the same container */
	snprintf(path, sizeof(path), "%s/root", process);
	return mounts_of(search, process, path);
}

static bool each_name(struct search *search)
{
	DIR *stream = opendir("/run/netns");
	struct dirent *entry;
	char path[320];
	bool done = false;

	if (!stream)
		return false;
	while (!done && (entry = readdir(stream))) {
		snprintf(path, sizeof(path), "/run/netns/%s", entry->d_name);
		done = entry->d_name[0] != '.' && found_at(search, path);
	}
	closedir(stream);
	return done;
}

static bool each(struct search *search)
{
	return mounts_of(search, "/proc/self", "") || each_name(search) ||
	       each_process(search, of_process);
}

/* Where few are, and looking takes long. */
static bool each_hidden(struct search *search)
{
	return each_process(search, of_mounts) || each_process(search, of_descriptors) ||
	       each_process(search, of_threads);
}

/* In a container's file system a path may lead anywhere by now: never waits. */
static int open_netns(const char *path)
{
	return open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
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
	fd = open_netns(path);
	if (fd >= 0 && !setns(fd, CLONE_NEWNET)) {
		done = search->visit(search->data);
		if (setns(search->home, CLONE_NEWNET))
			abort(); /* nothing may go on in a namespace that was not meant */
	}
	return done;
}

bool netns_any(bool (*visit)(void *data), void *data)
{
	_cleanup_(close) int home = open(NETNS_SELF, O_RDONLY | O_CLOEXEC);
	struct search search = {.found = visit_it, .visit = visit, .data = data, .home = home};
	bool done;

	if (home < 0)
		return false;
	done = each(&search) || each_hidden(&search);
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
	_cleanup_(close) int home = open(NETNS_SELF, O_RDONLY | O_CLOEXEC);
	_cleanup_(close) int fd = open_netns(path);

	if (home < 0 || fd < 0 || setns(fd, CLONE_NEWNET))
		return -errno;
	visit(data);
	if (setns(home, CLONE_NEWNET))
		abort(); /* as above */
	return 0;
}

struct cookie_of {
	__u64 inode, cookie;
};

static void read_cookie(void *data)
{
	struct cookie_of *found = data;

	/* What the path leads to may be another one by now. */
	if (!netns_inode(&found->inode))
		found->cookie = netns_cookie();
}

enum netns_sight netns_look(__u64 inode, __u64 cookie)
{
	char path[700] = "";
	struct search search = {
		.found = keep_path, .inode = inode, .path = path, .size = sizeof(path)};
	struct cookie_of found = {};

	if (!each(&search) && !each_hidden(&search))
		return NETNS_UNSEEN;
	if (!cookie)
		return NETNS_SEEN;
	if (netns_enter(path, read_cookie, &found) || found.inode != inode || !found.cookie)
		return NETNS_UNSURE;
	return found.cookie == cookie ? NETNS_SEEN : NETNS_GONE;
}
