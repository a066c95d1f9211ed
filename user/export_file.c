// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "export_file.h"
#include "util.h"

#define SUFFIX ".tmp"
#define BUFFER (256 << 10)

struct export_file {
	FILE *stream;
	char path[PATH_MAX];                           /* where it is to be */
	char temporary[PATH_MAX + sizeof(SUFFIX) - 1]; /* "": written in place */
	struct export_file *next;
};

/* For the handler alone, which may not walk a list that is being changed: signals are blocked
 * meanwhile. */
static struct export_file *open_files;
static pid_t owner; /* not what it forks */

static const int deadly[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGXFSZ};

static void on_signal(int signal)
{
	for (struct export_file *file = open_files; file && getpid() == owner; file = file->next)
		if (*file->temporary)
			unlink(file->temporary);
	/* The handler is gone (SA_RESETHAND): it dies of it. */
	raise(signal);
}

/* Signals that are ignored, or that others handle, stay so. */
static void handle_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESETHAND}, old;

	for (size_t i = 0; i < ARRAY_SIZE(deadly); i++)
		if (!sigaction(deadly[i], NULL, &old) && old.sa_handler == SIG_DFL)
			sigaction(deadly[i], &action, NULL);
}

static void block_signals(sigset_t *before)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, before);
}

static void list_add(struct export_file *file)
{
	sigset_t mask;

	block_signals(&mask);
	file->next = open_files;
	open_files = file;
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

static void list_remove(const struct export_file *file)
{
	struct export_file **at = &open_files;
	sigset_t mask;

	block_signals(&mask);
	while (*at && *at != file)
		at = &(*at)->next;
	if (*at)
		*at = file->next;
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

/* Whether `fd` is what that path leads to, now that it is locked: its last writer may have
 * renamed or removed it meanwhile. */
static bool is_still(int fd, const char *path)
{
	struct stat mine, there;

	return !fstat(fd, &mine) && !lstat(path, &there) && mine.st_dev == there.st_dev &&
	       mine.st_ino == there.st_ino;
}

/* A leftover of a process that was killed is taken over; what another one is writing is not. */
static int open_temporary(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, 0666), err;

	if (fd < 0)
		return -errno;
	if (!flock(fd, LOCK_EX | LOCK_NB)) {
		if (!is_still(fd, path))
			err = -EBUSY;
		else if (!ftruncate(fd, 0))
			return fd;
		else
			err = -errno;
	} else {
		err = errno == EWOULDBLOCK ? -EBUSY : -errno;
	}
	close(fd);
	return err;
}

static bool is_foreign_link(const char *path)
{
	struct stat there;

	return !lstat(path, &there) && S_ISLNK(there.st_mode) && there.st_uid &&
	       there.st_uid != geteuid();
}

static int open_there(struct export_file *file, const char *path)
{
	struct stat there;
	int fd;

	if (strlen(path) >= sizeof(file->path))
		return -ENAMETOOLONG;
	strcpy(file->path, path);
	if (!stat(path, &there)) {
		if (S_ISDIR(there.st_mode))
			return -EISDIR;
		if (!S_ISREG(there.st_mode)) {
			fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
			return fd < 0 ? -errno : fd;
		}
		/* A link stays one; but not one that somebody else has laid there. */
		if (is_foreign_link(path))
			return -EACCES;
		if (!realpath(path, file->path))
			return -errno;
	}
	snprintf(file->temporary, sizeof(file->temporary), "%s" SUFFIX, file->path);
	fd = open_temporary(file->temporary);
	if (fd < 0)
		*file->temporary = '\0';
	return fd;
}

static int open_stream(struct export_file *file, const char *path)
{
	int fd, err;

	if (!strcmp(path, "-")) {
		strcpy(file->path, path);
		file->stream = stdout;
		return 0;
	}
	fd = open_there(file, path);
	if (fd < 0)
		return fd;
	file->stream = fdopen(fd, "w");
	if (!file->stream) {
		err = -errno;
		close(fd);
		return err;
	}
	setvbuf(file->stream, NULL, _IOFBF, BUFFER);
	return 0;
}

int export_file_open(const char *path, struct export_file **file)
{
	struct export_file *new = calloc(1, sizeof(*new));
	sigset_t mask;
	int err;

	if (!new)
		return -ENOMEM;
	owner = getpid();
	handle_signals();
	block_signals(&mask);
	err = open_stream(new, path);
	if (err && *new->temporary)
		unlink(new->temporary);
	if (!err)
		list_add(new);
	else
		free(new);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (!err)
		*file = new;
	return err;
}

FILE *export_file_stream(const struct export_file *file)
{
	return file->stream;
}

bool export_file_is(const struct export_file *file, const char *path)
{
	struct stat mine, there;

	if (file->stream == stdout)
		return false;
	if (!strcmp(file->path, path))
		return true;
	return !stat(file->path, &mine) && !stat(path, &there) && mine.st_dev == there.st_dev &&
	       mine.st_ino == there.st_ino;
}

/* Renamed only when it is on the disk: after a crash it is whole, or not there. */
static int finish(struct export_file *file, bool whole)
{
	FILE *stream = file->stream;
	int err = 0;

	if (whole && (fflush(stream) || ferror(stream)))
		err = errno ? -errno : -EIO;
	if (whole && !err && *file->temporary && fsync(fileno(stream)))
		err = -errno;
	if (whole && !err && *file->temporary && rename(file->temporary, file->path))
		err = -errno;
	if (*file->temporary && (!whole || err))
		unlink(file->temporary);
	*file->temporary = '\0';
	/* After the rename: until then the lock keeps others away. */
	fclose(stream);
	return err;
}

int export_file_close(struct export_file *file, bool whole)
{
	int err = 0;

	if (file->stream != stdout) {
		errno = 0;
		err = finish(file, whole);
	}
	list_remove(file);
	free(file);
	return err;
}
