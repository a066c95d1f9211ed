// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include "bpffs.h"
#include "safe_text.h"
#include "util.h"

#define BPFFS "/sys/fs/bpf"
/* Not to mount it anew: that would take away the pins of all that is in it. */
#define MEND                                                                                       \
	"; look at it, remove what is not root's, and let root alone write there: "                \
	"chmod 0700 " BPFFS " (from the next mount on: -o mode=0700)"

static char root[64] = BPFFS;
static _Thread_local char words[384];

int bpffs_refuse(int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	safe_text(words);
	return err;
}

const char *bpffs_say(int err)
{
	if (err == -ENOENT)
		return BPFFS_HOWTO;
	return err == -EUCLEAN || err == -EBUSY ? words : strerror(-err);
}

const char *bpffs_root(void)
{
	return root;
}

static int is_bpffs(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == BPF_FS_MAGIC;
}

static int open_root(const char *path)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (is_bpffs(fd))
		return fd;
	close(fd);
	return -ENOENT;
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

static int find_elsewhere(const char **why)
{
	char path[sizeof(root)];

	for (int i = 0; i < 2; i++) {
		int fd;

		snprintf(path, sizeof(path), "/proc/%d/root" BPFFS, keeper(i));
		fd = open_root(path);
		if (fd < 0)
			continue;
		memcpy(root, path, sizeof(root));
		if (why)
			*why = "bpffs is hidden here, as by ip netns exec; using that of "
			       "the mount namespace outside";
		setenv("LIBXDP_BPFFS", root, true);
		return fd;
	}
	return -ENOENT;
}

static int mount_it(const char **why)
{
	if (!mount_is_kept())
		return -ENOENT;
	if (mount("bpf", BPFFS, "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700"))
		return -errno;
	if (why)
		*why = "mounted bpffs on " BPFFS;
	return open_root(BPFFS);
}

static const char *user_name(uid_t uid)
{
	const struct passwd *user = getpwuid(uid);

	return user ? user->pw_name : "somebody";
}

/* Of an open directory: whether it is nobody's but root's, or the user's that icmpx runs as. In a
 * sticky one others may make entries, but not take root's away. */
static int check(int fd, const char *path, const char *name, bool sticky)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (!is_bpffs(fd))
		return bpffs_refuse(-EUCLEAN, "%s%s is not bpffs" MEND, path, name);
	if (st.st_uid && st.st_uid != geteuid())
		return bpffs_refuse(-EUCLEAN, "%s%s belongs to %s (uid %u)" MEND, path, name,
				    user_name(st.st_uid), st.st_uid);
	if (st.st_mode & 022 && !(sticky && st.st_mode & S_ISVTX))
		return bpffs_refuse(-EUCLEAN,
				    "%s%s can be written by others than root (mode %04o)" MEND,
				    path, name, st.st_mode & 07777);
	return 0;
}

static int checked(int fd, const char *path, const char *name, bool sticky)
{
	int err = check(fd, path, name, sticky);

	if (!err)
		return fd;
	close(fd);
	return err;
}

int bpffs_open(bool create, const char **why)
{
	int fd;

	memcpy(root, BPFFS, sizeof(BPFFS));
	fd = open_root(root);
	if (fd == -ENOENT)
		fd = find_elsewhere(why);
	if (fd == -ENOENT && create)
		fd = mount_it(why);
	return fd < 0 ? fd : checked(fd, root, "", true);
}

int bpffs_dir(int parent, const char *name, bool create)
{
	char path[80], where[256] = BPFFS;
	ssize_t length;
	int fd;

	if (create && mkdirat(parent, name, 0700) && errno != EEXIST)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", parent);
	length = readlink(path, where, sizeof(where) - 2);
	if (length > 0)
		memcpy(where + length, "/", 2);
	fd = openat(parent, name, O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && (errno == ENOTDIR || errno == ELOOP))
		return bpffs_refuse(
			-EUCLEAN,
			"%s%s is not a directory that icmpx made; see what it is, and remove "
			"it",
			where, name);
	return fd < 0 ? -errno : checked(fd, where, name, false);
}

int bpffs_reopen(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

DIR *bpffs_stream(int dir)
{
	int fd = dir < 0 ? -1 : bpffs_reopen(dir);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);

	if (!stream && fd >= 0)
		close(fd);
	return stream;
}

int bpffs_path(int dir, const char *name, char *path, size_t size)
{
	return snprintf(path, size, "/proc/self/fd/%d/%s", dir, name) < (int)size ? 0
										  : -ENAMETOOLONG;
}
