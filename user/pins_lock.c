// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "bpffs.h"
#include "clock.h"
#include "netns.h"
#include "pins.h"
#include "pins_lock.h"

/* For one of icmpx's own, of which several may be in line; and for anybody else. */
#define PATIENCE_OWN   30
#define PATIENCE_OTHER 5
#define INTERVAL_NS    20000000

struct holder {
	int pid; /* 0: not visible from here */
	char name[32];
};

static void name_process(struct holder *holder)
{
	char path[32];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/comm", holder->pid);
	file = fopen(path, "re");
	if (!file)
		return;
	if (fgets(holder->name, sizeof(holder->name), file))
		holder->name[strcspn(holder->name, "\n")] = '\0';
	fclose(file);
}

/* Whether a line of /proc/locks or of a fdinfo is of a flock() on that file:
 * "1: FLOCK ADVISORY WRITE PID MAJOR:MINOR:INODE", the device's numbers in hexadecimal. */
static bool is_lock_on(const char *line, const struct stat *st, int *pid)
{
	unsigned int major_number, minor_number;
	unsigned long long inode;

	return sscanf(line, "%*s FLOCK %*s %*s %d %x:%x:%llu", pid, &major_number, &minor_number,
		      &inode) == 4 &&
	       inode == st->st_ino && major_number == major(st->st_dev) &&
	       minor_number == minor(st->st_dev);
}

/* Who took the lock; it may have ended since, and have left the descriptor to another one. */
static void find_taker(const struct stat *st, struct holder *holder)
{
	FILE *file = fopen("/proc/locks", "re");
	char line[160];
	int pid;

	*holder = (struct holder){};
	if (!file)
		return;
	while (!holder->pid && fgets(line, sizeof(line), file))
		if (is_lock_on(line, st, &pid) && pid > 0)
			holder->pid = pid;
	fclose(file);
	if (holder->pid)
		name_process(holder);
}

static bool descriptor_holds(const char *path, const struct stat *st)
{
	FILE *file = fopen(path, "re");
	char line[160];
	bool holds = false;
	int pid;

	if (!file)
		return false;
	while (!holds && fgets(line, sizeof(line), file))
		holds = !strncmp(line, "lock:", 5) && is_lock_on(line + 5, st, &pid);
	fclose(file);
	return holds;
}

static bool process_holds(int pid, const struct stat *st)
{
	struct dirent *entry;
	char path[320];
	bool holds = false;
	DIR *stream;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo", pid);
	stream = opendir(path);
	while (stream && !holds && (entry = readdir(stream))) {
		snprintf(path, sizeof(path), "/proc/%d/fdinfo/%s", pid, entry->d_name);
		holds = entry->d_name[0] != '.' && descriptor_holds(path, st);
	}
	if (stream)
		closedir(stream);
	return holds;
}

/* Who has the locked file open, which takes a look at every descriptor of the machine. */
static void find_holder(const struct stat *st, struct holder *holder)
{
	DIR *stream = opendir("/proc");
	struct dirent *entry;

	find_taker(st, holder);
	while (stream && (entry = readdir(stream))) {
		int pid = atoi(entry->d_name);

		if (pid <= 0 || pid == getpid() || !process_holds(pid, st))
			continue;
		*holder = (struct holder){.pid = pid};
		name_process(holder);
		break;
	}
	if (stream)
		closedir(stream);
}

static int refuse(const char *what, const struct holder *holder)
{
	if (holder->pid && *holder->name)
		return bpffs_refuse(
			-EBUSY, "process %d (%s) holds the lock on %s; try again when it has ended",
			holder->pid, holder->name, what);
	return bpffs_refuse(
		-EBUSY,
		"a process that is not visible from here holds the lock on %s; try again "
		"when it has ended",
		what);
}

static int take(int fd, const char *what)
{
	const struct timespec interval = {.tv_nsec = INTERVAL_NS};
	__u64 start = clock_now();
	struct holder holder;
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	while (flock(fd, LOCK_EX | LOCK_NB)) {
		__u64 waited = (clock_now() - start) / 1000000000;
		bool own;

		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		find_taker(&st, &holder);
		own = !strcmp(holder.name, "icmpx");
		if (waited >= (own ? PATIENCE_OWN : PATIENCE_OTHER)) {
			find_holder(&st, &holder);
			return refuse(what, &holder);
		}
		nanosleep(&interval, NULL);
	}
	return 0;
}

static int lock_netns(struct pins_lock *lock)
{
	lock->netns = open(NETNS_SELF, O_RDONLY | O_CLOEXEC);
	return lock->netns < 0 ? -errno : take(lock->netns, "this network namespace");
}

/* Whether the locked directory is still the one of that name: another process may have removed it.
 */
static bool is_current(int fd)
{
	_cleanup_(close) int now = pins_registry(false, NULL);
	struct stat held, named;

	return now >= 0 && !fstat(fd, &held) && !fstat(now, &named) && held.st_ino == named.st_ino;
}

/* 0 or a negative errno; -EAGAIN: not the one that there is now. */
static int lock_registry(struct pins_lock *lock, bool create, const char **why)
{
	_cleanup_(close) int fd = pins_registry(create, why);
	int err;

	if (fd < 0)
		return fd == -ENOENT && !create ? 0 : fd;
	lock->registry = bpffs_reopen(fd);
	if (lock->registry < 0)
		return lock->registry;
	err = take(lock->registry, "icmpx's directory in bpffs");
	if (err || is_current(lock->registry))
		return err;
	close(lock->registry);
	lock->registry = -1;
	return -EAGAIN;
}

int pins_lock(struct pins_lock *lock, bool create, const char **why)
{
	int err;

	*lock = PINS_UNLOCKED;
	err = lock_netns(lock);
	for (int tries = 0; !err && tries < 100; tries++) {
		err = lock_registry(lock, create, why);
		if (err != -EAGAIN)
			return err;
		err = 0;
	}
	return err ?: -EAGAIN;
}
