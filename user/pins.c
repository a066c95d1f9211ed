// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <bpf/bpf.h>

#include "bpffs.h"
#include "netns.h"
#include "pins.h"
#include "util.h"

#define SUBDIR "icmpx"
#define MARK   "netns_" /* and the cookie */

const struct pin_name pin_names[] = {
#define X(text, kind) {text, PIN_##kind},
	PINS(X)
#undef X
		{},
};

int pins_base(char *base, size_t size, bool create, const char **why)
{
	_cleanup_(close) int fd = bpffs_open(create, why);

	if (fd < 0)
		return fd;
	return snprintf(base, size, "%s/" SUBDIR, bpffs_root()) < (int)size ? 0 : -ENAMETOOLONG;
}

int pins_registry(bool create, const char **why)
{
	_cleanup_(close) int root = bpffs_open(create, why);

	return root < 0 ? root : bpffs_dir(root, SUBDIR, create);
}

/* The name of a directory, which is the end of its path. */
static const char *name_of(const struct pin_dir *dir)
{
	const char *slash = strrchr(dir->path, '/');

	return slash ? slash + 1 : dir->path;
}

static int open_dir(const struct pin_dir *dir)
{
	_cleanup_(close) int registry = pins_registry(false, NULL);

	return registry < 0 ? registry : bpffs_dir(registry, name_of(dir), false);
}

static bool is_mark(const char *name, __u64 *cookie)
{
	unsigned long long number;
	int end = 0;

	if (sscanf(name, MARK "%llu%n", &number, &end) != 1 || name[end])
		return false;
	*cookie = number;
	return true;
}

static void name_mark(const struct pin_dir *dir, char *name, size_t size)
{
	snprintf(name, size, MARK "%llu", dir->cookie);
}

static __u64 read_cookie(const struct pin_dir *dir)
{
	_cleanup_(close) int fd = open_dir(dir);
	DIR *stream = bpffs_stream(fd);
	struct dirent *entry;
	__u64 cookie = 0;

	if (!stream)
		return 0;
	while ((entry = readdir(stream)) && !is_mark(entry->d_name, &cookie))
		;
	closedir(stream);
	return cookie;
}

static int fill(struct pin_dir *dir, __u64 netns, __u32 ifindex)
{
	*dir = (struct pin_dir){.netns = netns, .ifindex = ifindex};
	if (snprintf(dir->path, sizeof(dir->path), "%s/" SUBDIR "/%llu-%u", bpffs_root(), netns,
		     ifindex) >= (int)sizeof(dir->path))
		return -ENAMETOOLONG;
	dir->cookie = read_cookie(dir);
	return 0;
}

int pins_dir(__u32 ifindex, struct pin_dir *dir)
{
	_cleanup_(close) int root = bpffs_open(false, NULL);
	__u64 netns = 0;
	int err = root < 0 ? root : netns_inode(&netns);

	return err ?: fill(dir, netns, ifindex);
}

int pins_reload(struct pin_dir *dir)
{
	return fill(dir, dir->netns, dir->ifindex);
}

bool pins_is_here(const struct pin_dir *dir)
{
	__u64 inode, cookie = netns_cookie();

	return !netns_inode(&inode) && inode == dir->netns &&
	       (!cookie || !dir->cookie || cookie == dir->cookie);
}

/* Without cookies: an inode of the namespace that was there before the directory is that of the
 * namespace that it was made in. It need not be: it comes and goes with who looks. */
bool pins_is_surely_here(const struct pin_dir *dir)
{
	_cleanup_(close) int fd = -1;
	struct stat netns, made;

	if (!pins_is_here(dir))
		return false;
	if (dir->cookie && netns_cookie())
		return true;
	fd = open_dir(dir);
	if (fd < 0 || fstat(fd, &made) || stat(NETNS_SELF, &netns))
		return false;
	return netns.st_ctim.tv_sec < made.st_ctim.tv_sec ||
	       (netns.st_ctim.tv_sec == made.st_ctim.tv_sec &&
		netns.st_ctim.tv_nsec < made.st_ctim.tv_nsec);
}

static int by_name(const void *a, const void *b)
{
	const struct pin_dir *left = a, *right = b;

	if (left->netns != right->netns)
		return left->netns < right->netns ? -1 : 1;
	return left->ifindex < right->ifindex ? -1 : left->ifindex > right->ifindex;
}

static int scan(DIR *stream, struct pin_dir **dirs, size_t *count)
{
	struct dirent *entry;

	while ((entry = readdir(stream))) {
		unsigned long long netns;
		struct pin_dir *grown;
		unsigned int ifindex;
		char again[32];
		int err;

		if (sscanf(entry->d_name, "%llu-%u", &netns, &ifindex) != 2)
			continue;
		snprintf(again, sizeof(again), "%llu-%u", netns, ifindex);
		if (strcmp(again, entry->d_name)) /* not as icmpx writes it */
			continue;
		grown = reallocarray(*dirs, *count + 1, sizeof(**dirs));
		if (!grown)
			return -ENOMEM;
		*dirs = grown;
		err = fill(&grown[*count], netns, ifindex);
		if (err)
			return err;
		++*count;
	}
	return 0;
}

int pins_list(struct pin_dir **dirs, size_t *count)
{
	_cleanup_(close) int registry = pins_registry(false, NULL);
	struct pin_dir *found = NULL;
	size_t n = 0;
	DIR *stream;
	int err;

	*dirs = NULL;
	*count = 0;
	if (registry < 0)
		return registry == -ENOENT ? 0 : registry;
	stream = bpffs_stream(registry);
	if (!stream)
		return -errno;
	err = scan(stream, &found, &n);
	closedir(stream);
	if (err) {
		free(found);
		return err;
	}
	if (n)
		qsort(found, n, sizeof(*found), by_name);
	*dirs = found;
	*count = n;
	return 0;
}

int pins_open(const struct pin_dir *dir)
{
	_cleanup_(close) int fd = open_dir(dir);

	return fd < 0 ? fd : bpffs_reopen(fd);
}

/* 0 if there is such a file, and no link, or a negative errno. Not access(), to which the
 * capabilities of a user do not count. */
static int find_at(int dir, const char *name)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW))
		return -errno;
	return S_ISREG(st.st_mode) ? 0 : -ENOENT;
}

static int get_at(int dir, const char *name, __u32 flags)
{
	LIBBPF_OPTS(bpf_obj_get_opts, opts, .file_flags = flags);
	char path[PIN_PATH_MAX];
	int fd, err = bpffs_path(dir, name, path, sizeof(path));

	if (!err) /* the call itself would follow a link */
		err = find_at(dir, name);
	if (err)
		return err;
	fd = bpf_obj_get_opts(path, &opts);
	return fd < 0 ? -errno : fd;
}

static int get(const struct pin_dir *dir, const char *name, __u32 flags)
{
	_cleanup_(close) int fd = open_dir(dir);

	return fd < 0 ? fd : get_at(fd, name, flags);
}

int pins_get(const struct pin_dir *dir, const char *name)
{
	return get(dir, name, 0);
}

int pins_read(const struct pin_dir *dir, const char *name)
{
	return get(dir, name, BPF_F_RDONLY);
}

int pins_read_at(int fd, const char *name)
{
	return get_at(fd, name, BPF_F_RDONLY);
}

static __u32 prog_id_at(int dir, const char *name)
{
	_cleanup_(close) int fd = pins_read_at(dir, name);
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len))
		return 0;
	return info.id;
}

__u32 pins_prog_id(const struct pin_dir *dir, const char *name)
{
	_cleanup_(close) int fd = open_dir(dir);

	return fd < 0 ? 0 : prog_id_at(fd, name);
}

unsigned int pins_count(const struct pin_dir *dir, __u32 prog_id)
{
	_cleanup_(close) int fd = open_dir(dir);
	unsigned int count = 0;
	char mark[32];

	if (fd < 0)
		return 0;
	for (const struct pin_name *pin = pin_names; pin->name; pin++)
		count += pin->kind == PIN_PROG && prog_id_at(fd, pin->name) == prog_id;
	name_mark(dir, mark, sizeof(mark));
	return count + (prog_id_at(fd, mark) == prog_id);
}

bool pins_has(const struct pin_dir *dir, const char *name)
{
	_cleanup_(close) int fd = open_dir(dir);

	return fd >= 0 && !find_at(fd, name);
}

bool pins_has_dir(const struct pin_dir *dir)
{
	_cleanup_(close) int fd = open_dir(dir);

	return fd >= 0;
}

static int put_at(int dir, const char *name, int fd)
{
	char path[PIN_PATH_MAX];
	int err = bpffs_path(dir, name, path, sizeof(path));

	if (err)
		return err;
	return bpf_obj_pin(fd, path) ? -errno : 0;
}

int pins_put(const struct pin_dir *dir, const char *name, int fd)
{
	_cleanup_(close) int at = open_dir(dir);

	return at < 0 ? at : put_at(at, name, fd);
}

static int remove_at(int dir, const char *name)
{
	return unlinkat(dir, name, 0) && errno != ENOENT ? -errno : 0;
}

int pins_remove(const struct pin_dir *dir, const char *name)
{
	_cleanup_(close) int fd = open_dir(dir);

	return fd < 0 ? (fd == -ENOENT ? 0 : fd) : remove_at(fd, name);
}

int pins_rename(const struct pin_dir *dir, const char *from, const char *to)
{
	_cleanup_(close) int fd = open_dir(dir);

	if (fd < 0)
		return fd;
	return renameat(fd, from, fd, to) ? -errno : 0;
}

int pins_make_dir(struct pin_dir *dir, int prog)
{
	_cleanup_(close) int registry = pins_registry(true, NULL);
	_cleanup_(close) int fd = registry < 0 ? registry : bpffs_dir(registry, name_of(dir), true);
	char mark[32];
	int err;

	if (fd < 0)
		return fd;
	dir->cookie = netns_cookie();
	if (!dir->cookie)
		return 0;
	name_mark(dir, mark, sizeof(mark));
	err = put_at(fd, mark, prog);
	return err == -EEXIST ? 0 : err;
}

int pins_remove_dir(const struct pin_dir *dir)
{
	_cleanup_(close) int registry = pins_registry(false, NULL);
	_cleanup_(close) int fd =
		registry < 0 ? registry : bpffs_dir(registry, name_of(dir), false);
	char mark[32];
	int err = 0;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	for (const struct pin_name *pin = pin_names; pin->name; pin++)
		err = err ?: remove_at(fd, pin->name);
	name_mark(dir, mark, sizeof(mark));
	err = err ?: remove_at(fd, mark);
	return !err && unlinkat(registry, name_of(dir), AT_REMOVEDIR) && errno != ENOENT ? -errno
											 : err;
}

int pins_settle(const struct pin_dir *dir, __u32 echo_id, __u32 learn_id)
{
	int err = 0;

	if (echo_id && echo_id == pins_prog_id(dir, "echo_new")) {
		if (pins_has(dir, "config_new"))
			err = pins_rename(dir, "config_new", "config");
		if (!err)
			err = pins_rename(dir, "echo_new", "echo");
	}
	if (!err && learn_id && learn_id == pins_prog_id(dir, "learn_new"))
		err = pins_rename(dir, "learn_new", "learn");
	if (!err)
		err = pins_remove(dir, "config_new");
	if (!err)
		err = pins_remove(dir, "echo_new");
	return err ?: pins_remove(dir, "learn_new");
}

void pins_tidy(void)
{
	_cleanup_(close) int root = bpffs_open(false, NULL);
	_cleanup_(close) int registry = root < 0 ? root : bpffs_dir(root, SUBDIR, false);

	if (registry >= 0)
		unlinkat(root, SUBDIR, AT_REMOVEDIR);
}
