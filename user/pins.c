// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <bpf/bpf.h>

#include "pins.h"
#include "util.h"

#define BPFFS  "/sys/fs/bpf"
#define SUBDIR "icmpx"

static bool is_bpffs(const char *path)
{
	struct statfs fs;

	return !statfs(path, &fs) && fs.f_type == BPF_FS_MAGIC;
}

/* Somebody whose view of bpffs outlives us: the first process, else the parent
 * (in `ip netns exec` the shell; the first one may be out of reach). */
static pid_t keeper(int which)
{
	return which ? getppid() : 1;
}

/* Whether a keeper sees what we mount, and keeps it. */
static bool mount_is_kept(void)
{
	struct stat ours, theirs;
	char path[64];

	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "/proc/%d/ns/mnt", keeper(i));
		if (!stat("/proc/self/ns/mnt", &ours) && !stat(path, &theirs) &&
		    ours.st_ino == theirs.st_ino)
			return true;
	}
	return false;
}

static bool find_elsewhere(char *root, size_t size)
{
	for (int i = 0; i < 2; i++) {
		snprintf(root, size, "/proc/%d/root" BPFFS, keeper(i));
		if (is_bpffs(root))
			return true;
	}
	return false;
}

int pins_base(char *base, size_t size, bool create, const char **why)
{
	char root[64] = BPFFS;

	if (!is_bpffs(root)) {
		if (find_elsewhere(root, sizeof(root))) {
			if (why)
				*why = "bpffs is hidden here, as by ip netns exec; using that of "
				       "the mount namespace outside";
			setenv("LIBXDP_BPFFS", root, true);
		} else if (!create || !mount_is_kept()) {
			return -ENOENT;
		} else if (mount("bpf", BPFFS, "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC,
				 "mode=0700")) {
			return -errno;
		} else {
			snprintf(root, sizeof(root), BPFFS);
			if (why)
				*why = "mounted bpffs on " BPFFS;
		}
	}
	return snprintf(base, size, "%s/" SUBDIR, root) < (int)size ? 0 : -ENAMETOOLONG;
}

int pins_netns(__u64 *netns)
{
	struct stat st;

	if (stat("/proc/thread-self/ns/net", &st))
		return -errno;
	*netns = st.st_ino;
	return 0;
}

static int fill(struct pin_dir *dir, const char *base, __u64 netns, __u32 ifindex)
{
	dir->netns = netns;
	dir->ifindex = ifindex;
	return snprintf(dir->path, sizeof(dir->path), "%s/%llu-%u", base, netns, ifindex) <
			       (int)sizeof(dir->path)
		       ? 0
		       : -ENAMETOOLONG;
}

int pins_dir(__u32 ifindex, struct pin_dir *dir)
{
	char base[sizeof(dir->path)];
	__u64 netns = 0;
	int err = pins_base(base, sizeof(base), false, NULL);

	if (!err)
		err = pins_netns(&netns);
	return err ?: fill(dir, base, netns, ifindex);
}

static int by_name(const void *a, const void *b)
{
	const struct pin_dir *left = a, *right = b;

	if (left->netns != right->netns)
		return left->netns < right->netns ? -1 : 1;
	return left->ifindex < right->ifindex ? -1 : left->ifindex > right->ifindex;
}

static int scan(DIR *stream, const char *base, struct pin_dir **dirs, size_t *count)
{
	struct dirent *entry;

	while ((entry = readdir(stream))) {
		unsigned long long netns;
		struct pin_dir *grown;
		unsigned int ifindex;
		int end = 0, err;

		if (sscanf(entry->d_name, "%llu-%u%n", &netns, &ifindex, &end) != 2 ||
		    entry->d_name[end])
			continue;
		grown = reallocarray(*dirs, *count + 1, sizeof(**dirs));
		if (!grown)
			return -ENOMEM;
		*dirs = grown;
		err = fill(&grown[*count], base, netns, ifindex);
		if (err)
			return err;
		++*count;
	}
	return 0;
}

int pins_list(struct pin_dir **dirs, size_t *count)
{
	char base[sizeof((*dirs)->path)];
	struct pin_dir *found = NULL;
	size_t n = 0;
	DIR *stream;
	int err;

	*dirs = NULL;
	*count = 0;
	if (pins_base(base, sizeof(base), false, NULL))
		return 0;
	stream = opendir(base);
	if (!stream)
		return errno == ENOENT ? 0 : -errno;
	err = scan(stream, base, &found, &n);
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

int pins_path(const struct pin_dir *dir, const char *name, char *path, size_t size)
{
	return snprintf(path, size, "%s/%s", dir->path, name) < (int)size ? 0 : -ENAMETOOLONG;
}

static int get_path(const char *path, __u32 flags)
{
	LIBBPF_OPTS(bpf_obj_get_opts, opts, .file_flags = flags);
	int fd = bpf_obj_get_opts(path, &opts);

	return fd < 0 ? -errno : fd;
}

static int get(const struct pin_dir *dir, const char *name, __u32 flags)
{
	char path[PIN_PATH_MAX];

	return pins_path(dir, name, path, sizeof(path)) ?: get_path(path, flags);
}

int pins_get(const struct pin_dir *dir, const char *name)
{
	return get(dir, name, 0);
}

int pins_read(const struct pin_dir *dir, const char *name)
{
	return get(dir, name, BPF_F_RDONLY);
}

__u32 pins_path_prog_id(const char *path)
{
	_cleanup_(close) int fd = get_path(path, BPF_F_RDONLY);
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len))
		return 0;
	return info.id;
}

__u32 pins_prog_id(const struct pin_dir *dir, const char *name)
{
	char path[PIN_PATH_MAX];

	return pins_path(dir, name, path, sizeof(path)) ? 0 : pins_path_prog_id(path);
}

/* Not access(), to which the capabilities of a user do not count. */
static bool exists(const char *path)
{
	struct stat st;

	return !stat(path, &st);
}

bool pins_has(const struct pin_dir *dir, const char *name)
{
	char path[PIN_PATH_MAX];

	return !pins_path(dir, name, path, sizeof(path)) && exists(path);
}

bool pins_has_dir(const struct pin_dir *dir)
{
	return exists(dir->path);
}

int pins_put(const struct pin_dir *dir, const char *name, int fd)
{
	char path[PIN_PATH_MAX];
	int err = pins_path(dir, name, path, sizeof(path));

	if (err)
		return err;
	return bpf_obj_pin(fd, path) ? -errno : 0;
}

int pins_remove(const struct pin_dir *dir, const char *name)
{
	char path[PIN_PATH_MAX];
	int err = pins_path(dir, name, path, sizeof(path));

	if (err)
		return err;
	return unlink(path) && errno != ENOENT ? -errno : 0;
}

int pins_rename(const struct pin_dir *dir, const char *from, const char *to)
{
	char old[PIN_PATH_MAX], new[PIN_PATH_MAX];
	int err = pins_path(dir, from, old, sizeof(old));

	if (!err)
		err = pins_path(dir, to, new, sizeof(new));
	if (err)
		return err;
	return rename(old, new) ? -errno : 0;
}

int pins_make_dir(const struct pin_dir *dir)
{
	return mkdir(dir->path, 0700) && errno != EEXIST ? -errno : 0;
}

int pins_remove_dir(const struct pin_dir *dir)
{
	DIR *stream = opendir(dir->path);
	struct dirent *entry;
	int err = 0;

	if (!stream)
		return errno == ENOENT ? 0 : -errno;
	while ((entry = readdir(stream)))
		if (entry->d_name[0] != '.' && unlinkat(dirfd(stream), entry->d_name, 0) && !err)
			err = -errno;
	closedir(stream);
	return !err && rmdir(dir->path) ? -errno : err;
}

/* Finishes a replace that was killed: what is attached keeps its pins. */
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

/* The lock is on bpffs' own root: the registry's directory comes and goes. */
int pins_lock(bool create, const char **why)
{
	char base[PIN_PATH_MAX], root[PIN_PATH_MAX];
	int fd, err = pins_base(base, sizeof(base) - 32, create, why);

	if (err)
		return err;
	snprintf(root, sizeof(root), "%.*s", (int)(strrchr(base, '/') - base), base);
	fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!flock(fd, LOCK_EX) && (!create || !mkdir(base, 0700) || errno == EEXIST))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

void pins_tidy(void)
{
	char base[PIN_PATH_MAX];

	if (!pins_base(base, sizeof(base) - 32, false, NULL))
		rmdir(base);
}
