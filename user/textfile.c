// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "textfile.h"
#include "util.h"

static bool write_all(int fd, const char *text, size_t size)
{
	while (size) {
		ssize_t done = write(fd, text, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		text += done;
		size -= done;
	}
	return true;
}

/* In the same directory, so that rename() is one step; node_exporter reads names in .prom
 * alone, which this one's end is not. */
int textfile_write(const char *path, const char *text, size_t size)
{
	_cleanup_(close) int fd = -1;
	_cleanup_(free) char *temporary = NULL;
	struct stat there;
	int err;

	if (!lstat(path, &there) && !S_ISREG(there.st_mode))
		return -EEXIST;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0) {
		temporary = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(temporary, 0);
	if (fd < 0)
		return -errno;
	if (write_all(fd, text, size) && !fchmod(fd, 0644) && !rename(temporary, path))
		return 0;
	err = -errno;
	unlink(temporary);
	return err;
}
