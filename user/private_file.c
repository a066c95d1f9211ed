// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "private_file.h"

/* Whether another descriptor of this process leads there: what /dev/stdout and /dev/fd/N name. */
static bool is_open(int fd, const struct stat *file)
{
	DIR *dir = opendir("/proc/self/fd");
	const struct dirent *entry;
	bool found = false;

	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		int other = atoi(entry->d_name);
		struct stat there;

		found = *entry->d_name != '.' && other != fd && !fstat(other, &there) &&
			there.st_dev == file->st_dev && there.st_ino == file->st_ino;
	}
	closedir(dir);
	return found;
}

/* Nothing of it is changed before it is known to be ours. */
static int take_over(int fd, bool by_link)
{
	struct stat file;

	if (fstat(fd, &file))
		return -errno;
	if (!S_ISREG(file.st_mode))
		return 0;
	if (by_link && !is_open(fd, &file))
		return -ELOOP;
	if (!by_link && file.st_uid != geteuid())
		return -EPERM;
	if (!by_link && file.st_nlink > 1)
		return -EMLINK;
	if (!by_link && fchmod(fd, 0600))
		return -errno;
	return ftruncate(fd, 0) ? -errno : 0;
}

int private_file_open(const char *path)
{
	int flags = O_WRONLY | O_NOCTTY | O_CLOEXEC;
	int fd = open(path, flags | O_CREAT | O_NOFOLLOW, 0600), err;
	bool by_link = fd < 0 && errno == ELOOP;

	if (by_link)
		fd = open(path, flags);
	if (fd < 0)
		return -errno;
	err = take_over(fd, by_link);
	if (!err)
		return fd;
	close(fd);
	return err;
}

const char *private_file_error(int err)
{
	switch (err) {
	case -ELOOP:
		return "a symbolic link to a file, which is not followed";
	case -EPERM:
		return "somebody else's file";
	case -EMLINK:
		return "a file that has other names too (hard links)";
	}
	return strerror(-err);
}
