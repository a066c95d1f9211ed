// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <json-c/json.h>

#include "live_lib.h"
#include "traced_lib.h"
#include "util.h"

#define READY_TRIES 1000
#define READY_PAUSE 10000 /* us */
#define TAIL        4096  /* bytes, more than the last line has */

static void run_icmpx(const char *path, const char *icmpx, const char *const *options, int cpu)
{
	char *args[TRACED_OPTIONS + 4] = {(char *)icmpx, "trace", "--json"};
	int out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	for (int i = 0; i < TRACED_OPTIONS && options[i]; i++)
		args[i + 3] = (char *)options[i];
	if (out < 0 || dup2(out, STDOUT_FILENO) < 0)
		die("%s: %s", path, strerror(errno));
	cpu_pin(cpu);
	execv(icmpx, args);
	die("%s: %s", icmpx, strerror(errno));
}

/* Its first line is written when all is loaded. */
static void await_header(const struct traced *traced)
{
	struct stat file;

	for (int i = 0; i < READY_TRIES; i++) {
		usleep(READY_PAUSE);
		if (!stat(traced->path, &file) && file.st_size)
			return;
		if (waitpid(traced->pid, NULL, WNOHANG))
			die("icmpx trace has ended");
	}
	die("icmpx trace does not begin");
}

void traced_start(struct traced *traced, const char *icmpx, const char *const *options, int cpu)
{
	unlink(traced->path);
	traced->pid = fork();
	if (traced->pid < 0)
		die("fork: %s", strerror(errno));
	if (!traced->pid)
		run_icmpx(traced->path, icmpx, options, cpu);
	await_header(traced);
	usleep(READY_PAUSE); /* the next thing that it does is to begin */
}

double traced_cpu_ns(const struct traced *traced)
{
	struct timespec time;
	clockid_t clock;

	if (clock_getcpuclockid(traced->pid, &clock) || clock_gettime(clock, &time))
		die("icmpx trace has no clock");
	return time.tv_sec * 1e9 + time.tv_nsec;
}

static long number_of(struct json_object *object, const char *key)
{
	struct json_object *number;

	if (!json_object_object_get_ex(object, key, &number))
		die("icmpx trace: no %s at its end", key);
	return json_object_get_int64(number);
}

static void parse_end(const char *line, struct traced_end *end)
{
	struct json_object *root = json_tokener_parse(line), *ends;

	if (!root || !json_object_object_get_ex(root, "ends", &ends))
		die("icmpx trace does not end with its counts: %.100s", line);
	end->pings = number_of(root, "pings");
	end->lost = number_of(root, "lost");
	end->complete = number_of(ends, "complete");
	json_object_put(root);
}

static void read_end(const char *path, struct traced_end *end)
{
	_cleanup_(close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	char tail[TAIL + 1], *line;
	off_t size = lseek(fd, 0, SEEK_END);
	ssize_t got = pread(fd, tail, TAIL, size > TAIL ? size - TAIL : 0);

	if (got < 2 || tail[got - 1] != '\n')
		die("%s: no last line", path);
	tail[got - 1] = '\0';
	line = strrchr(tail, '\n');
	parse_end(line ? line + 1 : tail, end);
}

void traced_stop(const struct traced *traced, struct traced_end *end)
{
	int status;

	if (kill(traced->pid, SIGTERM) || waitpid(traced->pid, &status, 0) != traced->pid || status)
		die("icmpx trace did not end well");
	read_end(traced->path, end);
	unlink(traced->path);
}
